"""An agency's work passes to another: from that day nothing opens by itself, and only two signatures open it again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from wilberforce.agencies.models import Agency
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.ledger import leaves
from wilberforce.ledger.sequencer import connect
from wilberforce.sharing import actions
from wilberforce.sharing.models import Agreement
from wilberforce.survivors.policy import PEOPLE

from .conftest import NEED, today

DAY = timedelta(days=1)
Agree = Callable[..., Agreement]


def succeeded(gone: str, heir: str, day: date | None = None) -> None:
    call_command("succeeded", gone, heir, (day or today()).isoformat())


def opens(at: Any, kind: str) -> list[UUID]:
    """Whose briefs this partner may read besides its own agency's."""
    with at(f"op_member_{kind}", "op_planning") as actor, connection.cursor() as cursor:
        cursor.execute("SELECT fact_agreement('operation', %s)", [f"brief.{kind}"])
        return [row[0] for row in cursor.fetchall() if row[0] != actor.home]


def passing(agree: Agree) -> Agreement:
    return agree("guardian_police", "guardian_city", successor_rule="passes")


def again(at: Any, old: Agreement) -> Agreement:
    with at("guardian_police", "oversight") as actor:
        return actions.again_with_successor(actor, old.pk)


def test_from_that_day_nobody_of_the_agency_that_ended_reads_anything(agree: Agree, at: Any, cast: Any) -> None:
    passing(agree)
    assert opens(at, "city") == [cast["op_commander"].agency_id]
    succeeded("derby-city", "derbyshire-county")
    with pytest.raises(NotAllowed):
        opens(at, "city")


def test_the_successor_reads_nothing_before_both_guardians_have_signed_again(agree: Agree, at: Any, cast: Any) -> None:
    old = passing(agree)
    succeeded("derby-city", "derbyshire-county")
    assert opens(at, "county") == []
    made = again(at, old)
    for guardian, read in (("guardian_police", []), ("guardian_county", [cast["op_commander"].agency_id])):
        with at(guardian, "oversight") as actor:
            actions.sign_agreement(actor, made.pk)
        assert opens(at, "county") == read


def test_what_was_written_again_is_what_was_agreed_before(agree: Agree, at: Any, cast: Any) -> None:
    old = passing(agree)
    succeeded("derby-city", "derbyshire-county")
    made = again(at, old)
    assert (made.to_agency_id, made.follows_id) == (cast["guardian_county"].agency_id, old.pk)
    same = ("from_agency_id", "data_class", "purpose", "fields", "basis", "dpia_ref", "ends", "successor_rule")
    assert [getattr(made, name) for name in same] == [getattr(old, name) for name in same]
    with pytest.raises(RuleBroken, match="written again already"):
        again(at, old)


@pytest.mark.parametrize(
    "wider",
    [
        {"fields": ["all"]},
        {"purpose": "support"},
        {"data_class": "identity"},
        {"ends": today() + 9 * DAY},
        {"to": "guardian_fire"},
        {"signed": True},
    ],
)
def test_the_database_refuses_a_successor_that_gets_more_than_was_agreed(
    agree: Agree, at: Any, cast: Any, wider: dict[str, Any]
) -> None:
    old = passing(agree)
    succeeded("derby-city", "derbyshire-county")
    said = dict(wider)
    to = cast[said.pop("to", "guardian_county")].agency_id
    signed = new_id() if said.pop("signed", False) else None
    terms = {"data_class": old.data_class, "purpose": old.purpose, "fields": old.fields, "ends": old.ends} | said
    with at("guardian_police", "oversight") as actor:
        made = Agreement(
            from_agency_id=actor.home, to_agency_id=to, basis=old.basis, dpia_ref=old.dpia_ref, starts=today(),
            successor_rule="passes", follows_id=old.pk, begun_by=actor.me, signed_by_to=signed, **terms,
        )  # fmt: skip
        with pytest.raises(ProgrammingError, match="same terms"), transaction.atomic():
            made.save(force_insert=True)


def test_an_agreement_that_ends_with_an_agency_is_never_written_again(agree: Agree, at: Any) -> None:
    old = agree("guardian_police", "guardian_city")
    succeeded("derby-city", "derbyshire-county")
    with pytest.raises(RuleBroken, match="do not pass"):
        again(at, old)


def test_before_the_day_everything_goes_on_and_nothing_can_be_written_again(agree: Agree, at: Any, cast: Any) -> None:
    old = passing(agree)
    succeeded("derby-city", "derbyshire-county", today() + DAY)
    assert opens(at, "city") == [cast["op_commander"].agency_id]
    with pytest.raises(RuleBroken, match="do not pass"):
        again(at, old)


def test_where_the_giver_ends_what_it_let_go_is_read_by_nobody(
    agree: Agree, at: Any, cast: Any, person: UUID, housing: Agreement
) -> None:
    with at("reception_manager", "support") as actor:
        begun = actions.begin(
            actor, person, to_agency=cast["guardian_city"].agency_id, data_class="person_ref",
            projection="housing_need", fields=NEED, basis="adult-safeguarding",
        )  # fmt: skip
    with at("guardian_redcross", "oversight") as actor:
        actions.approve(actor, begun.pk)
    with at("housing_officer", "support") as actor:
        assert PEOPLE.one(actor, person, projection="housing_need")["id"] == person
    succeeded("red-cross", "derbyshire-county")
    with at("housing_officer", "support") as actor, pytest.raises(NotAllowed):
        PEOPLE.one(actor, person, projection="housing_need")


def test_the_guardian_who_is_left_sees_what_happened_and_writes_it_again(agree: Agree, signed_in: Any) -> None:
    old = passing(agree)
    address = f"/oversight/agreements/{old.pk}/"
    guardian = signed_in("guardian_police")
    assert "may sign the same terms again with the successor" in guardian.get(address).content.decode()
    succeeded("derby-city", "derbyshire-county")
    page = guardian.get(address).content.decode()
    assert "one of the two no longer acts" in page
    assert "Derbyshire County Council has taken over" in page
    made = guardian.post(f"{address}again/", {"purpose": "oversight"}).headers["Location"]
    assert "Sign for your agency" in guardian.get(made).content.decode()
    assert "Sign for your agency" in signed_in("guardian_county").get(made).content.decode()
    assert signed_in("guardian_fire").post(f"{address}again/", {"purpose": "oversight"}).status_code == 404


@pytest.mark.parametrize(
    ("gone", "heir", "days", "sentence"),
    [
        ("derby-city", "derby-city", 0, "two agencies"),
        ("derby-city", "nowhere", 0, "two agencies"),
        ("derby-city", "derbyshire-county", -1, "has not passed"),
        ("derby-city", "glaa", 0, "does not act"),
        ("glaa", "dwp", 0, "still acts"),
    ],
)
def test_a_succession_without_sense_is_refused(cast: Any, gone: str, heir: str, days: int, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        succeeded(gone, heir, today() + days * DAY)


def test_who_took_over_stands_in_the_ledger_and_stays(cast: Any) -> None:
    with patch.object(leaves, "write", wraps=leaves.write) as written:
        succeeded("derby-city", "derbyshire-county")
    subjects = (cast["guardian_city"].agency_id, cast["guardian_county"].agency_id)
    told = [(who, note.rule, note.objects) for who, (note,), _ in (call.args for call in written.call_args_list)]
    assert told == [(None, "succeeded", subjects)]
    with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
        Agency.objects.filter(code="derby-city").update(ends=None, successor=None)


@pytest.mark.django_db(transaction=True)
def test_what_the_gangmasters_authority_had_does_not_pass_to_the_fair_work_agency(at: Any, cast: Any) -> None:
    """It was signed while there still was somebody to sign, so the owner of the tables writes it here."""
    forced = "ALTER TABLE sharing_agreement {} ROW LEVEL SECURITY"
    with connect("owner") as owner:
        owner.execute(forced.format("NO FORCE"))
        try:
            owner.execute(SIGNED_BEFORE, [new_id(), cast["op_commander"].agency_id, cast.agencies["glaa"].pk])
        finally:
            owner.execute(forced.format("FORCE"))
    assert opens(at, "labour") == []


SIGNED_BEFORE = """
    INSERT INTO sharing_agreement (id, from_agency_id, to_agency_id, data_class, purpose, fields, basis, dpia_ref,
        starts, begun_by, signed_by_from, signed_by_to, successor_rule, paper_by)
    VALUES (%s, %s, %s, 'operation', 'op_planning', '{all}', 'MSA 2015', 'DPIA-1', '2018-04-17', gen_random_uuid(),
        gen_random_uuid(), gen_random_uuid(), 'passes', '')
"""
