"""What the plan said before, and why something of it ended."""

import json
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, entry
from wilberforce.access.protect import Row
from wilberforce.access.together import together
from wilberforce.base.paging import listed
from wilberforce.concerns.lists import LANGUAGES, PREMISES
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.pages import page
from wilberforce.operations import board, policy
from wilberforce.operations.lists import BY_WARRANT
from wilberforce.operations.models import Band, Chance, DebriefKind, Entries, Iimarch, Level

LATEST = ("-replaced_at", "-id")
AGENCIES = {"named": "Named on it", "agencies": "Agencies", "agency_id": "Agency"}
PEOPLE = {"roster": "On the roster", "case_team": "On the case team", "command": "In command"}
ENDINGS = {
    "ended_at": "Ended",
    "roster": "Taken off the roster",
    "case_team": "Taken off the case team",
    "command": "A command ended",
    "centre": "A reception centre unlinked",
    "copy": "A brief withdrawn",
    "changed_at": "Where the reception centre is",
}
"""By a column of what was kept."""

SAID: Shown = {
    "name": ("Name", str),
    "objectives": ("Objectives", str),
    "threat": ("What threatens whom", str),
    "proportionality": ("Why it is proportionate", str),
    "planned_for": ("Start", kept_time),
    "place": ("Town, or the part of it", str),
    "address": ("Address", str),
    "plan": ("How it is laid out and entered", str),
    "premises": ("Kind of premises", lambda code: PREMISES[code].label),
    "expected": ("People expected", lambda code: Band(code).label),
    "languages": ("Languages", lambda codes: ", ".join(LANGUAGES[code].label for code in codes)),
    "host_agreed_by": ("Agreed for the force of the area", str),
    "power": ("Power", lambda said: BY_WARRANT[said].label if said in BY_WARRANT else said),
    "court": ("Court", str),
    "grounds": ("Grounds", str),
    "issued_at": ("Issued", kept_time),
    "entries": ("Entries", lambda code: Entries(code).label),
    "returned_at": ("Returned to the court", kept_time),
    "kind": ("Debrief", lambda code: DebriefKind(code).label),
    "held_at": ("Held", kept_time),
    "chance": ("What may go wrong", lambda code: Chance(code).label),
    "brings": ("Brings", str),
    "own_entry": ("Goes in by a power of its own", lambda told: "Yes" if told else "No"),
    "sign": ("Sign", str),
    "answer": ("Then", str),
    "decides": ("Decides", lambda code: Level(code).label),
    "resource": ("With", str),
    "heading": ("Heading", lambda code: Iimarch(code).label),
    "text": ("What they need to know", str),
    "centre": ("Its code", str),
    "copy": ("Copy", str),
    "level": ("Level", lambda code: Level(code).label),
    "label": ("Called", str),
    "seats": ("Seats", str),
    "names_site": ("It tells where a site is", lambda told: "Yes" if told else "No"),
}


@page("operation:R")
def before(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """Every correction of the plan and of what belongs to it, and why something of it ended, the newest first."""
    of = policy.OPERATIONS.one(actor, operation_id)
    mine = partial(policy.FORMER_PLANS.many, actor, order_by=LATEST)
    found = listed(request, mine, where=Q(operation_id=operation_id))
    called = _called(actor, operation_id, [row["record_id"] for row in found.rows])
    kept = [json.loads(row["was"]) for row in found.rows]
    ended = [UUID(was[column]) for was in kept for column in PEOPLE.keys() & was.keys()]
    names = board.people([*ended, *(row["replaced_by"] for row in found.rows)])
    of_people = {column: (said, lambda key: names.get(UUID(key), "")) for column, said in PEOPLE.items()}
    shown: Shown = {**SAID, **of_people, **_agencies_in(kept)}

    def said(row: dict[str, Any]) -> dict[str, Any]:
        title = ": ".join(filter(None, (called.get(row["record_id"], ""), _ending(json.loads(row["was"])))))
        return entry(row, shown) | {"by": names.get(row["replaced_by"], ""), "title": title or "Corrected"}

    return render(request, "operations/before.html", {"operation": of, "listing": found.each(said)})


def _called(actor: Actor, operation_id: UUID, records: list[UUID]) -> dict[UUID, str]:
    """Which site, warrant, unit, partner or answer it was, by its id."""
    these = Q(pk__in=records)
    sites, places, warrants, units, chances, partners = together(
        actor,
        policy.SITES.asked(actor, Q(operation_id=operation_id), limit=100),
        *(table.asked(actor, these) for table in (policy.PLACES, policy.WARRANTS, policy.UNITS)),
        *(table.asked(actor, these) for table in (policy.CONTINGENCIES, policy.PARTNERS)),
    )
    called = {site["id"]: f"Site {site['ref']}" for site in sites}
    called |= {place["id"]: called[place["site_id"]] for place in places}
    called |= {warrant["id"]: f"{called[warrant['site_id']]}, warrant" for warrant in warrants}
    called |= {unit["id"]: unit["label"] for unit in units} | {
        row["id"]: Chance(row["chance"]).label for row in chances
    }
    names = board.agencies(row["agency_id"] for row in partners)
    return called | {row["id"]: names[row["agency_id"]] for row in partners}


def _ending(was: Row) -> str:
    """Nothing for what was only put right."""
    if "out_at" in was:
        return "Put back" if was["out_at"] else "Taken out"
    return next((said for column, said in ENDINGS.items() if column in was), "")


def _agencies_in(kept: list[Row]) -> Shown:
    """Kept by their ids, one or several, told by their names."""

    def each(ids: str | list[str]) -> list[str]:
        return [ids] if isinstance(ids, str) else ids

    ids = [UUID(one) for was in kept for column in AGENCIES.keys() & was.keys() for one in each(was[column])]
    names = {str(i): name for i, name in board.agencies(ids).items()}

    def said(ids: str | list[str]) -> str:
        return ", ".join(sorted(names.get(one, "") for one in each(ids)))

    return {column: (label, said) for column, label in AGENCIES.items()}
