"""The pages of an emergency: ask, what I may see now and for how long, calls to answer, and both agencies' reviews."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency, Membership
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.ledger.pages import attempt, page
from wilberforce.sharing import emergencies, rules
from wilberforce.sharing.emergency_forms import AgreeForm, BreakGlassForm, NoForm, ReviewForm, SeenForm, YesForm
from wilberforce.sharing.models import Emergency, EmergencyAlarm
from wilberforce.survivors.lists import CARE, PLACES
from wilberforce.survivors.policy import CARE as CARE_FLAGS
from wilberforce.survivors.policy import IDENTITIES, NEXT_PLACES

SIGHT = ("identity:R", "health:R", "location:R")
REASONS, VERDICTS, SAID = dict(rules.EMERGENCIES), dict(rules.VERDICTS), dict(rules.WORKERS_SAY)
Shown = list[dict[str, str]]


@page(*SIGHT)
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _ask(request, actor)


@page("location:R")
def ask_for_address(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For police, to whom an emergency opens nothing but a safe address."""
    return _ask(request, actor)


def _ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = None
    if emergencies.rules_of(actor):
        form = BreakGlassForm(request.POST or None, needs_threat=emergencies.needs_threat(actor))
        if request.method == "POST" and form.is_valid():
            with attempt(form):
                made = emergencies.break_glass(actor, **form.cleaned_data)
                return redirect(f"{actor.purpose}:emergency_sight", made.pk)
    elif request.method == "POST":
        raise NotAllowed(rule="emergency", reason="cell")
    live = [_told(one) for one in emergencies.mine(actor)]
    return render(request, "sharing/emergency.html", {"form": form, "live": live})


@page(*SIGHT)
def sight(request: HttpRequest, actor: Actor, emergency_id: UUID) -> HttpResponse:
    return _sight(request, actor, emergency_id)


@page("location:R")
def sight_of_address(request: HttpRequest, actor: Actor, emergency_id: UUID) -> HttpResponse:
    return _sight(request, actor, emergency_id)


def _sight(request: HttpRequest, actor: Actor, emergency_id: UUID) -> HttpResponse:
    """Reads through the same policies as any page: what no rule opens yet is simply not there."""
    found = emergencies.own(actor, emergency_id)
    shown = {"one": _told(found), "rows": _opened(actor, found.subject_id)}
    return render(request, "sharing/emergency_sight.html", shown)


def _opened(actor: Actor, person_id: UUID) -> Shown:
    where = Q(person_id=person_id)
    rows: Shown = []
    if actor.holds("identity", "R"):
        for one in IDENTITIES.many(actor, where, limit=5):
            names = " ".join(word for word in (one["given_names"], one["family_name"]) if word)
            born = one["date_of_birth"] or "Not recorded"
            rows += [{"key": "Name", "value": names or "Not recorded"}, {"key": "Date of birth", "value": born}]
    if actor.holds("health", "R"):
        flags = CARE_FLAGS.many(actor, where & Q(ended_at=None), limit=20)
        rows += [{"key": CARE[flag["kind"]].label, "value": flag["detail"]} for flag in flags]
    if actor.holds("location", "R"):
        places = NEXT_PLACES.many(actor, where, limit=1)
        rows += [{"key": PLACES[place["kind"]].label, "value": place["address"]} for place in places]
    return rows


@page()
def alarms(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For whoever works with a person whose record was opened: the newest first, each until they have seen it."""
    shown = [
        row | {"reason": REASONS[row["reason"]], "said": SAID.get(row["said"], "")} for row in emergencies.alarms(actor)
    ]
    return render(request, "sharing/alarms.html", {"alarms": shown, "form": SeenForm()})


@page()
@require_POST
def alarm_seen(request: HttpRequest, actor: Actor, alarm_id: UUID) -> HttpResponse:
    form = SeenForm(request.POST)
    if form.is_valid():
        emergencies.seen(actor, alarm_id, **form.cleaned_data)
        return redirect(f"{actor.purpose}:alarms")
    return render(request, "sharing/alarms.html", {"alarms": [], "form": form})


@page()
def calls(request: HttpRequest, actor: Actor) -> HttpResponse:
    waiting = [_told(one) for one in emergencies.calls(actor)]
    seconds = actor.kind == "police"
    shown = {"calls": waiting, "seconds": seconds, "yes": YesForm(), "no": NoForm(), "agree": AgreeForm()}
    return render(request, "sharing/calls.html", shown)


@page()
@require_POST
def answered(request: HttpRequest, actor: Actor, emergency_id: UUID, said: str) -> HttpResponse:
    form = {"yes": YesForm, "no": NoForm, "agreed": AgreeForm}[said](request.POST)
    if form.is_valid():
        with attempt(form):
            if said == "agreed":
                emergencies.agree_as_second(actor, emergency_id)
            else:
                emergencies.answer_call(actor, emergency_id, said=said)
            return redirect(f"{actor.purpose}:calls")
    return render(request, "sharing/calls.html", {"calls": [], "form": form, "seconds": actor.kind == "police"})


@page()
def reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = emergencies.for_guardian(actor)
    return render(request, "sharing/emergencies.html", {"emergencies": [_of(actor, one) for one in found]})


@page()
def reviewed(request: HttpRequest, actor: Actor, emergency_id: UUID) -> HttpResponse:
    found = next((one for one in emergencies.for_guardian(actor) if one.pk == emergency_id), None)
    if found is None:
        raise NotAllowed(rule="emergency", reason="row")
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            emergencies.review(actor, emergency_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:emergencies")
    told = _of(actor, found)
    shown = {"one": told, "rows": _events(found), "form": form if found.unreviewed(actor.home) or form.errors else None}
    return render(request, "sharing/emergency_review.html", shown)


def _told(one: Emergency) -> dict[str, Any]:
    left = max(one.expires_at - clock.now(), rules.GLASS.value * 0)
    minutes = int(left.total_seconds()) // 60
    return {
        "record": one,
        "reason": REASONS[one.reason],
        "left": f"{minutes // 60} h {minutes % 60:02} min",
        "state": _state(one, clock.now()),
    }


def _state(one: Emergency, now: datetime) -> str:
    if not one.threat_reference:
        return "open"
    if one.peer_said:
        return f"the other agency said {one.peer_said}"
    if one.second_at:
        return "a second officer agreed"
    called = rules.second_may_agree(one.opened_at, one.peer_at, now)
    return "unanswered: a second officer may agree" if called else "the other agency is being called"


def _of(actor: Actor, one: Emergency) -> dict[str, Any]:
    ours = one.agency_id == actor.agency
    verdict = one.own_review if ours else one.holder_review
    return _told(one) | {"ours": ours, "verdict": VERDICTS.get(verdict, ""), "waits": one.unreviewed(actor.home)}


def _events(one: Emergency) -> list[dict[str, Any]]:
    who = [one.membership_id, one.peer_by, one.second_by]
    names = {m.pk: str(m) for m in Membership.objects.select_related("user", "agency").filter(pk__in=filter(None, who))}
    agencies = {agency.pk: agency.name for agency in Agency.objects.filter(pk__in=[one.agency_id, one.holder_id])}
    rows = [
        {"key": "Whose record", "value": f"{one.reference}, {agencies.get(one.holder_id, '')}"},
        {"key": "Opened by", "value": names.get(one.membership_id, agencies.get(one.agency_id, ""))},
        {"key": "Why", "value": REASONS[one.reason]},
        {"key": "Threat to life", "value": one.threat_reference or "None was given"},
    ]
    if one.peer_by:
        rows.append({"key": "The other agency", "value": f"{names.get(one.peer_by, '')}: {one.peer_said}"})
    if one.second_by:
        rows.append({"key": "Second officer", "value": names.get(one.second_by, "")})
    alarms = EmergencyAlarm.objects.filter(emergency_id=one.pk).order_by("seen_at")
    told = [SAID.get(alarm.said, "has not seen it yet") for alarm in alarms]
    rows.append({"key": "The person's workers", "value": "; ".join(told) or "Nobody was working with them"})
    return rows
