"""Somebody asks after everybody who left, on a day and in a way that is safe for them."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.reception import policy, rules
from wilberforce.reception.care import FollowUp, Outcome, Way

from . import sense

CENTRE = {"centre": "centre_id"}
DUE, ROLE = "follow-up", "reception_manager"


def usual_day(left_at: datetime) -> date:
    due = reckon(rules.FOLLOW_UP, left_at, holidays=bank_holidays(), trigger="left").due_at
    return clock.in_london(due).date()


def agree(
    actor: Actor,
    stay: dict[str, Any],
    *,
    at: datetime,
    on: date | None = None,
    way: str = "",
    contact: str = "",
) -> FollowUp | None:
    """Nothing is kept of somebody who wants nobody to ask after them. Others have a day and somebody to ask for."""
    if sense.known(way, Way.values, "way") == Way.NONE:
        return None
    contact = _named(contact)
    day = _not_before_leaving(on or usual_day(at), at)
    agreed = FollowUp(
        controller_id=stay["controller_id"],
        centre_id=stay["centre_id"],
        person_id=stay["person_id"],
        due_on=day,
        way=way,
        contact=contact,
        at=at,
        by=actor.me,
    )
    policy.FOLLOW_UPS.add(actor, agreed, projection="follow_up")
    deadlines.file(actor, agreed.pk, rule=DUE, due_at=_end_of(day), role=ROLE)
    return agreed


@action("support", "W", about=CENTRE, projection="follow_up")
def correct_follow_up(
    actor: Actor,
    centre_id: UUID,
    follow_up_id: UUID,
    *,
    on: date,
    way: str,
    contact: str,
    why: str = "",
    version: int | None = None,
) -> FollowUp:
    agreed = _open(actor, centre_id, follow_up_id)
    day = _not_before_leaving(on, agreed["at"])
    changes = {"due_on": day, "way": sense.known(way, Way.values, "way"), "contact": _named(contact)}
    deadlines.move(actor, follow_up_id, DUE, _end_of(day))
    return corrected(
        actor, policy.FOLLOW_UPS, policy.FORMER_FOLLOW_UPS, follow_up_id, changes, version=version, why=why,
        projection="follow_up",
    )  # fmt: skip


@action("support", "W", about=CENTRE, projection="follow_up")
def follow_up(
    actor: Actor, centre_id: UUID, follow_up_id: UUID, *, outcome: str, version: int | None = None
) -> FollowUp:
    """How it was. Whoever was not reached is asked after again on another day, by correcting this one first."""
    _open(actor, centre_id, follow_up_id)
    done = {"outcome": sense.known(outcome, Outcome.values, "outcome"), "done_at": clock.now()}
    deadlines.meet(actor, follow_up_id, DUE)
    return policy.FOLLOW_UPS.change(actor, follow_up_id, done, version=version, projection="follow_up")


def _open(actor: Actor, centre_id: UUID, follow_up_id: UUID) -> dict[str, Any]:
    agreed = policy.FOLLOW_UPS.one(actor, follow_up_id, projection="follow_up")
    if agreed["centre_id"] != centre_id:
        raise NotAllowed(rule="row", reason="row")
    if agreed["done_at"]:
        raise RuleBroken("This is done. What came of it stays as it was written.")
    return agreed


def _named(contact: str) -> str:
    if not contact.strip():
        raise RuleBroken("Write whom they can ask for: a colleague, and a number of ours.", field="contact")
    return contact.strip()


def _not_before_leaving(day: date, left_at: datetime) -> date:
    if day < clock.in_london(left_at).date():
        raise RuleBroken("This day is before they left. Check the date.", field="on")
    return day


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(17), clock.LONDON)
