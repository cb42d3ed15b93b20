"""What is kept of the day: who does what, whose hands each person is in, and what the desk was asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.sealed import SealedField

from .plan import OfOperation


class UnitKind(models.TextChoices):
    AGENCY = "agency", "An agency's people"
    TEAM = "team", "A team"
    VEHICLE = "vehicle", "A vehicle"
    INTERPRETER = "interpreter", "An interpreter"


class Doing(models.TextChoices):
    STANDING_BY = "standing-by", "Standing by"
    TRAVELLING = "travelling", "On the way to a site"
    OUTSIDE = "outside", "Waiting outside"
    WORKING = "working", "At work"
    WITH_PEOPLE = "with-people", "With the people found"
    BRINGING = "bringing", "Bringing people away"
    HELD_UP = "held-up", "Held up"
    NOT_COMING = "not-coming", "Not coming"
    DONE = "done", "Finished"


GONE = (Doing.DONE, Doing.NOT_COMING)
"""It has no task any more."""


class Unit(OfOperation):
    """Somebody or something that has a task on the day: an agency, a team, a vehicle, an interpreter."""

    kind = models.CharField(max_length=12, choices=UnitKind)
    agency_id = models.UUIDField()
    label = SealedField(max_text=60)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    site_id = models.UUIDField(null=True, blank=True)
    doing = models.CharField(max_length=12, choices=Doing, default=Doing.STANDING_BY)
    note = SealedField(max_text=200)
    since = models.DateTimeField(default=clock.now)
    next_word_at = models.DateTimeField(null=True, blank=True, help_text="when the unit speaks again")
    version = models.PositiveIntegerField(default=1)


class Place(models.TextChoices):
    SITE = "site", "At the site"
    VEHICLE = "vehicle", "In a vehicle"
    CENTRE = "centre", "At the reception centre"
    HOSPITAL = "hospital", "In hospital"
    CUSTODY = "custody", "In custody"
    LEFT = "left", "Left by their own choice"


class Handover(OfOperation):
    """One step of somebody's way. Until it is received or undone they are where they were, so never in two places.

    ``to_id``: the vehicle or the centre. Somebody who is in no handover yet is at the site where they were found."""

    found_id = models.UUIDField(db_index=True)
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=12)
    from_place = models.CharField(max_length=8, choices=Place)
    to_place = models.CharField(max_length=8, choices=Place)
    to_id = models.UUIDField(null=True, blank=True, db_index=True)
    given_by = models.UUIDField(help_text="membership")
    given_at = models.DateTimeField()
    received_by = models.UUIDField(null=True, blank=True, help_text="membership")
    received_words = SealedField(max_text=200)
    received_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = SealedField(max_text=1_000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("found_id", "number", name="operations_handover_number"),
            models.UniqueConstraint(
                "found_id", condition=Q(received_at=None, undone_at=None), name="operations_handover_open_once"
            ),
        )


class Standing(models.TextChoices):
    VICTIM = "victim", "Possible victim"
    SUSPECT = "suspect", "Suspect"
    BOTH = "both", "Suspect and possible victim"
    WITNESS = "witness", "Witness"
    NOT_SURE = "not sure", "Not sure"


class Classified(OfOperation):
    """How somebody is looked upon from now on, and why. Only ever added, so that the history stays."""

    found_id = models.UUIDField(db_index=True)
    standing = models.CharField(max_length=8, choices=Standing)
    why = SealedField(max_text=2_000)
    by = models.UUIDField(help_text="membership")
    at = models.DateTimeField(default=clock.now)


class FastCheck(OfOperation):
    """A question to the intelligence desk and its answer. Whoever asks sees the answer and never the file."""

    number = models.PositiveIntegerField()
    site_id = models.UUIDField(null=True, blank=True)
    question = SealedField(max_text=1_000)
    asked_by = models.UUIDField(help_text="membership")
    asked_at = models.DateTimeField(default=clock.now)
    answer = SealedField(max_text=2_000)
    answered_by = models.UUIDField(null=True, blank=True, help_text="membership")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint("operation_id", "number", name="operations_check_number"),)
