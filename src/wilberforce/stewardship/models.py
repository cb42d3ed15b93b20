"""What is kept about keeping: holds, reviews, papers and breaches. Ids, codes and dates of records, no content."""

from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id

from . import rules

ALL = ""
OPEN = Q(ended_at=None)


class OfAgency(models.Model):
    """The database shows it to that agency's data guardians alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency_id = models.UUIDField()

    class Meta:
        abstract = True


class Hold(OfAgency):
    """Nothing of this subject is erased while it stands; in one class, or in all."""

    subject_id = models.UUIDField()
    data_class = models.CharField(max_length=20, blank=True, help_text="empty: every class")
    basis = models.CharField(max_length=20, choices=[(basis.value, words) for basis, words in rules.BASES.items()])
    reference = models.CharField(max_length=40, help_text="of the case, appeal, complaint or request")
    owner_id = models.UUIDField(help_text="the membership that answers for it")
    review_on = models.DateField()
    placed_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = (models.Index("subject_id", condition=OPEN, name="hold_open"),)


class Review(OfAgency):
    """One look at a record whose time is over: kept until another day, or erased by two guardians."""

    subject_id = models.UUIDField()
    data_class = models.CharField(max_length=20)
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField(default=clock.now)
    keep_until = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=40, blank=True)
    erased_by = models.UUIDField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_by=None) | ~Q(erased_by=F("begun_by")), name="erased_by_another_guardian"
            ),
        )
        indexes = (models.Index("agency_id", "data_class", "subject_id", name="review_of_record"),)


class Due(OfAgency):
    """A record whose time was over when the machine last looked. The machine alone adds and takes away."""

    subject_id = models.UUIDField()
    data_class = models.CharField(max_length=20)
    began = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("agency_id", "data_class", "subject_id", name="due_once"),)
        indexes = (models.Index("agency_id", "began", "subject_id", name="due_longest"),)


class Paper(OfAgency):
    """Each version stays; the newest of a kind and language counts."""

    kind = models.CharField(max_length=20, choices=[(kind.value, one.title) for kind, one in rules.PAPERS.items()])
    language = models.CharField(max_length=8, default="en")
    text = models.TextField()
    owner_id = models.UUIDField()
    signed_at = models.DateTimeField(default=clock.now)
    review_on = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["agency_id", "kind", "language", "-signed_at"], name="paper_newest"),)


class Breach(OfAgency):
    """A line of the register: what happened, in words that name nobody, how many it touches, and who was told when."""

    found_at = models.DateTimeField()
    what = models.CharField(max_length=1_000)
    people = models.PositiveIntegerField()
    high_risk = models.BooleanField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)
    commissioner_told_at = models.DateTimeField(null=True, blank=True)
    people_told_at = models.DateTimeField(null=True, blank=True)
