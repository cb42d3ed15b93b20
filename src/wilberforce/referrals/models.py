"""What is kept of a referral: which duty is due, the form while its decisions are open, and the notification of a no.

The three are three classes: a duty is about a reference, the form may hold somebody's status, a notification
is an account that points to nobody.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.history import Former
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField

from .rules import Duty

DUTIES = [(duty.value, duty.value) for duty in Duty]


class Decision(models.TextChoices):
    POSITIVE = "positive", "Positive"
    NEGATIVE = "negative", "Negative"


class Kept(models.Model):
    """``controller_id``: the first responder's agency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    person_id = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class DutyDecided(Kept):
    """Each decision stays; the latest counts. ``agency_id`` is the one that has the duty, where there is one."""

    data_class = "person_ref"

    area_id = models.UUIDField()
    duty = models.CharField(max_length=30, choices=DUTIES)
    agency_id = models.UUIDField(null=True)
    why = models.CharField(max_length=300)
    decided_at = models.DateTimeField(default=clock.now)
    decided_by = models.UUIDField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index("person_id", "decided_at", name="duty_latest"),)


class NrmForm(Kept):
    """One open form of an agency for a person. Nothing in it is asked before the person has answered."""

    data_class = "immigration"

    begun_by = models.UUIDField()
    begun_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    home_office_ref = SealedField(max_text=40)
    grounds = models.CharField(max_length=10, choices=Decision, blank=True)
    grounds_at = models.DateTimeField(null=True, blank=True)
    conclusive = models.CharField(max_length=10, choices=Decision, blank=True)
    conclusive_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "controller_id", "person_id", condition=Q(closed_at=None), name="one_open_form_of_a_person_in_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(grounds_at=None) | Q(grounds_at__gte=F("submitted_at")),
                name="form_decided_after_submission",
            ),
            models.CheckConstraint(
                condition=Q(conclusive_at=None) | Q(conclusive_at__gte=F("grounds_at"), grounds=Decision.POSITIVE),
                name="form_concluded_after_positive_grounds",
            ),
        )


class FormerForm(Former):
    data_class = "immigration"
    person_id = models.UUIDField()


class Supplement(Kept):
    """What the person puts right or adds once the form has gone. What was sent is never written over."""

    data_class = "immigration"

    form_id = models.UUIDField(db_index=True)
    text = SealedField(max_text=4_000)
    written_by = models.UUIDField()
    written_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "form_id", condition=Q(sent_at=None, given_up_at=None), name="one_supplement_of_a_form_waits"
            ),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="supplement_sent_or_given_up"),
        )


def state_of(form: Mapping[str, Any]) -> str:
    """In a word; a form stands where its dates put it."""
    if form["closed_at"]:
        return "closed"
    if form["conclusive_at"]:
        return f"{form['conclusive']} conclusive decision"
    if form["grounds_at"]:
        return f"{form['grounds']} reasonable grounds"
    return "sent, no decision yet" if form["submitted_at"] else "draft"


class Notification(Kept):
    """An adult said no: what happened, in words that point to nobody. Whoever checks did not write it."""

    data_class = "account"

    text = SealedField(max_text=4_000)
    written_by = models.UUIDField()
    written_at = models.DateTimeField(default=clock.now)
    checked_by = models.UUIDField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    home_office_ref = SealedField(max_text=40)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("written_by")), name="notification_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(checked_by__isnull=False), name="notification_sent_after_a_check"
            ),
        )


class FormerNotification(Former):
    data_class = "account"
    person_id = models.UUIDField()
