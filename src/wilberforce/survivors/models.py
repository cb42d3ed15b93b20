"""The person first: a reference, then a name only where somebody needs it.

Each class has tables of its own, joined by ``person_id`` and never by a foreign key.
"""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.history import LONGEST_REASON, Former
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField
from wilberforce.concerns.models import Age, YesNo

from . import lists, rules

ANSWERS = [(a.value, a.value) for a in rules.Answer if a is not rules.Answer.NOT_ASKED]
LONGEST_ASSIGNMENT = timedelta(days=rules.ASSIGNMENT_DAYS.value)
ROLES = [(role.value, role.value) for role in rules.Role if role not in rules.WRITTEN_BY_POLICE_ONLY]


class Interpreter(models.TextChoices):
    WOMAN = "woman", "A woman"
    MAN = "man", "A man"
    EITHER = "either", "Either"
    NOT_SURE = "not sure", "Not sure"


class AgeConfidence(models.TextChoices):
    DOCUMENTED = "documented", "A document says so"
    STATED = "stated", "They say so"
    ESTIMATED = "estimated", "Estimated"
    DISPUTED = "disputed", "Disputed"
    NOT_SURE = "not sure", "Not sure"


def _codes() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=30), default=list, blank=True)


class Kept(models.Model):
    """One row about one person, under the control of the agency that wrote it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    person_id = models.UUIDField(db_index=True)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


# person_ref


class Person(models.Model):
    """No name. The centre that registered them controls it."""

    data_class = "person_ref"
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    centre_id = models.UUIDField()
    operation_id = models.UUIDField(null=True)
    found_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=20)
    age = models.CharField(max_length=10, choices=Age)
    languages = _codes()
    interpreter = models.CharField(max_length=10, choices=YesNo, default=YesNo.NOT_SURE)
    interpreter_gender = models.CharField(max_length=10, choices=Interpreter, default=Interpreter.NOT_SURE)
    needs = _codes()
    household_size = models.PositiveSmallIntegerField(null=True, blank=True)
    access_needs = _codes()
    avoid_area_id = models.UUIDField(null=True, blank=True)
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("controller_id", "reference", name="person_reference_once_in_an_agency"),
            models.CheckConstraint(
                condition=Q(household_size=None) | Q(household_size__range=(1, rules.LARGEST_HOUSEHOLD)),
                name="person_household_size",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")), name="person_ends_after_beginning"
            ),
        )
        indexes = (
            models.Index("centre_id", name="person_of_centre"),
            models.Index("operation_id", name="person_of_op"),
        )


class FormerPerson(Former):
    """``record_id`` is the person."""

    data_class = "person_ref"
    centre_id = models.UUIDField()
    operation_id = models.UUIDField(null=True)


class Ends(Kept):
    """When it ended stands in a column of its own."""

    ended_by = models.UUIDField(null=True)
    ended_why = SealedField(max_text=LONGEST_REASON, null=True)

    class Meta:
        abstract = True


class PersonRole(Ends):
    """A role is never overwritten: it has a beginning, a ground and perhaps an end (DPA 2018 s.38(3))."""

    data_class = "person_ref"
    role = models.CharField(max_length=20, choices=ROLES)
    basis = models.CharField(max_length=20, choices=[("seen", "Seen at the site"), ("told", "They said so"),
                             ("assessed", "Assessed"), ("decided", "Decided by the competent authority"),
                             ("not sure", "Not sure")])  # fmt: skip
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="role_of_person_ends_last"),
        )


class Assignment(models.Model):
    """Who works with this person: a fact of the access rules, ids alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(db_index=True)
    membership_id = models.UUIDField()
    starts = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.UUIDField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    until__gt=F("starts"), until__lte=F("starts") + timedelta(days=rules.ASSIGNMENT_DAYS.value)
                ),
                name="assignment_at_most_30_days",
            ),
        )
        indexes = (models.Index("membership_id", condition=Q(ended_at=None), name="assignment_live"),)


class Placement(models.Model):
    """Whose authority found the person's home: a fact of the access rules, ids alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(db_index=True)
    agency_id = models.UUIDField(db_index=True)
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)


# identity


class WhoTheyAre(Kept):
    """As the person says it. Every word is sealed."""

    data_class = "identity"
    given_names = SealedField(max_text=200)
    family_name = SealedField(max_text=200)
    also_known_as = SealedField(max_text=200)
    date_of_birth = SealedField(max_text=10)
    stated_age = SealedField(max_text=3)
    age_confidence = SealedField(max_text=12)
    sex = SealedField(max_text=12)
    nationality = SealedField(max_text=60)
    other_nationality = SealedField(max_text=60, null=True)
    place_of_birth = SealedField(max_text=100, null=True)
    ethnicity = SealedField(max_text=60, null=True)
    care_of = SealedField(max_text=500)
    national_insurance = SealedField(max_text=13)
    contact = SealedField(max_text=200)
    contact_is_safe = SealedField(max_text=10)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Identity(WhoTheyAre):
    class Meta:
        constraints = (
            models.UniqueConstraint("controller_id", "person_id", name="one_identity_of_a_person_in_an_agency"),
        )


class FormerIdentity(WhoTheyAre):
    """What was kept before a correction, by whom and when it was replaced; it never changes."""

    identity_id = models.UUIDField(db_index=True)
    why = SealedField(max_text=LONGEST_REASON, null=True)


# consent


class Told(Kept):
    """What the person was told, so that an answer can be an informed one."""

    data_class = "consent"
    step = models.CharField(max_length=20, choices=lists.choices(lists.TOLD))
    language = models.CharField(max_length=12)
    interpreter = models.BooleanField()
    leaflet = models.CharField(max_length=20, blank=True)
    told_at = models.DateTimeField(default=clock.now)


class Answer(Kept):
    """Every answer stays. The latest for the class, recipient and purpose counts."""

    data_class = "consent"
    about_class = models.CharField(max_length=20)
    purpose = models.CharField(max_length=30)
    recipient_id = models.UUIDField(null=True)
    recipient_code = models.CharField(max_length=30, blank=True)
    answer = models.CharField(max_length=10, choices=ANSWERS)
    legal_basis = models.CharField(max_length=30, choices=lists.choices(lists.BASES))
    language = models.CharField(max_length=12)
    explained = models.CharField(max_length=20, choices=[("spoken", "Spoken"), ("read", "Read to them"),
                                 ("leaflet", "Leaflet in their language"), ("pictures", "Pictures")])  # fmt: skip
    interpreter = models.BooleanField()
    sooner_because = SealedField(max_text=200, null=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(recipient_id=None) & ~Q(recipient_code="")
                | Q(recipient_id__isnull=False, recipient_code=""),
                name="answer_names_one_recipient",
            ),
        )
        indexes = (
            models.Index("person_id", "purpose", "about_class", "recorded_at", name="answer_latest"),
            models.Index("recipient_id", "purpose", "about_class", name="answer_of_recipient"),
        )

    @property
    def lapsed(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()


class LegalBasis(Ends):
    """A named law on which something goes to somebody. The person is told, unless that is unsafe."""

    data_class = "consent"
    basis = models.CharField(max_length=30, choices=lists.choices(lists.BASES))
    about_classes = ArrayField(models.CharField(max_length=20))
    recipient_id = models.UUIDField(null=True)
    recipient_code = models.CharField(max_length=30, blank=True)
    person_agrees = models.CharField(max_length=10, choices=YesNo)
    told_at = models.DateTimeField(null=True, blank=True)
    unsafe_to_tell = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(told_at__isnull=False) | Q(unsafe_to_tell=True), name="basis_told_unless_unsafe"
            ),
        )


# health, support, location, account


class CareFlag(Ends):
    """What a carer must know to do no harm. No diagnosis."""

    data_class = "health"
    kind = models.CharField(max_length=20, choices=lists.choices(lists.CARE))
    detail = SealedField(max_text=500)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)


class ClinicalNote(Kept):
    """``counselling``: said or written in counselling, which police are presumed not to need."""

    data_class = "health"
    text = SealedField()
    counselling = models.BooleanField(default=False)


class Note(Kept):
    data_class = "support"
    text = SealedField()
    counselling = models.BooleanField(default=False)


class NextPlace(Kept):
    """Where the person goes next. The latest counts; earlier ones stay until their key is destroyed.
    ``version`` counts from 0: addresses were sealed before it was kept."""

    data_class = "location"
    kind = models.CharField(max_length=20, choices=lists.choices(lists.PLACES))
    address = SealedField(max_text=500)
    from_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)


class FormerPlace(Former):
    data_class = "location"
    person_id = models.UUIDField(db_index=True)


class Account(Kept):
    """The person's own account, in their words, asked for once."""

    data_class = "account"
    operation_id = models.UUIDField(null=True)
    text = SealedField(max_text=15_000)
    taken_at = models.DateTimeField()
    present = SealedField(max_text=500)
    version = models.PositiveIntegerField(default=1)


class FormerAccount(Former):
    data_class = "account"
    person_id = models.UUIDField()
    operation_id = models.UUIDField(null=True)
