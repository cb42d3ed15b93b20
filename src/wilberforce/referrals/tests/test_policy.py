"""Who sees a referral: the first responders named for the person. Nobody else, under no purpose."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.access.asking import may
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.referrals import actions, policy
from wilberforce.referrals.models import DutyDecided, Notification, NrmForm
from wilberforce.survivors.models import Assignment

from .conftest import CITY, CITY_TOO, POLICE

TABLES = (DutyDecided, NrmForm, Notification)


@pytest.fixture
def begun(case):
    case.answers("given")
    with case.by() as actor:
        actions.duty(actor, case.person_id, found_in="Derby")
        actions.begin_form(actor, case.person_id)
    return case


@pytest.fixture
def refused(case):
    case.answers("declined")
    with case.by() as actor:
        actions.duty(actor, case.person_id, found_in="Derby")
        actions.record_refusal(actor, case.person_id, text="Several adults were not free to leave.")
    return case


def seen():
    return [table.objects.count() for table in TABLES]


def test_the_first_responders_named_for_the_person_see_the_form_of_their_agency(begun):
    for part in (CITY, CITY_TOO):
        with begun.by(part):
            assert seen() == [1, 1, 0]


def test_another_agencys_first_responder_knows_that_a_duty_was_decided_and_sees_no_form(begun):
    with begun.by(POLICE) as actor:
        assert seen() == [1, 0, 0]
        assert policy.latest_duties(actor, [begun.person_id])


def test_a_first_responder_who_was_not_named_sees_nothing(meet):
    case = meet(named=(POLICE,))
    with case.by(POLICE) as actor:
        actions.duty(actor, case.person_id, found_in="Derby")
    with case.by(CITY) as actor:
        assert seen() == [0, 0, 0]
        with pytest.raises(NotAllowed):
            actions.duty(actor, case.person_id, found_in="Derby")


@pytest.mark.parametrize(
    ("part", "purpose"),
    [
        ("reception_manager", "reception"),
        ("reception_manager", "support"),
        ("investigator", "criminal_investigation"),
        ("op_commander", "op_safety"),
        ("safeguarding_lead", "support"),
        ("housing_officer", "support"),
        ("guardian_city", "oversight"),
        ("partner_hmrc", "regulatory"),
        ("auditor", "oversight"),
    ],
)
def test_nobody_else_sees_duty_form_or_notification(begun, at, part, purpose):
    with at(part, purpose):
        assert seen() == [0, 0, 0]


def test_the_centre_writes_no_duty_even_by_hand(begun, at, cast):
    with at("reception_manager", "reception") as actor, pytest.raises(NotAllowed):
        policy.DUTIES.add(
            actor,
            DutyDecided(
                controller_id=actor.home, person_id=begun.person_id, area_id=begun.person_id, duty="none", why="",
                decided_by=actor.me,
            ),
        )  # fmt: skip


@pytest.mark.parametrize("what", ["begun", "refused"])
def test_without_a_context_the_tables_are_empty(what, request):
    request.getfixturevalue(what)
    assert seen() == [0, 0, 0]


def test_a_withdrawn_yes_closes_the_form_at_the_next_read(begun):
    begun.answers("withdrawn")
    with begun.by():
        assert NrmForm.objects.count() == 0


def test_when_the_assignment_is_over_the_form_is_closed(begun):
    Assignment.objects.filter(person_id=begun.person_id).update(ended_at=clock.now())
    with begun.by():
        assert seen() == [0, 0, 0]


def test_a_form_is_sent_only_by_somebody_who_has_just_proved_who_they_are(begun, cast):
    before = clock.now() - timedelta(hours=1)
    SignedIn.objects.filter(membership=cast[CITY]).update(stepped_up_at=before)
    with begun.by() as actor, pytest.raises(NotAllowed):
        actions.record_submission(actor, begun.person_id, home_office_ref="HO-1", at=clock.now(), version=1)


def test_a_notification_is_its_own_agencys(refused):
    with refused.by(CITY_TOO):
        assert seen() == [1, 0, 1]
    with refused.by(POLICE):
        assert seen() == [1, 0, 0]


def test_python_and_the_database_answer_the_question_alike(begun):
    for part in (CITY, CITY_TOO, POLICE):
        with begun.by(part) as actor:
            subjects = {"person": begun.person_id, "agency": actor.home}
            told = may(actor, "immigration", "R", subjects).allowed
            assert told is True
            assert bool(NrmForm.objects.count()) is (part != POLICE)


@pytest.mark.parametrize("sql", ["UPDATE referrals_dutydecided SET why = ''", "DELETE FROM referrals_dutydecided"])
def test_a_decision_stays_as_it_was_made(begun, sql):
    with begun.by(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_child_at_the_same_centre_who_may_be_one_is_no_exception_for_others(meet, at):
    case = meet("not sure")
    with case.by() as actor:
        actions.duty(actor, case.person_id, found_in="Derby")
        actions.begin_form(actor, case.person_id)
    with at("reception_worker", "reception"):
        assert seen() == [0, 0, 0]
