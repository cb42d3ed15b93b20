"""Police ask whoever keeps records about a victim for some of them (PCSC Act 2022 ch.3A)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import Sealed, SealedField, open_sealed, place_of, sealed_fields
from wilberforce.sharing.rules import material

if TYPE_CHECKING:
    from . import Disclosure, Pack


class VictimRequest(models.Model):
    """Whom it is about, the database finds. ``records`` are exactly those that may be read.

    What is typed names nobody, since the reference is enough, and is sealed all the same. ``excused_at``: whoever keeps
    the records goes on without the notice, which need not be given."""

    sealed_with = ("data_class", "from_agency_id")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20)
    person_id = models.UUIDField(default=new_id, editable=False)
    operation_id = models.UUIDField()
    from_agency_id = models.UUIDField(help_text="who asks")
    to_agency_id = models.UUIDField(help_text="who keeps the records")
    data_class = models.CharField(max_length=20, choices=material.KINDS)
    covers_from = models.DateField()
    covers_to = models.DateField()
    line = SealedField(max_text=1_000)
    necessary = SealedField(max_text=1_000)
    proportionate = SealedField(max_text=1_000)
    alternatives = SealedField(max_text=1_000)
    counselling = models.BooleanField(default=False)
    probative = SealedField(max_text=1_000)
    notice = SealedField(max_text=2_000)
    notice_form = models.CharField(max_length=10, choices=material.NOTICES, default="whole", db_default="whole")
    ground = models.CharField(max_length=20, blank=True, choices=material.GROUNDS, default="", db_default="")
    ground_why = SealedField(max_text=1_000, null=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    senior_by = models.UUIDField(null=True, blank=True)
    senior_at = models.DateTimeField(null=True, blank=True)
    excused_by = models.UUIDField(null=True, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    notice_may_at = models.DateTimeField(null=True, blank=True, help_text="the reason against the notice is over")
    noticed_by = models.UUIDField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    given_to = models.CharField(max_length=10, blank=True, choices=material.GIVEN_TO, default="", db_default="")
    given_because = models.CharField(max_length=10, blank=True, choices=material.BECAUSE, default="", db_default="")
    given_who = SealedField(max_text=300, null=True)
    view = models.CharField(max_length=10, blank=True, choices=material.VIEWS)
    said = SealedField(max_text=500)
    outside = models.BooleanField(default=False, db_default=False, help_text="whoever keeps them has no sign-in")
    letter_id = models.UUIDField(null=True, blank=True, help_text="the disclosure that is the letter")
    answer = models.CharField(max_length=10, blank=True, choices=material.ANSWERS, default="", db_default="")
    answered_by = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    records = ArrayField(models.UUIDField(), default=list, blank=True)
    chosen_by = models.UUIDField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    narrowed = models.BooleanField(default=False)
    disclosure_id = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.UUIDField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=20, blank=True, choices=material.REFUSALS)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(covers_to__gte=F("covers_from")), name="victim_request_covers_days"),
            models.CheckConstraint(
                condition=Q(chosen_at=None)
                | Q(expires_at__isnull=False) & (Q(noticed_at__isnull=False) | Q(excused_at__isnull=False)),
                name="victim_request_notice_before_choice",
            ),
            models.CheckConstraint(
                condition=Q(excused_at=None) | Q(notice_form="none", senior_at__isnull=False),
                name="victim_request_excused_by_the_act",
            ),
            models.CheckConstraint(
                condition=Q(excused_at=None) | Q(notice_may_at=None) | Q(excused_at__lte=F("notice_may_at")),
                name="victim_request_excused_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(notice_form="whole", ground="") | ~Q(notice_form="whole") & ~Q(ground=""),
                name="victim_request_exception_has_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(given_to__in=("", "person")) | ~Q(given_because=""), name="victim_request_given_for_them"
            ),
            models.CheckConstraint(
                condition=Q(letter_id=None)
                | Q(outside=True) & (Q(noticed_at__isnull=False) | Q(notice_form="none", senior_at__isnull=False)),
                name="victim_request_notice_before_letter",
            ),
            models.CheckConstraint(condition=~Q(senior_by=F("asked_by")), name="victim_request_senior_is_another"),
        )
        indexes = (
            models.Index("to_agency_id", "asked_at", name="victim_request_to"),
            models.Index("from_agency_id", "asked_at", name="victim_request_from"),
        )

    @property
    def controller_id(self) -> UUID:
        """Whose key its words are under: whoever wrote the request."""
        return self.from_agency_id

    @property
    def needs_senior(self) -> bool:
        return self.counselling or self.notice_form != "whole"

    def words(self) -> dict[str, str]:
        """What was typed, opened."""
        kept = {name: getattr(self, name) for name in sealed_fields(VictimRequest)}
        return {
            name: open_sealed(value.box, place_of(self, name)) if isinstance(value, Sealed) else value or ""
            for name, value in kept.items()
        }

    def stage(self, sent: Disclosure | None, pack: Pack | None, now: datetime) -> material.Stage:
        """``sent``: what the keeper sends, or the letter to a keeper without a sign-in, which lies in the pack."""
        excused = self.senior_at if self.outside and self.notice_form == "none" else self.excused_at
        steps = material.Steps(
            asked_at=self.asked_at,
            needs_senior=self.needs_senior,
            senior_at=self.senior_at,
            noticed_at=self.noticed_at,
            excused_at=excused,
            chosen_at=self.chosen_at,
            sent_at=self.sent_at,
            opened_at=sent.completed_at if sent else None,
            refused_at=self.refused_at or (sent.refused_at if sent else None),
            recalled_at=sent.recalled_at if sent else None,
            taken_back_at=self.taken_back_at,
            expires_at=self.expires_at,
        )
        if not self.outside:
            return material.stage(steps, now)
        posted = material.Posted(
            written_at=sent.asked_at if sent else None,
            approved_at=sent.completed_at if sent else None,
            handed_at=pack.handed_at if pack else None,
            answered_at=self.answered_at,
        )
        return material.stage_by_letter(steps, posted, now)
