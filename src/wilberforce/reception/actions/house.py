"""The house: its rooms and beds, who works in it, what was checked before it opened and before it is handed back."""

from uuid import UUID

from django.db.models import Q, QuerySet

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.access.protect import Asked, Row
from wilberforce.access.together import together
from wilberforce.agencies.models import Membership
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.concerns.rules import AgeClass
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy, rules
from wilberforce.reception.house import Check, Done
from wilberforce.reception.models import Centre, CentreRoster, Presence, Room, State
from wilberforce.survivors.policy import PEOPLE

from . import sense

CENTRE = {"centre": "centre_id"}
PERSON = {"person": "person_id"}
MOST_BEDS = 100
LARGEST = 200
WHOLE_ROSTER = 1_000
NEXT_STATES = {
    State.STANDBY: {State.OPEN},
    State.OPEN: {State.CLOSING, State.STANDBY},
    State.CLOSING: {State.OPEN},
    State.CLOSED: set(),
}


@action("centre", "W", about=CENTRE)
def turn(actor: Actor, centre_id: UUID, *, to: str, version: int | None = None) -> Centre:
    """Standby, open and closing; closed is a verb of its own. Nobody new is met at a centre on standby."""
    here = policy.CENTRES.one(actor, centre_id)
    if sense.known(to, State.values, "to") not in NEXT_STATES[State(here["state"])]:
        raise RuleBroken(f"A centre that is {State(here['state']).label.lower()} can not become that.", field="to")
    if to == State.STANDBY and policy.PRESENCES.many(actor, Q(centre_id=centre_id, until=None), limit=1):
        raise RuleBroken("Somebody is here. A centre with people in it is open or closing.", field="to")
    opened = here["opened_at"] or clock.now() if to == State.OPEN else here["opened_at"]
    return policy.CENTRES.change(actor, centre_id, {"state": to, "opened_at": opened}, version=version)


@action("centre", "W", about=CENTRE)
def add_room(actor: Actor, centre_id: UUID, *, kind: str, beds: int = 0, blocked: int = 0) -> Room:
    _sensible(beds, blocked)
    here = policy.CENTRES.one(actor, centre_id)
    room = Room(controller_id=here["controller_id"], centre_id=centre_id, beds=beds, blocked=blocked)
    room.kind = sense.known(kind, lists.ROOMS, "kind")
    return policy.ROOMS.add(actor, room)


@action("centre", "W", about=CENTRE)
def change_room(
    actor: Actor,
    centre_id: UUID,
    room_id: UUID,
    *,
    beds: int,
    blocked: int,
    kind: str = "",
    used: bool = True,
    why: str = "",
    version: int | None = None,
) -> Room:
    """``used``: a room that is given up takes nobody, and stays as it was written."""
    _sensible(beds, blocked)
    room = _room(actor, centre_id, room_id)
    asleep = policy.PRESENCES.many(actor, Q(room_id=room_id, until=None), limit=MOST_BEDS)
    if len(asleep) > (beds - blocked if used else 0):
        sentence = f"{len(asleep)} people have a bed in this room. Give them another first."
        raise RuleBroken(sentence, field="beds" if used else "used")
    ended = None if used else room["ended_at"] or clock.now()
    changes = {"kind": sense.known(kind or room["kind"], lists.ROOMS, "kind"), "beds": beds, "blocked": blocked}
    return corrected(
        actor, policy.ROOMS, policy.FORMER_HOUSES, room_id, changes | {"ended_at": ended}, version=version, why=why
    )


@action("centre", "W", about=CENTRE)
def correct_centre(
    actor: Actor, centre_id: UUID, *, name: str, capacity: int, why: str, version: int | None = None
) -> Centre:
    if not name.strip():
        raise RuleBroken("Enter a code name that says nothing about the place.", field="name")
    if not 1 <= capacity <= LARGEST:
        raise RuleBroken(f"Enter a number of people from 1 to {LARGEST}.", field="capacity")
    return corrected(
        actor, policy.CENTRES, policy.FORMER_HOUSES, centre_id, {"name": name.strip(), "capacity": capacity},
        version=version, why=reason(why), beside={"centre_id": centre_id},
    )  # fmt: skip


def _sensible(beds: int, blocked: int) -> None:
    if not 0 <= beds <= MOST_BEDS:
        raise RuleBroken(f"Enter a number of beds from 0 to {MOST_BEDS}.", field="beds")
    if not 0 <= blocked <= beds:
        raise RuleBroken("No more beds can be blocked than there are.", field="blocked")


def _room(actor: Actor, centre_id: UUID, room_id: UUID) -> Row:
    room = policy.ROOMS.one(actor, room_id)
    if room["centre_id"] != centre_id:
        raise NotAllowed(rule="row", reason="row")
    return room


@action("centre", "W", about=PERSON)
def give_bed(
    actor: Actor, person_id: UUID, *, room_id: UUID | None, asked: bool = False, version: int | None = None
) -> Presence:
    """A bed in a room, or none. Never beside somebody from whom they are kept apart; in a room that is not for people
    like them only once they were ``asked``."""
    stay = sense.presence_of(actor, person_id)
    if room_id is not None:
        room = _room(actor, stay["centre_id"], room_id)
        inside = Q(room_id=room_id, until=None) & ~Q(person_id=person_id)
        there = [row["person_id"] for row in policy.PRESENCES.many(actor, inside, limit=MOST_BEDS)]
        if room["ended_at"] or len(there) >= room["beds"] - room["blocked"]:
            raise RuleBroken("No bed is free in this room. Choose another.", field="room_id")
        if apart_from(actor, person_id) & set(there):
            raise RuleBroken("Somebody in this room is kept apart from them. Choose another.", field="room_id")
        if not asked and (doubt := _not_for_them(actor, person_id, room["kind"], there)):
            raise RuleBroken(f"{doubt} Choose another, or ask them and say so below.", field="room_id")
    return policy.PRESENCES.change(actor, stay["id"], {"room_id": room_id}, version=version)


def _not_for_them(actor: Actor, person_id: UUID, kind: str, there: list[UUID]) -> str:
    if not actor.holds("person_ref", "R"):
        return ""
    known = {
        row["id"]: rules.Sleeper(AgeClass(row["age"]).counts_as_child, frozenset(row["needs"]))
        for row in PEOPLE.many(actor, Q(pk__in=[person_id, *there]), limit=MOST_BEDS)
    }
    who = known.pop(person_id, None)
    return rules.bed_to_ask_about(kind, who, list(known.values())) if who else ""


def apart_from(actor: Actor, person_id: UUID) -> set[UUID]:
    either = Q(person_id=person_id) | Q(other_id=person_id)
    rows = policy.APARTS.many(actor, either & Q(ended_at=None), projection="given", limit=100)
    return {row["other_id"] if row["person_id"] == person_id else row["person_id"] for row in rows}


def on_roster(actor: Actor, centre_id: UUID, membership_id: UUID) -> None:
    if not Membership.objects.live(clock.now()).filter(pk=membership_id).exists():
        raise RuleBroken("They no longer work here. Choose somebody else.", field="membership_id")
    if not is_on_roster(actor, centre_id, membership_id):
        fresh = CentreRoster(controller_id=actor.home, centre_id=centre_id, membership_id=membership_id)
        policy.ROSTER.add(actor, fresh)


def who_works_here(actor: Actor) -> QuerySet[Membership]:
    """Whoever has no role at a centre finds no door and sees no shift."""
    people = Membership.objects.holding("reception_worker", clock.now(), "reception_manager", "health_worker")
    return people.filter(agency=actor.agency).select_related("user", "agency").order_by("user__display_name")


def is_on_roster(actor: Actor, centre_id: UUID, membership_id: UUID) -> bool:
    live = Q(centre_id=centre_id, membership_id=membership_id, until=None)
    return bool(policy.ROSTER.many(actor, live, limit=1))


@action("centre", "W", about=CENTRE)
def leave_roster(actor: Actor, centre_id: UUID, *, membership_id: UUID) -> CentreRoster:
    """They see nothing of the centre from now on."""
    live = Q(centre_id=centre_id, membership_id=membership_id, until=None)
    held = policy.ROSTER.many(actor, live, limit=1)
    if not held:
        raise RuleBroken("They are not on this roster.", field="membership_id")
    if membership_id == actor.me:
        raise RuleBroken("Nobody takes themselves off. Another manager does.", field="membership_id")
    return policy.ROSTER.change(actor, held[0]["id"], {"until": clock.now()})


@action("centre", "W", about=CENTRE)
def check(actor: Actor, centre_id: UUID, *, item: str, answer: str, note: str = "") -> Check:
    sense.known(item, lists.CHECKS, "item")
    here = policy.CENTRES.one(actor, centre_id)
    checked = Check(
        controller_id=here["controller_id"],
        centre_id=centre_id,
        list=lists.CHECKS[item].list,
        item=item,
        answer=sense.known(answer, Done.values, "answer"),
        note=note.strip(),
        by=actor.me,
    )
    return policy.CHECKS.add(actor, checked)


def asked_of_checks(actor: Actor, centre_id: UUID, what: str) -> Asked:
    return policy.CHECKS.asked(actor, Q(centre_id=centre_id, list=what), order_by=("at", "id"), limit=1_000)


def checked(actor: Actor, centre_id: UUID, what: str) -> dict[str, Row]:
    """The latest answer for each item of a list that has one."""
    return {row["item"]: row for row in together(actor, asked_of_checks(actor, centre_id, what))[0]}


def not_done(what: str, checks: list[Row]) -> list[str]:
    """Items of a list that nobody answered, or with a no. ``checks``: the earliest first."""
    said = {row["item"]: row for row in checks}
    ours = [entry for entry in lists.CHECKS.values() if entry.list == what]
    return [entry.label for entry in ours if said.get(entry.code, {}).get("answer", Done.NO) == Done.NO]
