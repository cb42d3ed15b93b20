"""Before their yes the second person sees exactly what would go, with its values, and nobody else sees it that way."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from wilberforce.base.errors import NotAllowed
from wilberforce.ledger.models import Leaf
from wilberforce.sharing import actions, outgoing, policy
from wilberforce.sharing.models import Disclosure
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import IDENTITIES, PEOPLE

from .conftest import version_on

KINDS = [
    ("person_ref", "housing_need", "housing_officer", PEOPLE),
    ("person_ref", "", "safeguarding_lead", PEOPLE),
    ("identity", "", "safeguarding_lead", IDENTITIES),
]
Begin = Callable[[str, str], Disclosure]


@pytest.fixture
def begin(at: Any, cast: Any, person: UUID, agree: Any) -> Begin:
    with at("reception_manager", "reception") as actor:
        survivors.record_identity(actor, person, given_names="Amina", family_name="Invented", sex="female")

    def begun(data_class: str, projection: str) -> Disclosure:
        agree("guardian_redcross", "guardian_city", data_class=data_class, purpose="support", fields=["all"])
        with at("reception_manager", "support") as actor:
            return actions.begin(
                actor, person, to_agency=cast["guardian_city"].agency_id, data_class=data_class, projection=projection,
                fields=policy.Kind(data_class, projection).fields, basis="adult-safeguarding",
            )  # fmt: skip

    return begun


def shown_to(at: Any, one: Disclosure, part: str = "guardian_redcross") -> list[dict[str, Any]] | None:
    with at(part, "oversight") as actor:
        return outgoing.preview(actor, one)


def from_the_database(
    at: Any, part: str, one: Disclosure, columns: list[str], table: str = "survivors_identity"
) -> int:
    with at(part, "oversight"), connection.cursor() as cursor:
        cursor.execute("SELECT sharing_outgoing(%s, %s, %s)", [one.pk, table, columns])
        return len(cursor.fetchall())


@pytest.mark.parametrize(("data_class", "projection", "reader", "table"), KINDS)
def test_what_the_second_person_sees_is_byte_for_byte_what_the_recipient_opens(
    begin: Begin, at: Any, person: UUID, data_class: str, projection: str, reader: str, table: Any
) -> None:
    one = begin(data_class, projection)
    seen = shown_to(at, one)
    assert seen
    with at("guardian_redcross", "oversight") as actor:
        actions.approve(actor, one.pk)
    with at(reader, "support") as actor:
        opened = table.many(actor, projection=projection)
    read = [{name: row[name] for name in policy.shown_of(table, projection)} for row in opened]
    assert outgoing.written(seen).encode() == outgoing.written(read).encode()


def test_the_page_shows_the_values_and_nothing_else_of_the_person(begin: Begin, signed_in: Any, person: UUID) -> None:
    one = begin("person_ref", "housing_need")
    page = signed_in("guardian_redcross").get(f"/oversight/waiting/{one.pk}/").content.decode()
    assert "Exactly this" in page
    assert ">Romanian<" in page.replace("\n", "").replace(" ", "")
    assert "Amina" not in page
    whole = begin("identity", "")
    assert "Amina" in signed_in("guardian_redcross").get(f"/oversight/waiting/{whole.pk}/").content.decode()


def test_each_look_stands_in_the_ledger_with_whom_it_would_go_to(begin: Begin, at: Any, cast: Any) -> None:
    one = begin("identity", "")
    shown_to(at, one)
    with at("guardian_redcross", "oversight", ["audit:R:own_agency_entries"]):
        looks = Leaf.objects.filter(op="consultation", subject_class="identity", action="A")
        assert [leaf.projection for leaf in looks] == ["outgoing_preview"]


@pytest.mark.parametrize("part", ["guardian_city", "guardian_police"])
def test_no_other_agencys_guardian_sees_it(begin: Begin, at: Any, part: str) -> None:
    one = begin("identity", "")
    with pytest.raises(NotAllowed):
        shown_to(at, one, part)
    assert from_the_database(at, part, one, ["given_names"]) == 0


def test_whoever_began_it_answers_nothing_and_sees_nothing_here(begin: Begin, at: Any) -> None:
    one = begin("identity", "")
    with at("reception_manager", "support"), connection.cursor() as cursor:
        cursor.execute("SELECT sharing_outgoing(%s, 'survivors_identity', ARRAY['given_names'])", [one.pk])
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    ("columns", "table"),
    [(["given_names", "id"], "survivors_identity"), (["text"], "survivors_note"), (["reference"], "survivors_person")],
)
def test_the_database_gives_no_column_and_no_table_that_was_not_named(
    begin: Begin, at: Any, columns: list[str], table: str
) -> None:
    one = begin("identity", "")
    assert from_the_database(at, "guardian_redcross", one, ["given_names"]) == 1
    assert from_the_database(at, "guardian_redcross", one, columns, table) == 0


@pytest.mark.parametrize("verb", [actions.approve, partial(actions.refuse, reason="person")])
def test_once_it_is_answered_nobody_sees_it_that_way_again(begin: Begin, at: Any, verb: Any) -> None:
    one = begin("identity", "")
    with at("guardian_redcross", "oversight") as actor:
        verb(actor, one.pk)
    assert from_the_database(at, "guardian_redcross", one, ["given_names"]) == 0


def test_a_yes_is_to_what_was_seen(begin: Begin, at: Any, person: UUID, signed_in: Any) -> None:
    one = begin("person_ref", "housing_need")
    guardian, address = signed_in("guardian_redcross"), f"/oversight/waiting/{one.pk}/"
    seen = {"purpose": "oversight", "version": version_on(guardian.get(address).content.decode())}
    with at("reception_manager", "reception") as actor:
        version = PEOPLE.one(actor, person)["version"]
        survivors.correct_person(actor, person, {"household_size": 4}, version=version)
    changed = guardian.post(address, seen)
    assert changed.status_code == 200
    page = changed.content.decode()
    assert "has changed since you opened this page" in page
    assert guardian.post(address, seen | {"version": version_on(page)}).status_code == 302
