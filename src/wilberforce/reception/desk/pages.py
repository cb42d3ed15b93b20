"""The manager's pages: which tablets there are and what they still hold, and what waits for a decision."""

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.pages import attempt, page
from wilberforce.reception import board, paper, policy
from wilberforce.reception.actions import sense

from . import answers, cards, pictures, rules, sheets, tablets, views, waiting
from .forms import AnswerForm, RepairForm, SheetForm, TabletForm


@page("centre:RW")
def tablets_here(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """With what each has not sent yet, when it was last heard and whether its clock is right."""
    here = policy.CENTRES.one(actor, centre_id)
    known = tablets.of_centre(actor, centre_id)
    form = TabletForm(request.POST or None)
    if request.method == "POST" and "lost" in request.POST:
        tablets.lose(actor, centre_id, sense.uuid_of(request.POST["lost"]))
        return redirect(f"{actor.purpose}:tablets", centre_id)
    if request.method == "POST" and "again" in request.POST:
        again = tablets.enrol_again(actor, centre_id, sense.uuid_of(request.POST["again"]))
        return views.with_cookie(redirect("/desk/"), again.secret)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            enrolled = tablets.enrol(actor, centre_id, label=form.cleaned_data["label"], held=views.tablet_of(request))
            return views.with_cookie(redirect("/desk/"), enrolled.secret)
    shown = [(tablet, rules.words_for_offset(tablet.offset_ms)) for tablet in known]
    return render(request, "reception/tablets.html", {"centre": here, "form": form, "tablets": shown})


@page("centre:RW")
def shift_cards(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Who sits at a tablet, and the card with which it reads its list again when the network is gone."""
    here = policy.CENTRES.one(actor, centre_id)
    form = Form(request.POST or None)
    with attempt(form):
        if request.method == "POST" and "print" in request.POST:
            return _pdf("shift-card", cards.printed(actor, centre_id, sense.uuid_of(request.POST["print"])))
        if request.method == "POST" and "revoke" in request.POST:
            cards.revoke(actor, centre_id, sense.uuid_of(request.POST["revoke"]))
            return redirect(f"{actor.purpose}:shift_cards", centre_id)
    shown = {"centre": here, "form": form, "sittings": cards.at_centre(actor, centre_id)}
    return render(request, "reception/shift_cards.html", shown)


def _pdf(name: str, printed: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


@page("centre:RW", "person_ref:RW", "support:RW")
def parked_here(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """What came in and could not be taken in by itself: each with who, when and why, until somebody decides."""
    here = policy.CENTRES.one(actor, centre_id)
    letters = waiting.at_centre(actor, centre_id)
    form = RepairForm(request.POST or None)
    near: list[board.Near] = []
    if request.method == "POST" and form.is_valid():
        card = "" if form.somebody_else else waiting.newcomer(centre_id, **form.cleaned_data)
        near = board.near(actor, centre_id, card)
        if not near:
            with attempt(form):
                waiting.settle(actor, centre_id, **form.cleaned_data)
                return redirect(f"{actor.purpose}:parked", centre_id)
    tried = form.cleaned_data.get("seq") if form.is_bound else None
    shown = {"centre": here, "form": form, "letters": letters, "tried": tried, "near": near}
    return render(request, "reception/parked.html", shown)


@page("person_ref:RW", "centre:RW")
def answers_of(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Where two people answered differently: each answer with who and when, and a button that chooses it."""
    stay = sense.presence_of(actor, person_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            seen = [sense.uuid_of(one) for one in form.cleaned_data["seen"].split()]
            answers.choose(actor, person_id, event=form.cleaned_data["event"], seen=seen)
            return redirect(f"{actor.purpose}:answers", person_id)
    shown = {"person": stay, "form": form, "clashes": answers.of_person(actor, person_id)}
    return render(request, "reception/answers.html", shown)


@page("support:R:given", "person_ref:R", "centre:R")
def pictures_of(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """What tablets took pictures of, and how much of each has arrived."""
    stay = sense.presence_of(actor, person_id)
    shown = {"person": stay, "pictures": pictures.of_person(actor, person_id)}
    return render(request, "reception/pictures.html", shown)


@page("support:R:given")
def picture(request: HttpRequest, actor: Actor, person_id: UUID, picture_id: UUID) -> HttpResponse:
    try:
        shown = pictures.jpeg(actor, person_id, picture=picture_id)
    except RuleBroken as broken:
        return HttpResponse(str(broken), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(shown, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@page("centre:RW", "person_ref:RW", "support:RW:given")
def from_paper(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """When the tablets failed too: one sheet after the other, with the times that were written at the time."""
    here = policy.CENTRES.one(actor, centre_id)
    form = SheetForm(request.POST or None)
    near: list[board.Near] = []
    if request.method == "POST" and form.is_valid():
        near = [] if form.somebody_else else board.near(actor, centre_id, form.cleaned_data["reference"])
        if not near:
            with attempt(form):
                person = sheets.type_in(actor, centre_id, **form.cleaned_data)
                again = reverse(f"{actor.purpose}:from_paper", args=[centre_id])
                return redirect(f"{again}?{urlencode({'kept': person.reference})}")
    kept = request.GET.get("kept", "")[:20]
    lead = f"{kept} is kept. Now the next sheet. " if kept else ""
    lead += "Type in what stands on the sheet, with its own times. The sheet itself stays with the centre's papers."
    shown = {"form": form, "title": f"{here['name']}: from paper", "lead": lead}
    shown |= {"near": near, "asked": bool(near), "centre_id": centre_id}
    return render(request, "reception/register.html", shown)


@page("centre:R")
def paper_pack(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Registration sheets, each with a reference of its own, to lie ready before anything fails."""
    policy.CENTRES.one(actor, centre_id)
    return _pdf("registration-sheets", paper.sheets([(one.code, one.label) for one in sheets.printed()]))
