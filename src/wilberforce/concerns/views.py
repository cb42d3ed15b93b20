"""What people see: the public page and its own thread; the desk's queue and the one report in hand."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from wilberforce.access import asking
from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.access.protect import Row
from wilberforce.agencies import keys
from wilberforce.agencies.policy import named
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import listed
from wilberforce.base.registries import panels
from wilberforce.deadlines.policy import Due, due_about
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.once import token_of
from wilberforce.ledger.pages import attempt, page, seen_in, version_of

from . import actions, proofs
from .forms import (
    URGENCY,
    AgainForm,
    CloseForm,
    JudgeAnewForm,
    MoreForm,
    OfficerForm,
    QueueFilters,
    ReplyForm,
    TellForm,
    TriageForm,
)
from .lists import INDICATORS, LANGUAGES
from .models import Channel, Claim, Identity, Report, YesNo
from .policy import FORMER_REPORTS, MESSAGES, REPORTS
from .rules import ADDED, Priority

JUDGED: Shown = {
    "outcome": ("Judged", lambda code: Report.Outcome(code).label),
    "priority": ("Urgency", lambda code: URGENCY[Priority(code)]),
    "state": ("It", lambda code: Report.State(code).label),
    "triaged_at": ("When", kept_time),
}
NOTHING_OPENS = "This code opens nothing. Check each place of it; if it still opens nothing, tell us again."


# The public


@page("report_raw:W", "source:W", "report_raw:R:own_thread", who="public")
def tell(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = TellForm(request.POST or None, purpose=actor.purpose, initial={"language": _spoken()})
    if request.method == "POST" and form.is_valid():
        token = token_of(request)
        code = proofs.code_for(token, form.cleaned_data["body"]) if token else ""
        if code and actions.thread(actor, code):
            return _receipt(request, code, form)
        with attempt(form):
            _, code = actions.report(actor, token=token, **form.cleaned_data)
            return _receipt(request, code, form)
    return _private(render(request, "concerns/tell.html", {"form": form}))


def _spoken() -> str:
    """That of the page which they read."""
    spoken = (get_language() or "en").split("-")[0]
    return spoken if spoken in LANGUAGES else "en"


def _receipt(request: HttpRequest, code: str, form: TellForm) -> HttpResponse:
    danger = form.cleaned_data["danger_now"] == YesNo.YES
    return _private(render(request, "concerns/receipt.html", {"code": code, "danger": danger}))


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing of it stays in the browser of somebody who is watched."""
    response.headers["Cache-Control"] = "no-store"
    return response


@page("report_raw:R:own_thread", "report_raw:W", who="public")
def again(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The code travels in the form, never in an address or a cookie."""
    form = AgainForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if actions.thread(actor, code):
            return _thread(request, actor, code)
        form.add_error("code", NOTHING_OPENS)
    return _private(render(request, "concerns/again.html", {"form": form}))


def _thread(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    adding = "text" in request.POST
    form = MoreForm(request.POST if adding else None, purpose=actor.purpose)
    if adding and form.is_valid():
        with attempt(form):
            actions.say_more(actor, code, form.cleaned_data["text"], token=token_of(request))
            form = MoreForm(purpose=actor.purpose)
    opened = actions.thread(actor, code)
    own, said = opened if opened else ({}, [])
    return _private(render(request, "concerns/thread.html", {"form": form, "own": own, "said": said, "code": code}))


# The desk


@page("report_raw:R:queue", "report_raw:W")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An officer who may only tell the desk finds the way to do so."""
    if not actor.holds("report_raw", "R"):
        return render(request, "concerns/officer.html")
    many = partial(REPORTS.many, actor, projection="queue", order_by=("priority", "received_at", "id"))
    waiting = listed(request, many, QueueFilters)
    due = due_about(actor, [row["id"] for row in waiting.rows])
    holders = _holders(waiting.rows, actor)
    shown = waiting.each(
        lambda row: _queued(row, actor, due.get(row["id"], [])) | {"holder": holders.get(row["id"], "")}
    )
    lacking = keys.lacking(actor, request, "report_raw")
    return render(request, "concerns/queue.html", {"listing": shown, "key_lacking": lacking})


def _queued(row: Row, actor: Actor, due: list[Due]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "due": due,
        "day": row["received_at"],
        "language": LANGUAGES[row["language"]].label,
        "urgency": URGENCY[Priority(row["priority"])],
        "added": any(one.kind.code == ADDED for one in due),
        "pressing": row["priority"] <= Priority.HELD_OR_HURT,
        "form": KitForm(purpose=actor.purpose),
    }


def _holders(rows: list[Row], actor: Actor) -> dict[UUID, str]:
    held = Claim.objects.filter(record_id__in=[row["id"] for row in rows], released_at=None)
    return {claim.record_id: "mine" if claim.membership_id == actor.membership else "colleague" for claim in held}


@page("report_raw:R:queue")
def claim(request: HttpRequest, actor: Actor, report_id: UUID) -> HttpResponse:
    form = KitForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST":
        with attempt(form):
            actions.claim(actor, report_id)
            return redirect("triage:report", report_id)
    REPORTS.one(actor, report_id, projection="queue")
    return render(request, "concerns/claim.html", {"form": form})


@page("report_raw:R:queue")
def put_back(request: HttpRequest, actor: Actor, report_id: UUID) -> HttpResponse:
    if request.method == "POST":
        actions.release_claim(actor, report_id)
    return redirect("triage:index")


@page("report_raw:RW")
def report(request: HttpRequest, actor: Actor, report_id: UUID) -> HttpResponse:
    """The report in hand, and its judgement."""
    kept = REPORTS.one(actor, report_id)
    maker = JudgeAnewForm if kept["outcome"] and seen_in(request, kept) else TriageForm
    initial = {name: kept[name] for name in ("outcome", "priority")}
    form = maker(request.POST or None, purpose=actor.purpose, version=kept["version"], initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.triage(actor, report_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect("triage:index")
    shown = {
        "form": form,
        "report": kept,
        "facts": facts(kept),
        "said": MESSAGES.many(actor, Q(report=report_id), order_by=("at", "id"), limit=200),
        "panels": panels("triage.report"),
        "back": KitForm(purpose=actor.purpose),
        "judged": kept["state"] == Report.State.TRIAGED,
        "entries": named(actor, [*_happened(kept), *corrections(actor, FORMER_REPORTS, report_id, JUDGED)]),
    }
    return render(request, "concerns/report.html", shown)


def _happened(kept: Row) -> list[Row]:
    told = [{"at": kept["received_at"], "title": f"Told by {Channel(kept['channel']).label}"}]
    outcome = f"Judged: {Report.Outcome(kept['outcome']).label}" if kept["outcome"] else ""
    return ([{"at": kept["triaged_at"], "title": outcome}] if outcome else []) + told


@page("report_raw:RW")
def close(request: HttpRequest, actor: Actor, report_id: UUID) -> HttpResponse:
    kept = REPORTS.one(actor, report_id)
    form = CloseForm(request.POST or None, purpose=actor.purpose, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.close_report(actor, report_id, version=version_of(request) or 0)
            return redirect("triage:index")
    return render(request, "concerns/close.html", {"form": form, "report_id": report_id})


def facts(kept: Row) -> list[dict[str, object]]:
    seen = [INDICATORS[code].label for code in kept["indicators"] if code in INDICATORS]
    return [
        {"key": "Danger now", "value": YesNo(kept["danger_now"]).label},
        {"key": "Anybody under 18", "value": YesNo(kept["child"]).label},
        {"key": "Where", "value": kept["where"] or None},
        {"key": "When", "value": kept["when_seen"] or None},
        {"key": "What worried them", "value": ", ".join(seen) or None},
        {"key": "Language", "value": LANGUAGES[kept["language"]].label},
        {"key": "Who may know who told us", "value": Identity(kept["identity_choice"]).label},
    ]


@page("report_raw:RW")
def reply(request: HttpRequest, actor: Actor, report_id: UUID) -> HttpResponse:
    REPORTS.one(actor, report_id)
    form = ReplyForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.reply(actor, report_id, form.cleaned_data["text"])
            return redirect("triage:report", report_id)
    return render(request, "concerns/reply.html", {"form": form, "report_id": report_id})


@page("report_raw:W")
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An officer writes down what somebody told them; afterwards only the desk can read it. The desk itself writes in
    reports that it took, and begins none."""
    asking.must(actor, "report_raw", "W", {}, "")
    form = OfficerForm(request.POST or None, purpose=actor.purpose)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.take_report(actor, **form.cleaned_data)
            return redirect("triage:taken")
    return render(request, "concerns/take.html", {"form": form})


@page("report_raw:W")
def taken(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "concerns/taken.html")
