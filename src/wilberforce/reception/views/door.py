"""At the door: who set off and who arrived, cards with a reference, and the language that somebody points at."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.ledger.pages import page
from wilberforce.reception import actions, board, house_forms, lists, paper, policy


@page("centre:R", "operation:R:manifest")
def manifest(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Both lists side by side: who set off and who is registered, and whoever is on one alone."""
    here = policy.CENTRES.one(actor, centre_id)
    sent = actions.manifest(actor, centre_id)
    stays = policy.PRESENCES.many(actor, Q(centre_id=centre_id, until=None), order_by=("since",), limit=board.MOST_HERE)
    known = {one.reference for one in sent} | {one.found_id for one in sent}
    shown = {
        "centre": here,
        "missing": [(one, board.words(LANGUAGES, one.languages)) for one in sent if not one.arrived],
        "arrived": [one for one in sent if one.arrived],
        "unannounced": [one for one in stays if not {one["reference"], one["found_id"]} & known],
    }
    return render(request, "reception/manifest.html", shown)


@page("centre:R")
def languages(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Each in its own script, for somebody to point at."""
    here = policy.CENTRES.one(actor, centre_id)
    named = [(entry, LANGUAGES[entry.code].label) for entry in lists.OWN_NAMES.values()]
    return render(request, "reception/languages.html", {"centre": here, "named": named})


@page("centre:R")
def cards(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    form = house_forms.CardsForm(request.GET or None, initial={"number": 16})
    if form.is_valid():
        printed = paper.references(form.cleaned_data["number"], form.cleaned_data["tablet"])
        headers = {"Content-Disposition": 'attachment; filename="reference-cards.pdf"'}
        return HttpResponse(printed, content_type="application/pdf", headers=headers)
    lead = "Each card has a reference that is drawn at random. It is nobody's until somebody is registered with it."
    shown = {"form": form, "title": f"{here['name']}: reference cards", "lead": lead, "method": "get"}
    return render(request, "reception/form.html", shown)


@page("centre:R", "person_ref:R")
def alike(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Who of this centre may be the person who is being registered; asked while somebody types."""
    here = policy.CENTRES.one(actor, centre_id)
    typed = {name: request.GET.get(name, "")[:20] for name in ("reference", "age", "languages")}
    near = board.alike(actor, centre_id, reference=typed["reference"], age=typed["age"], language=typed["languages"])
    return render(request, "reception/alike.html", {"centre": here, "near": near})
