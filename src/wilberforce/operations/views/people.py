"""The people found, by reference: where they go, in whose hands they are, how they are looked upon."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.base.registries import panels
from wilberforce.ledger.pages import attempt, page, seen_in, version_of
from wilberforce.operations import actions, board, forms, hands, policy
from wilberforce.operations.models import Heading, Place, UnitKind

from .asking import ask, centres
from .day import back_to_board


@page("operation:RW:site_found")
def found(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    site = policy.SITES.one(actor, site_id, projection="site_found")
    form = forms.FoundForm(request.POST or None)
    act = partial(actions.record_found, actor, site_id)
    lead = "The person gets a reference. Their name is asked at the centre, when they are safe."
    return ask(request, form, f"Site {site['ref']}: a person found", act, back_to_board(site["operation_id"]), lead)


@page("operation:RW:site_found")
def send(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    person = policy.FOUND.one(actor, found_id, projection="site_found")
    choices = {"centre_id": centres(person["operation_id"])}
    first = person["heading_to"] == Heading.NONE or not seen_in(request, person)
    maker = forms.SendForm if first else forms.SendElsewhereForm
    initial = {} if first else {"to": person["heading_to"], "centre_id": person["centre_id"]}
    form = maker(request.POST or None, version=person["version"], choices=choices, initial=initial)
    act = partial(actions.send_to, actor, found_id, version=version_of(request))
    return ask(request, form, f"{person['reference']}: where they go", act, back_to_board(person["operation_id"]))


@page("operation:RW:site_found", "operation:RW:day_log")
def put_right(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    person = policy.FOUND.one(actor, found_id, projection="site_found")
    form = forms.CorrectPersonForm(request.POST or None, version=person["version"], initial=person)
    act = partial(actions.correct_found, actor, found_id, version=version_of(request))
    return ask(request, form, f"{person['reference']}: put it right", act, back_to_board(person["operation_id"]))


def _way(found_id: UUID) -> str:
    return reverse("op_safety:way", args=[found_id])


@page("operation:R:site_found", "suspect:R:exhibit")
def way(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    shown = hands.way_of(actor, found_id)
    boxes = [(panel.template, panel.fetch(actor, [found_id])[found_id]) for panel in panels("operations.way")]
    return render(request, "operations/way.html", shown | {"boxes": boxes})


@page("operation:RW:site_found", "operation:RW:day_log")
def hand_over(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    person = policy.FOUND.one(actor, found_id, projection="site_found")
    units = policy.UNITS.many(actor, board.of(person["operation_id"]), projection="day_log", limit=500)
    vehicles = [(str(unit["id"]), unit["label"]) for unit in units if unit["kind"] == UnitKind.VEHICLE]
    choices = {"vehicle_id": vehicles, "centre_id": centres(person["operation_id"])}
    form = forms.HandOverForm(request.POST or None, choices=choices)
    act = partial(actions.hand_over, actor, found_id)
    lead = "They stay with you until the other side confirms."
    return ask(request, form, f"{person['reference']}: handover", act, _way(found_id), lead)


@page("operation:RW:site_found")
def receive(request: HttpRequest, actor: Actor, handover_id: UUID) -> HttpResponse:
    row = policy.HANDOVERS.one(actor, handover_id, projection="site_found")
    asked = forms.HospitalForm if row["to_place"] == Place.HOSPITAL else forms.ReceiveForm
    form = asked(request.POST or None, version=row["version"])
    act = partial(actions.receive, actor, handover_id, version=version_of(request))
    return ask(request, form, f"{row['reference']} is received", act, _way(row["found_id"]))


@page("operation:RW:site_found")
def undo(request: HttpRequest, actor: Actor, handover_id: UUID) -> HttpResponse:
    row = policy.HANDOVERS.one(actor, handover_id, projection="site_found")
    form = forms.UndoForm(request.POST or None, version=row["version"])
    act = partial(actions.undo_handover, actor, handover_id, version=version_of(request))
    return ask(request, form, f"{row['reference']}: the handover did not happen", act, _way(row["found_id"]))


@page("operation:RW:site_found", "operation:RW:day_log")
def classify(request: HttpRequest, actor: Actor, found_id: UUID) -> HttpResponse:
    person = policy.FOUND.one(actor, found_id, projection="site_found")
    form = forms.StandingForm(request.POST or None)
    act = partial(actions.classify, actor, found_id)
    lead = "Somebody can be a suspect and a possible victim at once (Modern Slavery Act 2015 s.45)."
    return ask(request, form, f"{person['reference']}: how they are looked upon", act, _way(found_id), lead)


@page("operation:RW:arrival")
def brought(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For the centre and for custody: who is being handed to them."""
    return render(request, "operations/brought.html", {"brought": hands.brought(actor)})


@page("operation:RW:arrival")
def arrived(request: HttpRequest, actor: Actor, handover_id: UUID) -> HttpResponse:
    row = policy.HANDOVERS.one(actor, handover_id, projection="arrival")
    form = forms.ReceiveForm(request.POST or None, version=row["version"])
    act = partial(actions.receive, actor, handover_id, version=version_of(request))
    return ask(request, form, f"{row['reference']} is with us", act, reverse(f"{actor.purpose}:brought"))


@page("operation:RW:day_log")
def checks(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """Questions to the desk with their times, and the next question."""
    sites = policy.SITES.many(actor, board.of(operation_id), projection="day_log", order_by=("ref",), limit=100)
    policy.OPERATIONS.one(actor, operation_id, projection="day_log")
    choices = {"site_id": [(str(site["id"]), f"Site {site['ref']}") for site in sites]}
    form = forms.CheckForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.ask_desk(actor, operation_id, **form.cleaned_data)
            return redirect("op_safety:checks", operation_id)
    where = board.of(operation_id)
    rows = policy.CHECKS.many(actor, where, projection="day_log", order_by=("-number",), limit=100)
    return render(request, "operations/checks.html", {"form": form, "checks": rows, "operation_id": operation_id})


@page("operation:RW:fast_check")
def asked(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = policy.CHECKS.many(actor, projection="fast_check", order_by=("answered_at", "asked_at"), limit=100)
    return render(request, "operations/asked.html", {"checks": sorted(rows, key=lambda row: bool(row["answered_at"]))})


@page("operation:RW:fast_check")
def answer(request: HttpRequest, actor: Actor, check_id: UUID) -> HttpResponse:
    row = policy.CHECKS.one(actor, check_id, projection="fast_check")
    form = forms.AnswerSiteForm(request.POST or None, version=row["version"])
    act = partial(actions.answer_site, actor, check_id, version=version_of(request))
    return ask(request, form, f"Question {row['number']}", act, reverse("intelligence:asked"), row["question"])
