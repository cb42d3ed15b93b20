"""Times that a clinician sets: reminders that the whole shift sees, and clocks that stay with the clinician."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy
from wilberforce.reception.care import ClinicalClock, Ending, Reminder

from . import sense

PERSON = {"person": "person_id"}
DUE, ROLE = "care-time", "health_worker"


@action("health", "W", about=PERSON)
def remind(
    actor: Actor, person_id: UUID, *, kind: str, due_at: datetime, detail: str = "", answer: str = ""
) -> Reminder:
    """What to do and when. Everybody on the shift sees it, so it names no illness. ``answer``: what it comes from."""
    sense.known(kind, {code for code, entry in lists.TIMED.items() if entry.shift}, "kind")
    kept = Reminder(kind=kind, answer=answer, **_set(actor, person_id, due_at, detail))
    deadlines.file(actor, kept.pk, rule=DUE, due_at=due_at, role=ROLE)
    return policy.REMINDERS.add(actor, kept)


@action("health", "W", about=PERSON)
def set_clock(actor: Actor, person_id: UUID, *, kind: str, due_at: datetime, detail: str = "") -> ClinicalClock:
    sense.known(kind, {code for code, entry in lists.TIMED.items() if not entry.shift}, "kind")
    kept = ClinicalClock(kind=kind, **_set(actor, person_id, due_at, detail))
    deadlines.file(actor, kept.pk, rule=DUE, due_at=due_at, role=ROLE)
    return policy.CLOCKS.add(actor, kept)


def _set(actor: Actor, person_id: UUID, due_at: datetime, detail: str) -> dict[str, Any]:
    stay = sense.presence_of(actor, person_id)
    if due_at <= clock.now():
        raise RuleBroken("This time has passed. Enter when it is due.", field="due_at")
    return {
        "controller_id": stay["controller_id"],
        "centre_id": stay["centre_id"],
        "person_id": person_id,
        "due_at": due_at,
        "detail": detail.strip(),
        "at": clock.now(),
        "by": actor.me,
    }


@action("health", "W", about=PERSON)
def time_kept(
    actor: Actor,
    person_id: UUID,
    timed_id: UUID,
    *,
    of_shift: bool,
    ended: str = Ending.DONE,
    why: str = "",
    version: int | None = None,
) -> object:
    """It was done; or it is no longer needed, or never was, and nobody reads later that it was done."""
    if ended == Ending.NOT_NEEDED and not why.strip():
        raise RuleBroken("Write why it is no longer needed.", field="why")
    table: Any = policy.REMINDERS if of_shift else policy.CLOCKS
    kept = table.one(actor, timed_id)
    if kept["person_id"] != person_id or kept["done_at"]:
        raise NotAllowed(rule="row", reason="row")
    deadlines.meet(actor, timed_id, DUE)
    how = {"done_at": clock.now(), "ended": Ending(ended), "why": why.strip()}
    return table.change(actor, timed_id, how, version=version)


@action("health", "W", about=PERSON)
def answer_changed(actor: Actor, person_id: UUID, *, answer: str, ended: str, why: str = "") -> None:
    """What this answer reminded of is due no longer. It stays in the history, with how it ended."""
    mine = Q(person_id=person_id, answer=answer, done_at=None, controller_id=actor.home)
    for row in policy.REMINDERS.many(actor, mine, limit=50):
        time_kept(actor, person_id, row["id"], of_shift=True, ended=ended, why=why, version=row["version"])
