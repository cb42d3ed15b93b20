"""What any record of the centre must make sense of: a code from a list, a time that has been, one after another."""

from collections.abc import Container
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines.rules import clock_time
from wilberforce.reception import policy


def known(code: str, codes: Container[str], field: str) -> str:
    if code not in codes:
        raise RuleBroken("Choose one of the list.", field=field)
    return code


def past(at: datetime | None, field: str = "at") -> datetime:
    """Now, unless it is said. Raises RuleBroken for a time to come."""
    now = clock.now()
    if at is not None and at > now:
        raise RuleBroken("This time is in the future. Check the date and the time.", field=field)
    return at or now


def not_before(at: datetime, earlier: datetime | None, what: str, field: str = "at") -> datetime:
    """People write whole minutes, so the same minute is not before."""
    if earlier is None:
        return at
    if at < earlier.replace(second=0, microsecond=0):
        raise RuleBroken(f"This is before {what} at {clock_time(earlier)}. Check both times.", field=field)
    return max(at, earlier)


def presence_of(actor: Actor, person_id: UUID) -> dict[str, Any]:
    """The stay that is going on. Raises RuleBroken where the person has left."""
    stays = policy.PRESENCES.many(actor, Q(person_id=person_id), order_by=("-since",), limit=1)
    if not stays:
        raise NotAllowed(rule=actor.rules_for("centre", "R"), reason="absent or hidden")
    if stays[0]["until"] is not None:
        raise RuleBroken("They have left the centre. Nothing more is recorded here.")
    return stays[0]


def uuid_of(text: str | None) -> UUID:
    """The nil id, which nothing has, for whatever is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)


def absent(actor: Actor) -> NoReturn:
    raise NotAllowed(rule=actor.rules_for("operation", "R"), reason="absent or hidden")
