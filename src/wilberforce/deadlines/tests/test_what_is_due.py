"""What is filed is seen by the role that must act, told once, and over when it is met."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.template.loader import render_to_string

from wilberforce.agencies.models import ConflictDeclared
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions, jobs
from wilberforce.deadlines.lists import all_deadlines
from wilberforce.deadlines.models import Deadline
from wilberforce.deadlines.policy import due_about, due_for
from wilberforce.deadlines.rules import LONDON, State

WHO = "first_responder_city"
KIND, LIMIT = "reasonable-grounds", "reconsideration"


@pytest.fixture
def subject():
    return uuid4()


@pytest.fixture
def filed(at, subject):
    def file(due_in=timedelta(days=5), **given):
        with at(WHO, "nrm") as actor:
            given = {"rule": KIND, "due_at": clock.now() + due_in, "role": "first_responder"} | given
            return actions.file(actor, subject, **given)

    return file


def seen_by(at, part, purpose="nrm"):
    with at(part, purpose) as actor:
        return [(due.subject_id, due.state) for due in due_for(actor)]


def test_the_role_sees_what_is_due_in_its_own_agency(filed, at, subject):
    filed()
    assert seen_by(at, WHO) == [(subject, State.NOT_DUE)]


def test_the_same_role_in_another_agency_sees_nothing(filed, at):
    filed()
    assert seen_by(at, "first_responder") == []


def test_another_role_in_the_same_agency_sees_nothing(filed, at):
    filed()
    assert seen_by(at, "safeguarding_lead", "support") == []


def test_somebody_tied_to_the_subject_sees_nothing_of_it(filed, at, cast, subject):
    filed()
    ConflictDeclared.objects.create(membership=cast[WHO], subject_id=subject, why="family")
    assert seen_by(at, WHO) == []


@pytest.mark.parametrize(
    ("due_in", "state"),
    [
        (timedelta(days=3), State.NOT_DUE),
        (timedelta(hours=30), State.DUE_SOON),
        (timedelta(hours=3), State.DUE),
        (timedelta(hours=-1), State.LATE),
    ],
)
def test_lateness_is_computed_from_the_date_alone(filed, at, subject, due_in, state):
    filed(due_in)
    assert seen_by(at, WHO) == [(subject, state)]


def test_a_kind_that_no_rule_declares_is_refused(filed):
    with pytest.raises(ValueError, match="no deadline is called"):
        filed(rule="next-tuesday")


def test_filing_again_moves_what_is_open(filed, at, subject):
    first = filed(timedelta(days=1))
    again = filed(timedelta(days=4))
    assert again.pk == first.pk
    assert seen_by(at, WHO) == [(subject, State.NOT_DUE)]


def test_what_was_met_is_no_longer_due_and_may_be_filed_anew(filed, at, subject):
    first = filed()
    with at(WHO, "nrm") as actor:
        actions.meet(actor, subject, KIND, clock.now())
        assert due_for(actor) == []
    first.refresh_from_db()
    assert first.met_in_time
    assert filed().pk != first.pk


def test_another_agency_does_not_meet_ours(filed, at, subject):
    filed()
    with at("first_responder", "nrm") as actor:
        actions.meet(actor, subject, KIND)
    assert len(seen_by(at, WHO)) == 1


def test_what_has_not_happened_yet_is_not_met(filed, at, subject):
    filed()
    with at(WHO, "nrm") as actor, pytest.raises(RuleBroken, match="has not come yet"):
        actions.meet(actor, subject, KIND, clock.now() + timedelta(hours=1))


def test_what_is_cancelled_is_no_longer_due(filed, at, subject):
    filed()
    with at(WHO, "nrm") as actor:
        actions.cancel(actor, subject, KIND)
    assert seen_by(at, WHO) == []


def test_the_watcher_tells_once_and_again_only_after_a_move(filed, at, subject):
    filed(timedelta(hours=3), rule=LIMIT)
    now = clock.now()
    assert [jobs.tell(now), jobs.tell(now)] == [1, 0]
    with at(WHO, "nrm") as actor:
        actions.move(actor, subject, LIMIT, clock.now() + timedelta(hours=5))
    assert jobs.tell(now) == 1


def test_the_watcher_says_nothing_of_what_is_far_or_met(filed, at, subject):
    filed(timedelta(days=4), rule=LIMIT)
    assert jobs.tell(clock.now()) == 0
    with at(WHO, "nrm") as actor:
        actions.meet(actor, subject, LIMIT)
    assert jobs.tell(clock.now() + timedelta(days=9)) == 0


NIGHT, MORNING = datetime(2027, 7, 6, 22, 30, tzinfo=LONDON), datetime(2027, 7, 7, 7, 0, tzinfo=LONDON)


def test_what_can_wait_is_not_told_at_night(filed):
    filed(NIGHT - clock.now())
    assert [jobs.tell(NIGHT), jobs.tell(MORNING), jobs.tell(MORNING)] == [0, 1, 0]


@pytest.mark.parametrize("rule", [LIMIT, "missing-child", "council-answer"])
def test_a_limit_and_a_child_are_told_at_any_hour(filed, rule):
    filed(NIGHT - clock.now(), rule=rule)
    assert jobs.tell(NIGHT) == 1


def test_a_limit_that_passed_comes_up_to_the_next_role_once(filed, at, subject):
    with at("custody_officer", "custody") as actor:
        given = {"rule": "review", "due_at": clock.now() - timedelta(minutes=5), "role": "review_officer"}
        actions.file(actor, subject, **given)
    now = clock.now()
    assert subject not in [one for one, _ in seen_by(at, "custody_officer", "custody")]
    assert [jobs.tell(now), jobs.tell(now)] == [2, 0]
    assert (subject, State.LATE) in seen_by(at, "custody_officer", "custody")
    assert subject not in [one for one, _ in seen_by(at, "op_member_host", "op_safety")]


def test_what_is_moved_on_is_no_longer_late_above(filed, at, subject):
    filed(timedelta(hours=-1), rule=LIMIT)
    jobs.tell(clock.now())
    with at(WHO, "nrm") as actor:
        actions.move(actor, subject, LIMIT, clock.now() + timedelta(hours=5))
    assert Deadline.objects.get(subject_id=subject).escalated_at is None


@pytest.mark.django_db(transaction=True)
def test_a_watcher_killed_in_the_middle_has_told_nobody_and_the_next_tells_once(filed):
    filed(timedelta(hours=-1), rule=LIMIT)
    dying = WATCHER.format(settings=os.environ["DJANGO_SETTINGS_MODULE"], database=connection.settings_dict["NAME"])
    done = subprocess.run([sys.executable, "-c", dying], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    now = clock.now()
    assert [jobs.tell(now), jobs.tell(now)] == [2, 0]


WATCHER = """
import os, signal
import django
from django.conf import settings
os.environ["DJANGO_SETTINGS_MODULE"] = "{settings}"
settings.DATABASES["default"]["NAME"] = "{database}"
django.setup()
from wilberforce.base import clock
from wilberforce.deadlines import jobs
told = jobs._escalate
def killed(now):
    assert told(now) == 1
    os.kill(os.getpid(), signal.SIGKILL)
jobs._escalate = killed
jobs.tell(clock.now())
"""


def test_each_kind_of_deadline_is_told_in_its_own_time(filed, at):
    hours = all_deadlines()["review"].due
    filed(hours + timedelta(minutes=30), rule="review", role="review_officer")
    assert jobs.tell(clock.now()) == 0
    assert jobs.tell(clock.now() + timedelta(minutes=45)) == 1


def test_a_page_may_show_what_is_due_about_subjects_it_already_shows(filed, at, subject):
    filed()
    with at(WHO, "nrm") as actor:
        assert [due.kind.code for due in due_about(actor, [subject])[subject]] == [KIND]
        shown = render_to_string("deadlines/due.html", {"due": due_for(actor)})
    assert str(subject) not in shown
    assert "Reasonable grounds decision" in shown


def test_the_empty_list_says_so():
    assert "Nothing is due at the moment." in render_to_string("deadlines/due.html", {"due": []})


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM deadlines_deadline", "UPDATE deadlines_deadline SET subject_id = id", "TRUNCATE deadlines_deadline"],
)
def test_a_deadline_is_never_deleted_or_given_to_another_subject(filed, sql):
    filed()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)
