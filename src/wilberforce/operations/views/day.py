"""The day's board, and what is recorded on it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wilberforce.access.context import Actor, expand
from wilberforce.base.registries import Panel, panels
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations import actions, board, forms, policy

from .asking import ask, centres, named

SEEN = ("operation:R:day_log", "operation:R:site_found", "operation:R:site_hazard")
LATER = ("suspect:R:arrest", "centre:R:head_count")
"""What later stages may show on the board, in a panel of their own."""
PANELS = "operations.day"


@page(*SEEN, *LATER)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """With one operation in its hours, its board at once."""
    rows = board.days(actor)
    if len(rows) == 1:
        return _board(request, actor, board.day_of(actor, rows[0]))
    return render(request, "operations/days.html", {"operations": rows})


@page(*SEEN, *LATER)
def day(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    return _board(request, actor, board.day(actor, operation_id))


def _board(request: HttpRequest, actor: Actor, seen: dict[str, Any]) -> HttpResponse:
    commands, operation_id = actor.role == "op_commander", seen["operation"]["id"]
    shown = seen | {"commands": commands, "police": actor.kind == "police"}
    if commands and "step_up" in actor.ready:
        shown |= {
            "proved": True,
            "worries": board.worries(actor, operation_id),
            "decisions": board.decisions(actor, operation_id),
        }
    shown["panels"] = [(panel.template, panel.fetch(actor, [operation_id])) for panel in _panels(actor)]
    return render(request, "operations/day.html", shown)


def _panels(actor: Actor) -> list[Panel]:
    """Those whose every cell the actor holds here."""
    return [panel for panel in panels(PANELS) if all(actor.holds(*cell.split(":")[:2]) for cell in expand(panel.cells))]


def _back(operation_id: UUID) -> str:
    return reverse("op_safety:day", args=[operation_id])


@page("operation:RW")
def start(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = forms.StartForm(request.POST or None)
    act = partial(actions.go_live, actor, operation_id)
    return ask(request, form, "Start the operation", act, _back(operation_id))


@page("operation:RW")
def close(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = forms.CloseForm(request.POST or None)
    act = partial(actions.close, actor, operation_id)
    return ask(request, form, "Close the operation", act, _back(operation_id))


@page("operation:RW")
def decide(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = forms.DecideForm(request.POST or None)
    act = partial(actions.decide, actor, operation_id)
    return ask(request, form, "Record a decision", act, _back(operation_id))


@page("operation:RW:day_log")
def log(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    sites = policy.SITES.many(actor, board.of(operation_id), projection="day_log", order_by=("ref",), limit=100)
    policy.OPERATIONS.one(actor, operation_id, projection="day_log")
    choices = {"site_id": [(str(site["id"]), f"Site {site['ref']}") for site in sites]}
    form = forms.LogForm(request.POST or None, choices=choices)
    return ask(request, form, "Write in the log", partial(actions.log, actor, operation_id), _back(operation_id))


@page("operation:RW:day_log")
def correct(request: HttpRequest, actor: Actor, entry_id: UUID) -> HttpResponse:
    entry = policy.LOG.one(actor, entry_id, projection="day_log")
    form = forms.CorrectForm(request.POST or None)
    title = f"Correct entry {entry['number']}"
    act = partial(actions.correct_entry, actor, entry_id)
    return ask(request, form, title, act, _back(entry["operation_id"]), entry["text"])


@page("operation:RW:day_log")
def move(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    site = policy.SITES.one(actor, site_id, projection="day_log")
    partners = policy.PARTNERS.many(actor, board.of(site["operation_id"]), projection="day_log", limit=100)
    choices = {"entering": named(row["agency_id"] for row in partners if row["answer"] == "yes")}
    form = forms.MoveForm(request.POST or None, version=site["version"], choices=choices)
    act = partial(actions.move_site, actor, site_id, version=version_of(request))
    return ask(request, form, f"Site {site['ref']}", act, _back(site["operation_id"]))


@page("operation:RW:site_hazard")
def hazard(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    site = policy.SITES.one(actor, site_id, projection="site_hazard")
    form = forms.HazardForm(request.POST or None)
    act = partial(actions.note_hazard, actor, site_id)
    return ask(request, form, f"Site {site['ref']}: a hazard", act, _back(site["operation_id"]))


@page("operation:RW:site_found")
def found(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    site = policy.SITES.one(actor, site_id, projection="site_found")
    form = forms.FoundForm(request.POST or None)
    act = partial(actions.record_found, actor, site_id)
    lead = "The person gets a reference. Their name is asked at the centre, when they are safe."
    return ask(request, form, f"Site {site['ref']}: a person found", act, _back(site["operation_id"]), lead)


@page("operation:RW:site_found")
def send(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    person = policy.FOUND.one(actor, found_id, projection="site_found")
    choices = {"centre_id": centres(person["operation_id"])}
    form = forms.SendForm(request.POST or None, version=person["version"], choices=choices)
    act = partial(actions.send_to, actor, found_id, version=version_of(request))
    return ask(request, form, f"{person['reference']}: where they go", act, _back(person["operation_id"]))


@page("operation:RW:site_found", "operation:RW:day_log")
def put_right(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    person = policy.FOUND.one(actor, found_id, projection="site_found")
    form = forms.PersonForm(request.POST or None, version=person["version"], initial=person)
    act = partial(actions.correct_found, actor, found_id, version=version_of(request))
    return ask(request, form, f"{person['reference']}: put it right", act, _back(person["operation_id"]))
