"""The plan put right, and what it said before."""

import json
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, entry
from wilberforce.access.protect import Row
from wilberforce.base.paging import listed
from wilberforce.concerns.lists import LANGUAGES, PREMISES
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations import actions, board, forms, order_forms, policy, unit_forms
from wilberforce.operations.lists import BY_WARRANT
from wilberforce.operations.models import Band, Chance, DebriefKind, Entries, Iimarch, Level

from .asking import agencies_of, ask
from .planning import for_brief, named_on_it, plan_of

ISSUE_AGAIN = "Copies of the order that were issued stay as they were. Issue the order again, so that everybody knows."
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
    refs = {site["id"]: f"Site {site['ref']}" for site in policy.SITES.many(actor, board.of(operation_id), limit=100)}
    kept = [json.loads(row["was"]) for row in found.rows]
    ended = [UUID(was[column]) for was in kept for column in PEOPLE.keys() & was.keys()]
    names = board.people([*ended, *(row["replaced_by"] for row in found.rows)])
    of_people = {column: (said, lambda key: names.get(UUID(key), "")) for column, said in PEOPLE.items()}
    shown: Shown = {**SAID, **of_people, **_agencies_in(kept)}

    def said(row: dict[str, Any]) -> dict[str, Any]:
        about = " ".join(filter(None, (refs.get(row["record_id"], ""), _ending(json.loads(row["was"])))))
        return entry(row, shown) | {"by": names.get(row["replaced_by"], ""), "title": about or "Corrected"}

    return render(request, "operations/before.html", {"operation": of, "listing": found.each(said)})


def _ending(was: Row) -> str:
    """Nothing for what was only put right."""
    if "out_at" in was:
        return "was put back" if was["out_at"] else "was taken out"
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


@page("operation:RW")
def site(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    row = policy.SITES.one(actor, site_id)
    (told,) = policy.PLACES.many(actor, Q(site_id=site_id), limit=1)
    initial = row | {"place": told["place"], "address": told["address"], "plan": told["plan"]}
    choices = {"host_force": agencies_of(("police",))}
    form = forms.CorrectSiteForm(request.POST or None, version=row["version"], initial=initial, choices=choices)
    act = partial(actions.correct_site, actor, site_id, version=version_of(request))
    return ask(request, form, f"Correct site {row['ref']}", act, plan_of(row["operation_id"]))


@page("operation:RW")
def site_out(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    """Out of the plan, or back into it."""
    row = policy.SITES.one(actor, site_id)
    asked = forms.SiteBackForm if row["out_at"] else forms.SiteOutForm
    verb = actions.put_site_back if row["out_at"] else actions.take_site_out
    title = f"Put site {row['ref']} back" if row["out_at"] else f"Take site {row['ref']} out of the plan"
    form = asked(request.POST or None, version=row["version"])
    act = partial(verb, actor, site_id, version=version_of(request))
    return ask(request, form, title, act, plan_of(row["operation_id"]), ISSUE_AGAIN)


@page("operation:RW")
def contingency_end(request: HttpRequest, actor: Actor, contingency_id: UUID) -> HttpResponse:
    row = policy.CONTINGENCIES.one(actor, contingency_id)
    form = order_forms.EndContingencyForm(request.POST or None, version=row["version"])
    act = partial(actions.no_longer_plan, actor, contingency_id, version=version_of(request))
    title = f"No longer planned for: {Chance(row['chance']).label[0].lower()}{Chance(row['chance']).label[1:]}"
    return ask(request, form, title, act, plan_of(row["operation_id"]), ISSUE_AGAIN)


@page("operation:RW")
def unit(request: HttpRequest, actor: Actor, unit_id: UUID) -> HttpResponse:
    row = policy.UNITS.one(actor, unit_id)
    choices = for_brief(actor, row["operation_id"])
    form = unit_forms.CorrectUnitForm(request.POST or None, version=row["version"], initial=row, choices=choices)
    act = partial(actions.correct_unit, actor, unit_id, version=version_of(request))
    title = f"Correct {row['label']}"
    return ask(request, form, title, act, reverse("op_planning:sizing", args=[row["operation_id"]]))


@page("operation:RW")
def partner(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponse:
    row = policy.PARTNERS.one(actor, partner_id)
    form = forms.CorrectPartnerForm(request.POST or None, initial=row)
    act = partial(actions.correct_partner, actor, partner_id)
    title = f"What {board.agencies([row['agency_id']])[row['agency_id']]} brings"
    return ask(request, form, title, act, plan_of(row["operation_id"]))


@page("operation:RW")
def warrant(request: HttpRequest, actor: Actor, warrant_id: UUID) -> HttpResponse:
    row = policy.WARRANTS.one(actor, warrant_id)
    initial = row | {"named_agencies": [str(one) for one in row["named"]]}
    form = forms.CorrectWarrantForm(
        request.POST or None,
        version=row["version"],
        initial=initial,
        choices=named_on_it(actor, row["operation_id"]),
    )
    act = partial(actions.correct_warrant, actor, warrant_id, version=version_of(request))
    return ask(request, form, "Correct the warrant", act, plan_of(row["operation_id"]))
