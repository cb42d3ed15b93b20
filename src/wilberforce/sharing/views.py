"""What a data guardian sees: what waits for their yes, and which agreements are live, unsigned or ending."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.deadlines.policy import due_for
from wilberforce.ledger.pages import attempt, page

from . import actions, policy, rules
from .forms import ApproveForm, RefuseForm, SignForm
from .models import Agreement, Disclosure

ENDING = timedelta(days=30)
PREVIEWS = tuple(f"{c}:A:outgoing_preview" for c in ("intel", "suspect", "person_ref", "identity", "health", "account"))
APPROVALS = (*PREVIEWS, "support:A:outgoing_preview", "immigration:A:outgoing_field_names")


@page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    names = {agency.pk: agency.name for agency in Agency.objects.all()}
    kept = Agreement.objects.filter(ended_at=None).order_by("-starts", "id")[:100]
    shown = {
        "waiting": [_disclosure(one, names) for one in policy.waiting_for(actor)],
        "agreements": [_agreement(one, names, actor) for one in kept],
        "due": due_for(actor),
    }
    return render(request, "sharing/index.html", shown)


@page()
def agreement(request: HttpRequest, actor: Actor, agreement_id: UUID) -> HttpResponse:
    found = policy.agreement_of(actor, agreement_id)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.sign_agreement(actor, agreement_id)
            return redirect(f"{actor.purpose}:agreement", agreement_id)
    names = {agency.pk: agency.name for agency in Agency.objects.all()}
    return render(request, "sharing/agreement.html", {"one": _agreement(found, names, actor), "form": form})


@page(*APPROVALS)
def approval(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    """Exactly which fields would leave, to whom and on what ground."""
    found = next((one for one in policy.waiting_for(actor) if one.pk == disclosure_id), None)
    if found is None:
        raise NotAllowed(rule="disclosure", reason="row")
    form = ApproveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.approve(actor, disclosure_id)
            return redirect(f"{actor.purpose}:index")
    names = {agency.pk: agency.name for agency in Agency.objects.all()}
    shown = {"one": _disclosure(found, names), "form": form, "refusing": RefuseForm()}
    return render(request, "sharing/approval.html", shown)


@page(*APPROVALS)
@require_POST
def refusal(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    actions.refuse(actor, disclosure_id)
    return redirect(f"{actor.purpose}:index")


def _disclosure(one: Disclosure, names: dict[UUID, str]) -> dict[str, Any]:
    return {"record": one, "to": names.get(one.to_agency_id, ""), "fields": ", ".join(one.fields)}


def _agreement(one: Agreement, names: dict[UUID, str], actor: Actor) -> dict[str, Any]:
    now = clock.now()
    gives = one.from_agency_id == actor.agency
    mine = one.signed_by_from if gives else one.signed_by_to
    return {
        "record": one,
        "giver": names.get(one.from_agency_id, ""),
        "receiver": names.get(one.to_agency_id, ""),
        "state": _state(one),
        "to_sign": mine is None and one.ended_at is None and actor.role == "data_guardian",
        "ending": one.ends is not None and one.ends <= (clock.in_london(now) + ENDING).date(),
    }


def _state(one: Agreement) -> str:
    if one.ended_at:
        return "ended"
    if not one.signed:
        return "waits for a signature"
    return "live" if rules.is_live(one.terms, clock.now()) else "outside its dates"
