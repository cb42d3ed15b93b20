"""What can happen, and what the law or plain sense forbids."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Q

from wilberforce.base import clock, registries
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.operations import actions, board, policy
from wilberforce.operations.models import Warrant

from .factories import ago, planned


def refused(field=None, match=None):
    """The action is refused, and beside which field."""
    return _Refused(field, match)


class _Refused:
    def __init__(self, field, match):
        self.field, self.raises = field, pytest.raises(RuleBroken, match=match)

    def __enter__(self):
        self.broken = self.raises.__enter__()

    def __exit__(self, *told):
        swallowed = self.raises.__exit__(*told)
        assert self.field is None or self.broken.value.field == self.field
        return swallowed


def test_whoever_plans_takes_command_and_stands_on_the_roster(at, cast):
    day = planned(at, cast)
    with day.planning() as actor:
        operation = policy.OPERATIONS.one(actor, day.operation)
        assert (operation["state"], operation["controller_id"]) == ("planned", cast.agencies["derbyshire-police"].pk)
        assert operation["reference"].startswith("OP-")
        assert policy.led_by(actor) == [day.operation]
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
        actions.join_roster(actor, plan.operation, membership_id=cast["custody_officer"].pk, part="custody")


def test_whoever_leaves_the_roster_sees_nothing_from_then_on(day, cast):
    with day.planning() as actor:
        actions.leave_roster(actor, day.operation, membership_id=cast["op_member_b"].pk)
    with day.on_site("op_member_b") as actor:
        assert policy.SITES.count(actor) == 0


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


# The day


def start(day, **ago_):
    with day.commanding() as actor:
        actions.go_live(actor, day.operation, at=ago(**(ago_ or {"hours": 1})))


def agreed(day):
    with day.planning() as actor:
        actions.record_host_agreement(actor, day.sites["A"], agreed_by="The duty superintendent", at=ago(hours=3))


def test_a_site_outside_the_own_area_is_not_entered_before_the_host_agrees(plan):
    start(plan)
    with plan.on_site() as actor, refused("state", "Staffordshire Police"):
        actions.move_site(actor, plan.sites["A"], state="entered")
    agreed(plan)
    with plan.on_site() as actor:
        assert actions.move_site(actor, plan.sites["A"], state="entered").entry_power == "pace-8"


def test_nobody_agrees_for_an_area_that_is_the_own(plan):
    with plan.planning() as actor, refused():
        actions.record_host_agreement(actor, plan.sites["B"], agreed_by="Somebody", at=ago(hours=1))


def test_no_site_is_entered_before_the_operation_starts(plan):
    with plan.on_site() as actor, refused("state", "not been started"):
        actions.move_site(actor, plan.sites["B"], state="entered")


def test_entry_under_a_warrant_that_has_lapsed_is_refused(plan):
    start(plan)
    with plan.commanding():
        Warrant.objects.update(issued_at=ago(days=120))
    with plan.on_site() as actor, refused("at", "expired"):
        actions.move_site(actor, plan.sites["B"], state="entered")


def test_without_any_warrant_the_power_is_named(plan):
    start(plan)
    with plan.planning() as actor:
        site = actions.add_site(actor, plan.operation, ref="C", place="Derby", premises="flat").pk
    with plan.on_site() as actor:
        with refused("power", "No warrant"):
            actions.move_site(actor, site, state="entered")
        assert actions.move_site(actor, site, state="entered", power="pace-17").entry_power == "pace-17"


def test_a_partner_that_the_warrant_does_not_name_waits_outside(plan):
    start(plan)
    fire, city = plan.agency("derbyshire-fire"), plan.agency("derby-city")
    with plan.on_site() as actor:
        with refused("entering", "Derby City Council"):
            actions.move_site(actor, plan.sites["B"], state="entered", entering=[fire, city])
        assert actions.move_site(actor, plan.sites["B"], state="entered", entering=[fire]).entered_at


@pytest.mark.parametrize("state", ["secured", "searching", "left"])
def test_a_site_that_was_not_entered_is_not_left(plan, state):
    start(plan)
    with plan.on_site() as actor, refused("state"):
        actions.move_site(actor, plan.sites["B"], state=state)


def test_times_at_a_site_stand_in_their_order_and_not_in_the_future(day):
    with day.on_site() as actor:
        with refused("at", "before"):
            actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=55))
        with refused("at", "future"):
            actions.move_site(actor, day.sites["B"], state="left", at=clock.now() + timedelta(minutes=5))
        with refused("state", "already"):
            actions.move_site(actor, day.sites["B"], state="entered", at=ago(minutes=20))
        actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=5))
        assert board.day(actor, day.operation)["sites"][1]["state"] == "left"


def test_two_officers_who_record_the_same_site_see_each_other(day):
    with day.on_site() as actor:
        version = policy.SITES.one(actor, day.sites["B"], projection="day_log")["version"]
        actions.move_site(actor, day.sites["B"], state="secured", version=version)
        with pytest.raises(Conflict):
            actions.move_site(actor, day.sites["B"], state="searching", version=version)


def test_a_person_found_has_a_reference_and_no_name(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="not-sure", languages=["ti"], note="ኣብ ገዛ")
        kept = policy.FOUND.one(actor, person.pk, projection="site_found")
    assert kept["reference"].startswith("P-")
    assert (kept["note"], kept["languages"]) == ("ኣብ ገዛ", ["ti"])


def test_nobody_is_found_at_a_site_before_it_is_entered(day):
    with day.on_site() as actor:
        with refused(match="not been entered"):
            actions.record_found(actor, day.sites["A"], age="adult")
        with refused("at", "before"):
            actions.record_found(actor, day.sites["B"], age="adult", at=ago(hours=2))


def test_a_person_does_not_set_off_before_they_are_found(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=10))
        with refused("at", "before"):
            actions.send_to(actor, person.pk, to="hospital", at=ago(minutes=20))
        with refused("at", "future"):
            actions.send_to(actor, person.pk, to="hospital", at=clock.now() + timedelta(hours=1))


@pytest.mark.parametrize("age", ["child", "not-sure"])
def test_a_child_or_a_person_who_may_be_one_does_not_leave_alone(day, age):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age=age)
        with refused("to", "does not leave alone"):
            actions.send_to(actor, person.pk, to="left")
        assert actions.send_to(actor, person.pk, to="centre", centre_id=day.centre).heading_to == "centre"


def test_people_go_only_to_a_centre_that_works_for_this_operation(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult")
        for centre in (None, uuid4()):
            with refused("centre_id"):
                actions.send_to(actor, person.pk, to="centre", centre_id=centre)


def test_the_other_force_on_the_roster_records_for_the_lead_force(day, cast):
    agreed(day)
    with day.planning() as actor:
        actions.join_roster(actor, day.operation, membership_id=cast["op_member_host"].pk, part="entry")
    with day.on_site("op_member_host") as actor:
        actions.move_site(actor, day.sites["A"], state="entered", at=ago(minutes=1))
        person = actions.record_found(actor, day.sites["A"], age="adult")
    assert person.controller_id == day.agency("derbyshire-police")


def test_the_log_is_numbered_and_a_correction_stands_beside_the_entry(day):
    with day.on_site() as actor:
        first = actions.log(actor, day.operation, text="Door open at 5", site_id=day.sites["B"])
        second = actions.correct_entry(actor, first.pk, text="Door open at 5.30")
        assert (first.number, second.number, second.corrects) == (1, 2, first.pk)
        with refused("at", "future"):
            actions.log(actor, day.operation, text="Soon", at=clock.now() + timedelta(minutes=2))
    with day.on_site("op_member_b") as actor:
        assert [entry["text"] for entry in board.day(actor, day.operation)["entries"]] == [
            "Door open at 5.30",
            "Door open at 5",
        ]


def test_a_decision_is_the_commanders_and_is_reviewed_after_it_was_taken(day):
    told = {"information": "Two more", "threat": "", "powers": "PACE", "options": "Wait", "decision": "Go now"}
    with day.commanding() as actor:
        assert actions.decide(actor, day.operation, **told).number == 1
        with refused("review_at"):
            actions.decide(actor, day.operation, **told, review_at=ago(hours=1))
    with day.on_site() as actor, pytest.raises(NotAllowed):
        actions.decide(actor, day.operation, **told)


def test_an_operation_is_closed_when_every_site_is_left_and_everybody_has_set_off(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult")
    with day.commanding() as actor, refused(match="Site B has not been left yet. 1 of the people"):
        actions.close(actor, day.operation)
    with day.on_site() as actor:
        actions.send_to(actor, person.pk, to="left")
        actions.move_site(actor, day.sites["B"], state="left")
    with day.commanding() as actor:
        assert actions.close(actor, day.operation).state == "closed"


def test_a_later_stage_can_hold_the_closing_back(day, monkeypatch):
    with day.on_site() as actor:
        actions.move_site(actor, day.sites["B"], state="left")
    monkeypatch.setitem(registries._blockers, "operations.close", [lambda actor, operation: "Somebody is in custody."])
    with day.commanding() as actor, refused(match="Somebody is in custody"):
        actions.close(actor, day.operation)


def test_the_centre_is_run_by_the_partner_that_said_yes(at, cast):
    day = planned(at, cast)
    with day.planning() as actor:
        with refused("centre_id", "Ask the agency"):
            actions.link_centre(actor, day.operation, day.centre)
        actions.ask_partner(actor, day.operation, agency_id=day.agency("red-cross"))
        actions.partner_answers(actor, day.operation, agency_id=day.agency("red-cross"), answer="yes")
        assert actions.link_centre(actor, day.operation, day.centre).agency_id == day.agency("red-cross")
        with refused("centre_id", "already"):
            actions.link_centre(actor, day.operation, day.centre)


def test_the_address_of_the_centre_is_told_by_the_commander_and_opens_to_no_one_off_shift(plan, at):
    with plan.planning() as actor:
        actions.tell_centre_address(actor, plan.operation, centre_id=plan.centre, address="1 Invented Way")
        actions.tell_centre_address(actor, plan.operation, centre_id=plan.centre, address="2 Invented Way")
        assert [row["address"] for row in policy.CENTRE_ADDRESSES.many(actor)] == ["2 Invented Way"]
    with at("reception_worker", "reception") as actor:
        assert policy.CENTRE_ADDRESSES.many(actor, projection="centre_address") == []


def test_the_operation_of_april_2018_is_judged_by_the_warrant_of_its_time():
    from wilberforce.operations.rules import Warrant as Paper
    from wilberforce.operations.rules import may_enter_under

    paper = Paper(datetime(2018, 2, 1, 9, tzinfo=UTC))
    assert may_enter_under(paper, datetime(2018, 4, 17, 5, tzinfo=UTC)) == ""
    assert "expired" in may_enter_under(paper, datetime(2018, 5, 3, 5, tzinfo=UTC))
