"""What can be planned, and what the law or plain sense forbids."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.intelligence import actions as intelligence
from wilberforce.intelligence.policy import ITEMS, SUSPECTS
from wilberforce.operations import actions, policy

from .factories import ago, planned, refused


def test_whoever_plans_takes_command_and_stands_on_the_roster(at, cast):
    day = planned(at, cast)
    with day.planning() as actor:
        operation = policy.OPERATIONS.one(actor, day.operation)
        assert (operation["state"], operation["controller_id"]) == ("planned", cast.agencies["derbyshire-police"].pk)
        assert operation["reference"].startswith("OP-")
    assert [row.membership_id for row in policy.roster_of(day.operation)] == [cast["op_commander"].pk]


@pytest.mark.parametrize(("part", "purpose"), [("op_member_a", "op_safety"), ("intel_officer", "intelligence")])
def test_only_a_commander_plans(part, purpose, at):
    with at(part, purpose) as actor, pytest.raises(NotAllowed):
        actions.plan(actor, name="X", objectives="", strand="pursue", planned_for=clock.now())


def test_a_plan_for_a_day_that_is_over_is_refused(at):
    with at("op_commander", "op_planning") as actor, refused("planned_for"):
        actions.plan(actor, name="X", objectives="", strand="pursue", planned_for=ago(days=4))


def test_the_openings_move_with_the_start(plan):
    with plan.planning() as actor:
        actions.write_brief(actor, plan.operation, agency_id=plan.agency("derby-city"), text="Beds", part="site")
        before = policy.OPERATIONS.one(actor, plan.operation)
        later = before["planned_for"] + timedelta(days=2)
        actions.change_plan(actor, plan.operation, name=before["name"], objectives="Same", planned_for=later)
        for table in (policy.SITES, policy.BRIEFS):
            assert {row["opens_at"] for row in table.many(actor)} == {later - timedelta(hours=12)}


def test_the_second_of_two_who_change_the_plan_is_shown_the_first_change(plan):
    with plan.planning() as actor:
        row = policy.OPERATIONS.one(actor, plan.operation)
        given = {"objectives": "Ours", "planned_for": row["planned_for"], "version": row["version"]}
        actions.change_plan(actor, plan.operation, name="First", **given)
        with pytest.raises(Conflict) as conflict:
            actions.change_plan(actor, plan.operation, name="Second", **given)
    assert conflict.value.theirs["name"] == "First"


# Partners and the roster


def test_nobody_joins_the_roster_before_their_agency_says_yes(at, cast):
    day = planned(at, cast)
    with day.planning() as actor:
        with refused("membership_id", "Ask it first"):
            actions.join_roster(actor, day.operation, membership_id=cast["op_member_fire"].pk, part="safety")
        fire = day.agency("derbyshire-fire")
        actions.ask_partner(actor, day.operation, agency_id=fire)
        actions.partner_answers(actor, day.operation, agency_id=fire, answer="no")
        with refused("membership_id"):
            actions.join_roster(actor, day.operation, membership_id=cast["op_member_fire"].pk, part="safety")


def test_a_role_outside_operations_does_not_join_the_roster(plan, cast):
    with plan.planning() as actor, refused("membership_id", "hold no role"):
        actions.join_roster(actor, plan.operation, membership_id=cast["review_officer"].pk, part="custody")


def test_whoever_leaves_the_roster_sees_nothing_from_then_on(day, cast):
    with day.planning() as actor:
        actions.leave_roster(actor, day.operation, membership_id=cast["op_member_b"].pk, why="She is ill")
    with day.on_site("op_member_b") as actor:
        assert policy.SITES.count(actor) == 0


def test_whoever_is_in_command_would_still_see_it_and_is_not_taken_off(day, cast):
    with day.planning() as actor, refused("membership_id", "end their command first"):
        actions.leave_roster(actor, day.operation, membership_id=cast["op_commander"].pk, why="Tired")


def test_an_agency_is_asked_once_and_only_one_that_acts_today(plan):
    with plan.planning() as actor:
        with refused("agency_id", "asked already"):
            actions.ask_partner(actor, plan.operation, agency_id=plan.agency("hmrc"))
        with refused("agency_id", "acts today"):
            actions.ask_partner(actor, plan.operation, agency_id=plan.agency("glaa"))


def test_each_brief_has_its_own_copy_number(plan):
    with plan.planning() as actor:
        for code in ("derby-city", "derbyshire-fire"):
            actions.write_brief(actor, plan.operation, agency_id=plan.agency(code), text="Task", part="date")
        assert sorted(brief["copy"] for brief in policy.BRIEFS.many(actor)) == [1, 2]
        with refused("agency_id"):
            actions.write_brief(actor, plan.operation, agency_id=plan.agency("dwp"), text="Task")


# Sites and warrants


def test_the_force_of_the_area_follows_from_the_place(plan):
    with plan.planning() as actor:
        hosts = {site["ref"]: site["host_force"] for site in policy.SITES.many(actor)}
    assert hosts == {"A": plan.agency("staffordshire-police"), "B": None}


def test_two_sites_of_one_operation_have_two_letters(plan):
    with plan.planning() as actor, refused("ref", "site B already"):
        actions.add_site(actor, plan.operation, ref="b", place="Derby", premises="flat")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ref": "1"}, "ref"),
        ({"premises": "castle"}, "premises"),
        ({"expected": "80"}, "expected"),
        ({"languages": ["tlh"]}, "languages"),
        ({"place": " "}, "place"),
    ],
)
def test_what_no_list_knows_is_refused_beside_its_field(plan, given, field):
    with plan.planning() as actor, refused(field):
        actions.add_site(actor, plan.operation, **({"ref": "C", "place": "Derby", "premises": "flat"} | given))


def test_a_warrant_of_the_future_or_of_last_year_is_refused(plan):
    given = {"power": "pace-8", "court": "A court", "grounds": "Reports"}
    with plan.planning() as actor:
        for issued in (clock.now() + timedelta(hours=1), ago(days=365)):
            with refused("issued_at"):
                actions.add_warrant(actor, plan.sites["B"], issued_at=issued, **given)
        with refused("power"):
            actions.add_warrant(actor, plan.sites["B"], issued_at=ago(days=1), **(given | {"power": "pace-17"}))


def test_the_warrant_lapses_three_months_after_the_day_of_issue(plan):
    with plan.planning() as actor:
        warrant = policy.WARRANTS.many(actor, Q(site_id=plan.sites["B"]))[0]
    assert timedelta(days=88) < warrant["expires_at"] - warrant["issued_at"] < timedelta(days=94)


# What the plan stands on


def told_to_the_desk(at):
    with at("intel_officer", "intelligence") as actor:
        item = intelligence.write_item(
            actor, text="Vans come at night.", source_grade=2, assessment="C", handling="P", conditions=""
        )
        return item.pk, intelligence.note_suspect(actor, description="A man with a ring of keys").pk


@pytest.mark.parametrize("spoken", ["OP-{}", " op {} ", "{}"])
def test_the_desk_gives_an_item_to_the_operation_whose_reference_the_commander_says(plan, at, spoken):
    item, man = told_to_the_desk(at)
    with plan.planning() as actor:
        letters = policy.OPERATIONS.one(actor, plan.operation)["reference"].removeprefix("OP-")
        assert ITEMS.many(actor) == []
    said = spoken.format(letters.lower())
    with at("intel_officer", "intelligence") as actor:
        with refused("reference", "No operation of your force"):
            actions.adopt_item(actor, item, reference="OP-222222")
        actions.adopt_item(actor, item, reference=said)
        actions.adopt_suspect(actor, man, reference=said)
    with plan.planning() as actor:
        assert [row["text"] for row in ITEMS.many(actor)] == ["Vans come at night."]
        assert [row["description"] for row in SUSPECTS.many(actor)] == ["A man with a ring of keys"]


def test_nothing_is_given_to_an_operation_that_is_over_or_of_another_force(over, at):
    item, _ = told_to_the_desk(at)
    with over.planning() as actor:
        reference = policy.OPERATIONS.one(actor, over.operation)["reference"]
    with at("intel_officer", "intelligence") as actor, refused("reference"):
        actions.adopt_item(actor, item, reference=reference)
    with over.planning() as actor, connection.cursor() as cursor:
        cursor.execute("SELECT operations_called(%s)", [reference])
        assert cursor.fetchall() == []


# What the plan said before


def said_before(actor, plan):
    return policy.FORMER_PLANS.many(actor, Q(operation_id=plan.operation), order_by=("replaced_at", "id"))


def test_what_the_plan_said_before_stays_with_the_reason(plan):
    with plan.planning() as actor:
        row = policy.OPERATIONS.one(actor, plan.operation)
        given = {"name": row["name"], "planned_for": row["planned_for"]}
        actions.change_plan(actor, plan.operation, objectives="Another aim", why="The council asked.", **given)
        (former,) = said_before(actor, plan)
    assert json.loads(former["was"])["objectives"] == row["objectives"]
    assert former["why"] == "The council asked."


def test_a_site_that_lies_in_another_area_after_all_loses_the_agreement_of_the_force_there(plan):
    said = {"address": "2 Mill Lane", "premises": "car-wash", "expected": "1-5", "languages": ["ro"]}
    said["plan"] = "One gate, to the lane."
    with plan.planning() as actor:
        actions.record_host_agreement(actor, plan.sites["A"], agreed_by="A duty officer", at=ago(hours=1))
        version = policy.SITES.one(actor, plan.sites["A"])["version"]
        actions.correct_site(actor, plan.sites["A"], place="Derby", why="The wrong town.", version=version, **said)
        site = policy.SITES.one(actor, plan.sites["A"])
        (place,) = policy.PLACES.many(actor, Q(site_id=plan.sites["A"]))
        formers = said_before(actor, plan)
    assert (place["place"], place["address"], place["plan"]) == ("Derby", "2 Mill Lane", "One gate, to the lane.")
    assert (site["host_force"], site["host_agreed_at"]) == (None, None)
    assert {former["why"] for former in formers} == {"The wrong town."}
    assert any("address" in json.loads(former["was"]) for former in formers)


@pytest.mark.parametrize("why", ["", "  "])
def test_a_site_is_not_corrected_without_a_reason(plan, why):
    said = {"address": "", "premises": "car-wash", "expected": "1-5", "languages": []}
    with plan.planning() as actor, refused("why"):
        actions.correct_site(actor, plan.sites["A"], place="Derby", why=why, **said)


def test_a_corrected_warrant_lapses_by_its_true_time_of_issue(plan):
    with plan.planning() as actor:
        before = policy.WARRANTS.many(actor, Q(site_id=plan.sites["B"]))[0]
        said = {name: before[name] for name in ("power", "grounds", "entries")}
        issued = before["issued_at"] - timedelta(days=20)
        actions.correct_warrant(
            actor, before["id"], court="Derby Magistrates", issued_at=issued, named_agencies=[], why="Misread.", **said
        )
        after = policy.WARRANTS.one(actor, before["id"])
        due = Deadline.objects.get(OPEN, subject_id=before["id"], rule="warrant")
        (former,) = said_before(actor, plan)
    assert after["expires_at"] == due.due_at < before["expires_at"]
    assert json.loads(former["was"])["court"] == before["court"]
