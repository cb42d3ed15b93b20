"""The house: its state, rooms and beds, roster, and what must be checked before it closes."""

from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.reception import actions, policy
from wilberforce.survivors.policy import PEOPLE

from .conftest import Open, leaves
from .test_actions import broken
from .test_pages import sent_form, words

MANAGER = "reception_manager"


def sleeping(centre: Open) -> UUID:
    with centre.by(MANAGER) as actor:
        (room,) = policy.ROOMS.many(actor, Q(centre_id=centre.centre_id, kind="sleeping-women"))
    return room["id"]  # type: ignore[no-any-return]


def test_a_centre_is_open_closing_and_open_again_but_not_on_standby_with_people_in_it(centre: Open) -> None:
    person = centre.arrived()
    with centre.by(MANAGER) as actor:
        assert actions.turn(actor, centre.centre_id, to="closing").state == "closing"
        assert actions.turn(actor, centre.centre_id, to="open").state == "open"
    assert broken(centre, actions.turn, centre.centre_id, to="standby", part=MANAGER).field == "to"
    assert broken(centre, actions.turn, centre.centre_id, to="closed", part=MANAGER).field == "to"
    with centre.by() as actor:
        leaves(actor, person.pk, destination="refuge")
    with centre.by(MANAGER) as actor:
        assert actions.turn(actor, centre.centre_id, to="standby").state == "standby"


def test_a_bed_is_given_while_one_is_free(centre: Open) -> None:
    room, first, second = sleeping(centre), centre.arrived(), centre.arrived()
    with centre.by(MANAGER) as actor:
        actions.change_room(actor, centre.centre_id, room, beds=2, blocked=1, version=1)
    with centre.by() as actor:
        assert actions.give_bed(actor, first.pk, room_id=room).room_id == room
    assert "No bed is free" in broken(centre, actions.give_bed, second.pk, room_id=room).sentence
    in_use = broken(centre, actions.change_room, centre.centre_id, room, beds=0, blocked=0, part=MANAGER)
    assert in_use.field == "beds"
    with centre.by() as actor:
        leaves(actor, first.pk, destination="refuge")
        assert actions.give_bed(actor, second.pk, room_id=room).room_id == room


def test_more_blocked_beds_than_beds_are_refused(centre: Open) -> None:
    facts: dict[str, Any] = {"kind": "sleeping-men", "beds": 2, "blocked": 3, "part": MANAGER}
    assert broken(centre, actions.add_room, centre.centre_id, **facts).field == "blocked"


def test_the_second_to_change_the_beds_is_shown_the_first(centre: Open) -> None:
    room = sleeping(centre)
    with centre.by(MANAGER) as actor:
        actions.change_room(actor, centre.centre_id, room, beds=4, blocked=0, version=1)
    with pytest.raises(Conflict) as refused, centre.by() as actor:
        actions.change_room(actor, centre.centre_id, room, beds=5, blocked=0, version=1)
    assert refused.value.theirs["beds"] == 4


def test_two_who_are_kept_apart_never_sleep_in_one_room(centre: Open) -> None:
    room, first, second = sleeping(centre), centre.arrived(reference="P-222222"), centre.arrived()
    with centre.by() as actor:
        kept = actions.keep_apart(actor, second.pk, reference="p-222222")
        actions.give_bed(actor, first.pk, room_id=room)
    assert "kept apart" in broken(centre, actions.give_bed, second.pk, room_id=room).sentence
    with centre.by("health_worker") as actor:
        actions.no_longer_apart(actor, first.pk, kept.pk, version=1)
        actions.give_bed(actor, second.pk, room_id=room)


def test_a_room_that_is_not_for_them_is_given_only_once_they_were_asked(centre: Open) -> None:
    room, child = sleeping(centre), centre.arrived(age="not sure")
    assert "families and children" in broken(centre, actions.give_bed, child.pk, room_id=room).sentence
    with centre.by() as actor:
        assert actions.give_bed(actor, child.pk, room_id=room, asked=True).room_id == room


def test_nobody_is_kept_apart_from_themselves_or_from_somebody_who_is_not_here(centre: Open) -> None:
    person = centre.arrived(reference="P-222222")
    for reference in ("P-222222", "P-999999"):
        assert broken(centre, actions.keep_apart, person.pk, reference=reference).field == "reference"


def test_whoever_is_taken_off_the_roster_sees_nobody(centre: Open, cast: Any) -> None:
    person, post = centre.arrived(), cast["reception_worker"].pk
    with centre.by(MANAGER) as actor:
        actions.leave_roster(actor, centre.centre_id, membership_id=post)
    with pytest.raises(NotAllowed), centre.by() as actor:
        PEOPLE.one(actor, person.pk)
    again = broken(centre, actions.leave_roster, centre.centre_id, membership_id=post, part=MANAGER)
    assert again.field == "membership_id"


def test_a_centre_does_not_close_before_its_list_is_done(centre: Open) -> None:
    refused = broken(centre, actions.close_centre, centre.centre_id, part=MANAGER)
    assert "Before it closes: All belongings were given back" in refused.sentence
    with centre.by(MANAGER) as actor:
        actions.check(actor, centre.centre_id, item="stock-counted", answer="yes")
        actions.check(actor, centre.centre_id, item="tablets-wiped", answer="not needed", note="There were none.")
        actions.check(actor, centre.centre_id, item="building-back", answer="no")
        left = [matter.sentence for matter in actions.keeps_open(actor, centre.centre_id) if matter.place == "checks"]
    assert "The stock was counted and goes back" not in left[0]
    assert "The building was handed back to its owner" in left[0]


def test_the_pages_of_the_house(centre: Open, signed_in: Any, cast: Any) -> None:
    client, here = signed_in(MANAGER), centre.centre_id
    assert sent_form(client, "rooms", here, kind="sleeping-men", beds="4", blocked="1").status_code == 302
    assert "3 free" in words(client.get(reverse("reception:rooms", args=[here])))
    room = sleeping(centre)
    as_it_is = {"kind": "sleeping-men", "used": "yes"}
    assert sent_form(client, "room", here, room, version=1, beds="1", blocked="2", **as_it_is).status_code == 200
    assert sent_form(client, "room", here, room, version=1, beds="5", blocked="2", **as_it_is).status_code == 302
    assert "Beds was: " in words(client.get(reverse("reception:room", args=[here, room])))
    centre_is: dict[str, Any] = {"name": "Heron", "capacity": "12", "version": 1}
    assert sent_form(client, "centre_right", here, **centre_is).status_code == 200
    assert sent_form(client, "centre_right", here, **centre_is, why="Misread").status_code == 302
    assert "Why: Misread" in words(client.get(reverse("reception:centre_right", args=[here])))
    post = cast["reception_worker_2"]
    sent_form(client, "roster", here, membership_id=str(post.pk))
    page = words(client.get(reverse("reception:roster", args=[here])))
    assert str(post.user) in page
    assert "Signed in at the door" in page
    assert sent_form(client, "off_roster", here, post.pk).status_code == 302
    sent_form(client, "checks", here, "risk", item="fire", answer="yes", note="Two ways out")
    assert "Two ways out" in words(client.get(reverse("reception:checks", args=[here, "risk"])))
    assert client.get(reverse("reception:checks", args=[here, "nothing"])).status_code == 404
    assert sent_form(client, "turn", here, version=2, to="closing").status_code == 302
    person = centre.arrived()
    assert sent_form(client, "bed", person.pk, version=1, room_id=str(room)).status_code == 302


def test_a_room_that_is_given_up_takes_nobody_and_can_be_used_again(centre: Open) -> None:
    room, person = sleeping(centre), centre.arrived()
    with centre.by(MANAGER) as actor:
        actions.change_room(actor, centre.centre_id, room, beds=2, blocked=0, version=1)
        actions.give_bed(actor, person.pk, room_id=room)
    given_up: dict[str, Any] = {"beds": 2, "blocked": 0, "used": False}
    assert broken(centre, actions.change_room, centre.centre_id, room, part=MANAGER, **given_up).field == "used"
    with centre.by(MANAGER) as actor:
        actions.give_bed(actor, person.pk, room_id=None)
        actions.change_room(actor, centre.centre_id, room, why="Water comes in", **given_up)
    assert broken(centre, actions.give_bed, person.pk, room_id=room, part=MANAGER).field == "room_id"
    with centre.by(MANAGER) as actor:
        actions.change_room(actor, centre.centre_id, room, beds=2, blocked=0)
        actions.give_bed(actor, person.pk, room_id=room)
