"""What falls due is filed afresh from the dates after each verb, so that no verb can forget it."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.custody import policy
from wilberforce.custody.clocks import KINDS, clocks
from wilberforce.deadlines import actions as deadlines

DETENTION = "detention"
LONGEST = 100


def of_detention(actor: Actor, table: Any, detention_id: UUID, order: str) -> list[dict[str, Any]]:
    mine = Q(detention_id=detention_id)
    rows: list[dict[str, Any]] = table.many(actor, mine, projection=DETENTION, order_by=(order,), limit=LONGEST)
    return rows


def case_of(held: dict[str, Any]) -> dict[str, Any]:
    """What each row of a detention carries along, because who is independent follows from it."""
    carried = {name: held[name] for name in ("controller_id", "operation_id", "arrested_by", "arrest_id")}
    return carried | {"detention_id": held["id"]}


def file_what_is_due(actor: Actor, detention_id: UUID) -> None:
    held = policy.DETENTIONS.one(actor, detention_id, projection=DETENTION)
    if held["ended_at"] is not None:
        for over in ("review", "custody-rest"):
            deadlines.cancel(actor, detention_id, over)
        for met in ("detention", "release-now"):
            deadlines.meet(actor, detention_id, met, held["ended_at"])
        return
    reviews = of_detention(actor, policy.REVIEWS, detention_id, "at")
    away = of_detention(actor, policy.ABSENCES, detention_id, "left_at")
    entries = of_detention(actor, policy.ENTRIES, detention_id, "at")
    due_at = {due.code: due.at for due in clocks(held, reviews, away, clock.now(), entries).due if due.code}
    for instead in {"review", "release-now"} - set(due_at):
        deadlines.cancel(actor, detention_id, instead)
    for code, at in due_at.items():
        deadlines.file(actor, detention_id, rule=code, due_at=at, role=KINDS[code].role)
