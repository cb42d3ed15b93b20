"""What was planned and is wrong is put right; what stood there stays beside it, with the reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.access.protect import Protected, Record
from wilberforce.base.errors import RuleBroken
from wilberforce.concerns.lists import PREMISES
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.lists import BY_WARRANT
from wilberforce.operations.models import Band, Entries, Operation, Site, Warrant

from .sense import agency, in_order, known, known_languages
from .sites import WARRANT, WARRANT_RETURN, host_force_of, live_until, return_due


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
    site = kept_beside(actor, policy.SITES, site_id, changes, reason(why), version)
    (told,) = policy.PLACES.many(actor, Q(site_id=site_id), limit=1)
    kept_beside(actor, policy.PLACES, told["id"], {"place": place, "address": address}, why)
    return site


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
) -> Warrant:
    """When it lapses and when it goes back to the court move with the time of its issue."""
    before = policy.WARRANTS.one(actor, warrant_id)
    if not court.strip():
        raise RuleBroken("Enter the court that issued it.", field="court")
    if before["executed_at"]:
        in_order(rules.Moment("issue of the warrant", issued_at), rules.Moment("entry under it", before["executed_at"]))
    expires = rules.warrant_expires(issued_at).due_at if before["executed_at"] else live_until(issued_at)
    changes = {
        "power": known(power, BY_WARRANT, "power"),
        "court": court,
        "grounds": grounds,
        "issued_at": issued_at,
        "expires_at": expires,
        "entries": known(entries, Entries.values, "entries"),
        "named": [agency(one, "named_agencies").pk for one in dict.fromkeys(named_agencies)],
    }
    lead = before["controller_id"]
    deadlines.move(actor, warrant_id, WARRANT, expires, agency_id=lead)
    if not before["executed_at"]:
        deadlines.move(actor, warrant_id, WARRANT_RETURN, return_due(expires), agency_id=lead)
    return kept_beside(actor, policy.WARRANTS, warrant_id, changes, reason(why))
