"""Parked envelopes: read by whoever may see their class, taken in under that person's own grants, or set aside."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor, Note
from wilberforce.agencies.models import Membership
from wilberforce.base import outbox
from wilberforce.base.errors import NotAllowed, RuleBroken, Unreadable
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age
from wilberforce.ledger.doors import action
from wilberforce.reception import lists
from wilberforce.reception.models import Envelope, Seat, Settled, Where

from . import boxes, rules, takings
from .boxes import Opened, Row
from .takings import Letter

MOST = 50
NOT_SHOWN = frozenset({"key", "sha256", "chunks", "size"})
WORDS: dict[str, dict[str, Any]] = {
    "thing": lists.THINGS,
    "languages": LANGUAGES,
    "age": {one.value: one for one in Age},
    "to": {one.value: one for one in Where},
}
CALLED = {"thing": "What", "to": "Where to", "quantity": "How many", "detail": "Size or detail", "text": "Note"}
KINDS = {
    "registered": "Somebody was registered",
    "corrected": "Something was corrected",
    "moved": "Somebody was moved",
    "gave": "Something was given or done",
    "took-back": "What was given is taken back",
    "noted": "A note",
    "pictured": "A picture of belongings",
}
CENTRE = {"centre": "centre_id"}


@dataclass(frozen=True, slots=True)
class Waiting:
    envelope: Envelope
    why: str
    kind: str
    by: str
    at: datetime
    clock: str
    said: list[tuple[str, str]]


def at_centre(actor: Actor, centre_id: UUID) -> list[Waiting]:
    """The oldest first; content only of classes that the actor may read."""
    parked = Envelope.objects.filter(centre_id=centre_id, status=Envelope.Status.PARKED, settled=None)
    found = list(parked.select_related("tablet").order_by("seq")[:MOST])
    contents = {envelope.seq: opened(envelope) for envelope in found}
    names = _names([one for one in contents.values() if one])
    for data_class in {rules.CLASS_OF[one.kind] for one in contents.values() if one}:
        ids = tuple(one.id for one in contents.values() if one and rules.CLASS_OF[one.kind] == data_class)
        if actor.holds(data_class, "R"):
            actor.note(Note("consultation", data_class, "R", "", actor.rules_for(data_class, "R"), ids))
    return [_waiting(actor, envelope, contents[envelope.seq], names) for envelope in found]


def _row(envelope: Envelope) -> Row:
    parts = (bytes(envelope.prev), envelope.kid, bytes(envelope.box), bytes(envelope.sig))
    return Row(envelope.id, envelope.tablet_id or UUID(int=0), envelope.dseq, *parts)


def opened(envelope: Envelope) -> Opened | None:
    try:
        return boxes.open_box(_row(envelope))
    except Unreadable:
        return None


def _names(opened: list[Opened]) -> dict[UUID, str]:
    seats = dict(Seat.objects.filter(pk__in={one.seat for one in opened}).values_list("pk", "membership_id"))
    people = Membership.objects.filter(pk__in=seats.values()).select_related("user")
    by_id = {one.pk: one.user.display_name for one in people}
    return {seat: by_id.get(member, "") for seat, member in seats.items()}


def _waiting(actor: Actor, envelope: Envelope, opened: Opened | None, names: dict[UUID, str]) -> Waiting:
    far, why = rules.words_for_offset(envelope.offset_ms), rules.REASONS.get(envelope.reason, envelope.reason)
    if opened is None:
        return Waiting(envelope, why, "Nobody can read it", "", envelope.received_at, far, [])
    at = outbox.corrected(opened.occurred_ms, envelope.offset_ms, envelope.received_at)
    readable = actor.holds(rules.CLASS_OF[opened.kind], "R")
    body = {"reference": opened.reference} | opened.body if readable else {}
    told = {name: _words(name, value) for name, value in body.items() if value and name not in NOT_SHOWN}
    said = [(CALLED.get(name, name.capitalize()), words) for name, words in told.items()]
    return Waiting(envelope, why, KINDS[opened.kind], names.get(opened.seat, ""), at, far, said)


def _words(name: str, value: Any) -> str:
    entries = WORDS.get(name, {})
    said = [str(one) for one in (value if isinstance(value, list) else [value])]
    return ", ".join(entries[one].label if one in entries else one for one in said)


def newcomer(centre_id: UUID, *, seq: int, taken_in: str, reference: str = "", why: str = "") -> str:
    """The card of whoever is registered by taking this in as it stands; empty where nobody is."""
    envelope = Envelope.objects.filter(
        seq=seq, centre_id=centre_id, status=Envelope.Status.PARKED, settled=None
    ).first()
    found = opened(envelope) if envelope and taken_in == "yes" and not reference else None
    return found.reference if found and found.kind == "registered" else ""


@action("centre", "W", about=CENTRE)
def settle(actor: Actor, centre_id: UUID, *, seq: int, taken_in: str, reference: str = "", why: str = "") -> Settled:
    """Taken in with its author and its time as they were written. Nothing is ever deleted."""
    envelope = Envelope.objects.filter(seq=seq, centre_id=centre_id, settled=None).first()
    if envelope is None or envelope.status != Envelope.Status.PARKED:
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="absent or hidden")
    if taken_in == "yes":
        _take_in(actor, centre_id, envelope, "".join(reference.split()).upper())
    elif not why.strip():
        raise RuleBroken("Say why it is set aside.", field="why")
    settled = Settled(envelope=envelope, taken_in=taken_in == "yes", why=why.strip(), by=actor.me)
    settled.save(force_insert=True)
    return settled


def _take_in(actor: Actor, centre_id: UUID, envelope: Envelope, reference: str) -> None:
    try:
        opened = boxes.open_box(_row(envelope))
    except Unreadable as why:
        raise RuleBroken(f"{rules.REASONS[why.reason]} Write it down by hand and set this aside.") from why
    if reference:
        entity = opened.entity if opened.kind == "registered" else None
        opened = replace(opened, reference=reference, entity=entity)
    seat = Seat.objects.filter(pk=opened.seat).first()
    at = outbox.corrected(opened.occurred_ms, envelope.offset_ms, envelope.received_at)
    claimed = outbox.instant_of(opened.occurred_ms, envelope.received_at)
    by = seat.membership_id if seat else actor.me
    letter = Letter(opened.id, opened, at, claimed, by=by, tablet=envelope.tablet_id)
    takings.take_in(actor, centre_id, [letter])
    if letter.reason:
        raise RuleBroken(rules.REASONS[letter.reason], field="reference")
