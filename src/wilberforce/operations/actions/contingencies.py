"""What may go wrong: planned for in the same five answers each time, and told to each agency in its order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import Chance, Contingency, Iimarch, Level

from .correcting import kept_beside
from .sense import agency, known, still_open

ABOUT = {"operation": "operation_id"}


@action("operation", "W", about=ABOUT)
def plan_for(
    actor: Actor,
    operation_id: UUID,
    *,
    chance: str,
    sign: str,
    answer: str,
    decides: str,
    resource: str = "",
    agencies: Sequence[UUID] = (),
) -> Contingency:
    """What may go wrong, the sign of it, the answer to it, who decides, with what, and which agencies are told."""
    told = {"chance": chance, "sign": sign, "answer": answer, "decides": decides, "resource": resource}
    planned = Contingency(
        controller_id=still_open(actor, operation_id)["controller_id"],
        operation_id=operation_id,
        **_sensible(**told, agencies=agencies),
    )
    return policy.CONTINGENCIES.add(actor, planned)


def plan_otherwise(
    actor: Actor, contingency_id: UUID, *, why: str = "", version: int | None = None, **told: Any
) -> Contingency:
    """Copies of the order that were issued stay as they were."""
    operation = policy.CONTINGENCIES.one(actor, contingency_id)["operation_id"]
    return replan(actor, operation, contingency_id=contingency_id, changes=_sensible(**told), why=why, version=version)


def no_longer_plan(
    actor: Actor, contingency_id: UUID, *, used: bool, why: str, version: int | None = None
) -> Contingency:
    """It happened and this was done, or it no longer applies. The next issue of the order goes without it."""
    operation = policy.CONTINGENCIES.one(actor, contingency_id)["operation_id"]
    gone = {"ended_at": clock.now(), "used": used}
    return replan(actor, operation, contingency_id=contingency_id, changes=gone, why=reason(why), version=version)


@action("operation", "W", about=ABOUT)
def replan(
    actor: Actor, operation_id: UUID, *, contingency_id: UUID, changes: dict[str, Any], why: str, version: int | None
) -> Contingency:
    still_open(actor, operation_id)
    if policy.CONTINGENCIES.one(actor, contingency_id)["ended_at"]:
        raise RuleBroken("This was ended. Plan for it anew.")
    return kept_beside(actor, policy.CONTINGENCIES, contingency_id, changes, why, version)


def _sensible(
    *, chance: str, sign: str, answer: str, decides: str, resource: str = "", agencies: Sequence[UUID] = ()
) -> dict[str, Any]:
    if not sign.strip():
        raise RuleBroken("Write how somebody would notice it.", field="sign")
    if not answer.strip():
        raise RuleBroken("Write what is done then.", field="answer")
    return {
        "chance": known(chance, Chance.values, "chance"),
        "sign": sign,
        "answer": answer,
        "decides": known(decides, Level.values, "decides"),
        "resource": resource,
        "agencies": [agency(one, "agencies").pk for one in dict.fromkeys(agencies)],
    }


def as_parts(actor: Actor, operation_id: UUID) -> list[Row]:
    """For the order, below the method. Raises RuleBroken while nobody has planned for more people than expected."""
    planned = Q(operation_id=operation_id, ended_at=None)
    rows = policy.CONTINGENCIES.many(actor, planned, order_by=("id",), limit=100)
    if Chance.MORE_FOUND not in {row["chance"] for row in rows}:
        raise RuleBroken("Say in the plan first what happens if more people are found than planned.")
    sites = policy.SITES.many(actor, policy.in_plan(operation_id), order_by=("ref",), limit=100)
    people = rules.expected([site["expected"] for site in sites])
    return [
        {"heading": Iimarch.METHOD, "text": _words(row, people), "agencies": row["agencies"], "names_site": False}
        for row in rows
    ]


def _words(row: Row, people: rules.People) -> str:
    lines = [f"If it happens: {Chance(row['chance']).label[0].lower()}{Chance(row['chance']).label[1:]}."]
    if row["chance"] == Chance.MORE_FOUND:
        lines.append(f"Planned for: {people.most}. Ready for: {rules.more_than_expected(people)}.")
    lines += [f"Sign: {row['sign']}", f"Then: {row['answer']}", f"Decides: {Level(row['decides']).label}."]
    return "\n".join([*lines, f"With: {row['resource']}"] if row["resource"] else lines)
