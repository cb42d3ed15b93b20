"""What victims hear of a suspect."""

from django.db import models

from wilberforce.base.sealed import SealedField

from .kept import OfCase


class Happened(models.TextChoices):
    """Of what a victim hears (Code of Practice for Victims of Crime, Right 6)."""

    ARRESTED = "arrested", "Arrested"
    INTERVIEW = "interview", "Interviewed under caution"
    BAIL = "bail", "Bail changed or extended"
    CHARGED = "charged", "Charged"
    BAILED = "bailed", "Released on bail"
    UNDER_INVESTIGATION = "under-investigation", "Released under investigation"
    NO_FURTHER_ACTION = "no-further-action", "No further action"
    IMMIGRATION = "immigration", "Moved to immigration detention"
    TRANSFERRED = "transferred", "Handed to another force"
    RECLASSIFIED = "reclassified", "No longer a suspect"
    MISTAKEN = "mistaken", "Still in custody: that it had ended was written by mistake"
    REQUISITION = "requisition", "Charged by post"
    APPEARED = "appeared", "Kept in custody by magistrates"
    SENT = "sent", "Sent for trial, kept in custody"
    COURT_BAIL = "court-bail", "Released by the court on bail"
    TRIAL = "trial", "The trial began"
    CASE_OVER = "case-over", "The case is over"


class News(OfCase):
    """Something happened with a suspect that every victim of the operation is told. That alone, not the record."""

    arrested_by = models.UUIDField(help_text="membership")
    arrest_id = models.UUIDField()
    reference = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, choices=Happened)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="the end of bail")


class Heard(models.TextChoices):
    TOLD = "told", "They were told"
    NOT_NOW = "not-now", "They do not want to hear of it now"
    NOT_REACHED = "not-reached", "They could not be reached"
    WAITS = "waits", "It waits, for a reason"
    NOBODY = "nobody", "No victim is known"


class Telling(OfCase):
    """One person, by reference, and whether they heard. Never changed: a second try is one more line."""

    news_id = models.UUIDField(db_index=True)
    found_id = models.UUIDField(null=True, blank=True)
    person = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=12, choices=Heard)
    at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    words = SealedField(max_text=1_000)
