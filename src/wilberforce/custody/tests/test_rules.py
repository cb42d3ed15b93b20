"""The custody clocks, bail by the law of the day, and what is known of the two men."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.base.lawrule import NoRuleInForce
from wilberforce.custody.lists import OFFENCES, offences_on
from wilberforce.custody.rules import (
    Absence,
    AgesKnown,
    Authority,
    BailCase,
    Brought,
    FurtherDetention,
    Span,
    bail_end,
    check_age,
    detention_limit,
    relevant_time,
    review_due,
    superintendent_may_extend,
)
from wilberforce.deadlines.rules import LONDON, clock_time

MOMENTS = st.datetimes(datetime(2017, 5, 1), datetime(2036, 12, 31), timezones=st.just(UTC))
TODAY = date(2026, 11, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


ARRESTED, ARRIVED, AUTHORISED = at("2018-04-17T06:10"), at("2018-04-17T06:35"), at("2018-04-17T06:40")


def test_the_first_review_says_its_sum() -> None:
    due = review_due(AUTHORISED)
    assert clock_time(due.due_at) == "12:40 on 17 April 2018"
    assert due.calculation == "authorised 06:40 on 17 April 2018, first review within 6 hours: PACE 1984 s.40(3)(a)"


@pytest.mark.parametrize(
    ("reviews", "due"),
    [
        ([], "12:40 on 17 April 2018"),
        (["2018-04-17T12:40"], "21:40 on 17 April 2018"),
        (["2018-04-17T10:00"], "19:00 on 17 April 2018"),  # early: the next follows it
        (["2018-04-17T14:40"], "21:40 on 17 April 2018"),  # postponed: the next does not move
        (["2018-04-17T14:40", "2018-04-17T21:40"], "06:40 on 18 April 2018"),
    ],
)
def test_reviews_are_due_after_six_then_nine_then_nine_hours(reviews: list[str], due: str) -> None:
    assert clock_time(review_due(AUTHORISED, [at(one) for one in reviews]).due_at) == due


@pytest.mark.parametrize(
    ("authorised", "due"),
    [
        ("2018-03-24T22:00", "05:00 BST on 25 March 2018"),
        ("2018-10-27T22:00", "03:00 GMT on 28 October 2018"),
        ("2026-03-28T22:00", "05:00 BST on 29 March 2026"),
        ("2026-10-24T22:00", "03:00 GMT on 25 October 2026"),
    ],
)
def test_a_review_counts_real_hours_over_a_clock_change(authorised: str, due: str) -> None:
    assert clock_time(review_due(at(authorised)).due_at) == due


def test_a_review_before_detention_was_authorised_is_refused() -> None:
    with pytest.raises(ValueError, match="before detention"):
        review_due(AUTHORISED, [at("2018-04-17T06:00")])


@given(MOMENTS, st.lists(st.integers(0, 6000), max_size=12))
def test_a_review_is_never_due_more_than_nine_hours_after_the_one_before(start: datetime, minutes: list[int]) -> None:
    reviews = sorted(start + timedelta(minutes=one) for one in minutes)
    dues = [review_due(start, reviews[:count]).due_at for count in range(len(reviews) + 1)]
    assert dues[0] == start + timedelta(hours=6)
    for before, held, after in zip(dues, reviews, dues[1:], strict=False):
        assert after == min(before, held) + timedelta(hours=9)


@pytest.mark.parametrize(
    ("brought", "arrived", "relevant"),
    [
        (Brought.TAKEN_AFTER_ARREST, "2018-04-17T06:35", "2018-04-17T06:35"),
        (Brought.TAKEN_AFTER_ARREST, "2018-04-19T06:35", "2018-04-19T06:35"),  # by way of a hospital
        (Brought.CAME_FREELY, "2018-04-17T06:35", "2018-04-17T06:10"),
        (Brought.FOR_ANOTHER_FORCE, "2018-04-17T08:00", "2018-04-17T08:00"),
        (Brought.FOR_ANOTHER_FORCE, "2018-04-18T09:00", "2018-04-18T06:10"),
    ],
)
def test_how_a_man_was_brought_decides_the_relevant_time(brought: Brought, arrived: str, relevant: str) -> None:
    assert relevant_time(ARRESTED, at(arrived), brought) == at(relevant)


def test_nobody_arrives_before_the_arrest() -> None:
    with pytest.raises(ValueError, match="before the arrest"):
        relevant_time(ARRESTED, at("2018-04-17T06:00"))


NOON_NEXT_DAY = at("2018-04-18T12:00")


@pytest.mark.parametrize(
    ("extended", "warrants", "limit"),
    [
        (None, [], "06:35 on 18 April 2018"),
        ("2018-04-18T05:00", [], "18:35 on 18 April 2018"),
        ("2018-04-18T05:00", [("2018-04-18T16:00", 36)], "04:00 on 20 April 2018"),  # from issue, not from the 36 hours
        (None, [("2018-04-17T10:00", 12)], "06:35 on 18 April 2018"),  # early: the 24 hours that stand are kept
        (None, [("2018-04-17T18:35", 12)], "06:35 on 18 April 2018"),
        (None, [("2018-04-17T18:36", 12)], "06:36 on 18 April 2018"),
        ("2018-04-18T05:00", [("2018-04-18T05:30", 12)], "18:35 on 18 April 2018"),  # so are the 36
        ("2018-04-18T05:00", [("2018-04-18T16:00", 36), ("2018-04-18T17:00", 6)], "04:00 on 20 April 2018"),
        ("2018-04-18T05:00", [("2018-04-18T16:00", 36), ("2018-04-20T03:00", 24)], "03:00 on 21 April 2018"),
        (
            "2018-04-18T05:00",
            [("2018-04-18T18:00", 36), ("2018-04-20T05:00", 36)],
            "06:35 on 21 April 2018",
        ),  # 96 hours
    ],
)
def test_detention_ends_at_24_then_36_hours_then_as_the_court_says(
    extended: str | None, warrants: list[tuple[str, int]], limit: str
) -> None:
    issued = [FurtherDetention(at(when), hours) for when, hours in warrants]
    end = detention_limit(ARRIVED, NOON_NEXT_DAY, at(extended) if extended else None, issued)
    assert clock_time(end.due_at) == limit


def test_a_warrant_that_ends_first_says_so_beside_the_limit_that_stands() -> None:
    end = detention_limit(ARRIVED, NOON_NEXT_DAY, warrants=[FurtherDetention(at("2018-04-17T10:00"), 12)])
    assert end.rule.name == "detention without charge"
    assert "ends earlier, 22:00 on 17 April 2018, and shortens nothing (PACE 1984 s.43(12), (16) and (18))" in (
        end.calculation
    )


@given(MOMENTS, st.booleans(), st.lists(st.tuples(st.integers(0, 35), st.integers(1, 36)), max_size=3))
def test_a_court_never_shortens_what_stands(start: datetime, extended: bool, issued: list[tuple[int, int]]) -> None:
    begun = start if extended else None
    warrants = [FurtherDetention(start + timedelta(hours=when), hours) for when, hours in sorted(issued)]
    limits = [detention_limit(start, start, begun, warrants[:count]).due_at for count in range(len(warrants) + 1)]
    assert limits == sorted(limits)


def test_time_in_hospital_does_not_count_unless_questioned_there() -> None:
    stay = Span(at("2018-04-17T10:00"), at("2018-04-17T14:00"))
    asked = Span(at("2018-04-17T13:00"), at("2018-04-17T13:30"))
    assert detention_limit(ARRIVED, NOON_NEXT_DAY, absences=[Absence(stay)]).due_at == at("2018-04-18T10:35")
    end = detention_limit(ARRIVED, NOON_NEXT_DAY, absences=[Absence(stay, (asked,))])
    assert end.due_at == at("2018-04-18T10:05")
    assert "3 h 30 min away" in end.calculation


def test_while_he_is_still_in_hospital_the_limit_moves_on() -> None:
    away = [Absence(Span(at("2018-04-17T10:00")))]
    first = detention_limit(ARRIVED, at("2018-04-17T12:00"), absences=away).due_at
    assert detention_limit(ARRIVED, at("2018-04-17T13:00"), absences=away).due_at - first == timedelta(hours=1)


def test_hospital_after_the_time_ran_out_gives_nothing_back() -> None:
    late = [Absence(Span(at("2018-04-18T07:00"), at("2018-04-18T09:00")))]
    assert detention_limit(ARRIVED, NOON_NEXT_DAY, absences=late).due_at == at("2018-04-18T06:35")


@given(MOMENTS, st.booleans(), st.lists(st.integers(1, 36), max_size=6))
def test_nobody_is_held_for_more_than_96_hours(start: datetime, extended: bool, hours: list[int]) -> None:
    issued, when = [], start + timedelta(hours=20)
    for one in hours:
        issued.append(FurtherDetention(when, one))
        when += timedelta(hours=one)
    end = detention_limit(start, start, start + timedelta(hours=20) if extended else None, issued)
    assert end.due_at <= start + timedelta(hours=96)


@pytest.mark.parametrize(
    ("when", "reviews", "indictable", "allowed"),
    [
        ("2018-04-18T05:00", 2, True, True),
        ("2018-04-18T05:00", 1, True, False),
        ("2018-04-18T06:35", 2, True, True),
        ("2018-04-18T06:36", 2, True, False),
        ("2018-04-18T05:00", 2, False, False),
    ],
)
def test_a_superintendent_extends_after_the_second_review_and_before_24_hours(
    when: str, reviews: int, indictable: bool, allowed: bool
) -> None:
    held = [at("2018-04-17T12:30"), at("2018-04-17T21:20")][:reviews]
    assert superintendent_may_extend(at(when), ARRIVED, held, indictable).allowed is allowed


@pytest.mark.parametrize(
    ("arrested", "authority", "case", "last_day"),
    [
        ("2017-04-02T23:59", Authority.FIRST, BailCase.STANDARD, None),
        ("2017-04-03T00:00", Authority.FIRST, BailCase.STANDARD, "2017-05-01"),
        ("2018-04-17T06:10", Authority.FIRST, BailCase.STANDARD, "2018-05-15"),
        ("2018-04-17T06:10", Authority.SUPERINTENDENT, BailCase.STANDARD, "2018-07-17"),
        ("2022-10-27T23:59", Authority.FIRST, BailCase.STANDARD, "2022-11-24"),
        ("2022-10-28T00:00", Authority.FIRST, BailCase.STANDARD, "2023-01-28"),
        ("2026-11-22T12:00", Authority.FIRST, BailCase.STANDARD, "2027-02-22"),
        ("2026-11-22T12:00", Authority.INSPECTOR, BailCase.STANDARD, "2027-05-22"),
        ("2026-11-22T12:00", Authority.SUPERINTENDENT, BailCase.STANDARD, "2027-08-22"),
        ("2026-11-22T12:00", Authority.FIRST, BailCase.SPECIAL, "2027-05-22"),
        ("2026-11-22T12:00", Authority.SENIOR_OFFICIAL, BailCase.SPECIAL, "2027-11-22"),
        ("2026-11-29T12:00", Authority.FIRST, BailCase.STANDARD, "2027-02-28"),
    ],
)
def test_bail_by_the_law_of_the_day_of_arrest(
    arrested: str, authority: Authority, case: BailCase, last_day: str | None
) -> None:
    assert bail_end(at(arrested), authority, case).last_day == (date.fromisoformat(last_day) if last_day else None)


def test_the_arrest_of_2018_under_today_s_law_would_give_three_months() -> None:
    assert bail_end(ARRESTED).last_day == date(2018, 5, 15)
    assert bail_end(ARRESTED, law_of=TODAY).last_day == date(2018, 7, 17)


def test_an_authority_that_the_law_of_the_day_did_not_know_has_no_rule() -> None:
    with pytest.raises(NoRuleInForce):
        bail_end(ARRESTED, Authority.INSPECTOR)


def test_two_ages_are_kept_without_saying_which_man_is_which() -> None:
    men = AgesKnown(("first man", "second man"), (32, 27))
    assert str(men) == "aged 32 and 27"
    assert men.possible("first man") == {32, 27}
    assert men.known("first man") is None
    first, rest = men.settle("first man", 27)
    assert (first.known("first man"), rest.known("second man")) == (27, 32)


@pytest.mark.parametrize(
    ("people", "ages"), [(("a", "a"), (32, 27)), (("a", "b"), (32,)), (("a", "b"), (32, 200)), (("a",), (9,))]
)
def test_ages_that_cannot_be_are_refused(people: tuple[str, ...], ages: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"person|age"):
        AgesKnown(people, ages)


def test_two_men_of_one_age_are_known() -> None:
    assert AgesKnown(("a", "b"), (30, 30)).known("a") == 30


@pytest.mark.parametrize("age", [-1, 9, 121, 200])
def test_an_age_of_200_is_refused(age: int) -> None:
    with pytest.raises(ValueError, match="between 10 and 120"):
        check_age(age)


def test_the_offence_of_the_day_is_a_conspiracy_to_traffic() -> None:
    conspiracy = OFFENCES["conspiracy-msa-2"]
    assert conspiracy.citation == "Criminal Law Act 1977 s.1(1), with Modern Slavery Act 2015 s.2"
    assert conspiracy.conspiracy_to == "msa-2"
    assert conspiracy.maximum == OFFENCES["msa-2"].maximum == "life"
    assert conspiracy in offences_on(date(2018, 4, 17))


@pytest.mark.parametrize(
    ("day", "law", "not_law"),
    [("2015-07-30", "soa-59a", "msa-2"), ("2015-07-31", "msa-2", "soa-59a"), ("2022-06-28", "ia-25", "ia-25-old")],
)
def test_only_the_offences_of_that_day_are_offered(day: str, law: str, not_law: str) -> None:
    codes = {offence.code for offence in offences_on(date.fromisoformat(day))}
    assert law in codes
    assert not_law not in codes


def test_every_offence_names_its_source() -> None:
    assert all(offence.source and offence.maximum for offence in OFFENCES.values())
    assert all(one.conspiracy_to in OFFENCES for one in OFFENCES.values() if one.conspiracy_to)
