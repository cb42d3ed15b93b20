"""The directory of places that can become a centre, kept by the council of the place long before anybody needs one."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base import clock
from wilberforce.base.history import Former
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField


class Premises(models.Model):
    """Where it is belongs to the class operation, like the address of a centre; the centre keeps its number alone."""

    data_class: ClassVar[str] = "operation"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)
    name = SealedField(max_text=60)
    district = SealedField(max_text=60)
    address = SealedField(max_text=500)
    contact = SealedField(max_text=300)
    note = SealedField(max_text=500)
    capacity = models.PositiveSmallIntegerField()
    beds_women = models.PositiveSmallIntegerField(default=0)
    beds_men = models.PositiveSmallIntegerField(default=0)
    toilets = models.PositiveSmallIntegerField(default=0)
    showers = models.PositiveSmallIntegerField(default=0)
    rooms = ArrayField(models.CharField(max_length=20), default=list)
    features = ArrayField(models.CharField(max_length=20), default=list)
    looked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


class FormerPremises(Former):
    data_class: ClassVar[str] = "operation"
