"""What is kept: what may be said (fact sheet), what is said (bulletin), who let it out, and who asked to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base.clock import now
from wilberforce.base.history import Former
from wilberforce.base.ids import new_id, random_id
from wilberforce.base.sealed import SealedField


class FactSheet(models.Model):
    """Cut by the commander: all that the writer of a bulletin ever learns of the case, until it is taken back."""

    data_class = "release"

    id = models.UUIDField(primary_key=True, default=new_id)
    controller_id = models.UUIDField()
    operation_id = models.UUIDField()
    cut_by = models.UUIDField()
    cut_at = models.DateTimeField(default=now)
    facts = models.TextField()
    places = ArrayField(models.CharField(max_length=80), default=list)
    counts = models.JSONField(default=dict, help_text="word -> figures that may be given")
    arrested_ages = ArrayField(models.PositiveSmallIntegerField(), default=list)
    doors_in = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=500, blank=True)


class Guard(models.Model):
    """The words that must not appear in what is written from its fact sheet. The writer is told of a refusal, never
    shown the words."""

    data_class = "release"

    id = models.UUIDField(primary_key=True)
    controller_id = models.UUIDField()
    operation_id = models.UUIDField()
    names = SealedField()
    streets = SealedField()
    centre = SealedField()


class Bulletin(models.Model):
    """``released_at`` is set by the database alone, when two approvals of this version stand. A correction then takes
    over the public ``address`` of what it ``corrects``."""

    data_class = "release"

    id = models.UUIDField(primary_key=True, default=new_id)
    address = models.UUIDField(default=random_id, unique=True)
    controller_id = models.UUIDField()
    operation_id = models.UUIDField()
    fact_sheet_id = models.UUIDField()
    cut_by = models.UUIDField()
    drafted_by = models.UUIDField()
    drafted_at = models.DateTimeField(default=now)
    title = models.CharField(max_length=160)
    text = models.TextField()
    picture_id = models.UUIDField(null=True)
    picture_alt = models.CharField(max_length=250, blank=True)
    picture_width = models.PositiveIntegerField(default=0)
    picture_height = models.PositiveIntegerField(default=0)
    picture_bytes = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    corrects = models.UUIDField(null=True)
    correction = models.CharField(max_length=500, blank=True, help_text="what was wrong, as the public reads it")
    first_released_at = models.DateTimeField(null=True, help_text="of what it corrects; set by the database alone")
    version = models.PositiveIntegerField(default=1)


class FormerBulletin(Former):
    data_class = "release"

    operation_id = models.UUIDField()
    drafted_by = models.UUIDField()
    cut_by = models.UUIDField()


class Picture(models.Model):
    """A JPEG. It never changes; a bulletin that gets another one, or none, leaves the database nothing of it."""

    data_class = "release"

    id = models.UUIDField(primary_key=True, default=random_id)
    controller_id = models.UUIDField()
    bulletin_id = models.UUIDField()
    jpeg = models.BinaryField()


class Approval(models.Model):
    """One person's yes or no to one version."""

    data_class = "release"

    id = models.UUIDField(primary_key=True, default=new_id)
    controller_id = models.UUIDField()
    bulletin_id = models.UUIDField()
    bulletin_version = models.PositiveIntegerField()
    membership_id = models.UUIDField()
    yes = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=now)


class Subscriber(models.Model):
    """Somebody who asked for updates. Nobody can sign in and read the address; only the sender opens it."""

    data_class = "subscriber"

    id = models.UUIDField(primary_key=True, default=new_id)
    address = SealedField(max_text=254)
    same_address = models.BinaryField(max_length=32, help_text="keyed mark, equal for equal addresses")
    same_network = models.BinaryField(max_length=32, null=True, help_text="keyed mark of the network and the day")
    area = models.CharField(max_length=40, blank=True)
    frequency = models.CharField(max_length=10, default="daily", choices=[("daily", "daily")])
    language = models.CharField(max_length=10, default="en-gb", help_text="of the page where they asked")
    code_hash = models.BinaryField(null=True)
    asked_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
