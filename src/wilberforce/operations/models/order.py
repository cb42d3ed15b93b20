"""The operation order: one text in parts, of which each agency gets its own; and who has read their copy."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField

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
