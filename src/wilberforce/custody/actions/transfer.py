"""A person is handed over to another force: the record here ends, and they are on the way until they are booked in."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Agency
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import policy
from wilberforce.custody.models import Ending, EntryKind, Held, Transfer
from wilberforce.custody.rules import ARRIVES
from wilberforce.custody.rules.transfer import Terms
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.rules import Moment

from .arriving import EXTENSION, NEEDS, ON_THE_WAY
from .detention import absences_of, detained
from .due import DETENTION, case_of, of_detention
from .endings import outcome
from .entries import entries_of

GO_ALONG = (EntryKind.QUESTIONED, EntryKind.COURT_WARRANT, EntryKind.FURTHER_OFFENCE, EntryKind.REST)


def hand_to_force(
    actor: Actor,
    detention_id: UUID,
    *,
    to_force: UUID,
    terms: str,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Transfer:
    made = handed_over(actor, detention_id, to_force=to_force, terms=terms, at=at)
    outcome(actor, detention_id, kind=Ending.TRANSFERRED, at=at, reason=reason, version=version)
    return made


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def handed_over(actor: Actor, detention_id: UUID, *, to_force: UUID, terms: str, at: datetime) -> Transfer:
    """From here on the other force sees the arrest and is told that they come."""
    held = detained(actor, detention_id)
    known(terms, [str(one) for one in Terms], "terms")
    if to_force == actor.home or not Agency.objects.filter(pk=to_force, kind="police").exists():
        raise RuleBroken("Choose the other force to which they go.", field="to_force")
    in_order(Moment("arrival", held["arrived_at"]), Moment("departure", at))
    made = Transfer(
        **case_of(held),
        to_force=to_force,
        terms=terms,
        left_at=at,
        by=actor.me,
        relevant_at=held["relevant_at"],
        first_authorised_at=held["first_authorised_at"] or held["authorised_at"],
        carried=json.dumps(_carried(actor, held), default=str),
    )
    policy.TRANSFERS.add(actor, made, projection=DETENTION)
    due = reckon(ARRIVES, at, trigger="left").due_at
    deadlines.file(
        actor, held["arrest_id"], rule=ON_THE_WAY, due_at=due, role="custody_officer", agency_id=to_force
    )  # fmt: skip
    return made


def _carried(actor: Actor, held: Row) -> dict[str, Any]:
    """Times and codes; the words stay in the record here."""
    reviews = of_detention(actor, policy.REVIEWS, held["id"], "at")
    entries = [row for row in entries_of(actor, held["id"]) if row["kind"] in GO_ALONG]
    return {
        **{name: held[name] for name in (*NEEDS, *EXTENSION)},
        "reviews": [_only(row, "due_at", "at", "by", "decision") for row in reviews if row["kind"] == Held.HELD],
        "absences": [(row["left_at"], row["back_at"]) for row in absences_of(actor, held["id"]) if row["back_at"]],
        "entries": [_only(row, "kind", "at", "until", "hours", "codes", "by") for row in entries],
    }


def _only(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}
