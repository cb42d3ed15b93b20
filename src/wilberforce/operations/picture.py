"""The board of the day: every site at one look, people as a count first, who does what, and what is overdue.

Each sees a slice: police the day, fire hazards and head counts, a partner which sites are safe and its own people.
"""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.operations import hands, policy, rehearsal, rules
from wilberforce.operations.board import agencies, every, put_in_place, read, said
from wilberforce.operations.models import Heading, Injury, State, UnitKind

POLICE, FIRE, PARTNER = "day_log", "site_hazard", "own_part"
NEXT = {
    "waiting": ("entered", "We went in"),
    "entered": ("secured", "It is secured"),
    "secured": ("searching", "The search began"),
    "searching": ("left", "We left"),
}
"""State of a site -> what one tap records next."""
PLACES = (Heading.CENTRE, Heading.HOSPITAL, Heading.CUSTODY, Heading.LEFT)


def slice_of(actor: Actor) -> str:
    """The projection in which this actor sees the day."""
    return {"police": POLICE, "fire": FIRE}.get(actor.kind, PARTNER)


def days(actor: Actor, where: Q | None = None, **bounds: int) -> list[Row]:
    """The operations whose hours are open to the actor, the latest first. ``bounds``: limit and offset."""
    latest = ("-planned_for", "-id")
    return [
        said(row) for row in policy.OPERATIONS.many(actor, where, projection=slice_of(actor), order_by=latest, **bounds)
    ]


def day(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """Raises NotAllowed where the operation is absent or hidden: both send the same statement and read no row."""
    seen, at = slice_of(actor), clock.now()
    operations, sites, units, hazards, found, checks = _read(actor, operation_id, seen)
    if not operations:
        raise NotAllowed(rule=actor.rules_for("operation", "R"), reason="row")
    operation = operations[0]
    rehearsal.on_its_clock(
        operation, sites, units, hazards, found, checks, (row["offer"] for row in found if row["offer"])
    )
    operation, now = rehearsal.began(operation), rehearsal.moment(operation, at)
    for site in sites:
        site["hazards"] = [hazard for hazard in hazards if hazard["site_id"] == site["id"]]
        site["people"] = _people([person for person in found if person["site_id"] == site["id"]])
        site["next"] = NEXT.get(site["state"]) if operation["state"] == State.LIVE and seen == POLICE else None
    return {
        "operation": operation,
        "sites": sites,
        "found": _with_sites(found, sites),
        "units": units,
        "people": _people(found),
        "waiting": [check for check in checks if not check["answered_at"]],
        "overdue": overdue(operation, sites, found, units, checks, now),
        "at": at,
        "now": now,
    }


def _read(actor: Actor, operation_id: UUID, seen: str) -> list[list[Row]]:
    """The operation, its sites, units, hazards and people, as far as they are open to the actor, in one statement."""
    asked = [
        policy.OPERATIONS.belonging(actor, "id", operation_id, projection=seen, order_by=("id",), limit=1),
        every(policy.SITES, actor, operation_id, seen, ("ref",)),
        every(policy.UNITS, actor, operation_id, POLICE if seen == POLICE else PARTNER, ("kind", "id")),
    ]
    if seen != PARTNER:
        asked.append(every(policy.HAZARDS, actor, operation_id, FIRE, ("-at", "-id")))
        asked.append(every(policy.PLACES, actor, operation_id, seen, ("id",)))
    if seen == POLICE:
        asked.append(every(policy.FOUND, actor, operation_id, "site_found", ("found_at", "id")))
        asked.append(every(policy.HANDOVERS, actor, operation_id, "site_found", ("found_id", "number")))
        asked.append(every(policy.CLASSIFIED, actor, operation_id, "site_found", ("at", "id")))
        asked.append(every(policy.CHECKS, actor, operation_id, POLICE, ("number",)))
    told = [*read(actor, *asked), *[[]] * 6][:9]
    operations, sites, units, hazards, places, found, handovers, classified, checks = told
    put_in_place(sites, places)
    _put_in_words(actor, units, sites)
    hands.put_with(found, handovers, classified, units)
    return [operations, sites, units, hazards, found, checks]


def _put_in_words(actor: Actor, units: list[Row], sites: list[Row]) -> None:
    names, refs = agencies(unit["agency_id"] for unit in units), {site["id"]: site["ref"] for site in sites}
    for unit in units:
        own = actor.agency == unit["agency_id"]
        unit |= {"agency": names.get(unit["agency_id"], ""), "site": refs.get(unit["site_id"], "")}
        unit |= {"own": own, "kind_said": UnitKind(unit["kind"]).label}


def _with_sites(found: list[Row], sites: list[Row]) -> list[Row]:
    refs = {site["id"]: site["ref"] for site in sites}
    return [person | {"site": refs.get(person["site_id"], "")} for person in found]


def _people(found: list[Row]) -> dict[str, int]:
    """Counts, so that nobody has to read a list to know how many."""
    going = Counter(person["heading_to"] for person in found)
    return {
        "found": len(found),
        "children": sum(person["age"] != "adult" for person in found),
        "injured": sum(person["injury"] in (Injury.MINOR, Injury.SERIOUS) for person in found),
        "here": going[Heading.NONE],
        "on_the_way": sum(going[place] for place in (Heading.CENTRE, Heading.HOSPITAL, Heading.CUSTODY)),
        **{str(place): going[place] for place in PLACES},
    }


def overdue(
    operation: Row, sites: list[Row], found: list[Row], units: list[Row], checks: list[Row], now: datetime
) -> list[dict[str, Any]]:
    """What should have happened by now, the longest overdue first."""
    live, refs = operation["state"] == State.LIVE, {site["id"]: site["ref"] for site in sites}
    awaited: list[tuple[str, datetime]] = []
    for site in sites:
        due = rules.due_at_site(site["state"], operation["planned_for"], live, site["entered_at"])
        awaited += [(f"Site {site['ref']} {due[0]}", due[1])] if due else []
    for person in found:
        due = rules.due_of_person(person["heading_to"], person["found_at"])
        awaited += [(f"{person['reference']} (site {refs.get(person['site_id'], '')}) {due[0]}", due[1])] if due else []
    awaited += [
        (
            f"{person['reference']} is handed over and not received",
            person["offer"]["given_at"] + rules.LATE_RECEIPT.value,
        )
        for person in found
        if person["offer"]
    ]
    awaited += [
        (f"Question {check['number']} to the desk has no answer", check["asked_at"] + rules.LATE_ANSWER.value)
        for check in checks
        if not check["answered_at"]
    ]
    awaited += [(f"{u['label']} has not spoken again", u["next_word_at"]) for u in units if u["next_word_at"]]
    late = [{"what": what, "due": due} for what, due in awaited if due < now]
    return sorted(late, key=lambda one: one["due"])
