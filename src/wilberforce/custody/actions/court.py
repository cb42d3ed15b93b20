"""The case goes on after custody: a charge by post, the end of police bail, what the court does with custody."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import RuleBroken
from wilberforce.base.once import once
from wilberforce.concerns.models import YesNo
from wilberforce.custody import policy
from wilberforce.custody.lists import OFFENCES
from wilberforce.custody.models import Ending, EntryKind, Happened, Proceeding
from wilberforce.custody.rules import court
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.policy import lead_force
from wilberforce.operations.rules import Moment

from .defence import DEFENCE, charge_stands
from .due import DETENTION
from .updates import victims_hear

PROCEEDINGS = "proceedings"
LONGEST = 500
TWICE = "Somebody has corrected this line already. Look at the newer one first."
BY_CUSTODY = (court.REQUISITION, court.NO_FURTHER_ACTION, court.BAIL_OVER)
"""What custody writes itself while it still holds them."""


def proceed(actor: Actor, arrest_id: UUID, **told: Any) -> Proceeding:
    arrest = policy.ARRESTS.one(actor, arrest_id, projection="arrest")
    return proceeded(actor, arrest["operation_id"], arrest=arrest, **told)


@action("suspect", "W", about={"operation": "operation_id"}, projection=PROCEEDINGS)
def proceeded(
    actor: Actor,
    /,
    operation_id: UUID,
    *,
    arrest: Row,
    kind: str,
    at: datetime,
    until: date | None = None,
    spent: int = 0,
    offences: Sequence[str] = (),
    text: str = "",
    unweighed: str = "",
    instead_of: UUID | None = None,
) -> Proceeding:
    """What is due follows from all that stands: it is filed afresh after each step."""
    known(kind, dict(court.STEPS), "kind")
    in_order(Moment("arrest", arrest["arrested_at"]), Moment("event", at))
    every = steps(actor, [arrest["id"]])
    was = _corrected(every, kind, instead_of)
    if kind == court.EXTENDED:
        _may_be_extended([row for row in standing(every) if row["id"] != instead_of], at, until)
    charged = _charged(actor, arrest, kind, offences, unweighed)
    made = Proceeding(
        controller_id=actor.home, operation_id=operation_id, arrest_id=arrest["id"], kind=kind, at=at,
        until=until if kind == court.EXTENDED else None, spent=spent if kind in court.STARTS else 0, offences=charged,
        text=text.strip(), unweighed=unweighed.strip() if charged else "", by=actor.me, instead_of=instead_of,
    )  # fmt: skip
    with once("custody_step_corrected_once", TWICE, field="instead_of"):
        policy.PROCEEDINGS.add(actor, made, projection=PROCEEDINGS)
    _file_what_is_due(actor, arrest, standing(steps(actor, [arrest["id"]])))
    if kind in Happened.values and (was is None or was["kind"] != kind):
        victims_hear(actor, arrest | {"arrest_id": arrest["id"]}, kind, at)
    return made


def steps(actor: Actor, arrests: Sequence[UUID]) -> list[Row]:
    """The oldest first, with those that were corrected."""
    of = Q(arrest_id__in=list(arrests))
    return policy.PROCEEDINGS.many(actor, of, projection=PROCEEDINGS, order_by=("at", "id"), limit=LONGEST)


def standing(rows: Sequence[Row]) -> list[Row]:
    """Without those that were corrected or struck out."""
    replaced = {row["instead_of"] for row in rows}
    return [row for row in rows if row["id"] not in replaced and row["kind"] != court.STRUCK_OUT]


def _corrected(every: Sequence[Row], kind: str, instead_of: UUID | None) -> Row | None:
    was = next((row for row in every if row["id"] == instead_of), None)
    if was is None and (instead_of or kind == court.STRUCK_OUT):
        raise RuleBroken("Choose the earlier line of the same person that this corrects.", field="instead_of")
    return was


def _may_be_extended(before: Sequence[Row], at: datetime, until: date | None) -> None:
    field, fault = court.extension_fault(before, at, until)
    if fault:
        raise RuleBroken(fault, field=field)


def _charged(actor: Actor, arrest: Row, kind: str, offences: Sequence[str], unweighed: str) -> list[str]:
    """Nobody is charged by post while custody holds them, nor before the defence was weighed."""
    of = Q(arrest_id=arrest["id"])
    held = policy.DETENTIONS.many(actor, of, projection=DETENTION, order_by=("-id",), limit=1)
    if kind in BY_CUSTODY and held and held[0]["ended_at"] is None:
        raise RuleBroken("They are in custody. The custody officer writes how it ends.", field="kind")
    if kind != court.REQUISITION:
        return []
    if not offences or not set(offences) <= set(OFFENCES):
        raise RuleBroken("Choose the offences charged, from the list.", field="offences")
    possible = held[0]["possible_victim"] if held else YesNo.NOT_SURE
    charge_stands(actor, arrest["id"], possible, arrest["age_one_of"], unweighed, projection=DEFENCE)
    return list(dict.fromkeys(offences))


def _file_what_is_due(actor: Actor, arrest: Row, stand: Sequence[Row]) -> None:
    lead = lead_force(arrest["operation_id"]) or actor.home
    runs = court.time_limit(stand)
    for code in court.CODES:
        if runs and runs.code == code:
            deadlines.file(actor, arrest["id"], rule=code, due_at=runs.due_at, role="investigator", agency_id=lead)
        elif stand and stand[-1]["kind"] == court.TRIAL:
            deadlines.meet(actor, arrest["id"], code, stand[-1]["at"], agency_id=lead)
        else:
            deadlines.cancel(actor, arrest["id"], code, agency_id=lead)
    _file_police_bail(actor, Q(arrest_id=arrest["id"]), stand)


def _file_police_bail(actor: Actor, of: Q, stand: Sequence[Row]) -> None:
    """Whatever comes after it ends it. It runs again where all of that was struck out."""
    ended = standing(policy.OUTCOMES.many(actor, of, projection=DETENTION, limit=LONGEST))
    bailed = [row for row in ended if row["kind"] == Ending.BAILED]
    extended = Q(kind=EntryKind.BAIL)
    longer = policy.ENTRIES.many(actor, of & extended, projection=DETENTION, order_by=("at",), limit=LONGEST)
    until_of = {row["detention_id"]: row["until"] for row in longer}
    for row in bailed:
        about, agency = row["detention_id"], row["controller_id"]
        until = until_of.get(about, row["bail_until"])
        if stand:
            deadlines.meet(actor, about, "bail", stand[0]["at"], agency_id=agency)
        elif until:
            deadlines.file(actor, about, rule="bail", due_at=until, role="investigator", agency_id=agency)
