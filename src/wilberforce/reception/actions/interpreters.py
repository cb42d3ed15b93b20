"""Interpreters: of the language and, where it matters to them, of the gender that the person wants; never alone with
them; gone at another time than they; and stopped at once when the person is distressed by them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.agencies.models import Shift
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.once import once
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.doors import action
from wilberforce.reception import policy, rules
from wilberforce.reception.interpreting import By, CalledOff, Interpreting, Is, Stopped
from wilberforce.reception.models import Part
from wilberforce.survivors.policy import PEOPLE

from . import sense
from .care import give

PERSON = {"person": "person_id"}
ELSEWHERE = "They are in another room with an interpreter. Choose somebody else."
Row = dict[str, Any]


@action("support", "W", about=PERSON, projection="given")
def need_interpreter(
    actor: Actor,
    person_id: UUID,
    *,
    language: str,
    way: str,
    gender: str = Is.NOT_SURE,
    who: str = "",
    booked_for: datetime | None = None,
    agreed: bool = False,
) -> Interpreting:
    """``agreed``: they said that this one is all right, though they would rather have had another."""
    stay = sense.presence_of(actor, person_id)
    sense.known(language, LANGUAGES, "language")
    _as_they_want(actor, person_id, sense.known(gender, Is.values, "gender"), agreed)
    _not_one_who_distressed_them(actor, person_id, who)
    booked = Interpreting(
        controller_id=stay["controller_id"], centre_id=stay["centre_id"], person_id=person_id, language=language,
        way=sense.known(way, By.values, "way"), gender=gender, who=who.strip(), booked_for=booked_for,
        at=clock.now(), by=actor.me,
    )  # fmt: skip
    return policy.INTERPRETING.add(actor, booked, projection="given")


def _as_they_want(actor: Actor, person_id: UUID, gender: str, agreed: bool) -> None:
    wanted = PEOPLE.one(actor, person_id)["interpreter_gender"]
    if wanted in (Is.WOMAN, Is.MAN) and gender != wanted and not agreed:
        sentence = (
            f"They would rather have {Is(wanted).label.lower()}. Look for one, or ask them whether this is all right."
        )
        raise RuleBroken(sentence, field="gender")


def _not_one_who_distressed_them(actor: Actor, person_id: UUID, who: str) -> None:
    stopped = [row["who"].casefold() for row in sessions_of(actor, person_id) if row["stopped"] == Stopped.DISTRESS]
    if who.strip() and who.strip().casefold() in stopped:
        raise RuleBroken("They were distressed by this interpreter. Book another.", field="who")


def sessions_of(actor: Actor, person_id: UUID) -> list[Row]:
    mine = Q(person_id=person_id)
    return policy.INTERPRETING.many(actor, mine, projection="given", order_by=("-at", "-id"), limit=50)


def session_of(actor: Actor, person_id: UUID, session_id: UUID) -> Row:
    row = policy.INTERPRETING.one(actor, session_id, projection="given")
    if row["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    return row


def _changed(actor: Actor, row: Row, changes: Row, version: int | None) -> Interpreting:
    return policy.INTERPRETING.change(actor, row["id"], changes, version=version, projection="given")


def _awaited(actor: Actor, person_id: UUID, session_id: UUID) -> Row:
    row = session_of(actor, person_id, session_id)
    if row["called_off_at"]:
        raise RuleBroken("This was called off. Book again if somebody comes after all.")
    return row


def _put_right(actor: Actor, row: Row, changes: Row, why: str, version: int | None) -> Interpreting:
    return corrected(
        actor, policy.INTERPRETING, policy.FORMER_CARE, row["id"], changes, version=version, why=why,
        projection="given",
    )  # fmt: skip


@action("support", "W", about=PERSON, projection="given")
def book_otherwise(
    actor: Actor,
    person_id: UUID,
    session_id: UUID,
    *,
    who: str,
    booked_for: datetime | None,
    why: str = "",
    version: int | None = None,
) -> Interpreting:
    """Another time or another interpreter, until it begins."""
    row = _awaited(actor, person_id, session_id)
    if row["began_at"]:
        raise RuleBroken("This has begun. Put its times right once it is over.")
    _not_one_who_distressed_them(actor, person_id, who)
    return _put_right(actor, row, {"who": who.strip(), "booked_for": booked_for}, why, version)


@action("support", "W", about=PERSON, projection="given")
def call_off(
    actor: Actor, person_id: UUID, session_id: UUID, *, called_off: str, why: str = "", version: int | None = None
) -> Interpreting:
    """Nobody needs it any more, or the interpreter did not come. It stays, and counts no minutes."""
    row = _awaited(actor, person_id, session_id)
    if row["began_at"]:
        raise RuleBroken("This has begun. End it instead.")
    said = sense.known(called_off, [code for code in CalledOff.values if code], "called_off")
    return _put_right(actor, row, {"called_off": said, "called_off_at": clock.now()}, why, version)


@action("support", "W", about=PERSON, projection="given")
def correct_minutes(
    actor: Actor,
    person_id: UUID,
    session_id: UUID,
    *,
    began_at: datetime,
    ended_at: datetime,
    why: str,
    version: int | None = None,
) -> Interpreting:
    """A button was pressed too late, or too early. The minutes follow from the times."""
    row = session_of(actor, person_id, session_id)
    if not row["ended_at"]:
        raise RuleBroken("It is not over yet.")
    sense.not_before(sense.past(ended_at, field="ended_at"), began_at, "it began", field="ended_at")
    return _put_right(actor, row, {"began_at": began_at, "ended_at": ended_at}, reason(why), version)


@action("support", "W", about=PERSON, projection="given")
def interpreter_arrived(actor: Actor, person_id: UUID, session_id: UUID, *, version: int | None = None) -> Interpreting:
    row = _awaited(actor, person_id, session_id)
    if row["arrived_at"] or row["way"] != By.HERE:
        raise RuleBroken("This interpreter has arrived already, or works from elsewhere.")
    return _changed(actor, row, {"arrived_at": clock.now()}, version)


@action("support", "W", about=PERSON, projection="given")
def begin_interpreting(
    actor: Actor, person_id: UUID, session_id: UUID, *, with_id: UUID | None, version: int | None = None
) -> Interpreting:
    """``with_id``: the worker who stays in the room. Without one it does not begin."""
    row = _awaited(actor, person_id, session_id)
    if row["began_at"]:
        raise RuleBroken("This has begun already.")
    if row["way"] == By.HERE and not row["arrived_at"]:
        raise RuleBroken("Record first that the interpreter has arrived.")
    if with_id is None or str(with_id) not in dict(on_duty(row["centre_id"])):
        raise RuleBroken(
            "An interpreter is never alone with a person. Choose who of the shift stays in the room.", field="with_id"
        )
    with once("with_one_interpreter_at_a_time", ELSEWHERE, field="with_id"):
        began = _changed(actor, row, {"began_at": clock.now(), "with_id": with_id}, version)
    give(actor, person_id, kind="practical help", thing="interpreting")
    return began


def on_duty(centre_id: UUID) -> list[tuple[str, str]]:
    """Staff who have signed in at the door; interpreters and drivers are not among them."""
    inside = Shift.objects.filter(place_id=centre_id, signed_in_at__isnull=False, signed_out_at=None, part=Part.STAFF)
    found = inside.filter(ends__gt=clock.now()).select_related("membership__user").order_by("signed_in_at")
    return [(str(one.membership_id), str(one.membership.user)) for one in found]


@action("support", "W", about=PERSON, projection="given")
def end_interpreting(
    actor: Actor, person_id: UUID, session_id: UUID, *, stopped: str = Stopped.NO, version: int | None = None
) -> Interpreting:
    """Whoever is distressed by an interpreter is never asked to bear it: it stops at once."""
    row = session_of(actor, person_id, session_id)
    if not row["began_at"] or row["ended_at"]:
        raise RuleBroken("This has not begun, or is over.")
    sense.known(stopped, Stopped.values, "stopped")
    return _changed(actor, row, {"ended_at": clock.now(), "stopped": stopped}, version)


@action("support", "W", about=PERSON, projection="given")
def interpreter_left(actor: Actor, person_id: UUID, session_id: UUID, *, version: int | None = None) -> Interpreting:
    """Never at the time at which the person leaves: the interpreter waits."""
    row = session_of(actor, person_id, session_id)
    if not row["arrived_at"] or row["left_at"] or (row["began_at"] and not row["ended_at"]):
        raise RuleBroken("End it first, or it is over already.")
    waits = rules.interpreter_waits(_left_at(actor, person_id), clock.now())
    if waits:
        raise RuleBroken(
            f"The person left just now. The interpreter leaves after {clock_time(waits)}, by another door."
        )
    return _changed(actor, row, {"left_at": clock.now()}, version)


def _left_at(actor: Actor, person_id: UUID) -> datetime | None:
    stays = policy.PRESENCES.many(actor, Q(person_id=person_id), order_by=("-since",), limit=1)
    return stays[0]["until"] if stays else None


def still_here(actor: Actor, person_id: UUID) -> str:
    """A sentence for whoever sees the person off, or nothing: they are free to go, and the interpreter waits."""
    now = clock.now()
    for row in sessions_of(actor, person_id):
        waits = rules.interpreter_waits(row["left_at"], now)
        if row["arrived_at"] and not row["left_at"]:
            return "Their interpreter is still here and leaves later, by another door."
        if waits:
            return f"Their interpreter left just now. If they do not mind, they leave after {clock_time(waits)}."
    return ""
