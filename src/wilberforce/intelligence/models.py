"""What is kept: graded items, people under suspicion, and what ties one to the other. No source stands here."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.base import clock
from wilberforce.base.history import Former
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField


class Grade(models.IntegerChoices):
    RELIABLE = 1, "1: reliable"
    UNTESTED = 2, "2: untested"
    NOT_RELIABLE = 3, "3: not reliable"


class Assessment(models.TextChoices):
    KNOWN_DIRECTLY = "A", "A: known directly to the source"
    CORROBORATED = "B", "B: known indirectly to the source but corroborated"
    KNOWN_INDIRECTLY = "C", "C: known indirectly to the source"
    NOT_KNOWN = "D", "D: not known"
    SUSPECTED_FALSE = "E", "E: suspected to be false"


class Handling(models.TextChoices):
    LAWFUL_SHARING = "P", "P: lawful sharing permitted"
    WITH_CONDITIONS = "C", "C: lawful sharing permitted with conditions"


class Priority(models.IntegerChoices):
    HIGH = 1, "High: life, serious harm or a chance that passes"
    MEDIUM = 2, "Medium: time matters"
    LOW = 3, "Low"


class Handled(models.Model):
    """``handling_level`` is the vetting that a reader needs; ``handling_agencies`` whom C admits."""

    controller_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    operation_id: "models.UUIDField[UUID | str | None, UUID | None]" = models.UUIDField(null=True)
    handling = models.CharField(max_length=1, choices=Handling, default=Handling.LAWFUL_SHARING)
    handling_level = models.PositiveSmallIntegerField(default=1)
    handling_agencies = ArrayField(models.UUIDField(), default=list)
    recorded_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Item(Handled):
    """One piece of information with one grade. ``report_id`` is opaque: whoever reads items can't read reports."""

    data_class = "intel"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report_id: "models.UUIDField[UUID | str | None, UUID | None]" = models.UUIDField(null=True)
    text = SealedField(max_text=10_000)
    source_grade = models.PositiveSmallIntegerField(choices=Grade)
    assessment = models.CharField(max_length=1, choices=Assessment)
    conditions = SealedField(max_text=2_000)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    originator: "models.UUIDField[UUID | str, UUID]" = models.UUIDField(help_text="membership")
    sanitised_by: "models.UUIDField[UUID | str, UUID]" = models.UUIDField(help_text="membership")
    sanitised_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["controller_id", "-recorded_at", "-id"], name="intelligence_item_own_latest"),
            models.Index(fields=["-recorded_at", "-id"], name="intelligence_item_latest"),
            models.Index(fields=["operation_id", "-recorded_at", "-id"], name="intelligence_item_op_latest"),
        ]


class SuspectEntry(Handled):
    """Suspicion about somebody, with a name or without. Two people may share two ages: nobody knows which is whose."""

    data_class = "suspect"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = SealedField(max_text=200)
    description = SealedField(max_text=5_000)
    ages_known = ArrayField(models.PositiveSmallIntegerField(), default=list)
    functions = ArrayField(models.CharField(max_length=20), default=list)
    ended_at = models.DateTimeField(null=True, help_text="nobody suspects them any more")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["operation_id", "-recorded_at", "-id"], name="intelligence_suspect_op_latest"),
            models.Index(fields=["-recorded_at", "-id"], name="intelligence_suspect_latest"),
        ]


class Link(Handled):
    """Why a person stands in connection with an item: typed, dated, and no stronger than the item it comes from."""

    data_class = "suspect"

    class Kind(models.TextChoices):
        SUSPECTED_IN = "suspected", "is suspected of what the item says"
        NAMED_IN = "named", "is named in the item"
        SEEN_AT = "seen", "was seen at the place in the item"
        USES = "uses", "uses the phone or vehicle in the item"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    suspect = models.ForeignKey(SuspectEntry, on_delete=models.PROTECT, related_name="links")
    item_id: "models.UUIDField[UUID | str, UUID]" = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="it was made in error")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["item_id"], name="intelligence_link_item")]


class FormerOfOperation(Former):
    """Under the same handling as the record that it belongs to."""

    operation_id: "models.UUIDField[UUID | str | None, UUID | None]" = models.UUIDField(null=True)
    handling = models.CharField(max_length=1, choices=Handling)
    handling_level = models.PositiveSmallIntegerField()
    handling_agencies = ArrayField(models.UUIDField(), default=list)

    class Meta:
        abstract = True


class FormerItem(FormerOfOperation):
    data_class = "intel"


class FormerSuspect(FormerOfOperation):
    data_class = "suspect"
