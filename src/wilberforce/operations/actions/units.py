"""Who does what on the day: agencies, teams, vehicles and interpreters say it themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy
from wilberforce.operations.models import GONE, Doing, Unit, UnitKind

from .correcting import kept_beside
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
    label = _called(kind, label, seats)
    return begin_unit(
        actor, operation_id, kind=kind, agency_id=agency(agency_id).pk, label=label, seats=seats, languages=languages
    )


def _called(kind: str, label: str, seats: int | None) -> str:
    if not label.strip():
        raise RuleBroken("Enter what it is called.", field="label")
    if kind == UnitKind.VEHICLE and not seats:
        raise RuleBroken("Enter how many people it can take.", field="seats")
    return label.strip()


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


def correct_unit(actor: Actor, unit_id: UUID, **told: Any) -> Unit:
    unit = policy.UNITS.one(actor, unit_id)
    return put_unit_right(actor, unit["operation_id"], unit_id=unit_id, **told)


@action("operation", "W", about=ABOUT)
def put_unit_right(
    actor: Actor,
    operation_id: UUID,
    *,
    unit_id: UUID,
    agency_id: UUID,
    label: str,
    languages: Sequence[str],
    why: str,
    seats: int | None = None,
    version: int | None = None,
) -> Unit:
    """What it is called, takes and speaks, and whose it is; what it is stays. Those who are aboard stay aboard."""
    policy.OPERATIONS.one(actor, operation_id)
    before = policy.UNITS.one(actor, unit_id)
    if before["kind"] == UnitKind.AGENCY and agency_id != before["agency_id"]:
        raise RuleBroken("These are this agency's people. Ask the other agency instead.", field="agency_id")
    changes = {
        "agency_id": agency(agency_id).pk,
        "label": _called(before["kind"], label, seats),
        "seats": seats,
        "languages": known_languages(languages),
    }
    return kept_beside(actor, policy.UNITS, unit_id, changes, reason(why), version)


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
    changes["next_word_at"] = None if doing in GONE else next_word_at
    return policy.UNITS.change(actor, unit_id, changes, version=version, projection=seen)
