"""What was planned and is wrong is put right; what stood there stays beside it, with the reason."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.access.protect import Protected, Record, Row
from wilberforce.base import clock
from wilberforce.base.errors import Conflict, RuleBroken
from wilberforce.concerns.lists import PREMISES
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.lists import BY_WARRANT
from wilberforce.operations.models import GONE, Band, Bronze, Entries, FormerOfPlan, Operation, Site, Warrant

from .sense import agency, in_order, known, known_languages, still_open
from .sites import WARRANT, WARRANT_RETURN, host_force_of, live_until, may_go_back, return_due


def kept_beside(
    actor: Actor,
    table: Protected[Record],
    record: UUID,
    changes: Mapping[str, Any],
    why: str,
    version: int | None = None,
) -> Record:
    itself = {"operation_id": record} if table.model is Operation else {}
    return corrected(actor, table, policy.FORMER_PLANS, record, changes, version=version, why=why, beside=itself)


def kept_why(actor: Actor, operation: Row, record: UUID, was: Mapping[str, Any], why: str) -> None:
    """Something ended whose own row keeps no reason: who or what it was, and why, stands among the corrections."""
    kept = FormerOfPlan(
        controller_id=operation["controller_id"],
        operation_id=operation["id"],
        record_id=record,
        record_version=0,
        replaced_by=actor.me,
        was=json.dumps(was, cls=DjangoJSONEncoder),
        why=reason(why),
    )
    policy.FORMER_PLANS.add(actor, kept)


@contextmanager
def as_asked(**theirs: Any) -> Iterator[None]:
    """What somebody else kept meanwhile, under the names that the form asks by. None: the form asks no such thing."""
    try:
        yield
    except Conflict as clash:
        told = clash.theirs | theirs
        clash.theirs = {name: value for name, value in told.items() if theirs.get(name, name) is not None}
        raise


@action("operation", "W", about={"site": "site_id"})
def correct_site(
    actor: Actor,
    site_id: UUID,
    *,
    place: str,
    address: str,
    premises: str,
    expected: str,
    languages: Sequence[str],
    why: str,
    plan: str = "",
    host_force: UUID | None = None,
    version: int | None = None,
) -> Site:
    """Another force's area needs that force's agreement anew."""
    if not place.strip():
        raise RuleBroken("Enter the town or the part of it.", field="place")
    before = policy.SITES.one(actor, site_id)
    host = host_force_of(before["controller_id"], place, host_force)
    changes: dict[str, Any] = {
        "premises": known(premises, PREMISES, "premises"),
        "expected": known(expected, Band.values, "expected"),
        "languages": known_languages(languages),
        "host_force": host,
    }
    if host != before["host_force"]:
        changes |= {"host_asked_at": None, "host_agreed_at": None, "host_agreed_by": ""}
    (told,) = policy.PLACES.many(actor, Q(site_id=site_id), limit=1)
    with as_asked(place=told["place"], address=told["address"], plan=told["plan"] or ""):
        site = kept_beside(actor, policy.SITES, site_id, changes, reason(why), version)
    where = {"place": place, "address": address, "plan": plan or (told["plan"] and "")}
    kept_beside(actor, policy.PLACES, told["id"], where, why)
    return site


@action("operation", "W", about={"site": "site_id"})
def take_site_out(actor: Actor, site_id: UUID, *, why: str, version: int | None = None) -> Site:
    """It closes to everybody but the commander at once. Its warrants still go back to the court."""
    site = policy.SITES.one(actor, site_id)
    still_open(actor, site["operation_id"])
    if site["entered_at"]:
        raise RuleBroken(f"Site {site['ref']} was entered. What stands about it can only be corrected.")
    if site["out_at"]:
        raise RuleBroken(f"Site {site['ref']} is out of the plan already.")
    there = policy.UNITS.many(actor, Q(site_id=site_id) & ~Q(doing__in=GONE), order_by=("label",), limit=100)
    if there:
        names = ", ".join(unit["label"] for unit in there)
        raise RuleBroken(f"On the board these are at site {site['ref']}: {names}. Send them elsewhere first.")
    Bronze.objects.filter(operation_id=site["operation_id"], site_id=site_id, until=None).update(until=clock.now())
    return kept_beside(actor, policy.SITES, site_id, {"out_at": clock.now()}, reason(why), version)


@action("operation", "W", about={"site": "site_id"})
def put_site_back(actor: Actor, site_id: UUID, *, why: str, version: int | None = None) -> Site:
    site = policy.SITES.one(actor, site_id)
    still_open(actor, site["operation_id"])
    if not site["out_at"]:
        raise RuleBroken(f"Site {site['ref']} is in the plan already.")
    return kept_beside(actor, policy.SITES, site_id, {"out_at": None}, reason(why), version)


def _lapses(before: Row, issued_at: datetime) -> datetime:
    """One that has lapsed meanwhile may still be put right, as long as it did not lapse by that."""
    if before["executed_at"]:
        in_order(rules.Moment("issue of the warrant", issued_at), rules.Moment("entry under it", before["executed_at"]))
    stays = before["executed_at"] or issued_at == before["issued_at"]
    return rules.warrant_expires(issued_at).due_at if stays else live_until(issued_at)


def _due_anew(actor: Actor, before: Row, expires: datetime) -> None:
    lead = before["controller_id"]
    deadlines.move(actor, before["id"], WARRANT, expires, agency_id=lead)
    if not before["executed_at"]:
        deadlines.move(actor, before["id"], WARRANT_RETURN, return_due(expires), agency_id=lead)


def correct_warrant(actor: Actor, warrant_id: UUID, **told: Any) -> Warrant:
    warrant = policy.WARRANTS.one(actor, warrant_id)
    return put_warrant_right(actor, warrant["site_id"], warrant_id=warrant_id, **told)


@action("operation", "W", about={"site": "site_id"})
def put_warrant_right(
    actor: Actor,
    site_id: UUID,
    *,
    warrant_id: UUID,
    power: str,
    court: str,
    grounds: str,
    issued_at: datetime,
    entries: str,
    named_agencies: Sequence[UUID],
    why: str,
    returned_at: datetime | None = None,
    version: int | None = None,
) -> Warrant:
    """When it lapses and when it goes back to the court move with the time of its issue."""
    before = policy.WARRANTS.one(actor, warrant_id)
    if not court.strip():
        raise RuleBroken("Enter the court that issued it.", field="court")
    expires = _lapses(before, issued_at)
    changes = {
        "power": known(power, BY_WARRANT, "power"),
        "court": court,
        "grounds": grounds,
        "issued_at": issued_at,
        "expires_at": expires,
        "entries": known(entries, Entries.values, "entries"),
        "named": [agency(one, "named_agencies").pk for one in dict.fromkeys(named_agencies)],
    }
    if returned_at is not None:
        may_go_back(before["executed_at"], expires, returned_at, "returned_at")
        changes["returned_at"] = returned_at
    _due_anew(actor, before, expires)
    with as_asked(named_agencies=before["named"], named=None, expires_at=None):
        return kept_beside(actor, policy.WARRANTS, warrant_id, changes, reason(why), version)
