from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.rules import LONDON
from wilberforce.survivors.lists import NEEDS
from wilberforce.survivors.rules import (
    Answer,
    Care,
    Consent,
    Held,
    Role,
    age_on,
    blocks,
    both_victim_and_suspect,
    consent_needed,
    is_open,
    may_become,
    roles_at,
)

MORNING = datetime(2018, 4, 17, 7, 40, tzinfo=LONDON)


def test_not_sure_counts_as_a_child() -> None:
    assert {age for age in AgeClass if age.counts_as_child} == {AgeClass.CHILD, AgeClass.NOT_SURE}


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2000-04-17", "2018-04-16", 17),
        ("2000-04-17", "2018-04-17", 18),
        ("2000-02-29", "2018-02-28", 17),
        ("2000-02-29", "2018-03-01", 18),
    ],
)
def test_a_person_is_eighteen_from_the_birthday(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


ALLOWED = {
    ("not asked", "asked"),
    ("asked", "not now"),
    ("asked", "declined"),
    ("asked", "given"),
    ("not now", "asked"),
    ("not now", "declined"),
    ("not now", "given"),
    ("declined", "asked"),
    ("declined", "given"),
    ("given", "withdrawn"),
    ("withdrawn", "asked"),
    ("withdrawn", "given"),
}


@pytest.mark.parametrize("current", Answer)
@pytest.mark.parametrize("following", Answer)
def test_an_answer_changes_only_as_a_person_changes_their_mind(current: Answer, following: Answer) -> None:
    assert may_become(current, following) is ((current, following) in ALLOWED)


def test_not_now_is_not_a_refusal() -> None:
    assert {answer for answer in Answer if is_open(answer)} == {Answer.NOT_ASKED, Answer.ASKED, Answer.NOT_NOW}


@pytest.mark.parametrize("consent", Consent)
def test_only_a_yes_opens_what_needs_consent(consent: Consent) -> None:
    assert [answer for answer in Answer if not blocks(consent, answer)] == [Answer.GIVEN]


@pytest.mark.parametrize("age", AgeClass)
def test_a_child_is_referred_without_being_asked_and_an_adult_never(age: AgeClass) -> None:
    assert consent_needed(Consent.NRM, age) is (age is AgeClass.ADULT)
    assert consent_needed(Consent.CONTACT_PHONE, age)


@given(st.sampled_from(Consent), st.sampled_from(Answer))
def test_what_is_blocked_never_names_care(consent: Consent, answer: Answer) -> None:
    assert not any(care in blocks(consent, answer) for care in Care)


def test_roles_are_kept_apart_over_time() -> None:
    later = MORNING + timedelta(hours=6)
    history = [Held(Role.SUSPECT, MORNING, later), Held(Role.POTENTIAL_VICTIM, later)]
    assert roles_at(history, MORNING) == {Role.SUSPECT}
    assert roles_at(history, later) == {Role.POTENTIAL_VICTIM}
    assert roles_at(history, MORNING - timedelta(seconds=1)) == frozenset()


def test_a_person_may_be_victim_and_suspect_at_once() -> None:
    history = [Held(Role.SUSPECT, MORNING), Held(Role.POTENTIAL_VICTIM, MORNING)]
    assert both_victim_and_suspect(history, MORNING)
    assert not both_victim_and_suspect(history[1:], MORNING)


def test_a_role_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Held(Role.WITNESS, MORNING, MORNING - timedelta(minutes=1))


def test_a_need_says_what_and_never_why() -> None:
    assert {"interpreter", "first-aid", "clothing", "safe-call"} <= NEEDS.keys()
