"""Nothing is seen without a leaf, and nothing is refused without one."""

from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base.errors import NotAllowed
from wilberforce.ledger.leaves import pseudonym
from wilberforce.ledger.models import Leaf
from wilberforce.ledger.policy import LEAVES


def leaves_of(at, part="guardian_police"):
    with at(part, "oversight") as actor:
        return LEAVES.many(actor, projection="own_agency_entries", limit=100)


def test_a_guardian_reads_the_leaves_of_their_own_agency_and_reading_them_is_a_leaf(at):
    leaves_of(at)
    assert [(leaf["subject_class"], leaf["op"]) for leaf in leaves_of(at)] == [("audit", "consultation")]


def test_a_purpose_that_the_role_does_not_admit_opens_no_door(at):
    with pytest.raises(NotAllowed), at("reception_worker", "oversight"):
        pass


def test_a_guardian_reads_who_asked_for_a_workspace_that_is_not_theirs(at, cast):
    with pytest.raises(NotAllowed), at("reception_worker", "oversight"):
        pass
    (leaf,) = leaves_of(at, "guardian_redcross")
    assert (leaf["allowed"], leaf["purpose"], leaf["actor"]) == (
        False,
        "oversight",
        pseudonym(cast["reception_worker"].pk),
    )


def test_a_form_with_a_forged_purpose_leaves_a_leaf_of_whoever_sent_it(at, cast, signed_in):
    sent = signed_in("reception_worker").post("/reception/centres/", {"purpose": "oversight"})
    assert sent.status_code == 409
    (leaf,) = leaves_of(at, "guardian_redcross")
    assert (leaf["allowed"], leaf["rule"], leaf["actor"]) == (
        False,
        "workspace",
        pseudonym(cast["reception_worker"].pk),
    )


def test_a_refusal_leaves_a_leaf_although_everything_else_is_rolled_back(at):
    with pytest.raises(NotAllowed), at("guardian_police", "oversight") as actor:
        LEAVES.one(actor, uuid4(), projection="own_agency_entries")
    assert [leaf["allowed"] for leaf in leaves_of(at)] == [False]


def test_the_app_role_may_not_change_or_delete_a_leaf(at, cast):
    leaves_of(at)
    for sql in ("UPDATE ledger_leaf SET op = 'x'", "DELETE FROM ledger_leaf", "TRUNCATE ledger_leaf"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)


def test_without_a_context_no_leaf_can_be_read(at):
    leaves_of(at)
    leaves_of(at)
    assert Leaf.objects.count() == 0


def test_the_context_ends_with_the_door(at):
    with at("guardian_police", "oversight"):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctx_kind()")
        assert cursor.fetchone() == (None,)
