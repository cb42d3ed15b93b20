"""What people see of intelligence: an officer's own items and suspicions, and the desk's one form."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import PER_PAGE
from wilberforce.concerns.policy import REPORTS
from wilberforce.ledger.pages import attempt, page, version_of

from . import actions
from .forms import ItemForm, LinkForm, SuspectForm
from .lists import FUNCTIONS
from .models import Assessment, Grade, Handling, Link, Priority
from .policy import ITEMS, LINKS, SUSPECTS

LATEST = ("-recorded_at", "-id")
BEGINNING = 90


def grade_of(item: Row) -> str:
    return f"{item['source_grade']}{item['assessment']}{item['handling']}"


def beginning_of(item: Row) -> str:
    text: str = item["text"]
    return text if len(text) <= BEGINNING else f"{text[:BEGINNING]}…"


def number_of(request: HttpRequest) -> int:
    typed = request.GET.get("page", "1")
    return min(max(int(typed), 1), 10_000) if typed.isascii() and typed.isdigit() else 1


@page("intel:R")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    number = number_of(request)
    found = ITEMS.many(actor, order_by=LATEST, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    items = [item | {"grade": grade_of(item), "beginning": beginning_of(item)} for item in found[:PER_PAGE]]
    shown = {"items": items, "number": number, "more": len(found) > PER_PAGE}
    return render(request, "intelligence/items.html", shown)


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
    ties = [tie | {"words": Link.Kind(tie["kind"]).label} for tie in LINKS.many(actor, Q(item_id=item_id))]
    shown = {"item": kept, "grade": grade_of(kept), "facts": facts, "ties": ties}
    return render(request, "intelligence/item.html", shown)


@page("intel:W")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ItemForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            kept = actions.write_item(actor, **form.cleaned_data)
            return redirect("intelligence:item", kept.pk)
    return _form(request, form, "A new item", "intelligence:index")


@page("intel:RW")
def develop(request: HttpRequest, actor: Actor, item_id: UUID) -> HttpResponse:
    kept = ITEMS.one(actor, item_id)
    form = ItemForm(request.POST or None, purpose=actor.purpose, version=kept["version"], initial=kept)
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
    number = number_of(request)
    found = SUSPECTS.many(actor, order_by=LATEST, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    people = [one | {"age": ages_in_words(one["ages_known"])} for one in found[:PER_PAGE]]
    shown = {"people": people, "number": number, "more": len(found) > PER_PAGE}
    return render(request, "intelligence/suspects.html", shown)


def ages_in_words(ages: list[int]) -> str:
    return " or ".join(str(age) for age in ages) or "Not known"


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
    return render(request, "intelligence/suspect.html", {"person": kept, "facts": facts, "ties": ties})


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
    form = SuspectForm(request.POST or None, purpose=actor.purpose, version=kept["version"], initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.correct_suspect(actor, suspect_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect("intelligence:suspect", suspect_id)
    return _form(request, form, "Correct what is known", "intelligence:suspect", suspect_id)


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


def _form(request: HttpRequest, form: KitForm, title: str, back: str, *where: UUID) -> HttpResponse:
    return render(request, "intelligence/form.html", {"form": form, "title": title, "back": reverse(back, args=where)})
