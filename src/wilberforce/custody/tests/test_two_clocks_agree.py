"""The custody clocks, worked out a second time by walking through the hours, agree with the rules.

The second working shares nothing with the first: it counts whole seconds since 1970, cuts time at every change and
walks from cut to cut, where the rules add up what is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.custody.rules import (
    Absence,
    Brought,
    FurtherDetention,
    Span,
    detention_limit,
    relevant_time,
    rest_due,
    review_due,
)

HISTORIES, A_TENTH = 100_000, 10_000
HOUR = 3600
Seconds = tuple[int, int]


@dataclass(frozen=True)
class History:
    """All in seconds since 1970."""

    arrested: int
    arrived: int
    brought: Brought
    left: int | None
    authorised: int
    reviews: tuple[int, ...]
    stays: tuple[tuple[Seconds, tuple[Seconds, ...]], ...]
    extended: bool
    warrants: tuple[tuple[int, int], ...]
    now: int
    ran_from: int


def a_history(draw: Random) -> History:
    """A year of any of three laws; clock changes fall in as they come."""
    arrested = draw.randrange(1_514_764_800, 1_830_000_000)
    arrived = arrested + draw.randrange(0, 40 * HOUR)
    brought = draw.choice(list(Brought))
    left = draw.randrange(arrested, arrived + 1) if brought is Brought.AFTER_ANOTHER_FORCE else None
    authorised = arrived + draw.randrange(0, 2 * HOUR)
    reviews = tuple(sorted(authorised + draw.randrange(0, 60 * HOUR) for _ in range(draw.randrange(5))))
    stays, at = [], arrived
    for _ in range(draw.randrange(4)):
        at += draw.randrange(0, 30 * HOUR)
        end = at + draw.randrange(1, 12 * HOUR)
        inside = sorted(draw.randrange(at, end + 1) for _ in range(2 * draw.randrange(3)))
        stays.append(((at, end), tuple(zip(inside[::2], inside[1::2], strict=True))))
        at = end
    issued = sorted(arrived + draw.randrange(0, 90 * HOUR) for _ in range(draw.randrange(3)))
    warrants = tuple((one, draw.randrange(1, 37)) for one in issued)
    return History(
        arrested, arrived, brought, left, authorised, reviews, tuple(stays), draw.random() < 0.5, warrants, at + HOUR,
        draw.randrange(arrested, arrived + 1),
    )  # fmt: skip


# The second working


def starts(history: History) -> int:
    if history.brought is Brought.GOES_ON:
        return history.ran_from
    if history.brought is Brought.CAME_FREELY:
        return history.arrested
    if history.brought is Brought.FOR_ANOTHER_FORCE:
        return history.arrived if history.arrived - history.arrested <= 24 * HOUR else history.arrested + 24 * HOUR
    if history.left is not None and history.arrived - history.left > 24 * HOUR:
        return history.left + 24 * HOUR
    return history.arrived


def counts(history: History, at: int) -> bool:
    for (out, back), asked in history.stays:
        if out <= at < back:
            return any(first <= at < last for first, last in asked)
    return True


def walked(history: History, start: int, hours: int) -> int:
    """The second at which so many hours have counted."""
    cuts = {edge for stay, asked in history.stays for span in (stay, *asked) for edge in span if edge > start}
    at, left = start, hours * HOUR
    for cut in sorted(cuts):
        if counts(history, at):
            if left <= cut - at:
                return at + left
            left -= cut - at
        at = cut
    return at + left


def ends(history: History) -> int:
    start = starts(history)
    limit = walked(history, start, 36 if history.extended else 24)
    ceiling = walked(history, start, 96)
    for issued, hours in history.warrants:
        limit = max(limit, min(walked(history, issued, hours), ceiling))
    return limit


def reviewed(history: History) -> int:
    at, gap = history.authorised, 6 * HOUR
    for held in history.reviews:
        at, gap = min(held, at + gap), 9 * HOUR
    return at + gap


# The rules, asked the same


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def span(pair: Seconds) -> Span:
    return Span(moment(pair[0]), moment(pair[1]))


def by_the_rules(history: History) -> tuple[int, int, int]:
    left = moment(history.left) if history.left is not None else None
    before = moment(history.ran_from)
    relevant = relevant_time(moment(history.arrested), moment(history.arrived), history.brought, left, before)
    limit = detention_limit(
        relevant,
        moment(history.now),
        relevant if history.extended else None,
        [FurtherDetention(moment(issued), hours) for issued, hours in history.warrants],
        [Absence(span(stay), tuple(map(span, asked))) for stay, asked in history.stays],
    )
    review = review_due(moment(history.authorised), list(map(moment, history.reviews)))
    return tuple(int(one.timestamp()) for one in (relevant, limit.due_at, review.due_at))  # type: ignore[return-value]


def differing(seed: int, number: int) -> list[History]:
    draw = Random(seed)  # noqa: S311
    drawn = (a_history(draw) for _ in range(number))
    return [one for one in drawn if by_the_rules(one) != (starts(one), ends(one), reviewed(one))]


def test_two_workings_agree_over_a_tenth_of_the_histories() -> None:
    assert differing(1984, A_TENTH) == []


@pytest.mark.long
def test_two_workings_agree_over_a_hundred_thousand_histories(evidence: Callable[..., None]) -> None:
    found = differing(2018, HISTORIES)
    evidence("the custody clocks, worked out twice", histories=HISTORIES, differ=len(found), seed=2018)
    assert found == []


# What must hold of any history

MOMENTS = st.datetimes(datetime(2017, 5, 1), datetime(2036, 12, 31), timezones=st.just(UTC))
MINUTES = st.integers(0, 23 * 60)


@given(MOMENTS, MINUTES, st.booleans())
def test_an_excluded_hour_moves_every_later_limit_by_exactly_one_hour(
    start: datetime, minutes: int, extended: bool
) -> None:
    out = start + timedelta(minutes=minutes)
    away = [Absence(Span(out, out + timedelta(hours=1)))]
    now = start + timedelta(hours=200)
    issued = [FurtherDetention(start + timedelta(hours=23))]
    for warrants in ([], issued):
        begun = extended or warrants
        without = detention_limit(start, now, start if begun else None, warrants).due_at
        moved = detention_limit(start, now, start if begun else None, warrants, away).due_at
        inside = not warrants or out >= issued[0].issued_at
        across = max(out + timedelta(hours=1) - issued[0].issued_at, timedelta())
        assert moved - without == (timedelta(hours=1) if inside else across)


@given(MOMENTS, st.lists(MINUTES, min_size=2, max_size=2), st.integers(0, 4000), st.integers(0, 4000))
def test_a_clock_never_moves_back(start: datetime, stay: list[int], first: int, second: int) -> None:
    """Somebody leaves for hospital and comes back, or does not: the limit seen later is never sooner."""
    out, back = (start + timedelta(minutes=one) for one in sorted(stay))
    seen = []
    for minutes in sorted((first, second)):
        now = start + timedelta(minutes=minutes)
        away = [Absence(Span(out, back if back <= now else None))] if out <= now else []
        seen.append(detention_limit(start, now, absences=away).due_at)
    assert seen[0] <= seen[1]


def test_a_warrant_issued_while_they_are_in_hospital_waits_for_their_return() -> None:
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)
    stay = Absence(Span(start + timedelta(hours=10), start + timedelta(hours=30)))
    issued = FurtherDetention(start + timedelta(hours=20), 36)
    limit = detention_limit(start, start + timedelta(hours=40), start, [issued], [stay])
    assert limit.due_at == start + timedelta(hours=66)


def test_time_that_runs_out_under_questions_in_hospital_is_not_given_back_after_them() -> None:
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)
    away = Span(start + timedelta(hours=23), start + timedelta(hours=30))
    asked = Span(start + timedelta(hours=24), start + timedelta(hours=26))
    limit = detention_limit(start, start + timedelta(hours=40), absences=[Absence(away, (asked,))])
    assert limit.due_at == start + timedelta(hours=25)


@pytest.mark.parametrize(
    ("left", "arrived", "relevant"),
    [(0, 3, 3), (0, 24, 24), (0, 30, 24), (10, 30, 30)],
    ids=["soon", "a-day", "more-than-a-day", "left-later"],
)
def test_a_transfer_between_forces_starts_the_clock_of_the_second_offence(
    left: int, arrived: int, relevant: int
) -> None:
    arrest = datetime(2026, 10, 24, 18, tzinfo=UTC)
    hours = [arrest + timedelta(hours=one) for one in (left, arrived, relevant)]
    assert relevant_time(arrest, hours[1], Brought.AFTER_ANOTHER_FORCE, hours[0]) == hours[2]


def test_a_transfer_needs_the_time_of_leaving() -> None:
    arrest = datetime(2026, 10, 24, 18, tzinfo=UTC)
    with pytest.raises(ValueError, match="departure"):
        relevant_time(arrest, arrest, Brought.AFTER_ANOTHER_FORCE)


@pytest.mark.parametrize(
    ("rests", "due"),
    [([], 24), ([(10, 18)], 42), ([(10, 17)], 24), ([(2, 10), (20, 28)], 52)],
    ids=["none", "eight-hours", "seven-hours", "two"],
)
def test_only_eight_hours_without_a_break_are_a_rest(rests: list[Seconds], due: int) -> None:
    arrived = datetime(2026, 3, 28, 20, tzinfo=UTC)
    had = [Span(*(arrived + timedelta(hours=hour) for hour in pair)) for pair in rests]
    assert rest_due(arrived, had).due_at == arrived + timedelta(hours=due)
