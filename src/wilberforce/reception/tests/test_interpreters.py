"""Interpreters: as the person wants them, never alone with them, gone at another time, stopped when they distress."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.reception import actions, rules
from wilberforce.reception.actions.interpreters import sessions_of, still_here
from wilberforce.reception.actions.records import waited
from wilberforce.reception.interpreting import Interpreting, minutes
from wilberforce.survivors import actions as survivors

from .conftest import Open, leaves

NOW = clock.now()


def booked(centre: Open, person: Any, **said: Any) -> Interpreting:
    with centre.by() as actor:
        return actions.need_interpreter(actor, person, **{"language": "sq", "way": "here", "who": "No. 12", **said})


def at_work(centre: Open, cast: Any, person: Any, session: Any, part: str = "health_worker") -> None:
    with centre.by() as actor:
        actions.interpreter_arrived(actor, person, session)
        actions.begin_interpreting(actor, person, session, with_id=cast[part].pk)


def test_an_interpreter_is_needed_arrives_works_and_leaves(centre: Open, cast: Any) -> None:
    person = centre.arrived().pk
    session = booked(centre, person).pk
    at_work(centre, cast, person, session)
    with centre.by() as actor:
        actions.end_interpreting(actor, person, session)
        actions.interpreter_left(actor, person, session)
        (row,) = sessions_of(actor, person)
    assert minutes(row) == 0
    assert minutes({"began_at": NOW, "ended_at": NOW + timedelta(minutes=42)}) == 42
    with centre.by("reception_manager"):
        assert {one.minutes for one in waited(centre.centre_id)} == {0}


@pytest.mark.parametrize("part", [None, "reception_worker_2"])
def test_without_somebody_of_the_shift_in_the_room_it_does_not_begin(centre: Open, cast: Any, part: Any) -> None:
    person = centre.arrived().pk
    session = booked(centre, person, way="phone").pk
    with pytest.raises(RuleBroken, match="never alone") as refused, centre.by() as actor:
        actions.begin_interpreting(actor, person, session, with_id=cast[part].pk if part else None)
    assert refused.value.field == "with_id"


def test_the_database_itself_lets_no_interpreter_be_alone_with_a_person(centre: Open) -> None:
    person = centre.arrived().pk
    session = booked(centre, person, way="phone").pk
    with centre.by(), pytest.raises(IntegrityError, match="interpreter_never_alone"), transaction.atomic():
        Interpreting.objects.filter(pk=session).update(began_at=clock.now())


def test_one_worker_is_in_one_room_at_a_time(centre: Open, cast: Any) -> None:
    first, second = centre.arrived().pk, centre.arrived().pk
    at_work(centre, cast, first, booked(centre, first).pk)
    with pytest.raises(RuleBroken, match="another room"):
        at_work(centre, cast, second, booked(centre, second).pk)


def test_the_gender_that_they_want_comes_first_unless_they_agree(centre: Open) -> None:
    person = centre.arrived(interpreter_gender="woman").pk
    with pytest.raises(RuleBroken, match="rather have a woman"):
        booked(centre, person, gender="man")
    booked(centre, person, gender="man", agreed=True)
    booked(centre, person, gender="woman")


def test_whoever_distressed_them_is_stopped_and_not_booked_again(centre: Open, cast: Any) -> None:
    person = centre.arrived().pk
    session = booked(centre, person).pk
    at_work(centre, cast, person, session)
    with centre.by() as actor:
        stopped = actions.end_interpreting(actor, person, session, stopped="distress")
    assert stopped.ended_at is not None
    with pytest.raises(RuleBroken, match="Book another"):
        booked(centre, person, who="no. 12 ")


def test_they_leave_at_different_times(centre: Open, cast: Any) -> None:
    """The person is free to go; it is the interpreter who waits."""
    person = centre.arrived().pk
    session = booked(centre, person).pk
    at_work(centre, cast, person, session)
    with centre.by() as actor:
        actions.end_interpreting(actor, person, session)
        assert "still here" in still_here(actor, person)
        leaves(actor, person, destination="refuge")
    with centre.by() as actor:
        row = policy_row(actor, session)
        assert row["left_at"] is None


def test_whoever_stays_in_the_room_is_not_signed_out_of_their_shift(centre: Open, cast: Any, signed_in: Any) -> None:
    person, client = centre.arrived().pk, signed_in("health_worker")
    session, shift = booked(centre, person).pk, reverse("reception:shift")
    at_work(centre, cast, person, session)
    refused = client.post(shift, {"purpose": "reception"})
    assert "You stay in the room with a person and their interpreter" in refused.content.decode()
    with centre.by() as actor:
        actions.end_interpreting(actor, person, session)
    assert client.post(shift, {"purpose": "reception"}).status_code == 302


def policy_row(actor: Any, session: Any) -> dict[str, Any]:
    from wilberforce.reception import policy

    return policy.INTERPRETING.one(actor, session, projection="given")


@pytest.mark.parametrize(("ago", "waits"), [(None, False), (0, True), (14, True), (15, False), (600, False)])
def test_the_second_at_the_door_waits_a_quarter_of_an_hour(ago: int | None, waits: bool) -> None:
    left = None if ago is None else NOW - timedelta(minutes=ago)
    assert (rules.interpreter_waits(left, NOW) is not None) is waits


def test_the_pages_of_the_interpreters(centre: Open, cast: Any, signed_in: Any) -> None:
    person, client = centre.arrived().pk, signed_in("reception_worker")
    page = reverse("reception:interpreters", args=[person])
    said = {"purpose": "reception", "language": "sq", "way": "phone", "gender": "woman"}
    assert client.post(page, said).status_code == 302
    with centre.by() as actor:
        (row,) = sessions_of(actor, person)
    steps = reverse("reception:session", args=[person, row["id"]])
    alone = client.post(steps, {"purpose": "reception", "does": "begin", "version": 1})
    assert "never alone" in alone.content.decode()
    with_her = {"purpose": "reception", "does": "begin", "version": 1, "with_id": cast["health_worker"].pk}
    assert client.post(steps, with_her).status_code == 302
    assert client.post(steps, {"purpose": "reception", "does": "distress", "version": 2}).status_code == 302
    assert "they were distressed" in client.get(page).content.decode()


def test_told_and_asked_with_one_counts_as_interpreting(centre: Open, cast: Any) -> None:
    person = centre.arrived().pk
    with centre.by("reception_manager") as actor:
        survivors.assign(actor, person, cast["reception_worker"].pk)
    at_work(centre, cast, person, booked(centre, person).pk)
    with centre.by() as actor:
        from wilberforce.reception import policy

        assert "interpreting" in {row["thing"] for row in policy.GIVEN.many(actor, projection="given")}


def test_a_booking_is_moved_called_off_and_stays(centre: Open, signed_in: Any) -> None:
    person = centre.arrived().pk
    session = booked(centre, person).pk
    manager = signed_in("reception_manager")
    right, off, own = (
        reverse(f"reception:{name}", args=[person, session]) for name in ("session_right", "session_off", "session")
    )
    said = {"purpose": "reception", "version": "1", "who": "No. 14", "why": "No. 12 is ill."}
    assert manager.post(right, said).status_code == 302
    assert manager.post(right, said).status_code == 409
    assert "Who was: No. 12" in manager.get(right).content.decode()
    gone = {"purpose": "reception", "version": "2", "called_off": "did not come"}
    assert manager.post(off, gone).status_code == 302
    shown = manager.get(reverse("reception:interpreters", args=[person])).content.decode()
    assert "The interpreter did not come" in shown
    assert own not in shown
    with pytest.raises(RuleBroken, match="called off"), centre.by() as actor:
        actions.interpreter_arrived(actor, person, session)


def test_minutes_are_put_right_once_it_is_over_with_a_reason(centre: Open, cast: Any, signed_in: Any) -> None:
    person = centre.arrived().pk
    session = booked(centre, person).pk
    at_work(centre, cast, person, session)
    times: dict[str, Any] = {"began_at": NOW - timedelta(minutes=90), "ended_at": NOW - timedelta(minutes=30)}
    with centre.by() as actor, pytest.raises(RuleBroken, match="not over"):
        actions.correct_minutes(actor, person, session, **times, why="Pressed late.")
    with centre.by() as actor, pytest.raises(RuleBroken, match="End it"):
        actions.call_off(actor, person, session, called_off="not needed")
    with centre.by() as actor:
        actions.end_interpreting(actor, person, session)
    for wrong, field in (({"why": " "}, "why"), ({"ended_at": NOW - timedelta(minutes=95)}, "ended_at")):
        with centre.by() as actor, pytest.raises(RuleBroken) as refused:
            actions.correct_minutes(actor, person, session, **{**times, "why": "Pressed late.", **wrong})
        assert refused.value.field == field
    with centre.by() as actor:
        actions.correct_minutes(actor, person, session, **times, why="Pressed late.")
        (row,) = sessions_of(actor, person)
    assert minutes(row) == 60
    page = signed_in("reception_manager").get(reverse("reception:session_right", args=[person, session]))
    assert "Pressed late." in page.content.decode()
