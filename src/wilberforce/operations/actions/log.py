"""The log and the decisions: numbered, with the time and the hand, never changed afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import Decision, LogEntry

from .sense import marked, of_the_day, one_at_a_time, past

DAY_LOG, REVIEW = "day_log", "decision-review"


@action("operation", "W", about={"operation": "operation_id"}, projection=DAY_LOG)
def log(
    actor: Actor,
    operation_id: UUID,
    *,
    text: str,
    at: datetime | None = None,
    site_id: UUID | None = None,
    corrects: UUID | None = None,
    goes_on: bool = False,
) -> LogEntry:
    """``goes_on``: the line that a correction, or what comes after the end, writes of itself."""
    at = at or clock.now()
    operation = of_the_day(actor, operation_id, at, DAY_LOG, afterwards=goes_on or corrects is not None)
    if not text.strip():
        raise RuleBroken("Write what happened.", field="text")
    if site_id and policy.SITES.one(actor, site_id, projection=DAY_LOG)["operation_id"] != operation_id:
        raise RuleBroken("Choose a site of this operation.", field="site_id")
    entry = LogEntry(
        controller_id=operation["controller_id"],
        operation_id=operation_id,
        site_id=site_id,
        number=_next(actor, policy.LOG, operation_id, DAY_LOG),
        at=past("time of the entry", at),
        by=actor.me,
        text=marked(operation_id, text),
        corrects=corrects,
    )
    return policy.LOG.add(actor, entry, projection=DAY_LOG)


def correct_entry(actor: Actor, entry_id: UUID, *, text: str, at: datetime | None = None) -> LogEntry:
    """The earlier entry stays; this one stands beside it."""
    earlier = policy.LOG.one(actor, entry_id, projection=DAY_LOG)
    return log(
        actor,
        earlier["operation_id"],
        text=text,
        at=at,
        site_id=earlier["site_id"],
        corrects=entry_id,
    )


@action("operation", "W", about={"operation": "operation_id"})
def decide(
    actor: Actor,
    operation_id: UUID,
    *,
    information: str,
    threat: str,
    powers: str,
    options: str,
    decision: str,
    rejected: str = "",
    review_at: datetime | None = None,
    at: datetime | None = None,
    corrects: UUID | None = None,
) -> Decision:
    """One turn of the decision model: what is known, what threatens, which powers, which options, what was decided."""
    at = at or clock.now()
    operation = of_the_day(actor, operation_id, at, afterwards=corrects is not None)
    if not decision.strip():
        raise RuleBroken("Write what you decided and why.", field="decision")
    past("time of the decision", at)
    review_at = looked_at_again(at, review_at)
    taken = Decision(
        controller_id=operation["controller_id"], operation_id=operation_id, by=actor.me, at=at,
        number=_next(actor, policy.DECISIONS, operation_id), corrects=corrects, review_at=review_at,
        information=information, threat=threat, powers=powers, options=options, rejected=rejected,
        decision=marked(operation_id, decision),
    )  # fmt: skip
    policy.DECISIONS.add(actor, taken)
    lead = operation["controller_id"]
    if corrects is not None:
        deadlines.meet(actor, corrects, REVIEW, agency_id=lead)
    deadlines.file(actor, taken.pk, rule=REVIEW, due_at=review_at, role="op_commander", agency_id=lead)
    return taken


def looked_at_again(at: datetime, review_at: datetime | None) -> datetime:
    """As whoever decides says, or a day later."""
    if review_at is not None and review_at <= at:
        raise RuleBroken("The review comes after the decision. Check both times.", field="review_at")
    return review_at or reckon(rules.DECISION_REVIEW, at).due_at


def correct_decision(actor: Actor, decision_id: UUID, **taken: Any) -> Decision:
    """The earlier decision stays; this one says what holds instead."""
    earlier = policy.DECISIONS.one(actor, decision_id)
    return decide(actor, earlier["operation_id"], corrects=decision_id, **taken)


def _next(actor: Actor, table: Protected[Any], operation_id: UUID, projection: str = "") -> int:
    one_at_a_time(operation_id)
    return table.count(actor, Q(operation_id=operation_id)) + 1
