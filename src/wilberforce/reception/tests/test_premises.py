"""The directory of places: kept by a council, chosen from under an agreement; where they are is the operation's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.operations.actions import link_centre as operations_link
from wilberforce.operations.policy import CENTRE_ADDRESSES
from wilberforce.operations.tests.factories import live
from wilberforce.reception import actions, policy
from wilberforce.reception.actions.premises import PLAN, WHOLE, directory, given_up
from wilberforce.sharing.tests.conftest import agree as agree  # noqa: PLC0414 - the fixture

HALL: dict[str, Any] = {
    "name": "Invented Hall", "district": "Derby", "address": "2 Invented Way", "contact": "The caretaker",
    "capacity": 30, "beds_women": 8, "beds_men": 6, "rooms": ["waiting", "sleeping-women", "sleeping-men"],
    "features": ["kitchen", "children"],
}  # fmt: skip


@pytest.fixture
def hall(at: Any, cast: Any) -> UUID:
    with at("op_member_city", "op_planning") as actor:
        return UUID(str(actions.keep_premises(actor, actor.home, **HALL).pk))


@pytest.fixture
def opened_to_all(agree: Callable[..., Any]) -> None:
    agree("guardian_city", "guardian_police", fields=["premises"])
    agree("guardian_city", "guardian_redcross", purpose="reception", fields=["premises_plan"])


def test_a_council_keeps_its_own_directory_and_no_other_sees_it(hall: UUID, at: Any) -> None:
    with at("op_member_city", "op_planning") as actor:
        assert [row["address"] for row in directory(actor, WHOLE)] == ["2 Invented Way"]
    with at("op_member_county", "op_planning") as actor:
        assert directory(actor, WHOLE) == []
    with pytest.raises(NotAllowed), at("op_member_county", "op_planning") as actor:
        actions.change_premises(actor, actor.home, hall, **HALL)


def test_without_an_agreement_nobody_else_sees_a_place(hall: UUID, at: Any) -> None:
    with at("op_commander", "op_planning") as actor:
        assert directory(actor, WHOLE) == []
    with at("reception_manager", "reception") as actor:
        assert directory(actor, PLAN) == []


def test_two_centres_of_one_operation_are_set_up_from_the_directory(
    hall: UUID, opened_to_all: None, at: Any, cast: Any
) -> None:
    with at("reception_manager", "reception") as actor:
        first = actions.open_centre(actor, name="Kingfisher", premises_id=hall)
        second = actions.open_centre(actor, name="Heron", capacity=5, rooms=[("waiting", 0)], premises_id=hall)
        rooms = policy.ROOMS.many(actor, Q(centre_id=first.pk))
        assert "address" not in policy.PREMISES.one(actor, hall, projection=PLAN)
    assert {row["kind"]: row["beds"] for row in rooms} == {"waiting": 0, "sleeping-women": 8, "sleeping-men": 6}
    assert (first.capacity, second.capacity) == (30, 5)
    day = live(at, cast)
    with day.planning() as actor:
        for centre in (first, second):
            operations_link(actor, day.operation, centre.pk)
            actions.say_where(actor, day.operation, centre_id=centre.pk, premises_id=hall)
        told = CENTRE_ADDRESSES.many(actor, Q(operation_id=day.operation))
    assert [row["address"] for row in told] == ["2 Invented Way\nThe caretaker"] * 2


def test_the_charity_reads_no_address_of_a_place(hall: UUID, opened_to_all: None, at: Any) -> None:
    with pytest.raises(NotAllowed), at("reception_manager", "reception") as actor:
        policy.PREMISES.one(actor, hall, projection=WHOLE)


def test_a_place_that_was_given_up_is_offered_no_more_until_it_is_taken_up_again(
    hall: UUID, at: Any, signed_in: Any
) -> None:
    with at("op_member_city", "op_planning") as actor:
        actions.change_premises(actor, actor.home, hall, **HALL, still_there="no", why="The roof")
        assert directory(actor, WHOLE) == []
        assert [row["id"] for row in given_up(actor)] == [hall]
        actions.change_premises(actor, actor.home, hall, **HALL | {"capacity": 20}, version=2)
        assert [row["capacity"] for row in directory(actor, WHOLE)] == [20]
    place = signed_in("op_member_city").get(reverse("op_planning:place", args=[hall])).content.decode()
    assert "How many people can it take? was: 30" in place
    assert "Why: The roof" in place


def test_what_a_place_was_before_is_its_councils_own(hall: UUID, opened_to_all: None, at: Any) -> None:
    with at("op_member_city", "op_planning") as actor:
        actions.change_premises(actor, actor.home, hall, **HALL | {"contact": "Somebody else"})
    with at("op_commander", "op_planning") as actor:
        assert policy.PREMISES.many(actor, projection=WHOLE) != []
        assert policy.FORMER_PREMISES.many(actor, projection=WHOLE) == []


def test_a_place_has_a_name_and_known_rooms(at: Any, cast: Any) -> None:
    for wrong in ({"name": " "}, {"rooms": ["dungeon"]}, {"features": ["moat"]}):
        with pytest.raises(RuleBroken) as refused, at("op_member_city", "op_planning") as actor:
            actions.keep_premises(actor, actor.home, **(HALL | wrong))
        assert refused.value.field in wrong


def test_the_directory_and_the_way_to_it_on_pages(
    hall: UUID, opened_to_all: None, at: Any, cast: Any, signed_in: Any
) -> None:
    council, manager, commander = (signed_in(part) for part in ("op_member_city", "reception_manager", "op_commander"))
    page = council.get(reverse("op_planning:premises")).content.decode()
    assert "Invented Hall" in page
    assert "A kitchen" in page
    changed = {"purpose": "op_planning", "version": 1, "still_there": "yes", "toilets": 4, "showers": 2}
    sent = council.post(reverse("op_planning:place", args=[hall]), HALL | changed)
    assert sent.status_code == 302
    assert "Invented Hall, Derby: 30 people" in manager.get(reverse("reception:centres")).content.decode()
    opened = {"purpose": "reception", "name": "Heron", "premises_id": hall, "beds": 0}
    assert manager.post(reverse("reception:centres"), opened).status_code == 302
    day = live(at, cast)
    with at("reception_manager", "reception") as actor:
        (centre,) = policy.CENTRES.many(actor)
    with day.planning() as actor:
        operations_link(actor, day.operation, centre["id"])
    where = reverse("op_planning:centre_where", args=[day.operation])
    assert "Invented Hall" in commander.get(where).content.decode()
    told = {"purpose": "op_planning", "centre_id": centre["id"], "premises_id": hall}
    assert commander.post(where, told).status_code == 302
