"""The house: open or on standby, its rooms and beds, its roster and door, and what was checked in it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.agencies.models import Membership, Shift
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.deadlines.rules import clock_time, kept_time
from wilberforce.ledger.pages import page, version_of
from wilberforce.reception import actions, board, forms, house_forms, lists, policy
from wilberforce.reception.actions.house import checked, who_works_here
from wilberforce.reception.house import Done

from .asking import ask, ask_again, of_person

LISTS = {
    "opening": "Before it opens",
    "risk": "What could go wrong",
    "building": "Taking over the building",
    "closing": "Before it closes",
}


OF_ROOM: Shown = {
    "kind": ("Room", lambda code: lists.ROOMS[code].label),
    "beds": ("Beds", str),
    "blocked": ("Blocked", str),
    "ended_at": ("Given up", kept_time),
}
OF_CENTRE: Shown = {"name": ("Code name", str), "capacity": ("Takes", lambda people: f"{people} people")}


@page("centre:RW")
def turn(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    form = house_forms.TurnForm(request.POST or None, initial={"to": here["state"]}, version=here["version"])
    act = partial(actions.turn, actor, centre_id, version=version_of(request))
    return ask(request, form, here["name"], act, (f"{actor.purpose}:set_up", centre_id))


def rooms_of(actor: Actor, centre_id: UUID) -> list[dict[str, Any]]:
    """Each with the beds that are free."""
    rooms = policy.ROOMS.many(actor, Q(centre_id=centre_id), order_by=("kind", "id"), limit=100)
    asleep = policy.PRESENCES.many(actor, Q(centre_id=centre_id, until=None), limit=board.MOST_HERE)
    by_room = [stay["room_id"] for stay in asleep]
    return [
        room
        | {
            "label": lists.ROOMS[room["kind"]].label,
            "taken": by_room.count(room["id"]),
            "free": room["beds"] - room["blocked"] - by_room.count(room["id"]),
        }
        for room in rooms
    ]


@page("centre:RW")
def rooms(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    shown = {"centre": here, "rooms": rooms_of(actor, centre_id)}
    act, back = partial(actions.add_room, actor, centre_id), (f"{actor.purpose}:rooms", centre_id)
    form = house_forms.RoomForm(request.POST or None)
    return ask(request, form, f"{here['name']}: rooms and beds", act, back, "reception/rooms.html", **shown)


@page("centre:RW")
def room(request: HttpRequest, actor: Actor, centre_id: UUID, room_id: UUID) -> HttpResponse:
    kept = policy.ROOMS.one(actor, room_id)
    initial = kept | {"used": "no" if kept["ended_at"] else "yes"}
    form = house_forms.CorrectRoomForm(request.POST or None, initial=initial, version=kept["version"])
    act = partial(actions.change_room, actor, centre_id, room_id, version=version_of(request))
    before = corrections(actor, policy.FORMER_HOUSES, room_id, OF_ROOM)
    back = (f"{actor.purpose}:rooms", centre_id)
    return ask_again(request, actor, form, lists.ROOMS[kept["kind"]].label, act, back, before)


@page("centre:RW")
def centre_right(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    form = house_forms.CorrectCentreForm(request.POST or None, initial=here, version=here["version"])
    act = partial(actions.correct_centre, actor, centre_id, version=version_of(request))
    before = corrections(actor, policy.FORMER_HOUSES, centre_id, OF_CENTRE)
    return ask_again(
        request, actor, form, f"{here['name']}: correct", act, (f"{actor.purpose}:set_up", centre_id), before
    )


@page("centre:RW", "support:R:given", "person_ref:R")
def bed(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    stay, title = of_person(actor, person_id, "a bed")
    with_beds = [one for one in rooms_of(actor, stay["centre_id"]) if one["beds"] and not one["ended_at"]]
    named = [(str(one["id"]), f"{one['label']}: {one['free']} free") for one in with_beds]
    chosen = {"room_id": str(stay["room_id"] or "")}
    form = house_forms.BedForm(request.POST or None, rooms=named, initial=chosen, version=stay["version"])
    act = partial(actions.give_bed, actor, person_id, version=version_of(request))
    return ask(request, form, title, act, (f"{actor.purpose}:here", person_id))


@page("centre:RW")
def roster(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Who works here, and who has signed in at the door."""
    here = policy.CENTRES.one(actor, centre_id)
    held = policy.ROSTER.many(actor, Q(centre_id=centre_id, until=None), limit=200)
    on_it = {row["membership_id"] for row in held}
    live = Membership.objects.live(clock.now()).filter(agency=actor.agency).select_related("user", "agency")
    people = live.order_by("user__display_name")
    inside = Shift.objects.filter(place_id=centre_id, signed_in_at__isnull=False, signed_out_at=None)
    shown = {
        "centre": here,
        "me": actor.membership,
        "on_it": [one for one in people if one.pk in on_it],
        "inside": inside.filter(ends__gt=clock.now()).select_related("membership__user").order_by("signed_in_at"),
    }
    others = forms.people_choices(one for one in who_works_here(actor) if one.pk not in on_it)
    form = house_forms.RosterForm(request.POST or None, people=others)
    act, back = partial(actions.add_to_roster, actor, centre_id), (f"{actor.purpose}:roster", centre_id)
    return ask(request, form, f"{here['name']}: roster", act, back, "reception/roster.html", **shown)


@page("centre:RW")
def off_roster(request: HttpRequest, actor: Actor, centre_id: UUID, membership_id: UUID) -> HttpResponse:
    if not policy.ROSTER.many(actor, Q(centre_id=centre_id, membership_id=membership_id, until=None), limit=1):
        raise NotAllowed(rule="row", reason="row")
    form = house_forms.OffRosterForm(request.POST or None)
    act = partial(actions.leave_roster, actor, centre_id, membership_id=membership_id)
    lead = "They see nothing of the centre from now on."
    return ask(request, form, "Off the roster", act, (f"{actor.purpose}:roster", centre_id), lead=lead)


@page("centre:RW")
def off_shift(request: HttpRequest, actor: Actor, centre_id: UUID, shift_id: UUID) -> HttpResponse:
    """The door's address too opens to them no more."""
    shift = actions.planned_shift(centre_id, shift_id)
    form = house_forms.OffShiftForm(request.POST or None)
    act = partial(actions.call_off_shift, actor, centre_id, shift_id=shift_id)
    lead = f"{shift.membership.user}, {clock_time(shift.starts)}. They no longer find the centre by this shift."
    return ask(request, form, "Call off a shift", act, (f"{actor.purpose}:set_up", centre_id), lead=lead)


@page("centre:RW")
def checks(request: HttpRequest, actor: Actor, centre_id: UUID, step: str) -> HttpResponse:
    if step not in LISTS:
        raise NotAllowed(rule="row", reason="row")
    here = policy.CENTRES.one(actor, centre_id)
    said = checked(actor, centre_id, step)
    items = [entry for entry in lists.CHECKS.values() if entry.list == step]
    rows = [(entry, said.get(entry.code)) for entry in items]
    shown = {
        "centre": here,
        "rows": [(entry.label, row, Done(row["answer"]).label if row else "") for entry, row in rows],
        "lists": LISTS.items(),
    }
    left = [entry.code for entry, row in rows if not row or row["answer"] == Done.NO]
    form = house_forms.CheckForm(
        request.POST or None,
        items=[(entry.code, entry.label) for entry in items],
        initial={"item": next(iter(left), None)},
    )
    act, back = partial(actions.check, actor, centre_id), (f"{actor.purpose}:checks", centre_id, step)
    return ask(request, form, f"{here['name']}: {LISTS[step].lower()}", act, back, "reception/checks.html", **shown)
