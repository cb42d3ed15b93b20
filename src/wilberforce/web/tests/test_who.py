"""Who saw this, and who could have? Asked of the day of the demonstration, after it was committed."""

import json
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from wilberforce.ledger import sequencer
from wilberforce.web.who import saw

pytestmark = pytest.mark.usefixtures("played_day")


@pytest.fixture(scope="module")
def told(played_day: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("who", played_day.words["found_1"], "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_it_names_whoever_read_or_wrote_and_in_which_role(told: dict[str, Any]) -> None:
    roles = {(row["role"], row["subject_class"]) for row in told["saw"]}
    assert {("op_member", "operation"), ("reception_manager", "person_ref")} <= roles
    assert all(row["who"] for row in told["saw"])
    assert [row["at"] for row in told["saw"]] == sorted(row["at"] for row in told["saw"])


def test_it_names_whoever_stood_in_a_relation_that_opens_it(told: dict[str, Any]) -> None:
    relations = {row["how"] for row in told["could"]}
    assert {"same_centre", "case_member", "assigned"} <= relations
    assert all(row["since"] for row in told["could"])


def test_records_beside_the_reference_count_too(told: dict[str, Any]) -> None:
    """The name, the answers and the notes of the person have ids of their own."""
    assert told["records"] > 3


def test_somebody_who_is_not_known_is_said_to_be_so() -> None:
    with pytest.raises(CommandError, match="Nothing is known"):
        call_command("who", "P-NOBODY")


def test_a_record_that_nobody_saw_has_no_entry() -> None:
    with sequencer.connect() as at:
        assert saw(at, [UUID(int=5)]) == []


@pytest.mark.parametrize("asked", ["web_records_of", "web_could_see"])
def test_whoever_is_neither_the_operator_nor_a_guardian_learns_nothing(played_day: Any, asked: str) -> None:
    with played_day.door("reception_manager", "reception"), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {asked}(%s)", [played_day.words["found_1"]])
        assert cursor.fetchone() == (0,)


def test_a_guardian_hears_of_their_own_agency_alone(played_day: Any) -> None:
    with played_day.door("guardian_police", "oversight") as guardian, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT agency_id FROM web_could_see(%s)", [played_day.words["found_1"]])
        assert cursor.fetchall() == [(guardian.home,)]
