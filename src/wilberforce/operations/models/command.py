"""Who commands, who takes part and which centre works for it: ids and codes, from which the facts are read."""

from django.db import models
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id


class Level(models.TextChoices):
    GOLD = "gold", "Gold (strategic)"
    SILVER = "silver", "Silver (tactical)"
    BRONZE = "bronze", "Bronze (one task or site)"


class Task(models.TextChoices):
    COMMAND = "command", "Command"
    PLANNING = "planning", "Planning"
    ENTRY = "entry", "Entry"
    SEARCH = "search", "Search"
    ARREST = "arrest", "Arrest"
    VICTIMS = "victims", "Victim liaison"
    INTERPRETING = "interpreting", "Interpreting"
    CORDON = "cordon", "Cordon"
    TRANSPORT = "transport", "Transport"
    RECEPTION = "reception", "Reception centre liaison"
    CUSTODY = "custody", "Custody liaison"
    SAFETY = "safety", "Fire and site safety"
    INSPECTION = "inspection", "Inspection under own powers"
    CARE = "care", "Social care and housing"
    LOG = "log", "Keeping the log"
    INTELLIGENCE = "intelligence", "Intelligence desk"


class Charge(models.TextChoices):
    """What a bronze commands."""

    SITE = "site", "A site"
    CUSTODY = "custody", "Custody"
    RECEPTION = "reception", "Reception centre"
    INTELLIGENCE = "intelligence", "Intelligence"
    WORDS = "words", "Communications and the press"
    PARTNERS = "partners", "Partner agencies"


class Command(models.Model):
    """Who commands. Written before the operation itself, because it is what lets the commander write it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation_id = models.UUIDField(db_index=True)
    membership_id = models.UUIDField()
    level = models.CharField(max_length=8, choices=Level)
    is_lead = models.BooleanField(default=False)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index("membership_id", condition=Q(until=None), name="operations_command_live"),)


class Roster(models.Model):
    """Who takes part. ``sites_from`` lets a named planner see the addresses before the last hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation_id = models.UUIDField(db_index=True)
    membership_id = models.UUIDField()
    agency_id = models.UUIDField()
    part = models.CharField(max_length=16, choices=Task)
    sites_from = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "operation_id", "membership_id", condition=Q(until=None), name="operations_roster_once"
            ),
        )
        indexes = (models.Index("membership_id", condition=Q(until=None), name="operations_roster_live"),)


class CentreLink(models.Model):
    """This centre works for this operation. ``agency_id`` runs the centre, ``lead_id`` leads the operation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation_id = models.UUIDField(db_index=True)
    centre_id = models.UUIDField(db_index=True)
    agency_id = models.UUIDField(db_index=True)
    lead_id = models.UUIDField()
    code = models.CharField(max_length=6, blank=True, help_text="what the centre is called on the radio")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "operation_id", "centre_id", condition=Q(until=None), name="operations_centre_linked_once"
            ),
        )


class CaseMember(models.Model):
    """On the police team of the case that the operation became."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation_id = models.UUIDField(db_index=True)
    membership_id = models.UUIDField()
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "operation_id", "membership_id", condition=Q(until=None), name="operations_case_member_once"
            ),
        )


class Bronze(models.Model):
    """Who of the roster commands one task or one site. It opens nothing: what they see, they see by the roster."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation_id = models.UUIDField(db_index=True)
    membership_id = models.UUIDField()
    charge = models.CharField(max_length=12, choices=Charge)
    site_id = models.UUIDField(null=True, blank=True)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
