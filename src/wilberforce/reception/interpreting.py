"""An interpreter for somebody: needed, booked, here, at work, gone. Minutes follow from the times."""

from typing import Any

from django.db import models
from django.db.models import Q

from wilberforce.base.sealed import SealedField

from .models import OfPerson


class By(models.TextChoices):
    PHONE = "phone", "By telephone"
    VIDEO = "video", "By video"
    HERE = "here", "Here in the room"


class Is(models.TextChoices):
    WOMAN = "woman", "A woman"
    MAN = "man", "A man"
    NOT_SURE = "not sure", "Not sure"


class Stopped(models.TextChoices):
    NO = "", "It ended by itself"
    DISTRESS = "distress", "The person was distressed by the interpreter"
    OTHER = "other", "For another reason"


class CalledOff(models.TextChoices):
    NO = "", "It was not called off"
    NOT_NEEDED = "not needed", "Nobody needs it any more"
    DID_NOT_COME = "did not come", "The interpreter did not come, or called off"
    MISTAKE = "mistake", "It was written down by mistake"


class Interpreting(OfPerson):
    """``at`` is when it was needed. It never begins without a worker in the room."""

    language = models.CharField(max_length=12)
    way = models.CharField(max_length=6, choices=By)
    gender = models.CharField(max_length=8, choices=Is, default=Is.NOT_SURE)
    who = SealedField(max_text=100)
    booked_for = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    with_id = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=8, choices=Stopped, default=Stopped.NO, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    called_off = models.CharField(max_length=12, choices=CalledOff, default=CalledOff.NO, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(began_at=None) | Q(with_id__isnull=False), name="interpreter_never_alone"
            ),
            models.CheckConstraint(condition=Q(called_off_at=None) | Q(began_at=None), name="called_off_never_began"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")), name="interpreted_before_it_ended"
            ),
            models.UniqueConstraint(
                "with_id", condition=Q(began_at__isnull=False, ended_at=None), name="with_one_interpreter_at_a_time"
            ),
        )


def minutes(row: dict[str, Any]) -> int:
    return round((row["ended_at"] - row["began_at"]).total_seconds() / 60) if row["ended_at"] else 0
