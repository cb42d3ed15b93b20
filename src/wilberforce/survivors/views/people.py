"""A person's pages. Each shows what this viewer may see, and no more."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.access.history import corrections
from wilberforce.agencies.models import Area
from wilberforce.agencies.policy import named, names_of
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.base.lists import Entry
from wilberforce.base.paging import listed
from wilberforce.base.registries import panels
from wilberforce.base.templatetags.kit import when
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.survivors import actions, forms, lists, policy, rules
from wilberforce.survivors.models import Assignment

from .answers import answers_of
from .common import Row, asked, form_page, how_it_ended, kept_page

PAGES: tuple[tuple[str, tuple[str, str, str], str], ...] = (
    ("identity", ("identity", "R", ""), "Who they are"),
    ("same", ("identity", "R", ""), "Does another agency know them?"),
    ("consents", ("consent", "R", ""), "What they were told and answered"),
    ("notes", ("support", "R", ""), "Support notes"),
    ("care", ("health", "R", "care_flags"), "Care flags"),
    ("place", ("location", "R", ""), "Where they go next"),
    ("account", ("account", "R", ""), "Their account"),
    ("clinical", ("health", "R", ""), "Clinical notes"),
    ("correct", ("person_ref", "W", ""), "Correct what is written here"),
    ("roles", ("person_ref", "W", ""), "What part they have in the case"),
    ("assign", ("person_ref", "W", ""), "Name who works with them"),
    ("end", ("person_ref", "W", ""), "End this record"),
)


@page("person_ref:R", "person_ref:R:housing_need", "person_ref:R:safeguarding_alert")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people whom this worker works with, or whose disclosure reached their case."""
    projection = policy.NARROW.get(actor.role, "")
    title, empty = TITLES.get(actor.purpose, TITLES["support"])
    people = listed(request, partial(policy.PEOPLE.many, actor, projection=projection), forms.PeopleFilters)
    shown = people.each(lambda person: person | {"spoken": _languages(person)})
    return render(request, "survivors/index.html", {"listing": shown, "title": title, "empty": empty})


def _languages(person: Row) -> str:
    return _labels(LANGUAGES, "Not known")(person["languages"])


def _labels(known: Mapping[str, Entry], none: str) -> Callable[[list[str]], str]:
    return lambda codes: ", ".join(known[code].label for code in codes) or none


def _area(area_id: UUID | None) -> str:
    area = Area.objects.filter(pk=area_id).first() if area_id else None
    return area.place if area else "None named"


TITLES = {
    "support": (
        "My people",
        "Nobody yet. Whoever you are named for stands here, with their language and what they need. "
        "At a centre its manager names who works with whom. At a council or the DWP somebody stands here once their "
        "record was sent to you and you were named for them. If you wait for somebody, ask whoever gave you the task.",
    ),
    "criminal_investigation": (
        "People disclosed to you",
        "Nobody has been disclosed to your case. Whoever a guardian let go to it stands here.",
    ),
}
FACTS: tuple[tuple[str, str, Callable[[Any], object]], ...] = (
    ("age", "Adult or child", str.capitalize),
    ("languages", "Languages", _labels(LANGUAGES, "Not known")),
    ("interpreter", "Interpreter", str.capitalize),
    ("interpreter_gender", "Would rather have", str.capitalize),
    ("needs", "Needs", _labels(lists.NEEDS, "None recorded")),
    ("household_size", "People in the household", lambda size: size),
    ("access_needs", "Access", _labels(lists.ACCESS_NEEDS, "None recorded")),
    ("avoid_area_id", "Area to keep away from", _area),
    ("ended_at", "Record ended", lambda at: when(at) if at else "No"),
)


@page("person_ref:R", "person_ref:R:housing_need", "person_ref:R:safeguarding_alert")
def person(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _person(request, actor, person_id)


@page("person_ref:R", "consent:R")
def person_for_referral(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The first responder's page: language and needs before any question, and what was answered."""
    return _person(request, actor, person_id)


def _person(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Only the columns of this viewer's own projection are read, so nothing else can be shown."""
    projection = policy.NARROW.get(actor.role, "")
    found = policy.PEOPLE.one(actor, person_id, projection=projection)
    open_ = policy.opens(actor, person_id, [cell for _, cell, _ in PAGES])
    shown: Row = {"person": found, "rows": _facts(found), "links": _links(actor, open_, person_id)}
    if not projection:
        shown["entries"] = _happened(actor, found)
    if actor.holds("consent", "R"):
        shown["answers"] = answers_of(actor, person_id)
    shown["panels"] = [(panel.template, panel.fetch(actor, [person_id])) for panel in panels("survivors.person")]
    return render(request, "survivors/person.html", shown)


def _happened(actor: Actor, found: Row) -> list[Row]:
    """The record's own story, the newest first: its beginning, roles, corrections and its end."""
    entries = [{"at": found["begun_at"], "title": "Record begun"}]
    for role in policy.ROLES.many(actor, Q(person_id=found["id"])):
        name = role["role"].capitalize()
        entries.append({"at": role["since"], "title": f"{name}: from now on", "by": role["recorded_by"]})
        if role["until"]:
            entries.append(how_it_ended(role, name, role["until"]))
    if found["ended_at"]:
        entries.append({"at": found["ended_at"], "title": "Record ended"})
    said = {name: (key, say) for name, key, say in FACTS if name != "ended_at"}
    return named(actor, [*entries, *corrections(actor, policy.FORMER_PEOPLE, found["id"], said)])


def _facts(found: Row) -> list[Row]:
    """What there is of the record, in the order in which a worker needs it."""
    return [{"key": key, "value": say(found[name])} for name, key, say in FACTS if name in found]


def _links(actor: Actor, open_: set[policy.Cell], person_id: UUID) -> list[tuple[str, str]]:
    """Only to addresses of this workspace."""
    found = [(label, way(actor, name, person_id)) for name, cell, label in PAGES if cell in open_]
    if actor.kind in rules.FIND_HOMES:
        found += [("Find them a home", way(actor, "placement", person_id))]
    return [(label, url) for label, url in found if url]


def way(actor: Actor, name: str, *about: UUID) -> str:
    try:
        return reverse(f"{actor.purpose}:{name}", args=about)
    except NoReverseMatch:
        return ""


@page("person_ref:RW")
def correct(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    found = policy.PEOPLE.one(actor, person_id)
    form = forms.CorrectForm(request.POST or None, initial=found, version=found["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            said = dict(form.cleaned_data)
            why = said.pop("why")
            actions.correct_person(actor, person_id, said, version=version_of(request) or 0, why=why)
            return redirect(f"{actor.purpose}:person", person_id)
    return form_page(request, person_id, form, f"Correct {found['reference']}")


@page("person_ref:RW")
def assign(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    policy.PEOPLE.one(actor, person_id)
    form = forms.AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.assign(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:person", person_id)
    lead = "They see this person's record for 30 days at most."
    shown = {"lead": lead, "form": form, "only_form": True, "ends": _workers(actor, person_id), "ends_form": KitForm()}
    return kept_page(request, person_id, "Who works with them", **shown)


def _workers(actor: Actor, person_id: UUID) -> list[Row]:
    """Who works with them now, each with the way to end it."""
    live = Assignment.objects.filter(person_id=person_id, ended_at=None, until__gt=clock.now()).order_by("until")
    names = names_of(actor, [one.membership_id for one in live])
    return [
        {
            "what": format_html("{}, until {}", names.get(one.membership_id, ""), when(one.until)),
            "url": way(actor, "unassign", person_id, one.membership_id),
        }
        for one in live
    ]


@page("person_ref:RW")
@require_POST
def unassign(request: HttpRequest, actor: Actor, person_id: UUID, membership_id: UUID) -> HttpResponse:
    form = KitForm(request.POST)
    if form.is_valid():
        with attempt(form):
            actions.end_assignment(actor, person_id, membership_id)
            return redirect(f"{actor.purpose}:assign", person_id)
    return form_page(request, person_id, form, "Who works with them")


@page("person_ref:RW")
def roles(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """A role stands beside others and ends; none is overwritten. Suspicion is not kept here."""
    policy.PEOPLE.one(actor, person_id)
    held = policy.ROLES.many(actor, Q(person_id=person_id, until=None))
    ends = [
        {
            "what": format_html("{}, since {}", row["role"].capitalize(), when(row["since"], "date")),
            "url": way(actor, "role_ended", person_id, row["id"]),
        }
        for row in held
    ]
    form = forms.RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.categorise(actor, person_id, form.cleaned_data["role"], form.cleaned_data["ground"])
            return redirect(f"{actor.purpose}:roles", person_id)
    shown = {"form": form, "only_form": True, "ends": ends}
    return kept_page(request, person_id, "What part they have in the case", **shown)


@page("person_ref:RW")
def role_ended(request: HttpRequest, actor: Actor, person_id: UUID, role_id: UUID) -> HttpResponse:
    held = policy.ROLES.one(actor, role_id)
    if held["person_id"] != person_id or held["until"]:
        raise NotAllowed(rule="row", reason="row")
    act = partial(actions.end_role, role_id=role_id, version=version_of(request) or 0)
    title = f"{held['role'].capitalize()}: no longer"
    return asked(request, actor, person_id, forms.NoLongerForm, act, title, "", back="roles", version=held["version"])


@page("person_ref:RW")
def end(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Nothing is erased; whatever still waits is said instead."""
    found = policy.PEOPLE.one(actor, person_id)
    if found["ended_at"]:
        raise NotAllowed(rule="row", reason="row")
    form = forms.EndForm(request.POST or None, version=found["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.close(actor, person_id, version=version_of(request) or 0)
            return redirect(f"{actor.purpose}:person", person_id)
    lead = "Care and referral are finished here. What was written is kept as long as the law says, and no longer."
    return form_page(request, person_id, form, f"End the record of {found['reference']}", lead)


@page("person_ref:R:housing_need", "person_ref:R", "person_ref:R:safeguarding_alert")
def placement(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The authority that finds the home takes it on; then its workers may write down where it is."""
    if actor.kind not in rules.FIND_HOMES:
        raise NotAllowed(rule="cell", reason="cell")
    projection = policy.NARROW.get(actor.role, "")
    found = policy.PEOPLE.one(actor, person_id, projection=projection)
    act = actions.take_on_placement
    lead = "Your council finds the home for this reference. From then on its named workers may write where it is."
    return asked(request, actor, person_id, forms.PlacementForm, act, f"Find a home for {found['reference']}", lead,
                 back="person")  # fmt: skip
