"""Who reads intelligence, and who only writes it."""

from uuid import uuid4

import pytest
from django.db import connection, transaction

from wilberforce.agencies.models import Membership, RoleHeld
from wilberforce.base.errors import NotAllowed
from wilberforce.intelligence import actions
from wilberforce.intelligence.models import Item, SuspectEntry
from wilberforce.intelligence.policy import ITEMS, SUSPECTS


def test_an_intelligence_officer_reads_the_items_of_the_own_force(at, item):
    kept = item()
    with at("intel_officer", "intelligence") as actor:
        assert ITEMS.one(actor, kept.pk)["text"].startswith("Five women")


def test_an_item_of_another_force_is_absent(at, cast, item):
    kept = item()
    RoleHeld.objects.create(membership=cast["op_member_host"], role="intel_officer")
    with at("op_member_host", "intelligence") as actor, pytest.raises(NotAllowed):
        ITEMS.one(actor, kept.pk)


def test_an_item_above_the_readers_vetting_is_absent(at, item):
    kept = item(handling_level=2)
    with at("intel_officer", "intelligence") as actor:
        assert ITEMS.one(actor, kept.pk)["handling_level"] == 2
    Membership.objects.filter(pk=actor.membership).update(vetting=1)
    with at("intel_officer", "intelligence") as actor, pytest.raises(NotAllowed):
        ITEMS.one(actor, kept.pk)


def test_nobody_writes_an_item_above_their_own_vetting(at, item):
    with pytest.raises(NotAllowed):
        item(handling_level=3)


def test_the_desk_writes_an_item_and_browses_none(at, item):
    item()
    with at("report_desk", "triage") as actor:
        with pytest.raises(NotAllowed):
            ITEMS.many(actor)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE intelligence_item SET priority = 3")
            assert cursor.rowcount == 0


@pytest.mark.parametrize(
    ("part", "purpose"),
    [("op_member_a", "op_planning"), ("source_keeper", "intelligence"), ("reception_manager", "reception"),
     ("op_member_hmrc", "op_planning"), ("safeguarding_lead", "intelligence"), ("guardian_police", "oversight")],
)  # fmt: skip
def test_no_other_role_sees_items_or_suspicion(at, item, part, purpose):
    item()
    with at("intel_officer", "intelligence") as actor:
        actions.note_suspect(actor, description="Drives a grey van at night")
    with at(part, purpose) as actor:
        for kept in (ITEMS, SUSPECTS):
            with pytest.raises(NotAllowed):
                kept.many(actor)
        assert Item.objects.count() == SuspectEntry.objects.count() == 0


def test_a_commander_who_leads_no_operation_reads_nothing(at, item):
    item(operation_id=uuid4())
    with at("op_commander", "op_planning") as actor:
        assert ITEMS.many(actor) == []


def test_without_a_context_nothing_is_there(item):
    item()
    assert Item.objects.count() == 0
