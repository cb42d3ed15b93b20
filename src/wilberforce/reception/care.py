"""What is kept of somebody's care beyond what they were given: their belongings, and who asks after them later."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wilberforce.base.history import Former
from wilberforce.base.sealed import SealedField

from .models import OfPerson


class Way(models.TextChoices):
    """How they may be reached. The number or address itself is class identity and is not kept here."""

    CALL = "call", "We call them"
    MESSAGE = "message", "We send a message"
    THEY_CALL = "they call", "They call us"
    VISIT = "visit", "Somebody visits"
    NONE = "none", "They do not want to be asked after"
    NOT_SURE = "not sure", "Not sure yet"


class Outcome(models.TextChoices):
    REACHED = "reached", "Reached: they are well"
    NEEDS_HELP = "needs help", "Reached: they need something"
    NOT_REACHED = "not reached", "Not reached"
    NOT_SAFE = "not safe", "It was not safe to try"
    ENDED = "ended", "They asked us to stop"


class Belonging(OfPerson):
    """One bag, with a receipt for it. Nobody's papers or telephone are kept from them."""

    bag = models.CharField(max_length=20)
    receipt = models.CharField(max_length=20)
    what = SealedField(max_text=500)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("centre_id", "bag", condition=Q(returned_at=None), name="bag_number_in_use_once"),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(returned_by__isnull=False), name="somebody_gave_it_back"
            ),
        )


class FollowUp(OfPerson):
    """Who asks after them, how and when. ``at`` is when it was agreed."""

    due_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way)
    contact = SealedField(max_text=200)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(done_at=None) | ~Q(outcome=""), name="followed_up_with_an_outcome"),
        )


class Apart(OfPerson):
    """Two people who are not given beds in one room. It says nothing of why."""

    other_id = models.UUIDField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(person_id=models.F("other_id")), name="apart_from_another"),)


class Ending(models.TextChoices):
    DONE = "done", "Done"
    NOT_NEEDED = "not needed", "No longer needed"
    MISTAKE = "mistake", "Entered by mistake"
    CHANGED = "changed", "Another time was set"


class Timed(OfPerson):
    """Something that has its time. ``at`` is when it was set, ``done_at`` when it ended, however it ended."""

    data_class = "health"

    kind = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    detail = SealedField(max_text=500)
    done_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ending, blank=True, default="")
    why = SealedField(max_text=200, null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Reminder(Timed):
    """For everybody on the shift: what is to be done, never the diagnosis. ``answer``: the question whose answer set
    it, so that a correction of the answer finds it."""

    answer = models.CharField(max_length=20, blank=True, default="")


class ClinicalClock(Timed):
    """For the clinician alone, who sets its time."""


class FormerOfPerson(Former):
    data_class: ClassVar[str] = "support"

    centre_id = models.UUIDField()
    person_id = models.UUIDField(db_index=True)

    class Meta:
        abstract = True


class FormerCare(FormerOfPerson):
    """``record_id``: a bag, how somebody left, or an interpreter."""


class FormerFollowUp(FormerOfPerson):
    """Apart, for whoever goes on asking after the centre has closed."""
