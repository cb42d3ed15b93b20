"""Breaking the glass: one person, four hours, alarms, reviews; and a safe address while a life is at risk."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.agencies.models import SubjectBlock
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines.models import Deadline
from wilberforce.ledger.policy import LEAVES
from wilberforce.operations import actions as operations
from wilberforce.operations.models import Roster, Task
from wilberforce.reception import actions as reception
from wilberforce.reception import board
from wilberforce.sharing import emergencies, rules
from wilberforce.sharing.models import Emergency
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import IDENTITIES, NEXT_PLACES, PEOPLE

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def reference(person, at):
    """Somebody at the Red Cross's centre, whose next place is recorded."""
    with at("reception_manager", "reception") as actor:
        survivors.record_next_place(actor, person, kind="victim-care", address="1 Nowhere Lane")
        return PEOPLE.one(actor, person)["reference"]


@pytest.fixture
def threatened(at, reference):
    """The commander asks, with the force's reference, so long ago."""

    def asked(ago=timedelta(), **said):
        with at("op_commander", "op_safety") as actor:
            words = {"reference": reference, "reason": "threat", "threat_reference": "TTL/0142"} | said
            with at_time(clock.now() - ago):
                return emergencies.break_glass(actor, **words)

    return asked


def at_time(moment):
    return patch.object(clock, "now", lambda: moment)


def addresses(at, part="op_commander", purpose="op_safety"):
    with at(part, purpose) as actor:
        return [row["address"] for row in NEXT_PLACES.many(actor)]


def answers(at, found, said="yes", part="reception_manager"):
    with at(part, "support") as actor:
        return emergencies.answer_call(actor, found.pk, said=said)


def seconds(at, found, part="review_officer", purpose="custody"):
    with at(part, purpose) as actor:
        return emergencies.agree_as_second(actor, found.pk)


def test_police_see_no_safe_address_by_asking_alone(at, threatened):
    threatened()
    assert addresses(at) == []


def test_a_safe_address_opens_with_the_yes_of_whoever_holds_it(at, threatened):
    answers(at, threatened())
    assert addresses(at) == ["1 Nowhere Lane"]


def test_the_other_agencys_no_keeps_it_shut_and_a_second_officer_cant_overrule_it(at, threatened):
    found = threatened(ago=3 * MINUTE)
    answers(at, found, said="no")
    assert addresses(at) == []
    with pytest.raises(RuleBroken, match="its answer counts"):
        seconds(at, found)


@pytest.mark.parametrize(("ago", "opens"), [(119, False), (121, True), (600, True)], ids=["119 s", "121 s", "600 s"])
def test_after_two_unanswered_minutes_an_officer_of_another_command_opens_it(at, threatened, ago, opens):
    found = threatened(ago=timedelta(seconds=ago))
    if not opens:
        with pytest.raises(RuleBroken, match="two minutes"):
            seconds(at, found)
        return
    seconds(at, found)
    assert addresses(at) == ["1 Nowhere Lane"]


def test_a_late_no_of_the_other_agency_shuts_it_again(at, threatened):
    found = threatened(ago=3 * MINUTE)
    seconds(at, found)
    answers(at, found, said="no")
    assert addresses(at) == []


def test_a_yes_that_comes_after_ten_minutes_is_too_late(at, threatened):
    answers(at, threatened(ago=11 * MINUTE))
    assert addresses(at) == []


def test_nobody_seconds_their_own_request(at, threatened):
    found = threatened(ago=3 * MINUTE)
    with pytest.raises(NotAllowed):
        seconds(at, found, "op_commander", "op_safety")
    with at("op_commander", "op_safety"), pytest.raises(ProgrammingError), transaction.atomic():
        Emergency.objects.filter(pk=found.pk).update(second_by=found.membership_id, second_at=clock.now())


def test_the_database_takes_an_answer_from_nobody_but_whoever_gives_it(at, cast, threatened):
    found, other = threatened(ago=3 * MINUTE), cast["review_officer"].pk
    for part, purpose, forged in (
        ("op_commander", "op_safety", {"second_by": other, "second_at": clock.now()}),
        ("op_commander", "op_safety", {"peer_by": other, "peer_said": "yes", "peer_at": clock.now()}),
        ("guardian_police", "oversight", {"holder_review_by": cast["guardian_redcross"].pk}),
    ):
        with at(part, purpose), pytest.raises(ProgrammingError), transaction.atomic():
            Emergency.objects.filter(pk=found.pk).update(**forged)


def test_an_officer_of_the_same_operation_is_no_second_command(at, cast, threatened):
    found = threatened(ago=3 * MINUTE)
    with at("op_commander", "op_planning") as actor:
        linnet = operations.plan(
            actor, name="Linnet", objectives="Find people", strand="pursue", planned_for=clock.now() + HOUR
        )
    officer = cast["review_officer"]
    Roster.objects.create(
        operation_id=linnet.pk, membership_id=officer.pk, agency_id=officer.agency_id, part=Task.COMMAND
    )
    with pytest.raises(RuleBroken, match="another command"):
        seconds(at, found)


@pytest.mark.parametrize("part", ["reception_worker", "guardian_redcross", "emergency_duty"])
def test_only_somebody_on_call_in_the_holding_agency_answers(at, threatened, part):
    purpose = "oversight" if part == "guardian_redcross" else "support"
    found = threatened()
    with pytest.raises(NotAllowed), at(part, purpose) as actor:
        emergencies.answer_call(actor, found.pk, said="yes")


def test_without_the_forces_reference_nothing_is_asked(threatened):
    with pytest.raises(RuleBroken, match="reference for the threat"):
        threatened(threat_reference=" ")


def test_an_unknown_reference_is_answered_in_the_same_way_and_opens_nothing(at, threatened):
    known, unknown = threatened(), threatened(reference="NOBODY-1")
    same = {"purpose", "reason", "threat_reference", "membership_id", "agency_id", "peer_said"}
    assert {name: getattr(known, name) for name in same} == {name: getattr(unknown, name) for name in same}
    assert addresses(at) == []


def test_both_agencies_guardians_are_alarmed_at_once_and_have_a_day(cast, threatened):
    found = threatened()
    due = {one.agency_id: one.due_at for one in Deadline.objects.filter(subject_id=found.pk)}
    assert set(due) == {cast["op_commander"].agency_id, cast["reception_manager"].agency_id}
    assert set(due.values()) == {found.opened_at + 24 * HOUR}


def test_each_agency_reviews_for_itself_and_once(at, threatened):
    found = threatened()
    for part in ("guardian_police", "guardian_redcross"):
        with at(part, "oversight") as actor:
            emergencies.review(actor, found.pk, verdict="right")
        with pytest.raises(RuleBroken, match="reviewed this already"), at(part, "oversight") as actor:
            emergencies.review(actor, found.pk, verdict="wrong")
    assert not Deadline.objects.filter(subject_id=found.pk, met_at=None).exists()


def test_a_third_agencys_guardian_knows_of_no_emergency(at, threatened):
    found = threatened()
    with at("guardian_city", "oversight") as actor:
        assert emergencies.for_guardian(actor) == []
    with pytest.raises(NotAllowed), at("guardian_city", "oversight") as actor:
        emergencies.review(actor, found.pk, verdict="right")


@pytest.mark.parametrize(("hours", "stopped"), [(71, False), (73, True)], ids=["71 h", "73 h"])
def test_whoever_was_not_reviewed_within_three_days_breaks_no_other_glass(at, threatened, hours, stopped):
    found = threatened(ago=hours * HOUR)
    if not stopped:
        threatened()
        return
    with pytest.raises(RuleBroken, match="three days"):
        threatened()
    with at("guardian_police", "oversight") as actor:
        emergencies.review(actor, found.pk, verdict="right")
    threatened()


@pytest.mark.parametrize(("ago", "seen"), [(239, 1), (241, 0)], ids=["239 min", "241 min"])
def test_it_is_over_after_four_hours(at, person, reference, ago, seen):
    with at("reception_manager", "reception") as actor:
        survivors.record_identity(actor, person, given_names="Dorrit")
    with at("emergency_duty", "support") as actor, at_time(clock.now() - timedelta(minutes=ago)):
        emergencies.break_glass(actor, reference=reference, reason="child", threat_reference="TTL/0143")
    with at("emergency_duty", "support") as actor:
        assert len(IDENTITIES.many(actor)) == seen


def test_it_opens_one_person_and_nobody_else_at_the_centre(at, threatened):
    with at("reception_manager", "reception") as actor:
        centre = board.centres_of(actor)[0]["id"]
        other = reception.arrive(actor, centre, age="adult", languages=["ro"])
    with at("reception_manager", "reception") as actor:
        survivors.record_next_place(actor, other.pk, kind="victim-care", address="2 Nowhere Lane")
    answers(at, threatened())
    assert addresses(at) == ["1 Nowhere Lane"]


def test_nobody_without_a_rule_for_emergencies_breaks_the_glass(at, reference):
    with pytest.raises(NotAllowed), at("investigator", "criminal_investigation") as actor:
        emergencies.break_glass(actor, reference=reference, reason="threat", threat_reference="TTL/1")


def test_a_block_that_the_person_asked_for_is_stronger_than_the_glass(at, cast, person, threatened):
    found = threatened()
    answers(at, found)
    SubjectBlock.objects.create(subject_id=person, agency_id=cast["op_commander"].agency_id)
    assert addresses(at) == []


def test_the_ledger_holds_who_asked_who_answered_and_what_was_read(at, person, threatened):
    answers(at, threatened())
    addresses(at)
    with at("auditor", "oversight") as actor:
        kept = LEAVES.many(actor, limit=20)
    assert {"emergency", "location"} <= {leaf["subject_class"] for leaf in kept}


moments = st.integers(min_value=-3600, max_value=5 * 24 * 3600).map(lambda s: timedelta(seconds=s))


@given(asked=moments, answered=st.none() | moments)
def test_at_no_moment_may_a_second_agree_while_the_call_can_still_be_answered_or_was(asked, answered):
    opened = clock.now()
    replied = None if answered is None else opened + answered
    may = rules.second_may_agree(opened, replied, opened + asked)
    assert may == (answered is None and asked >= 2 * MINUTE)


@given(asked=moments, reviewed=st.none() | moments)
def test_at_every_moment_the_glass_is_open_for_four_hours_and_unreviewed_it_suspends_after_three_days(asked, reviewed):
    opened = clock.now()
    assert rules.glass_open(opened, opened + asked) == (timedelta() <= asked < 4 * HOUR)
    at_review = None if reviewed is None else opened + reviewed
    assert rules.suspends(opened, at_review, opened + asked) == (reviewed is None and asked >= 72 * HOUR)


def test_the_persons_worker_is_alarmed_at_once_and_the_guardian_reads_what_they_say(
    at, cast, person, threatened, signed_in
):
    opened = threatened()
    with at("safeguarding_lead", "support") as actor:
        (alarm,) = emergencies.alarms(actor)
    assert (alarm["agency"], alarm["seen_at"]) == ("Derbyshire Constabulary", None)
    worker = signed_in("safeguarding_lead")
    assert "opened in an emergency" in worker.get("/my-work/").content.decode()
    assert "on the way to hurt them" in worker.get("/support/alarms/").content.decode()
    assert worker.post(f"/support/alarms/{alarm['id']}/", {"purpose": "support", "said": "not"}).status_code == 302
    review = signed_in("guardian_police").get(f"/oversight/emergencies/{opened.pk}/").content.decode()
    assert "It does not fit: somebody should look; has not seen it yet" in review
    assert "opened in an emergency" not in worker.get("/my-work/").content.decode()


def test_nobody_is_alarmed_of_a_reference_that_nobody_has_nor_of_anothers_people(at, cast, threatened):
    threatened(reference="P-ZZZZZZ")
    for part, purpose in (
        ("safeguarding_lead", "support"),
        ("housing_officer", "support"),
        ("reception_worker", "support"),
    ):
        with at(part, purpose) as actor:
            assert emergencies.alarms(actor) == []


def test_nobody_says_that_another_has_seen_it(at, cast, person, threatened):
    threatened()
    with at("safeguarding_lead", "support") as actor:
        (alarm,) = emergencies.alarms(actor)
    with at("housing_officer", "support") as actor, pytest.raises(NotAllowed):
        emergencies.seen(actor, alarm["id"], said="fits")
