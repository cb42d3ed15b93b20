"""What was written down on the day and after it: the log, the decisions, the worries, the debriefs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.ids import is_exercise
from wilberforce.deadlines.policy import due_about
from wilberforce.operations import policy, rehearsal
from wilberforce.operations.actions.after import DUE, seen_by
from wilberforce.operations.board import MANY, agencies, every, of, people, read, said
from wilberforce.operations.models import DebriefKind, Topic, Verdict

DAY_LOG = "day_log"
STEPS = {
    "information": "Information and intelligence",
    "threat": "Threat, risk and working strategy",
    "powers": "Powers and policy",
    "options": "Options",
    "rejected": "Options rejected, and why",
}
"""The national decision model (College of Policing APP), before the action and its review."""
TOLD = {"keep": "done", "change": "soon", "not sure": "waiting"}


def operation_of(actor: Actor, operation_id: UUID) -> Row:
    return said(policy.OPERATIONS.one(actor, operation_id, projection=DAY_LOG))


def _on_its_clock(actor: Actor, operation_id: UUID, *tables: list[Row]) -> None:
    if is_exercise(operation_id):
        rehearsal.on_its_clock(operation_of(actor, operation_id), *tables)


def log(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """The latest first, with its site and hand; a correction names the entry that it corrects."""
    sites, entries = read(
        actor,
        every(policy.SITES, actor, operation_id, DAY_LOG, ("ref",)),
        every(policy.LOG, actor, operation_id, DAY_LOG, ("-number",)),
    )
    _on_its_clock(actor, operation_id, sites, entries)
    refs = {site["id"]: site["ref"] for site in sites}
    numbers = {entry["id"]: entry["number"] for entry in entries}
    names = people(entry["by"] for entry in entries)
    for entry in entries:
        entry |= {"site": refs.get(entry["site_id"], ""), "who": names.get(entry["by"], "")}
        entry["corrected"] = numbers.get(entry["corrects"])
    return {"sites": sites, "entries": entries}


def decisions(actor: Actor, operation_id: UUID) -> list[Row]:
    """The latest first, in the steps of the national decision model; a late review says so."""
    rows = policy.DECISIONS.many(actor, of(operation_id), order_by=("-number",), limit=MANY)
    numbers, names, now = {row["id"]: row["number"] for row in rows}, people(row["by"] for row in rows), clock.now()
    later = {row["corrects"] for row in rows}
    for row in rows:
        row["corrected"] = numbers.get(row["corrects"])
        row["who"] = names.get(row["by"], "")
        row["late"] = row["review_at"] is not None and row["review_at"] < now and row["id"] not in later
        row["steps"] = [(label, row[name]) for name, label in STEPS.items()]
    return rows


def worries(actor: Actor, operation_id: UUID) -> list[Row]:
    """For the commander, after a fresh proof, each with the centre that it comes from."""
    rows = policy.SAFETY_WORRIES.many(actor, of(operation_id), order_by=("-at",), limit=MANY)
    codes = centre_codes([operation_id] if rows else [])
    return [row | {"centre": codes.get(row["centre_id"], "")} for row in rows]


def worries_waiting(operation_id: UUID) -> int:
    """How many nobody has read, for the named commander, who reads one after a fresh proof."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT operations_worries_waiting(%s)", [operation_id])
        return int(cursor.fetchone()[0])


def centre_codes(operations: Sequence[UUID]) -> dict[UUID, str]:
    """What each centre is called on the radio."""
    return {link.centre_id: link.code for link in policy.centres_of(operations)}


def held(actor: Actor, operation_id: UUID, kind: str) -> Row | None:
    """The debrief of this kind, where it was recorded and the actor may put it right."""
    if actor.role != "op_commander" or kind not in DUE:
        return None
    of_it = of(operation_id) & Q(kind=kind)
    return next(iter(policy.DEBRIEFS.many(actor, of_it, order_by=("held_at",), limit=1)), None)


def debrief(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """What was said, by topic; that debriefs were held, and what is still awaited."""
    seen = seen_by(actor)
    lessons, held = read(
        actor,
        every(policy.LESSONS, actor, operation_id, seen, ("at", "id")),
        every(policy.DEBRIEFS, actor, operation_id, seen, ("held_at", "id")),
    )
    names = people([*(row["by"] for row in lessons), *(row["led_by"] for row in held)])
    there = [one for row in held for one in row["agencies"]]
    told = agencies([*(row["agency_id"] for row in lessons), *(row["owner_id"] for row in lessons), *there])
    for row in lessons:
        row |= {
            "agency": told[row["agency_id"]],
            "who": names.get(row["by"], ""),
            "owner": told.get(row["owner_id"], ""),
        }
        row["verdict_said"], row["verdict_tone"] = Verdict(row["verdict"]).label, TOLD[row["verdict"]]
    for row in held:
        row |= {"leader": names.get(row["led_by"], ""), "there": ", ".join(sorted(told[i] for i in row["agencies"]))}
    for row in [*lessons, *held]:
        row["kind_said"] = DebriefKind(row["kind"]).label
    by_topic = [(topic.label, [row for row in lessons if row["topic"] == topic]) for topic in Topic]
    awaited = [due for due in due_about(actor, [operation_id]).get(operation_id, []) if due.kind.code in DUE.values()]
    return {"held": held, "topics": [(name, rows) for name, rows in by_topic if rows], "awaited": awaited}
