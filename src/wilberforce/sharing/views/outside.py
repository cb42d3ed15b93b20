"""Recipients that nobody signs in for: their keys and agreements for the guardian, their packs for whoever sends."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.agencies.policy import guardian, named
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed, rows_of
from wilberforce.ledger.pages import attempt, page
from wilberforce.sharing import actions, correcting, outside, policy
from wilberforce.sharing.models import Agreement, Disclosure, Outsider, Pack
from wilberforce.sharing.outside_forms import (
    AnsweredForm,
    CorrectOutsiderForm,
    GiveUpForm,
    HandedForm,
    HeardForm,
    OutsiderForm,
    PaperAgreementForm,
    SendOutsideForm,
    ToldForm,
)
from wilberforce.sharing.rules import packs
from wilberforce.survivors.actions.consents import OUTSIDE

from .people import the_person

HEALTH = ("health:D",)
LETTERS = ("health:R:requested_material", "support:R:requested_material")


@page()
def outsiders(request: HttpRequest, actor: Actor) -> HttpResponse:
    guardian(actor, actor.home)
    kept = Outsider.objects.filter(agency_id=actor.home).order_by("name", "id")
    shown = listed(request, rows_of(kept)).each(lambda row: {"one": row["record"], "kind": OUTSIDE[row["record"].code]})
    return render(request, "sharing/outsiders.html", {"listing": shown})


@page()
def outsider_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    guardian(actor, actor.home)
    form = OutsiderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = outside.introduce(actor, **form.cleaned_data)
            return redirect("oversight:outsider", made.pk)
    shown = {"form": form, "title": "A recipient without a sign-in"}
    return render(request, "sharing/form.html", shown)


@page()
def outsider(request: HttpRequest, actor: Actor, outsider_id: UUID) -> HttpResponse:
    """Its fingerprint to hear, its agreements, and the end of it."""
    guardian(actor, actor.home)
    found = policy.outsider_of(actor, outsider_id)
    form = HeardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            outside.heard(actor, outsider_id, **form.cleaned_data)
            return redirect("oversight:outsider", outsider_id)
    shown = {
        "one": found,
        "kind": OUTSIDE[found.code],
        "fingerprint": packs.fingerprint(found.public_key),
        "agreements": Agreement.objects.filter(to_agency_id=found.pk).order_by("-starts", "id")[:25],
        "form": None if found.checked_at or found.ended_at else form,
        "entries": named(actor, correcting.entries(found.pk)),
        "ending": None if found.ended_at else GiveUpForm(),
    }
    return render(request, "sharing/outsider.html", shown)


@page()
def outsider_right(request: HttpRequest, actor: Actor, outsider_id: UUID) -> HttpResponse:
    guardian(actor, actor.home)
    found = policy.outsider_of(actor, outsider_id)
    form = CorrectOutsiderForm(request.POST or None, initial={"name": found.name, "reached": found.reached})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            correcting.correct_outsider(actor, outsider_id, **form.cleaned_data)
            return redirect("oversight:outsider", outsider_id)
    shown = {"form": form, "title": "Put it right"}
    return render(request, "sharing/form.html", shown)


@page()
@require_POST
def outsider_ended(request: HttpRequest, actor: Actor, outsider_id: UUID) -> HttpResponse:
    outside.give_up(actor, outsider_id)
    return redirect("oversight:outsider", outsider_id)


@page()
def outsider_agreement(request: HttpRequest, actor: Actor, outsider_id: UUID) -> HttpResponse:
    guardian(actor, actor.home)
    found = policy.outsider_of(actor, outsider_id)
    form = PaperAgreementForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        terms = {"fields": said.pop("fields_shared"), "purpose": said.pop("used_for"), **said}
        with attempt(form):
            made = actions.propose_agreement(actor, to_agency=found.pk, **terms)
            return redirect("oversight:agreement", made.pk)
    shown = {"form": form, "title": f"An agreement with {found.name}"}
    return render(request, "sharing/form.html", shown)


def send(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """What would go is fixed when it is asked for; the guardian sees those bytes."""
    form = SendOutsideForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        to, kind = form.chosen
        said = form.cleaned_data
        with attempt(form):
            begun = outside.begin(
                actor, person_id, to=to, kind=kind, fields=said["fields_sent"], basis=said["basis"], until=said["until"]
            )
            return redirect(f"{actor.purpose}:pack", begun.pk)
    lead = "A sealed pack opens with their key alone. Once handed over it can't be taken back."
    if not form.offered:
        lead = "There is no signed agreement with anybody outside for this purpose. Your data guardian can write one."
    shown: dict[str, Any] = {
        "form": form if form.offered else None,
        "title": "Send to somebody without a sign-in",
        "lead": lead,
    }
    if actor.kind == "redcross":
        shown |= {"breadcrumbs": [the_person(actor, person_id)]}
    return render(request, "sharing/form.html", shown)


def pack(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    """Whoever sends it: the exact bytes, then the sealed file, then that it was handed over; in its own workspace."""
    one, kept = _mine(actor, disclosure_id)
    if one.purpose != actor.purpose:
        return redirect(f"{one.purpose}:pack", disclosure_id)
    return _page(request, actor, one, kept, HandedForm() if kept.taken_at and not kept.handed_at else None)


@page()
def pack_of_guardian(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    """What the holder was told, and what they answered; the bytes stand on the page of the approval alone."""
    guardian(actor, actor.home)
    one, kept = _mine(actor, disclosure_id)
    form = AnsweredForm(request.POST or None) if kept.told_at and not kept.gone_at else None
    if form and request.method == "POST" and form.is_valid():
        with attempt(form):
            outside.holder_answered(actor, disclosure_id, **form.cleaned_data)
            return redirect("oversight:pack", disclosure_id)
    return _page(request, actor, one, kept, form)


def _mine(actor: Actor, disclosure_id: UUID) -> tuple[Disclosure, Pack]:
    one = policy.disclosure_of(actor, disclosure_id)
    kept = policy.pack_of(one)
    if kept is None:
        raise NotAllowed(rule="disclosure", reason="row")
    return one, kept


def _page(request: HttpRequest, actor: Actor, one: Disclosure, kept: Pack, form: Any) -> HttpResponse:
    over = outside.is_over(one)
    mine = one.initiated_by == actor.membership
    readable = mine and bool(kept.payload) and not over
    shown = {
        "one": one,
        "pack": kept,
        "to": policy.names_of().get(one.to_agency_id, ""),
        "text": outside.preview(actor, one) if readable else "",
        "form": form,
        "telling": ToldForm() if not mine and over and kept.taken_at and not kept.told_at else None,
        "entries": named(actor, _steps(one, kept)),
        "download": readable and one.completed_at,
    }
    return render(request, "sharing/pack.html", shown)


def _steps(one: Disclosure, kept: Pack) -> list[dict[str, Any]]:
    steps = [
        (one.asked_at, "Begun: these bytes, and no others", one.initiated_by),
        (one.approved_at, "Approved by a second person", one.approved_by),
        (one.refused_at, "Refused", None),
        (kept.taken_at, "Sealed and downloaded", None),
        (kept.handed_at, "Handed over; the readable bytes are gone here", None),
        (one.recalled_at, "Called back" if not one.withdrawn_at else "The person took their yes back", None),
        (kept.told_at, "The holder was told to delete it", kept.told_by),
        (kept.gone_at, f"The holder answered: {kept.get_gone_display()}", kept.gone_by),
        (one.expires_at, "They must have deleted it", None),
    ]
    found = [{"at": at, "title": title, "by": by} for at, title, by in steps if at]
    return sorted(found, key=lambda step: step["at"])


def pack_file(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    sealed = outside.sealed_pack(actor, disclosure_id)
    answer = HttpResponse(sealed, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="pack-{str(disclosure_id)[-12:]}.age"'
    return answer


@require_POST
def handed(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    outside.handed_over(actor, disclosure_id)
    return redirect(f"{actor.purpose}:pack", disclosure_id)


@page()
@require_POST
def holder_told(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    outside.holder_told(actor, disclosure_id)
    return redirect("oversight:pack", disclosure_id)
