"""What can happen to a person's record, and what is refused with words that say what to do."""

from datetime import timedelta

import pytest
from django.db import connection

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealBroken
from wilberforce.reception import actions as reception
from wilberforce.survivors import actions, models, policy, rules

NAME = "ሳምራዊት ተስፋይ"


@pytest.fixture
def person(register, at, cast):
    person = register()
    with at("reception_manager", "reception") as actor:
        for part in ("reception_worker", "first_responder", "health_worker"):
            actions.assign(actor, person.pk, cast[part].pk)
    return person


def test_a_name_in_tigrinya_comes_back_as_it_was_said_and_is_nowhere_in_the_clear(person, at):
    with at("reception_worker", "support") as actor:
        actions.record_identity(actor, person.pk, given_names=NAME, age_confidence="stated")
        actions.correct_identity(actor, person.pk, version=1, family_name=NAME)
        assert policy.IDENTITIES.many(actor)[0]["given_names"] == NAME
    with at("reception_worker", "support"), connection.cursor() as cursor:
        for table in ("identity", "formeridentity"):
            cursor.execute(f"SELECT string_agg(t::text, ' '), count(*) FROM survivors_{table} t")
            text, rows = cursor.fetchone()
            assert rows == 1
            assert NAME not in text
            assert NAME.encode().hex() not in text


def test_a_correction_keeps_what_was_there(person, at):
    with at("reception_worker", "support") as actor:
        actions.record_identity(actor, person.pk, given_names="Sam")
        actions.correct_identity(actor, person.pk, version=1, given_names=NAME)
        assert [row["given_names"] for row in policy.FORMER_IDENTITIES.many(actor)] == ["Sam"]


def test_a_value_put_back_from_before_a_correction_does_not_open(person, at):
    with at("reception_worker", "support") as actor:
        actions.record_identity(actor, person.pk, given_names="Sam", family_name="Tesfay")
        before = bytes(models.Identity.objects.values_list("given_names", flat=True).get().box)
        corrected = actions.correct_identity(actor, person.pk, version=1, given_names=NAME)
        assert policy.IDENTITIES.one(actor, corrected.pk)["family_name"] == "Tesfay"
        with connection.cursor() as cursor:
            cursor.execute("UPDATE survivors_identity SET given_names = %s WHERE id = %s", [before, corrected.pk])
        with pytest.raises(SealBroken):
            policy.IDENTITIES.one(actor, corrected.pk)


def test_the_second_of_two_corrections_is_shown_the_first(person, at):
    with at("reception_worker", "support") as actor:
        actions.record_identity(actor, person.pk, given_names="Sam")
        actions.correct_identity(actor, person.pk, version=1, given_names=NAME)
        with pytest.raises(Conflict) as met:
            actions.correct_identity(actor, person.pk, version=1, given_names="Samra")
        assert met.value.theirs["given_names"] == NAME


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("stated_age", "200"),
        ("stated_age", "minus four"),
        ("date_of_birth", "2190-01-01"),
        ("date_of_birth", "1820-01-01"),
        ("date_of_birth", "2001-02-30"),
        ("national_insurance", "12345"),
        ("given_names", "x" * 2_000_000),
    ],
)
def test_an_impossible_answer_is_refused_beside_its_field(person, at, field, said):
    with at("reception_worker", "support") as actor, pytest.raises(RuleBroken) as refused:
        actions.record_identity(actor, person.pk, **{field: said})
    assert refused.value.field == field


def test_the_record_begins_only_for_somebody_who_is_at_the_centre(person, at):
    with pytest.raises(NotAllowed), at("reception_manager", "reception") as actor:
        actions.begin(actor, person.centre_id, person_id=new_id(), reference="P-1", age="adult", languages=["ti"])


def test_a_reference_is_never_given_to_somebody_else_even_after_its_person_left(person, register, at):
    with at("reception_manager", "reception") as actor:
        reception.leave(actor, person.pk, destination="own-choice", card="given", follow_up={"way": "none"})
    with pytest.raises(RuleBroken, match="Check the card"):
        register(reference=person.reference)


@pytest.mark.parametrize(
    ("field", "said"),
    [("age", "seventeen"), ("languages", ["klingon"]), ("needs", ["pregnancy"])],
)
def test_only_codes_of_the_lists_stand_on_the_reference(register, field, said):
    with pytest.raises(RuleBroken) as refused:
        register(**{field: said})
    assert refused.value.field == field


def test_two_workers_who_correct_the_needs_do_not_overwrite_one_another(person, at):
    with at("reception_manager", "reception") as actor:
        actions.note_needs(actor, person.pk, needs=["quiet-room"], version=1)
        with pytest.raises(Conflict):
            actions.note_needs(actor, person.pk, needs=["women-only"], version=1)


def test_naming_the_same_worker_again_renews_and_leaves_one_assignment(person, at, cast):
    worker = cast["reception_worker"].pk
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, worker, clock.now() + timedelta(days=2))
    live = models.Assignment.objects.filter(person_id=person.pk, membership_id=worker, ended_at=None)
    assert live.count() == 1


def test_several_roles_stand_beside_one_another_and_suspicion_is_not_kept_here(person, at):
    with at("reception_manager", "reception") as actor:
        actions.categorise(actor, person.pk, "potential victim", "seen")
        actions.categorise(actor, person.pk, "witness", "told")
        assert {row["role"] for row in policy.ROLES.many(actor)} == {"potential victim", "witness"}
        with pytest.raises(RuleBroken, match="police liaison"):
            actions.categorise(actor, person.pk, rules.Role.CONTROLLER, "seen")


def ask(actor, person, answer, **changed):
    matter = {"data_class": "identity", "recipient": "support_provider", "purpose": "support", **changed}
    given = {"legal_basis": "consent", "language": "ti", "interpreter": True, **matter}
    return actions.answer(actor, person.pk, answer=answer, **given)


def test_nobody_is_held_to_a_yes_or_a_no_before_they_rested(register, at, cast):
    person = register(ready_to_decide=False)
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, cast["reception_worker"].pk)
    with at("reception_worker", "support") as actor:
        ask(actor, person, "asked")
        ask(actor, person, "not now")
        for decided in ("given", "declined"):
            with pytest.raises(RuleBroken, match="not rested"):
                ask(actor, person, decided)
        ask(actor, person, "declined", sooner_because="They asked to say no at once.")


def test_a_yes_is_taken_back_by_withdrawing_and_every_answer_stays(person, at):
    with at("reception_worker", "support") as actor:
        ask(actor, person, "asked")
        ask(actor, person, "not now")
        ask(actor, person, "given")
        with pytest.raises(RuleBroken, match="after that comes withdrawn"):
            ask(actor, person, "declined")
        actions.withdraw(actor, person.pk, data_class="identity", recipient="support_provider", purpose="support")
        said = [row["answer"] for row in policy.ANSWERS.many(actor, order_by=("recorded_at", "id"))]
    assert said == ["asked", "not now", "given", "withdrawn"]


def test_one_consent_says_nothing_about_another(person, at, cast):
    with at("reception_worker", "support") as actor:
        ask(actor, person, "declined")
        ask(actor, person, "given", recipient=cast["housing_officer"].agency_id)
        assert {row["answer"] for row in policy.ANSWERS.many(actor)} == {"declined", "given"}


def test_an_answer_in_a_language_that_is_not_theirs_is_not_taken(person, at):
    with at("reception_worker", "support") as actor, pytest.raises(RuleBroken, match="not one of their languages"):
        actions.answer(
            actor, person.pk, data_class="identity", recipient="nhs", purpose="support", answer="given",
            legal_basis="consent", language="sq", interpreter=True,
        )  # fmt: skip


def test_a_legal_basis_needs_the_person_told_unless_that_is_unsafe(person, at, cast):
    law = {"basis": "child-protection", "data_classes": ["identity"], "person_agrees": "not sure"}
    city = cast["emergency_duty"].agency_id
    with at("reception_manager", "support") as actor:
        with pytest.raises(RuleBroken, match="Tell the person first"):
            actions.record_legal_basis(actor, person.pk, recipient=city, told=False, **law)
        actions.record_legal_basis(actor, person.pk, recipient=city, told=False, unsafe_to_tell=True, **law)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM fact_legal_basis('identity', 'safeguarding_alert')")
            assert cursor.fetchall() == [(person.pk,)]
            cursor.execute("SELECT * FROM fact_legal_basis('health', '')")
            assert cursor.fetchall() == []


def test_carers_read_the_flag_and_only_the_clinician_reads_the_note(person, at):
    with at("health_worker", "reception") as actor:
        actions.care_flag(actor, person.pk, kind="allergy", detail="No penicillin")
        actions.note_clinical(actor, person.pk, "Rash on both arms.")
    with at("reception_worker", "reception") as actor:
        assert [row["detail"] for row in policy.CARE.many(actor, projection="care_flags")] == ["No penicillin"]
        assert policy.CLINICAL_NOTES.many(actor) == []


def test_the_account_is_asked_for_once(person, at):
    with at("first_responder", "nrm") as actor:
        actions.tell(actor, person.pk, step="who-decides", language="ti", interpreter=True)
        ask(actor, person, "given", recipient="home_office_ca", purpose="nrm", legal_basis="public-task")
    with at("first_responder", "nrm") as actor:
        actions.record_account(actor, person.pk, text="They promised work in a kitchen.")
        with pytest.raises(RuleBroken, match="instead of asking twice"):
            actions.record_account(actor, person.pk, text="Again.")
        with pytest.raises(RuleBroken, match="earlier than now"):
            actions.record_account(actor, person.pk, text="Later.", taken_at=clock.now() + timedelta(hours=1))
