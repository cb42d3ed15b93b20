"""Interpreters for somebody: who is booked, who is in the room with them, and for how long."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.pages import page, version_of
from wilberforce.reception import actions, house_forms, policy
from wilberforce.reception.actions.interpreters import Row, on_duty, session_of, sessions_of
from wilberforce.reception.interpreting import By, CalledOff, Stopped, minutes
from wilberforce.survivors.policy import PEOPLE

from .asking import ask, ask_again, of_person

GIVEN = ("support:RW:given", "centre:RW", "person_ref:R")
NOT_NOW = "It is in the room now, or was called off. Its times are put right once it is over."
BOOKED: Shown = {
    "who": ("Who", str),
    "booked_for": ("For when", kept_time),
    "began_at": ("Began", kept_time),
    "ended_at": ("Ended", kept_time),
    "called_off": ("Called off", str),
}
WITH_NOBODY_ALONE = (
    "Professional interpreters only, never somebody who came with them. Somebody of the shift is always in the room."
)


@page(*GIVEN)
def sessions(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "interpreters")
    person = PEOPLE.one(actor, person_id)
    initial = {"language": (person["languages"] or [""])[0]}
    rows = [_said(row) for row in sessions_of(actor, person_id)]
    shown = {
        "rows": rows,
        "total": sum(row["minutes"] for row in rows),
        "person_id": person_id,
        "wanted": person["interpreter_gender"],
        "lead": WITH_NOBODY_ALONE,
    }
    form = house_forms.InterpreterForm(request.POST or None, initial=initial)
    act, back = partial(actions.need_interpreter, actor, person_id), (f"{actor.purpose}:interpreters", person_id)
    return ask(request, form, title, act, back, "reception/interpreters.html", **shown)


def _said(row: Row) -> Row:
    return row | {
        "spoken": LANGUAGES[row["language"]].label,
        "by_way": By(row["way"]).label.lower(),
        "minutes": minutes(row),
        "distressed": row["stopped"] == Stopped.DISTRESS,
        "open": bool(row["arrived_at"] and not row["left_at"]) or not (row["ended_at"] or row["called_off_at"]),
        "off": CalledOff(row["called_off"]).label,
        "movable": not (row["began_at"] or row["called_off_at"]),
    }


@page(*GIVEN)
def session_right(request: HttpRequest, actor: Actor, person_id: UUID, session_id: UUID) -> HttpResponse:
    """Before it begins another time or interpreter; afterwards its times."""
    _, title = of_person(actor, person_id, "the interpreter, put right")
    row = session_of(actor, person_id, session_id)
    over, version = bool(row["ended_at"]), version_of(request)
    asked = house_forms.MinutesForm if over else house_forms.BookOtherwiseForm
    form = None
    if over or not (row["began_at"] or row["called_off_at"]):
        form = asked(request.POST or None, initial=row, version=row["version"])
    verb = actions.correct_minutes if over else actions.book_otherwise
    act, back = (
        partial(verb, actor, person_id, session_id, version=version),
        (f"{actor.purpose}:interpreters", person_id),
    )
    before = corrections(actor, policy.FORMER_CARE, session_id, BOOKED, projection="given")
    return ask_again(request, actor, form, title, act, back, before, "" if form else NOT_NOW)


@page(*GIVEN)
def call_off(request: HttpRequest, actor: Actor, person_id: UUID, session_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "the interpreter is called off")
    row = session_of(actor, person_id, session_id)
    form = house_forms.CallOffForm(request.POST or None, version=row["version"])
    act = partial(actions.call_off, actor, person_id, session_id, version=version_of(request))
    return ask(request, form, title, act, (f"{actor.purpose}:interpreters", person_id))


@page(*GIVEN)
def session(request: HttpRequest, actor: Actor, person_id: UUID, session_id: UUID) -> HttpResponse:
    """One button for each thing that can happen next."""
    _, title = of_person(actor, person_id, "interpreter")
    row = session_of(actor, person_id, session_id)
    form = house_forms.SessionForm(request.POST or None, staff=on_duty(row["centre_id"]), version=row["version"])
    back = (f"{actor.purpose}:interpreters", person_id)

    def next_step(does: str, with_id: UUID | None = None) -> None:
        _does(actor, person_id, session_id, does, with_id, version_of(request))

    shown = {"row": _said(row), "person_id": person_id, "lead": WITH_NOBODY_ALONE}
    return ask(request, form, title, next_step, back, "reception/session.html", **shown)


def _does(actor: Actor, person_id: UUID, session_id: UUID, does: str, with_id: UUID | None, version: int | None) -> Any:
    which: tuple[Any, ...] = (actor, person_id, session_id)
    if does == "begin":
        return actions.begin_interpreting(*which, with_id=with_id, version=version)
    if does in ("end", "distress"):
        why = Stopped.DISTRESS if does == "distress" else Stopped.NO
        return actions.end_interpreting(*which, stopped=why, version=version)
    act = actions.interpreter_arrived if does == "arrived" else actions.interpreter_left
    return act(*which, version=version)
