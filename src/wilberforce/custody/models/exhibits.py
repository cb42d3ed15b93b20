"""What was seized, and through whose hands it went."""

from typing import ClassVar

from django.db import models

from wilberforce.base.history import Former
from wilberforce.base.sealed import SealedField

from .kept import OfCase


class ExhibitKind(models.TextChoices):
    PASSPORT = "passport", "Passport or identity document"
    PHONE = "phone", "Telephone or computer"
    PAPERS = "papers", "Papers, tenancy or wage records"
    MONEY = "money", "Money or a bank card"
    KEYS = "keys", "Keys or locks"
    CLOTHING = "clothing", "Clothing or bedding"
    WEAPON = "weapon", "Weapon"
    DRUGS = "drugs", "Drugs"
    OTHER = "other", "Something else"


class MoveKind(models.TextChoices):
    HANDED_OVER = "handed-over", "Handed over"
    RETURNED = "returned", "Returned"
    DISPOSED = "disposed", "Disposed of"


class Exhibit(OfCase):
    """Whose it is and in whose control it was found: somebody found or arrested, by id and reference, never by name.

    ``mark_digest`` is keyed, so that no mark is given twice and none is kept in the clear."""

    reference = models.CharField(max_length=12)
    site_id = models.UUIDField(null=True, blank=True)
    mark = SealedField(max_text=40)
    mark_digest = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=10, choices=ExhibitKind)
    description = SealedField(max_text=1_000)
    place = SealedField(max_text=300)
    bag = SealedField(max_text=40)
    power = models.CharField(max_length=16)
    seized_at = models.DateTimeField()
    seized_by = SealedField(max_text=120)
    written_by = models.UUIDField(help_text="membership")
    owner_id = models.UUIDField(null=True, blank=True)
    owner = models.CharField(max_length=12, blank=True)
    control_id = models.UUIDField(null=True, blank=True)
    control = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("operation_id", "controller_id", "mark_digest", name="custody_exhibit_mark_once"),
        )


class ExhibitMove(OfCase):
    """One link of the chain, never changed. Whoever gives is whoever held it last, so that the chain has no gap."""

    exhibit_id = models.UUIDField(db_index=True)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=MoveKind)
    at = models.DateTimeField()
    given_by = SealedField(max_text=120)
    received_by = SealedField(max_text=120)
    place = SealedField(max_text=200)
    bag = SealedField(max_text=40)
    why = SealedField(max_text=1_000)
    by = models.UUIDField(help_text="membership")

    class Meta:
        constraints = (models.UniqueConstraint("exhibit_id", "number", name="custody_exhibit_one_chain"),)


class FormerExhibit(Former):
    data_class: ClassVar[str] = "suspect"

    operation_id = models.UUIDField()
