"""What is kept of the desk: tablets, who sits at them, every sealed envelope, and what was in it by class.

The tables of tablets, seats, envelopes and standings hold ids, instants and ciphertext alone. What an event says goes
to the event table of its own class, which is only ever added to.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wilberforce.agencies.models import Carried, SeatAt
from wilberforce.base import clock
from wilberforce.base.ids import new_id, random_id
from wilberforce.base.sealed import SealedField


class Tablet(Carried):
    centre_id = models.UUIDField(db_index=True)
    app_version = models.CharField(max_length=20, blank=True)


class Seat(SeatAt):
    """For one shift. ``card`` is another half of the key, for a printed shift card."""

    tablet = models.ForeignKey(Tablet, on_delete=models.PROTECT, related_name="seats")
    card = models.BinaryField(null=True)
    printed_at = models.DateTimeField(null=True, blank=True)

    def end(self) -> None:
        self.card = None
        self.save(update_fields=["card"])
        super().end()


class Envelope(models.Model):
    """One row of one tablet's outbox as it arrived, in the order of arrival at the centre."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", "Taken in"
        PARKED = "parked", "Waits for somebody"

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(db_index=True)
    tablet = models.ForeignKey(Tablet, on_delete=models.PROTECT, null=True, related_name="envelopes", db_index=False)
    centre_id = models.UUIDField()
    dseq = models.PositiveIntegerField()
    prev = models.BinaryField()
    digest = models.BinaryField()
    kid = models.CharField(max_length=8)
    box = models.BinaryField()
    sig = models.BinaryField()
    received_at = models.DateTimeField(default=clock.now)
    offset_ms = models.BigIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status)
    reason = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("tablet", "digest", name="envelope_arrives_once"),)
        indexes = (
            models.Index("tablet", "dseq", name="envelope_of_tablet"),
            models.Index("centre_id", condition=Q(status="parked"), name="envelope_parked"),
        )


class Settled(models.Model):
    """What a person decided about a parked envelope: taken in, or set aside and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    envelope = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="settled")
    taken_in = models.BooleanField()
    why = models.CharField(max_length=200, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField(default=clock.now)


class Standing(models.Model):
    """Which events speak for one field of one person now; more than one that differ are a clash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    centre_id = models.UUIDField()
    person_id = models.UUIDField()
    field = models.CharField(max_length=40)
    events = ArrayField(models.UUIDField())
    clash = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint("person_id", "field", name="standing_once"),)
        indexes = (models.Index("centre_id", condition=Q(clash=True), name="standing_clash"),)


class Epoch(models.Model):
    """Which life of the database this is: a restored backup begins another."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    since = models.DateTimeField(default=clock.now)


class Told(models.Model):
    """An opened event. ``at`` is corrected by the tablet's clock, ``claimed_at`` is what the tablet said.

    ``says`` holds codes such as ``age=child``; ``base`` the events that its author had before them.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    controller_id = models.UUIDField()
    centre_id = models.UUIDField(db_index=True)
    person_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12)
    says = ArrayField(models.CharField(max_length=400), default=list)
    base = ArrayField(models.UUIDField(), default=list)
    at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    hlc = models.CharField(max_length=60)
    tablet_id = models.UUIDField(null=True)
    by = models.UUIDField()
    taken_in_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class PersonEvent(Told):
    data_class: ClassVar[str] = "person_ref"
    entity = models.UUIDField(null=True, db_index=True)
    """The id that the tablet gave; two tablets that met one card gave two."""
    reference = models.CharField(max_length=20, blank=True)


class CentreEvent(Told):
    data_class: ClassVar[str] = "centre"


class PictureEvent(Told):
    """``key`` opens the pieces that lie in PictureChunk under the event's id."""

    data_class: ClassVar[str] = "support"
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField()
    pieces = models.PositiveSmallIntegerField()
    key = SealedField(max_text=64)


class PictureChunk(models.Model):
    """A sealed piece of a picture as a tablet sent it."""

    id = models.BigAutoField(primary_key=True)
    tablet = models.ForeignKey(Tablet, on_delete=models.PROTECT, related_name="chunks")
    event_id = models.UUIDField()
    n = models.PositiveSmallIntegerField()
    box = models.BinaryField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint("event_id", "n", name="picture_chunk_once"),)


class CareEvent(Told):
    data_class: ClassVar[str] = "support"
    quantity = models.PositiveSmallIntegerField(default=1)
    detail = SealedField(max_text=200)

    class Meta:
        indexes = (models.Index("centre_id", condition=Q(kind="took-back"), name="care_taken_back"),)
