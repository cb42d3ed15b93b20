"""Which agencies answer for a place, and what two of them agree about it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from wilberforce.base import clock
from wilberforce.base.ids import new_id

from .people import Agency, Membership


class AreaQuery(models.QuerySet["Area"]):
    def live(self) -> "AreaQuery":
        return self.filter(ended_at=None).order_by("place")


class Area(models.Model):
    """Duty follows place: which force polices it, and which council is the upper tier or unitary there.

    A correction ends the row and begins another, so that a decision of last year still says what was true then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.CharField(max_length=120)
    police = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    begins_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AreaQuery.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("place"), condition=Q(ended_at=None), name="area_place_unique"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begins_at")), name="area_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return self.place


class AreaAsked(models.Model):
    """What a guardian asks about an area, and a guardian of the other agency that it names answers.

    ``area``: what is corrected or ended; none where the area is new.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="asked")
    ends = models.BooleanField(default=False)
    place = models.CharField(max_length=120)
    police = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    yes = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")), name="area_answered_by_another"
            ),
            models.UniqueConstraint("area", condition=Q(answered_at=None), name="area_asked_about_once"),
        )

    @property
    def said(self) -> str:
        verb = "End" if self.ends else "Correct" if self.area_id else "Make"
        return f"{verb} the area {self.place}"
