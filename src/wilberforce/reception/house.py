"""What is kept of the house itself: what was checked before it opened and before it was handed back."""

from django.db import models

from wilberforce.base import clock
from wilberforce.base.history import Former
from wilberforce.base.ids import random_reference
from wilberforce.base.sealed import SealedField

from .models import OfCentre


class Done(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No, not yet"
    NOT_NEEDED = "not needed", "Not needed here"


class Check(OfCentre):
    """Every answer stays; the latest for an item counts. Nothing about a person is written here."""

    list = models.CharField(max_length=12)
    item = models.CharField(max_length=30)
    answer = models.CharField(max_length=12, choices=Done)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.UUIDField()


class Recording(OfCentre):
    """A sentence of the welcome, spoken. The latest for a sentence and a language is played."""

    sentence = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    sound = models.BinaryField()
    at = models.DateTimeField(default=clock.now)
    by = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=["language", "sentence", "-id"], name="reception_latest_spoken"),)


class HandedBy(models.TextChoices):
    SYSTEM = "system", "In this system: it is theirs already"
    SEALED = "sealed", "On paper, in a sealed envelope"
    DRIVE = "drive", "On an encrypted drive"


def receipt() -> str:
    return random_reference("H")


class HandedOver(OfCentre):
    """Records of one class went to the agency that controls them, and somebody there took them."""

    about_class = models.CharField(max_length=20)
    recipient_id = models.UUIDField()
    records = models.PositiveIntegerField()
    way = models.CharField(max_length=8, choices=HandedBy)
    taken_by = SealedField(max_text=100)
    receipt = models.CharField(max_length=12, default=receipt)
    at = models.DateTimeField(default=clock.now)
    by = models.UUIDField()


class FormerHouse(Former):
    """``record_id``: a room, or the centre itself."""

    data_class = "centre"

    centre_id = models.UUIDField(db_index=True)
