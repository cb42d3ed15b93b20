"""Whoever works with a person: shares with another agency, alerts the council, asks, and answers who asks."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from wilberforce.access.asking import may
from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import listed, rows_of
from wilberforce.ledger.pages import attempt, page
from wilberforce.sharing import actions, policy
from wilberforce.sharing.forms import AlertForm, AskForm, DisputeForm, RecallForm, RefuseForm, ShareForm
from wilberforce.sharing.models import Disclosure, Request
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.lists import BASES
from wilberforce.survivors.policy import NARROW, PEOPLE

from .guardians import recall_page, receipt_page

SEES = ("person_ref:R", "person_ref:R:housing_need", "person_ref:R:safeguarding_alert")
SHARES = ("person_ref:D", "identity:D", "support:D")
ALERTS = ("person_ref:D:safeguarding_alert", "identity:D:safeguarding_alert", "consent:W")


@page(*SHARES)
def share(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Each choice says exactly which fields would go. It waits for the guardian."""
    return _share(request, actor, person_id)


@page("health:D")
def share_health(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """A clinician chooses which clinical facts go."""
    return _share(request, actor, person_id)


def _share(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    form = ShareForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        to, kind = form.chosen
        with attempt(form):
            _must_stand_on_something(actor, person_id, to, kind)
            begun = actions.begin(
                actor,
                person_id,
                to_agency=to,
                data_class=kind.data_class,
                projection=kind.projection,
                fields=kind.fields,
                basis=form.cleaned_data["basis"],
                expires_at=form.cleaned_data["expires_at"],
            )
            _answers_request(actor, begun)
            return redirect(f"{actor.purpose}:receipt", begun.pk)
    lead = "A guardian of your agency sees exactly this and lets it go. The person can take their yes back at any time."
    if not form.offered:
        lead = "There is no live agreement with anybody for this purpose. Your data guardian can write one."
    return _form(request, actor, person_id, form if form.offered else None, "Share something", lead)


def _must_stand_on_something(actor: Actor, person_id: UUID, to: UUID, kind: policy.Kind) -> None:
    about = {"person": person_id, "record": person_id, "agency": to}
    if not may(actor, kind.data_class, "D", about, kind.projection).allowed:
        raise RuleBroken(
            "Neither a yes of theirs nor a law is recorded for this. Ask the person, or record the law first.",
            field="basis",
        )


def _answers_request(actor: Actor, begun: Disclosure) -> None:
    """A request for exactly this is answered with it."""
    waiting = Request.objects.filter(
        person_id=begun.subject_id,
        from_agency_id=begun.to_agency_id,
        data_class=begun.data_class,
        projection=begun.projection,
        refused_at=None,
        disclosure_id=None,
    )
    for one in waiting:
        actions.answer_request(actor, one.pk, begun.pk)


@page(*ALERTS)
def alert(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """A child, somebody who may be one, or an adult in danger: it goes at once and is reviewed afterwards."""
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with attempt(form):
            survivors.record_legal_basis(
                actor,
                person_id,
                basis=said["basis"],
                data_classes=list(actions.ALERTED),
                recipient=said["to_agency"],
                person_agrees=said["person_agrees"],
                told=said["told"],
                unsafe_to_tell=not said["told"],
            )
            actions.alert(actor, person_id, to_agency=said["to_agency"], basis=said["basis"])
            return redirect(f"{actor.purpose}:shared", person_id)
    lead = "Their reference, needs and who they are go to the council's duty team at once. Your guardian reviews it."
    return _form(request, actor, person_id, form, "Alert the council", lead, warn=True)


@page(*SEES)
def shared(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """What of this person left or reached the viewer's agency, and what was asked."""
    PEOPLE.one(actor, person_id, projection=NARROW.get(actor.role, ""))
    names = policy.names_of()
    kept = Disclosure.objects.filter(subject_id=person_id).order_by("-asked_at", "-id")
    found = listed(request, rows_of(kept))
    shown = found.each(lambda row: _line(row["record"], names))
    return render(request, "sharing/shared.html", {"listing": shown, "person_id": person_id})


def _line(one: Disclosure, names: dict[UUID, str]) -> dict[str, Any]:
    kind = policy.Kind(one.data_class, one.projection)
    ends = {"giver": names.get(one.from_agency_id, ""), "receiver": names.get(one.to_agency_id, "")}
    return {"record": one, "what": kind.words, "standing": str(one.standing(clock.now())), **ends}


@page(*SEES, *SHARES)
def receipt(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return receipt_page(request, actor, policy.disclosure_of(actor, disclosure_id), RecallForm())


@page(*SHARES)
@require_POST
def recalled(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return recall_page(request, actor, disclosure_id)


@page(*SEES)
def ask(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    PEOPLE.one(actor, person_id, projection=NARROW.get(actor.role, ""))
    form = AskForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = actions.ask_for(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:request", made.pk)
    lead = "Whoever keeps this decides, with the person, and answers you here."
    return _form(request, actor, person_id, form, "Ask for something about this person", lead)


def requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What others asked this agency for, and what it asked of others; only for this workspace's purpose."""
    names = policy.names_of()
    mine = Q(to_agency_id=actor.agency) | Q(from_agency_id=actor.agency)
    kept = Request.objects.filter(mine, purpose=actor.purpose).order_by("-asked_at", "-id")
    found = listed(request, rows_of(kept))
    shown = found.each(lambda row: _asked(row["record"], names))
    return render(request, "sharing/requests.html", {"listing": shown})


def _asked(one: Request, names: dict[UUID, str]) -> dict[str, Any]:
    kind = policy.Kind(one.data_class, one.projection)
    return {
        "record": one,
        "what": kind.words,
        "asker": names.get(one.from_agency_id, ""),
        "keeper": names.get(one.to_agency_id, ""),
        "ground": BASES[one.basis].label,
    }


def asked(request: HttpRequest, actor: Actor, request_id: UUID) -> HttpResponse:
    """The keeper answers with a disclosure or a no; the asker may dispute a no."""
    one = policy.request_of(actor, request_id)
    keeps = one.to_agency_id == actor.agency
    form = (RefuseForm if keeps else DisputeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            _answered(actor, one, keeps, form.cleaned_data)
            return redirect(f"{actor.purpose}:request", request_id)
    open_ = one.state == "waiting" if keeps else one.state == "refused"
    may = open_ and (actor.holds(one.data_class, "D") or not keeps)
    shown = {"one": _asked(one, policy.names_of()), "form": form if may else None, "keeps": keeps}
    return render(request, "sharing/request.html", shown)


def _answered(actor: Actor, one: Request, keeps: bool, said: dict[str, Any]) -> None:
    if keeps:
        actions.answer_request(actor, one.pk, **said)
    else:
        actions.dispute(actor, one.pk)


def the_person(actor: Actor, person_id: UUID) -> tuple[str, str]:
    """The way back. The charity meets the person in support alone, and its clinicians at the centre."""
    home = "support" if actor.kind == "redcross" else actor.purpose
    return "The person", reverse(f"{'reception' if actor.role == 'health_worker' else home}:person", args=[person_id])


def _form(
    request: HttpRequest, actor: Actor, person_id: UUID, form: KitForm | None, title: str, lead: str, **shown: Any
) -> HttpResponse:
    shown |= {"form": form, "title": title, "lead": lead, "breadcrumbs": [the_person(actor, person_id)]}
    return render(request, "sharing/form.html", shown)
