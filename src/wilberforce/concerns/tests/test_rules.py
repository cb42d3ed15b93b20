import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.concerns.lists import INDICATORS, LANGUAGES, PREMISES
from wilberforce.concerns.rules import (
    READ_WITHIN,
    URGENT_INDICATORS,
    AgeClass,
    Identity,
    Override,
    Priority,
    Told,
    may_ask_for_contact,
    may_pass_on_identity,
    not_covered,
    priority,
    telling_words,
)

SAID_BY_OFFICERS = (
    "forced to work in factories, car washes, the sex industry",
    "little or no money",
    "sub-standard living conditions",
    "passports and other documents taken, so no way of escaping",
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Told(danger_now=True, youngest=AgeClass.CHILD), Priority.DANGER_NOW),
        (Told(youngest=AgeClass.CHILD), Priority.CHILD),
        (Told(youngest=AgeClass.NOT_SURE), Priority.CHILD),
        (Told(youngest=AgeClass.ADULT, indicators=frozenset({"held"})), Priority.HELD_OR_HURT),
        (Told(moving_soon=True), Priority.TIME_CRITICAL),
        (Told(indicators=frozenset({"little-pay"})), Priority.ORDINARY),
        (Told(), Priority.ORDINARY),
    ],
)
def test_danger_comes_first_then_a_child(told: Told, expected: Priority) -> None:
    assert priority(told) is expected


@given(
    st.builds(
        Told,
        st.booleans(),
        st.sampled_from([None, *AgeClass]),
        st.frozensets(st.sampled_from([*INDICATORS])),
        st.booleans(),
    )
)
def test_danger_now_never_makes_a_report_wait_longer(told: Told) -> None:
    urgent = Told(True, told.youngest, told.indicators, told.moving_soon)
    assert READ_WITHIN[priority(urgent)] <= READ_WITHIN[priority(told)]


@pytest.mark.parametrize(
    ("choice", "overrides", "reason", "passed"),
    [
        (Identity.SHARE, [], "", True),
        (Identity.CONFIDENTIAL, [], "a reason", False),
        (Identity.CONFIDENTIAL, [Override.IMMINENT_DANGER], "threat to life tonight", True),
        (Identity.CONFIDENTIAL, [Override.CHILD_AT_RISK], " ", False),
        (Identity.ANONYMOUS, [Override.CHILD_AT_RISK], "a child", False),
    ],
)
def test_who_may_know_who_told_us(choice: Identity, overrides: list[Override], reason: str, passed: bool) -> None:
    assert may_pass_on_identity(choice, overrides, reason) is passed


def test_an_anonymous_reporter_is_never_asked_for_contact() -> None:
    assert [may_ask_for_contact(choice) for choice in Identity] == [True, True, False]


def test_the_checklist_covers_each_thing_that_officers_see() -> None:
    covers = [indicator.covers for indicator in INDICATORS.values()]
    assert not_covered(SAID_BY_OFFICERS, covers) == ()
    assert not_covered(["kept in a cellar"], covers) == ("kept in a cellar",)


@pytest.mark.parametrize("work", ["factories", "car washes", "the sex industry"])
def test_each_kind_of_forced_work_has_its_own_box(work: str) -> None:
    assert sum(work in indicator.covers for indicator in INDICATORS.values()) == 1


def test_the_lists_hold_what_the_desk_needs() -> None:
    assert INDICATORS.keys() >= URGENT_INDICATORS
    assert {"flat", "suspected-brothel", "factory", "car-wash"} <= PREMISES.keys()
    assert {"ti", "vi", "sq", "ro", "ckb", "und"} <= LANGUAGES.keys()
    assert all(indicator.question.endswith("?") and indicator.source for indicator in INDICATORS.values())


def test_names_numbers_and_addresses_tell_and_everyday_words_do_not() -> None:
    assert telling_words("Wilhelmina, 07700 900123, call after work") == {"wilhelmina", "07700", "900123"}
    assert telling_words("thornbush.w@example.org") == {"thornbush"}
    assert telling_words("ኣብርሃለይ") == {"ኣብርሃለይ"}
