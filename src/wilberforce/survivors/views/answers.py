"""What the person was told, what they answered, and the law that a step rests on."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.agencies.policy import named
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.base.registries import panels
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.pages import attempt, page
from wilberforce.survivors import actions, forms, lists, policy
from wilberforce.survivors.actions.consents import OUTSIDE, counting

from .common import Row, added, asked, form_page, how_it_ended, must_open


@page("consent:R")
def consents(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    must_open(actor, person_id, "consent")
    told = policy.TOLD.many(actor, Q(person_id=person_id), order_by=("-told_at",), limit=50)
    entries = [{"at": row["told_at"], "title": lists.TOLD[row["step"]].label} for row in told]
    answers = answers_of(actor, person_id)
    shown = {"answers": answers, "entries": entries, "person_id": person_id}
    return render(request, "survivors/consents.html", shown)


def answers_of(actor: Actor, person_id: UUID) -> list[Row]:
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
    return form_page(request, person_id, form, title)


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
    rests = [(panel.template, panel.fetch(actor, [answer_id])) for panel in panels("survivors.withdraw")]
    return form_page(request, person_id, form, "Take the yes back", lead, panels=rests)


@page("consent:RW")
def basis(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """A named law, on which something may go whatever the person answered; what they think of it stands beside it."""
    must_open(actor, person_id, "consent")
    rows = policy.LEGAL_BASES.many(actor, Q(person_id=person_id), order_by=("-recorded_at", "-id"), limit=25)
    names = {agency.pk: agency.short_name for agency in Agency.objects.all()}
    over = [how_it_ended(row, lists.BASES[row["basis"]].label, row["ends_at"]) for row in rows if row["ended_by"]]
    entries = named(actor, [*(_basis(row, names) for row in rows), *over])
    title = "The law that a step rests on"
    act, ends = actions.record_legal_basis, _still_open(actor, person_id, rows, names)
    return added(request, actor, person_id, forms.BasisForm, act, title, "basis", entries, ends=ends)


def _still_open(actor: Actor, person_id: UUID, rows: list[Row], names: dict[UUID, str]) -> list[Row]:
    """Each with the way to end it."""
    now = clock.now()
    return [
        {
            "what": f"{lists.BASES[row['basis']].label}: {_basis(row, names)['text']}",
            "url": reverse(f"{actor.purpose}:basis_ended", args=[person_id, row["id"]]),
        }
        for row in rows
        if row["ends_at"] is None or row["ends_at"] > now
    ]


@page("consent:RW")
def basis_ended(request: HttpRequest, actor: Actor, person_id: UUID, basis_id: UUID) -> HttpResponse:
    held = policy.LEGAL_BASES.one(actor, basis_id)
    if held["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    act, title = partial(actions.end_legal_basis, basis_id=basis_id), f"{lists.BASES[held['basis']].label}: no longer"
    lead = "Nothing goes on it from now on. That it was given stays."
    return asked(request, actor, person_id, forms.NoLongerForm, act, title, lead, back="basis")


def _basis(row: Row, names: dict[UUID, str]) -> Row:
    whom = OUTSIDE.get(row["recipient_code"]) or names.get(row["recipient_id"], "")
    what = ", ".join(label for _, label in forms.spoken_codes(row["about_classes"]))
    told = "Told." if row["told_at"] else "Not told: unsafe."
    ended = f" Ends {clock_time(row['ends_at'])}." if row["ends_at"] else ""
    text = f"{what}, to {whom}. Do they agree: {row['person_agrees']}. {told}{ended}"
    title = lists.BASES[row["basis"]].label
    return {"at": row["recorded_at"], "title": title, "by": row["recorded_by"], "text": text}
