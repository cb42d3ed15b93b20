"""Who may see a person, who may not, and that a withdrawal counts at once."""

import contextlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.survivors import actions, models, policy

REFERRAL = {"data_class": "identity", "recipient": "home_office_ca", "purpose": "nrm", "language": "ti"}
BY_INTERPRETER = {"legal_basis": "public-task", "interpreter": True}


def assign(at, cast, person, part):
    with at("reception_manager", "reception") as actor:
        return actions.assign(actor, person.pk, cast[part].pk)


@pytest.fixture
def person(register, at, cast):
    person = register()
    assign(at, cast, person, "reception_worker")
    assign(at, cast, person, "first_responder")
    return person


@pytest.fixture
def named(person, at):
    with at("reception_worker", "support") as actor:
        actions.record_identity(actor, person.pk, given_names="ሳምራዊት", family_name="ተስፋይ", age_confidence="stated")
    return person


def names_seen(at, part, purpose):
    with at(part, purpose) as actor:
        return [row["given_names"] for row in policy.IDENTITIES.many(actor)]


def test_the_worker_who_is_assigned_reads_the_name_and_another_worker_reads_nothing(named, at):
    assert names_seen(at, "reception_worker", "support") == ["ሳምራዊት"]
    assert names_seen(at, "reception_worker_2", "support") == []


def test_an_assignment_that_is_over_shows_nothing(named, at, cast):
    with at("reception_manager", "reception") as actor:
        actions.end_assignment(actor, named.pk, cast["reception_worker"].pk)
    assert names_seen(at, "reception_worker", "support") == []


def test_nobody_is_assigned_for_longer_than_thirty_days(person, at, cast):
    with at("reception_manager", "reception") as actor, pytest.raises(RuleBroken, match="within 30 days"):
        actions.assign(actor, person.pk, cast["first_responder"].pk, clock.now() + timedelta(days=31))


def test_only_somebody_who_works_with_people_is_assigned(person, at, cast):
    with at("reception_manager", "reception") as actor, pytest.raises(RuleBroken, match="works with people"):
        actions.assign(actor, person.pk, cast["investigator"].pk)


@pytest.mark.parametrize(
    ("part", "purpose"),
    [
        ("op_commander", "op_safety"),
        ("investigator", "criminal_investigation"),
        ("intel_officer", "intelligence"),
        ("partner_hmrc", "regulatory"),
        ("auditor", "oversight"),
        ("first_responder_city", "nrm"),
    ],
)
def test_another_agency_or_role_sees_neither_the_name_nor_the_reference(named, at, part, purpose):
    for table in (policy.IDENTITIES, policy.PEOPLE):
        with contextlib.suppress(NotAllowed), at(part, purpose) as actor:
            assert table.many(actor) == []


def test_without_a_context_every_table_is_empty_and_takes_nothing(named, at):
    for model in (models.Person, models.Identity, models.Answer, models.Note, models.NextPlace, models.Account):
        assert model.objects.count() == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        models.Note(controller_id=uuid4(), person_id=named.pk, recorded_by=uuid4(), text="x").save(force_insert=True)


def test_the_first_responder_knows_the_language_before_anything_else(named, at):
    with at("first_responder", "nrm") as actor:
        assert policy.PEOPLE.one(actor, named.pk)["languages"] == ["ti"]
        assert policy.IDENTITIES.many(actor) == []


def record_identity_for_referral(at, person):
    with at("first_responder", "nrm") as actor:
        return actions.record_identity(actor, person.pk, given_names="ሳምራዊት")


def told_who_decides(at, person):
    with at("first_responder", "nrm") as actor:
        actions.tell(actor, person.pk, step="who-decides", language="ti", interpreter=True)


def answered(at, person, answer):
    with at("first_responder", "nrm") as actor:
        actions.answer(actor, person.pk, answer=answer, **REFERRAL, **BY_INTERPRETER)


def test_an_adults_yes_opens_the_form_and_a_withdrawal_shuts_it_at_once(person, at):
    with pytest.raises(NotAllowed):
        record_identity_for_referral(at, person)
    told_who_decides(at, person)
    answered(at, person, "given")
    record_identity_for_referral(at, person)
    assert names_seen(at, "first_responder", "nrm") == ["ሳምራዊት"]
    with at("first_responder", "nrm") as actor:
        actions.withdraw(actor, person.pk, data_class="identity", recipient="home_office_ca", purpose="nrm")
    assert names_seen(at, "first_responder", "nrm") == []


def test_a_yes_does_not_count_before_they_know_who_decides(person, at):
    with pytest.raises(RuleBroken, match="which Home Office bodies decide"):
        answered(at, person, "given")


@pytest.mark.parametrize("age", ["child", "not sure"])
def test_a_child_or_somebody_who_may_be_one_is_referred_without_being_asked(register, at, cast, age):
    person = register(age=age)
    assign(at, cast, person, "first_responder")
    record_identity_for_referral(at, person)
    assert names_seen(at, "first_responder", "nrm") == ["ሳምራዊት"]


def test_not_now_neither_opens_the_form_nor_counts_as_a_refusal(person, at):
    answered(at, person, "not now")
    with pytest.raises(NotAllowed):
        record_identity_for_referral(at, person)
    assert facts(at, "nrm_refused") == []


def facts(at, name):
    with at("first_responder", "nrm"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM fact_{name}()")
        return [row[0] for row in cursor.fetchall()]


def test_an_adult_who_declined_is_one_whom_only_a_notification_concerns(person, at):
    answered(at, person, "declined")
    assert facts(at, "nrm_refused") == [person.pk]
    assert facts(at, "nrm_consent") == []


def test_declining_changes_nothing_about_care(person, at):
    answered(at, person, "declined")
    with at("reception_worker", "reception") as actor:
        actions.note_support(actor, person.pk, "Tea, a blanket and a quiet room.")
        assert len(policy.NOTES.many(actor)) == 1


def test_the_account_is_never_the_charitys(person, at):
    with pytest.raises(NotAllowed), at("reception_worker", "support") as actor:
        policy.ACCOUNTS.many(actor)


def test_the_next_place_is_closed_to_the_police_and_to_whoever_does_not_visit(person, at):
    with at("reception_manager", "reception") as actor:
        actions.record_next_place(actor, person.pk, kind="refuge", address="14 Quillpen Row, Larkford")
    with at("reception_worker", "support") as actor:
        assert [row["address"] for row in policy.NEXT_PLACES.many(actor)] == ["14 Quillpen Row, Larkford"]
    with at("reception_worker_2", "support") as actor:
        assert policy.NEXT_PLACES.many(actor) == []
    with pytest.raises(NotAllowed), at("op_commander", "op_safety") as actor:
        policy.NEXT_PLACES.one(actor, uuid4())


def test_a_wrong_address_is_put_right_and_whoever_visits_reads_what_was_wrong(person, at):
    place = {"kind": "refuge", "address": "14 Quillpen Row, Larkford"}
    with at("reception_manager", "reception") as actor:
        actions.record_next_place(actor, person.pk, **place)
        with pytest.raises(RuleBroken):
            actions.correct_next_place(actor, person.pk, **place | {"address": "41 Quillpen Row"}, why="", version=0)
        actions.correct_next_place(actor, person.pk, **place | {"address": "41 Quillpen Row"}, why="Typed", version=0)
        with pytest.raises(Conflict):
            actions.correct_next_place(actor, person.pk, **place, why="Typed", version=0)
    with at("reception_worker", "support") as actor:
        assert [row["address"] for row in policy.NEXT_PLACES.many(actor)] == ["41 Quillpen Row"]
        (before,) = policy.FORMER_PLACES.many(actor)
    assert "14 Quillpen Row" in before["was"]
    with at("reception_worker_2", "support") as actor:
        assert policy.FORMER_PLACES.many(actor) == []


def test_what_was_answered_and_noted_can_only_be_added_to(person, at):
    for table in ("answer", "told", "formeridentity", "note", "clinicalnote", "nextplace"):
        for sql in (f"UPDATE survivors_{table} SET person_id = person_id", f"DELETE FROM survivors_{table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)


def test_the_functions_inside_the_facts_answer_nobody_else(person, at):
    with at("first_responder", "nrm"), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("SELECT * FROM survivors_nrm()")


@pytest.mark.parametrize("part", ["reception_worker_2", "health_worker"])
def test_a_colleague_on_shift_can_t_name_themselves_to_read_a_story(named, at, cast, part):
    with pytest.raises(NotAllowed), at(part, "reception") as actor:
        actions.assign(actor, named.pk, cast[part].pk)
    with pytest.raises(NotAllowed), at(part, "reception") as actor:
        actions.end_assignment(actor, named.pk, cast["reception_worker"].pk)


def test_a_name_that_is_opened_counts_towards_the_cap_and_what_a_whole_shift_sees_does_not(named, at):
    with at("reception_worker", "support") as actor:
        policy.IDENTITIES.many(actor)
        policy.PEOPLE.many(actor)
        assert [note.people for note in actor.notes] == [(named.pk,), ()]
    with at("reception_worker", "reception") as actor:
        policy.CARE.many(actor, projection="care_flags")
        assert [note.people for note in actor.notes] == [()]


def test_opening_somebodys_name_takes_one_statement_more_and_a_list_of_references_none(named, at, statements):
    def last_statements(table):
        with statements() as sent, at("reception_worker", "support") as actor:
            table.many(actor)
        return [sql for sql in sent if "ledger_opened" in sql]

    assert len(last_statements(policy.IDENTITIES)) == 1
    assert last_statements(policy.PEOPLE) == []
