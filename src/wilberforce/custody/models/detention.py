"""What is kept of an arrest and of a detention. Texts are sealed; ids, codes and instants stay in the clear.

``arrested_by`` and ``operation_id`` stand on every table, because from them follows who is independent of the case.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wilberforce.base.history import Former
from wilberforce.base.sealed import SealedField
from wilberforce.concerns.models import YesNo
from wilberforce.custody.rules import BailCase, Brought
from wilberforce.operations.models import Sex

from .kept import OfCase


class Right(models.TextChoices):
    """PACE Code C 3.1 and 3.2."""

    SOMEONE_TOLD = "someone-told", "To have somebody told where they are"
    SOLICITOR = "solicitor", "To free and independent legal advice"
    CODES = "codes", "To consult the Codes of Practice"
    NOTICE = "notice", "Written notice of rights, in a language they understand"
    INTERPRETER = "interpreter", "To interpretation and translation"
    EMBASSY = "embassy", "To have their embassy or consulate told, if they wish"


class Decision(models.TextChoices):
    CONTINUE = "continue", "Detention continues"
    RELEASE = "release", "The grounds are over: release"


class Held(models.TextChoices):
    HELD = "held", "Held"
    POSTPONED = "postponed", "Postponed"


class Ending(models.TextChoices):
    CHARGED = "charged", "Charged"
    BAILED = "bailed", "Released on bail before charge"
    UNDER_INVESTIGATION = "under-investigation", "Released under investigation"
    NO_FURTHER_ACTION = "no-further-action", "No further action"
    IMMIGRATION = "immigration", "Transferred to immigration detention"
    TRANSFERRED = "transferred", "Handed over to another force"
    RECLASSIFIED = "reclassified", "No longer a suspect: may be a victim"
    MISTAKEN = "mistaken", "It had not ended: they are still detained"


class EntryKind(models.TextChoices):
    REST = "rest", "Rest"
    MEAL = "meal", "Meal or drink"
    ADULT = "adult", "Appropriate adult with them"
    INTERPRETER = "interpreter", "Interpreter with them"
    SOLICITOR = "solicitor", "Solicitor with them"
    HEALTH = "health", "Seen by a health care professional"
    QUESTIONED = "questioned", "Questioned in hospital, or on the way"
    INTERVIEW = "interview", "Interviewed under caution"
    FURTHER_OFFENCE = "further-offence", "Arrested for a further offence"
    COURT_WARRANT = "court-warrant", "Warrant of further detention"
    STANDING = "standing", "Screened for signs of exploitation"
    BAIL = "bail", "Bail extended"


class Standing(models.TextChoices):
    """What they are taken to be. It changes with reasons, and each change is kept."""

    SUSPECT = "suspect", "A suspect"
    BOTH = "both", "A suspect who may be a victim too"
    POSSIBLE_VICTIM = "possible-victim", "May be a victim, and no longer a suspect"
    NOT_SURE = "not-sure", "Not sure yet"


class Kept(OfCase):
    """``controller_id`` is the force that arrested, or on the custody record the force that detains."""

    arrested_by = models.UUIDField(help_text="membership")

    class Meta:
        abstract = True


class Arrest(Kept):
    """``age_one_of`` holds every age that may be theirs; those who share ``ages_group`` share the ages between them.

    ``label_digest`` is keyed, so that the same label is known again without being read.
    """

    reference = models.CharField(max_length=12)
    site_id = models.UUIDField(null=True, blank=True)
    label = SealedField(max_text=200)
    label_digest = models.BinaryField(max_length=32)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.NOT_SURE)
    age_one_of = ArrayField(models.PositiveSmallIntegerField(), default=list)
    ages_group = models.UUIDField(null=True, blank=True)
    offences = ArrayField(models.CharField(max_length=30))
    arrested_at = models.DateTimeField()
    place = SealedField(max_text=300)
    grounds = SealedField(max_text=4_000)
    taken_to = models.UUIDField(help_text="the force to whose station they are taken")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("operation_id", "controller_id", "label_digest", name="custody_arrested_once"),
        )
        indexes = (models.Index(fields=["taken_to", "-arrested_at"], name="custody_on_the_way"),)


class FormerArrest(Former):
    data_class: ClassVar[str] = "suspect"

    operation_id = models.UUIDField()
    arrested_by = models.UUIDField()
    taken_to = models.UUIDField()


class Detention(Kept):
    reference = models.CharField(max_length=12)
    arrest_id = models.UUIDField()
    station = models.SlugField(max_length=30)
    brought = models.CharField(max_length=80, choices=[(one.value, one.value) for one in Brought])
    left_at = models.DateTimeField(null=True, blank=True, help_text="from the station of another force")
    arrested_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    relevant_at = models.DateTimeField(help_text="index of what the rule computes from arrest and arrival")
    booked_by = models.UUIDField(help_text="membership")
    authorised_at = models.DateTimeField(null=True, blank=True)
    authorised_by = models.UUIDField(null=True, blank=True, help_text="membership")
    first_authorised_at = models.DateTimeField(
        null=True, blank=True, help_text="by the force that held them before: the reviews go on from it"
    )
    grounds = SealedField(max_text=4_000)
    rights = ArrayField(models.CharField(max_length=16), default=list)
    rights_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    interpreter = models.CharField(max_length=8, choices=YesNo, default=YesNo.NOT_SURE)
    appropriate_adult = models.CharField(max_length=8, choices=YesNo, default=YesNo.NOT_SURE)
    possible_victim = models.CharField(max_length=8, choices=YesNo, default=YesNo.NOT_SURE)
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_by = models.UUIDField(null=True, blank=True, help_text="membership")
    extension_reason = SealedField(max_text=4_000)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("arrest_id", condition=Q(ended_at=None), name="custody_held_in_one_place"),
            models.CheckConstraint(condition=Q(arrived_at__gte=F("arrested_at")), name="custody_arrives_after_arrest"),
            models.CheckConstraint(
                condition=Q(authorised_at=None) | Q(authorised_at__gte=F("arrived_at")),
                name="custody_authorised_after_arrival",
            ),
        )
        indexes = (
            models.Index("controller_id", condition=Q(ended_at=None), name="custody_detained_now"),
            models.Index(
                "controller_id",
                F("ended_at").desc(),
                F("id").desc(),
                condition=Q(ended_at__isnull=False),
                name="custody_detained_before",
            ),
            models.Index("arrest_id", name="custody_of_arrest"),
        )


class OfDetention(Kept):
    arrest_id = models.UUIDField()
    detention_id = models.UUIDField(db_index=True)

    class Meta:
        abstract = True


class FormerDetention(Former):
    data_class: ClassVar[str] = "suspect"

    operation_id = models.UUIDField()
    arrested_by = models.UUIDField()
    arrest_id = models.UUIDField()


class Absence(OfDetention):
    """In hospital. It stops the detention clock and never the review clock."""

    left_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(back_at=None) | Q(back_at__gte=F("left_at")), name="custody_back_later"),
            models.UniqueConstraint("detention_id", condition=Q(back_at=None), name="custody_away_once"),
        )


class Review(OfDetention):
    """One that was held or postponed. Being late is read from ``at`` and ``due_at`` and can't be taken back."""

    kind = models.CharField(max_length=10, choices=Held)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    reason = SealedField(max_text=4_000)


class Entry(OfDetention):
    """One thing that happened, written once. ``codes``: offences, signs, a standing or who extended bail, by kind."""

    kind = models.CharField(max_length=16, choices=EntryKind)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    codes = ArrayField(models.CharField(max_length=30), default=list)
    by = models.UUIDField(help_text="membership")
    text = SealedField(max_text=4_000)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("at")), name="custody_entry_ends_later"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.COURT_WARRANT) | Q(hours__gte=1, hours__lte=36),
                name="custody_court_gives_hours",
            ),
        )


class Outcome(OfDetention):
    """Never changed. ``instead_of``: the one that this puts right."""

    kind = models.CharField(max_length=20, choices=Ending)
    at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    offences = ArrayField(models.CharField(max_length=30), default=list)
    bail_case = models.CharField(
        max_length=8, choices=[(one.name.lower(), one.value) for one in BailCase], default="standard"
    )
    bail_until = models.DateTimeField(null=True, blank=True, help_text="index of what the rule computes")
    reason = SealedField(max_text=4_000)
    unweighed = SealedField(null=True, max_text=4_000, help_text="why a charge went on before the defence was weighed")
    instead_of = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("detention_id", condition=Q(instead_of=None), name="custody_ends_once"),
            models.UniqueConstraint("instead_of", name="custody_ending_corrected_once"),
        )
