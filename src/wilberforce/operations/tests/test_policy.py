"""Who sees the plan and the day: the commander all of it, the others their slice for some hours, nobody else any."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import ProgrammingError

from wilberforce.access.asking import may
from wilberforce.access.together import together
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.operations import actions, policy
from wilberforce.operations.models import Found, LogEntry, Operation, Site, SitePlace

from .factories import planned, prepared


def test_the_commander_reads_the_plan_that_nobody_else_reads(plan, at):
    with plan.planning() as actor:
        assert policy.OPERATIONS.one(actor, plan.operation)["name"] == "Operation Wilberforce"
    with at("op_member_a", "op_safety") as actor:
        seen = policy.OPERATIONS.one(actor, plan.operation, projection="day_log")
        assert "name" not in seen
        assert "objectives" not in seen


@pytest.mark.parametrize("part", ["op_member_c", "op_member_host", "op_member_fire"])
def test_who_is_not_on_the_roster_sees_no_operation(part, at, cast):
    day = planned(at, cast)
    with at(part, "op_safety") as actor:
        assert policy.OPERATIONS.many(actor, projection="site_hazard") == []
        with pytest.raises(NotAllowed):
            policy.OPERATIONS.one(actor, day.operation, projection="site_hazard")


def test_a_role_without_a_part_in_operations_holds_nothing(plan, at):
    with at("review_officer", "custody") as actor:
        assert Operation.objects.count() == 0
        with pytest.raises(NotAllowed):
            policy.OPERATIONS.many(actor)


def test_another_purpose_shows_nothing_even_to_the_commander(plan, at):
    with at("op_commander", "public_info"):
        assert Operation.objects.count() == Site.objects.count() == 0


def test_without_a_context_the_tables_are_empty(day):
    assert [t.objects.count() for t in (Operation, Site, SitePlace, Found, LogEntry)] == [0, 0, 0, 0, 0]


def test_without_a_fresh_proof_the_commander_counts_people_but_does_not_read_the_plan(day, cast):
    SignedIn.objects.filter(membership=cast["op_commander"]).update(stepped_up_at=clock.now() - timedelta(hours=1))
    with day.commanding() as actor:
        assert len(policy.SITES.many(actor, projection="site_found")) == 2
        assert policy.DECISIONS.count(actor) == policy.HAZARDS.count(actor) == 0
    with day.planning() as actor:
        assert policy.OPERATIONS.many(actor) == []


def test_the_address_opens_twelve_hours_before_and_the_outline_earlier(at, cast):
    early = prepared(at, cast, clock.now() + timedelta(hours=13))
    with early.on_site() as actor:
        assert [site["ref"] for site in policy.SITES.many(actor, projection="day_log", order_by=("ref",))] == ["A", "B"]
        assert policy.PLACES.many(actor, projection="day_log") == []
    near = prepared(at, cast, clock.now() + timedelta(hours=11))
    with near.on_site() as actor:
        places = policy.PLACES.many(actor, projection="day_log")
        assert {place["operation_id"] for place in places} == {near.operation}
        assert {place["address"] for place in places} == {"A Invented Row", "B Invented Row"}


def test_a_named_planner_sees_the_address_earlier(at, cast):
    early = prepared(at, cast, clock.now() + timedelta(days=3))
    with early.planning() as actor:
        actions.join_roster(
            actor, early.operation, membership_id=cast["op_member_c"].pk, part="planning", sites_from=clock.now()
        )
    with at("op_member_c", "op_safety") as actor:
        assert policy.PLACES.count(actor) == 2
    with early.on_site() as actor:
        assert policy.PLACES.count(actor) == 0


@pytest.mark.parametrize("starts", [timedelta(days=15), timedelta(hours=-71)])
def test_the_window_is_fourteen_days_before_to_seventy_two_hours_after(starts, at, cast):
    day = prepared(at, cast, clock.now() + starts)
    inside = starts < timedelta()
    with day.on_site() as actor:
        assert bool(policy.SITES.count(actor)) is inside
    with day.planning() as actor:
        assert policy.SITES.count(actor) == 2


def test_a_plan_that_is_stood_down_closes_to_the_roster(plan):
    with plan.planning() as actor:
        actions.stand_down(actor, plan.operation)
    with plan.on_site() as actor:
        assert policy.SITES.count(actor) == 0


def test_fire_sees_hazards_and_never_the_people_found(day, at):
    with day.on_site() as actor:
        actions.record_found(actor, day.sites["B"], age="adult")
        actions.note_hazard(actor, day.sites["B"], text="Barred windows", inside=5)
    with at("op_member_fire", "op_safety") as actor:
        assert [h["text"] for h in policy.HAZARDS.many(actor, projection="site_hazard")] == ["Barred windows"]
        assert Found.objects.count() == LogEntry.objects.count() == 0


def test_a_member_may_not_write_what_their_projection_only_shows(day):
    with day.on_site() as actor, pytest.raises(NotAllowed):
        policy.OPERATIONS.change(actor, day.operation, {"state": "closed"}, projection="day_log")
    with day.on_site(), pytest.raises(ProgrammingError), transaction.atomic():
        SitePlace(controller_id=day.operation, operation_id=day.operation, site_id=day.sites["A"]).save()


def test_a_partner_reads_its_own_brief_only_and_only_under_an_agreement(plan, at):
    with plan.planning() as actor:
        for code in ("derbyshire-fire", "derby-city", "derbyshire-police"):
            actions.write_brief(actor, plan.operation, agency_id=plan.agency(code), text=f"For {code}")
    with at("op_member_a", "op_planning") as actor:
        assert [b["text"] for b in policy.BRIEFS.many(actor, projection="brief.police")] == ["For derbyshire-police"]
    with at("op_member_city", "op_planning") as actor:
        assert policy.BRIEFS.many(actor, projection="brief.city") == []


def test_the_centre_sees_who_is_on_the_way_to_it_and_nobody_else(day, at):
    with day.on_site() as actor:
        coming = actions.record_found(actor, day.sites["B"], age="adult", languages=["ro"], note="Limps")
        actions.record_found(actor, day.sites["B"], age="adult")
        actions.send_to(actor, coming.pk, to="centre", centre_id=day.centre)
    with at("reception_manager", "reception") as actor:
        manifest = policy.FOUND.many(actor, projection="manifest")
        assert [row["reference"] for row in manifest] == [coming.reference]
        assert "note" not in manifest[0]
        assert policy.READINESS.many(actor, projection="readiness")[0]["expected"] == "1-5"
    with at("reception_worker", "reception"):
        assert Found.objects.count() == 0


def test_a_centre_of_another_operation_sees_nothing_of_this_one(day, at, cast):
    with day.planning() as actor:
        policy.CentreLink.objects.filter(operation_id=day.operation).update(agency_id=day.agency("derby-city"))
    with at("reception_manager", "reception") as actor:
        assert policy.FOUND.count(actor) == policy.READINESS.count(actor) == 0


def test_whoever_passes_a_safety_worry_cannot_read_it_back(day, at):
    with at("reception_manager", "reception") as actor:
        actions.pass_safety_worry(actor, day.operation, centre_id=day.centre, text="A car waits outside")
        assert policy.SAFETY_WORRIES.model.objects.count() == 0
    with day.commanding() as actor:
        assert [w["text"] for w in policy.SAFETY_WORRIES.many(actor)] == ["A car waits outside"]


def test_the_case_team_reads_the_operation_and_another_investigator_does_not(day, at, cast):
    with at("investigator", "criminal_investigation") as actor:
        assert policy.OPERATIONS.many(actor) == []
    with day.planning() as actor:
        actions.case_team(actor, day.operation, cast["investigator"].pk)
    with at("investigator", "criminal_investigation") as actor:
        assert policy.OPERATIONS.one(actor, day.operation)["name"] == "Operation Wilberforce"


def test_python_and_the_database_answer_the_question_alike(day, at, cast):
    for part in ("op_member_a", "op_member_c", "op_member_host"):
        with at(part, "op_safety") as actor:
            told = may(actor, "operation", "W", {"site": day.sites["B"]}, "site_found").allowed
            rows = policy.SITES.many(actor, Q(pk=day.sites["B"]), projection="site_found")
            assert told is bool(rows)


def test_what_was_typed_is_nowhere_in_the_tables_in_the_clear(day):
    with day.planning(), connection.cursor() as cursor:
        cursor.execute("SELECT position('Wilberforce'::bytea IN name || objectives) FROM operations_operation")
        assert cursor.fetchall() == [(0,)]


@pytest.mark.parametrize("table", ["operations_logentry", "operations_decision"])
def test_the_log_cannot_be_changed_by_anybody(table, day):
    with day.commanding() as actor:
        actions.log(actor, day.operation, text="All quiet")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(f"UPDATE {table} SET number = 7")


TABLES = [policy.PARTNERS, policy.BRIEFS, policy.READINESS, policy.WARRANTS, policy.PLACES, policy.SITES]


def test_what_is_read_together_is_what_is_read_one_by_one(plan, statements):
    with plan.planning() as actor:
        apart = [table.many(actor, order_by=("id",)) for table in TABLES]
        noted, actor.notes[:] = actor.notes[:], []
        with statements() as sent:
            found = together(actor, *(table.asked(actor, order_by=("id",)) for table in TABLES))
        assert found == apart
        assert [len(rows) for rows in found] == [4, 0, 1, 2, 2, 2]
        assert actor.notes == noted
        assert len(sent) == 1


def test_reading_together_shows_nobody_more(plan, at):
    with at("op_member_c", "op_safety") as actor:
        tables = [policy.SITES, policy.PLACES, policy.LOG]
        assert together(actor, *(table.asked(actor, projection="day_log") for table in tables)) == [[], [], []]


def test_a_question_that_can_match_nothing_is_read_together_with_the_others(plan):
    with plan.planning() as actor:
        nobody = policy.SITES.asked(actor, Q(pk__in=[]))
        assert [len(rows) for rows in together(actor, nobody, policy.SITES.asked(actor))] == [0, 2]
