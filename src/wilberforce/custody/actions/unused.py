"""Unused material is listed by reference; a line is never changed, a correction stands in its place."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import policy
from wilberforce.custody.models import Unused
from wilberforce.custody.rules import schedule
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import one_at_a_time
from wilberforce.operations.policy import OPERATIONS

SCHEDULE, REFERENCE = "unused_schedule", "material_reference"


@action("suspect", "W", about={"operation": "operation_id"}, projection=SCHEDULE)
def list_unused(actor: Actor, /, operation_id: UUID, **told: Any) -> Unused:
    """It gets the next number of its case."""
    OPERATIONS.one(actor, operation_id, projection=REFERENCE)
    one_at_a_time(operation_id)
    here = Q(operation_id=operation_id)
    last = policy.UNUSED.many(actor, here, projection=SCHEDULE, order_by=("-number",), limit=1)
    number = last[0]["number"] + 1 if last else 1
    return _written(actor, operation_id, number, **told)


@action("suspect", "W", about={"operation": "operation_id"}, projection=SCHEDULE)
def correct_unused(actor: Actor, /, operation_id: UUID, *, line_id: UUID, why: str, **told: Any) -> Unused:
    """What stood there before stays beside it, with who wrote it and when."""
    one_at_a_time(operation_id)
    was = policy.UNUSED.one(actor, line_id, projection=SCHEDULE)
    if was["replaced_at"] or was["operation_id"] != operation_id:
        raise RuleBroken("Somebody has corrected this line already. Look at the newer one first.")
    policy.UNUSED.change(actor, line_id, {"replaced_at": clock.now()}, projection=SCHEDULE)
    return _written(actor, operation_id, was["number"], instead_of=line_id, why=reason(why), **told)


def _written(
    actor: Actor,
    operation_id: UUID,
    number: int,
    *,
    description: str,
    held_at: str,
    inspected: str,
    sensitive: str,
    decision: str = schedule.WAITS,
    decided_by: str = "",
    exhibit_id: UUID | None = None,
    **of_correction: Any,
) -> Unused:
    for field, sentence in schedule.faults(decision, decided_by).items():
        raise RuleBroken(sentence, field=field)
    if not description.strip() or not held_at.strip():
        raise RuleBroken("Describe it, and say where it is kept.", field="description")
    of_exhibit = _exhibit(actor, operation_id, exhibit_id) if exhibit_id else {}
    made = Unused(
        controller_id=actor.home, operation_id=operation_id, number=number, description=description.strip(),
        held_at=held_at.strip(), inspected=inspected, sensitive=sensitive, decision=decision, decided_by=decided_by,
        written_by=actor.me, **of_exhibit, **of_correction,
    )  # fmt: skip
    return policy.UNUSED.add(actor, made, projection=SCHEDULE)


def _exhibit(actor: Actor, operation_id: UUID, exhibit_id: UUID) -> dict[str, Any]:
    """By its reference, which is all that the schedule's writer reads of it."""
    found = policy.EXHIBITS.many(actor, Q(pk=exhibit_id, operation_id=operation_id), projection=REFERENCE, limit=1)
    if not found:
        raise RuleBroken("Choose an exhibit of the same case.", field="exhibit_id")
    return {"exhibit_id": exhibit_id, "exhibit": found[0]["reference"]}
