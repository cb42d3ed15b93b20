"""Nobody who was found is ever in two places or in none, whoever says what, in which order and how often."""

import random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.agencies.models import RoleHeld
from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.operations import actions, board, hands, picture, policy, rules
from wilberforce.operations.models import Handover

from .factories import ago, refused
from .test_pages import send, to


@pytest.fixture
def found(day):
    with day.on_site() as actor:
        return actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=40)).pk


@pytest.fixture
def van(day):
    with day.planning() as actor:
        force = day.agency("derbyshire-police")
        return actions.add_unit(actor, day.operation, kind="vehicle", agency_id=force, label="Van 1", seats=1).pk


@pytest.fixture
def custody(day):
    with day.planning() as actor:
        actions.join_roster(actor, day.operation, membership_id=day.cast["custody_officer"].pk, part="custody")
    return day


def where(actor, day, found):
    return next(one for one in picture.day(actor, day.operation)["found"] if one["id"] == found)


def test_they_stay_with_whoever_gives_until_the_other_side_confirms(day, found, van):
    with day.on_site("op_member_a") as actor:
        given = actions.hand_over(actor, found, to="vehicle", vehicle_id=van, centre_id=day.centre)
        person = where(actor, day, found)
        assert (person["where_said"], person["offer"]["to_said"]) == ("At the site", "In Van 1")
        assert person["heading_to"] == "centre"
        with refused(match="somebody else confirms it"):
            actions.receive(actor, given.pk)
    with day.on_site("op_member_b") as actor:
        actions.receive(actor, given.pk)
        person = where(actor, day, found)
        assert (person["where_said"], person["offer"]) == ("In Van 1", None)
        assert picture.day(actor, day.operation)["units"][-1]["aboard"] == 1


def test_the_centre_confirms_for_itself_and_sees_no_other_handover(day, found, custody):
    with day.on_site() as actor:
        other = actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=5)).pk
        given = actions.hand_over(actor, found, to="centre", centre_id=day.centre)
        actions.hand_over(actor, other, to="custody")
    with day.on_site("op_member_b") as actor, refused(match="confirm it themselves"):
        actions.receive(actor, given.pk)
    with day.at("reception_manager", "reception") as actor:
        assert [row["found_id"] for row in hands.brought(actor)] == [found]
        actions.receive(actor, given.pk)
        assert hands.brought(actor) == []
    with day.on_site() as actor:
        assert where(actor, day, found)["where_said"] == "At the reception centre"
        with refused("to", "no longer with you"):
            actions.hand_over(actor, found, to="hospital")


def test_whoever_works_at_another_centre_sees_nothing_of_who_is_brought_to_this_one(day, found, signed_in, cast):
    """A volunteer with a shift elsewhere, and the manager of another centre."""
    RoleHeld.objects.create(membership=cast["health_worker"], role="reception_manager")
    with day.on_site() as actor:
        given = actions.hand_over(actor, found, to="centre", centre_id=day.centre)
    for part in ("reception_worker", "health_worker"):
        somebody = signed_in(part)
        assert given.reference not in somebody.get(to("reception:brought")).content.decode()
        assert somebody.get(to("reception:arrived", given.pk)).status_code == 404
        assert somebody.get(to("reception:register_found", day.centre, found)).status_code in (403, 404)
    with day.at("health_worker", "reception") as actor:
        assert board.readiness(actor, day.centre) == []
        assert policy.FOUND.many(actor, projection="manifest") == []


def test_two_bronzes_who_claim_the_same_person_are_told_of_each_other(day, found, signed_in):
    with day.on_site("op_member_a") as actor:
        actions.hand_over(actor, found, to="hospital")
    with pytest.raises(Conflict) as told, day.on_site("op_member_b") as actor:
        actions.hand_over(actor, found, to="centre", centre_id=day.centre)
    assert told.value.theirs["to"] == "hospital"
    given = {"to": "centre", "centre_id": str(day.centre)}
    answer = send(signed_in("op_member_b"), to("op_safety:hand_over", found), "op_safety", **given)
    assert answer.status_code == 409
    assert "handed this person over already" in answer.content.decode()
    assert "hospital" in answer.content.decode()


def test_the_database_itself_keeps_a_person_out_of_two_handovers(day, found):
    with day.on_site() as actor:
        first = policy.HANDOVERS.one(actor, actions.hand_over(actor, found, to="hospital").pk, projection="site_found")
        twice = Handover(**{name: first[name] for name in ("controller_id", "operation_id", "found_id", "reference")})
        twice.number, twice.from_place, twice.to_place = 2, "site", "custody"
        twice.given_by, twice.given_at = actor.me, clock.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            policy.HANDOVERS.add(actor, twice, projection="site_found")


def test_a_handover_that_did_not_happen_leaves_them_where_they_were(day, found):
    with day.on_site() as actor:
        given = actions.hand_over(actor, found, to="hospital").pk
        with refused("why"):
            actions.undo_handover(actor, given, why=" ")
        actions.undo_handover(actor, given, why="The ambulance was sent elsewhere")
        assert where(actor, day, found)["where_said"] == "At the site"
        assert actions.hand_over(actor, found, to="centre", centre_id=day.centre).number == 2
        way = hands.way_of(actor, found)["way"]
        assert [step["undone_why"] for step in way] == ["The ambulance was sent elsewhere", ""]


def test_a_hospital_signs_by_the_post_of_whoever_received_them(day, found):
    with day.on_site() as actor:
        given = actions.hand_over(actor, found, to="hospital").pk
        with refused("received_words"):
            actions.receive(actor, given)
        actions.receive(actor, given, received_words="Sister in charge")
        assert where(actor, day, found)["where_said"] == "In hospital"


def test_a_vehicle_takes_no_more_people_than_it_has_seats(day, found, van):
    with day.on_site() as actor:
        actions.hand_over(actor, found, to="vehicle", vehicle_id=van)
        second = actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=5)).pk
        with refused("vehicle_id", "takes 1 and is full"):
            actions.hand_over(actor, second, to="vehicle", vehicle_id=van)


def test_a_child_is_not_handed_to_nobody(day):
    with day.on_site() as actor:
        child = actions.record_found(actor, day.sites["B"], age="not sure").pk
        with refused("to", "does not leave alone"):
            actions.hand_over(actor, child, to="left")


def test_fire_and_a_custody_officer_off_the_roster_see_nobody(day, found):
    with day.on_site() as actor:
        given = actions.hand_over(actor, found, to="custody").pk
    with day.at("op_member_fire", "op_safety") as actor, pytest.raises(NotAllowed):
        policy.HANDOVERS.one(actor, given, projection="site_found")
    with day.at("custody_officer", "custody") as actor:
        assert hands.brought(actor) == []


def test_the_way_is_walked_on_the_pages(day, found, signed_in):
    giver, receiver = signed_in("op_member_a"), signed_in("op_member_b")
    way = to("op_safety:way", found)
    assert "Hand them over" in giver.get(way).content.decode()
    assert send(giver, to("op_safety:hand_over", found), "op_safety", to="hospital").status_code == 302
    with day.on_site() as actor:
        given = hands.way_of(actor, found)["way"][0]["id"]
    words = {"received_words": "Sister in charge", "version": "1"}
    assert send(receiver, to("op_safety:receive", given), "op_safety", **words).status_code == 302
    assert "Sister in charge" in receiver.get(way).content.decode()


def test_the_centre_confirms_on_its_page(day, found, signed_in):
    with day.on_site() as actor:
        given = actions.hand_over(actor, found, to="centre", centre_id=day.centre)
    manager = signed_in("reception_manager")
    assert given.reference in manager.get(to("reception:brought")).content.decode()
    url = to("reception:arrived", given.pk)
    assert send(manager, url, "reception", version="1").status_code == 302
    assert given.reference not in manager.get(to("reception:brought")).content.decode()


def test_a_suspect_becomes_a_possible_victim_and_back_and_both_reasons_stay(day, found, signed_in):
    with day.on_site() as actor:
        actions.classify(actor, found, standing="suspect", why="Held the keys")
        with refused("standing"):
            actions.classify(actor, found, standing="suspect", why="Again")
        with refused("why"):
            actions.classify(actor, found, standing="victim", why="")
    officer = signed_in("op_member_b")
    given = {"standing": "both", "why": "Was made to hold the keys"}
    assert send(officer, to("op_safety:classify", found), "op_safety", **given).status_code == 302
    with day.on_site() as actor:
        seen = hands.way_of(actor, found)["history"]
        assert [(row["standing"], row["why"]) for row in seen] == [
            ("suspect", "Held the keys"), ("both", "Was made to hold the keys"),
        ]  # fmt: skip
        assert where(actor, day, found)["standing_said"] == "Suspect and possible victim"
        log = policy.LOG.many(actor, projection="day_log", order_by=("-number",), limit=1)
    assert "suspect before, suspect and possible victim now" in log[0]["text"]


STEPS = st.lists(
    st.builds(
        rules.Step,
        to=st.sampled_from(["vehicle", "centre", "hospital", "custody"]),
        to_id=st.sampled_from(["", "1", "2"]),
        received=st.booleans(),
        undone=st.booleans(),
    ),
    max_size=8,
)


@given(STEPS)
def test_there_is_always_exactly_one_place(way):
    now = rules.where_now(way)
    confirmed = [step for step in way if step.received and not step.undone]
    assert now == (confirmed[-1] if confirmed else rules.Step("site", received=True))


def test_whatever_two_officers_try_at_random_leaves_each_person_in_one_place(day, found, van):
    drawn = random.Random(7)  # noqa: S311
    for _ in range(25):
        with day.on_site(drawn.choice(("op_member_a", "op_member_b"))) as actor:
            way = hands.way_of(actor, found)["way"]
            waiting = [step["id"] for step in way if step["waits"]]
            try:
                with transaction.atomic():
                    _something(actor, day, found, van, waiting, drawn)
            except (RuleBroken, Conflict):
                continue
            finally:
                now = hands.way_of(actor, found)
                open_ones = [step for step in now["way"] if step["waits"]]
                assert len(open_ones) <= 1
                assert [step["number"] for step in now["way"]] == list(range(1, len(now["way"]) + 1))
                assert now["now"] == where(actor, day, found)["where_said"].replace("In Van 1", "In a vehicle")


def _something(actor, day, found, van, waiting, drawn):
    what = drawn.randrange(3)
    if what == 0 or not waiting:
        goes = drawn.choice([{"to": "vehicle", "vehicle_id": van}, {"to": "hospital"}, {"to": "custody"}])
        actions.hand_over(actor, found, **goes)
    elif what == 1:
        actions.receive(actor, waiting[0], received_words="Sister in charge")
    else:
        actions.undo_handover(actor, waiting[0], why="Not so")
