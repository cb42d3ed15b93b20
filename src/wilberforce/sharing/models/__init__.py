"""Agreements between agencies as data, and what was let go under them. Ids, codes and dates; no content."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.sharing import rules
from wilberforce.sharing.rules import packs

from .before import Before
from .victim_requests import VictimRequest


class Agreement(models.Model):
    """Live from its first to its last legal day in London, once both sides' guardians have signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_agency_id = models.UUIDField()
    to_agency_id = models.UUIDField()
    data_class = models.CharField(max_length=20)
    purpose = models.CharField(max_length=30)
    fields = ArrayField(models.CharField(max_length=40), help_text="projections; 'all' for the whole class")
    basis = models.CharField(max_length=120)
    dpia_ref = models.CharField(max_length=40)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    successor_rule = models.CharField(max_length=10, choices=rules.SUCCEEDED, default="ends", db_default="ends")
    follows_id = models.UUIDField(null=True, blank=True, help_text="whose terms it has, signed with a successor")
    begun_by = models.UUIDField()
    signed_by_from = models.UUIDField(null=True, blank=True)
    signed_by_to = models.UUIDField(null=True, blank=True, help_text="or the outside recipient that signed on paper")
    paper_by = models.CharField(max_length=80, blank=True, help_text="which office signed on paper, not who")
    paper_on = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="agreement_ends_last"),
            models.CheckConstraint(condition=~Q(from_agency_id=F("to_agency_id")), name="agreement_of_two_agencies"),
            models.CheckConstraint(
                condition=Q(signed_by_to=None) | Q(signed_by_from=None) | ~Q(signed_by_to=F("signed_by_from")),
                name="agreement_signed_by_two",
            ),
            models.UniqueConstraint("follows_id", condition=Q(ended_at=None), name="agreement_followed_once"),
        )
        indexes = (
            models.Index("from_agency_id", "data_class", name="agreement_from"),
            models.Index("to_agency_id", "data_class", name="agreement_to"),
        )

    @property
    def signed(self) -> bool:
        return self.signed_by_from is not None and self.signed_by_to is not None

    def terms(self, last_days: Mapping[UUID, date]) -> rules.Agreement:
        """``last_days``: of each agency that has one, the first day on which it no longer acts."""
        classes, purposes = frozenset({self.data_class}), frozenset({self.purpose})
        known = [last_days[one] for one in (self.from_agency_id, self.to_agency_id) if one in last_days]
        return rules.Agreement(self.starts, self.ends, classes, purposes, self.ended_at, min(known, default=None))


class Disclosure(models.Model):
    """Exactly these fields of one subject, to one agency, for one purpose. ``at_once``: reviewed afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    from_agency_id = models.UUIDField()
    to_agency_id = models.UUIDField()
    data_class = models.CharField(max_length=20)
    projection = models.CharField(max_length=40, blank=True)
    fields = ArrayField(models.CharField(max_length=40))
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=40)
    answer_id = models.UUIDField(null=True, blank=True, help_text="the person's own answer, where that is the basis")
    payload_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bytes of a pack")
    at_once = models.BooleanField(default=False)
    initiated_by = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    approved_by = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=20, blank=True, choices=rules.REFUSED_BECAUSE)
    completed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="the person took their yes back")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("initiated_by")), name="disclosure_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(approved_by__isnull=False) | Q(at_once=True),
                name="disclosure_completed_after_approval",
            ),
            models.CheckConstraint(condition=~Q(fields=[]), name="disclosure_names_its_fields"),
        )
        indexes = (
            models.Index(
                *("to_agency_id", "data_class", "projection", "purpose", "expires_at"),
                condition=Q(recalled_at=None),
                name="disclosure_open_to",
            ),
            models.Index("from_agency_id", condition=Q(approved_at=None), name="disclosure_waits"),
            models.Index(F("asked_at").desc(), F("id").desc(), name="disclosure_latest"),
            models.Index("subject_id", name="disclosure_of"),
            models.Index("answer_id", condition=Q(answer_id__isnull=False), name="disclosure_rests_on"),
        )

    def standing(self, now: datetime) -> rules.Standing:
        """Where it stands, from its dates alone."""
        consent = self.basis == "consent"
        return rules.standing(
            rules.Disclosure(
                basis=rules.Basis.CONSENT if consent else rules.Basis.STATUTE,
                initiator=str(self.initiated_by),
                asked_at=self.asked_at,
                approved_at=self.approved_at,
                refused_at=self.refused_at,
                sent_at=self.completed_at,
                recalled_at=self.recalled_at,
                withdrawn_at=self.withdrawn_at,
                expires_at=self.expires_at,
            ),
            now,
        )


class Outsider(models.Model):
    """A recipient that nobody signs in for. ``public_key`` is an age key; it counts once somebody heard it read out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency_id = models.UUIDField(help_text="whose recipient it is")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    reached = models.CharField(max_length=120, help_text="where its packs go")
    public_key = models.CharField(max_length=80)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(default=clock.now)
    checked_by = models.UUIDField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    number_from = models.CharField(max_length=10, blank=True, choices=packs.NUMBER_FROM)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(checked_at=None) | Q(checked_by__isnull=False) & ~Q(number_from=""),
                name="outsider_checked_by_voice",
            ),
        )
        indexes = (models.Index("agency_id", name="outsider_of"),)

    @property
    def usable(self) -> bool:
        return self.checked_at is not None and self.ended_at is None


class Pack(models.Model):
    """The exact bytes for a recipient without a sign-in, sealed, until they were handed over or must not go."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    disclosure_id = models.UUIDField(unique=True)
    agency_id = models.UUIDField(help_text="the sender's")
    payload = models.BinaryField(default=b"", help_text="empty once it is over")
    made_by = models.UUIDField()
    made_at = models.DateTimeField(default=clock.now)
    over_at = models.DateTimeField(null=True, blank=True, help_text="when the bytes go, handed over or not")
    taken_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.UUIDField(null=True, blank=True)
    gone = models.CharField(max_length=10, blank=True, choices=packs.ANSWERS)
    gone_at = models.DateTimeField(null=True, blank=True)
    gone_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(gone_at=None) | Q(told_at__isnull=False), name="pack_gone_after_they_were_told"
            ),
        )


class Request(models.Model):
    """Somebody who works with the person asks whoever controls the record for one kind of thing. It never says
    whether there is any. A refusal may be disputed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    from_agency_id = models.UUIDField(help_text="who asks")
    to_agency_id = models.UUIDField(help_text="who controls the record")
    data_class = models.CharField(max_length=20)
    projection = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=40)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    answered_by = models.UUIDField(null=True, blank=True)
    disclosure_id = models.UUIDField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=20, blank=True, choices=rules.REFUSED_BECAUSE)
    disputed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(from_agency_id=F("to_agency_id")), name="request_from_another_agency"),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(disclosure_id=None), name="request_refused_or_answered"
            ),
            models.CheckConstraint(
                condition=Q(disputed_at=None) | Q(refused_at__isnull=False), name="request_disputed_after_refusal"
            ),
        )
        indexes = (
            models.Index("to_agency_id", "asked_at", name="request_to"),
            models.Index("from_agency_id", "asked_at", name="request_from"),
        )

    @property
    def state(self) -> str:
        if self.disputed_at:
            return "disputed"
        if self.refused_at:
            return "refused"
        return "answered" if self.disclosure_id else "waiting"


class Emergency(models.Model):
    """Somebody broke the glass over one person's record. Whose record it is, is found by the database itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20)
    subject_id = models.UUIDField(default=new_id, editable=False)
    holder_id = models.UUIDField(default=new_id, editable=False, help_text="the agency whose record it is")
    membership_id = models.UUIDField()
    agency_id = models.UUIDField()
    purpose = models.CharField(max_length=30)
    reason = models.CharField(max_length=20, choices=rules.EMERGENCIES)
    threat_reference = models.CharField(max_length=30, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    peer_by = models.UUIDField(null=True, blank=True)
    peer_said = models.CharField(max_length=3, blank=True, choices=[("yes", "Yes"), ("no", "No")])
    peer_at = models.DateTimeField(null=True, blank=True)
    second_by = models.UUIDField(null=True, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    own_review_by = models.UUIDField(null=True, blank=True)
    own_review = models.CharField(max_length=10, blank=True, choices=rules.VERDICTS)
    own_review_at = models.DateTimeField(null=True, blank=True)
    holder_review_by = models.UUIDField(null=True, blank=True)
    holder_review = models.CharField(max_length=10, blank=True, choices=rules.VERDICTS)
    holder_review_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opened_at"), expires_at__lte=F("opened_at") + rules.GLASS.value),
                name="emergency_lasts_four_hours",
            ),
            models.CheckConstraint(
                condition=Q(second_at=None) | Q(second_at__gte=F("opened_at") + rules.UNANSWERED.value),
                name="emergency_second_after_two_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(peer_by=F("membership_id"))
                & ~Q(second_by=F("membership_id"))
                & ~Q(own_review_by=F("membership_id"))
                & ~Q(holder_review_by=F("membership_id")),
                name="emergency_answered_by_others",
            ),
        )
        indexes = (
            models.Index("membership_id", "expires_at", name="emergency_of_member"),
            models.Index("subject_id", name="emergency_about"),
        )

    def unreviewed(self, agency_id: UUID) -> bool:
        mine = self.own_review_at if agency_id == self.agency_id else self.holder_review_at
        return mine is None


class EmergencyAlarm(models.Model):
    """One worker of the person whose record somebody opened in an emergency. The database alone raises it, at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    emergency_id = models.UUIDField()
    membership_id = models.UUIDField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=10, blank=True, choices=rules.WORKERS_SAY)

    class Meta:
        constraints = (models.UniqueConstraint("emergency_id", "membership_id", name="alarm_once_for_a_worker"),)
        indexes = (models.Index("membership_id", condition=Q(seen_at=None), name="alarm_unseen"),)


class AccessRequest(models.Model):
    """A person asks an agency for what it holds about them. Whom it is about, the database finds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency_id = models.UUIDField()
    reference = models.CharField(max_length=20)
    person_id = models.UUIDField(default=new_id, editable=False)
    received_by = models.UUIDField()
    received_at = models.DateTimeField(default=clock.now)
    verified_by = models.UUIDField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=20, blank=True, choices=rules.CHECKED_WHO)
    left_out = ArrayField(models.UUIDField(), default=list, blank=True)
    way = models.CharField(max_length=20, blank=True, choices=rules.COPY_GOES)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(way="") | Q(verified_at__isnull=False, closed_at__isnull=False), name="copy_after_the_check"
            ),
        )
        indexes = (models.Index("agency_id", "received_at", name="access_request_of"),)


__all__ = [
    "AccessRequest",
    "Agreement",
    "Before",
    "Disclosure",
    "Emergency",
    "EmergencyAlarm",
    "Outsider",
    "Pack",
    "Request",
    "VictimRequest",
]
