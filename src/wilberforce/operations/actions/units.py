"""Who does what on the day: agencies, teams, vehicles and interpreters say it themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy
from wilberforce.operations.models import Doing, Unit, UnitKind

from .sense import agency, known, known_languages, still_open

DAY_LOG, OWN_PART = "day_log", "own_part"
ABOUT = {"operation": "operation_id"}


@action("operation", "W", about=ABOUT)
def add_unit(
    actor: Actor,
    operation_id: UUID,
    *,
    kind: str,
    agency_id: UUID,
    label: str,
    seats: int | None = None,
    languages: Sequence[str] = (),
) -> Unit:
    """A team, a vehicle or an interpreter, with what it can take or speak."""
    known(kind, UnitKind.values, "kind")
    if not label.strip():
        raise RuleBroken("Enter what it is called.", field="label")
    if kind == UnitKind.VEHICLE and not seats:
        raise RuleBroken("Enter how many people it can take.", field="seats")
    return begin_unit(
        actor, operation_id, kind=kind, agency_id=agency(agency_id).pk, label=label, seats=seats, languages=languages
    )


def begin_unit(
    actor: Actor,
    operation_id: UUID,
    *,
    kind: str,
    agency_id: UUID,
    label: str,
    seats: int | None = None,
    languages: Sequence[str] = (),
) -> Unit:
    unit = Unit(
        controller_id=still_open(actor, operation_id)["controller_id"],
        operation_id=operation_id,
        kind=kind,
        agency_id=agency_id,
        label=label,
        seats=seats,
        languages=known_languages(languages),
    )
    return policy.UNITS.add(actor, unit)


def say(actor: Actor, unit_id: UUID, **said: Any) -> Unit:
    """What it does now; a partner speaks for its own people, the police for anybody."""
    seen = DAY_LOG if actor.kind == "police" else OWN_PART
    unit = policy.UNITS.one(actor, unit_id, projection=seen)
    speak = say_for_anybody if seen == DAY_LOG else say_for_ourselves
    return speak(actor, unit["operation_id"], unit_id=unit_id, said=said)


@action("operation", "W", about=ABOUT, projection=DAY_LOG)
def say_for_anybody(actor: Actor, operation_id: UUID, *, unit_id: UUID, said: Mapping[str, Any]) -> Unit:
    return _said(actor, operation_id, unit_id, DAY_LOG, **said)


@action("operation", "W", about=ABOUT, projection=OWN_PART)
def say_for_ourselves(actor: Actor, operation_id: UUID, *, unit_id: UUID, said: Mapping[str, Any]) -> Unit:
    return _said(actor, operation_id, unit_id, OWN_PART, **said)


def _said(
    actor: Actor,
    operation_id: UUID,
    unit_id: UUID,
    seen: str,
    *,
    doing: str,
    site_id: UUID | None = None,
    note: str = "",
    next_word_at: datetime | None = None,
    version: int | None = None,
) -> Unit:
    still_open(actor, operation_id, seen)
    now = clock.now()
    if site_id and not policy.SITES.many(actor, Q(pk=site_id, operation_id=operation_id), projection=seen, limit=1):
        raise RuleBroken("Choose a site of this operation.", field="site_id")
    if next_word_at is not None and next_word_at <= now:
        raise RuleBroken("The next word is still to come. Check the date and the time.", field="next_word_at")
    changes = {"doing": known(doing, Doing.values, "doing"), "site_id": site_id, "note": note, "since": now}
    changes["next_word_at"] = None if doing == Doing.DONE else next_word_at
    return policy.UNITS.change(actor, unit_id, changes, version=version, projection=seen)
