"""Somebody handed over from the custody of one force to that of another."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wilberforce.base.sealed import SealedField
from wilberforce.custody.rules.transfer import TERMS_SAID

from .detention import OfDetention


class Transfer(OfDetention):
    """On the way until the other force books them in, or this one again. Both forces see it.

    ``carried``: what of the custody record goes with them, so that their clocks go on.
    """

    to_force = models.UUIDField()
    terms = models.CharField(max_length=16, choices=[(str(code), said) for code, said in TERMS_SAID.items()])
    left_at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    relevant_at = models.DateTimeField()
    first_authorised_at = models.DateTimeField(null=True, blank=True)
    carried = SealedField(max_text=100_000)
    received_at = models.DateTimeField(null=True, blank=True)
    received_force = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = (
            models.UniqueConstraint("detention_id", name="custody_handed_over_once"),
            models.UniqueConstraint("arrest_id", condition=Q(received_at=None), name="custody_on_one_way"),
        )
