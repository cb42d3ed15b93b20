"""What carers write: support notes, care flags, clinical notes, where the person goes next, their own account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.survivors import lists, policy
from wilberforce.survivors.models import Account, CareFlag, ClinicalNote, NextPlace, Note

from .writer import ended, written


@action("support", "W", about={"person": "person_id"})
def note_support(actor: Actor, person_id: UUID, text: str, counselling: bool = False) -> Note:
    note = Note(text=_words(text), counselling=counselling, **written(actor, person_id))
    return policy.NOTES.add(actor, note)


@action("health", "W", about={"person": "person_id"})
def care_flag(actor: Actor, person_id: UUID, *, kind: str, detail: str) -> CareFlag:
    """What carers must know to do no harm, without the diagnosis."""
    lists.known([kind], lists.CARE, "kind")
    flag = CareFlag(kind=kind, detail=_words(detail, "detail", 500), **written(actor, person_id))
    return policy.CARE.add(actor, flag)


@action("health", "W", about={"person": "person_id"})
def end_care_flag(actor: Actor, person_id: UUID, flag_id: UUID, *, why: str, version: int) -> CareFlag:
    if policy.CARE.one(actor, flag_id)["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    return policy.CARE.change(actor, flag_id, {"ended_at": clock.now(), **ended(actor, why)}, version=version)


@action("health", "W", about={"person": "person_id"})
def note_clinical(actor: Actor, person_id: UUID, text: str, counselling: bool = False) -> ClinicalNote:
    note = ClinicalNote(text=_words(text), counselling=counselling, **written(actor, person_id))
    return policy.CLINICAL_NOTES.add(actor, note)


@action("location", "W", about={"person": "person_id"})
def record_next_place(
    actor: Actor, person_id: UUID, *, kind: str, address: str, from_at: datetime | None = None
) -> NextPlace:
    """The kind is a code; the address is sealed and is nowhere else."""
    lists.known([kind], lists.PLACES, "kind")
    words = _words(address, "address", 500)
    place = NextPlace(kind=kind, address=words, from_at=from_at or clock.now(), **written(actor, person_id))
    return policy.NEXT_PLACES.add(actor, place)


@action("location", "W", about={"person": "person_id"})
def correct_next_place(actor: Actor, person_id: UUID, *, kind: str, address: str, why: str, version: int) -> NextPlace:
    """What this agency wrote last and is wrong. Whoever moves on gets another place instead."""
    latest = policy.NEXT_PLACES.many(actor, Q(person_id=person_id, controller_id=actor.home), limit=1)
    if not latest:
        raise RuleBroken("No place is recorded yet.", field="address")
    lists.known([kind], lists.PLACES, "kind")
    changes = {"kind": kind, "address": _words(address, "address", 500)}
    return corrected(
        actor, policy.NEXT_PLACES, policy.FORMER_PLACES, latest[0]["id"], changes, version=version, why=reason(why)
    )


@action("account", "W", about={"person": "person_id", "operation": "operation_id"})
def record_account(
    actor: Actor,
    person_id: UUID,
    *,
    text: str,
    taken_at: datetime | None = None,
    present: str = "",
    operation_id: UUID | None = None,
) -> Account:
    """In the person's own words, and once: whoever needs it later reads it instead of asking again."""
    at = taken_at or clock.now()
    if at > clock.now():
        raise RuleBroken("The account was taken earlier than now. Check the time.", field="taken_at")
    if policy.ACCOUNTS.many(actor, Q(person_id=person_id, controller_id=actor.home), limit=1):
        raise RuleBroken("Their account is recorded already. Add to it instead of asking twice.", field="text")
    account = Account(
        text=_words(text, "text", 15_000), present=present.strip(), taken_at=at, operation_id=operation_id,
        **written(actor, person_id),
    )  # fmt: skip
    return policy.ACCOUNTS.add(actor, account)


@action("account", "W", about={"person": "person_id"})
def correct_account(
    actor: Actor, person_id: UUID, *, version: int, text: str, present: str = "", why: str = ""
) -> Account:
    found = policy.ACCOUNTS.many(actor, Q(person_id=person_id, controller_id=actor.home), limit=1)
    if not found:
        raise RuleBroken("No account is recorded yet.", field="text")
    changes: Mapping[str, Any] = {"text": _words(text, "text", 15_000), "present": present.strip()}
    record = found[0]["id"]
    return corrected(actor, policy.ACCOUNTS, policy.FORMER_ACCOUNTS, record, changes, version=version, why=why)


def _words(text: str, field: str = "text", limit: int = 20_000) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken("Write something, or leave this page.", field=field)
    if len(words) > limit:
        raise RuleBroken(f"Use {limit:,} characters or fewer. You have used {len(words):,}.", field=field)
    return words
