"""What every verb checks of what it is given: known codes, times that can be, agencies that exist."""

from collections.abc import Container, Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from wilberforce.access.context import Actor
from wilberforce.access.protect import WHOLE, Row
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import is_exercise
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.operations import policy, rules
from wilberforce.operations.models import State


def known(code: str, codes: Container[str], field: str) -> str:
    if code not in codes:
        raise RuleBroken("Choose one of the answers that are offered.", field=field)
    return code


def known_languages(languages: Iterable[str]) -> list[str]:
    chosen = list(dict.fromkeys(languages))
    if any(code not in LANGUAGES for code in chosen):
        raise RuleBroken("Choose languages from the list.", field="languages")
    return chosen


def in_order(*moments: rules.Moment, field: str = "at") -> None:
    """Raises RuleBroken with the first fault."""
    faults = rules.out_of_order(moments, clock.now())
    if faults:
        raise RuleBroken(faults[0], field=field)


def past(name: str, at: datetime, field: str = "at") -> datetime:
    in_order(rules.Moment(name, at), field=field)
    return at


def still_open(actor: Actor, operation_id: UUID, projection: str = WHOLE) -> Row:
    """The operation. Raises RuleBroken once it is over."""
    operation = policy.OPERATIONS.one(actor, operation_id, projection=projection)
    if fault := rules.may_not_change(operation["state"]):
        raise RuleBroken(fault)
    return operation


def of_the_day(
    actor: Actor, operation_id: UUID, at: datetime, projection: str = WHOLE, *, afterwards: bool = False
) -> Row:
    """The operation. Raises RuleBroken for what happened after its end, unless it belongs there."""
    operation = policy.OPERATIONS.one(actor, operation_id, projection=projection)
    belongs = afterwards and operation["state"] == State.CLOSED
    fault = rules.may_not_write_down(operation["state"], operation["ended_at"], at)
    if fault and not belongs:
        raise RuleBroken(fault, field="at")
    return operation


def agency(agency_id: UUID, field: str = "agency_id") -> Agency:
    found = Agency.objects.filter(pk=agency_id).first()
    if found is None or found.acting_on(clock.in_london(clock.now()).date()) != found:
        raise RuleBroken("Choose an agency that acts today.", field=field)
    return found


def marked(operation_id: UUID, text: str) -> str:
    """Words that could be read out or copied say for themselves that they belong to an exercise."""
    return f"EXERCISE. {text}" if is_exercise(operation_id) and not text.startswith("EXERCISE.") else text


def one_at_a_time(operation_id: UUID) -> None:
    """Until the transaction ends, nobody else numbers anything in this operation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(operation_id)])
