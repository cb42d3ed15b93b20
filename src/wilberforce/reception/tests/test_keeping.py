"""Once a centre has closed, one named manager asks after those who left, and opens nothing else."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Q
from django.db.utils import ProgrammingError
from django.urls import reverse

from wilberforce.agencies.models import RoleHeld
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.deadlines.models import Deadline
from wilberforce.reception import actions, policy
from wilberforce.reception.care import FollowUp
from wilberforce.reception.models import CentreRoster

from .conftest import Open, leaves, ready_to_close
from .test_pages import sent_form, words

MANAGER, SECOND, WORKER = "reception_manager", "guardian_redcross", "reception_worker"


@pytest.fixture
def second(cast: Any) -> Any:
    """Another manager of the same agency, who never worked at this centre."""
    RoleHeld.objects.create(membership=cast[SECOND], role=MANAGER)
    return cast[SECOND]


def closed(centre: Open, keeper: UUID | None, people: int = 1) -> list[UUID]:
    """The follow-ups that are still to come."""
    with centre.by(MANAGER) as actor:
        for number in range(people):
            person = actions.arrive(actor, centre.centre_id, reference=f"P-AAAAA{number}", age="adult")
            leaves(actor, person.pk, destination="refuge")
        ready_to_close(actor, centre.centre_id)
        agreed = policy.FOLLOW_UPS.many(actor, projection="follow_up", order_by=("id",))
        actions.close_centre(actor, centre.centre_id, keeper_id=keeper)
    return [row["id"] for row in agreed]


def kept(centre: Open, part: str) -> list[UUID]:
    with centre.by(part) as actor:
        return [row["id"] for row in policy.FOLLOW_UPS.many(actor, projection="follow_up", order_by=("id",))]


def test_a_centre_with_days_to_come_closes_only_into_somebodys_hands(centre: Open, cast: Any) -> None:
    for keeper in (None, cast[WORKER].pk, cast["op_commander"].pk):
        with pytest.raises(RuleBroken) as refused:
            closed(centre, keeper)
        assert refused.value.field == "keeper_id"
    assert len(closed(centre, cast[MANAGER].pk)) == 1


def test_whoever_was_named_opens_the_days_and_nobody_else_does(centre: Open, cast: Any, second: Any) -> None:
    agreed = closed(centre, second.pk)
    assert kept(centre, SECOND) == agreed
    assert kept(centre, MANAGER) == []
    with pytest.raises(NotAllowed), centre.by(MANAGER) as actor:
        actions.follow_up(actor, centre.centre_id, agreed[0], outcome="reached")


def test_nothing_else_of_the_centre_opens_with_them(centre: Open, cast: Any) -> None:
    person = centre.arrived().pk
    with centre.by() as actor:
        actions.give(actor, person, kind="refreshments", thing="meal")
        leaves(actor, person, destination="refuge")
    closed(centre, cast[MANAGER].pk)
    with centre.by(MANAGER) as actor:
        for table in (policy.GIVEN, policy.LEAVINGS, policy.BELONGINGS, policy.APARTS):
            assert table.model.objects.count() == 0
        assert policy.STORIES.count(actor) == policy.PRACTICAL.count(actor) == 0
        with pytest.raises(NotAllowed):
            actions.give(actor, person, kind="refreshments", thing="meal")


def test_it_ends_with_the_last_of_them(centre: Open, cast: Any) -> None:
    first, last = closed(centre, cast[MANAGER].pk, people=2)
    with centre.by(MANAGER) as actor:
        actions.follow_up(actor, centre.centre_id, first, outcome="reached")
    assert kept(centre, MANAGER) == [first, last]
    with centre.by(MANAGER) as actor:
        actions.follow_up(actor, centre.centre_id, last, outcome="ended")
    assert kept(centre, MANAGER) == []
    assert Deadline.objects.filter(rule="follow-up", met_at=None).count() == 0


def test_another_manager_names_somebody_else_and_nobody_themselves(centre: Open, cast: Any, second: Any) -> None:
    agreed = closed(centre, second.pk)
    with pytest.raises(RuleBroken, match="Nobody names themselves"), centre.by(MANAGER) as actor:
        actions.name_keeper(actor, centre.centre_id, membership_id=cast[MANAGER].pk)
    with centre.by(SECOND) as actor:
        actions.name_keeper(actor, centre.centre_id, membership_id=cast[MANAGER].pk)
    assert (kept(centre, MANAGER), kept(centre, SECOND)) == (agreed, [])


def test_the_database_lets_nobody_name_themselves(centre: Open, cast: Any, second: Any) -> None:
    closed(centre, second.pk)
    with centre.by(MANAGER) as actor, pytest.raises(ProgrammingError, match="nobody names"), transaction.atomic():
        CentreRoster.objects.create(
            controller_id=actor.home, centre_id=centre.centre_id, membership_id=cast[MANAGER].pk
        )
    with centre.by(MANAGER), pytest.raises(ProgrammingError, match="nobody names"), transaction.atomic():
        CentreRoster.objects.filter(membership_id=cast[MANAGER].pk).update(until=None)


def test_whoever_was_named_asks_after_nobody_else_and_keeps_no_door_open(centre: Open, cast: Any, second: Any) -> None:
    (agreed,) = closed(centre, second.pk)
    with centre.by(SECOND) as actor:
        row = policy.FOLLOW_UPS.one(actor, agreed, projection="follow_up")
        for who in (row["person_id"], random_id()):
            with pytest.raises(ProgrammingError, match="nobody leaves a centre"), transaction.atomic():
                FollowUp.objects.create(
                    controller_id=actor.home, centre_id=centre.centre_id, person_id=who, due_on=row["due_on"],
                    way=row["way"], contact="", at=row["at"], by=actor.me,
                )  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            FollowUp.objects.filter(pk=agreed).update(person_id=random_id())


def test_whoever_is_not_on_the_roster_closes_nothing_unseen(centre: Open, second: Any) -> None:
    centre.arrived()
    with pytest.raises(RuleBroken, match="not on its roster"), centre.by(SECOND) as actor:
        actions.close_centre(actor, centre.centre_id)


def test_what_is_due_leads_to_them_and_ends_there(centre: Open, cast: Any, signed_in: Any) -> None:
    (agreed,) = closed(centre, cast[MANAGER].pk)
    client, way = signed_in(MANAGER), reverse("reception:followed_up", args=[agreed])
    assert way in client.get("/my-work/").content.decode()
    page = words(client.get(way))
    assert "P-AAAAA0" in page
    assert "Robin, 01632 960 104" in page
    day = {"on_0": "3", "on_1": "12", "on_2": "2031"}
    sent_form(client, "follow_up", agreed, version=1, way="visit", contact="Robin", **day)
    assert "3 December 2031" in words(client.get(way))
    done = sent_form(client, "followed_up", agreed, version=2, outcome="reached")
    assert "Nothing opens to you here" in words(client.get(done.headers["Location"]))
    assert way not in client.get("/my-work/").content.decode()


def test_a_manager_who_does_not_ask_is_led_to_who_does(centre: Open, second: Any, signed_in: Any) -> None:
    """Their way to the follow-up would answer that there is nothing."""
    with centre.by(MANAGER) as actor:
        leaves(actor, actions.arrive(actor, centre.centre_id, age="adult").pk, destination="refuge")
        (agreed,) = (row["id"] for row in policy.FOLLOW_UPS.many(actor, projection="follow_up"))
    client, way = signed_in(SECOND), reverse("reception:followed_up", args=[agreed])
    asked = words(client.get("/my-work/"))
    assert way not in asked
    roster = reverse("reception:roster", args=[centre.centre_id])
    assert roster in asked
    assert (client.get(roster).status_code, client.get(way).status_code) == (200, 404)
    with centre.by(MANAGER) as actor:
        ready_to_close(actor, centre.centre_id)
        actions.close_centre(actor, centre.centre_id, keeper_id=second.pk)
    assert way in words(client.get("/my-work/"))
    assert reverse("reception:keeper", args=[centre.centre_id]) in words(signed_in(MANAGER).get("/my-work/"))


def test_the_pages_of_closing_and_of_naming(centre: Open, cast: Any, second: Any, signed_in: Any) -> None:
    client = signed_in(MANAGER)
    with centre.by() as actor:
        gone = actions.arrive(actor, centre.centre_id, reference="P-7K3MQX", age="adult").pk
        leaves(actor, gone, destination="refuge")
    refused = words(sent_form(client, "close", centre.centre_id, version=1, keeper_id=str(second.pk)))
    assert "This centre can&#x27;t close yet" in refused
    for place in ("records", "checks"):
        args = [centre.centre_id, *(["closing"] if place == "checks" else [])]
        assert reverse(f"reception:{place}", args=args) in refused
    with centre.by(MANAGER) as actor:
        ready_to_close(actor, centre.centre_id)
    assert "Choose" in words(sent_form(client, "close", centre.centre_id, version=1, keeper_id=""))
    sent_form(client, "close", centre.centre_id, version=1, keeper_id=str(second.pk))
    page = words(client.get(reverse("reception:follow_ups", args=[centre.centre_id])))
    assert f"{second.user} asks after those who left" in page
    assert str(second.user) in words(client.get(reverse("reception:keeper", args=[centre.centre_id])))
    assert "P-7K3MQX" in words(signed_in(SECOND).get(reverse("reception:follow_ups", args=[centre.centre_id])))


def test_a_card_is_printed_again_for_whoever_left(centre: Open, cast: Any, signed_in: Any) -> None:
    closed(centre, cast[MANAGER].pk)
    with centre.by(MANAGER) as actor:
        (agreed,) = policy.FOLLOW_UPS.many(actor, Q(), projection="follow_up")
    card = words(signed_in(MANAGER).get(reverse("reception:card", args=[agreed["person_id"]]), {"language": "sq"}))
    for said in ("Karta juaj", "P-AAAAA0", "Robin, 01632 960 104"):
        assert said in card
