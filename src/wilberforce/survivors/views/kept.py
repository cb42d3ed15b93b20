"""Who the person is, and what carers and first responders write."""

from functools import partial
from uuid import UUID

from django.db.models import Q
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.agencies.policy import named
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.survivors import actions, forms, lists, policy

from .common import Row, added, asked, form_page, how_it_ended, kept_page, must_open

OF_PLACE: Shown = {"kind": ("Kind of place", lambda code: lists.PLACES[code].label), "address": ("Address", str)}


@page("identity:RW")
def identity(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _identity(request, actor, person_id)


@page("identity:R")
def identity_disclosed(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """For whoever reads what was disclosed to them and writes nothing in it."""
    return _identity(request, actor, person_id)


def _identity(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "identity")
    found = policy.IDENTITIES.many(actor, Q(person_id=person_id), limit=5)
    mine = next((row for row in found if row["controller_id"] == actor.agency), None)
    form = None
    if actor.holds("identity", "W"):
        maker = forms.CorrectIdentityForm if mine else forms.IdentityForm
        form = maker(request.POST or None, initial=_born(mine), version=mine["version"] if mine else "")
    if form is not None and request.method == "POST" and form.is_valid():
        with attempt(form):
            if mine:
                actions.correct_identity(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            else:
                actions.record_identity(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:identity", person_id)
    rows = [
        {"key": field.label, "value": _in_words(field, row[name])}
        for row in found
        for name, field in forms.IdentityForm.base_fields.items()
        if row[name]
    ]
    entries = named(actor, _former_identities(actor, person_id))
    return kept_page(request, person_id, "Who they are", form=form, rows=rows, entries=entries)


def _former_identities(actor: Actor, person_id: UUID) -> list[Row]:
    """What was there before each correction."""
    former = policy.FORMER_IDENTITIES.many(actor, Q(person_id=person_id), order_by=("-recorded_at", "-id"), limit=25)
    fields = forms.IdentityForm.base_fields
    entries = []
    for row in former:
        lines = [f"{field.label} was: {_in_words(field, row[name])}" for name, field in fields.items() if row[name]]
        lines += [f"Why: {row['why']}"] if row["why"] else []
        what = {"title": "Corrected", "by": row["recorded_by"], "text": "\n".join(lines)}
        entries.append({"at": row["recorded_at"], **what})
    return entries


def _in_words(field: Field, value: str) -> str:
    """As the form offers it, where the form offers answers."""
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _born(row: Row | None) -> Row:
    """The date in the parts that its field shows."""
    if not row or not row["date_of_birth"]:
        return dict(row or {})
    year, month, day = row["date_of_birth"].split("-")
    return {**row, "date_of_birth": [day, month, year]}


@page("support:RW")
def notes(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "support")
    found = listed(request, partial(policy.NOTES.many, actor), where=Q(person_id=person_id)).each(_note)
    entries, maker, act = named(actor, found.rows), forms.NoteForm, actions.note_support
    return added(request, actor, person_id, maker, act, "Support notes", "notes", entries, listing=found)


def _note(row: Row) -> Row:
    return {"at": row["recorded_at"], "title": "Note", "by": row["recorded_by"], "text": row["text"]}


@page("health:RW", "health:R:care_flags")
def care(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "health", projection="care_flags")
    found = policy.CARE.many(actor, Q(person_id=person_id, ended_at=None), projection="care_flags", limit=50)
    entries = [
        {"at": row["recorded_at"], "title": lists.CARE[row["kind"]].label, "text": row["detail"]} for row in found
    ]
    ends = _flags_to_end(actor, person_id, found)
    entries += _no_longer(actor, person_id)
    maker = forms.CareForm if actor.holds("health", "W") else None
    return added(request, actor, person_id, maker, actions.care_flag, "Care flags", "care", entries, ends=ends)


def _flags_to_end(actor: Actor, person_id: UUID, found: list[Row]) -> list[Row]:
    """Whoever is not the writer's clinician sees the flag and can't end it."""
    if not actor.holds("health", "W") or not policy.opens(actor, person_id, [("health", "W", "")]):
        return []
    return [
        {
            "what": f"{lists.CARE[row['kind']].label}: {row['detail']}",
            "url": reverse(f"{actor.purpose}:care_ended", args=[person_id, row["id"]]),
        }
        for row in found
    ]


def _no_longer(actor: Actor, person_id: UUID) -> list[Row]:
    """For clinicians, who end them: what was ended, by whom and why."""
    if not policy.opens(actor, person_id, [("health", "R", "")]):
        return []
    over = policy.CARE.many(actor, Q(person_id=person_id, ended_at__isnull=False), order_by=("-ended_at",), limit=25)
    return [how_it_ended(row, f"{lists.CARE[row['kind']].label}, {row['detail']}", row["ended_at"]) for row in over]


@page("health:RW")
def care_ended(request: HttpRequest, actor: Actor, person_id: UUID, flag_id: UUID) -> HttpResponse:
    flag = policy.CARE.one(actor, flag_id)
    if flag["person_id"] != person_id or flag["ended_at"]:
        raise NotAllowed(rule="row", reason="row")
    act = partial(actions.end_care_flag, flag_id=flag_id, version=version_of(request) or 0)
    return asked(request, actor, person_id, forms.NoLongerForm, act, f"{lists.CARE[flag['kind']].label}: no longer",
                 flag["detail"], back="care", version=flag["version"])  # fmt: skip


@page("health:RW")
def clinical(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """For clinicians who treat the person, and nobody else."""
    must_open(actor, person_id, "health")
    notes = partial(policy.CLINICAL_NOTES.many, actor, order_by=("-recorded_at", "-id"))
    found = listed(request, notes, where=Q(person_id=person_id)).each(_note)
    entries, maker, act = named(actor, found.rows), forms.ClinicalForm, actions.note_clinical
    return added(request, actor, person_id, maker, act, "Clinical notes", "clinical", entries, listing=found)


@page("location:RW")
def place(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "location")
    found = policy.NEXT_PLACES.many(actor, Q(person_id=person_id), limit=10)
    told = [{"at": row["from_at"], "title": lists.PLACES[row["kind"]].label, "text": row["address"]} for row in found]
    before = corrections(actor, policy.FORMER_PLACES, Q(person_id=person_id), OF_PLACE)
    entries = named(actor, [*told, *before])
    writes = actor.holds("location", "W")
    mine = writes and any(row["controller_id"] == actor.agency for row in found)
    right = reverse(f"{actor.purpose}:place_right", args=[person_id]) if mine else ""
    maker, act = forms.PlaceForm if writes else None, actions.record_next_place
    return added(request, actor, person_id, maker, act, "Where they go next", "place", entries, right=right)


@page("location:RW")
def place_right(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "location")
    latest = policy.NEXT_PLACES.many(actor, Q(person_id=person_id, controller_id=actor.home), limit=1)
    if not latest:
        raise NotAllowed(rule="row", reason="row")
    form = forms.CorrectPlaceForm(request.POST or None, initial=latest[0], version=latest[0]["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.correct_next_place(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:place", person_id)
    lead = "Only if what stands here is wrong. If they move on, record where they go next instead."
    return form_page(request, person_id, form, "Correct where they go next", lead)


@page("account:RW")
def account(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "account")
    found = policy.ACCOUNTS.many(actor, Q(person_id=person_id), limit=1)
    first = found[0] if found else None
    maker = forms.CorrectAccountForm if first else forms.AccountForm
    form = maker(request.POST or None, initial=first, version=first["version"] if first else "")
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            if first:
                actions.correct_account(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            else:
                actions.record_account(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:account", person_id)
    said = {"text": ("The account", str), "present": ("Who was present", str)}
    entries = named(actor, corrections(actor, policy.FORMER_ACCOUNTS, first["id"], said)) if first else []
    return kept_page(request, person_id, "Their account", form=form, entries=entries, only_form=True)
