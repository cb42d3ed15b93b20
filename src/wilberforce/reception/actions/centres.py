"""A centre opens, has people to work in it, and closes when everybody is accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.together import together
from wilberforce.agencies import shifts
from wilberforce.agencies.models import Shift
from wilberforce.base import clock, registries
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy, rules
from wilberforce.reception.models import Centre, Part, Room, State, StockChange, Tablet

from . import keeping, people, records, sense
from .belongings import numbers_of
from .house import LARGEST, WHOLE_ROSTER, asked_of_checks, not_done, on_roster
from .premises import PLAN, rooms_of

CENTRE = {"centre": "centre_id"}


@action("centre", "W")
def open_centre(
    actor: Actor,
    *,
    name: str,
    capacity: int | None = None,
    rooms: Sequence[tuple[str, int]] = (),
    standby: bool = False,
    premises_id: UUID | None = None,
) -> Centre:
    """A code name: the address belongs to the operation. Whoever opens it is on its roster. ``premises_id``: a place of
    the directory, whose size and rooms it has unless it is said otherwise."""
    if premises_id is not None:
        place = policy.PREMISES.one(actor, premises_id, projection=PLAN)
        capacity, rooms = capacity or place["capacity"], rooms or rooms_of(place)
    if not name.strip():
        raise RuleBroken("Enter a code name that says nothing about the place.", field="name")
    if capacity is None or not 1 <= capacity <= LARGEST:
        raise RuleBroken(f"Enter a number of people from 1 to {LARGEST}.", field="capacity")
    centre = Centre(
        controller_id=actor.home,
        name=name.strip(),
        capacity=capacity,
        premises_id=premises_id,
        state=State.STANDBY if standby else State.OPEN,
        opened_at=None if standby else clock.now(),
    )
    policy.CENTRES.add(actor, centre)
    for kind, beds in rooms:
        sense.known(kind, lists.ROOMS, "rooms")
        policy.ROOMS.add(actor, Room(controller_id=centre.controller_id, centre_id=centre.pk, kind=kind, beds=beds))
    on_roster(actor, centre.pk, actor.me)
    return centre


@action("centre", "W", about=CENTRE)
def add_to_roster(actor: Actor, centre_id: UUID, *, membership_id: UUID) -> None:
    _still_working(actor, centre_id)
    on_roster(actor, centre_id, membership_id)


def _still_working(actor: Actor, centre_id: UUID) -> None:
    if policy.CENTRES.one(actor, centre_id)["state"] == State.CLOSED:
        raise RuleBroken("This centre is closed. Open another.")


@action("centre", "W", about=CENTRE)
def set_up_shift(
    actor: Actor, centre_id: UUID, membership_id: UUID, starts: datetime, ends: datetime, part: str = Part.STAFF
) -> Shift:
    """Staff come onto the roster with their first shift; drivers and interpreters only find the door."""
    _still_working(actor, centre_id)
    if ends <= clock.now():
        raise RuleBroken("This shift would be over already. Check the date.", field="ends")
    _free(membership_id, starts, ends)
    if sense.known(part, Part.values, "part") == Part.STAFF:
        on_roster(actor, centre_id, membership_id)
    return shifts.plan(membership_id, centre_id, starts, ends, part)


def _free(membership_id: UUID, starts: datetime, ends: datetime) -> None:
    """A shift that somebody has signed out of took its hours only until then."""
    other = Shift.objects.filter(membership_id=membership_id, starts__lt=ends, ends__gt=starts, called_off_at=None)
    taken = other.exclude(signed_out_at__lte=starts).order_by("starts").first()
    if taken is None:
        return
    until = f"They have another shift until {clock_time(taken.ends)}."
    if taken.signed_in_at and not taken.signed_out_at:
        raise RuleBroken(f"{until} They sign out of it first, under My shift; or choose other hours.", field="starts")
    raise RuleBroken(f"{until} Choose other hours.", field="starts")


@action("centre", "W", about=CENTRE)
def call_off_shift(actor: Actor, centre_id: UUID, *, shift_id: UUID) -> None:
    shifts.call_off(actor, planned_shift(centre_id, shift_id))


def planned_shift(centre_id: UUID, shift_id: UUID) -> Shift:
    """Raises NotAllowed also where it is another centre's."""
    planned = Shift.objects.filter(pk=shift_id, place_id=centre_id).select_related("membership__user").first()
    if planned is None:
        raise NotAllowed(rule="row", reason="row")
    return planned


def own_shifts(actor: Actor) -> list[Shift]:
    """Those that run or are to come, at any centre."""
    mine = Shift.objects.filter(membership_id=actor.me, ends__gt=clock.now(), part__in=Part.values, called_off_at=None)
    return list(mine.order_by("starts"))


def sign_in_to_shift(actor: Actor, shift_id: UUID) -> Shift:
    """Only ever one's own. It needs no grant: the plan was the manager's, and this is how the grants begin."""
    shift = Shift.objects.filter(pk=shift_id, membership_id=actor.me, part__in=Part.values, called_off_at=None).first()
    if shift is None:
        raise NotAllowed(rule="own shift", reason="default")
    fault = rules.may_not_sign_in(shift.starts, shift.ends, clock.now())
    if fault:
        raise RuleBroken(fault)
    return shifts.sign_in(actor, shift.place_id)


def sign_out_of_shift(actor: Actor) -> None:
    """Whoever goes leaves nobody alone with an interpreter."""
    if _stays_in_the_room():
        raise RuleBroken(
            "You stay in the room with a person and their interpreter, so you are not signed out. End the interpreting"
            " on the person's page. If they need it still, begin it again with somebody else in the room."
        )
    shifts.sign_out(actor)


def _stays_in_the_room() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_i_stay_in_the_room()")
        return bool(cursor.fetchone()[0])


@action("centre", "W", about=CENTRE)
def restock(actor: Actor, centre_id: UUID, *, thing: str, change: int) -> StockChange:
    """What came in, or with a minus what a count found missing."""
    stocked = {code for code, entry in lists.THINGS.items() if entry.stocked}
    if not change or abs(change) > 10_000:
        raise RuleBroken("Enter how many came in, or with a minus how many are missing.", field="change")
    counted = StockChange(
        controller_id=actor.home,
        centre_id=centre_id,
        thing=sense.known(thing, stocked, "thing"),
        change=change,
        by=actor.me,
    )
    return policy.STOCK.add(actor, counted)


@action("centre", "W", about=CENTRE)
def close_centre(actor: Actor, centre_id: UUID, *, keeper_id: UUID | None = None, version: int | None = None) -> Centre:
    """Not while anybody is here, has gone out, is looked for or is on the way. ``keeper_id``: who asks after those who
    left, where somebody is still to be asked after."""
    _still_working(actor, centre_id)
    open_matters = keeps_open(actor, centre_id)
    if open_matters:
        raise RuleBroken(" ".join(matter.sentence for matter in open_matters))
    keeper = keeping.chosen(actor, centre_id, keeper_id)
    if keeper:
        on_roster(actor, centre_id, keeper)
    now = clock.now()
    for row in policy.ROSTER.many(actor, Q(centre_id=centre_id, until=None), limit=WHOLE_ROSTER):
        if row["membership_id"] != keeper:
            policy.ROSTER.change(actor, row["id"], {"until": now})
    return policy.CENTRES.change(actor, centre_id, {"state": State.CLOSED, "closed_at": now}, version=version)


@dataclass(frozen=True, slots=True)
class Matter:
    """A sentence, and the page of the centre on which it is settled, if it is one."""

    sentence: str
    place: str = ""
    called: str = ""


def keeps_open(actor: Actor, centre_id: UUID, *, now: bool = True) -> list[Matter]:
    """What must be settled before the centre closes. Where it need not be ``now``, a large centre's records were
    counted last night."""
    here = Q(centre_id=centre_id)
    mine, stays, bags, handed, checks = together(
        actor,
        policy.ROSTER.asked(actor, here & Q(membership_id=actor.me, until=None), limit=1),
        policy.PRESENCES.asked(actor, here & Q(until=None), limit=LARGEST),
        policy.BELONGINGS.asked(
            actor, here & Q(returned_at=None), projection="given", order_by=("bag",), limit=LARGEST
        ),
        records.asked_of_handed_over(actor, centre_id),
        asked_of_checks(actor, centre_id, "closing"),
    )
    if not mine:
        return [Matter("You are not on its roster, so you can't see what is still open.", "roster", "The roster")]
    unchecked = not_done("closing", checks)
    said = (
        (_still_here(stays), "centre", "Who is here"),
        (_not_arrived(actor, centre_id), "manifest", "Who is on the way"),
        (bags and f"Belongings are still here: {numbers_of(bags)}. Give them back.", "centre", "Who is here"),
        (records.not_handed_over(centre_id, handed, now=now), "records", "Hand over the records"),
        (_not_wiped(centre_id), "tablets", "Tablets"),
        (unchecked and f"Before it closes: {'; '.join(unchecked)}.", "checks", "The list"),
    )
    others = registries.blockers("reception.close_centre", actor, centre_id)
    settled_elsewhere = [Matter(sentence) for sentence in others]
    return [Matter(sentence, place, called) for sentence, place, called in said if sentence] + settled_elsewhere


def _still_here(stays: list[dict[str, Any]]) -> str:
    names = ", ".join(sorted(row["reference"] for row in stays))
    return names and f"Not everybody has left or is accounted for: {names}. Record where each of them goes."


def _not_arrived(actor: Actor, centre_id: UUID) -> str:
    sent = people.manifest(actor, centre_id) if actor.holds("operation", "R") else []
    names = ", ".join(one.reference for one in sent if not one.arrived)
    return names and f"On the way and not arrived: {names}. Ask the operation where they are."


def _not_wiped(centre_id: UUID) -> str:
    labels = Tablet.objects.filter(centre_id=centre_id, wiped_at=None, lost_at=None).values_list("label", flat=True)
    names = ", ".join(sorted(labels))
    return names and f"Not wiped: {names}. Close each down on the tablet itself, or say that it is lost."
