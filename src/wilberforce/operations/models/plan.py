"""What is kept of an operation. Every text that somebody typed is sealed; ids, codes and instants stay in the clear.

Who takes part, and who commands, stands in ``command``.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.history import Former
from wilberforce.base.ids import exercise_id, is_exercise, new_id
from wilberforce.base.sealed import SealedField
from wilberforce.concerns.models import Age, YesNo


class Strand(models.TextChoices):
    """The four strands of the Modern Slavery Strategy (HM Government, November 2014)."""

    PURSUE = "pursue", "Pursue: prosecute and disrupt"
    PREVENT = "prevent", "Prevent: stop people engaging in it"
    PROTECT = "protect", "Protect: raise awareness and resilience"
    PREPARE = "prepare", "Prepare: identify and support victims"


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    LIVE = "live", "Live"
    CLOSED = "closed", "Closed"
    STOOD_DOWN = "stood-down", "Stood down"


class Answer(models.TextChoices):
    ASKED = "asked", "Asked, no answer yet"
    YES = "yes", "Takes part"
    NO = "no", "Does not take part"


class Band(models.TextChoices):
    NONE = "none", "Nobody expected"
    FEW = "1-5", "1 to 5"
    SEVERAL = "6-10", "6 to 10"
    MANY = "11-25", "11 to 25"
    VERY_MANY = "26+", "26 or more"
    NOT_SURE = "not sure", "Not sure"


class Part(models.TextChoices):
    DATE = "date", "The date and the task"
    SITE = "site", "The sites"
    FULL = "full", "The whole brief"


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Another answer"
    NOT_SURE = "not sure", "Not sure"


class Injury(models.TextChoices):
    NONE = "none", "No injury seen"
    MINOR = "minor", "First aid is enough"
    SERIOUS = "serious", "Needs hospital"
    NOT_SURE = "not sure", "Not sure"


class Heading(models.TextChoices):
    NONE = "none", "Still at the site"
    CENTRE = "centre", "Reception centre"
    HOSPITAL = "hospital", "Hospital"
    CUSTODY = "custody", "Custody"
    LEFT = "left", "Left by their own choice"


class Entries(models.TextChoices):
    ONE = "one", "One entry"
    SEVERAL = "several", "More than one entry"


class Kept(models.Model):
    """``controller_id`` is the lead force's agency."""

    data_class: ClassVar[str] = "operation"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class OfWhatIsPlayed(models.Model):
    operation_id = models.UUIDField(db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """What belongs to an exercise says so by its own id."""
        if self._state.adding and is_exercise(self.operation_id) and not is_exercise(self.pk):
            self.pk = exercise_id()
        super().save(*args, **options)


class OfOperation(OfWhatIsPlayed, Kept):
    class Meta:
        abstract = True


class FormerOfPlan(OfWhatIsPlayed, Former):
    """``record_id``: the operation itself, or whatever belongs to it."""

    data_class: ClassVar[str] = "operation"


class Operation(Kept):
    reference = models.CharField(max_length=12)
    name = SealedField(max_text=200)
    objectives = SealedField()
    threat = SealedField(null=True)  # operations were planned before these two were kept
    proportionality = SealedField(null=True)
    strand = models.CharField(max_length=10, choices=Strand)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    planned_for = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    exercise = models.BooleanField(default=False, help_text="a rehearsal: nothing in it is real")
    plays_from = models.DateTimeField(null=True, blank=True, help_text="where the exercise's clock begins")
    pace = models.PositiveSmallIntegerField(default=1, help_text="minutes of the exercise in each real one")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(exercise=False) | Q(plays_from__isnull=False, started_at__isnull=False, pace__gte=1),
                name="operations_exercise_has_a_clock",
            ),
        )


class Partner(OfOperation):
    """An agency that was asked to take part, what it brings and by which powers it acts."""

    agency_id = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)
    brings = SealedField(max_text=2_000)
    power = SealedField(max_text=2_000)
    own_entry = models.BooleanField(default=False, help_text="enters by a power of its own")


class Site(OfOperation):
    """The outline: a letter, the kind of premises, whose area it is, and what has happened there."""

    ref = models.CharField(max_length=2)
    premises = models.CharField(max_length=24)
    expected = models.CharField(max_length=10, choices=Band, default=Band.NOT_SURE)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    opens_at = models.DateTimeField(help_text="from when the roster sees the address")
    host_force = models.UUIDField(null=True, blank=True, help_text="the force of the area, where it is another")
    host_asked_at = models.DateTimeField(null=True, blank=True)
    host_agreed_at = models.DateTimeField(null=True, blank=True)
    host_agreed_by = SealedField(max_text=200)
    entered_at = models.DateTimeField(null=True, blank=True)
    entry_power = models.CharField(max_length=16, blank=True)
    secured_at = models.DateTimeField(null=True, blank=True)
    searching_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    out_at = models.DateTimeField(null=True, blank=True, help_text="taken out of the plan")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint("operation_id", "ref", name="operations_site_ref_once"),)


class SitePlace(OfOperation):
    """Apart from the outline, because it opens in the last hours only."""

    site_id = models.UUIDField(unique=True)
    place = SealedField(max_text=200)
    address = SealedField(max_text=500)
    plan = SealedField(max_text=4_000, null=True)  # sites were planned before it was kept


class Hazard(OfOperation):
    """What could hurt somebody at a site, and how many people were counted inside."""

    site_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    inside = models.PositiveSmallIntegerField(null=True, blank=True)
    text = SealedField(max_text=2_000)


class Warrant(OfOperation):
    site_id = models.UUIDField(db_index=True)
    power = models.CharField(max_length=16)
    court = SealedField(max_text=200)
    grounds = SealedField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="index of what the rule computes from the issue")
    entries = models.CharField(max_length=8, choices=Entries, default=Entries.ONE)
    named = ArrayField(models.UUIDField(), default=list, help_text="agencies named on it beside the police")
    executed_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # what was sealed before there was one is bound to 0


class Brief(OfOperation):
    """Of one agency's copy. Each copy has its number, so that a leak names its source.

    ``order``: the version of the operation order whose part this is; 0 for a brief that stands alone."""

    agency_id = models.UUIDField()
    part = models.CharField(max_length=4, choices=Part)
    order = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField(max_length=16, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    copy = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField()
    text = SealedField()


class Readiness(OfOperation):
    """What the centre needs to make ready, and no more."""

    centre_id = models.UUIDField(db_index=True)
    ready_by = models.DateTimeField(null=True, blank=True)
    expected = models.CharField(max_length=10, choices=Band, default=Band.NOT_SURE)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    children = models.CharField(max_length=8, choices=YesNo, default=YesNo.NOT_SURE)
    danger = models.CharField(max_length=8, choices=YesNo, default=YesNo.NOT_SURE)


class CentreAddress(OfOperation):
    """It opens per shift, to those named on it. ``before`` is what whoever is on the way already may still go to."""

    centre_id = models.UUIDField(db_index=True)
    address = SealedField(max_text=500)
    before = SealedField(max_text=500, null=True)
    changed_at = models.DateTimeField(null=True, blank=True)


class SafetyWorry(OfOperation):
    """A worry about safety that the centre passes to the police and does not keep. ``by`` is told when it was read."""

    centre_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    text = SealedField(max_text=4_000)
    by = models.UUIDField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)


class Found(OfOperation):
    """Somebody met at a site: a reference, never a name."""

    site_id = models.UUIDField(db_index=True)
    reference = models.CharField(max_length=12)
    age = models.CharField(max_length=8, choices=Age)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.NOT_SURE)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    injury = models.CharField(max_length=8, choices=Injury, default=Injury.NOT_SURE)
    note = SealedField(max_text=1_000)
    found_at = models.DateTimeField()
    heading_to = models.CharField(max_length=8, choices=Heading, default=Heading.NONE)
    centre_id = models.UUIDField(null=True, blank=True)
    set_off_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["centre_id", "-found_at"], name="operations_found_sent"),)


class FormerFound(OfWhatIsPlayed, Former):
    data_class: ClassVar[str] = "operation"

    site_id = models.UUIDField()


class LogEntry(OfOperation):
    """Numbered, never changed: a correction is another entry."""

    site_id = models.UUIDField(null=True, blank=True)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    text = SealedField(max_text=4_000)
    corrects = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("operation_id", "number", name="operations_log_number"),)


class Decision(OfOperation):
    """One turn of the national decision model (College of Policing APP). Numbered, never changed."""

    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField(help_text="membership")
    information = SealedField()
    threat = SealedField()
    powers = SealedField()
    options = SealedField()
    rejected = SealedField(null=True)  # decisions were taken before it was kept
    decision = SealedField()
    review_at = models.DateTimeField(null=True, blank=True)
    corrects = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("operation_id", "number", name="operations_decision_number"),)
