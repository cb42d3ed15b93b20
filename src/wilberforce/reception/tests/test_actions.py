"""A person comes to the centre, is cared for, and leaves with somewhere to go or a choice of their own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.base import clock, registries
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.operations.models import Found
from wilberforce.operations.policy import FOUND
from wilberforce.operations.tests.factories import ago
from wilberforce.reception import actions, board, policy
from wilberforce.survivors.policy import PEOPLE

from .conftest import Open, leaves, on_shift, ready_to_close

SENT = ("operation_id", "site_id", "age", "found_at", "heading_to", "centre_id", "set_off_at")


def test_the_first_three_facts_begin_a_record(centre: Open) -> None:
    person = centre.arrived(reference="p-7k3 mqx", age="not sure", languages=["ti"])
    with centre.by("health_worker") as actor:
        here = board.people_here(actor, centre.centre_id)
    assert [(one.reference, one.person_id, one.counts_as_child) for one in here] == [("P-7K3MQX", person.pk, True)]


def test_somebody_without_a_card_is_given_a_reference(centre: Open) -> None:
    assert centre.arrived().reference.startswith("P-")


def test_the_manifest_tells_who_set_off_and_who_has_not_arrived(sent: Open) -> None:
    on_the_road = sent.found[0]
    with sent.by("reception_manager") as actor:
        before = actions.manifest(actor, sent.centre_id)
        actions.arrive(actor, sent.centre_id, found_id=on_the_road.pk)
        after = actions.manifest(actor, sent.centre_id)
    assert [(one.reference, one.arrived) for one in before] == [(on_the_road.reference, False)]
    assert before[0].counts_as_child
    assert before[0].set_off_at == on_the_road.set_off_at
    assert [one.arrived for one in after] == [True]


def test_whoever_has_left_again_stands_no_more_among_those_who_came(sent: Open) -> None:
    with sent.by("reception_manager") as actor:
        person = actions.arrive(actor, sent.centre_id, found_id=sent.found[0].pk, age="adult")
        leaves(actor, person.pk, destination="own-choice", choice="To a friend")
        assert actions.manifest(actor, sent.centre_id) == []


def test_however_many_are_on_the_way_none_is_left_out_where_they_are_looked_for(sent: Open, signed_in: Any) -> None:
    with sent.at("op_member_a", "op_safety") as actor:
        first = FOUND.one(actor, sent.found[0].pk, projection="site_found")
        first = {name: first[name] for name in ("controller_id", *SENT)}
        for number in range(250):
            FOUND.add(actor, Found(**first, reference=f"Q-{number}"), projection="site_found")
    with sent.by("reception_manager") as actor:
        assert len([one for one in actions.manifest(actor, sent.centre_id) if not one.arrived]) == 251
        assert "Q-0, " in str(actions.keeps_open(actor, sent.centre_id))
    assert "251 people on the way to you" in signed_in("reception_manager").get("/my-work/").content.decode()


def test_a_reference_typed_by_a_worker_is_matched_to_the_manifest(sent: Open) -> None:
    sent.arrived(reference=sent.found[0].reference.lower())
    with sent.by("reception_manager") as actor:
        assert [one.arrived for one in actions.manifest(actor, sent.centre_id)] == [True]


def test_what_the_site_noted_is_taken_over(sent: Open) -> None:
    with sent.by("reception_manager") as actor:
        person = actions.arrive(actor, sent.centre_id, found_id=sent.found[0].pk)
    assert (person.reference, person.age, person.languages) == (sent.found[0].reference, "not sure", ["ro"])


def broken(centre: Open, verb: Any, *args: Any, part: str = "reception_worker", **facts: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as refused, centre.by(part) as actor:
        verb(actor, *args, **facts)
    return refused.value


def test_an_arrival_before_setting_off_is_refused_beside_its_field(sent: Open) -> None:
    early = {"found_id": sent.found[0].pk, "at": ago(minutes=35), "part": "reception_manager"}
    refused = broken(sent, actions.arrive, sent.centre_id, **early)
    assert (refused.field, "before they set off" in refused.sentence) == ("at", True)


def test_an_arrival_in_the_future_is_refused(centre: Open) -> None:
    later = clock.now() + timedelta(minutes=5)
    refused = broken(centre, actions.arrive, centre.centre_id, age="adult", at=later)
    assert (refused.field, "future" in refused.sentence) == ("at", True)


def test_the_same_person_can_not_arrive_twice(centre: Open) -> None:
    centre.arrived(reference="P-7K3MQX")
    refused = broken(centre, actions.arrive, centre.centre_id, age="adult", reference="p-7k3mqx")
    assert (refused.field, "already" in refused.sentence) == ("reference", True)


def test_an_age_that_is_no_answer_is_refused(centre: Open) -> None:
    assert broken(centre, actions.arrive, centre.centre_id, age="200").field == "age"


def test_nobody_is_registered_at_a_centre_on_standby(at: Any, cast: Any) -> None:
    with at("reception_manager", "reception") as actor:
        waiting = actions.open_centre(actor, name="Plover", capacity=10, standby=True)
    on_shift(at, cast, waiting.pk, "reception_manager")
    standby = Open(at, waiting.pk)
    assert "not open" in broken(standby, actions.arrive, waiting.pk, age="adult", part="reception_manager").sentence
    with standby.by("reception_manager") as actor:
        actions.turn(actor, waiting.pk, to="open")
    assert standby.arrived("reception_manager").centre_id == waiting.pk


def test_a_mistaken_tap_is_taken_back_and_the_stock_follows(centre: Open, signed_in: Any) -> None:
    person, other = centre.arrived().pk, centre.arrived().pk
    worker = signed_in("reception_worker")
    with centre.by("reception_manager") as actor:
        actions.restock(actor, centre.centre_id, thing="meal", change=30)
    tap = reverse("reception:tap", args=[person])
    assert worker.post(tap, {"purpose": "reception", "thing": "meal"}).status_code == 302
    undo, *_ = re.findall(r'href="([^"]+/back/)"', worker.get(tap).content.decode())
    assert worker.post(undo.replace(str(person), str(other)), {"purpose": "reception"}).status_code == 404
    assert worker.post(undo, {"purpose": "reception"}).headers["Location"] == tap
    shown = worker.get(tap).content.decode()
    assert (shown.count("Taken back"), undo in shown) == (2, False)
    assert "taken back already" in worker.post(undo, {"purpose": "reception"}).content.decode()
    with centre.by("reception_manager") as actor:
        assert dict(board.stock(actor, centre.centre_id))["Meal"] == 30


@pytest.mark.parametrize("thing", ["rested", "told-options"])
def test_nobody_counts_as_rested_or_told_by_a_mistaken_tap(centre: Open, thing: str) -> None:
    person = centre.arrived().pk
    with centre.by() as actor:
        actions.rest_recorded(actor, person)
        actions.information_given(actor, person, language="sq")
        assert actions.not_yet_decide(actor, person) == ""
        (wrong,) = policy.GIVEN.many(actor, Q(person_id=person, thing=thing), projection="given")
        actions.take_back(actor, person, wrong["id"])
        assert actions.not_yet_decide(actor, person)


def test_later_a_mistake_is_taken_back_with_its_reason(centre: Open) -> None:
    person = centre.arrived(at=ago(hours=1)).pk
    with centre.by() as actor:
        wrong = actions.give(actor, person, kind="refreshments", thing="meal", at=ago(minutes=11)).pk
        with pytest.raises(RuleBroken, match="Write why") as refused:
            actions.take_back(actor, person, wrong, why=" ")
        assert refused.value.field == "why"
        back = actions.take_back(actor, person, wrong, why="It was the man beside him.")
        with pytest.raises(RuleBroken, match="not taken back"):
            actions.take_back(actor, person, back.pk, why="Again")
        (kept,) = policy.GIVEN.many(actor, Q(corrects=wrong), projection="given")
    assert (kept["detail"], kept["quantity"]) == ("It was the man beside him.", 1)


def test_what_is_given_is_kept_with_the_person_and_taken_from_the_stock_without_them(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.restock(actor, centre.centre_id, thing="blanket", change=30)
        actions.give(actor, person.pk, kind="clothing", thing="blanket", detail="for two", quantity=2)
        actions.give(actor, person.pk, kind="refreshments")
        given = policy.GIVEN.many(actor, Q(person_id=person.pk), projection="given", order_by=("id",))
        left = dict(board.stock(actor, centre.centre_id))
    assert [(row["thing"], row["detail"]) for row in given] == [("blanket", "for two"), ("hot-drink", "")]
    assert left["Blanket"] == 28


@pytest.mark.parametrize(
    "kind", ["refreshments", "clothing", "first aid", "emotional support", "practical help", "rest", "information"]
)
def test_every_kind_of_care_is_given_whatever_anybody_answered(centre: Open, kind: str) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.give(actor, person.pk, kind="health", thing="examination-offered")
        assert actions.give(actor, person.pk, kind=kind).kind == kind


def test_nothing_is_given_before_the_arrival(centre: Open) -> None:
    person = centre.arrived()
    assert broken(centre, actions.give, person.pk, kind="refreshments", at=ago(hours=2)).field == "at"


def test_rest_comes_before_decisions_unless_the_person_asks(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        assert "not rested" in actions.not_yet_decide(actor, person.pk)
        actions.rest_recorded(actor, person.pk)
        assert "every choice" in actions.not_yet_decide(actor, person.pk)
        actions.information_given(actor, person.pk, language="ro")
        assert actions.not_yet_decide(actor, person.pk) == ""


def test_needs_are_flags_that_the_shift_sees(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.note_need(actor, person.pk, needs=["interpreter-woman"])
    with centre.by("health_worker") as actor:
        assert PEOPLE.one(actor, person.pk)["needs"] == ["interpreter-woman"]


def test_going_out_is_not_leaving(centre: Open) -> None:
    person = centre.arrived(at=ago(minutes=20))
    with centre.by() as actor:
        actions.move(actor, person.pk, to="health", at=ago(minutes=15))
        actions.go_out(actor, person.pk, at=ago(minutes=10))
        actions.come_back(actor, person.pk)
        moves = policy.MOVEMENTS.many(actor, Q(person_id=person.pk), order_by=("at",))
        assert len(board.people_here(actor, centre.centre_id)) == 1
    assert [row["move"] for row in moves] == ["moved", "went out", "came back"]


def test_moves_keep_their_order(centre: Open) -> None:
    person = centre.arrived(at=ago(minutes=20))
    with centre.by() as actor:
        actions.go_out(actor, person.pk, at=ago(minutes=10))
    assert broken(centre, actions.come_back, person.pk, at=ago(minutes=15)).field == "at"


def test_the_second_to_move_somebody_is_shown_the_first(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.move(actor, person.pk, to="health", version=1)
    with pytest.raises(Conflict) as refused, centre.by("health_worker") as actor:
        actions.move(actor, person.pk, to="rest", version=1)
    assert refused.value.theirs["where"] == "health"


def test_nobody_leaves_without_a_destination_or_a_choice(centre: Open) -> None:
    person = centre.arrived()
    assert broken(centre, leaves, person.pk).field == "destination"
    assert broken(centre, leaves, person.pk, destination="unknown").field == "choice"
    with centre.by() as actor:
        leaves(actor, person.pk, choice="I go to my cousin and tell you no more.")


def test_a_departure_before_the_arrival_is_refused_beside_its_field(centre: Open) -> None:
    person = centre.arrived()
    refused = broken(centre, leaves, person.pk, destination="refuge", at=ago(hours=1))
    assert (refused.field, "before they arrived" in refused.sentence) == ("at", True)


def test_whoever_has_left_is_out_of_the_sight_of_the_centre(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        leaves(actor, person.pk, destination="refuge", transport="unmarked-car")
    with centre.by() as actor:
        assert board.people_here(actor, centre.centre_id) == []
    with pytest.raises(NotAllowed), centre.by() as actor:
        PEOPLE.one(actor, person.pk)


def test_the_manager_keeps_the_next_address_apart(centre: Open) -> None:
    person = centre.arrived()
    place = {"kind": next(iter(_places())), "address": "4 Invented Close"}
    with centre.by("reception_manager") as actor:
        leaving = leaves(actor, person.pk, destination="council", next_place=place)
    assert leaving.destination == "council"


def _places() -> Any:
    from wilberforce.survivors.lists import PLACES

    return PLACES


def test_a_centre_closes_when_everybody_is_accounted_for(sent: Open) -> None:
    person = sent.arrived(reference="P-7K3MQX")
    refused = broken(sent, actions.close_centre, sent.centre_id, part="reception_manager")
    assert "P-7K3MQX" in refused.sentence
    assert sent.found[0].reference in refused.sentence
    with sent.by("reception_manager") as actor:
        leaves(actor, person.pk, destination="refuge")
        other = actions.arrive(actor, sent.centre_id, found_id=sent.found[0].pk)
        leaves(actor, other.pk, destination="child-care")
        ready_to_close(actor, sent.centre_id)
    with sent.by("reception_manager") as actor:
        assert actions.close_centre(actor, sent.centre_id, keeper_id=actor.me).state == "closed"
    with pytest.raises(NotAllowed), sent.by() as actor:
        actions.arrive(actor, sent.centre_id, age="adult")


def test_a_later_stage_may_say_why_a_centre_must_wait(centre: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = {"reception.close_centre": [lambda actor, subject: "A referral is not finished."]}
    monkeypatch.setattr(registries, "_blockers", waits)
    assert "referral" in broken(centre, actions.close_centre, centre.centre_id, part="reception_manager").sentence


def test_a_shift_is_signed_in_to_by_whoever_works_it_and_not_long_before(centre: Open, at: Any, cast: Any) -> None:
    now = clock.now()
    with centre.by("reception_manager") as actor:
        mine = actions.set_up_shift(
            actor, centre.centre_id, cast["reception_worker_2"].pk, now + timedelta(hours=3), now + timedelta(hours=9)
        )
    assert "one hour before" in broken(centre, actions.sign_in_to_shift, mine.pk, part="reception_worker_2").sentence
    with pytest.raises(NotAllowed), centre.by() as actor:
        actions.sign_in_to_shift(actor, mine.pk)


def test_two_shifts_of_one_person_can_not_overlap(centre: Open, cast: Any) -> None:
    now = clock.now()
    hours = (now + timedelta(hours=6), now + timedelta(hours=10))
    args = (centre.centre_id, cast["reception_worker"].pk, *hours)
    assert broken(centre, actions.set_up_shift, *args, part="reception_manager").field == "starts"


def test_whoever_has_signed_out_early_is_free_for_another_shift(centre: Open, at: Any, cast: Any) -> None:
    now, worker = clock.now(), cast["reception_worker"].pk
    refused = broken(
        centre, actions.set_up_shift, centre.centre_id, worker, now, now + timedelta(hours=9), part="reception_manager"
    )
    assert "They sign out of it first" in refused.sentence
    with at("reception_worker", "reception") as actor:
        actions.sign_out_of_shift(actor)
    with centre.by("reception_manager") as actor:
        later = clock.now() + timedelta(minutes=1)
        assert actions.set_up_shift(actor, centre.centre_id, worker, later, later + timedelta(hours=9)).starts == later
