from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.rules import LONDON, clock_time
from wilberforce.reception.lists import DESTINATIONS, THINGS
from wilberforce.reception.rules import (
    Move,
    Moved,
    Sleeper,
    a_child_may_not_leave,
    bed_to_ask_about,
    decision_may_be_asked,
    is_watched,
    may_leave_without_destination,
    missing_watch,
    move_faults,
    rested_at,
    size,
    tell_at_once,
    where_now,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


ARRIVED = at("2018-04-17T07:40")
NOW = at("2018-04-17T20:00")


@pytest.mark.parametrize(
    ("when", "asked_for_it", "may"), [("15:39", False, False), ("15:40", False, True), ("09:00", True, True)]
)
def test_a_person_rests_before_a_decision_unless_they_ask(when: str, asked_for_it: bool, may: bool) -> None:
    assert (decision_may_be_asked(ARRIVED, at(f"2018-04-17T{when}"), asked_for_it) == "") is may


def sleeper(child: bool = False, *needs: str) -> Sleeper:
    return Sleeper(child, frozenset(needs))


@pytest.mark.parametrize(
    ("kind", "who", "others", "says"),
    [
        ("sleeping-women", sleeper(), [], ""),
        ("sleeping-women", sleeper(False, "women-only"), [sleeper()], ""),
        ("sleeping-men", sleeper(False, "women-only"), [], "a room with women only"),
        ("family", sleeper(False, "men-only"), [], "a room with men only"),
        ("sleeping-women", sleeper(True), [], "families and children"),
        ("family", sleeper(True), [sleeper(True)], ""),
        ("family", sleeper(), [sleeper()], ""),
        ("family", sleeper(), [sleeper(), sleeper(True)], "Children sleep in this room"),
        ("family", sleeper(False, "child-with"), [sleeper(True)], ""),
    ],
)
def test_a_bed_in_a_room_that_is_not_for_them_is_asked_about(
    kind: str, who: Sleeper, others: list[Sleeper], says: str
) -> None:
    said = bed_to_ask_about(kind, who, others)
    assert says in said if says else said == ""


@pytest.mark.parametrize("age", AgeClass)
def test_a_child_leaves_only_to_somebody_who_answers_for_them(age: AgeClass) -> None:
    refused = {one for one in ("", *DESTINATIONS) if a_child_may_not_leave(age, one)}
    assert refused == ({"", "back", "own-choice", "unknown"} if age.counts_as_child else set())


def test_rest_is_counted_in_real_hours() -> None:
    assert clock_time(rested_at(at("2018-03-24T22:00")).due_at) == "07:00 BST on 25 March 2018"


@pytest.mark.parametrize("age", AgeClass)
def test_a_child_is_watched_for_72_hours(age: AgeClass) -> None:
    end = missing_watch(ARRIVED).due_at
    assert is_watched(age, ARRIVED, end) is (age is not AgeClass.ADULT)
    assert not is_watched(age, ARRIVED, end + timedelta(seconds=1))


def test_the_council_hears_at_once_of_a_child_and_of_an_adult_at_risk() -> None:
    assert tell_at_once(AgeClass.NOT_SURE, immediate_risk=False)
    assert tell_at_once(AgeClass.ADULT, immediate_risk=True)
    assert not tell_at_once(AgeClass.ADULT, immediate_risk=False)


def moves(*steps: tuple[Move, str]) -> list[Moved]:
    return [Moved(move, at(f"2018-04-17T{clock}")) for move, clock in steps]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([(Move.EXPECTED, "06:50"), (Move.ARRIVED, "07:40"), (Move.LEFT, "18:00")], ""),
        ([(Move.LEFT, "18:00"), (Move.ARRIVED, "07:40")], ""),  # sent in the wrong order by two tablets
        ([(Move.ARRIVED, "07:40"), (Move.WENT_OUT, "09:00"), (Move.CAME_BACK, "09:30")], ""),
        ([(Move.ARRIVED, "07:40"), (Move.LEFT, "07:30")], "'left' cannot follow anything else"),
        ([(Move.ARRIVED, "07:40"), (Move.ARRIVED, "07:41")], "'arrived' cannot follow 'arrived'"),
        ([(Move.ARRIVED, "07:40"), (Move.CAME_BACK, "08:00")], "'came back' cannot follow 'arrived'"),
        ([(Move.ARRIVED, "21:00")], "'arrived' is in the future"),
    ],
)
def test_moves_that_cannot_be_are_shown(steps: list[tuple[Move, str]], fault: str) -> None:
    faults = move_faults(moves(*steps), NOW)
    assert fault in faults[0] if fault else faults == ()


@given(
    st.permutations(
        moves((Move.ARRIVED, "07:40"), (Move.WENT_OUT, "09:00"), (Move.CAME_BACK, "09:30"), (Move.LEFT, "18:00"))
    )
)
def test_the_order_in_which_tablets_send_changes_nothing(events: list[Moved]) -> None:
    assert move_faults(events, NOW) == ()
    assert where_now(events) is Move.LEFT


def test_nobody_leaves_without_a_destination_or_their_choice_on_record() -> None:
    assert not may_leave_without_destination("  ")
    assert may_leave_without_destination("wants to stay with a friend, did not say where")


@pytest.mark.parametrize(
    ("people", "languages", "centres", "workers"),
    [(0, 0, 0, 0), (5, 2, 1, 2), (8, 1, 1, 3), (29, 3, 2, 10), (80, 4, 4, 27)],
)
def test_the_size_of_the_centre(people: int, languages: int, centres: int, workers: int) -> None:
    planned = size(people, languages)
    assert (planned.centres, planned.workers_on_shift, planned.interpreters) == (centres, workers, languages)


def test_a_centre_is_not_planned_for_fewer_than_nobody() -> None:
    with pytest.raises(ValueError, match="nobody or more"):
        size(-1, 0)


@pytest.mark.parametrize(
    "given_at_the_centre", ["practical help", "emotional support", "clothing", "refreshments", "first aid"]
)
def test_everything_the_centre_gives_is_on_the_list(given_at_the_centre: str) -> None:
    assert any(thing.kind == given_at_the_centre for thing in THINGS.values())


def test_going_back_is_a_destination_that_can_be_recorded() -> None:
    assert {"back", "own-choice", "victim-care", "hospital"} <= DESTINATIONS.keys()
