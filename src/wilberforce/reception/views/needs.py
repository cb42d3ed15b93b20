"""Needs and risks, group by group and in any order; each page shows what is known and what was there before."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access import asking
from wilberforce.access.context import Actor
from wilberforce.access.history import corrections
from wilberforce.agencies.policy import named
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm, MomentField, reason
from wilberforce.ledger.pages import page, version_of
from wilberforce.reception import actions, lists, policy
from wilberforce.reception.actions.needs import TABLES, known
from wilberforce.survivors.actions.people import works_with

from .asking import ask, of_person

PAGES = {"shift": "practical", "worker": "story", "clinician": "screening"}
WHO_SEES = {
    "shift": "Everybody on the shift sees this.",
    "worker": "The worker who is named for them sees this, and the manager; nobody else.",
    "clinician": "Clinicians who treat them see this. The shift sees only the lines that say so.",
}
SEEN_BY = {"health_worker": ("shift", "clinician"), "reception_worker": ("shift", "worker")}


@page("support:R:given", "centre:R", "health:R")
def know(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Nothing here has to be filled in, and there is no first question."""
    _, title = of_person(actor, person_id, "needs and risks")
    mine = SEEN_BY.get(actor.role, ("shift", "worker"))
    named_for = actor.role not in SEEN_BY or works_with(person_id, actor.me)
    clinician = "clinician" in mine and named_for
    begun = policy.PRACTICAL.many(actor, Q(person_id=person_id), projection="given", limit=50)
    begun += policy.SCREENINGS.many(actor, Q(person_id=person_id), limit=50) if clinician else []
    written = {row["group"] for row in begun}
    groups = [
        (
            group,
            f"{actor.purpose}:{PAGES[group.seen]}" if group.seen == "shift" or named_for else "",
            group.code in written,
        )
        for group in lists.GROUPS.values()
        if group.seen in mine
    ]
    shown = {"title": title, "person_id": person_id, "groups": groups, "clinician": clinician}
    return render(request, "reception/know.html", shown)


@page("support:RW:given", "centre:R")
def practical(request: HttpRequest, actor: Actor, person_id: UUID, step: str) -> HttpResponse:
    return _group(request, actor, person_id, step, "shift", actions.note_practical)


@page("support:RW", "centre:R")
def story(request: HttpRequest, actor: Actor, person_id: UUID, step: str) -> HttpResponse:
    asking.must(actor, "support", "R", {"person": person_id}, "")
    return _group(request, actor, person_id, step, "worker", actions.note_story)


@page("health:RW", "centre:R")
def screening(request: HttpRequest, actor: Actor, person_id: UUID, step: str) -> HttpResponse:
    asking.must(actor, "health", "R", {"person": person_id}, "")
    return _group(request, actor, person_id, step, "clinician", actions.note_screening)


def _group(
    request: HttpRequest, actor: Actor, person_id: UUID, step: str, seen: str, act: Callable[..., object]
) -> HttpResponse:
    group = lists.GROUPS.get(step)
    if group is None or group.seen != seen:
        raise NotAllowed(rule="row", reason="row")
    _, title = of_person(actor, person_id, group.label.lower())
    before = known(actor, person_id, group)
    said = _said(before)
    form = form_of(step, bool(before))(request.POST or None, initial=said, version=before["version"] if before else "")

    def note(why: str = "", **answers: Any) -> None:
        act(actor, person_id, step, answers, version=version_of(request), why=why)

    shown = {"entries": _former(actor, group, before), "person_id": person_id, "lead": WHO_SEES[seen]}
    return ask(request, form, title, note, (f"{actor.purpose}:know", person_id), "reception/group.html", **shown)


def _said(before: dict[str, Any] | None) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(before["answers"]) if before else {}
    times = [code for code in said if code in lists.ASKED and lists.ASKED[code].kind == "due"]
    return said | {code: datetime.fromisoformat(said[code]) for code in times}


def _former(actor: Actor, group: lists.Group, before: dict[str, Any] | None) -> list[dict[str, Any]]:
    if before is None:
        return []
    _, former, projection = TABLES[group.seen]
    told = {"answers": ("What they said", _in_words)}
    return named(actor, corrections(actor, former, before["id"], told, projection=projection))


def _in_words(answers: str) -> str:
    said = json.loads(answers).items()
    return "; ".join(f"{lists.ASKED[code].label} {_spoken(value)}" for code, value in said if code in lists.ASKED)


def _spoken(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


@cache
def form_of(group: str, corrects: bool) -> type[KitForm]:
    """No question has to be answered. A correction may say why."""
    fields: dict[str, Any] = {one.code: _field(one) for one in lists.asked_in(group)}
    return type("GroupForm", (KitForm,), {"submit": "Save", **fields, **({"why": reason()} if corrects else {})})


def _field(one: lists.Asked) -> forms.Field:
    said: dict[str, Any] = {"label": one.label, "required": False, "help_text": one.hint}
    if one.tells:
        said["help_text"] = "The whole shift sees this line. No diagnosis."
    options = [(option, option.capitalize() if option.islower() else option) for option in one.options]
    if one.kind in ("yes-no", "one"):
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **said)
    if one.kind == "several":
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **said)
    if one.kind == "due":
        return MomentField(what="The time", **said)
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **said)
