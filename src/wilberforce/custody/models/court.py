"""What happens with somebody after they were released or charged, as the case team writes it down."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wilberforce.base.sealed import SealedField
from wilberforce.custody.rules import court

from .kept import OfCase


class Proceeding(OfCase):
    """One step, written once and never changed: a correction is a new one that points back."""

    arrest_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20, choices=court.STEPS)
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True, help_text="the last day of an extended time limit")
    spent = models.PositiveSmallIntegerField(default=0, help_text="days already in custody that the limit counts")
    offences = ArrayField(models.CharField(max_length=30), default=list)
    text = SealedField(max_text=1_000)
    unweighed = SealedField(max_text=4_000, help_text="why a charge went on before the defence was weighed")
    by = models.UUIDField(help_text="membership")
    instead_of = models.UUIDField(null=True, blank=True, help_text="the step that it corrects")

    class Meta:
        constraints: ClassVar = (
            models.UniqueConstraint("instead_of", condition=~Q(instead_of=None), name="custody_step_corrected_once"),
            models.CheckConstraint(
                condition=~Q(kind=court.EXTENDED) | Q(until__isnull=False), name="custody_extended_until"
            ),
        )
