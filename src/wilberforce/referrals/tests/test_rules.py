"""Which duty, by whom, by when; and the day of 17 April 2018 judged by its own law and by today's."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.base.lawrule import NoRuleInForce, in_force
from wilberforce.concerns.rules import AgeClass
from wilberforce.custody.rules import bail_end
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import LONDON
from wilberforce.referrals.lists import RESPONDERS
from wilberforce.referrals.rules import (
    RECOVERY,
    Body,
    CouncilDuty,
    Duty,
    Place,
    Tier,
    council_for,
    deciding_bodies,
    duty_due,
    duty_of_person,
    may_refer,
    must_notify,
    reasonable_grounds_due,
    reconsideration_ends,
    recovery_ends,
    support_ends,
)
from wilberforce.survivors.rules import Answer

TODAY = date(2026, 11, 23)
THE_DAY = date(2018, 4, 17)
PARTNERS = (
    ("British Red Cross", "redcross"),
    ("Derbyshire Fire and Rescue Service", "fire"),
    ("HM Revenue and Customs", "hmrc"),
    ("Department for Work and Pensions", "dwp"),
    ("Derby City Council", "city"),
    ("Derbyshire Constabulary", "police"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("age", "answer", "duty"),
    [
        (AgeClass.ADULT, Answer.GIVEN, Duty.REFER),
        (AgeClass.ADULT, Answer.DECLINED, Duty.NOTIFY),
        (AgeClass.ADULT, Answer.WITHDRAWN, Duty.NOTIFY),
        (AgeClass.ADULT, Answer.NOT_NOW, Duty.WAIT),
        (AgeClass.ADULT, Answer.ASKED, Duty.WAIT),
        (AgeClass.ADULT, Answer.NOT_ASKED, Duty.WAIT),
        (AgeClass.CHILD, Answer.DECLINED, Duty.REFER),
        (AgeClass.NOT_SURE, Answer.NOT_ASKED, Duty.REFER),
    ],
)
def test_the_duty_follows_the_person_s_age_and_answer(age: AgeClass, answer: Answer, duty: Duty) -> None:
    due = duty_due(age, answer, True, PARTNERS, THE_DAY, RESPONDERS)
    assert due.duty is duty
    assert due.by == ("Derby City Council" if duty in {Duty.REFER, Duty.NOTIFY} else "")


@given(st.sampled_from([AgeClass.CHILD, AgeClass.NOT_SURE]), st.sampled_from(Answer), st.booleans(), st.booleans())
def test_a_child_or_not_sure_is_never_a_duty_to_notify(
    age: AgeClass, answer: Answer, believed: bool, sent: bool
) -> None:
    assert duty_of_person(age, answer, believed, sent)[0] is not Duty.NOTIFY


@given(st.sampled_from(AgeClass), st.sampled_from(Answer), st.dates(date(2010, 1, 1), date(2036, 1, 1)))
def test_the_red_cross_never_refers_and_never_notifies(age: AgeClass, answer: Answer, on: date) -> None:
    assert duty_due(age, answer, True, PARTNERS[:4], on, RESPONDERS).by == ""


def test_a_second_notification_is_not_needed() -> None:
    assert (
        duty_due(AgeClass.ADULT, Answer.DECLINED, True, PARTNERS, TODAY, RESPONDERS, already_sent=True).duty
        is Duty.NONE
    )


def test_without_grounds_there_is_no_duty() -> None:
    assert duty_due(AgeClass.CHILD, Answer.GIVEN, False, PARTNERS, TODAY, RESPONDERS).duty is Duty.NONE


@pytest.mark.parametrize(
    ("kind", "on", "refers", "notifies"),
    [
        ("police", "2018-04-17", True, True),
        ("police", "2015-10-31", True, False),  # section 52 came into force the next day
        ("city", "2018-04-17", True, True),
        ("county", "2018-04-17", True, True),
        ("labour", "2018-04-17", True, True),
        ("labour", "2026-04-06", True, True),
        ("labour", "2026-04-07", True, True),
        ("charity", "2026-11-23", True, False),
        ("redcross", "2026-11-23", False, False),
        ("nhs", "2026-11-23", False, False),
        ("hmrc", "2026-11-23", False, False),
    ],
)
def test_first_responders_and_those_whom_section_52_binds(kind: str, on: str, refers: bool, notifies: bool) -> None:
    day = date.fromisoformat(on)
    assert may_refer(kind, day, RESPONDERS) is refers
    assert must_notify(kind, day, RESPONDERS) is notifies


@pytest.mark.parametrize(("on", "code"), [("2026-04-06", "glaa"), ("2026-04-07", "fwa")])
def test_the_fair_work_agency_takes_over_from_the_glaa(on: str, code: str) -> None:
    held = [one.code for one in RESPONDERS if one.kind == "labour" and one.holds(date.fromisoformat(on))]
    assert held == [code]


DERBY = Place(Tier.UNITARY, "Derby City Council")
BURTON = Place(Tier.TWO_TIER, "Staffordshire County Council", "East Staffordshire Borough Council")


@pytest.mark.parametrize("duty", CouncilDuty)
def test_duties_follow_place(duty: CouncilDuty) -> None:
    assert council_for(DERBY, duty) == "Derby City Council"
    housing = duty is CouncilDuty.HOUSING
    assert council_for(BURTON, duty) == (BURTON.district if housing else BURTON.upper)


@pytest.mark.parametrize(
    ("on", "bodies"),
    [
        ("2018-04-17", (Body.NCA, Body.UKVI)),
        ("2019-04-28", (Body.NCA, Body.UKVI)),
        ("2019-04-29", (Body.SCA,)),
        ("2021-11-07", (Body.SCA,)),
        ("2021-11-08", (Body.SCA, Body.IECA)),
        ("2026-11-23", (Body.SCA, Body.IECA)),
    ],
)
def test_the_bodies_that_decide(on: str, bodies: tuple[Body, ...]) -> None:
    assert deciding_bodies(date.fromisoformat(on)) == bodies


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2018-04-17T23:59", "2018-04-24"),
        ("2018-04-18T00:00", "2018-04-25"),
        ("2018-03-29T12:00", "2018-04-09"),
        ("2026-12-23T12:00", "2027-01-04"),
        ("2026-04-02T12:00", "2026-04-13"),
    ],
)
def test_reasonable_grounds_are_decided_within_five_working_days(received: str, due: str) -> None:
    assert reasonable_grounds_due(at(received), bank_holidays()).last_day == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("decided", "last_day"),
    [("2018-04-24T10:00", "2018-06-08"), ("2022-12-12T23:59", "2023-01-26"), ("2022-12-13T00:00", "2023-01-12")],
)
def test_recovery_was_45_days_and_is_30(decided: str, last_day: str) -> None:
    assert recovery_ends(at(decided)).last_day == date.fromisoformat(last_day)


def test_reconsideration_and_support_run_by_their_own_day_s_rule() -> None:
    refused = at("2026-03-02T12:00")
    assert reconsideration_ends(refused).last_day == date(2026, 4, 1)
    assert support_ends(refused, False, bank_holidays()).last_day == date(2026, 3, 13)
    assert support_ends(refused, True, bank_holidays()).last_day == date(2026, 4, 16)


# The day replayed: what its own law said beside what today's would say.

REPLAY = [
    ("end of bail", lambda law: bail_end(at("2018-04-17T06:10"), law_of=law).last_day, "2018-05-15", "2018-07-17"),
    ("recovery ends", lambda law: recovery_ends(at("2018-04-24T10:00"), law).last_day, "2018-06-08", "2018-05-24"),
    (
        "reconsideration",
        lambda law: reconsideration_ends(at("2018-04-24T10:00"), law).last_day,
        "2018-07-24",
        "2018-05-24",
    ),
]


@pytest.mark.parametrize(("what", "reckoned", "then", "now"), REPLAY, ids=[line[0] for line in REPLAY])
def test_the_day_of_2018_is_judged_by_its_own_law(
    what: str, reckoned: Callable[[date | None], date], then: str, now: str
) -> None:
    assert reckoned(None) == reckoned(THE_DAY) == date.fromisoformat(then), what
    assert reckoned(TODAY) == date.fromisoformat(now), what


def test_recovery_is_45_days_then_and_30_today() -> None:
    assert (in_force(RECOVERY, THE_DAY).value.count, in_force(RECOVERY, TODAY).value.count) == (45, 30)
    with pytest.raises(NoRuleInForce):
        in_force(RECOVERY[1:], THE_DAY)
