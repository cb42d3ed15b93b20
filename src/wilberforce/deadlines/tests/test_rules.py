"""Counting time: tables of cases around midnight, bank holidays and both clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.lists import all_deadlines
from wilberforce.deadlines.rules import (
    LONDON,
    Nation,
    State,
    add_calendar_days,
    add_months,
    add_working_days,
    clock_time,
    days_beginning_with,
    elapsed,
    end_of_legal_day,
    instant,
    is_working_day,
    legal_day,
    months_after,
    start_of_legal_day,
    state,
    working_days_between,
)

EW = bank_holidays(Nation.ENGLAND_AND_WALES)
DAYS = st.dates(date(2016, 1, 1), date(2036, 12, 31))
MOMENTS = st.datetimes(datetime(2016, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))

HOLIDAYS_OF_2018 = "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"
HOLIDAYS_OF_2026 = "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"
HOLIDAYS_OF_2027 = "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"


def at(text: str) -> datetime:
    """London's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("year", "days"), [(2018, HOLIDAYS_OF_2018), (2026, HOLIDAYS_OF_2026), (2027, HOLIDAYS_OF_2027)]
)
def test_the_weekday_bank_holidays_of_england_and_wales(year: int, days: str) -> None:
    expected = {date.fromisoformat(f"{year}-{day}") for day in days.split()}
    assert {day for day in EW if day.year == year and day.weekday() < 5} == expected


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2018-04-17", 5, "2018-04-24"),
        ("2018-03-28", 1, "2018-03-29"),
        ("2018-03-29", 1, "2018-04-03"),  # Good Friday, weekend, Easter Monday
        ("2018-05-04", 1, "2018-05-08"),  # early May
        ("2018-12-24", 1, "2018-12-27"),
        ("2018-12-24", 5, "2019-01-03"),
        ("2026-04-02", 5, "2026-04-13"),
        ("2026-12-24", 1, "2026-12-29"),  # Boxing Day's substitute is Monday the 28th
        ("2026-12-23", 5, "2027-01-04"),
        ("2027-12-24", 1, "2027-12-29"),  # both days have substitutes
        ("2018-04-21", 1, "2018-04-23"),  # begins on a Saturday
        ("2018-04-21", 0, "2018-04-23"),
        ("2018-04-20", 0, "2018-04-20"),
    ],
)
def test_working_days_of_england_and_wales(start: str, count: int, due: str) -> None:
    assert add_working_days(date.fromisoformat(start), count, EW) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("nation", "start", "due"),
    [
        (Nation.ENGLAND_AND_WALES, "2018-03-29", "2018-04-03"),
        (Nation.SCOTLAND, "2018-03-29", "2018-04-02"),  # Easter Monday is a working day there
        (Nation.SCOTLAND, "2018-01-01", "2018-01-03"),
        (Nation.NORTHERN_IRELAND, "2018-07-11", "2018-07-13"),
        (Nation.ENGLAND_AND_WALES, "2018-07-11", "2018-07-12"),
        (Nation.SCOTLAND, "2026-11-27", "2026-12-01"),  # St Andrew's Day
    ],
)
def test_each_nation_has_its_own_holidays(nation: Nation, start: str, due: str) -> None:
    assert add_working_days(date.fromisoformat(start), 1, bank_holidays(nation)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2018-04-18", 3, "2018-07-17"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-01", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2023-11-29", 3, "2024-02-28"),
        ("2026-01-01", 12, "2026-12-31"),
    ],
)
def test_months_beginning_with_a_day_count_that_day(start: str, months: int, last: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [("2018-04-17", 3, "2018-07-17"), ("2026-11-30", 3, "2027-02-28"), ("2026-01-31", 1, "2026-02-28")],
)
def test_months_from_a_day_do_not_count_it(start: str, months: int, last: str) -> None:
    assert months_after(date.fromisoformat(start), months) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2018-04-16T22:59:59+00:00", "2018-04-16"),
        ("2018-04-16T23:00:00+00:00", "2018-04-17"),  # midnight in summer time
        ("2018-01-16T23:59:59+00:00", "2018-01-16"),
        ("2018-01-17T00:00:00+00:00", "2018-01-17"),
    ],
)
def test_the_legal_day_turns_at_midnight_in_london(moment: str, day: str) -> None:
    assert legal_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2018-03-25", 23),
        ("2018-10-28", 25),
        ("2026-03-29", 23),
        ("2026-10-25", 25),
        ("2018-04-17", 24),
    ],
)
def test_the_days_of_the_clock_changes_are_shorter_or_longer(day: str, hours: int) -> None:
    one = date.fromisoformat(day)
    length = end_of_legal_day(one) - start_of_legal_day(one) + timedelta(microseconds=1)
    assert length == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "hours", "clock"),
    [
        ("2018-03-25T00:30", 6, "07:30 BST on 25 March 2018"),
        ("2018-10-28T00:30", 6, "05:30 GMT on 28 October 2018"),
        ("2026-03-28T23:30", 9, "09:30 BST on 29 March 2026"),
        ("2026-10-24T23:30", 24, "22:30 GMT on 25 October 2026"),
        ("2018-04-17T06:40", 6, "12:40 on 17 April 2018"),
    ],
)
def test_hours_pass_whatever_the_wall_clock_does(start: str, hours: int, clock: str) -> None:
    assert clock_time(elapsed(at(start), hours)) == clock


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2018, 4, 17, 6, 40))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2018-04-24T23:59:59.999999", State.DUE),
        ("2018-04-25T00:00:00", State.LATE),
        ("2018-04-24T00:00:00", State.DUE),
        ("2018-04-23T09:00:00", State.DUE_SOON),
        ("2018-04-18T09:00:00", State.NOT_DUE),
    ],
)
def test_a_deadline_is_late_only_once_its_last_day_is_over(now: str, expected: State) -> None:
    assert state(end_of_legal_day(date(2018, 4, 24)), at(now)) is expected


@given(DAYS, st.integers(0, 60))
def test_working_days_end_on_a_working_day_and_count_back(start: date, count: int) -> None:
    due = add_working_days(start, count, EW)
    assert is_working_day(due, EW)
    assert due >= add_calendar_days(start, count)
    assert working_days_between(start, due, EW) in {count, count + (count == 0 and not is_working_day(start, EW))}


@given(DAYS, st.integers(1, 30))
def test_more_months_never_end_sooner(start: date, months: int) -> None:
    assert start <= add_months(start, months) < add_months(start, months + 1)
    assert add_months(start, months) <= months_after(start, months)


@given(DAYS, st.integers(1, 400))
def test_a_period_that_counts_its_first_day_has_so_many_days(start: date, count: int) -> None:
    assert (days_beginning_with(start, count) - start).days + 1 == count


@given(MOMENTS, st.integers(0, 200))
def test_elapsed_hours_are_the_same_read_in_london_or_in_utc(moment: datetime, hours: int) -> None:
    assert elapsed(moment.astimezone(LONDON), hours) == elapsed(moment, hours)
    assert elapsed(moment, hours) - moment == timedelta(hours=hours)


@given(MOMENTS)
def test_a_moment_lies_inside_its_own_legal_day(moment: datetime) -> None:
    day = legal_day(moment)
    assert start_of_legal_day(day) <= moment <= end_of_legal_day(day)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_deadline_only_becomes_more_urgent(due: datetime, first: datetime, second: datetime) -> None:
    order = [State.NOT_DUE, State.DUE_SOON, State.DUE, State.LATE]
    earlier, later = sorted((first, second))
    assert order.index(state(due, earlier)) <= order.index(state(due, later))


def test_everything_that_can_fall_due_is_on_one_list() -> None:
    kinds = all_deadlines()
    stages = {"review", "detention", "bail", "warrant", "reasonable-grounds", "recovery", "reconsideration"}
    assert stages | {"exit-support", "missing-child", "victim-update", "breach", "agreement-review"} <= kinds.keys()
    assert all(kind.rules and kind.soon >= kind.due for kind in kinds.values())
