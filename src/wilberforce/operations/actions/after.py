"""Afterwards: everybody says what they would keep and what they would change, and the commander says it was held."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.access.protect import Row
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import clock_time, reckon
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import Debrief, DebriefKind, Lesson, State, Topic, Verdict

from .correcting import as_asked, kept_beside
from .sense import agency, in_order, known, one_at_a_time

DAY_LOG, OWN_PART, WHOLE = "day_log", "own_part", ""
ABOUT = {"operation": "operation_id"}
DUE = {DebriefKind.HOT: "hot-debrief", DebriefKind.STRUCTURED: "structured-debrief"}
HELD_BY = {DebriefKind.HOT: rules.HOT_DEBRIEF, DebriefKind.STRUCTURED: rules.STRUCTURED}


def seen_by(actor: Actor) -> str:
    """The slice in which this actor takes part in a debrief."""
    if actor.purpose == "op_planning":
        return WHOLE
    return DAY_LOG if actor.kind == "police" else OWN_PART


def debriefs_are_due(
    actor: Actor, operation_id: UUID, lead: UUID, ended: datetime, kinds: Iterable[str] = DebriefKind.values
) -> None:
    for kind in map(DebriefKind, kinds):
        due = reckon(HELD_BY[kind], ended).due_at
        deadlines.file(actor, operation_id, rule=DUE[kind], due_at=due, role="op_commander", agency_id=lead)


def add_lesson(actor: Actor, operation_id: UUID, **said: Any) -> Lesson:
    """A partner speaks for itself, the police for whoever sits with them."""
    speak = {WHOLE: lesson_afterwards, DAY_LOG: lesson_on_the_day, OWN_PART: lesson_of_ourselves}[seen_by(actor)]
    return speak(actor, operation_id, said=said)


@action("operation", "W", about=ABOUT)
def lesson_afterwards(actor: Actor, operation_id: UUID, *, said: dict[str, Any]) -> Lesson:
    return _lesson(actor, operation_id, WHOLE, **said)


@action("operation", "W", about=ABOUT, projection=DAY_LOG)
def lesson_on_the_day(actor: Actor, operation_id: UUID, *, said: dict[str, Any]) -> Lesson:
    return _lesson(actor, operation_id, DAY_LOG, **said)


@action("operation", "W", about=ABOUT, projection=OWN_PART)
def lesson_of_ourselves(actor: Actor, operation_id: UUID, *, said: dict[str, Any]) -> Lesson:
    return _lesson(actor, operation_id, OWN_PART, **said | {"agency_id": None})


def _lesson(
    actor: Actor,
    operation_id: UUID,
    seen: str,
    *,
    kind: str,
    topic: str,
    verdict: str,
    text: str,
    follows: str = "",
    agency_id: UUID | None = None,
    owner_id: UUID | None = None,
) -> Lesson:
    operation = policy.OPERATIONS.one(actor, operation_id, projection=seen)
    if operation["started_at"] is None:
        raise RuleBroken("The operation has not been started, so there is nothing to look back on.")
    if not text.strip():
        raise RuleBroken("Write what happened, and why it matters.", field="text")
    lesson = Lesson(
        controller_id=operation["controller_id"],
        operation_id=operation_id,
        kind=known(kind, DebriefKind.values, "kind"),
        topic=known(topic, Topic.values, "topic"),
        verdict=known(verdict, Verdict.values, "verdict"),
        agency_id=agency(agency_id or actor.home).pk,
        owner_id=agency(owner_id, "owner_id").pk if owner_id else None,
        by=actor.me,
        text=text.strip(),
        follows=follows.strip(),
    )
    return policy.LESSONS.add(actor, lesson, projection=seen)


def hold_debrief(actor: Actor, operation_id: UUID, **held: Any) -> Debrief:
    hold = debrief_afterwards if seen_by(actor) == WHOLE else debrief_on_the_day
    return hold(actor, operation_id, held=held)


@action("operation", "W", about=ABOUT)
def debrief_afterwards(actor: Actor, operation_id: UUID, *, held: dict[str, Any]) -> Debrief:
    return _held(actor, operation_id, WHOLE, **held)


@action("operation", "W", about=ABOUT, projection=DAY_LOG)
def debrief_on_the_day(actor: Actor, operation_id: UUID, *, held: dict[str, Any]) -> Debrief:
    return _held(actor, operation_id, DAY_LOG, **held)


def _held(
    actor: Actor, operation_id: UUID, seen: str, *, kind: str, at: datetime, agencies: Sequence[UUID] = ()
) -> Debrief:
    if actor.role != "op_commander":
        raise RuleBroken("Only the commander says that a debrief was held.")
    operation = policy.OPERATIONS.one(actor, operation_id, projection=seen)
    if operation["state"] != State.CLOSED and not (operation["exercise"] and operation["ended_at"]):
        raise RuleBroken("The operation is not closed yet. Close it first.")
    one_at_a_time(operation_id)
    told = _sensible(operation, kind, at, agencies)
    _held_once(actor, operation_id, kind, seen)
    debrief = Debrief(controller_id=operation["controller_id"], operation_id=operation_id, led_by=actor.me, **told)
    deadlines.meet(actor, operation_id, DUE[DebriefKind(kind)], at, agency_id=operation["controller_id"])
    return policy.DEBRIEFS.add(actor, debrief, projection=seen)


def _sensible(operation: Row, kind: str, at: datetime, agencies: Sequence[UUID]) -> dict[str, Any]:
    in_order(rules.Moment("end of the operation", operation["ended_at"]), rules.Moment("debrief", at))
    there = [agency(one, "agencies").pk for one in dict.fromkeys(agencies)]
    if not there:
        raise RuleBroken("Choose who was there, your own force among them.", field="agencies")
    return {"kind": known(kind, DebriefKind.values, "kind"), "held_at": at, "agencies": there}


def _held_once(actor: Actor, operation_id: UUID, kind: str, seen: str = WHOLE) -> None:
    of_it = Q(operation_id=operation_id, kind=kind)
    held = policy.DEBRIEFS.many(actor, of_it, projection=seen, order_by=("held_at",), limit=1)
    if held:
        when = clock_time(held[0]["held_at"])
        sentence = f"It is recorded already, for {when}. Who came later, or a wrong answer, is put right in that one."
        raise RuleBroken(sentence, field="kind")


def correct_debrief(actor: Actor, debrief_id: UUID, **told: Any) -> Debrief:
    debrief = policy.DEBRIEFS.one(actor, debrief_id)
    return put_debrief_right(actor, debrief["operation_id"], debrief=debrief, **told)


@action("operation", "W", about=ABOUT)
def put_debrief_right(
    actor: Actor,
    operation_id: UUID,
    *,
    debrief: Row,
    kind: str,
    at: datetime,
    agencies: Sequence[UUID],
    why: str,
    version: int | None = None,
) -> Debrief:
    """What it said before stays. Of another kind than was thought, it leaves the one due and meets the other."""
    operation = policy.OPERATIONS.one(actor, operation_id)
    one_at_a_time(operation_id)
    told, lead = _sensible(operation, kind, at, agencies), operation["controller_id"]
    if kind != debrief["kind"]:
        _held_once(actor, operation_id, kind)
        debriefs_are_due(actor, operation_id, lead, operation["ended_at"], (debrief["kind"],))
        deadlines.meet(actor, operation_id, DUE[DebriefKind(kind)], at, agency_id=lead)
    with as_asked(at=debrief["held_at"], held_at=None):
        return kept_beside(actor, policy.DEBRIEFS, debrief["id"], told, reason(why), version)
