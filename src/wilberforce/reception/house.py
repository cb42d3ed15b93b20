"""What is kept of the house itself: what was checked before it opened and before it was handed back."""

from django.db import models

from wilberforce.base import clock

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
