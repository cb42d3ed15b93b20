from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.base.lawrule import NoRuleInForce
from wilberforce.deadlines.rules import LONDON, clock_time
from wilberforce.sharing.rules import (
    LOGGING,
    Agreement,
    Basis,
    Disclosure,
    Standing,
    breach_due,
    covers,
    data_protection_law,
    faults,
    is_live,
    may_read,
    standing,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("on", "law"),
    [
        ("2018-04-17", ("Data Protection Act 1998",)),
        ("2018-05-24", ("Data Protection Act 1998",)),
        ("2018-05-25", ("GDPR", "Data Protection Act 2018")),
        ("2021-01-01", ("UK GDPR", "Data Protection Act 2018")),
    ],
)
def test_there_was_no_act_of_2018_on_the_day(on: str, law: tuple[str, ...]) -> None:
    assert data_protection_law(date.fromisoformat(on)) == law
    assert LOGGING.holds(date.fromisoformat(on)) is ("Data Protection Act 2018" in law)


def test_a_breach_is_told_within_72_real_hours_and_no_rule_said_so_before() -> None:
    assert clock_time(breach_due(at("2026-10-24T12:00")).due_at) == "11:00 on 27 October 2026"
    with pytest.raises(NoRuleInForce):
        breach_due(at("2018-04-17T12:00"))


AGREED = Agreement(date(2018, 4, 17), date(2018, 6, 30), frozenset({"person_ref"}), frozenset({"reception"}))


@pytest.mark.parametrize(
    ("moment", "live"),
    [
        ("2018-04-16T23:59:59", False),
        ("2018-04-17T00:00:00", True),
        ("2018-06-30T23:59:59", True),
        ("2018-07-01T00:00:00", False),
    ],
)
def test_an_agreement_lives_from_midnight_to_midnight_in_london(moment: str, live: bool) -> None:
    assert is_live(AGREED, at(moment)) is live


def test_an_agreement_that_was_ended_stops_at_that_moment() -> None:
    ended = replace(AGREED, ended_at=at("2018-05-01T12:00"))
    assert is_live(ended, at("2018-05-01T11:59"))
    assert not is_live(ended, at("2018-05-01T12:00"))


def test_an_agreement_covers_its_own_classes_and_purposes() -> None:
    noon = at("2018-04-17T12:00")
    assert covers(AGREED, "person_ref", "reception", noon)
    assert not covers(AGREED, "identity", "reception", noon)
    assert not covers(AGREED, "person_ref", "statistics", noon)


ASKED = at("2018-04-17T12:00")
NOW = ASKED + timedelta(hours=5)
SENT = Disclosure(
    Basis.CONSENT,
    "worker",
    fields=frozenset({"languages"}),
    asked_at=ASKED,
    approver="guardian",
    approved_at=ASKED + timedelta(hours=1),
    sent_at=ASKED + timedelta(hours=2),
)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-1, Standing.DRAFT), (0, Standing.ASKED), (1, Standing.APPROVED), (2, Standing.SENT), (3, Standing.RECEIVED)],
)
def test_a_disclosure_stands_where_its_dates_put_it(hours: int, expected: Standing) -> None:
    received = replace(SENT, received_at=ASKED + timedelta(hours=3))
    assert standing(received, ASKED + timedelta(hours=hours)) is expected


@pytest.mark.parametrize(
    ("basis", "expected"),
    [(Basis.CONSENT, Standing.WITHDRAWN), (Basis.STATUTE, Standing.SENT), (Basis.OVERRIDE, Standing.SENT)],
)
def test_withdrawal_stops_the_next_read_where_consent_was_the_basis(basis: Basis, expected: Standing) -> None:
    withdrawn = replace(SENT, basis=basis, basis_text="Care Act 2014 s.45", withdrawn_at=NOW)
    assert may_read(withdrawn, "languages", NOW - timedelta(microseconds=1))
    assert standing(withdrawn, NOW) is expected


def test_only_the_named_fields_are_read() -> None:
    assert may_read(SENT, "languages", NOW)
    assert not may_read(SENT, "name", NOW)


@given(st.sampled_from(Basis), st.sampled_from(["recalled_at", "refused_at", "expires_at"]))
def test_what_was_stopped_is_never_read(basis: Basis, stop: str) -> None:
    stopped = replace(SENT, basis=basis, received_at=NOW, **{stop: NOW})  # type: ignore[arg-type]
    assert not may_read(stopped, "languages", NOW)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, ""),
        ({"fields": frozenset()}, "Name the fields"),
        ({"basis": Basis.STATUTE}, "Name the statute"),
        ({"approved_at": None}, "second person"),
        ({"approver": "worker"}, "cannot approve"),
        ({"withdrawn_at": ASKED}, "consent was withdrawn"),
    ],
)
def test_why_a_disclosure_may_not_be_sent(change: dict[str, object], says: str) -> None:
    found = faults(replace(SENT, sent_at=None, **change), AGREED, NOW)  # type: ignore[arg-type]
    assert says in found[0] if says else found == ()


def test_without_a_live_agreement_nothing_is_sent() -> None:
    assert faults(SENT, None, NOW) == ("There is no live agreement with the recipient today.",)
    assert faults(SENT, AGREED, at("2018-07-01T00:00")) == ("There is no live agreement with the recipient today.",)
