from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.deadlines.rules import LONDON, clock_time
from wilberforce.operations.rules import (
    Moment,
    Sight,
    Warrant,
    host_force_needed,
    journey_faults,
    may_enter_under,
    may_not_leave,
    not_named,
    out_of_order,
    sight,
    site_state,
    warrant_expires,
    without_host,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


START = at("2018-04-17T06:00")


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        ("2018-04-10T15:00", "23:59 on 10 July 2018"),
        ("2018-01-10T15:00", "23:59 on 10 April 2018"),
        ("2026-11-30T15:00", "23:59 on 28 February 2027"),
        ("2005-12-01T15:00", "23:59 on 1 January 2006"),  # one month then
    ],
)
def test_a_warrant_lasts_three_months_from_its_issue(issued: str, expires: str) -> None:
    assert clock_time(warrant_expires(at(issued)).due_at) == expires


@pytest.mark.parametrize(
    ("enter", "says"),
    [
        ("2018-04-17T06:00", ""),
        ("2018-07-10T23:59", ""),
        ("2018-07-11T00:00", "expired"),
        ("2018-04-10T14:00", "not been issued"),
    ],
)
def test_nobody_enters_before_the_issue_or_after_the_end(enter: str, says: str) -> None:
    sentence = may_enter_under(Warrant(at("2018-04-10T15:00")), at(enter))
    assert says in sentence if says else sentence == ""


def test_a_warrant_for_one_entry_is_used_once() -> None:
    used = Warrant(at("2018-04-10T15:00"), executed_at=START)
    assert "one entry" in may_enter_under(used, START + timedelta(hours=3))
    again = Warrant(at("2018-04-10T15:00"), executed_at=START, multiple_entries=True)
    assert may_enter_under(again, START + timedelta(hours=3)) == ""


def test_a_partner_who_enters_is_named_on_the_warrant_or_has_a_power_of_their_own() -> None:
    warrant = Warrant(START, frozenset({"police", "labour"}))
    assert not_named(warrant, ["police", "labour", "fire", "hmrc"], own_power=["hmrc"]) == ("fire",)


def test_burton_needs_its_own_force() -> None:
    sites = [("A", "Staffordshire Police"), ("B", "Derbyshire Constabulary"), ("C", "derbyshire constabulary ")]
    assert [host_force_needed(force, "Derbyshire Constabulary") for _, force in sites] == [True, False, False]
    assert without_host(sites, "Derbyshire Constabulary", []) == ("A",)
    assert without_host(sites, "Derbyshire Constabulary", ["Staffordshire Police"]) == ()


@pytest.mark.parametrize(
    ("hours", "planner_hours", "seen"),
    [
        (-14 * 24 - 1, None, Sight.NOTHING),
        (-14 * 24, None, Sight.DATES),
        (-13, None, Sight.DATES),
        (-12, None, Sight.SITE),
        (0, None, Sight.SITE),
        (72, None, Sight.SITE),
        (73, None, Sight.NOTHING),
        (-100, -120, Sight.SITE),
        (-130, -120, Sight.DATES),
        (73, -120, Sight.NOTHING),
        (-11, 0, Sight.SITE),  # naming a planner never shows them less
    ],
)
def test_a_partner_sees_dates_then_the_site_and_then_nothing(
    hours: int, planner_hours: int | None, seen: Sight
) -> None:
    named = None if planner_hours is None else START + timedelta(hours=planner_hours)
    assert sight(START, START + timedelta(hours=hours), named) is seen


def test_the_window_counts_real_hours_over_the_clock_change() -> None:
    start = at("2018-03-25T06:00")
    assert sight(start, at("2018-03-24T17:00")) is Sight.SITE
    assert sight(start, at("2018-03-24T16:59")) is Sight.DATES


NOW = at("2018-04-17T20:00")


@pytest.mark.parametrize(
    ("departed", "arrived", "left", "says"),
    [
        ("2018-04-17T07:00", "2018-04-17T07:40", "2018-04-17T18:00", ""),
        ("2018-04-17T08:00", "2018-04-17T07:40", None, "The arrival is before the departure from the site"),
        (None, "2018-04-17T07:40", "2018-04-17T07:30", "The departure is before the arrival"),
        ("2018-04-17T07:00", "2018-04-17T21:00", None, "The arrival is in the future"),
    ],
)
def test_a_departure_before_the_arrival_is_shown(
    departed: str | None, arrived: str, left: str | None, says: str
) -> None:
    first, last = (at(one) if one else None for one in (departed, left))
    faults = journey_faults(first, at(arrived), last, NOW)
    assert says in faults[0] if says else faults == ()


@given(st.lists(st.datetimes(datetime(2018, 1, 1), datetime(2018, 4, 1), timezones=st.just(UTC)), max_size=6))
def test_times_in_their_order_have_no_fault(times: list[datetime]) -> None:
    assert out_of_order([Moment("step", one) for one in sorted(times)], NOW) == ()


def test_where_a_site_stands_follows_from_its_times() -> None:
    assert site_state(None, None, None, None) == "waiting"
    assert site_state(START, START, None, None) == "secured"
    assert site_state(START, None, None, START) == "left"


@pytest.mark.parametrize(("age", "stays"), [("adult", False), ("child", True), ("not sure", True)])
def test_only_an_adult_leaves_alone(age: str, stays: bool) -> None:
    assert bool(may_not_leave(age)) is stays
