"""What is kept of a centre: who is there and where, who works there, and what was given to whom.

A centre has a code name; its address belongs to the operation. What is said about a person beyond where they are is
class support. Moves, gifts and counts are only ever added.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id, spoken_code
from wilberforce.base.sealed import SealedField


class State(models.TextChoices):
    STANDBY = "standby", "On standby"
    OPEN = "open", "Open"
    CLOSING = "closing", "Closing"
    CLOSED = "closed", "Closed"


class Where(models.TextChoices):
    ROOM = "room", "Day room"
    HEALTH = "health", "Health room"
    INTERPRETER = "interpreter", "With an interpreter"
    REST = "rest", "Resting"
    OUT = "out", "Gone out"
    ABSENT = "absent", "Looked for and not found"


class Part(models.TextChoices):
    STAFF = "staff", "Staff"
    DRIVER = "driver", "Driver"
    INTERPRETER = "interpreter", "Interpreter"


class Kept(models.Model):
    """``controller_id`` is the agency that runs the centre."""

    data_class: ClassVar[str] = "centre"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class OfCentre(Kept):
    centre_id = models.UUIDField(db_index=True)

    class Meta:
        abstract = True


class Centre(Kept):
    name = models.CharField(max_length=40)
    code = models.CharField(max_length=6, default=spoken_code, editable=False, help_text="said on the radio")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    capacity = models.PositiveSmallIntegerField()
    premises_id = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="centre_ends"),
        )


class Room(OfCentre):
    kind = models.CharField(max_length=20)
    beds = models.PositiveSmallIntegerField(default=0)
    blocked = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


class CentreRoster(OfCentre):
    """Who works at this centre; their hours are ``agencies.Shift``, whose place is the centre."""

    membership_id = models.UUIDField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("centre_id", "membership_id", condition=Q(until=None), name="on_a_roster_once"),
        )
        indexes = (models.Index("membership_id", condition=Q(until=None), name="reception_roster_live"),)


class Presence(OfCentre):
    """One stay of one person. It is written before the person's record, which it lets its writer begin."""

    person_id = models.UUIDField(db_index=True)
    found_id = models.UUIDField(null=True, blank=True, db_index=True)
    reference = models.CharField(max_length=20, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    where = models.CharField(max_length=12, choices=Where, default=Where.ROOM)
    moved_at = models.DateTimeField()
    room_id = models.UUIDField(null=True, blank=True)
    recorded_by = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("person_id", condition=Q(until=None), name="present_once"),
            models.UniqueConstraint(
                "controller_id", "reference", condition=Q(until=None), name="present_reference_once_in_an_agency"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="leaves_after_arriving"),
        )
        indexes = (
            models.Index(fields=["centre_id"], condition=Q(until=None), name="reception_here_now"),
            models.Index("centre_id", "recorded_at", name="reception_came_lately"),
        )


class Movement(OfCentre):
    """Temporary exits and rooms, each with its time and who saw it."""

    person_id = models.UUIDField(db_index=True)
    presence_id = models.UUIDField(db_index=True)
    move = models.CharField(max_length=12)
    to = models.CharField(max_length=12, choices=Where, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()


RAN_OUT = Q(remaining__lte=0, change__lt=0, remaining__gt=F("change"))
"""This change took the last. What nobody had counted in can't be said to have run out."""


class StockChange(OfCentre):
    """What came in or went out, never who it was for. The database itself keeps what remains, and which is latest."""

    thing = models.CharField(max_length=20)
    change = models.IntegerField()
    remaining = models.IntegerField(default=0, editable=False)
    latest = models.BooleanField(default=False, editable=False)
    at = models.DateTimeField(default=clock.now)
    by = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint("centre_id", "thing", condition=Q(latest=True), name="stock_has_one_latest"),
        )
        indexes = (models.Index("centre_id", "at", "id", condition=RAN_OUT, name="reception_ran_out"),)


class OfPerson(OfCentre):
    data_class: ClassVar[str] = "support"

    person_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        abstract = True


class Given(OfPerson):
    """Only ever added to. ``corrects``: what was written down by mistake; the database itself keeps that it no longer
    ``stands``."""

    kind = models.CharField(max_length=20)
    thing = models.CharField(max_length=20)
    detail = SealedField(max_text=200)
    quantity = models.PositiveSmallIntegerField(default=1)
    corrects = models.UUIDField(null=True, blank=True)
    stands = models.BooleanField(default=True, db_default=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint("corrects", condition=Q(corrects__isnull=False), name="given_taken_back_once"),
        )


class Leaving(OfPerson):
    """The kind of place only; the place itself is class location."""

    destination = models.CharField(max_length=20)
    transport = models.CharField(max_length=20)
    choice = SealedField(max_text=2_000)
    card = models.CharField(max_length=12, default="not asked")
    version = models.PositiveIntegerField(default=0, help_text="from 0: choices were sealed before it was kept")

    class Meta:
        indexes = (models.Index(fields=["centre_id", "-at", "-id"], name="reception_left_lately"),)


from . import care, house, interpreting, needs, premises  # noqa: E402, F401 - more of this app's tables
from .desk.models import (  # noqa: E402 - part of this app's tables, in a folder of their own
    CareEvent,
    CentreEvent,
    Envelope,
    Epoch,
    PersonEvent,
    PictureChunk,
    PictureEvent,
    Seat,
    Settled,
    Standing,
    Tablet,
)

__all__ = [
    "CareEvent",
    "CentreEvent",
    "Envelope",
    "Epoch",
    "PersonEvent",
    "PictureChunk",
    "PictureEvent",
    "Seat",
    "Settled",
    "Standing",
    "Tablet",
]
