"""A data guardian's pages about the areas: which force and which council answer for which place."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed, rows_of
from wilberforce.ledger.pages import attempt, not_ready, page

from . import areas, policy
from .forms import AreaFilters, AreaForm, EndAreaForm
from .models import Area, Membership

TWO_SIDES = "It counts once a data guardian of the other agency that it names has said yes."


@page(who="member")
def everywhere(request: HttpRequest, actor: Actor) -> HttpResponse:
    me = _guardian(actor)
    found = Area.objects.select_related("police", "council").order_by("place", "-begins_at")
    waiting = [{"asked": one, "mine": areas.may_answer(one, me)} for one in areas.asked_of(me.agency_id)]
    shown = {
        "listing": listed(request, rows_of(found), AreaFilters),
        "waiting": waiting,
        "may_ask": me.agency.kind in areas.KINDS,
    }
    return render(request, "agencies/areas.html", shown)


@page(who="member")
def make(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _ask(request, actor, None)


@page(who="member")
def one(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    me, area = _guardian(actor), _area(pk)
    shown = {
        "area": area,
        "may_ask": area.ended_at is None and me.agency.kind in areas.KINDS,
        "entries": areas.story_of(area),
    }
    return render(request, "agencies/area.html", shown)


@page(who="member")
def correct(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    return _ask(request, actor, _area(pk))


@page(who="member")
def end(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    _may_ask(actor)
    area = _area(pk)
    form = EndAreaForm(request.POST or None)
    if form.is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        with attempt(form):
            areas.ask_to_end(actor, area, why=form.cleaned_data["why"])
            return redirect("account_areas")
    title = f"End the area {area.place}"
    lead = f"Whoever is found there after it ends has no force and no council named for them. {TWO_SIDES}"
    return _form(request, form, title, lead, area)


@page(who="member")
@require_POST
def answer(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    _guardian(actor)
    if missing := policy.lacking(actor):
        return not_ready(request, missing)
    areas.answer(actor, pk, request.POST.get("answer") == "yes")
    return redirect("account_areas")


def _ask(request: HttpRequest, actor: Actor, area: Area | None) -> HttpResponse:
    _may_ask(actor)
    before = {"place": area.place, "police": area.police_id, "council": area.council_id} if area else None
    offered = {"forces": areas.choices("police"), "councils": areas.choices(*areas.COUNCILS)}
    form = AreaForm(request.POST or None, initial=before, **offered)
    if form.is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        with attempt(form):
            areas.ask(actor, area=area, **form.cleaned_data)
            return redirect("account_areas")
    title = f"Correct the area {area.place}" if area else "A new area"
    return _form(request, form, title, TWO_SIDES, area)


def _form(request: HttpRequest, form: AreaForm | EndAreaForm, title: str, lead: str, area: Area | None) -> HttpResponse:
    back = reverse("account_area", args=[area.pk]) if area else reverse("account_areas")
    return render(request, "agencies/form.html", {"form": form, "title": title, "lead": lead, "back": back})


def _guardian(actor: Actor) -> Membership:
    return policy.guardian(actor, actor.home)


def _may_ask(actor: Actor) -> None:
    if _guardian(actor).agency.kind not in areas.KINDS:
        raise NotAllowed(rule="guardian", reason="default")


def _area(pk: UUID) -> Area:
    found = Area.objects.select_related("police", "council", "replaces").filter(pk=pk).first()
    if found is None:
        raise NotAllowed(rule="guardian", reason="default")
    return found
