"""What people see of intelligence: an officer's own items and suspicions, and the desk's one form."""

import json
from functools import partial
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.asking import may
from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections, entry
from wilberforce.access.protect import Row
from wilberforce.agencies.policy import named
from wilberforce.base.errors import RuleBroken
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import listed
from wilberforce.base.registries import panels
from wilberforce.concerns.policy import REPORTS
from wilberforce.ledger.pages import attempt, page, version_of

from . import actions
from .forms import (
    CorrectSuspectForm,
    DevelopForm,
    EndSuspicionForm,
    ItemFilters,
    ItemForm,
    LinkForm,
    SuspectAgainForm,
    SuspectFilters,
    SuspectForm,
    TellForm,
    UntieForm,
)
from .graded import grade_of
from .lists import FUNCTIONS
from .models import Assessment, Grade, Handling, Link, Priority
from .policy import FORMER_ITEMS, FORMER_SUSPECTS, ITEMS, LINKS, SUSPECTS

LATEST = ("-recorded_at", "-id")
BEGINNING = 90


def beginning_of(item: Row) -> str:
    text: str = item["text"]
    return text if len(text) <= BEGINNING else f"{text[:BEGINNING]}…"


@page("intel:R", "intel:W")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A partner, who may only tell, finds the way to do so."""
    if not actor.holds("intel", "R"):
        return redirect("intelligence:tell")
    found = listed(request, partial(ITEMS.many, actor, order_by=LATEST), ItemFilters)
    shown = found.each(lambda item: item | {"grade": grade_of(item), "beginning": beginning_of(item)})
    return render(request, "intelligence/items.html", {"listing": shown})


@page("intel:R", "suspect:R")
def item(request: HttpRequest, actor: Actor, item_id: UUID) -> HttpResponse:
    kept = ITEMS.one(actor, item_id)
    facts = [
        {"key": "Source", "value": Grade(kept["source_grade"]).label},
        {"key": "Information", "value": Assessment(kept["assessment"]).label},
        {"key": "Handling", "value": Handling(kept["handling"]).label},
        {"key": "Conditions", "value": kept["conditions"] or "None"},
        {"key": "Priority", "value": Priority(kept["priority"]).label},
        {"key": "Operation", "value": "Adopted" if kept["operation_id"] else "Not adopted by an operation"},
    ]
    ties = [
        tie | {"words": Link.Kind(tie["kind"]).label}
        for tie in LINKS.many(actor, Q(item_id=item_id, ended_at=None), limit=100)
    ]
    entries = [*corrections(actor, FORMER_ITEMS, item_id, ITEM_SAID), _begun(kept, "Written", kept["originator"])]
    shown = {"item": kept, "grade": grade_of(kept), "facts": facts, "ties": ties}
    shown["entries"] = named(actor, entries)
    return render(request, "intelligence/item.html", shown | {"panels": panels("intelligence.item")})


ITEM_SAID: Shown = {
    "text": ("The text", str),
    "source_grade": ("Source", lambda code: Grade(code).label),
    "assessment": ("Information", lambda code: Assessment(code).label),
    "handling": ("Handling", lambda code: Handling(code).label),
    "conditions": ("Conditions", str),
    "priority": ("Priority", lambda code: Priority(code).label),
}


def _begun(kept: Row, title: str, by: UUID | None = None) -> Row:
    return {"at": kept["recorded_at"], "title": title, "by": by}


@page("intel:W")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ItemForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            kept = actions.write_item(actor, **form.cleaned_data)
            return redirect("intelligence:item", kept.pk)
    return _form(request, form, "A new item", "intelligence:index")


@page("intel:W")
def tell(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Partners tell and read nothing back: a leak at a partner shows nothing."""
    form = TellForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            _must_have_agreed(actor, form.cleaned_data["to_force"])
            actions.tell_force(actor, **form.cleaned_data)
            return redirect("intelligence:told")
    return render(request, "intelligence/tell.html", {"form": form})


def _must_have_agreed(actor: Actor, force: UUID) -> None:
    """Said beside the field: which agreements one's own agency has is no secret from oneself."""
    if not may(actor, "intel", "W", {"agency": force}).allowed:
        raise RuleBroken(
            "Your agency has no live agreement with this force for this. Ask your data guardian.", field="to_force"
        )


@page("intel:W")
def told(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "intelligence/told.html", {})


@page("intel:RW")
def develop(request: HttpRequest, actor: Actor, item_id: UUID) -> HttpResponse:
    kept = ITEMS.one(actor, item_id)
    form = DevelopForm(request.POST or None, purpose=actor.purpose, version=kept["version"], initial=kept)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.develop(actor, item_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect("intelligence:item", item_id)
    return _form(request, form, "Develop this item", "intelligence:item", item_id)


@page("report_raw:R", "intel:W")
def write_from_report(request: HttpRequest, actor: Actor, report_id: UUID) -> HttpResponse:
    """The desk, with the report in hand beside the form. What it wrote it can't open again."""
    told = REPORTS.one(actor, report_id)
    form = ItemForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.write_item(actor, report_id=report_id, **form.cleaned_data)
            return redirect("triage:report", report_id)
    return render(request, "intelligence/write.html", {"form": form, "told": told})


@page("suspect:R")
def suspects(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = listed(request, partial(SUSPECTS.many, actor, order_by=LATEST), SuspectFilters)
    shown = found.each(lambda one: one | {"age": ages_in_words(one["ages_known"])})
    return render(request, "intelligence/suspects.html", {"listing": shown})


def ages_in_words(ages: list[int]) -> str:
    return " or ".join(str(age) for age in ages) or "Not known"


SUSPECT_SAID: Shown = {
    "name": ("The name", str),
    "description": ("What is known", str),
    "ages_known": ("Age", ages_in_words),
    "functions": ("Suspected as", lambda codes: ", ".join(FUNCTIONS[code].label for code in codes)),
}


@page("suspect:R")
def suspect(request: HttpRequest, actor: Actor, suspect_id: UUID) -> HttpResponse:
    kept = SUSPECTS.one(actor, suspect_id)
    facts = [
        {"key": "Age", "value": ages_in_words(kept["ages_known"])},
        {"key": "Suspected as", "value": ", ".join(FUNCTIONS[code].label for code in kept["functions"]) or "Not known"},
    ]
    ties = [
        tie | {"words": Link.Kind(tie["kind"]).label} for tie in LINKS.many(actor, Q(suspect=suspect_id), limit=100)
    ]
    shown = {"person": kept, "facts": facts, "ties": [tie for tie in ties if not tie["ended_at"]]}
    shown["entries"] = named(actor, [*_history(actor, suspect_id, ties), _begun(kept, "Noted")])
    return render(request, "intelligence/suspect.html", shown | {"panels": panels("intelligence.suspect")})


def _history(actor: Actor, suspect_id: UUID, ties: list[Row]) -> list[Row]:
    """What was corrected, and which ties ended."""
    ended = {tie["id"]: tie for tie in ties if tie["ended_at"]}
    which, latest = Q(record_id__in=[suspect_id, *ended]), ("-replaced_at", "-id")
    rows = FORMER_SUSPECTS.many(actor, which, order_by=latest, limit=50)
    titles = {key: f"Tie ended: the person {tie['words']}" for key, tie in ended.items()}
    return [entry(row, SUSPECT_SAID) | {"title": titles.get(row["record_id"]) or _what(row["was"])} for row in rows]


def _what(was: str) -> str:
    told = json.loads(was)
    if "ended_at" not in told:
        return "Corrected"
    return "Suspected again" if told["ended_at"] else "No longer suspected"


@page("suspect:W")
def note(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = SuspectForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            kept = actions.note_suspect(actor, **form.cleaned_data)
            return redirect("intelligence:suspect", kept.pk)
    return _form(request, form, "Somebody under suspicion", "intelligence:suspects")


@page("suspect:RW")
def correct(request: HttpRequest, actor: Actor, suspect_id: UUID) -> HttpResponse:
    kept = SUSPECTS.one(actor, suspect_id)
    initial = kept | {"ages_known": ", ".join(str(age) for age in kept["ages_known"])}
    form = CorrectSuspectForm(request.POST or None, purpose=actor.purpose, version=kept["version"], initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.correct_suspect(actor, suspect_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect("intelligence:suspect", suspect_id)
    return _form(request, form, "Correct what is known", "intelligence:suspect", suspect_id)


@page("suspect:RW")
def over(request: HttpRequest, actor: Actor, suspect_id: UUID) -> HttpResponse:
    """Nobody suspects them any more; or somebody does again."""
    kept = SUSPECTS.one(actor, suspect_id)
    maker, verb, title = (
        (SuspectAgainForm, actions.suspect_again, "Under suspicion again")
        if kept["ended_at"]
        else (EndSuspicionForm, actions.end_suspicion, "Under suspicion no longer")
    )
    form = maker(request.POST or None, purpose=actor.purpose, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            verb(actor, suspect_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect("intelligence:suspect", suspect_id)
    return _form(request, form, title, "intelligence:suspect", suspect_id)


@page("intel:R", "suspect:RW")
def tie(request: HttpRequest, actor: Actor, suspect_id: UUID) -> HttpResponse:
    SUSPECTS.one(actor, suspect_id)
    latest = ITEMS.many(actor, order_by=LATEST, limit=100)
    items = [(str(one["id"]), f"{grade_of(one)} {beginning_of(one)}") for one in latest]
    form = LinkForm(request.POST or None, purpose=actor.purpose, items=items)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.link(actor, suspect_id, **form.cleaned_data)
            return redirect("intelligence:suspect", suspect_id)
    return _form(request, form, "What ties the person to an item", "intelligence:suspect", suspect_id)


@page("suspect:RW")
def untie(request: HttpRequest, actor: Actor, suspect_id: UUID, link_id: UUID) -> HttpResponse:
    made = LINKS.one(actor, link_id)
    form = UntieForm(request.POST or None, purpose=actor.purpose, version=made["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.untie(actor, suspect_id, link_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect("intelligence:suspect", suspect_id)
    title = f"The person {Link.Kind(made['kind']).label}: no"
    return _form(request, form, title, "intelligence:suspect", suspect_id)


def _form(request: HttpRequest, form: KitForm, title: str, back: str, *where: UUID) -> HttpResponse:
    return render(request, "intelligence/form.html", {"form": form, "title": title, "back": reverse(back, args=where)})
