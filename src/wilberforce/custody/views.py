"""What people see: arrests and exhibits on the day, and the custody desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import listed
from wilberforce.ledger.pages import attempt, page, version_of

from . import actions, board, filters, forms, handing_over, policy, register, telling_of, weighing_of
from .transfer_forms import ReceiveForm, TransferForm

NEWS = "suspect:RW:victim_news"
"""What happens with a suspect is told to the victims."""
WEIGHED = "suspect:R:defence_weighed"
RECORD = ("suspect:RW:detention", "suspect:R:arrest", NEWS, WEIGHED)


# The day


@page("suspect:R:arrest")
def arrests(request: HttpRequest, actor: Actor) -> HttpResponse:
    listing = listed(request, partial(board.arrests, actor), filters.ArrestFilters)
    shown = {"listing": listing, "writes": actor.role == "op_member", "place": "op_safety"}
    return render(request, "custody/arrests.html", shown)


@page("suspect:R:arrest")
def arrest(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    shown = {"writes": actor.role == "op_member"}
    return render(request, "custody/arrest.html", board.one_arrest(actor, arrest_id) | shown)


@page("suspect:RW:arrest", "operation:R:site_found")
def arrest_correct(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    row = policy.ARRESTS.one(actor, arrest_id, projection="arrest")
    places = {key: one for key, one in board.places(actor).items() if one[0] == row["operation_id"]}
    initial = row | {"where": row["site_id"] or row["operation_id"], "at": row["arrested_at"]}
    choices = {"where": [(key, where) for key, (_, _, where) in places.items()], "taken_to": board.forces()}
    form = forms.CorrectArrestForm(request.POST or None, version=row["version"], initial=initial, choices=choices)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        _, site_id, _ = places[given.pop("where")]
        with attempt(form):
            actions.correct_arrest(actor, arrest_id, site_id=site_id, version=version_of(request), **given)
            return redirect("op_safety:arrest", arrest_id)
    shown = {"form": form, "title": f"Correct the arrest of {row['label']}", "back": "op_safety:arrest"}
    return render(request, "custody/form.html", shown | {"detention": arrest_id, "held": row})


@page("suspect:RW:arrest", "operation:R:site_found", NEWS)
def arrest_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    places = board.places(actor)
    shared = [row for row in board.arrests(actor) if row["ages_group"]]
    choices = {
        "where": [(key, where) for key, (_, _, where) in places.items()],
        "ages_shared_with": [("", "No"), *((str(row["id"]), row["label"]) for row in shared)],
        "taken_to": board.forces(),
    }
    form = forms.ArrestForm(request.POST or None, choices=choices, initial={"taken_to": actor.agency})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        operation_id, site_id, _ = places[given.pop("where")]
        with attempt(form):
            actions.arrest(actor, operation_id, site_id=site_id, **given)
            return redirect("op_safety:arrests")
    shown = {"form": form, "title": "An arrest", "back": "op_safety:arrests", "none": not places}
    return render(request, "custody/arrest_new.html", shown)


@page("suspect:RW:arrest")
def arrest_age(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    arrest = policy.ARRESTS.one(actor, arrest_id, projection="arrest")
    form = forms.AgeForm(request.POST or None, ages=arrest["age_one_of"], version=arrest["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.settle_age(actor, arrest_id, version=version_of(request), **form.cleaned_data)
            return redirect("op_safety:arrests")
    shown = {"form": form, "title": f"The age of {arrest['label']}", "back": "op_safety:arrests"}
    return render(request, "custody/form.html", shown)


# Exhibits

WHERE = ("operation:R:site_found", "operation:R")
"""Sites and people found: in the day's slice, or as the case team reads them."""


@page("suspect:R:exhibit")
def exhibits(request: HttpRequest, actor: Actor) -> HttpResponse:
    listing = listed(request, partial(register.listed, actor), filters.ExhibitFilters)
    return render(request, "custody/exhibits.html", {"listing": listing, "writes": _seizes(actor)})


def _seizes(actor: Actor) -> bool:
    return actor.role in ("op_member", "investigator")


@page("suspect:R:exhibit", *WHERE)
def exhibit(request: HttpRequest, actor: Actor, exhibit_id: UUID) -> HttpResponse:
    return render(request, "custody/exhibit.html", register.one(actor, exhibit_id) | {"writes": _seizes(actor)})


@page("suspect:RW:exhibit", "suspect:R:arrest", *WHERE)
def exhibit_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    places = register.places(actor)
    form = forms.ExhibitForm(request.POST or None, choices=_of_exhibit(actor, places))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        operation_id, site_id, _ = places[given.pop("where")]
        with attempt(form):
            made = actions.seize(actor, operation_id, site_id=site_id, **given)
            return redirect(f"{actor.purpose}:exhibit", made.pk)
    shown = {"form": form, "title": "An exhibit", "back": f"{actor.purpose}:exhibits", "none": not places}
    return render(request, "custody/exhibit_new.html", shown)


def _of_exhibit(actor: Actor, places: Mapping[str, tuple[UUID, UUID | None, str]]) -> dict[str, forms.Choices]:
    people = register.people(actor, {operation for operation, _, _ in places.values()})
    where = [(key, said) for key, (_, _, said) in places.items()]
    return {"where": where, "owner_id": people, "control_id": people}


@page("suspect:RW:exhibit", "suspect:R:arrest", *WHERE)
def exhibit_correct(request: HttpRequest, actor: Actor, exhibit_id: UUID) -> HttpResponse:
    row = policy.EXHIBITS.one(actor, exhibit_id, projection="exhibit")
    places = {key: one for key, one in register.places(actor).items() if one[0] == row["operation_id"]}
    initial = row | {"where": row["site_id"] or row["operation_id"], "at": row["seized_at"]}
    choices = _of_exhibit(actor, places)
    form = forms.CorrectExhibitForm(request.POST or None, version=row["version"], initial=initial, choices=choices)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        _, site_id, _ = places[given.pop("where")]
        with attempt(form):
            actions.correct_exhibit(actor, exhibit_id, site_id=site_id, version=version_of(request), **given)
            return redirect(f"{actor.purpose}:exhibit", exhibit_id)
    return _of_one_exhibit(request, actor, form, row)


@page("suspect:RW:exhibit")
def exhibit_move(request: HttpRequest, actor: Actor, exhibit_id: UUID) -> HttpResponse:
    row = policy.EXHIBITS.one(actor, exhibit_id, projection="exhibit")
    form = forms.ExhibitMoveForm(request.POST or None, version=row["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.hand_on(actor, exhibit_id, version=version_of(request), **form.cleaned_data)
            return redirect(f"{actor.purpose}:exhibit", exhibit_id)
    return _of_one_exhibit(request, actor, form, row)


def _of_one_exhibit(request: HttpRequest, actor: Actor, form: KitForm, row: dict[str, Any]) -> HttpResponse:
    shown = {"form": form, "title": row["mark"], "back": f"{actor.purpose}:exhibit", "detention": row["id"]}
    return render(request, "custody/form.html", shown | {"held": row})


# What victims hear


@page("suspect:R:victim_news", "operation:R")
def news(request: HttpRequest, actor: Actor) -> HttpResponse:
    listing = listed(request, partial(telling_of.news, actor))
    return render(request, "custody/news.html", {"listing": listing})


@page("suspect:RW:victim_news", "operation:R")
def telling(request: HttpRequest, actor: Actor, news_id: UUID) -> HttpResponse:
    shown = telling_of.one(actor, news_id)
    form = forms.TellingForm(request.POST or None, choices={"people": shown["left"].items()})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.tell(actor, news_id, **form.cleaned_data)
            return redirect("criminal_investigation:news")
    return render(request, "custody/telling.html", shown | {"form": form})


# The custody desk


@page("suspect:R:detention", "suspect:R:arrest")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    over = request.GET.get("over") == "yes"
    many = partial(board.detained_before if over else board.detained_now, actor)
    listing = listed(request, many, filters.DetainedFilters)
    return render(request, "custody/index.html", {"listing": listing, "now": clock.now(), "over": over})


@page("suspect:R:detention", "suspect:R:arrest")
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    listing = listed(request, partial(board.to_book_in, actor), filters.ArrestFilters)
    shown = {"listing": listing, "place": "custody", "books": "custody_officer" in actor.roles}
    return render(request, "custody/arrests.html", shown)


@page(*RECORD)
def book_in(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    arrest = board.said(policy.ARRESTS.one(actor, arrest_id, projection="arrest"))
    suites = forms.stations_of(Agency.objects.get(pk=actor.home).code)
    handed = handing_over.coming(actor, arrest_id)
    form = (ReceiveForm if handed else forms.BookInForm)(request.POST or None, choices={"station": suites})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = actions.book_in(actor, arrest_id, **form.cleaned_data)
            return redirect("custody:detention", made.pk)
    shown = {"form": form, "title": f"Book in {arrest['label']}", "back": "custody:arrests", "arrest": arrest}
    return render(request, "custody/form.html", shown | {"handed": handed})


@page("suspect:R:detention", "suspect:R:arrest", WEIGHED)
def detention(request: HttpRequest, actor: Actor, detention_id: UUID) -> HttpResponse:
    shown = board.record(actor, detention_id)
    way = handing_over.of_record(actor, shown["held"])
    mine = {
        "going": way["going"],
        "history": sorted([*shown["history"], *way["moves"]], key=lambda entry: entry["at"]),
        "weighed": weighing_of.for_custody(actor, shown["held"], shown["person"]["age_one_of"]),
        "custody": "custody_officer" in actor.roles,
        "reviews": "review_officer" in actor.roles,
    }
    return render(request, "custody/detention.html", shown | mine)


@dataclass(frozen=True)
class Step:
    title: str
    form: type[KitForm]
    act: Callable[..., Any]
    versioned: bool = True


STEPS = {
    "booking": Step("Correct the booking in", forms.CorrectBookingForm, actions.correct_booking),
    "authorise": Step("Authorise detention", forms.DecideForm, actions.authorise),
    "care": Step("Rights and needs", forms.CareForm, actions.care),
    "review": Step("Review of detention", forms.ReviewForm, actions.review),
    "postpone": Step("Postpone the review", forms.PostponeForm, actions.postpone_review),
    "extend": Step("Superintendent's extension", forms.ExtendForm, actions.extend),
    "to-hospital": Step("To hospital", forms.HospitalForm, actions.hospital_out, versioned=False),
    "back": Step("Back from hospital", forms.HospitalForm, actions.hospital_back, versioned=False),
    "looked-after": Step("Rest, meals and who was with them", forms.LookedAfterForm, actions.looked_after, False),
    "further-offence": Step("A further offence", forms.FurtherOffenceForm, actions.further_offence, versioned=False),
    "court-warrant": Step("Warrant of further detention", forms.CourtWarrantForm, actions.court_warrant, False),
    "screen": Step("Signs of exploitation", forms.ScreenForm, actions.screen),
    "extend-bail": Step("Extend bail", forms.ExtendBailForm, actions.extend_bail, versioned=False),
    "hand-over": Step("Hand over to another force", TransferForm, actions.hand_to_force),
    "outcome": Step("Outcome", forms.OutcomeForm, actions.outcome),
    "outcome-right": Step("Correct how it ended", forms.CorrectOutcomeForm, actions.correct_outcome),
}


@page(*RECORD)
def step(request: HttpRequest, actor: Actor, detention_id: UUID, what: str) -> HttpResponse:
    """One form for one thing that happens in a detention."""
    if what not in STEPS:
        raise NotAllowed(rule="address", reason="address")
    now = STEPS[what]
    held = policy.DETENTIONS.one(actor, detention_id, projection="detention")
    initial = {"at": held["rights_at"], **held} if what in ("care", "booking") else {}
    if what == "hand-over":
        initial = {"controller_id": held["controller_id"]}
    if what == "outcome-right":
        initial = actions.how_it_ended(actor, detention_id)
    form = now.form(request.POST or None, version=held["version"], initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | ({"version": version_of(request)} if now.versioned else {})
        with attempt(form):
            now.act(actor, detention_id, **given)
            return redirect("custody:detention", detention_id)
    shown = {"form": form, "title": now.title, "back": "custody:detention", "detention": detention_id, "held": held}
    return render(request, "custody/form.html", shown)
