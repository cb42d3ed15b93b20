"""Somebody asks for their own data: who they are is checked, a guardian leaves out what is about others, and the copy
is handed over in person or goes by the contact that they said is safe. Where they live is never in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor, Note
from wilberforce.access.protect import Protected, Row
from wilberforce.access.together import together
from wilberforce.agencies.policy import guardian
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.registries import follow
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.referrals.policy import FORMS
from wilberforce.survivors.policy import (
    ACCOUNTS,
    ANSWERS,
    CARE,
    CLINICAL_NOTES,
    COPY,
    IDENTITIES,
    NOTES,
    PEOPLE,
    ROLES,
    TOLD,
)

from . import rules
from .models import AccessRequest

RULE = "access-request"
HELD: tuple[tuple[str, Protected[Any]], ...] = (
    ("Reference and needs", PEOPLE), ("What they were found to be", ROLES), ("Who they are", IDENTITIES),
    ("Care", CARE), ("Clinical notes", CLINICAL_NOTES), ("Support notes", NOTES), ("What they were told", TOLD),
    ("What they answered", ANSWERS), ("Their account", ACCOUNTS), ("The referral", FORMS),
)  # fmt: skip
MOST = 200


def receive(actor: Actor, *, reference: str) -> AccessRequest:
    """The answer is the same whether or not anybody is known by this reference."""
    mine = guardian(actor, actor.home)
    made = AccessRequest(
        agency_id=actor.home, reference="".join(reference.split()).upper()[:20], received_by=mine.pk
    )  # fmt: skip
    made.save(force_insert=True)
    due_at = reckon(rules.ACCESS_REQUESTS, made.received_at, trigger="received").due_at
    deadlines.file(actor, made.pk, rule=RULE, due_at=due_at, role="data_guardian")
    made.refresh_from_db(fields=["person_id"])
    follow("sharing.own_data_asked", actor, {"person": made.person_id, "reference": made.reference, "due_at": due_at})
    _note(actor, made, "alteration", "W")
    return made


def check(actor: Actor, request_id: UUID, *, how: str) -> AccessRequest:
    one = _open(actor, request_id)
    if one.verified_at:
        raise RuleBroken("Who they are was checked already.")
    one.verified_by, one.verified_at, one.verified_how = actor.me, clock.now(), how
    one.save(update_fields=["verified_by", "verified_at", "verified_how"])
    _note(actor, one, "alteration", "W")
    return one


def bundle(actor: Actor, one: AccessRequest) -> list[tuple[str, list[Row]]]:
    """Everything that this agency holds and the matrix lets a guardian copy, in one statement."""
    held = [(title, table) for title, table in HELD if actor.holds(table.data_class, "R")]
    parts = [
        table.asked(
            actor,
            Q(pk=one.person_id) if table is PEOPLE else Q(person_id=one.person_id),
            projection=COPY,
            order_by=("id",),
            limit=MOST,
        )
        for _, table in held
    ]
    return [(title, rows) for (title, _), rows in zip(held, together(actor, *parts), strict=True) if rows]


def leave_out(actor: Actor, request_id: UUID, records: Sequence[UUID]) -> AccessRequest:
    """What names or is about somebody else stays behind."""
    one = _open(actor, request_id)
    one.left_out = list(dict.fromkeys(records))
    one.save(update_fields=["left_out"])
    _note(actor, one, "alteration", "W")
    return one


def hand_over(actor: Actor, request_id: UUID, *, way: str) -> AccessRequest:
    """It is written down as a disclosure of each class, to the person themselves; then nothing is open any more."""
    one = _open(actor, request_id)
    if one.verified_at is None:
        raise RuleBroken("Check first who they are.", field="way")
    held = bundle(actor, one)
    safe = any(row.get("contact_is_safe") == "yes" for _, rows in held for row in rows)
    if way == "safe channel" and not safe:
        raise RuleBroken("No contact is recorded as safe. Hand it over in person.", field="way")
    for data_class in sorted({table.data_class for title, table in HELD if title in {name for name, _ in held}}):
        actor.note(Note("disclosure", data_class, "R", COPY, "access request", (one.person_id, one.pk)))
    one.way, one.closed_at, one.closed_by = way, clock.now(), actor.me
    one.save(update_fields=["way", "closed_at", "closed_by"])
    deadlines.meet(actor, one.pk, RULE)
    follow("sharing.own_data_answered", actor, {"person": one.person_id, "reference": one.reference})
    return one


def request_of(actor: Actor, request_id: UUID) -> AccessRequest:
    found = AccessRequest.objects.filter(pk=request_id, agency_id=actor.home).first()
    if found is None or actor.role != "data_guardian":
        raise NotAllowed(rule="access request", reason="row")
    return found


def _open(actor: Actor, request_id: UUID) -> AccessRequest:
    guardian(actor, actor.home)
    found = (
        AccessRequest.objects.select_for_update().filter(pk=request_id, agency_id=actor.home, closed_at=None).first()
    )
    if found is None:
        raise NotAllowed(rule="access request", reason="row")
    return found


def _note(actor: Actor, one: AccessRequest, op: str, does: str) -> None:
    actor.note(Note(op, "person_ref", does, COPY, "access request", (one.person_id, one.pk)))
