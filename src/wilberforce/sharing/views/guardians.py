"""What a data guardian sees: what waits for their yes, and which agreements are live, unsigned or ending."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.agencies.policy import guardian, named
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed, rows_of
from wilberforce.deadlines.policy import due_for
from wilberforce.ledger.pages import attempt, page
from wilberforce.sharing import actions, correcting, outgoing, outside, policy, rules, withdrawals
from wilberforce.sharing.forms import (
    AgainForm,
    ApproveForm,
    CopiesGoneForm,
    CorrectTermsForm,
    DisclosureFilters,
    EndForm,
    ProposeForm,
    RecallForm,
    RefuseForm,
    SignForm,
    in_words,
    spoken,
)  # fmt: skip
from wilberforce.sharing.models import Agreement, Disclosure
from wilberforce.sharing.outside_forms import PaperForm
from wilberforce.sharing.spoken import lines
from wilberforce.survivors.lists import BASES

ENDING = timedelta(days=30)
BECAUSE = dict(rules.REFUSED_BECAUSE)
MOST = 10
"""Of agreements and of what is due on the first page; each has a list of its own."""
PREVIEWS = tuple(f"{c}:A:outgoing_preview" for c in ("intel", "suspect", "person_ref", "identity", "health", "account"))
APPROVALS = (*PREVIEWS, "support:A:outgoing_preview", "immigration:A:outgoing_field_names")


@page()
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    names, ends = policy.names_of(), policy.last_days()
    kept = Agreement.objects.filter(_soon(ends), ended_at=None).order_by("-starts", "id")[:MOST]
    waiting = listed(request, rows_of(policy.waiting_for(actor)))
    shown = {
        "listing": waiting.each(lambda row: _disclosure(row["record"], names)),
        "agreements": [_agreement(one, names, actor, ends) for one in kept],
        "due": due_for(actor, MOST),
    }
    return render(request, "sharing/index.html", shown)


def _soon(ends: dict[UUID, date]) -> Q:
    """Not signed by both, or soon over; also because one of the two acts no more."""
    until = clock.in_london(clock.now()).date() + ENDING
    gone = [agency for agency, last in ends.items() if last <= until]
    return Q(signed_at=None) | Q(ends__lte=until) | Q(from_agency_id__in=gone) | Q(to_agency_id__in=gone)


@page()
def agreements(request: HttpRequest, actor: Actor) -> HttpResponse:
    names, ends = policy.names_of(), policy.last_days()
    found = listed(request, rows_of(Agreement.objects.filter(ended_at=None).order_by("-starts", "id")))
    shown = found.each(lambda row: _agreement(row["record"], names, actor, ends))
    return render(request, "sharing/agreements.html", {"listing": shown})


@page()
def agreement(request: HttpRequest, actor: Actor, agreement_id: UUID) -> HttpResponse:
    found = policy.agreement_of(actor, agreement_id)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.sign_agreement(actor, agreement_id)
            return redirect(f"{actor.purpose}:agreement", agreement_id)
    return _agreement_page(request, actor, found, form, EndForm())


@page()
@require_POST
def agreement_ended(request: HttpRequest, actor: Actor, agreement_id: UUID) -> HttpResponse:
    found = policy.agreement_of(actor, agreement_id)
    form = EndForm(request.POST)
    if form.is_valid():
        with attempt(form):
            actions.end_agreement(actor, agreement_id)
            return redirect(f"{actor.purpose}:agreement", agreement_id)
    return _agreement_page(request, actor, found, SignForm(), form)


@page()
def agreement_right(request: HttpRequest, actor: Actor, agreement_id: UUID) -> HttpResponse:
    """Whoever wrote it puts its terms right, until both have signed."""
    guardian(actor, actor.home)
    found = policy.agreement_of(actor, agreement_id)
    if found.from_agency_id != actor.home:
        raise NotAllowed(rule="agreement", reason="row")
    now = {name: getattr(found, name) for name in ("basis", "dpia_ref", "starts", "ends")}
    form = CorrectTermsForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            correcting.correct_agreement(actor, agreement_id, **form.cleaned_data)
            return redirect("oversight:agreement", agreement_id)
    lead = "Whoever has signed it already signs again. What stood here is kept."
    shown = {"form": form, "title": "Put the terms right", "lead": lead}
    return render(request, "sharing/form.html", shown)


@page()
@require_POST
def agreement_again(request: HttpRequest, actor: Actor, agreement_id: UUID) -> HttpResponse:
    """One of the two was succeeded: the other side writes the same terms for whoever took over; both then sign."""
    found = policy.agreement_of(actor, agreement_id)
    form = AgainForm(request.POST)
    if form.is_valid():
        with attempt(form):
            return redirect("oversight:agreement", actions.again_with_successor(actor, agreement_id).pk)
    return _agreement_page(request, actor, found, SignForm(), EndForm(), again=form)


def _agreement_page(
    request: HttpRequest,
    actor: Actor,
    found: Agreement,
    form: SignForm,
    ending: EndForm,
    paper: PaperForm | None = None,
    again: AgainForm | None = None,
) -> HttpResponse:
    names, ends = policy.names_of(), policy.last_days()
    steps = [(found.signed_at, "Signed by both sides"), (found.ended_at, "Ended")]
    entries: list[dict[str, Any]] = [{"at": at, "title": title} for at, title in steps if at]
    if found.paper_on:
        entries.insert(0, {"at": found.paper_on, "title": f"Signed on paper by their {found.paper_by}"})
    entries += named(actor, correcting.entries(found.pk))
    one = _agreement(found, names, actor, ends)
    shown = {"one": one, "form": form, "ending": ending, "entries": entries}
    shown["corrects"] = one["may_end"] and found.from_agency_id == actor.home and not (found.signed or found.follows_id)
    if one["may_end"] and not found.signed_by_to and policy.usable_outside(actor, found.to_agency_id):
        shown["paper"] = paper or PaperForm()
    if one["succeeded"] and (heir := policy.successor_of(found)):
        shown |= {"heir": heir[1].name, "again": again or AgainForm()}
    return render(request, "sharing/agreement.html", shown)


@page()
@require_POST
def agreement_on_paper(request: HttpRequest, actor: Actor, agreement_id: UUID) -> HttpResponse:
    """A recipient without a sign-in signs on paper; our guardian writes down that they did."""
    found = policy.agreement_of(actor, agreement_id)
    form = PaperForm(request.POST)
    if form.is_valid():
        with attempt(form):
            outside.signed_on_paper(actor, agreement_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:agreement", agreement_id)
    return _agreement_page(request, actor, found, SignForm(), EndForm(), form)


@page()
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The giving side writes down exactly what goes, for what and on which law; both sides then sign."""
    guardian(actor, actor.home)
    form = ProposeForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        terms = {"fields": said.pop("fields_shared"), "purpose": said.pop("used_for"), **said}
        with attempt(form):
            made = actions.propose_agreement(actor, **terms)
            return redirect(f"{actor.purpose}:agreement", made.pk)
    return render(request, "sharing/form.html", {"form": form, "title": "A new agreement"})


@page()
def disclosures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What went out of the agency and what came in: ids, kinds and dates, no content."""
    sides = {"out": Q(from_agency_id=actor.agency), "in": Q(to_agency_id=actor.agency)}
    way = sides.get(request.GET.get("way", ""), Q())
    kept = Disclosure.objects.order_by("-asked_at", "-id")
    names = policy.names_of()
    found = listed(request, rows_of(kept), DisclosureFilters, way)
    shown = found.each(lambda row: _disclosure(row["record"], names))
    return render(request, "sharing/disclosures.html", {"listing": shown})


@page()
def receipt(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    found = policy.disclosure_of(actor, disclosure_id)
    return receipt_page(request, actor, found, RecallForm())


def receipt_page(request: HttpRequest, actor: Actor, found: Disclosure, form: RecallForm) -> HttpResponse:
    """Both sides hold the same receipt: exactly which fields, on what ground, by whose hands and when."""
    names = policy.names_of()
    entries = named(actor, _steps(found))
    may = found.from_agency_id == actor.agency and not found.recalled_at and not found.refused_at
    mine = found.initiated_by == actor.membership or actor.role == "data_guardian"
    shown: dict[str, Any] = {"one": _disclosure(found, names), "entries": entries}
    shown["form"] = form if may and mine else None
    shown["outside"] = bool(found.payload_digest) and found.from_agency_id == actor.agency and mine
    if found.withdrawn_at and actor.role == "data_guardian" and withdrawals.waits(actor.home, found.pk):
        shown["gone"] = CopiesGoneForm()
    return render(request, "sharing/receipt.html", shown)


def _steps(one: Disclosure) -> list[dict[str, Any]]:
    steps = [
        (one.asked_at, "Begun", one.initiated_by),
        (one.approved_at, "Approved by a second person", one.approved_by),
        (one.completed_at, "Sent at once, to be reviewed" if one.at_once else "Sent", None),
        (one.refused_at, f"Refused: {BECAUSE.get(one.refusal, 'no reason was kept')}", None),
        (one.recalled_at, "Stopped: the person took their yes back" if one.withdrawn_at else "Called back", None),
        (one.expires_at, "Ends", None),
    ]
    return [{"at": at, "title": title, "by": by} for at, title, by in steps if at]


@page()
@require_POST
def recalled(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return recall_page(request, actor, disclosure_id)


def recall_page(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    found = policy.disclosure_of(actor, disclosure_id)
    form = RecallForm(request.POST)
    if form.is_valid():
        with attempt(form):
            outside.recall(actor, disclosure_id)
            return redirect(f"{actor.purpose}:receipt", disclosure_id)
    return receipt_page(request, actor, found, form)


@page()
@require_POST
def copies_gone(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    withdrawals.copies_gone(actor, disclosure_id)
    return redirect(f"{actor.purpose}:receipt", disclosure_id)


@page(*APPROVALS)
def approval(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    """Exactly what would leave, to whom and on what ground."""
    found = _waiting(actor, disclosure_id)
    rows = _previewed(actor, found)
    seen = outgoing.digest(rows)
    form = ApproveForm(request.POST or None, version=seen)
    changed = request.method == "POST" and form.carried.version != seen
    if request.method == "POST" and form.is_valid() and not changed:
        with attempt(form):
            actions.approve(actor, disclosure_id)
            return redirect(f"{actor.purpose}:index")
    shown = {"form": ApproveForm(version=seen) if changed else form, "changed": changed, "refusing": RefuseForm()}
    return _approval_page(request, actor, found, rows, **shown)


def _approval_page(
    request: HttpRequest, actor: Actor, found: Disclosure, rows: list[Row] | None, **shown: Any
) -> HttpResponse:
    names = policy.names_of() | (policy.places() if rows else {})
    shown |= {"one": _disclosure(found, names), "previewed": rows is not None}
    shown["records"] = [lines(row, names) for row in rows or []]
    if found.payload_digest:
        shown["text"] = outside.preview(actor, found)
    return render(request, "sharing/approval.html", shown)


@page(*APPROVALS)
@require_POST
def refusal(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    found, form = _waiting(actor, disclosure_id), RefuseForm(request.POST)
    if form.is_valid():
        with attempt(form):
            actions.refuse(actor, disclosure_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:index")
    rows = _previewed(actor, found)
    shown = {"form": ApproveForm(version=outgoing.digest(rows)), "refusing": form}
    return _approval_page(request, actor, found, rows, **shown)


def _waiting(actor: Actor, disclosure_id: UUID) -> Disclosure:
    found = policy.waiting_for(actor, disclosure_id).first()
    if found is None:
        raise NotAllowed(rule="disclosure", reason="row")
    return found


def _previewed(actor: Actor, found: Disclosure) -> list[Row] | None:
    """Of a pack, its bytes are shown instead."""
    return None if found.payload_digest else outgoing.preview(actor, found)


def _disclosure(one: Disclosure, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "record": one,
        "giver": names.get(one.from_agency_id, ""),
        "to": names.get(one.to_agency_id, ""),
        "what": spoken(one.data_class),
        "fields": in_words(one.fields),
        "standing": str(one.standing(clock.now())),
        "ground": BASES[one.basis].label if one.basis in BASES else one.basis,
    }


def _agreement(one: Agreement, names: dict[UUID, str], actor: Actor, ends: dict[UUID, date]) -> dict[str, Any]:
    today = clock.in_london(clock.now()).date()
    terms = one.terms(ends)
    gives = one.from_agency_id == actor.agency
    mine = one.signed_by_from if gives else one.signed_by_to
    over, succeeded = one.ended_at is not None, rules.succeeded(terms, today)
    return {
        "record": one,
        "giver": names.get(one.from_agency_id, ""),
        "receiver": names.get(one.to_agency_id, ""),
        "state": _state(one, terms),
        "to_sign": mine is None and not over and not succeeded and actor.role == "data_guardian",
        "may_end": not over and actor.role == "data_guardian",
        "ending": not over and min(one.ends or date.max, terms.acts_until or date.max) <= today + ENDING,
        "acts_until": terms.acts_until,
        "succeeded": succeeded and not over and one.successor_rule == "passes" and actor.role == "data_guardian",
    }


def _state(one: Agreement, terms: rules.Agreement) -> str:
    now = clock.now()
    if one.ended_at:
        return "ended"
    if rules.succeeded(terms, clock.in_london(now).date()):
        return "over: one of the two no longer acts"
    if not one.signed:
        return "waits for a signature"
    return "live" if rules.is_live(terms, now) else "outside its dates"
