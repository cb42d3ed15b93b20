"""What a data guardian sees: whose time is over, what is held, the papers and the register of breaches."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Membership
from wilberforce.agencies.policy import guardian
from wilberforce.agencies.rules import GUARDIAN
from wilberforce.base.paging import listed, rows_of
from wilberforce.ledger.pages import attempt, page

from . import actions, policy, rules
from .forms import (
    BeginErasureForm,
    BreachForm,
    EndHoldForm,
    EraseForm,
    HoldForm,
    KeepForm,
    LookAgainForm,
    PaperForm,
    ReviewedForm,
    ToldForm,
)
from .models import OPEN, Breach, Hold, Paper, Review

SHOWN = 50


@page()
def retention(request: HttpRequest, actor: Actor) -> HttpResponse:
    begun = Review.objects.filter(erased_at=None, keep_until=None).order_by("begun_at")[:SHOWN]
    shown = {
        "listing": listed(request, rows_of(policy.over())).each(_over),
        "begun": [{"review": one, "code": policy.code_of(one.subject_id), "mine": one.begun_by == actor.me}
                  for one in begun],
        "holds": _holds(list(Hold.objects.filter(OPEN).order_by("review_on")[:SHOWN]), actor),
        "kept": rules.RETENTIONS.values(),
        "guards": actor.role == GUARDIAN,
    }  # fmt: skip
    return render(request, "stewardship/retention.html", shown)


@page()
def record(request: HttpRequest, actor: Actor, data_class: str, subject_id: UUID) -> HttpResponse:
    guardian(actor, actor.home)
    found = policy.one_over(data_class, subject_id)
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.keep(actor, data_class, subject_id, **form.cleaned_data)
            return redirect("oversight:retention")
    holds = _holds(policy.holds_on(subject_id, data_class), actor)
    shown = {"one": found, "form": form, "holds": holds}
    return render(request, "stewardship/record.html", shown)


@page()
def begin_erasure(request: HttpRequest, actor: Actor, data_class: str, subject_id: UUID) -> HttpResponse:
    found = policy.one_over(data_class, subject_id)
    asks = ReviewedForm if found.retention.end is rules.End.REVIEW else BeginErasureForm
    form = asks(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.begin_erasure(actor, data_class, subject_id, **form.cleaned_data)
            return redirect("oversight:retention")
    return render(request, "stewardship/sure.html", {"one": found, "form": form, "title": "Begin to erase"})


@page()
def erase(request: HttpRequest, actor: Actor, review_id: UUID) -> HttpResponse:
    """The second guardian; what another began stands before them by its code and dates."""
    guardian(actor, actor.home)
    begun = actions.begun_erasure(actor, review_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.erase(actor, review_id)
            return redirect("oversight:retention")
    found = policy.one_over(begun.data_class, begun.subject_id)
    return render(request, "stewardship/sure.html", {"one": found, "form": form, "title": "Erase"})


@page()
def hold(request: HttpRequest, actor: Actor) -> HttpResponse:
    guardian(actor, actor.home)
    form = HoldForm(request.POST or None, initial={"subject_id": request.GET.get("record", "")})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.place_hold(actor, **form.cleaned_data)
            return redirect("oversight:retention")
    return render(request, "stewardship/form.html", {"form": form, "title": "Hold a record", "back": "retention"})


@page()
def look_again(request: HttpRequest, actor: Actor, hold_id: UUID) -> HttpResponse:
    """The hold stands on: until when, says whoever has looked at why."""
    found = actions.hold_of(actor, hold_id)
    form = LookAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.look_again_at_hold(actor, hold_id, **form.cleaned_data)
            return redirect("oversight:retention")
    title = f"Look again at the hold {found.reference}"
    return render(request, "stewardship/form.html", {"form": form, "title": title, "back": "retention"})


@page()
@require_POST
def end_hold(request: HttpRequest, actor: Actor, hold_id: UUID) -> HttpResponse:
    actions.end_hold(actor, hold_id)
    return redirect("oversight:retention")


@page()
def papers(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.sign_paper(actor, **form.cleaned_data)
            return redirect("oversight:papers")
    kept = Paper.objects.order_by("kind", "language", "-signed_at").distinct("kind", "language").defer("text")
    names = _named(one.owner_id for one in kept)
    shown = [{"paper": one, "title": rules.PAPERS[rules.Paper(one.kind)].title, "owner": names.get(one.owner_id, ""),
              "late": one.review_on < policy.today()} for one in kept]  # fmt: skip
    there = {one.kind for one in kept}
    missing = [needed.title for kind, needed in rules.PAPERS.items() if kind.value not in there]
    return render(
        request,
        "stewardship/papers.html",
        {"papers": shown, "missing": missing, "form": form, "guards": actor.role == GUARDIAN},
    )


@page()
def paper(request: HttpRequest, actor: Actor, paper_id: UUID) -> HttpResponse:
    guardian(actor, actor.home)
    found = actions.own_paper(actor, paper_id)
    title = rules.PAPERS[rules.Paper(found.kind)].title
    return render(request, "stewardship/paper.html", {"paper": found, "title": title})


@page()
def breaches(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = BreachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.record_breach(actor, **form.cleaned_data)
            return redirect("oversight:breaches")
    kept = Breach.objects.order_by("-found_at")[:SHOWN]
    return render(
        request,
        "stewardship/breaches.html",
        {"breaches": kept, "form": form, "telling": ToldForm(), "guards": actor.role == GUARDIAN},
    )


@page()
@require_POST
def told(request: HttpRequest, actor: Actor, breach_id: UUID) -> HttpResponse:
    actions.commissioner_told(actor, breach_id)
    return redirect("oversight:breaches")


def _over(row: dict[str, Any]) -> dict[str, Any]:
    return {"one": policy.as_over(row["record"])}


def _holds(found: list[Hold], actor: Actor) -> list[dict[str, Any]]:
    """Of an agency that ended, they are looked at again here and ended by nobody."""
    names = _named(one.owner_id for one in found)
    return [
        {
            "hold": one,
            "code": _code(one),
            "why": rules.BASES[rules.Basis(one.basis)],
            "owner": names.get(one.owner_id, ""),
            "late": one.review_on < policy.today(),
            "form": EndHoldForm() if one.agency_id == actor.home else None,
        }
        for one in found
    ]


def _code(one: Hold) -> str:
    """Nothing for what was asked for by a reference: seen twice, its code would say whether anybody has that."""
    return "" if one.basis == rules.Basis.ACCESS_REQUEST else policy.code_of(one.subject_id)


def _named(owners: Iterable[UUID]) -> dict[UUID, str]:
    """Who answers for it; somebody who has left is still named."""
    found = Membership.objects.filter(pk__in=set(owners)).select_related("user")
    return {member.pk: str(member) for member in found}
