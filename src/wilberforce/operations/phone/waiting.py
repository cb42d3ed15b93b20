"""What phones wrote and nobody could take in by itself: shown with who and when, until somebody decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor, Note
from wilberforce.base import clock, outbox
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy
from wilberforce.operations.board import people
from wilberforce.operations.models import PhoneRow, PhoneSeat

from . import boxes, takings
from .takings import Letter
from .words import REASONS, SETTLED, clock_said

DAY_LOG = "day_log"
MOST = 50
TITLES = {
    "found": "A person found",
    "handed": "A person handed over",
    "moved": "What happened at the site",
    "counted": "A count or a hazard",
    "logged": "A line of the log",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    kept: PhoneRow
    title: str
    why: str
    by: str
    at: datetime
    clock: str
    said: list[tuple[str, str]]

    @property
    def ways(self) -> list[tuple[str, str]]:
        """What may be decided about it."""
        claimed = self.kept.reason == "claimed" and self.title == TITLES["found"]
        return [(way, said) for way, said in SETTLED.items() if way == "aside" or claimed == (way in ("same", "other"))]


def of_operation(actor: Actor, operation_id: UUID) -> list[Waiting]:
    """The oldest first."""
    policy.OPERATIONS.one(actor, operation_id, projection=DAY_LOG)
    rows = PhoneRow.objects.filter(phone__operation_id=operation_id, taken_in=False, settled_at=None)
    found = [(row, boxes.opened_again(row)) for row in rows.select_related("phone").order_by("seq")[:MOST]]
    ids = tuple(row.id for row, _ in found)
    actor.note(Note("consultation", "operation", "R", DAY_LOG, actor.rules_for("operation", "R"), ids))
    seats = dict(
        PhoneSeat.objects.filter(pk__in={told.seat for _, told in found if told}).values_list("pk", "membership_id")
    )
    names = people(seats.values())
    by = {seat: names.get(member, "") for seat, member in seats.items()}
    return [_waiting(row, told, by.get(told.seat, "") if told else "") for row, told in found]


def _waiting(row: PhoneRow, told: boxes.Opened | None, by: str) -> Waiting:
    far, why = clock_said(row.offset_ms), row.why or REASONS.get(row.reason, row.reason)
    if told is None:
        return Waiting(row, "It could not be opened", why, by, row.received_at, far, [])
    at = outbox.corrected(told.occurred_ms, row.offset_ms, row.received_at)
    said = [(name, _words(value)) for name, value in ({"reference": told.reference} | told.body).items() if value]
    return Waiting(row, TITLES[told.kind], why, by, at, far, said)


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@action("operation", "W", about={"operation": "operation_id"}, projection=DAY_LOG)
def settle(actor: Actor, operation_id: UUID, *, seq: int, settled: str, why: str = "") -> PhoneRow:
    """Taken in with its time as it was written, under whoever decides. Nothing is ever deleted."""
    rows = PhoneRow.objects.select_for_update(of=("self",)).select_related("phone")
    row = rows.filter(seq=seq, phone__operation_id=operation_id, taken_in=False, settled_at=None).first()
    if row is None:
        raise NotAllowed(rule=actor.rules_for("operation", "W"), reason="absent or hidden")
    if settled not in SETTLED:
        raise RuleBroken("Choose what happens with it.", field="settled")
    if settled == "aside" and not why.strip():
        raise RuleBroken("Say why it is set aside.", field="why")
    if settled != "aside":
        _take_in(actor, row, settled)
    row.taken_in, row.settled_at, row.settled_by = settled != "aside", clock.now(), actor.me
    row.why = why.strip()[:200] if settled == "aside" else row.why
    row.save(update_fields=["taken_in", "settled_at", "settled_by", "why"])
    return row


def _take_in(actor: Actor, row: PhoneRow, settled: str) -> None:
    told = boxes.opened_again(row)
    if told is None:
        raise RuleBroken("It can't be opened. Write it on the board by hand and set this aside.", field="settled")
    at = outbox.corrected(told.occurred_ms, row.offset_ms, row.received_at)
    letter = Letter(told.id, replace(told, site=row.phone.site_id), at)
    takings.take_one(actor, row.phone, letter, settling=settled)
    if letter.reason:
        raise RuleBroken(letter.why or REASONS[letter.reason], field="settled")
