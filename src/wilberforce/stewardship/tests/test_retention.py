"""What is over is shown by code, held if it must stay, and erased by two guardians."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from wilberforce.agencies.models import Agency, Membership
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.concerns import actions as concerns
from wilberforce.concerns.models import Report
from wilberforce.deadlines.models import Deadline
from wilberforce.deadlines.policy import due_for
from wilberforce.ledger.doors import at_public_door
from wilberforce.ledger.models import Leaf
from wilberforce.ledger.sequencer import connect
from wilberforce.operations import actions as operations
from wilberforce.operations.tests.factories import planned
from wilberforce.stewardship import actions, jobs, policy, rules
from wilberforce.stewardship.models import Hold, Review

pytestmark = pytest.mark.django_db(transaction=True)
ONE, OTHER = "guardian_police", "guardian_police_2"


def told(days_ago):
    """A report that was judged so many days ago."""
    with at_public_door("triage") as actor:
        report, _ = concerns.report(actor, body="A van brings them at five")
    with connect("owner") as at:
        at.execute("GRANT UPDATE (triaged_at, controller_id) ON concerns_report TO wb_search")
        at.execute("SET ROLE wb_search")
        at.execute(
            "UPDATE concerns_report SET triaged_at = %s WHERE id = %s", [clock.now() - timedelta(days_ago), report.pk]
        )
    jobs.look_at_what_is_over()
    return report


def exists(report):
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        return bool(at.execute("SELECT 1 FROM concerns_report WHERE id = %s", [report.pk]).fetchone())


@pytest.mark.parametrize(("days_ago", "is_over"), [(89, False), (92, True)])
def test_a_report_is_over_ninety_days_after_it_was_judged(at, days_ago, is_over):
    report = told(days_ago)
    with at(ONE, "oversight"):
        assert [one.subject_id for one in policy.over()] == ([report.pk] if is_over else [])


def test_two_guardians_erase_it_and_the_ledger_keeps_that_it_went(at):
    report = told(100)
    with at(ONE, "oversight") as actor:
        begun = actions.begin_erasure(actor, "report_raw", report.pk)
        with pytest.raises(RuleBroken, match="Another guardian"):
            actions.erase(actor, begun.pk)
    assert exists(report)
    with at(OTHER, "oversight") as actor:
        assert actions.erase(actor, begun.pk) == 1
        assert list(policy.over()) == []
    assert not exists(report)
    with at(OTHER, "oversight"):
        assert Leaf.objects.filter(op="erasure", subject_class="report_raw").count() == 1
        assert Review.objects.get(pk=begun.pk).rows == 1


def test_a_hold_stops_the_erasure_at_the_last_moment_and_the_database_agrees(at):
    report = told(100)
    with at(ONE, "oversight") as actor:
        begun = actions.begin_erasure(actor, "report_raw", report.pk)
        hold = actions.place_hold(
            actor, report.pk, basis="cpia", reference="Op 12", review_on=policy.today() + timedelta(days=30)
        )
    with at(OTHER, "oversight") as actor:
        with pytest.raises(RuleBroken, match="A hold stands"):
            actions.erase(actor, begun.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT stewardship_erase(%s, now())", [begun.pk])
            assert cursor.fetchone() == (None,)
        actions.end_hold(actor, hold.pk)
        assert actions.erase(actor, begun.pk) == 1


def test_nothing_is_erased_before_its_time_even_by_the_function_itself(at):
    report = told(10)
    with at(ONE, "oversight") as actor:
        with pytest.raises(NotAllowed):
            actions.begin_erasure(actor, "report_raw", report.pk)
        early = Review(agency_id=actor.home, subject_id=report.pk, data_class="report_raw", begun_by=actor.me)
        early.save(force_insert=True)
    with at(OTHER, "oversight"), connection.cursor() as cursor:
        before = clock.now() - timedelta(days=90)
        cursor.execute("SELECT stewardship_erase(%s, %s)", [early.pk, before])
        assert cursor.fetchone() == (None,)
    assert exists(report)


def test_kept_for_longer_is_not_over_until_then(at):
    report = told(100)
    with at(ONE, "oversight") as actor:
        until = policy.today() + timedelta(days=60)
        actions.keep(actor, "report_raw", report.pk, until=until, why="Operation still open")
        assert list(policy.over()) == []


def test_another_agencys_guardian_sees_nothing_of_it(at):
    report = told(100)
    with at(ONE, "oversight") as actor:
        begun = actions.begin_erasure(actor, "report_raw", report.pk)
    with at("guardian_city", "oversight") as actor:
        assert list(policy.over()) == []
        with pytest.raises(NotAllowed):
            actions.erase(actor, begun.pk)
        assert not Review.objects.exists()
        assert not Hold.objects.exists()


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_hold_is_looked_at_again_within_a_year(at, days):
    report = told(1)
    with at(ONE, "oversight") as actor, pytest.raises(RuleBroken, match="day after today"):
        actions.place_hold(
            actor, report.pk, basis="appeal", reference="A-1", review_on=policy.today() + timedelta(days=days)
        )


def test_the_machine_files_what_is_over_with_the_guardians_once(at, cast):
    report = told(100)
    assert jobs.look_at_what_is_over() == 0
    filed = Deadline.objects.filter(rule="retain-report-raw", subject_id=report.pk)
    assert [(one.role, one.agency_id) for one in filed] == [("data_guardian", cast["report_desk"].agency_id)]


def test_nobody_else_may_ask_what_is_over(at):
    told(100)
    with at("report_desk", "triage"):
        assert list(policy.over()) == []
        assert Report.objects.filter(triaged_at=None).count() == 0


def test_every_class_of_the_matrix_that_ends_has_its_rule():
    from wilberforce.access.asking import matrix

    stays = {"subscriber", "statistic", "release", "audit"}
    assert set(rules.RETENTIONS) == set(matrix().classes) - stays


def test_a_hold_of_an_agency_that_was_succeeded_reminds_the_successor_and_is_ended_by_nobody(at, signed_in):
    today = policy.today()
    with at("guardian_city", "oversight") as actor:
        held = actions.place_hold(
            actor, random_id(), basis="appeal", reference="APP-1", review_on=today + timedelta(days=1)
        )
    call_command("succeeded", "derby-city", "derbyshire-county", today.isoformat())
    jobs.look_at_what_is_over()
    for part, seen in (("guardian_county", True), ("guardian_police", False)):
        with at(part, "oversight") as actor:
            assert [due.subject_id for due in due_for(actor) if due.kind.code == "hold-review"] == [held.pk] * seen
            assert Hold.objects.filter(pk=held.pk).exists() is seen
    heir, address = signed_in("guardian_county"), f"/oversight/retention/hold/{held.pk}/"
    assert "an agency that ended" in heir.get("/oversight/retention/").content.decode()
    assert heir.post(f"{address}ended/", {"purpose": "oversight"}).status_code == 404
    later = today + timedelta(days=30)
    parts = {f"review_on_{place}": str(part) for place, part in enumerate((later.day, later.month, later.year))}
    assert heir.post(f"{address}again/", {"purpose": "oversight", **parts}).status_code == 302
    assert signed_in("guardian_police").get(f"{address}again/").status_code == 404
    with at("guardian_county", "oversight") as actor:
        assert Hold.objects.get(pk=held.pk).review_on == later
        with pytest.raises(ProgrammingError), transaction.atomic():
            Hold.objects.filter(pk=held.pk).update(ended_at=clock.now(), ended_by=actor.me)


def test_where_nobody_took_over_whoever_led_their_last_operation_is_reminded(at, cast):
    today, day = policy.today(), planned(at, cast)
    with day.planning() as actor:
        operations.ask_partner(actor, day.operation, agency_id=day.agency("hmrc"))
        operations.partner_answers(actor, day.operation, agency_id=day.agency("hmrc"), answer="yes")
    with at("guardian_hmrc", "oversight") as actor:
        held = actions.place_hold(
            actor, random_id(), basis="appeal", reference="APP-2", review_on=today + timedelta(days=1)
        )
    Agency.objects.filter(pk=cast["guardian_hmrc"].agency_id).update(ends=today)
    jobs.look_at_what_is_over()
    for part, seen in (("guardian_police", True), ("guardian_county", False)):
        with at(part, "oversight") as actor:
            assert [due.subject_id for due in due_for(actor) if due.kind.code == "hold-review"] == [held.pk] * seen
            assert Hold.objects.filter(pk=held.pk).exists() is seen


def test_a_hold_whose_owner_has_left_is_due_now_for_the_other_guardians(at, cast):
    """And whoever looks at it answers for it."""
    later = policy.today() + timedelta(days=60)
    with at("guardian_county", "oversight") as actor:
        held = actions.place_hold(actor, random_id(), basis="appeal", reference="APP-3", review_on=later)
        Hold.objects.filter(pk=held.pk).update(owner_id=cast["partner_dwp"].pk)
    Membership.objects.filter(pk=cast["partner_dwp"].pk).update(ends=clock.now())
    jobs.look_at_what_is_over()
    with at("guardian_county", "oversight") as actor:
        (due,) = [one for one in due_for(actor) if one.subject_id == held.pk]
        assert due.due_at <= clock.now()
        actions.look_again_at_hold(actor, held.pk, review_on=later)
        assert Hold.objects.get(pk=held.pk).owner_id == actor.me
    jobs.look_at_what_is_over()
    with at("guardian_county", "oversight") as actor:
        (due,) = [one for one in due_for(actor) if one.subject_id == held.pk]
        assert due.due_at > clock.now()
