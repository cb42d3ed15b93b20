"""The operation order: one text in parts, what may go wrong, and who has read their agency's copy."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField

from .command import Level
from .plan import OfOperation


class Iimarch(models.TextChoices):
    """IIMARCH (JESIP joint doctrine): its seven headings, in their order."""

    INFORMATION = "information", "Information"
    INTENT = "intent", "Intent"
    METHOD = "method", "Method"
    ADMINISTRATION = "administration", "Administration"
    RISK = "risk", "Risk assessment"
    COMMUNICATIONS = "communications", "Communications"
    HUMANITARIAN = "humanitarian", "Humanitarian issues"


class OrderPart(OfOperation):
    """Some words under one heading. ``agencies``: who gets them; empty for everybody."""

    heading = models.CharField(max_length=16, choices=Iimarch)
    text = SealedField()
    agencies = ArrayField(models.UUIDField(), default=list)
    names_site = models.BooleanField(default=False, help_text="opens with the sites, in the last hours")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


class Chance(models.TextChoices):
    """What may go wrong."""

    MORE_FOUND = "more-found", "More people are found than planned"
    CHILDREN = "children", "Children are found, or people who may be"
    HURT = "hurt", "Somebody is badly hurt or ill"
    VIOLENCE = "violence", "Violence or weapons"
    NOBODY = "nobody", "Nobody is there"
    ELSEWHERE = "elsewhere", "People were moved, or another address comes up"
    UNSAFE = "unsafe", "The building is not safe"
    WORDS = "words", "No interpreter for a language that is spoken"
    CENTRE = "centre", "The reception centre is full or can't be used"
    CUSTODY = "custody", "Custody is full"
    VEHICLES = "vehicles", "A vehicle fails or is late"
    KNOWN = "known", "Somebody was warned, or the press knows"
    NETWORK = "network", "No network or no power"
    OTHER = "other", "Something else"


class Contingency(OfOperation):
    """What may go wrong, how it is noticed, what is done, who decides and with what. It stands in the order."""

    chance = models.CharField(max_length=12, choices=Chance)
    sign = SealedField(max_text=1_000)
    answer = SealedField(max_text=2_000)
    decides = models.CharField(max_length=8, choices=Level)
    resource = SealedField(max_text=1_000)
    agencies = ArrayField(models.UUIDField(), default=list)
    ended_at = models.DateTimeField(null=True, blank=True)
    used = models.BooleanField(default=False, help_text="it happened, and this was done")
    version = models.PositiveIntegerField(default=1)


class OrderReading(models.Model):
    """Somebody says that they have read their agency's copy. Ids only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation_id = models.UUIDField(db_index=True)
    order = models.PositiveSmallIntegerField()
    copy = models.PositiveSmallIntegerField()
    agency_id = models.UUIDField()
    membership_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint("operation_id", "copy", "membership_id", name="operations_read_once"),)
