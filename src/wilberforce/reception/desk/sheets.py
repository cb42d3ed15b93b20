"""From paper: a sheet that was filled in with a pen is typed in afterwards, with its own times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.reception import actions, lists
from wilberforce.survivors.models import Person

from . import rules

MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Line:
    at: time
    thing: lists.Thing


def lines_of(text: str) -> list[Line]:
    """One line each, "14:05 meal": the time and what the sheet calls it. Raises RuleBroken with the line."""
    written = [line.strip() for line in text.splitlines() if line.strip()]
    if len(written) > MOST_LINES:
        raise RuleBroken(f"Type {MOST_LINES} lines at most; give the others on their page.", field="given")
    return [_line(line) for line in written]


def _line(line: str) -> Line:
    at, _, what = line.partition(" ")
    called = " ".join(what.lower().split())
    thing = next((one for one in printed() if called in (one.code, one.label.lower())), None)
    try:
        hour, minute = map(int, at.split(":"))
        when = time(hour, minute)
    except ValueError:
        raise RuleBroken(f"\u201c{line}\u201d has no time in front, like 14:05.", field="given") from None
    if thing is None:
        raise RuleBroken(f"\u201c{line}\u201d names nothing on the sheet.", field="given")
    return Line(when, thing)


def printed() -> Sequence[lists.Thing]:
    """What a sheet lists: everything but what is asked in the office alone."""
    return [one for one in lists.THINGS.values() if one.kind not in rules.NOT_AT_THE_DESK | {"note"}]


def type_in(actor: Actor, centre_id: UUID, *, given: str, at: datetime, **facts: Any) -> Person:
    """Somebody and all that was done for them. A time before the arrival's is of the next day."""
    written = lines_of(given)
    person = actions.arrive(actor, centre_id, at=at, **facts)
    for line in written:
        actions.give(
            actor, person.pk, kind=line.thing.kind, thing=line.thing.code, at=_after(at, line), from_paper=True
        )
    return person


def _after(arrival: datetime, line: Line) -> datetime:
    day = clock.in_london(arrival)
    when = day.replace(hour=line.at.hour, minute=line.at.minute, second=0, microsecond=0)
    when = when if when >= day.replace(second=0, microsecond=0) else when + timedelta(days=1)
    if when > clock.now():
        raise RuleBroken(f"{line.at:%H:%M} {line.thing.label} would be in the future. Check both times.", field="given")
    return when
