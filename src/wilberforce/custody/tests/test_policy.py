"""Who sees an arrest and a custody record, and who never does."""

from typing import Any

import pytest
from django.db import connection, transaction

from wilberforce.agencies.models import Membership, RoleHeld
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.custody import actions, policy
from wilberforce.custody.models import Absence, Arrest, Detention, Outcome, Review
from wilberforce.operations.models import CaseMember
from wilberforce.operations.tests.factories import ago

from .conftest import TRAFFICKING, Suite


def seen(actor: Any) -> tuple[int, int]:
    found = []
    for table, projection in ((policy.ARRESTS, "arrest"), (policy.DETENTIONS, "detention")):
        try:
            found.append(len(table.many(actor, projection=projection)))
        except NotAllowed:
            found.append(0)
    return found[0], found[1]


def arrests_seen(suite: Suite, part: str, purpose: str) -> int:
    try:
        with suite.day.at(part, purpose) as actor:
            return seen(actor)[0]
    except NotAllowed:
        return 0


def test_without_a_context_there_is_nothing(suite: Suite) -> None:
    suite.detained()
    with transaction.atomic():
        assert [model.objects.count() for model in (Arrest, Detention, Review, Absence, Outcome)] == [0] * 5


@pytest.mark.parametrize(
    ("part", "purpose"),
    [("op_member_a", "op_safety"), ("op_member_b", "op_safety"), ("op_commander", "op_safety")],
)
def test_police_of_the_operation_see_who_is_arrested(suite: Suite, part: str, purpose: str) -> None:
    suite.arrest()
    assert arrests_seen(suite, part, purpose) == 1


@pytest.mark.parametrize(
    ("part", "purpose"),
    [
        ("op_member_c", "op_safety"),  # of the force, not of the operation
        ("op_member_fire", "op_safety"),
        ("op_member_city", "op_safety"),
        ("op_commander", "op_planning"),
        ("intel_officer", "intelligence"),
        ("investigator", "criminal_investigation"),
        ("comms_officer", "public_info"),
        ("reception_manager", "reception"),
        ("partner_hmrc", "regulatory"),
        ("guardian_police", "oversight"),
        ("custody_officer", "custody"),  # not on shift
    ],
)
def test_nobody_else_sees_an_arrest(suite: Suite, part: str, purpose: str) -> None:
    suite.arrest()
    assert arrests_seen(suite, part, purpose) == 0


def test_another_forces_custody_officer_sees_nothing(suite: Suite, cast: Any) -> None:
    suite.detained()
    host = cast["op_member_host"]
    RoleHeld.objects.create(membership=host, role="custody_officer")
    with suite.duty("op_member_host") as actor:
        assert seen(actor) == (0, 0)


def test_the_force_that_takes_a_person_over_takes_the_arrest_over(suite: Suite, cast: Any) -> None:
    suite.arrest(taken_to=cast.agencies["staffordshire-police"].pk)
    RoleHeld.objects.create(membership=cast["op_member_host"], role="custody_officer")
    with suite.duty("op_member_host") as actor:
        assert seen(actor) == (1, 0)


def test_a_custody_officer_on_shift_sees_the_arrest_and_the_record(suite: Suite) -> None:
    suite.detained()
    with suite.duty() as actor:
        assert seen(actor) == (1, 1)


def test_whoever_arrested_somebody_is_not_their_custody_officer(suite: Suite, cast: Any) -> None:
    held = suite.detained()
    RoleHeld.objects.create(membership=cast["op_member_a"], role="custody_officer")
    with suite.duty("op_member_a") as actor:
        assert seen(actor) == (0, 0)
        with pytest.raises(NotAllowed):
            actions.authorise(actor, held, at=clock.now(), grounds="To secure evidence")


def test_an_investigator_of_the_case_is_not_its_reviewer(suite: Suite, cast: Any) -> None:
    held = suite.detained()
    join_case(suite, cast["review_officer"])
    with suite.duty("review_officer") as actor:
        assert seen(actor) == (0, 0)
        with pytest.raises(NotAllowed):
            actions.review(actor, held, at=clock.now(), decision="continue", reason="Needed")


def test_an_investigator_reads_the_record_of_their_case_and_writes_nothing_in_it(suite: Suite, cast: Any) -> None:
    held = suite.detained()
    join_case(suite, cast["investigator"])
    with suite.day.at("investigator", "criminal_investigation") as actor:
        assert seen(actor) == (1, 1)
        with pytest.raises(NotAllowed):
            policy.DETENTIONS.change(actor, held, {"ended_at": clock.now()}, projection="detention")


def test_an_arresting_officer_does_not_see_the_custody_record(suite: Suite) -> None:
    suite.detained()
    with suite.day.on_site() as actor:
        assert seen(actor) == (1, 0)


def test_an_officer_who_is_not_on_the_roster_arrests_nobody(suite: Suite) -> None:
    with pytest.raises(NotAllowed):
        suite.arrest(part="op_member_c")


def test_the_charity_arrests_nobody(suite: Suite) -> None:
    with pytest.raises(NotAllowed), suite.day.at("reception_manager", "reception") as actor:
        actions.arrest(
            actor, suite.day.operation, site_id=None, label="man 9", sex="male", ages=[], offences=[TRAFFICKING],
            at=ago(minutes=1), place="The hall",
        )  # fmt: skip


def test_what_was_typed_of_a_suspect_is_never_plain_in_the_database(suite: Suite) -> None:
    suite.arrest("Nemo Invented", place="Invented Row")
    with suite.day.on_site(), connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM custody_arrest a")
        row = cursor.fetchone()[0]
    for word in ("Nemo", "Invented Row"):
        assert word not in row
        assert word.encode().hex() not in row


def join_case(suite: Suite, membership: Membership) -> None:
    CaseMember.objects.create(operation_id=suite.day.operation, membership_id=membership.pk)
