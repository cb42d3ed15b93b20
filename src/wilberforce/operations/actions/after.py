"""Afterwards: everybody says what they would keep and what they would change, and the commander says it was held."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import Debrief, DebriefKind, Lesson, State, Topic, Verdict

from .sense import agency, in_order, known

DAY_LOG, OWN_PART, WHOLE = "day_log", "own_part", ""
ABOUT = {"operation": "operation_id"}
DUE = {DebriefKind.HOT: "hot-debrief", DebriefKind.STRUCTURED: "structured-debrief"}


def seen_by(actor: Actor) -> str:
    """The slice in which this actor takes part in a debrief."""
    if actor.purpose == "op_planning":
        return WHOLE
    return DAY_LOG if actor.kind == "police" else OWN_PART


def debriefs_are_due(actor: Actor, operation_id: UUID, lead: UUID, ended: datetime) -> None:
    for code, rule in ((DUE[DebriefKind.HOT], rules.HOT_DEBRIEF), (DUE[DebriefKind.STRUCTURED], rules.STRUCTURED)):
        due = reckon(rule, ended).due_at
        deadlines.file(actor, operation_id, rule=code, due_at=due, role="op_commander", agency_id=lead)


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
    if operation["state"] != State.CLOSED:
        raise RuleBroken("The operation is not closed yet. Close it first.")
    in_order(rules.Moment("end of the operation", operation["ended_at"]), rules.Moment("debrief", at))
    debrief = Debrief(
        controller_id=operation["controller_id"],
        operation_id=operation_id,
        kind=known(kind, DebriefKind.values, "kind"),
        held_at=at,
        led_by=actor.me,
        agencies=[agency(one, "agencies").pk for one in dict.fromkeys(agencies)],
    )
    deadlines.meet(actor, operation_id, DUE[DebriefKind(kind)], at, agency_id=operation["controller_id"])
    return policy.DEBRIEFS.add(actor, debrief, projection=seen)
