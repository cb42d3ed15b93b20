"""Every rule that anything can fall due by has a case: which law of which day, and until when. Times are London's."""

from datetime import datetime

import pytest

from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.lists import all_deadlines
from wilberforce.deadlines.rules import ESCALATION, LONDON, Nation, Unit, Weight, clock_time, reckon

CASES = {
    ("triage", 0): ("2026-11-20T15:00", "15:00 on 22 November 2026"),
    ("report-added", 0): ("2026-11-20T15:00", "15:00 on 22 November 2026"),
    ("review", 0): ("2026-11-20T15:00", "21:00 on 20 November 2026"),
    ("release-now", 0): ("2026-11-20T15:00", "15:15 on 20 November 2026"),
    ("custody-transfer", 0): ("2026-11-20T15:00", "19:00 on 20 November 2026"),
    ("detention", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("custody-rest", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("bail", 0): ("2022-10-27T15:00", "23:59 on 23 November 2022"),
    ("bail", 1): ("2026-11-20T15:00", "23:59 on 19 February 2027"),
    ("custody-time-limit", 0): ("2026-11-20T15:00", "23:59 on 20 May 2027"),
    ("indictment-time-limit", 0): ("2026-11-20T15:00", "23:59 on 11 March 2027"),
    ("summary-time-limit", 0): ("2026-11-20T15:00", "23:59 on 14 January 2027"),
    ("order-address", 0): ("2026-11-20T15:00", "23:59 on 22 November 2026"),
    ("prevention-order", 0): ("2026-11-20T15:00", "23:59 on 19 November 2031"),
    ("risk-order", 0): ("2026-11-20T15:00", "23:59 on 19 November 2028"),
    ("record-review", 0): ("2026-11-20T15:00", "23:59 on 19 November 2036"),
    ("warrant", 0): ("2005-12-31T15:00", "23:59 on 31 January 2006"),
    ("warrant", 1): ("2026-11-20T15:00", "23:59 on 20 February 2027"),
    ("warrant-return", 0): ("2026-11-20T15:00", "23:59 on 27 November 2026"),
    ("follow-up", 0): ("2026-11-20T15:00", "23:59 on 25 November 2026"),
    ("care-time", 0): ("2026-11-20T15:00", "03:00 on 21 November 2026"),
    ("decision-review", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("rest", 0): ("2026-11-20T15:00", "23:00 on 20 November 2026"),
    ("missing-child", 0): ("2026-11-20T15:00", "15:00 on 23 November 2026"),
    ("council-answer", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("child-conference", 0): ("2026-11-20T15:00", "23:59 on 11 December 2026"),
    ("police-protection", 0): ("2026-11-20T15:00", "15:00 on 23 November 2026"),
    ("stay", 0): ("2026-11-20T15:00", "23:59 on 25 November 2026"),
    ("referral-duty", 0): ("2026-11-20T15:00", "23:59 on 24 November 2026"),
    ("reasonable-grounds", 0): ("2026-11-20T15:00", "23:59 on 27 November 2026"),
    ("recovery", 0): ("2022-12-12T15:00", "23:59 on 26 January 2023"),
    ("recovery", 1): ("2026-11-20T15:00", "23:59 on 20 December 2026"),
    ("reconsideration", 0): ("2024-07-07T15:00", "23:59 on 7 October 2024"),
    ("reconsideration", 1): ("2026-11-20T15:00", "23:59 on 20 December 2026"),
    ("exit-support", 0): ("2019-01-31T15:00", "23:59 on 4 February 2019"),
    ("exit-support", 1): ("2026-11-20T15:00", "23:59 on 3 December 2026"),
    ("move-on", 0): ("2019-01-31T15:00", "23:59 on 14 February 2019"),
    ("move-on", 1): ("2026-11-20T15:00", "23:59 on 4 January 2027"),
    ("provider-contact", 0): ("2026-11-20T15:00", "15:00 on 22 November 2026"),
    ("portal-warning", 0): ("2026-11-20T15:00", "23:59 on 11 December 2026"),
    ("portal-deleted", 0): ("2026-11-20T15:00", "23:59 on 18 December 2026"),
    ("portal-idle", 0): ("2026-11-20T15:00", "16:00 on 20 November 2026"),
    ("portal-link", 0): ("2026-11-20T15:00", "15:30 on 20 November 2026"),
    ("turns-eighteen", 0): ("2026-11-20T15:00", "23:59 on 20 November 2044"),
    ("crime-recorded", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("canary", 0): ("2026-11-20T15:00", "16:00 on 20 November 2026"),
    ("emergency-review", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("breach", 0): ("2026-11-20T15:00", "15:00 on 23 November 2026"),
    ("breach-partner", 0): ("2026-11-20T15:00", "15:00 on 21 November 2026"),
    ("access-request", 0): ("2018-05-24T15:00", "23:59 on 3 July 2018"),
    ("access-request", 1): ("2026-11-20T15:00", "23:59 on 20 December 2026"),
    ("pack", 0): ("2026-11-20T15:00", "23:59 on 4 December 2026"),
    ("agreement-review", 0): ("2026-11-20T15:00", "23:59 on 20 November 2028"),
    ("withdrawal-told", 0): ("2026-11-20T15:00", "23:59 on 23 November 2026"),
    ("sharing-dispute", 0): ("2026-11-20T15:00", "23:59 on 30 November 2026"),
    ("retain-report-raw", 0): ("2026-11-20T15:00", "23:59 on 18 February 2027"),
    ("retain-source", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("retain-intel", 0): ("2026-11-20T15:00", "23:59 on 20 November 2032"),
    ("retain-suspect", 0): ("2026-11-20T15:00", "23:59 on 20 November 2032"),
    ("retain-operation", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("retain-person-ref", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("retain-identity", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("retain-support", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("retain-location", 0): ("2026-11-20T15:00", "23:59 on 20 December 2026"),
    ("retain-health", 0): ("2026-11-20T15:00", "23:59 on 20 November 2034"),
    ("retain-immigration", 0): ("2026-11-20T15:00", "23:59 on 18 December 2026"),
    ("retain-account", 0): ("2026-11-20T15:00", "23:59 on 18 December 2026"),
    ("retain-consent", 0): ("2026-11-20T15:00", "23:59 on 20 November 2032"),
    ("retain-centre", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("hold-review", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("paper-review", 0): ("2026-11-20T15:00", "23:59 on 20 November 2027"),
    ("same-person", 0): ("2026-11-20T15:00", "23:59 on 23 November 2026"),
    ("support-offer", 0): ("2026-11-20T15:00", "23:59 on 24 November 2026"),
    ("safety-worry", 0): ("2026-11-20T15:00", "15:15 on 20 November 2026"),
    ("hot-debrief", 0): ("2026-11-20T15:00", "23:59 on 20 November 2026"),
    ("structured-debrief", 0): ("2026-11-20T15:00", "23:59 on 18 December 2026"),
    ("victim-request", 0): ("2026-11-20T15:00", "23:59 on 4 December 2026"),
    ("victim-notice", 0): ("2026-11-20T15:00", "23:59 on 18 December 2026"),
    ("victim-update", 0): ("2026-11-20T15:00", "23:59 on 23 November 2026"),
    ("victim-told", 0): ("2026-11-20T15:00", "23:59 on 27 November 2026"),
}
EVERY_VERSION = {(code, version) for code, kind in all_deadlines().items() for version in range(len(kind.rules))}


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == EVERY_VERSION


@pytest.mark.parametrize("key", sorted(CASES), ids=lambda key: f"{key[0]}-{key[1]}")
def test_a_case_is_judged_by_the_rule_of_its_day(key: tuple[str, int]) -> None:
    code, version = key
    start, due = CASES[key]
    kind = all_deadlines()[code]
    found = reckon(
        kind.rules, datetime.fromisoformat(start).replace(tzinfo=LONDON), bank_holidays(Nation.ENGLAND_AND_WALES)
    )
    assert found.rule is kind.rules[version]
    assert clock_time(found.due_at) == due
    assert found.rule.source in found.calculation


@pytest.mark.parametrize("code", sorted(all_deadlines()))
def test_every_rule_says_where_it_stands_and_who_hears_when_it_is_late(code: str) -> None:
    kind = all_deadlines()[code]
    assert all(rule.source and rule.checked_on for rule in kind.rules)
    assert kind.role in ESCALATION.value
    assert bool(kind.escalates_to) is (kind.weight is Weight.LIMIT)
    assert (kind.first_day == "counted") is (
        kind.rules[0].value.unit in (Unit.DAYS_BEGINNING_WITH, Unit.MONTHS_BEGINNING_WITH)
    )


@pytest.mark.parametrize(
    ("nation", "due"),
    [
        (Nation.ENGLAND_AND_WALES, "23:59 on 29 December 2026"),
        (Nation.SCOTLAND, "23:59 on 29 December 2026"),
        (Nation.NORTHERN_IRELAND, "23:59 on 29 December 2026"),
    ],
)
def test_a_working_day_is_one_of_the_nation_where_the_duty_is(nation: Nation, due: str) -> None:
    """Boxing Day of 2026 is a Saturday: its substitute is Monday in all three."""
    kind = all_deadlines()["victim-update"]
    found = reckon(kind.rules, datetime(2026, 12, 24, 15, tzinfo=LONDON), bank_holidays(nation))
    assert clock_time(found.due_at) == due
