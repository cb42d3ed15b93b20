"""Somebody tells us, an officer takes it by name, and it is judged."""

from datetime import timedelta

import pytest

from wilberforce.agencies.models import Area, Membership
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.concerns import actions, proofs
from wilberforce.concerns.models import Report, Source
from wilberforce.concerns.policy import MESSAGES, REPORTS
from wilberforce.concerns.rules import Priority
from wilberforce.deadlines.policy import due_for
from wilberforce.ledger.doors import at_public_door

OWN = ["report_raw:R:own_thread", "report_raw:W"]


@pytest.fixture
def taken(at, tell):
    """A report in the hands of the desk, and the code of its writer."""
    told, code = tell()
    with at("report_desk", "triage", ["report_raw:R:queue"]) as actor:
        actions.claim(actor, told.pk)
    return told, code


def test_the_report_goes_to_the_force_of_the_place(tell, cast):
    assert tell("Derby city centre")[0].controller_id == cast.agencies["derbyshire-police"].pk
    assert tell("Burton upon Trent")[0].controller_id == cast.agencies["staffordshire-police"].pk
    with at_public_door("triage") as actor:
        told, _ = actions.report(actor, body="A van comes every night")
    assert told.controller_id == cast.agencies["derbyshire-police"].pk


@pytest.mark.parametrize(
    ("answers", "urgency"),
    [
        ({"danger_now": "yes"}, Priority.DANGER_NOW),
        ({"danger_now": "no", "child": "not sure"}, Priority.CHILD),
        ({"danger_now": "no", "child": "no", "indicators": ["held"]}, Priority.HELD_OR_HURT),
        ({"danger_now": "no", "child": "no"}, Priority.ORDINARY),
    ],
)
def test_what_is_told_decides_how_soon_it_is_read(tell, answers, urgency):
    assert tell(**answers)[0].priority == urgency


def test_whoever_stays_anonymous_leaves_no_contact(tell):
    with pytest.raises(RuleBroken) as refused:
        tell(identity_choice="anonymous", contact="Wilhelmina Thornbush")
    assert refused.value.field == "contact"


def test_the_code_is_kept_only_as_a_hash_and_no_two_are_alike(tell):
    (first, code), (_, other) = tell(), tell()
    assert code != other
    assert bytes(first.receipt_hash) == proofs.receipt_hash(code.lower())
    assert code not in str(first.__dict__)


def test_text_and_contact_stand_sealed_in_the_database(at, taken):
    with at("report_desk", "triage"):
        assert str(Report.objects.get(pk=taken[0].pk).body) == "<sealed>"


def test_an_unknown_indicator_or_language_is_refused(tell):
    for answers in ({"indicators": ["invented"]}, {"language": "xx"}):
        with pytest.raises(RuleBroken, match="list"):
            tell(**answers)


def test_an_officer_reads_one_report_at_a_time(at, taken, tell):
    another, _ = tell()
    with at("report_desk", "triage", ["report_raw:R:queue"]) as actor:
        with pytest.raises(RuleBroken, match="put it back"):
            actions.claim(actor, another.pk)
        actions.release_claim(actor, taken[0].pk)
        assert actions.claim(actor, another.pk).record_id == another.pk


def test_what_one_officer_took_no_colleague_takes(at, cast, taken):
    cast["op_member_a"].roles_held.create(role="report_desk", starts=cast["op_member_a"].starts)
    with at("op_member_a", "triage", ["report_raw:R:queue"]) as actor, pytest.raises(RuleBroken, match="colleague"):
        actions.claim(actor, taken[0].pk)
    with at("op_member_a", "triage", ["report_raw:R"]) as actor, pytest.raises(NotAllowed):
        REPORTS.one(actor, taken[0].pk)


def test_a_judged_report_is_put_back_and_out_of_sight(at, taken):
    with at("report_desk", "triage") as actor:
        kept = actions.triage(actor, taken[0].pk, outcome="intelligence", priority=3, version=1)
    assert (kept.state, kept.outcome, kept.priority, kept.version) == ("triaged", "intelligence", 3, 2)
    with pytest.raises(NotAllowed), at("report_desk", "triage", ["report_raw:R"]) as actor:
        REPORTS.one(actor, taken[0].pk)


def test_a_report_is_due_for_the_desk_of_its_force_until_it_is_judged(at, taken):
    told, _ = taken
    with at("report_desk", "triage") as actor:
        (due,) = due_for(actor)
        assert (due.subject_id, due.kind.code) == (told.pk, "triage")
        assert due.due_at - told.received_at == timedelta(hours=1)
        actions.triage(actor, told.pk, outcome="intelligence", priority=3, version=1)
        assert due_for(actor) == []


def test_danger_now_is_never_nothing_to_act_on(at, taken):
    with at("report_desk", "triage") as actor, pytest.raises(RuleBroken) as refused:
        actions.triage(actor, taken[0].pk, outcome="nothing", priority=1, version=1)
    assert refused.value.field == "outcome"


def test_a_judgement_made_from_an_old_page_shows_the_newer_one(at, taken):
    with at("report_desk", "triage") as actor:
        actions.triage(actor, taken[0].pk, outcome="emergency", priority=1, version=1)
        actions.claim(actor, taken[0].pk)
        with pytest.raises(Conflict) as overtaken:
            actions.triage(actor, taken[0].pk, outcome="nothing", priority=5, version=1)
    assert overtaken.value.theirs["outcome"] == "emergency"


def test_the_writer_and_the_desk_answer_each_other(at, taken):
    told, code = taken
    with at("report_desk", "triage") as actor:
        actions.reply(actor, told.pk, "Is the van still there?")
    with at_public_door("triage", OWN) as actor:
        actions.say_more(actor, code, "Yes, each evening.")
        _, said = actions.thread(actor, code) or ({}, [])
    assert [one["body"] for one in said] == ["Is the van still there?", "Yes, each evening."]
    with at("report_desk", "triage", ["report_raw:R"]) as actor:
        assert len(MESSAGES.many(actor)) == 2


def test_nobody_adds_to_a_report_without_its_code(taken):
    with pytest.raises(NotAllowed), at_public_door("triage", OWN) as actor:
        actions.say_more(actor, "WRONG", "I was there")


def test_an_officer_tells_the_desk_and_cannot_read_it_back(at, cast):
    with at("op_member_a", "triage") as actor:
        told = actions.take_report(actor, body="The landlord boasted about it.", area=Area.objects.get(place="Derby"))
        assert (told.channel, told.receipt_hash) == ("officer", None)
        assert Report.objects.filter(pk=told.pk).count() == 0


def test_somebody_who_left_reads_nothing_more(at, taken, cast):
    with at("report_desk", "triage", ["report_raw:R"]) as actor:
        assert REPORTS.one(actor, taken[0].pk)
    Membership.objects.filter(pk=cast["report_desk"].pk).update(ends=cast["report_desk"].starts)
    with pytest.raises(NotAllowed), at("report_desk", "triage", ["report_raw:R"]) as actor:
        REPORTS.one(actor, taken[0].pk)


def test_a_contact_is_kept_apart_from_the_report(tell):
    told, _ = tell(identity_choice="share", contact="Wilhelmina Thornbush")
    assert {field.name for field in Source._meta.fields} & {"body", "where"} == set()
    assert "Thornbush" not in str(told.__dict__)
