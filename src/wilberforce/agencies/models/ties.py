"""Who may not see whom, and what a guardian is shown of those who saw much or what nobody should."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id

from .people import Agency, Membership


class Link(models.TextChoices):
    FAMILY = "family", "family or household"
    FRIEND = "friend", "friend or neighbour"
    WORK = "work", "worked for or with them"
    PREMISES = "premises", "knows the premises"
    OTHER = "other", "another link"


class ConflictDeclared(models.Model):
    """Somebody said that they are linked to this subject; from then on they see nothing of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="conflicts")
    subject_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    why = models.CharField(max_length=12, choices=Link)
    declared_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint("membership", "subject_id", name="conflict_declared_once"),)


class SubjectBlock(models.Model):
    """The person asked that this agency, or this worker, never sees their file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(agency=None, membership__isnull=False) | Q(agency__isnull=False, membership=None),
                name="subject_block_names_one",
            ),
        )
        indexes = (models.Index("agency", "membership", name="subject_block_whom"),)


class Why(models.TextChoices):
    ARRIVALS = "arrivals", "Many people arrived at once"
    COVER = "cover", "They cover for somebody else"
    AUDIT = "audit", "They check records for a reason that I know"
    OTHER = "other", "Another reason, which I have written down elsewhere"


class Unlocked(models.Model):
    """A guardian knows why somebody opened so many people today: from now their count begins again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(by=F("membership")), name="unlocked_by_another"),)
        indexes = (models.Index(fields=["membership", "-at"], name="unlocked_latest"),)


class Canary(models.Model):
    """A record of somebody who does not exist. Two guardians plant it; which record it is, no page says."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    second = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    live_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "canaries"
        constraints = (
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("by")), name="canary_of_two_guardians"),
            models.CheckConstraint(condition=Q(live_at=None) | Q(second__isnull=False), name="canary_lives_after_both"),
        )
