"""Who reads what somebody told us, and who does not."""

import pytest
from django.db import connection, transaction

from wilberforce.base.errors import NotAllowed
from wilberforce.concerns import actions
from wilberforce.concerns.models import Claim, Report, Source
from wilberforce.concerns.policy import REPORTS, SOURCES
from wilberforce.ledger.doors import at_public_door

QUEUE, WHOLE = ["report_raw:R:queue"], ["report_raw:RW"]


def test_the_desk_sees_that_a_report_waits_and_not_what_it_says(at, tell):
    told, _ = tell()
    with at("report_desk", "triage", QUEUE) as actor:
        (waiting,) = REPORTS.many(actor, projection="queue")
    assert waiting["id"] == told.pk
    assert set(waiting) == {"id", "controller_id", "version", "received_at", "language", "priority", "state"}


def test_nobody_reads_a_report_before_they_take_it_by_name(at, tell):
    told, _ = tell()
    with pytest.raises(NotAllowed), at("report_desk", "triage", WHOLE) as actor:
        REPORTS.one(actor, told.pk)


def test_whoever_took_it_reads_it(at, tell):
    told, _ = tell()
    with at("report_desk", "triage", QUEUE) as actor:
        actions.claim(actor, told.pk)
    with at("report_desk", "triage", WHOLE) as actor:
        assert REPORTS.one(actor, told.pk)["body"].startswith("Five women")


def test_a_report_about_burton_goes_to_the_force_of_burton_and_is_hidden_from_derby(at, cast, tell):
    told, _ = tell("Burton town centre")
    assert told.controller_id == cast.agencies["staffordshire-police"].pk
    with at("report_desk", "triage", QUEUE) as actor:
        assert REPORTS.many(actor, projection="queue") == []
        with pytest.raises(NotAllowed):
            actions.claim(actor, told.pk)


@pytest.mark.parametrize(
    ("part", "purpose"),
    [("op_member_a", "triage"), ("intel_officer", "intelligence"), ("op_commander", "op_planning"),
     ("reception_manager", "reception"), ("guardian_police", "oversight")],
)  # fmt: skip
def test_no_other_role_sees_a_report_or_who_sent_it(at, tell, part, purpose):
    tell(identity_choice="confidential", contact="Wilhelmina Thornbush, 01632 960123")
    with at(part, purpose) as actor:
        assert not actor.holds("report_raw", "R")
        assert not actor.holds("source", "R")
        assert Report.objects.count() == Source.objects.count() == 0


def test_the_desk_never_learns_who_told_us(at, tell):
    told, _ = tell(identity_choice="share", contact="Wilhelmina Thornbush, 01632 960123")
    with at("report_desk", "triage") as actor:
        actions.claim(actor, told.pk)
        with pytest.raises(NotAllowed):
            SOURCES.many(actor)


def test_without_a_context_nothing_is_there(tell):
    tell()
    assert Report.objects.count() == Source.objects.count() == 0


def test_only_the_code_opens_the_own_thread(tell):
    told, code = tell()
    tell()
    with at_public_door("triage", ["report_raw:R:own_thread"]) as actor:
        assert actions.thread(actor, "A" * 28) is None
        opened = actions.thread(actor, code.lower().replace("-", " "))
    assert opened is not None
    assert opened[0]["id"] == told.pk
    assert set(opened[0]) == {"id", "controller_id", "version", "received_at", "state", "writer_key"}


def test_a_writer_may_begin_a_report_and_can_change_none(tell):
    tell()
    with at_public_door("triage"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE concerns_report SET state = 'closed'")
        assert cursor.rowcount == 0


def test_a_claim_written_past_the_desk_opens_nothing_of_another_force(at, cast, tell):
    told, _ = tell("Burton town centre")
    Claim.objects.create(record_id=told.pk, membership_id=cast["report_desk"].pk)
    with at("report_desk", "triage", WHOLE) as actor, pytest.raises(NotAllowed):
        REPORTS.one(actor, told.pk)
