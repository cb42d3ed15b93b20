"""What a first responder sees: the people they work with, which duty is due, the person's answer, then the form."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.access.history import corrections
from wilberforce.access.protect import Row
from wilberforce.agencies import policy as members
from wilberforce.agencies.models import Agency, Area
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed
from wilberforce.base.registries import blockers
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.policy import due_about
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.survivors.forms import PeopleFilters
from wilberforce.survivors.policy import PEOPLE

from . import actions, correcting, policy, rules
from .forms import (
    BeginForm,
    CheckForm,
    CloseForm,
    ConsentForm,
    CorrectForm,
    CorrectSentForm,
    DecisionForm,
    DutyForm,
    NarrativeForm,
    SentForm,
)  # fmt: skip
from .known import already
from .models import state_of


@page("person_ref:R", "person_ref:R:referral_duty")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people whom this first responder works with, and what is due for each."""
    people = listed(request, partial(PEOPLE.many, actor, order_by=("-begun_at", "-id")), PeopleFilters)
    ids = [row["id"] for row in people.rows]
    duties, due = policy.latest_duties(actor, ids), due_about(actor, ids)
    shown = people.each(
        lambda row: {"person": row, "duty": duties.get(row["id"]), "due": due.get(row["id"], [])},
    )
    return render(request, "referrals/index.html", {"listing": shown})


@page("person_ref:R", "person_ref:R:referral_duty", "immigration:R", "account:R:dtn_narrative")
def case(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    form = policy.form_of(actor, person_id)
    duties = policy.duties_of(actor, person_id)
    stance, about = policy.stance(person_id), _about(actor, person_id)
    shown = about | {
        "decided": _named(duties[0] if duties else None),
        "overtaken": _overtaken(about["person"], stance, duties),
        "entries": members.named(actor, [_decision(one) for one in duties]),
        "stance": stance,
        "form_state": state_of(form) if form else "",
        "notification": policy.notification_of(actor, person_id),
        "due": due_about(actor, [person_id]).get(person_id, []),
    }
    return render(request, "referrals/case.html", shown)


@page("person_ref:R", "person_ref:RW:referral_duty")
def duty(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    shown = _about(actor, person_id)
    before = _named(policy.latest_duties(actor, [person_id]).get(person_id))
    area = before["area"] if before else None
    form = DutyForm(request.POST or None, initial={"found_in": area["place"] if area else ""})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.duty(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:case", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": "Which duty is due?"})


ANSWERED = ("answer", "language", "interpreter", "sooner_because")


@page("person_ref:R", "consent:RW", "person_ref:RW:referral_duty")
def ask(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Before anything else is asked. Not now is an answer."""
    shown = _about(actor, person_id)
    form = ConsentForm(request.POST or None, languages=shown["person"]["languages"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            said = {name: form.cleaned_data[name] for name in ANSWERED}
            actions.record_answer(actor, person_id, **said)
            return redirect(f"{actor.purpose}:case", person_id)
    return render(
        request,
        "referrals/consent.html",
        shown | {"form": form, "bodies": _bodies(), "waits": _waits(actor, person_id)},
    )


@page("person_ref:R", "person_ref:RW:referral_duty", "immigration:RW", "health:R:nrm_health", "support:R:nrm_safety")
def form(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The form's beginning: nothing of it is shown or asked until the person has agreed."""
    shown = _about(actor, person_id)
    begin = BeginForm(request.POST or None)
    if request.method == "POST" and begin.is_valid():
        with attempt(begin):
            actions.begin_form(actor, person_id)
            return redirect(f"{actor.purpose}:form", person_id)
    kept = policy.form_of(actor, person_id)
    closed_before = policy.closed_forms(actor, person_id)
    shown["entries"] = members.named(actor, _steps(actor, kept)) if kept else []
    shown["earlier"] = [one | {"state": state_of(one | {"closed_at": None})} for one in closed_before]
    shown |= {"form": begin, "kept": kept, "stance": policy.stance(person_id), "bodies": _bodies()}
    shown["known"] = already(actor, shown["person"], _went(kept)) if shown["stance"].agreed else []
    shown["supplements"] = policy.supplements_of(actor, kept) if kept and kept["submitted_at"] else []
    return render(request, "referrals/form.html", shown)


def _went(form: Row | None) -> datetime | None:
    return form["submitted_at"] if form else None


def _decision(duty: Row) -> dict[str, Any]:
    at, by = duty["decided_at"], duty["decided_by"]
    return {"at": at, "title": f"Decided: {duty['duty']}", "by": by, "text": duty["why"]}


def _steps(actor: Actor, kept: Row) -> list[dict[str, Any]]:
    steps = (
        (kept["conclusive_at"], f"{kept['conclusive'].capitalize()} conclusive decision"),
        (kept["grounds_at"], f"{kept['grounds'].capitalize()} reasonable grounds decision"),
        (kept["submitted_at"], "Sent"),
    )
    begun = {"at": kept["begun_at"], "title": "Begun", "by": kept["begun_by"]}
    put_right = corrections(actor, policy.FORMER_FORMS, kept["id"], correcting.OF_FORM)
    return [*({"at": at, "title": title} for at, title in steps if at), begun, *put_right]


@page("person_ref:R", "person_ref:RW:referral_duty", "immigration:RWD")
def submitted(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    shown, kept = _about(actor, person_id), policy.form_of(actor, person_id)
    if kept is None or kept["submitted_at"]:
        raise NotAllowed(rule="row", reason="row")
    form = SentForm(request.POST or None, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            version = version_of(request) or 0
            actions.record_submission(actor, person_id, version=version, **form.cleaned_data)
            return redirect(f"{actor.purpose}:case", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": "The referral was sent"})


@page("person_ref:R", "person_ref:R:referral_duty", "immigration:RW")
def grounds(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _decided_page(request, actor, person_id, actions.record_grounds, "The reasonable grounds decision")


@page("person_ref:R", "person_ref:R:referral_duty", "immigration:RW")
def conclusive(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    return _decided_page(request, actor, person_id, actions.record_conclusive, "The conclusive decision")


def _decided_page(
    request: HttpRequest, actor: Actor, person_id: UUID, act: Callable[..., object], title: str
) -> HttpResponse:
    shown, kept = _about(actor, person_id), policy.form_of(actor, person_id)
    if kept is None or not kept["submitted_at"]:
        raise NotAllowed(rule="row", reason="row")
    form = DecisionForm(request.POST or None, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:form", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": title})


@page("person_ref:R", "person_ref:R:referral_duty", "immigration:RW")
def closed(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    shown, kept = _about(actor, person_id), policy.form_of(actor, person_id)
    if kept is None:
        raise NotAllowed(rule="row", reason="row")
    form = CloseForm(request.POST or None, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.close_form(actor, person_id, version=version_of(request) or 0)
            return redirect(f"{actor.purpose}:case", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": "Close the referral form"})


@page("person_ref:R", "person_ref:RW:referral_duty", "immigration:RW")
def form_correct(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    shown, kept = _about(actor, person_id), policy.form_of(actor, person_id)
    if kept is None or not kept["submitted_at"]:
        raise NotAllowed(rule="row", reason="row")
    form = CorrectForm(request.POST or None, initial=kept, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            said = dict(form.cleaned_data)
            reference, why = said.pop("home_office_ref"), said.pop("why")
            correcting.correct_form(
                actor, person_id, home_office_ref=reference, said=said, why=why, version=version_of(request) or 0
            )
            return redirect(f"{actor.purpose}:form", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": "Correct the referral form"})


@page("person_ref:R", "person_ref:R:referral_duty", "account:RW:dtn_narrative")
def notification(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """An adult said no: what is sent all the same, without anything that points to them."""
    shown, kept = _about(actor, person_id), policy.notification_of(actor, person_id)
    if not policy.stance(person_id).refused:
        raise NotAllowed(rule="row", reason="row")
    form = NarrativeForm(request.POST or None, initial=kept, version=kept["version"] if kept else "")
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.record_refusal(actor, person_id, text=form.cleaned_data["text"], version=version_of(request))
            return redirect(f"{actor.purpose}:notification", person_id)
    check = CheckForm(version=kept["version"]) if kept and kept["written_by"] != actor.me else None
    shown["entries"] = members.named(actor, _written(actor, kept)) if kept else []
    return render(request, "referrals/notification.html", shown | {"form": form, "kept": kept, "check": check})


def _written(actor: Actor, kept: Row) -> list[dict[str, Any]]:
    steps = (("Sent", "sent_at", ""), ("Read by somebody else", "checked_at", "checked_by"))
    done = [{"at": kept[at], "title": title, "by": kept.get(by)} for title, at, by in steps if kept[at]]
    written = {"at": kept["written_at"], "title": "Written", "by": kept["written_by"]}
    before = corrections(
        actor, policy.FORMER_NOTIFICATIONS, kept["id"], correcting.OF_NOTIFICATION, projection=actions.NARRATIVE
    )
    return [*done, written, *before]


@page("person_ref:R", "account:RW:dtn_narrative")
@require_POST
def check(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    form = CheckForm(request.POST)
    if form.is_valid():
        with attempt(form):
            actions.check_text(actor, person_id, version=version_of(request) or 0)
            return redirect(f"{actor.purpose}:notification", person_id)
    shown = _about(actor, person_id) | {"form": form, "title": "Read by somebody else"}
    return render(request, "referrals/ask.html", shown)


@page("person_ref:R", "person_ref:RW:referral_duty", "account:RWD:dtn_narrative")
def notified(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    shown, kept = _about(actor, person_id), policy.notification_of(actor, person_id)
    if kept is None or kept["sent_at"] or not kept["checked_by"]:
        raise NotAllowed(rule="row", reason="row")
    form = SentForm(request.POST or None, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            version = version_of(request) or 0
            actions.notify(actor, person_id, kept["id"], version=version, **form.cleaned_data)
            return redirect(f"{actor.purpose}:case", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": "The notification was sent"})


@page("person_ref:R", "person_ref:RW:referral_duty", "account:RW:dtn_narrative")
def sent_correct(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    shown, kept = _about(actor, person_id), policy.notification_of(actor, person_id)
    if kept is None or not kept["sent_at"]:
        raise NotAllowed(rule="row", reason="row")
    form = CorrectSentForm(request.POST or None, initial=kept, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            correcting.correct_sent(actor, person_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:notification", person_id)
    return render(request, "referrals/ask.html", shown | {"form": form, "title": "Correct what was sent"})


def _about(actor: Actor, person_id: UUID) -> dict[str, Any]:
    found = PEOPLE.one(actor, person_id)
    spoken = ", ".join(LANGUAGES[code].label for code in found["languages"] if code in LANGUAGES)
    return {"person": found, "counts_as_child": AgeClass(found["age"]).counts_as_child, "spoken": spoken}


def _overtaken(person: Row, stance: policy.Stance, duties: list[Row]) -> bool:
    sent = any(one["sent_at"] for one in duties)
    return bool(duties) and rules.overtaken(rules.Duty(duties[0]["duty"]), AgeClass(person["age"]), stance.answer, sent)


def _named(decided: Row | None) -> Row | None:
    """With the place and whose duty it is, in one statement."""
    if decided:
        whose = Subquery(Agency.objects.filter(pk=decided["agency_id"]).values("name")[:1])
        area = Area.objects.filter(pk=decided["area_id"]).annotate(whose=whose).values("place", "whose").first()
        decided |= {"area": area, "agency": area["whose"] if area else ""}
    return decided


def _waits(actor: Actor, person_id: UUID) -> list[str]:
    """Why a yes or a no comes too early, before the question is put."""
    return blockers("survivors.answer", actor, person_id)


def _bodies() -> list[str]:
    return [str(body) for body in rules.deciding_bodies(clock.in_london(clock.now()).date())]
