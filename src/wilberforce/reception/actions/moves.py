"""Where somebody is, and how they leave. Nobody is detained here and nobody is lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.concerns.rules import AgeClass
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy, rules
from wilberforce.reception.models import Leaving, Movement, Presence, Where
from wilberforce.reception.rules import Move
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from . import belongings, care, follow_ups, safety, sense

PERSON = {"person": "person_id"}
CARD = {
    "given": "Given and read to them",
    "read": "Read to them: they want no paper",
    "not now": "Offered: not now",
    "not wanted": "They did not want one",
    "gone": "They had gone before anybody could offer it",
}
CARD_FIRST = "Say whether they have their information card. That they did not want one is an answer too."
SEARCH_FIRST = (
    "They are looked for, so they can't be recorded as leaving. Record how the search ended first: until then it goes"
    " on."
)
AWAY = {Where.OUT: Move.WENT_OUT, Where.ABSENT: Move.MISSING}


@action("centre", "W", about=PERSON)
def move(
    actor: Actor,
    person_id: UUID,
    *,
    to: str,
    at: datetime | None = None,
    at_risk: str = "not sure",
    version: int | None = None,
) -> Presence:
    """Raises Conflict where somebody else moved them since the page was opened. ``at_risk`` is asked of an adult who
    is looked for; not sure counts as yes."""
    stay = sense.presence_of(actor, person_id)
    sense.known(to, Where.values, "to")
    at = sense.not_before(sense.past(at), stay["moved_at"], "their last move")
    verb = _move_between(Where(stay["where"]), Where(to))
    moved = policy.PRESENCES.change(actor, stay["id"], {"where": to, "moved_at": at}, version=version)
    _record(actor, stay, verb, at, to)
    _watch(actor, stay, verb, at, at_risk)
    return moved


def _watch(actor: Actor, stay: dict[str, Any], verb: Move, at: datetime, at_risk: str) -> None:
    if verb is Move.MISSING:
        safety.looked_for(actor, stay, at, at_risk)
    elif stay["where"] in AWAY:
        safety.found_again(actor, stay["person_id"], at)


@action("support", "W", about=PERSON, projection="given")
def end_search(
    actor: Actor,
    person_id: UUID,
    *,
    outcome: str,
    told: str,
    at: datetime | None = None,
    version: int | None = None,
) -> Presence:
    """Whoever is not back: with whom they are, or what else ended it, and who said so. Then they may be recorded as
    leaving. Whoever is back is moved to a room instead."""
    stay = sense.presence_of(actor, person_id)
    if not safety.is_looked_for(actor, stay):
        raise RuleBroken("They are not looked for.")
    at = sense.not_before(sense.past(at), stay["moved_at"], "they were looked for")
    age, until = AgeClass(PEOPLE.one(actor, person_id)["age"]), safety.watched_until(actor, person_id)
    if fault := rules.search_may_not_end(outcome, age, until, at):
        raise RuleBroken(fault, field="outcome")
    if not told.strip():
        raise RuleBroken("Write who told you, and what they said.", field="told")
    sense.known(outcome, [one.code for one in lists.THINGS.values() if one.kind == "search"], "outcome")
    care.give(actor, person_id, kind="search", thing=outcome, detail=told.strip(), at=at)
    _record(actor, stay, Move.SEARCH_ENDED, at, Where.OUT)
    safety.found_again(actor, person_id, at)
    return policy.PRESENCES.change(actor, stay["id"], {"where": Where.OUT, "moved_at": at}, version=version)


def _move_between(here: Where, to: Where) -> Move:
    state = AWAY.get(here, Move.ARRIVED)
    if here is to:
        raise RuleBroken(f"They are there already: {to.label}.", field="to")
    verb = AWAY.get(to) or (Move.CAME_BACK if here in AWAY else Move.MOVED)
    if verb not in rules.NEXT[state]:
        raise RuleBroken(f"'{verb}' cannot follow '{state}'. Record that they came back first.", field="to")
    return verb


def _record(actor: Actor, stay: dict[str, Any], verb: Move, at: datetime, to: str = "") -> None:
    movement = Movement(
        controller_id=stay["controller_id"],
        centre_id=stay["centre_id"],
        person_id=stay["person_id"],
        presence_id=stay["id"],
        move=verb,
        to=to,
        at=at,
        by=actor.me,
    )
    policy.MOVEMENTS.add(actor, movement)


def go_out(actor: Actor, person_id: UUID, *, at: datetime | None = None, version: int | None = None) -> Presence:
    """Logged apart from leaving: they mean to come back, and are free to."""
    return move(actor, person_id, to=Where.OUT, at=at, version=version)


def come_back(actor: Actor, person_id: UUID, *, at: datetime | None = None, version: int | None = None) -> Presence:
    return move(actor, person_id, to=Where.ROOM, at=at, version=version)


@action("support", "W", about=PERSON, projection="given")
def leave(
    actor: Actor,
    person_id: UUID,
    *,
    destination: str = "",
    choice: str = "",
    at: datetime | None = None,
    transport: str = "not-known",
    next_place: dict[str, Any] | None = None,
    card: str = "",
    follow_up: dict[str, Any] | None = None,
    version: int | None = None,
) -> Leaving:
    """``next_place`` goes to the class location, for those who may write there, before the stay ends. ``follow_up``
    is when, how and by whom they are asked after; unless they want none, there is always a day and somebody named."""
    stay = sense.presence_of(actor, person_id)
    if safety.is_looked_for(actor, stay):
        raise RuleBroken(SEARCH_FIRST)
    at = sense.not_before(sense.past(at), stay["since"], "they arrived")
    at = sense.not_before(at, stay["moved_at"], "their last move")
    _somewhere(destination, choice)
    _answered_for(actor, stay, destination)
    belongings.nothing_is_left_behind(actor, person_id)
    if next_place:
        survivors.record_next_place(actor, person_id, **next_place)
    said = {"destination": destination or "unknown", "transport": transport, "choice": choice, "card": card}
    leaving = _leaving(actor, stay, at, said)
    follow_ups.agree(actor, stay, at=at, **(follow_up or {}))
    _record(actor, stay, Move.LEFT, at)
    policy.PRESENCES.change(actor, stay["id"], {"until": at, "moved_at": at, "room_id": None}, version=version)
    return leaving


def _answered_for(actor: Actor, stay: dict[str, Any], destination: str) -> None:
    """How a search ended was answered for when it ended."""
    known = PEOPLE.many(actor, Q(pk=stay["person_id"]), limit=1) if actor.holds("person_ref", "R") else []
    fault = rules.a_child_may_not_leave(AgeClass(known[0]["age"]), destination) if known else ""
    if not fault:
        return
    latest = policy.MOVEMENTS.many(actor, Q(presence_id=stay["id"]), order_by=("-at", "-id"), limit=1)
    if not latest or latest[0]["move"] != Move.SEARCH_ENDED:
        raise RuleBroken(fault, field="destination")


def _leaving(actor: Actor, stay: dict[str, Any], at: datetime, said: dict[str, str]) -> Leaving:
    sense.known(said["transport"], lists.TRANSPORT, "transport")
    if said["card"] not in CARD:
        raise RuleBroken(CARD_FIRST, field="card")
    whose = {name: stay[name] for name in ("controller_id", "centre_id", "person_id")}
    return policy.LEAVINGS.add(actor, Leaving(at=at, by=actor.me, **whose, **said), projection="given")


@action("support", "W", about={"centre": "centre_id"}, projection="given")
def correct_leaving(
    actor: Actor,
    centre_id: UUID,
    leaving_id: UUID,
    *,
    destination: str,
    choice: str,
    transport: str,
    card: str,
    why: str,
    version: int | None = None,
) -> Leaving:
    """Where they went was written wrongly. That they left, and when, stays."""
    if policy.LEAVINGS.one(actor, leaving_id, projection="given")["centre_id"] != centre_id:
        raise NotAllowed(rule="row", reason="row")
    _somewhere(destination, choice)
    changes = {
        "destination": destination or "unknown",
        "choice": choice.strip(),
        "transport": sense.known(transport, lists.TRANSPORT, "transport"),
        "card": sense.known(card, CARD, "card"),
    }
    return corrected(
        actor, policy.LEAVINGS, policy.FORMER_CARE, leaving_id, changes, version=version, why=reason(why),
        projection="given",
    )  # fmt: skip


def _somewhere(destination: str, choice: str) -> None:
    if destination:
        sense.known(destination, lists.DESTINATIONS, "destination")
    if destination in ("", "unknown") and not rules.may_leave_without_destination(choice):
        raise RuleBroken(
            "Nobody leaves without a destination or a recorded choice. Write what they chose, in their words.",
            field="choice" if destination else "destination",
        )
