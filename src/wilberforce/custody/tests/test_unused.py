"""The schedule of unused material: by the disclosure officer of the case team, with what stood there before."""

from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.custody import actions, policy
from wilberforce.custody.models import Unused
from wilberforce.custody.rules import schedule
from wilberforce.operations import actions as operations
from wilberforce.operations.tests.factories import prepared

from .conftest import Suite
from .test_exhibits import seized

pytestmark = pytest.mark.django_db
LINE = {
    "description": "Body-worn video of P1's arrival",
    "held_at": "Store B, 14",
    "inspected": "yes",
    "sensitive": "no",
}


@pytest.fixture
def case(at: Any, cast: Any) -> UUID:
    day = prepared(at, cast)
    with day.planning() as actor:
        operations.case_team(actor, day.operation, cast["disclosure_officer"].pk)
    operation: UUID = day.operation
    return operation


def listed(at: Any, case: UUID, **told: Any) -> Unused:
    with at("disclosure_officer", "criminal_investigation") as actor:
        return actions.list_unused(actor, case, **(LINE | told))


def test_each_item_gets_the_next_number_of_its_case(at: Any, case: UUID) -> None:
    assert [listed(at, case).number for _ in range(3)] == [1, 2, 3]


def test_a_correction_stands_beside_what_was_written_before(at: Any, case: UUID) -> None:
    first = listed(at, case)
    with at("disclosure_officer", "criminal_investigation") as actor:
        told = LINE | {"decision": "no", "decided_by": "prosecutor"}
        second = actions.correct_unused(actor, case, line_id=first.pk, why="Decided", **told)
        with pytest.raises(RuleBroken, match="corrected this line already"):
            actions.correct_unused(actor, case, line_id=first.pk, why="Again", **told)
        rows = policy.UNUSED.many(actor, projection="unused_schedule", order_by=("recorded_at",))
    assert [(row["id"], row["decision"], bool(row["replaced_at"])) for row in rows] == [
        (first.pk, "waits", True),
        (second.pk, "no", False),
    ]


def test_a_line_itself_is_never_changed(at: Any, case: UUID) -> None:
    line = listed(at, case)
    with at("disclosure_officer", "criminal_investigation"), pytest.raises(ProgrammingError), transaction.atomic():
        Unused.objects.filter(pk=line.pk).update(decision="no")


@pytest.mark.parametrize(
    ("decision", "decided_by", "wrong"),
    [("waits", "", False), ("no", "prosecutor", False), ("no", "", True), ("waits", "court", True)],
)
def test_a_decision_says_whose_it_is(decision: str, decided_by: str, wrong: bool) -> None:
    assert bool(schedule.faults(decision, decided_by)) is wrong


def test_an_officer_who_is_not_on_the_case_team_lists_and_reads_nothing(at: Any, cast: Any) -> None:
    day = prepared(at, cast)
    with at("disclosure_officer", "criminal_investigation") as actor:
        assert policy.UNUSED.many(actor, projection="unused_schedule") == []
        with pytest.raises(NotAllowed):
            actions.list_unused(actor, day.operation, **LINE)


def test_it_is_done_on_pages(at: Any, case: UUID, signed_in: Any) -> None:
    officer = signed_in("disclosure_officer")
    given = {**LINE, "purpose": "criminal_investigation", "operation_id": str(case), "decision": "waits"}
    assert officer.post("/criminal-investigation/unused/new/", given).status_code == 302
    page = officer.get("/criminal-investigation/unused/").content.decode()
    assert "Body-worn video of P1" in page
    with at("disclosure_officer", "criminal_investigation") as actor:
        [row] = policy.UNUSED.many(actor, projection="unused_schedule")
    address = f"/criminal-investigation/unused/{row['id']}/"
    changed = given | {"decision": "disclose", "decided_by": "prosecutor", "why": "Reviewed"}
    assert officer.post(address, changed).status_code == 302
    assert "before a correction" in officer.get(address).content.decode()
    assert signed_in("report_desk").get(address).status_code == 404
    assert signed_in("partner_hmrc").get("/criminal-investigation/unused/").status_code == 404
    other = signed_in("investigator").get("/criminal-investigation/unused/").content.decode()
    assert "Body-worn video" not in other, "this investigator is not on the case team"


@pytest.fixture
def investigated(at: Any, cast: Any, case: UUID) -> UUID:
    with at("op_commander", "op_planning") as actor:
        operations.case_team(actor, case, cast["investigator"].pk)
    return case


def test_whoever_investigates_the_case_reads_the_schedule_and_writes_nothing_in_it(at: Any, investigated: UUID) -> None:
    line = listed(at, investigated)
    with at("investigator", "criminal_investigation") as actor:
        assert [row["id"] for row in policy.UNUSED.many(actor)] == [line.pk]
        with pytest.raises(NotAllowed), transaction.atomic():
            actions.list_unused(actor, investigated, **LINE)
        with pytest.raises(NotAllowed), transaction.atomic():
            actions.correct_unused(actor, investigated, line_id=line.pk, why="Mine", **LINE)


def test_the_database_refuses_an_investigators_line_and_correction(at: Any, investigated: UUID) -> None:
    line = listed(at, investigated)
    columns = "controller_id, operation_id, number, inspected, sensitive, decision, decided_by, written_by,"
    columns += " description, held_at, why, recorded_at"
    with at("investigator", "criminal_investigation"), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(
                f"INSERT INTO custody_unused (id, {columns}) SELECT gen_random_uuid(), {columns} FROM custody_unused"
            )
        cursor.execute("UPDATE custody_unused SET replaced_at = now() WHERE id = %s", [line.pk])
        assert cursor.rowcount == 0


def test_the_pages_offer_an_investigator_of_the_case_no_way_to_write(
    at: Any, investigated: UUID, signed_in: Any
) -> None:
    line = listed(at, investigated)
    client, place = signed_in("investigator"), "/criminal-investigation/unused/"
    page = client.get(place).content.decode()
    assert "Body-worn video" in page
    assert "Add a line" not in page
    assert "Write the corrected line" not in client.get(f"{place}{line.pk}/").content.decode()
    given = {**LINE, "purpose": "criminal_investigation", "decision": "waits", "why": "Mine"}
    for address in (f"{place}new/", f"{place}{line.pk}/"):
        assert client.post(address, given | {"operation_id": str(investigated)}).status_code == 404
    with at("disclosure_officer", "criminal_investigation") as actor:
        assert len(policy.UNUSED.many(actor, projection="unused_schedule")) == 1


def test_a_line_leads_to_its_exhibit_for_whoever_may_read_it_and_names_it_to_the_others(
    suite: Suite, at: Any, cast: Any, signed_in: Any
) -> None:
    exhibit, case = seized(suite), suite.day.operation
    with suite.day.planning() as actor:
        for part in ("disclosure_officer", "investigator"):
            operations.case_team(actor, case, cast[part].pk)
    with at("disclosure_officer", "criminal_investigation") as actor, pytest.raises(RuleBroken, match="same case"):
        actions.list_unused(actor, case, **LINE, exhibit_id=random_id())
    officer, place = signed_in("disclosure_officer"), "/criminal-investigation/unused/"
    form = officer.get(f"{place}new/").content.decode()
    assert str(exhibit) in form
    assert "A red passport" not in form
    given = {**LINE, "purpose": "criminal_investigation", "operation_id": str(case), "decision": "waits"}
    assert officer.post(f"{place}new/", given | {"exhibit_id": str(exhibit)}).status_code == 302
    link = f"/criminal-investigation/exhibits/{exhibit}/"
    page = officer.get(place).content.decode()
    assert "Exhibit " in page
    assert link not in page
    investigator = signed_in("investigator")
    assert link in investigator.get(place).content.decode()
    assert investigator.get(link).status_code == 200
    assert officer.get(link).status_code == 404
