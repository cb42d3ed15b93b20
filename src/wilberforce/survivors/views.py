"""A person's pages. Each shows what this viewer may see, and no more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access import asking
from wilberforce.access.context import Actor
from wilberforce.access.rules import Question, decide
from wilberforce.agencies.models import Agency
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.ledger.pages import READINESS, attempt, page, version_of

from . import actions, forms, lists, policy
from .actions.consents import OUTSIDE, counting

Row = dict[str, Any]
PAGES = (
    ("identity", "identity", "", "Who they are"),
    ("consents", "consent", "", "What they were told and answered"),
    ("notes", "support", "", "Support notes"),
    ("care", "health", "care_flags", "Care flags"),
    ("place", "location", "", "Where they go next"),
    ("account", "account", "", "Their account"),
)
NARROW = {"housing_officer": "housing_need", "emergency_duty": "safeguarding_alert"}


@page("person_ref:R", "person_ref:R:housing_need", "person_ref:R:safeguarding_alert")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people whom this worker works with."""
    projection = NARROW.get(actor.role, "")
    people = policy.PEOPLE.many(actor, projection=projection, limit=100) if actor.holds("person_ref", "R") else []
    rows = [{**person, "spoken": _languages(person)} for person in people]
    return render(request, "survivors/index.html", {"people": rows})


def _languages(person: Row) -> str:
    return ", ".join(LANGUAGES[code].label for code in person["languages"]) or "Not known"


@page("person_ref:R")
def person(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _person(request, actor, person_id)


@page("person_ref:R", "consent:R")
def person_for_referral(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The first responder's page: language and needs before any question, and what was answered."""
    return _person(request, actor, person_id)


def _person(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    found = policy.PEOPLE.one(actor, person_id)
    needs = ", ".join(lists.NEEDS[code].label for code in found["needs"]) or "None recorded"
    rows = [
        {"key": "Adult or child", "value": found["age"].capitalize()},
        {"key": "Languages", "value": _languages(found)},
        {"key": "Interpreter", "value": found["interpreter"].capitalize()},
        {"key": "Would rather have", "value": found["interpreter_gender"].capitalize()},
        {"key": "Needs", "value": needs},
    ]
    roles = policy.ROLES.many(actor, Q(person_id=person_id, until=None))
    shown: Row = {"person": found, "rows": rows, "roles": roles, "links": _links(actor, person_id)}
    if actor.holds("consent", "R"):
        shown["answers"] = _answers(actor, person_id)
    shown["may_write"] = opens(actor, person_id, "person_ref", "W")
    return render(request, "survivors/person.html", shown)


def opens(actor: Actor, person_id: UUID, data_class: str, does: str = "R", projection: str = "") -> bool:
    """Whether this page would open, once the worker has a device in order and has signed in again."""
    question = Question(actor.kind, actor.role, data_class, actor.purpose, does, projection or None)
    facts = asking.true_facts(actor, question, {"person": person_id}) - {"device_untrusted"}
    return decide(asking.matrix(), question, facts | frozenset(READINESS)).allowed


def _links(actor: Actor, person_id: UUID) -> list[tuple[str, str]]:
    return [
        (label, reverse(f"{actor.purpose}:{name}", args=[person_id]))
        for name, data_class, projection, label in PAGES
        if opens(actor, person_id, data_class, projection=projection)
    ]


@page("person_ref:RW")
def correct(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    found = policy.PEOPLE.one(actor, person_id)
    form = forms.CorrectForm(request.POST or None, initial=found, version=found["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.correct_person(actor, person_id, form.cleaned_data, version=version_of(request) or 0)
            return redirect(f"{actor.purpose}:person", person_id)
    return _form(request, person_id, form, f"Correct {found['reference']}")


@page("person_ref:RW")
def assign(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    policy.PEOPLE.one(actor, person_id)
    lead = "They see this person's record for 30 days at most."
    act = actions.assign
    return _asked(request, actor, person_id, forms.AssignForm, act, "Who works with this person", lead, back="person")


@page("identity:RW")
def identity(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _identity(request, actor, person_id)


@page("identity:R")
def identity_disclosed(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """For whoever reads what was disclosed to them and writes nothing in it."""
    return _identity(request, actor, person_id)


def _identity(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _must_open(actor, person_id, "identity")
    found = policy.IDENTITIES.many(actor, Q(person_id=person_id), limit=5)
    mine = next((row for row in found if row["controller_id"] == actor.agency), None)
    form = None
    if actor.holds("identity", "W"):
        form = forms.IdentityForm(request.POST or None, initial=_born(mine), version=mine["version"] if mine else "")
    if form is not None and request.method == "POST" and form.is_valid():
        with attempt(form):
            if mine:
                actions.correct_identity(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            else:
                actions.record_identity(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:identity", person_id)
    rows = [
        {"key": field.label, "value": row[name]}
        for row in found
        for name, field in forms.IdentityForm.base_fields.items()
        if row[name]
    ]
    return _kept(request, person_id, "Who they are", form=form, rows=rows)


def _born(row: Row | None) -> Row:
    """The date in the parts that its field shows."""
    if not row or not row["date_of_birth"]:
        return dict(row or {})
    year, month, day = row["date_of_birth"].split("-")
    return {**row, "date_of_birth": [day, month, year]}


def _must_open(actor: Actor, person_id: UUID, data_class: str, does: str = "R", projection: str = "") -> None:
    """Raises NotAllowed before a page says that nothing is recorded."""
    asking.must(actor, data_class, does, {"person": person_id}, projection)


@page("consent:R")
def consents(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _must_open(actor, person_id, "consent")
    told = policy.TOLD.many(actor, Q(person_id=person_id), order_by=("-told_at",), limit=50)
    entries = [{"at": row["told_at"], "title": lists.TOLD[row["step"]].label} for row in told]
    answers = _answers(actor, person_id)
    shown = {"answers": answers, "entries": entries, "person_id": person_id}
    return render(request, "survivors/consents.html", shown)


def _answers(actor: Actor, person_id: UUID) -> list[Row]:
    every = policy.ANSWERS.many(actor, Q(person_id=person_id), order_by=("-recorded_at", "-id"), limit=200)
    names = {agency.pk: agency.short_name for agency in Agency.objects.all()}
    return [
        {
            **row,
            "matter": " ".join(label for _, label in forms.spoken_codes([row["about_class"]])),
            "purpose_words": " ".join(label for _, label in forms.spoken_codes([row["purpose"]])),
            "whom": OUTSIDE.get(row["recipient_code"]) or names.get(row["recipient_id"], ""),
            "basis": lists.BASES[row["legal_basis"]].label,
        }
        for row in counting(every)
    ]


@page("consent:RW", "person_ref:R")
def tell(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    found = policy.PEOPLE.one(actor, person_id)
    form = forms.TellForm(request.POST or None, spoken=found["languages"])
    return _done(request, actor, person_id, form, actions.tell, "What were they told?")


@page("consent:RW", "person_ref:R")
def ask(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    found = policy.PEOPLE.one(actor, person_id)
    form = forms.AnswerForm(request.POST or None, spoken=found["languages"])
    return _done(request, actor, person_id, form, _answer, "What did they answer?")


def _answer(actor: Actor, person_id: UUID, *, used_for: str, **said: Any) -> None:
    """Every form carries the purpose of its workspace, so this question has another name."""
    actions.answer(actor, person_id, purpose=used_for, **said)


def _done(
    request: HttpRequest, actor: Actor, person_id: UUID, form: KitForm, act: Callable[..., object], title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:consents", person_id)
    return _form(request, person_id, form, title)


@page("consent:RW")
def withdraw(request: HttpRequest, actor: Actor, person_id: UUID, answer_id: UUID) -> HttpResponse:
    said = policy.ANSWERS.one(actor, answer_id)
    if said["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    form = KitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            whom = said["recipient_id"] or said["recipient_code"]
            matter = {"data_class": said["about_class"], "recipient": whom, "purpose": said["purpose"]}
            actions.withdraw(actor, person_id, language=said["language"], **matter)
            return redirect(f"{actor.purpose}:consents", person_id)
    lead = "From now on the recipient reads nothing more on the ground of this answer. No reason is needed."
    return _form(request, person_id, form, "Take the yes back", lead)


@page("support:RW")
def notes(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _must_open(actor, person_id, "support")
    found = policy.NOTES.many(actor, Q(person_id=person_id), limit=50)
    entries = [{"at": row["recorded_at"], "title": "Note", "text": row["text"]} for row in found]
    return _added(request, actor, person_id, forms.NoteForm, actions.note_support, "Support notes", "notes", entries)


@page("health:RW", "health:R:care_flags")
def care(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _must_open(actor, person_id, "health", projection="care_flags")
    found = policy.CARE.many(actor, Q(person_id=person_id, ended_at=None), projection="care_flags", limit=50)
    entries = [
        {"at": row["recorded_at"], "title": lists.CARE[row["kind"]].label, "text": row["detail"]} for row in found
    ]
    maker = forms.CareForm if actor.holds("health", "W") else None
    return _added(request, actor, person_id, maker, actions.care_flag, "Care flags", "care", entries)


@page("location:RW")
def place(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _must_open(actor, person_id, "location")
    found = policy.NEXT_PLACES.many(actor, Q(person_id=person_id), limit=10)
    entries = [
        {"at": row["from_at"], "title": lists.PLACES[row["kind"]].label, "text": row["address"]} for row in found
    ]
    maker = forms.PlaceForm if actor.holds("location", "W") else None
    return _added(request, actor, person_id, maker, actions.record_next_place, "Where they go next", "place", entries)


@page("account:RW")
def account(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _must_open(actor, person_id, "account")
    found = policy.ACCOUNTS.many(actor, Q(person_id=person_id), limit=1)
    first = found[0] if found else None
    form = forms.AccountForm(request.POST or None, initial=first, version=first["version"] if first else "")
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            if first:
                actions.correct_account(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            else:
                actions.record_account(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:account", person_id)
    return _kept(request, person_id, "Their account", form=form)


def _added(
    request: HttpRequest,
    actor: Actor,
    person_id: UUID,
    maker: type[KitForm] | None,
    act: Callable[..., object],
    title: str,
    name: str,
    entries: list[Row],
) -> HttpResponse:
    """A list to which one more may be added."""
    form = maker(request.POST or None) if maker else None
    if form is not None and request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:{name}", person_id)
    return _kept(request, person_id, title, form=form, entries=entries)


def _asked(
    request: HttpRequest,
    actor: Actor,
    person_id: UUID,
    maker: type[KitForm],
    act: Callable[..., object],
    title: str,
    lead: str,
    *,
    back: str,
) -> HttpResponse:
    form = maker(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:{back}", person_id)
    return _form(request, person_id, form, title, lead)


def _form(request: HttpRequest, person_id: UUID, form: KitForm, title: str, lead: str = "") -> HttpResponse:
    return _kept(request, person_id, title, form=form, lead=lead, only_form=True)


def _kept(request: HttpRequest, person_id: UUID, title: str, **shown: Any) -> HttpResponse:
    return render(request, "survivors/kept.html", {"person_id": person_id, "title": title, **shown})
