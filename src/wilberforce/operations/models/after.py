"""What is kept afterwards: that people sat together, and what they would keep or change."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base import clock
from wilberforce.base.sealed import SealedField

from .plan import OfOperation


class DebriefKind(models.TextChoices):
    HOT = "hot", "Hot debrief, the same day"
    STRUCTURED = "structured", "Structured debrief"


class Topic(models.TextChoices):
    PLANNING = "planning", "Planning and briefing"
    ENTRY = "entry", "Entry and search"
    PEOPLE = "people", "The people found"
    CENTRE = "centre", "Reception centre"
    CUSTODY = "custody", "Arrests and custody"
    PARTNERS = "partners", "Working together"
    WORDS = "words", "Communications and the public"
    WELFARE = "welfare", "Welfare of those who worked"
    OTHER = "other", "Something else"


class Verdict(models.TextChoices):
    KEEP = "keep", "Keep it"
    CHANGE = "change", "Change it"
    NOT_SURE = "not sure", "Not sure"


class Debrief(OfOperation):
    """It was held: of each kind once. Who came later is added by a correction."""

    kind = models.CharField(max_length=10, choices=DebriefKind)
    held_at = models.DateTimeField()
    led_by = models.UUIDField(help_text="membership")
    agencies = ArrayField(models.UUIDField(), default=list)
    version = models.PositiveIntegerField(default=1)


class Lesson(OfOperation):
    """What one agency says went well or not, and what should follow. Never changed."""

    kind = models.CharField(max_length=10, choices=DebriefKind)
    agency_id = models.UUIDField()
    by = models.UUIDField(help_text="membership")
    at = models.DateTimeField(default=clock.now)
    topic = models.CharField(max_length=10, choices=Topic)
    verdict = models.CharField(max_length=8, choices=Verdict)
    text = SealedField(max_text=2_000)
    follows = SealedField(max_text=1_000)
    owner_id = models.UUIDField(null=True, blank=True, help_text="the agency that does it")
