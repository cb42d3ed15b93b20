"""No count under five can be worked out from anything that is shown, and no quarter is asked twice."""

from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest
from django.db import connection

from wilberforce.statistics import rules

SMALL = range(5)


@pytest.mark.parametrize(("count", "shown"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_a_small_count_is_hidden_and_every_other_is_rounded(count: int, shown: int | None) -> None:
    assert rules.shown(count) == shown


@pytest.mark.django_db
def test_the_database_hides_and_rounds_as_the_rule_says() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, statistics_shown(n) FROM generate_series(0, 2000) n")
        assert all(shown == rules.shown(count) for count, shown in cursor.fetchall())


def test_from_a_total_and_a_part_of_it_nobody_works_out_a_small_part_or_a_small_rest() -> None:
    """The attacker knows every rule, both figures, and that a part is never larger than its whole."""
    worlds: dict[tuple[int | None, int | None], list[tuple[int, int]]] = defaultdict(list)
    for whole in range(rules.FEWEST.value, 63):
        for part in range(whole + 1):
            worlds[rules.shown(whole), rules.shown(part)].append((part, whole - part))
    for possible in worlds.values():
        for small in range(2):
            values = {world[small] for world in possible}
            if values & set(SMALL):
                assert max(values) - min(values) >= 4, "at least five possible answers"


def test_figures_that_are_added_up_across_quarters_show_no_small_one() -> None:
    """Four quarters and nothing beside them: there is no figure of the year to subtract them from."""
    for count in SMALL:
        assert rules.shown(count) is None
    assert {question.code for question in rules.QUESTIONS}.isdisjoint({"year", "total"})


@pytest.mark.parametrize(
    ("starts", "today", "may"),
    [
        (date(2026, 7, 1), date(2026, 10, 28), False),
        (date(2026, 7, 1), date(2026, 10, 29), True),
        (date(2026, 10, 1), date(2027, 1, 28), False),
        (date(2026, 10, 1), date(2027, 1, 29), True),
        (date(2026, 8, 1), date(2027, 1, 29), False),
    ],
)
def test_a_quarter_is_drawn_up_when_late_records_are_in(starts: date, today: date, may: bool) -> None:
    assert rules.may_be_drawn_up(starts, today) is may


def test_quarters_follow_one_another() -> None:
    found = list(rules.quarters_over(date(2026, 11, 24)))
    assert found[0] == date(2026, 7, 1)
    assert all(rules.next_quarter(earlier) == later for later, earlier in pairwise(found))
    assert rules.in_words(date(2026, 10, 1)) == "October to December 2026"
