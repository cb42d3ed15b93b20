"""The centre's pages: who is on the way, who is here and where, and what is due. Read on a tablet, with gloves on."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from wilberforce.access.context import Actor
from wilberforce.agencies import shifts
from wilberforce.agencies.models import Shift
from wilberforce.base import clock
from wilberforce.base.paging import listed
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.operations.policy import CENTRE_ADDRESSES
from wilberforce.reception import actions, board, forms, lists, paper, policy
from wilberforce.reception.actions import sense
from wilberforce.reception.actions.house import who_works_here
from wilberforce.reception.actions.safety import is_looked_for
from wilberforce.reception.models import Standing
from wilberforce.survivors.actions.people import works_with
from wilberforce.survivors.policy import PEOPLE

from .asking import may_go_back
from .premises import choices

STOCK = ["Thing", "Left"]
THREE = "Three facts are enough. Names can wait; rest comes first."
SHIFT_SHOWN = timedelta(hours=12)
"""For how long a shift that is over still stands in the list."""
AT_THE_CENTRE = ("centre:R", "person_ref:R", "operation:R:manifest", "health:R:care_flags")


@page(*AT_THE_CENTRE)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    mine = board.centres_of(actor)
    if not mine:
        return render(request, "reception/no_centre.html")
    return _board(request, actor, mine[0], mine[1:])


@page(*AT_THE_CENTRE)
def centre(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    return _board(request, actor, policy.CENTRES.one(actor, centre_id), [])


def _board(request: HttpRequest, actor: Actor, here: dict[str, Any], others: list[dict[str, Any]]) -> HttpResponse:
    people = board.people_here(actor, here["id"])
    sent = actions.manifest(actor, here["id"]) if actor.holds("operation", "R") else []
    on_the_way = [one for one in sent if not one.arrived]
    shown = {
        "centre": here,
        "others": others,
        "people": people,
        "on_the_way": [(one, board.words(LANGUAGES, one.languages)) for one in on_the_way],
        "sees_manifest": actor.holds("operation", "R"),
        "due": [card | {"url": _leads_to(here["id"], card)} for card in board.due(actor, here["id"], people, sent)],
        "find": forms.FindForm(),
    }
    return render(request, "reception/board.html", shown)


def _leads_to(centre_id: UUID, card: dict[str, Any]) -> str:
    if "found" in card:
        return reverse("reception:register_found", args=[centre_id, card["found"]])
    if "here" in card:
        place = "missing" if card.get("looked_for") else "here"
        return reverse(f"reception:{place}", args=[card["here"]])
    return reverse("reception:parked", args=[centre_id])


@page("centre:R", "person_ref:R")
def find(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """By the exact reference, before anybody is registered a second time."""
    form = forms.FindForm(request.GET or None)
    if not form.is_valid():
        shown = {"form": form, "title": "Find somebody by their reference", "method": "get"}
        return render(request, "reception/form.html", shown)
    reference = form.cleaned_data["reference"]
    stays = policy.PRESENCES.many(actor, Q(centre_id=centre_id, reference=reference, until=None), limit=1)
    if stays:
        return redirect(f"{actor.purpose}:here", stays[0]["person_id"])
    return redirect(f"{reverse(f'{actor.purpose}:register', args=[centre_id])}?{urlencode({'reference': reference})}")


@page("centre:RW", "person_ref:RW")
def register(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    asked = request.GET.get("reference", "")[:20]
    lead = f"Nobody here has {asked}. Look at the card once more; if it says so, register them." if asked else ""
    form = forms.RegisterForm(request.POST or None, initial={"reference": asked})
    return _register(request, actor, centre_id, form, "Register somebody", lead or THREE)


@page("centre:RW", "person_ref:RW", "operation:R:manifest")
def register_found(request: HttpRequest, actor: Actor, centre_id: UUID, found_id: UUID) -> HttpResponse:
    """Somebody on the manifest: what the site noted is filled in and can be put right."""
    found = actions.expected(actor, centre_id, found_id)
    initial = {"reference": found.reference, "age": found.age, "languages": (found.languages or [""])[0]}
    form = forms.RegisterFoundForm(request.POST or None, initial=initial)
    lead = f"The site noted: {found.noted.lower()}. {THREE}" if found.noted else THREE
    return _register(request, actor, centre_id, form, f"Register {found.reference}", lead, found_id=found_id)


def _register(
    request: HttpRequest,
    actor: Actor,
    centre_id: UUID,
    form: forms.RegisterForm,
    title: str,
    lead: str,
    found_id: UUID | None = None,
) -> HttpResponse:
    reference = form.initial["reference"]
    if request.method == "POST" and form.is_valid():
        reference = "" if form.somebody_else else form.cleaned_data.get("reference", reference)
    near = board.near(actor, centre_id, reference)
    if request.method == "POST" and form.is_valid() and not near:
        with attempt(form):
            person = actions.arrive(actor, centre_id, found_id=found_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:here", person.pk)
    shown = {
        "form": form,
        "title": title,
        "lead": lead,
        "near": near,
        "centre_id": centre_id,
        "asked": bool(near),
    }
    return render(request, "reception/register.html", shown)


def _about(actor: Actor, person_id: UUID, title: str, form: Any) -> dict[str, Any]:
    stay = sense.presence_of(actor, person_id)
    return {"form": form, "title": f"{stay['reference']}: {title}", "person_id": person_id}


@page("centre:R", "person_ref:R", "health:R:care_flags", "support:R:given")
def here(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Somebody at the centre: where they are and were, and what can be done for them next."""
    stay = sense.presence_of(actor, person_id)
    moves = policy.MOVEMENTS.many(actor, Q(presence_id=stay["id"]), order_by=("-at", "-id"), limit=50)
    entries = [{"at": row["at"], "title": row["move"].capitalize(), "text": board.place(row["to"])} for row in moves]
    entries.append({"at": stay["since"], "title": "Arrived"})
    apart = actions.apart_from(actor, person_id)
    known = {row["id"]: row for row in PEOPLE.many(actor, Q(pk__in=[person_id, *apart]), limit=100)}
    person = board.here_of(stay, known.get(person_id) or PEOPLE.one(actor, person_id))
    two_answers = Standing.objects.filter(person_id=person_id, clash=True).exists()
    shown = {"person": person, "entries": entries, "centre_id": stay["centre_id"], "two_answers": two_answers}
    shown["looked_for"] = is_looked_for(actor, stay)
    shown["flags"] = board.care_of(actor, person_id)
    shown["apart"] = sorted(known[one]["reference"] for one in apart if one in known)
    shown["clinician"] = actor.role == "health_worker" and works_with(person_id, actor.me)
    return render(request, "reception/here.html", shown)


@page("person_ref:RW", "centre:R")
def needs(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    person = PEOPLE.one(actor, person_id)
    form = forms.NeedsForm(request.POST or None, initial={"needs": person["needs"]}, version=person["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.note_need(actor, person_id, needs=form.cleaned_data["needs"], version=version_of(request))
            return redirect(f"{actor.purpose}:here", person_id)
    return render(request, "reception/form.html", _about(actor, person_id, "needs", form))


@page("support:RW:given", "centre:RW")
def give(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    form = forms.GiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            thing = lists.THINGS[form.cleaned_data["thing"]]
            actions.give(actor, person_id, kind=thing.kind, **form.cleaned_data)
            return redirect(f"{actor.purpose}:give", person_id)
    given = partial(policy.GIVEN.many, actor, projection="given", order_by=("-at", "-id"))
    found = listed(request, given, where=Q(person_id=person_id)).each(_given)
    return render(request, "reception/give.html", _about(actor, person_id, "what was given", form) | {"listing": found})


def _given(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"label": lists.THINGS[row["thing"]].label, "detail": _detail(row), "back": may_go_back(row)}


def _detail(row: dict[str, Any]) -> str:
    """What was told keeps the code of its language."""
    detail: str = row["detail"]
    told = row["kind"] == "information" and detail in LANGUAGES
    return LANGUAGES[detail].label if told else detail


@page("centre:RW", "person_ref:R")
def move(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    stay = sense.presence_of(actor, person_id)
    form = forms.MoveForm(request.POST or None, initial={"to": stay["where"]}, version=stay["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.move(actor, person_id, version=version_of(request), **form.cleaned_data)
            return redirect(f"{actor.purpose}:centre", stay["centre_id"])
    return render(request, "reception/form.html", _about(actor, person_id, "where they are", form))


@page("operation:R:centre_address")
def shift(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A person's own shifts: where the door is, and signing in and out."""
    current = shifts.current(actor.membership)
    form = (forms.SignOutForm if current else forms.SignInForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            if current:
                actions.sign_out_of_shift(actor)
            else:
                actions.sign_in_to_shift(actor, sense.uuid_of(request.POST.get("shift_id")))
            return redirect(f"{actor.purpose}:shift")
    mine = actions.own_shifts(actor)
    doors = CENTRE_ADDRESSES.many(
        actor, Q(centre_id__in=[s.place_id for s in mine]), projection="centre_address", limit=100
    )
    told = {row["centre_id"]: row for row in doors}
    shown = {"form": form, "current": current, "shifts": [(one, told.get(one.place_id)) for one in mine]}
    return render(request, "reception/shift.html", shown)


@page("centre:RW", "operation:R:premises_plan")
def centres(request: HttpRequest, actor: Actor) -> HttpResponse:
    places = choices(actor) if actor.holds("operation", "R") else []
    form = forms.OpenForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            chosen = form.cleaned_data
            opened = actions.open_centre(
                actor,
                name=chosen["name"],
                capacity=chosen["capacity"],
                rooms=form.rooms_with_beds(),
                standby=chosen["standby"],
                premises_id=chosen["premises_id"],
            )
            return redirect(f"{actor.purpose}:set_up", opened.pk)
    return render(request, "reception/centres.html", {"form": form, "centres": policy.CENTRES.many(actor, limit=100)})


@page("centre:RW")
def set_up(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Rooms, shifts and stock. Ready before anybody signs in to a shift."""
    here = policy.CENTRES.one(actor, centre_id)
    form = forms.ShiftForm(request.POST or None, people=forms.people_choices(who_works_here(actor)))
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.set_up_shift(actor, centre_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:set_up", centre_id)
    planned = Shift.objects.filter(place_id=centre_id, ends__gt=clock.now() - SHIFT_SHOWN)
    rooms = policy.ROOMS.many(actor, Q(centre_id=centre_id, ended_at=None), order_by=("kind",), limit=100)
    shown = {
        "centre": here,
        "square": paper.square(here["code"]),
        "form": form,
        "shifts": planned.select_related("membership__user").order_by("starts")[:25],
        "rooms": [[lists.ROOMS[room["kind"]].label, room["beds"]] for room in rooms],
        "stock": board.stock(actor, centre_id),
        "room_columns": ["Room", "Beds"],
        "stock_columns": STOCK,
        "manages": actor.role == "reception_manager",
    }
    return render(request, "reception/set_up.html", shown)


@page("centre:RW")
def stock(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    form = forms.StockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.restock(actor, centre_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:stock", centre_id)
    left = board.stock(actor, centre_id)
    shown = {"form": form, "title": f"{here['name']}: stock", "stock": left, "stock_columns": STOCK}
    return render(request, "reception/stock.html", shown)
