"""Somebody goes from one force to another: never in two places, never in none, with the clocks that the law says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import actions, board, policy
from wilberforce.custody.models import Detention, Transfer
from wilberforce.custody.rules import Brought
from wilberforce.custody.rules.transfer import Terms
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.operations.tests.factories import ago

from .conftest import HOUR, MINUTE, Suite, send, to, words


def hands_over(suite: Suite, held: UUID, terms: str = Terms.SAME, at: Any = None) -> Transfer:
    there = suite.day.agency("staffordshire-police")
    with suite.duty() as actor:
        return actions.hand_to_force(actor, held, to_force=there, terms=terms, at=at or ago(minutes=30))


def receives(suite: Suite, arrest: UUID, at: Any = None) -> Detention:
    with suite.duty("custody_officer_host") as actor:
        return actions.book_in(actor, arrest, station="burton", arrived_at=at or ago(minutes=5))


def held_by(suite: Suite, part: str) -> list[dict[str, Any]]:
    with suite.duty(part) as actor:
        return board.detained_now(actor)


def waiting(suite: Suite, part: str) -> list[UUID]:
    with suite.duty(part) as actor:
        return [row["id"] for row in board.to_book_in(actor, Q(), limit=25, offset=0)]


def of(suite: Suite, held: UUID) -> UUID:
    with suite.duty() as actor:
        arrest: UUID = policy.DETENTIONS.one(actor, held, projection="detention")["arrest_id"]
    return arrest


def test_they_are_always_in_one_place(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    arrest = of(suite, held)
    assert (len(held_by(suite, "custody_officer")), waiting(suite, "custody_officer_host")) == (1, [])
    hands_over(suite, held)
    assert held_by(suite, "custody_officer") == []
    assert (waiting(suite, "custody_officer_host"), waiting(suite, "custody_officer")) == ([arrest], [])
    due = Deadline.objects.get(OPEN, subject_id=arrest, rule="custody-transfer")
    assert (due.agency_id, due.role) == (suite.day.agency("staffordshire-police"), "custody_officer")
    made = receives(suite, arrest)
    assert [row["id"] for row in held_by(suite, "custody_officer_host")] == [made.pk]
    assert (held_by(suite, "custody_officer"), waiting(suite, "custody_officer_host")) == ([], [])
    assert not Deadline.objects.filter(OPEN, subject_id=arrest, rule="custody-transfer").exists()


@pytest.mark.parametrize(
    ("terms", "brought", "reviews"),
    [
        (Terms.SAME, Brought.GOES_ON, True),
        (Terms.ARRESTED_FOR, Brought.FOR_ANOTHER_FORCE, True),
        (Terms.THEIR_OFFENCE, Brought.AFTER_ANOTHER_FORCE, False),
    ],
)
def test_the_terms_decide_which_clocks_go_on(suite: Suite, terms: Terms, brought: Brought, reviews: bool) -> None:
    held = suite.detained(5 * HOUR)
    with suite.duty("review_officer") as actor:
        first = actions.review(actor, held, at=ago(hours=1), decision="continue", reason="The phones").at
    with suite.duty() as actor:
        actions.hospital_out(actor, held, at=ago(hours=4))
        actions.hospital_back(actor, held, at=ago(hours=3))
        before = policy.DETENTIONS.one(actor, held, projection="detention")
    hands_over(suite, held, terms)
    made = receives(suite, before["arrest_id"])
    goes_on = terms is Terms.SAME
    assert (made.brought, made.relevant_at) == (brought, before["relevant_at"] if goes_on else made.arrived_at)
    [row] = held_by(suite, "custody_officer_host")
    due = {one.what: one.at for one in row["clocks"].due}
    away = HOUR if goes_on else timedelta()
    assert abs(due["Charge or release"] - made.relevant_at - 24 * HOUR - away) < MINUTE
    assert due.get("Review") == (first + 9 * HOUR if reviews else None)
    assert "Decide on detention" in due


def test_after_a_day_on_the_road_the_clock_of_another_area_has_begun(suite: Suite) -> None:
    held = suite.booked(suite.arrest(at=ago(hours=40)), arrived_at=ago(hours=39))
    there, left = suite.day.agency("staffordshire-police"), ago(hours=30)
    why, terms = "Written down late", Terms.THEIR_OFFENCE
    with suite.duty() as actor:
        actions.hand_to_force(actor, held, to_force=there, terms=terms, at=left, reason=why)
    assert receives(suite, of(suite, held)).relevant_at == left + 24 * HOUR


def test_who_is_not_taken_there_comes_back_to_the_clocks_that_ran(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    arrest, before = of(suite, held), hands_over(suite, held, Terms.THEIR_OFFENCE)
    with suite.duty() as actor:
        back = actions.book_in(actor, arrest, station="derby", arrived_at=ago(minutes=2))
    assert back.relevant_at == before.relevant_at
    assert waiting(suite, "custody_officer_host") == []
    assert not Deadline.objects.filter(OPEN, subject_id=arrest, rule="custody-transfer").exists()


def test_nobody_is_booked_in_while_another_force_holds_them(suite: Suite) -> None:
    arrest = suite.arrest(taken_to=suite.day.agency("staffordshire-police"), at=ago(hours=2))
    with suite.duty() as actor:
        actions.book_in(actor, arrest, station="derby", arrived_at=ago(hours=1))
    with pytest.raises(RuleBroken, match="hands them over first"):
        receives(suite, arrest)


def test_who_was_let_go_is_not_booked_in_again(suite: Suite) -> None:
    arrest = suite.arrest()
    held = suite.booked(arrest)
    with suite.duty() as actor:
        actions.outcome(actor, held, kind="no-further-action", at=clock.now())
    with pytest.raises(RuleBroken, match="booked in already"):
        suite.booked(arrest)


@pytest.mark.parametrize(
    ("force", "terms", "field"),
    [("derbyshire-police", "same", "to_force"), ("staffordshire-police", "because", "terms")],
)
def test_a_handover_says_to_whom_and_why(suite: Suite, force: str, terms: str, field: str) -> None:
    held, there = suite.detained(HOUR), suite.day.agency(force)
    with suite.duty() as actor, pytest.raises(RuleBroken) as refused:
        actions.hand_to_force(actor, held, to_force=there, terms=terms, at=ago(minutes=1))
    assert refused.value.field == field
    with suite.duty() as actor, pytest.raises(RuleBroken, match="Choose Hand over to another force"):
        actions.outcome(actor, held, kind="transferred", at=ago(minutes=1))


def test_what_was_carried_is_never_changed(suite: Suite) -> None:
    hands_over(suite, suite.detained(HOUR))
    with suite.duty(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE custody_transfer SET terms = 'same'")


def test_both_desks_walk_it(suite: Suite, sergeant: Any, signed_in: Any) -> None:
    held = suite.detained(5 * HOUR)
    arrest, there = of(suite, held), str(suite.day.agency("staffordshire-police"))
    record = to("custody:detention", held)
    sent = send(sergeant, f"{record}hand-over/", to_force=there, terms="same", version="2")
    assert sent.status_code == 302
    assert "has not booked them in yet" in words(sergeant.get(record))
    host = signed_in("custody_officer_host")
    send(host, to("custody:shift"), hours="8")
    assert "On the way" in words(host.get(to("custody:arrests")))
    page = to("custody:book_in", arrest)
    assert "Derbyshire Constabulary handed them over" in words(host.get(page))
    made = send(host, page, station="burton")
    assert "Handed over to Staffordshire Police" in words(host.get(made["Location"]))
    assert "Staffordshire Police booked them in" in words(sergeant.get(record))
    assert host.get(record).status_code == 404
