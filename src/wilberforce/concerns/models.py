"""What is kept: what somebody told us, and apart from it, joined by nothing but an opaque id, who they are."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.hands import Recipient
from wilberforce.base.history import Former
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField

from .rules import AgeClass


class YesNo(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SURE = "not sure", "Not sure"


class Age(models.TextChoices):
    ADULT = AgeClass.ADULT.value, "Adult"
    CHILD = AgeClass.CHILD.value, "Child"
    NOT_SURE = AgeClass.NOT_SURE.value, "Not sure (counts as a child)"


class Channel(models.TextChoices):
    WEB = "web", "the public page"
    OFFICER = "officer", "an officer"


class Identity(models.TextChoices):
    """Three levels, not two."""

    SHARE = "share", "You may tell others who I am"
    CONFIDENTIAL = "confidential", "Only the police may know who I am"
    ANONYMOUS = "anonymous", "Nobody may know who I am"


class Report(models.Model):
    """``receipt_hash`` is all that is kept of the code with which the writer comes back, and ``writer_key`` the public
    half of a key that only this code opens; ``contact_marks`` are hashes of the words of their contact, keyed by
    ``marks_key``, so that none of them ends up in an item by mistake."""

    data_class = "report_raw"

    class State(models.TextChoices):
        NEW = "new", "waits to be read"
        TRIAGED = "triaged", "judged"
        CLOSED = "closed", "closed"

    class Outcome(models.TextChoices):
        INTELLIGENCE = "intelligence", "Passed on as intelligence"
        EMERGENCY = "emergency", "Officers sent at once"
        OTHER_FORCE = "other force", "Belongs to another force"
        NOTHING = "nothing", "Nothing to act on"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    received_at = models.DateTimeField(default=clock.now)
    channel = models.CharField(max_length=10, choices=Channel)
    language = models.CharField(max_length=8)
    danger_now = models.CharField(max_length=8, choices=YesNo)
    child = models.CharField(max_length=8, choices=YesNo)
    identity_choice = models.CharField(max_length=12, choices=Identity)
    indicators = ArrayField(models.CharField(max_length=20), default=list)
    body = SealedField()
    where = SealedField(max_text=1_000)
    when_seen = SealedField(max_text=1_000)
    receipt_hash = models.BinaryField(null=True)
    contact_marks = ArrayField(models.CharField(max_length=24), default=list)
    marks_key = SealedField(max_text=64, null=True)
    writer_key = models.BinaryField(null=True)
    priority = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    triaged_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["controller_id", "state", "priority", "received_at"], name="concerns_queue"),
            models.Index(fields=["receipt_hash"], name="concerns_receipt"),
        ]


class FormerReport(Former):
    """How a report was judged before it was judged anew."""

    data_class = "report_raw"


class Message(models.Model):
    """What the writer and the desk say to each other afterwards. Both open it: the writer with their code.

    Of a thread whose writer's code made no key yet, it stays with the house's keys, or they could not read it again.
    """

    data_class = "report_raw"
    stays_with_the_house = True
    also_for: "tuple[Recipient, ...]" = ()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField(default=clock.now)
    from_desk = models.BooleanField()
    body = SealedField(max_text=5_000)


class Source(models.Model):
    """Who told us. ``handling_level`` is the vetting that a keeper needs."""

    data_class = "source"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    report_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    contact = SealedField(max_text=500)
    safe_times = SealedField(max_text=500)
    handling_level = models.PositiveSmallIntegerField(default=3)
    received_at = models.DateTimeField(default=clock.now)
    review_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index("controller_id", "received_at", "id", condition=Q(ended_at=None), name="source_kept"),
        ]


class SourceNote(models.Model):
    """What the keeper did for somebody who told us. Never changed, and erased with the source."""

    data_class = "source"

    class What(models.TextChoices):
        REACHED = "reached", "Spoke to them"
        NOT_REACHED = "not_reached", "Could not reach them"
        CORRECTED = "corrected", "Corrected what is kept"
        ENDED = "ended", "Nothing more is needed of them"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    source_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    by = models.UUIDField()
    what = models.CharField(max_length=12, choices=What)
    text = SealedField(max_text=5_000)
    handling_level = models.PositiveSmallIntegerField(default=3)


class Claim(models.Model):
    """One officer took one report, by name. It is on this row that their sight of it rests."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    membership_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_id"], condition=Q(released_at=None), name="claim_one_holder"),
            models.UniqueConstraint(fields=["membership_id"], condition=Q(released_at=None), name="claim_one_each"),
        ]
