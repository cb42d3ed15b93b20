"""What is kept of the day: who does what, and with which vehicles."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

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
    DONE = "done", "Finished"


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
