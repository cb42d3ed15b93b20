"""The schedule of unused material."""

from django.db import models
from django.db.models import Q

from wilberforce.base.sealed import SealedField
from wilberforce.custody.rules import schedule

from .kept import OfCase


class Unused(OfCase):
    """One line of the schedule of unused material, as it was written. A correction is a new line in its place."""

    number = models.PositiveSmallIntegerField()
    description = SealedField(max_text=1_000)
    held_at = SealedField(max_text=300)
    exhibit_id = models.UUIDField(null=True, blank=True)
    exhibit = models.CharField(max_length=12, blank=True, default="", db_default="", help_text="its reference")
    inspected = models.CharField(max_length=10, choices=schedule.INSPECTED)
    sensitive = models.CharField(max_length=10, choices=schedule.SENSITIVE)
    decision = models.CharField(max_length=20, choices=schedule.DECISIONS)
    decided_by = models.CharField(max_length=20, blank=True, choices=schedule.DECIDED_BY)
    written_by = models.UUIDField(help_text="membership")
    instead_of = models.UUIDField(null=True, blank=True, help_text="the line that it corrects")
    why = SealedField(max_text=500)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "operation_id", "number", condition=Q(replaced_at=None), name="custody_unused_once"
            ),
        )
