from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.base.lawrule import NoRuleInForce, Rule, all_rules, in_force

CHECKED = date(2026, 11, 23)
CHANGE = date(2022, 12, 13)
RECOVERY = (
    Rule("recovery", 45, "old law", CHECKED, valid_to=CHANGE - timedelta(days=1)),
    Rule("recovery", 30, "new law", CHECKED, valid_from=CHANGE),
)


@pytest.mark.parametrize(
    ("on", "days"), [(date(2018, 4, 17), 45), (date(2022, 12, 12), 45), (CHANGE, 30), (date(2026, 11, 23), 30)]
)
def test_a_case_is_judged_by_the_rule_of_its_own_day(on: date, days: int) -> None:
    assert in_force(RECOVERY, on).value == days


def test_a_day_without_law_is_said_and_not_guessed() -> None:
    with pytest.raises(NoRuleInForce, match="17 April 2018"):
        in_force(RECOVERY[1:], date(2018, 4, 17))


def test_two_rules_for_one_day_are_a_mistake_in_the_list() -> None:
    with pytest.raises(ValueError, match="2 rules hold"):
        in_force((*RECOVERY, RECOVERY[1]), date(2026, 1, 1))


def test_a_rule_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="source"):
        Rule("opinion", 1, "", CHECKED)


def test_a_rule_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before the first"):
        Rule("backwards", 1, "law", CHECKED, CHANGE, CHANGE - timedelta(days=1))


@given(st.dates())
def test_exactly_one_version_holds_on_any_day(on: date) -> None:
    assert in_force(RECOVERY, on).holds(on)


def test_every_rule_of_the_house_names_its_source_and_the_day_it_was_checked() -> None:
    rules = all_rules()
    assert {"custody", "referrals", "press", "deadlines", "survivors"} <= rules.keys()
    for rule in (rule for app in rules.values() for rule in app):
        assert rule.source.strip()
        assert rule.checked_on >= date(2026, 11, 23)
