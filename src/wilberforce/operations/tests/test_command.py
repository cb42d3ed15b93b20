"""Who commands: gold, silver and a bronze for each site and task, and command that is handed on."""

from datetime import timedelta

import pytest

from wilberforce.agencies.models import Membership, RoleHeld, User
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.operations import actions, policy
from wilberforce.operations.models import Bronze, Command

from .factories import refused
from .test_pages import send, to

SECOND = "second commander"


@pytest.fixture
def second(cast):
    """Another commander of the lead force."""
    user = User.objects.join("second.commander@example.org", "Winifred Larkspur", None)
    begins = cast["op_commander"].starts
    post = Membership.objects.create(user=user, agency=cast.agencies["derbyshire-police"], starts=begins, vetting=2)
    RoleHeld.objects.create(membership=post, role="op_commander", starts=begins)
    cast.people[SECOND] = post
    yield post
    del cast.people[SECOND]


def test_each_site_and_each_task_has_its_bronze_and_the_plan_names_them(plan, signed_in):
    with plan.planning() as actor:
        actions.name_bronze(
            actor, plan.operation, charge="site", site_id=plan.sites["B"], membership_id=plan.cast["op_member_a"].pk
        )
        actions.name_bronze(actor, plan.operation, charge="reception", membership_id=plan.cast["op_member_b"].pk)
    shown = signed_in("op_commander").get(to("op_planning:plan", plan.operation)).content.decode()
    assert "Bronze: Site B" in shown
    assert "Bronze: Reception centre" in shown


def test_a_bronze_is_of_the_roster_and_the_next_relieves_the_one_before(plan):
    told = {"charge": "site", "site_id": plan.sites["A"]}
    with plan.planning() as actor:
        with refused("membership_id", "roster first"):
            actions.name_bronze(actor, plan.operation, membership_id=plan.cast["op_member_host"].pk, **told)
        for part in ("op_member_a", "op_member_b"):
            actions.name_bronze(actor, plan.operation, membership_id=plan.cast[part].pk, **told)
        with refused("site_id", "Choose the site"):
            actions.name_bronze(actor, plan.operation, charge="site", membership_id=plan.cast["op_member_a"].pk)
    (now,) = Bronze.objects.filter(operation_id=plan.operation, until=None)
    assert now.membership_id == plan.cast["op_member_b"].pk
    assert Bronze.objects.filter(operation_id=plan.operation).count() == 2


def test_being_a_bronze_opens_nothing_that_the_roster_does_not(plan, at):
    with plan.planning() as actor:
        actions.name_bronze(actor, plan.operation, charge="words", membership_id=plan.cast["op_member_a"].pk)
    with pytest.raises(NotAllowed), at("op_member_a", "op_planning") as actor:
        policy.OPERATIONS.one(actor, plan.operation)


def test_a_second_commander_sees_the_plan_from_the_moment_that_command_is_given(plan, at, second):
    with pytest.raises(NotAllowed), at(SECOND, "op_planning") as actor:
        policy.OPERATIONS.one(actor, plan.operation)
    with plan.planning() as actor:
        actions.name_commander(actor, plan.operation, level="gold", membership_id=second.pk)
    with at(SECOND, "op_planning") as actor:
        assert policy.OPERATIONS.one(actor, plan.operation)["threat"]


def test_silver_is_relieved_only_when_the_next_silver_is_named(plan, at, second):
    first = Command.objects.get(operation_id=plan.operation)
    with plan.planning() as actor:
        with refused("command_id", "never without one"):
            actions.end_command(actor, plan.operation, command_id=first.pk, why="Her duty ends")
        actions.name_commander(actor, plan.operation, level="silver", membership_id=second.pk)
    with at(SECOND, "op_planning") as actor:
        actions.end_command(actor, plan.operation, command_id=first.pk, why="Her duty ends")
    first.refresh_from_db()
    assert clock.now() - first.until < timedelta(minutes=1)
    with pytest.raises(NotAllowed), plan.planning() as actor:
        policy.OPERATIONS.one(actor, plan.operation)


def test_command_is_given_on_its_page_to_commanders_of_the_lead_force_alone(plan, signed_in, second):
    commander, url = signed_in("op_commander"), to("op_planning:plan_add", plan.operation, "commander")
    foreign = {"level": "gold", "membership_id": plan.cast["op_member_fire"].pk}
    assert send(commander, url, "op_planning", **foreign).status_code == 200
    assert send(commander, url, "op_planning", level="gold", membership_id=second.pk).status_code == 302
    assert "Gold (strategic)" in commander.get(to("op_planning:plan", plan.operation)).content.decode()
