"""Who waits for what, what is done by one tap, who is kept apart or looked for, and what has its time."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access import asking
from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations.actions import worries_told
from wilberforce.reception import actions, board, forms, house_forms, lists, policy
from wilberforce.reception.actions.safety import watched_until
from wilberforce.reception.care import Ending
from wilberforce.reception.rules import Move

from .asking import ask, may_go_back, of_person

GIVEN = ("support:RW:given", "centre:RW")
QUEUE = {
    "Health": "health-offered",
    "Interpreter": "interpreting",
    "Rest": "rested",
    "Information": "told-options",
    "Decision": "decision-offered",
}
TAPS = (
    "hot-drink", "cold-drink", "meal", "snack", "hygiene-pack", "towel", "blanket", "examination-offered", "shower",
    "clothes", "first-aid", "health-offered", "interpreting", "safe-call", "family-tracing", "phone-checked",
    "phone-lent", "listening", "rested", "told-options",
)  # fmt: skip
PROTOCOL = ("missing-searched", "missing-police", "missing-council", "missing-operation", "missing-family")


@page("centre:R", "person_ref:R", "support:R:given")
def queue(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Everybody, the room they are in, and what they still wait for."""
    here = policy.CENTRES.one(actor, centre_id)
    people = board.people_here(actor, centre_id)
    steps = Q(
        centre_id=centre_id, stands=True, thing__in=QUEUE.values(), person_id__in=[one.person_id for one in people]
    )
    rows = policy.GIVEN.many(actor, steps, projection="given", limit=2_000)
    done = {(row["person_id"], row["thing"]) for row in rows}
    shown = {
        "centre": here,
        "people": [
            (one, [name for name, thing in QUEUE.items() if (one.person_id, thing) not in done]) for one in people
        ],
        "waiting": [(name, sum((one.person_id, thing) not in done for one in people)) for name, thing in QUEUE.items()],
    }
    return render(request, "reception/queue.html", shown)


@page(*GIVEN)
def tap(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "one tap")
    form = house_forms.TapForm(request.POST or None)
    back = (f"{actor.purpose}:tap", person_id)
    latest = policy.GIVEN.many(actor, Q(person_id=person_id), projection="given", order_by=("-at", "-id"), limit=5)
    shown = {
        "taps": [(code, lists.THINGS[code].label) for code in TAPS],
        "latest": [row | {"label": lists.THINGS[row["thing"]].label, "back": may_go_back(row)} for row in latest],
        "person_id": person_id,
    }

    def given(thing: str) -> None:
        actions.give(actor, person_id, kind=lists.THINGS[thing].kind, thing=thing)

    return ask(request, form, title, given, back, "reception/tap.html", **shown)


@page(*GIVEN)
def taken_back(request: HttpRequest, actor: Actor, person_id: UUID, given_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "it was not given")
    wrong = policy.GIVEN.one(actor, given_id, projection="given")
    form = house_forms.TakeBackForm(request.POST or None)
    act, back = partial(actions.take_back, actor, person_id, given_id), (f"{actor.purpose}:tap", person_id)
    lead = (
        f"{lists.THINGS[wrong['thing']].label}, {clock_time(wrong['at'])}. It stays, and so does that it was a mistake."
    )
    return ask(request, form, title, act, back, lead=lead)


@page(*GIVEN)
def apart(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    stay, title = of_person(actor, person_id, "kept apart")
    either = Q(person_id=person_id) | Q(other_id=person_id)
    rows = policy.APARTS.many(actor, either & Q(ended_at=None), projection="given", limit=50)
    others = {row["id"]: row["other_id"] if row["person_id"] == person_id else row["person_id"] for row in rows}
    stays = policy.PRESENCES.many(actor, Q(person_id__in=others.values(), centre_id=stay["centre_id"]), limit=100)
    names = {one["person_id"]: one["reference"] for one in stays}
    shown = {"rows": [(row["id"], names.get(others[row["id"]], ""), row["at"]) for row in rows], "person_id": person_id}
    act, back = partial(actions.keep_apart, actor, person_id), (f"{actor.purpose}:apart", person_id)
    return ask(request, house_forms.ApartForm(request.POST or None), title, act, back, "reception/apart.html", **shown)


@page(*GIVEN)
def no_longer_apart(request: HttpRequest, actor: Actor, person_id: UUID, apart_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "no longer kept apart")
    kept = policy.APARTS.one(actor, apart_id, projection="given")
    form = house_forms.EndApartForm(request.POST or None, version=kept["version"])
    act = partial(actions.no_longer_apart, actor, person_id, apart_id, version=version_of(request))
    return ask(request, form, title, act, (f"{actor.purpose}:apart", person_id))


@page("centre:R", "operation:W:safety_worry")
def worry(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    form = house_forms.WorryForm(request.POST or None)
    act = partial(actions.pass_worry, actor, centre_id)
    title, back = f"{here['name']}: a worry about safety", (f"{actor.purpose}:worry", centre_id)
    shown = {"centre_id": centre_id, "told": worries_told(actor, centre_id)}
    return ask(request, form, title, act, back, "reception/worry.html", **shown)


@page(*GIVEN)
def missing(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """What is done when somebody is looked for, step by step, each with its time."""
    stay, title = of_person(actor, person_id, "looked for")
    steps = Q(person_id=person_id, kind="missing", stands=True) & _since_they_were_here(actor, stay)
    rows = policy.GIVEN.many(actor, steps, projection="given", order_by=("at",), limit=100)
    done = {row["thing"]: row["at"] for row in rows}
    form = house_forms.TapForm(request.POST or None)
    shown = {
        "steps": [(code, lists.THINGS[code].label, done.get(code)) for code in PROTOCOL],
        "person_id": person_id,
        "until": watched_until(actor, person_id),
    }

    def recorded(thing: str) -> None:
        actions.give(actor, person_id, kind="missing", thing=thing)

    back = (f"{actor.purpose}:missing", person_id)
    return ask(request, form, title, recorded, back, "reception/missing.html", **shown)


@page(*GIVEN, "person_ref:R")
def search_ended(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    stay, title = of_person(actor, person_id, "the search has ended")
    form = forms.SearchEndedForm(request.POST or None, version=stay["version"])
    act, back = partial(actions.end_search, actor, person_id, version=version_of(request)), f"{actor.purpose}:leave"
    lead = "If they are back, move them to a room instead. Whoever is not back can be recorded as leaving after this."
    return ask(request, form, title, act, (back, person_id), lead=lead)


def _since_they_were_here(actor: Actor, stay: dict[str, Any]) -> Q:
    """Whoever is looked for again is searched for again."""
    back = Q(presence_id=stay["id"], move=Move.CAME_BACK)
    latest = policy.MOVEMENTS.many(actor, back, order_by=("-at", "-id"), limit=1)
    return Q(at__gt=latest[0]["at"]) if latest else Q()


@page("centre:R", "health:R:care_flags")
def reminders(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """What has its time for somebody here, the next first."""
    here = policy.CENTRES.one(actor, centre_id)
    waiting = Q(centre_id=centre_id, done_at=None)
    rows = policy.REMINDERS.many(actor, waiting, projection="care_flags", order_by=("due_at",), limit=100)
    stays = policy.PRESENCES.many(actor, Q(centre_id=centre_id, until=None), limit=board.MOST_HERE)
    names = {stay["person_id"]: stay["reference"] for stay in stays}
    now = clock.now()
    shown = [
        row
        | {
            "label": lists.TIMED[row["kind"]].label,
            "late": row["due_at"] < now,
            "reference": names[row["person_id"]],
        }
        for row in rows
        if row["person_id"] in names
    ]
    return render(request, "reception/reminders.html", {"centre": here, "rows": shown})


@page("health:RW", "centre:R")
def timed(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """The clinician's own times for somebody: reminders for the shift, and clocks for clinicians."""
    asking.must(actor, "health", "R", {"person": person_id}, "")
    _, title = of_person(actor, person_id, "times")
    waiting, ended = _times_of(actor, person_id)

    def set_it(kind: str, **said: Any) -> None:
        act = actions.remind if lists.TIMED[kind].shift else actions.set_clock
        act(actor, person_id, kind=kind, **said)

    form = house_forms.TimedForm(request.POST or None)
    back = (f"{actor.purpose}:timed", person_id)
    return ask(
        request, form, title, set_it, back, "reception/timed.html", rows=waiting, ended=ended, person_id=person_id
    )


def _times_of(actor: Actor, person_id: UUID) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those to come, the next first; and how the others ended, the latest first."""
    mine, open_first = Q(person_id=person_id), ("-done_at",)
    rows = [
        row for t in (policy.REMINDERS, policy.CLOCKS) for row in t.many(actor, mine, order_by=open_first, limit=50)
    ]
    shown = [row | {"label": lists.TIMED[row["kind"]].label, "shift": lists.TIMED[row["kind"]].shift} for row in rows]
    for row in shown:
        row["how"] = Ending(row["ended"]).label if row["ended"] else "Done, or no longer needed"
    waiting = sorted((row for row in shown if not row["done_at"]), key=lambda row: row["due_at"])
    over = sorted((row for row in shown if row["done_at"]), key=lambda row: row["done_at"], reverse=True)
    return waiting, over


@page("health:RW", "centre:R")
def time_kept(request: HttpRequest, actor: Actor, person_id: UUID, timed_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "how this time ends")
    of_shift = bool(policy.REMINDERS.many(actor, Q(pk=timed_id), limit=1))
    kept = (policy.REMINDERS if of_shift else policy.CLOCKS).one(actor, timed_id)
    form = house_forms.TimeKeptForm(request.POST or None, version=kept["version"])
    act = partial(actions.time_kept, actor, person_id, timed_id, of_shift=of_shift, version=version_of(request))
    back = (f"{actor.purpose}:timed", person_id)
    return ask(request, form, title, act, back, lead=lists.TIMED[kept["kind"]].label)
