"""What the investigator and the prosecutor weigh of the defence of somebody who may have been made to offend."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wilberforce.base.sealed import SealedField
from wilberforce.concerns.models import YesNo
from wilberforce.custody.rules import defence

from .detention import Kept


class Weighing(Kept):
    """Written once and never changed: a correction is a new one that points back.

    ``taken_to``: the force of the custody suite, which sees that it was weighed and nothing of what was.
    ``charging``: what the prosecutor decided of the charge, which custody must know (PACE 1984 s.37B).
    """

    arrest_id = models.UUIDField(db_index=True)
    taken_to = models.UUIDField()
    whose = models.CharField(max_length=12, choices=defence.WHOSE)
    at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    decided_by = SealedField(max_text=200)
    may_be_victim = models.CharField(max_length=8, choices=YesNo)
    age = models.CharField(max_length=8, choices=defence.AGES)
    offences = ArrayField(models.CharField(max_length=30), default=list)
    scheduled = models.CharField(max_length=8, choices=defence.SCHEDULED)
    compelled = models.CharField(max_length=9, choices=defence.COMPELLED)
    linked = models.CharField(max_length=8, choices=YesNo)
    reasonable = models.CharField(max_length=8, choices=YesNo)
    considered = SealedField(max_text=4_000)
    conclusion = models.CharField(max_length=16, choices=defence.CONCLUSIONS)
    charging = models.CharField(max_length=10, choices=defence.CHARGING, blank=True)
    reason = SealedField(max_text=4_000)
    instead_of = models.UUIDField(null=True, blank=True, help_text="the weighing that it corrects")

    class Meta:
        constraints: ClassVar = (
            models.UniqueConstraint("instead_of", condition=~Q(instead_of=None), name="custody_weighing_once"),
            models.CheckConstraint(
                condition=Q(whose=defence.PROSECUTOR, charging__gt="") | Q(whose=defence.INVESTIGATOR, charging=""),
                name="custody_only_a_prosecutor_charges",
            ),
        )
