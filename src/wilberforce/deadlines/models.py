"""What is due: a subject's id, the code of its kind, when and for which role. Never what it is about."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id

from . import rules
from .lists import all_deadlines

OPEN = Q(met_at=None, cancelled_at=None)


class Deadline(models.Model):
    """Only dates are kept; lateness is computed from them. ``told_at``: the watcher has said that it is due.

    ``escalated_at``: it was late, and the watcher has said so to the next role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    rule = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    role = models.CharField(max_length=40)
    agency_id = models.UUIDField()
    filed_at = models.DateTimeField(default=clock.now)
    met_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = (
            models.UniqueConstraint("subject_id", "rule", "agency_id", condition=OPEN, name="deadline_open_once"),
        )
        indexes = (
            models.Index("due_at", condition=OPEN & Q(told_at=None), name="deadline_untold"),
            models.Index("agency_id", "role", "due_at", condition=OPEN, name="deadline_of_role"),
        )

    @property
    def kind(self) -> rules.DeadlineKind:
        return all_deadlines()[self.rule]

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.cancelled_at is None

    def state(self, now: datetime) -> rules.State:
        return rules.state(self.due_at, now, self.kind.soon, self.kind.due)

    @property
    def met_in_time(self) -> bool:
        return self.met_at is not None and self.met_at <= self.due_at
