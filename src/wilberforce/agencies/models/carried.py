"""A device that works without a network, and who sits at it: what is alike in a centre's tablet and a site's phone.

Ids, instants, hashes and halves of keys alone."""

from typing import Any

from django.db import models

from wilberforce.base import clock
from wilberforce.base.ids import random_id


class Carried(models.Model):
    """``token_hash`` is of the cookie that no script can read; ``public_key`` signs what the device sends.

    ``found_at``: it was lost and is here again. What was written on it before then waits for a person."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    controller_id = models.UUIDField()
    label = models.CharField(max_length=40)
    token_hash = models.BinaryField(unique=True)
    public_key = models.BinaryField(null=True)
    enrolled_by = models.UUIDField()
    enrolled_at = models.DateTimeField(default=clock.now)
    lost_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    unsent = models.PositiveIntegerField(default=0)
    offset_ms = models.BigIntegerField(default=0)
    seats: Any

    class Meta:
        abstract = True


class SeatAt(models.Model):
    """Somebody at one device, under a sitting of their own that no browser holds.

    ``share`` is the half of the key that never lies on the device; five wrong PINs destroy it."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    membership_id = models.UUIDField()
    session_hash = models.BinaryField()
    proof_hash = models.BinaryField()
    share = models.BinaryField(null=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def end(self) -> None:
        """The share goes for good; the sitting stays until its own end, so that what was written still comes in."""
        self.share, self.ended_at = None, clock.now()
        self.save(update_fields=["share", "ended_at"])
