"""The phones of bronzes: who sits at each, and every sealed row as it arrived. Ids, instants and ciphertext alone."""

from django.db import models
from django.db.models import Q

from wilberforce.agencies.models import Carried, SeatAt
from wilberforce.base import clock
from wilberforce.base.ids import random_id


class Phone(Carried):
    """For one site."""

    operation_id = models.UUIDField(db_index=True)
    site_id = models.UUIDField()


class PhoneSeat(SeatAt):
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, related_name="seats")


class PhoneRow(models.Model):
    """One row of a phone's outbox. ``reason``: why it waits for somebody; ``settled_*``: what somebody decided."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(db_index=True)
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, related_name="rows", db_index=False)
    dseq = models.PositiveIntegerField()
    prev = models.BinaryField()
    digest = models.BinaryField()
    kid = models.CharField(max_length=8)
    box = models.BinaryField()
    sig = models.BinaryField()
    received_at = models.DateTimeField(default=clock.now)
    offset_ms = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=12, blank=True)
    why = models.CharField(max_length=200, blank=True)
    taken_in = models.BooleanField(default=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("phone", "digest", name="operations_row_arrives_once"),)
        indexes = (
            models.Index("phone", "dseq", name="operations_row_of_phone"),
            models.Index("phone", condition=Q(taken_in=False, settled_at=None), name="operations_row_waits"),
        )


class Life(models.Model):
    """Which life of the database this is: one put back from a backup begins another."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    since = models.DateTimeField(default=clock.now)
