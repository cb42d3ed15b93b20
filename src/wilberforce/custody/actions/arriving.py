"""Somebody whom another force handed over arrives: what came with them, and which of their clocks go on."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import policy
from wilberforce.custody.models import Absence, Detention, Entry, EntryKind, Held, Review
from wilberforce.custody.rules import Brought
from wilberforce.custody.rules.transfer import BROUGHT, Terms
from wilberforce.deadlines import actions as deadlines
from wilberforce.operations.actions.sense import in_order
from wilberforce.operations.rules import Moment

from .due import DETENTION

ON_THE_WAY = "custody-transfer"
NEEDS = ("language", "interpreter", "appropriate_adult", "possible_victim")
EXTENSION = ("extended_at", "extended_by", "extension_reason")
BEFORE = "In the record of the force that held them before."


def coming(actor: Actor, arrest_id: UUID) -> Row | None:
    """On the way to this force, or handed over by it and not received."""
    on_the_way = Q(arrest_id=arrest_id, received_at=None)
    found = policy.TRANSFERS.many(actor, on_the_way, projection=DETENTION, limit=1)
    return found[0] if found else None


def came_how(actor: Actor, handed: Row) -> tuple[Brought, datetime | None]:
    """Who comes back, because the other force did not take them, comes back to the clocks that ran."""
    if handed["controller_id"] == actor.home:
        return Brought.GOES_ON, None
    terms = Terms(handed["terms"])
    return BROUGHT[terms], handed["left_at"] if terms is Terms.THEIR_OFFENCE else None


def only_if_handed_over(actor: Actor, arrest_id: UUID) -> None:
    """Whoever was let go is arrested again before they are booked in again."""
    if policy.DETENTIONS.many(actor, Q(arrest_id=arrest_id), projection=DETENTION, limit=1):
        raise RuleBroken("They are booked in already. Open their custody record.", code="booked_in_twice")


def brings(made: Detention, handed: Row) -> None:
    """Before the record is kept: what the person needs comes along on any terms, the rest where the clocks go on."""
    carried = json.loads(handed["carried"])
    for name in NEEDS:
        setattr(made, name, carried[name])
    if made.brought != Brought.AFTER_ANOTHER_FORCE:
        made.first_authorised_at = handed["first_authorised_at"]
    if made.brought == Brought.GOES_ON and carried["extended_at"]:
        made.extended_at = datetime.fromisoformat(carried["extended_at"])
        made.extended_by, made.extension_reason = UUID(carried["extended_by"]), carried["extension_reason"]


def received(actor: Actor, made: Detention, handed: Row) -> None:
    """The one record ends where the other begins: nobody is in two places, or in none."""
    in_order(Moment("departure from the other force", handed["left_at"]), Moment("arrival", made.arrived_at),
             field="arrived_at")  # fmt: skip
    changes = {"received_at": made.arrived_at, "received_force": actor.home}
    policy.TRANSFERS.change(actor, handed["id"], changes, projection=DETENTION)
    if handed["to_force"] == actor.home:
        deadlines.meet(actor, made.arrest_id, ON_THE_WAY, made.arrived_at)
    else:
        deadlines.cancel(actor, made.arrest_id, ON_THE_WAY, agency_id=handed["to_force"])
    if made.brought != Brought.AFTER_ANOTHER_FORCE:
        _goes_on(actor, made, json.loads(handed["carried"]))


def _goes_on(actor: Actor, made: Detention, carried: dict[str, Any]) -> None:
    case = {
        "controller_id": made.controller_id, "operation_id": made.operation_id, "arrested_by": made.arrested_by,
        "arrest_id": made.arrest_id, "detention_id": made.pk,
    }  # fmt: skip
    for row in carried["reviews"]:
        kept = {name: datetime.fromisoformat(row[name]) for name in ("due_at", "at")}
        policy.REVIEWS.add(
            actor,
            Review(**case, **kept, kind=Held.HELD, by=UUID(row["by"]), decision=row["decision"], reason=BEFORE),
            projection=DETENTION,
        )
    for left, back in carried["absences"]:
        times = {"left_at": datetime.fromisoformat(left), "back_at": datetime.fromisoformat(back)}
        policy.ABSENCES.add(actor, Absence(**case, **times), projection=DETENTION)
    for row in carried["entries"]:
        if row["kind"] == EntryKind.QUESTIONED or made.brought == Brought.GOES_ON:
            policy.ENTRIES.add(actor, _entry(case, row), projection=DETENTION)


def _entry(case: dict[str, Any], row: dict[str, Any]) -> Entry:
    until = datetime.fromisoformat(row["until"]) if row["until"] else None
    return Entry(
        **case, kind=row["kind"], at=datetime.fromisoformat(row["at"]), until=until, hours=row["hours"],
        codes=row["codes"], by=UUID(row["by"]), text=BEFORE,
    )  # fmt: skip
