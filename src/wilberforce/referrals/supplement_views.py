"""After the form went: what is put right or added, sent as a supplement."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.access.history import corrections
from wilberforce.access.protect import Row
from wilberforce.agencies.policy import named
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.survivors.policy import PEOPLE

from . import policy, supplements
from .forms import GiveUpForm, RewriteSupplementForm, SupplementForm, SupplementSentForm


def _sent_form(actor: Actor, person_id: UUID) -> Row:
    form = policy.form_of(actor, person_id)
    if form is None or not form["submitted_at"]:
        raise NotAllowed(rule="row", reason="row")
    return form


@page("person_ref:R", "immigration:RW")
def supplement(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The one that waits, to write and to read again, above those that went."""
    person, kept = PEOPLE.one(actor, person_id), _sent_form(actor, person_id)
    every = policy.supplements_of(actor, kept)
    draft = next((one for one in every if not one["sent_at"]), None)
    maker = RewriteSupplementForm if draft else SupplementForm
    form = maker(request.POST or None, initial=draft, version=draft["version"] if draft else "")
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            supplements.write(actor, person_id, version=version_of(request), **form.cleaned_data)
            return redirect(f"{actor.purpose}:supplement", person_id)
    sent = [_entry(one) for one in every if one["sent_at"]]
    before = corrections(actor, policy.FORMER_FORMS, draft["id"], supplements.SAID) if draft else []
    shown = {"person": person, "form": form, "draft": draft, "entries": named(actor, [*sent, *before])}
    return render(request, "referrals/supplement.html", shown)


def _entry(one: Row) -> dict[str, Any]:
    return {"at": one["sent_at"], "title": "Supplement sent", "by": one["written_by"], "text": one["text"]}


@page("person_ref:R", "immigration:RWD")
def sent(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _of_draft(request, actor, person_id, SupplementSentForm, supplements.send, "The supplement was sent")


@page("person_ref:R", "immigration:RW")
def given_up(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _of_draft(request, actor, person_id, GiveUpForm, supplements.give_up, "Give up the supplement")


def _of_draft(
    request: HttpRequest, actor: Actor, person_id: UUID, maker: type[KitForm], act: Callable[..., object], title: str
) -> HttpResponse:
    draft = policy.waiting_supplement(actor, _sent_form(actor, person_id))
    if draft is None:
        raise NotAllowed(rule="row", reason="row")
    form = maker(request.POST or None, version=draft["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:form", person_id)
    shown = {"person": PEOPLE.one(actor, person_id), "form": form, "title": title}
    return render(request, "referrals/ask.html", shown)
