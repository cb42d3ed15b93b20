"""What was seized keeps its place, its power, whose it is, who kept it, and every pair of hands."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.custody import actions, register
from wilberforce.operations import actions as operations
from wilberforce.operations.tests.factories import ago, refused

from .conftest import Suite

TOLD = {
    "mark": "AB/1", "kind": "passport", "description": "A red passport", "place": "A locked drawer in the office",
    "power": "pace-19",
}  # fmt: skip


@pytest.fixture
def passport(suite: Suite) -> UUID:
    return seized(suite)


def seized(suite: Suite, **answers: Any) -> UUID:
    told = {**TOLD, "site_id": suite.day.sites["B"], "at": ago(minutes=30), **answers}
    with suite.day.on_site() as actor:
        return actions.seize(actor, suite.day.operation, **told).pk


def found(suite: Suite) -> UUID:
    with suite.day.on_site() as actor:
        return operations.record_found(actor, suite.day.sites["B"], age="adult", at=ago(minutes=40)).pk


def handed(suite: Suite, exhibit: UUID, **answers: Any) -> None:
    told = {"kind": "handed-over", "at": ago(minutes=20), "received_by": "Exhibits officer", "place": "Van", **answers}
    with suite.day.on_site() as actor:
        actions.hand_on(actor, exhibit, **told)


def put_right(suite: Suite, exhibit: UUID, **answers: Any) -> None:
    told = {
        **TOLD, "site_id": suite.day.sites["B"], "at": ago(minutes=30), "seized_by": "PC 4104",
        "why": "Looked at in daylight", **answers,
    }  # fmt: skip
    with suite.day.on_site() as actor:
        actions.correct_exhibit(actor, exhibit, **told)


def shown(suite: Suite, exhibit: UUID) -> dict[str, Any]:
    with suite.day.on_site() as actor:
        return register.one(actor, exhibit)


def titles(record: dict[str, Any]) -> list[str]:
    return [line["title"].split(": ")[-1] for line in record["hands"]]


def test_a_passport_is_linked_to_its_owner_and_to_who_kept_it(suite: Suite) -> None:
    kept_by, theirs = suite.arrest(), found(suite)
    exhibit = seized(suite, owner_id=theirs, control_id=kept_by)
    thing = shown(suite, exhibit)["exhibit"]
    assert (thing["owner"][0], thing["control"][0], thing["site"]) == ("P", "A", "B")
    assert thing["kept_by_another"]
    assert thing["power_source"] == "PACE 1984 s.19(2) and (3)"
    with suite.day.on_site() as actor:
        [beside] = register.of_person(actor, [theirs])[theirs]
    assert (beside["mark"], beside["theirs"]) == ("AB/1", True)


def test_a_passport_in_its_owners_own_pocket_is_no_sign_of_control(suite: Suite) -> None:
    person = found(suite)
    assert not shown(suite, seized(suite, owner_id=person, control_id=person))["exhibit"]["kept_by_another"]


def test_somebody_who_is_not_of_this_operation_owns_nothing_here(suite: Suite) -> None:
    with refused("owner_id", "found or arrested in this operation"):
        seized(suite, owner_id=uuid4())


@pytest.mark.parametrize("field", ["mark", "place", "power", "kind", "description"])
def test_an_exhibit_says_what_it_is_where_it_was_and_under_which_power_it_was_taken(suite: Suite, field: str) -> None:
    with refused(field):
        seized(suite, **{field: " "})


def test_no_mark_is_given_twice_in_one_operation(suite: Suite, passport: UUID) -> None:
    with refused("mark", "already"):
        seized(suite, mark="ab/1 ")
    other = seized(suite, mark="AB/2")
    with refused("mark", "already"):
        put_right(suite, other, mark="AB/1")


def test_whoever_gives_is_whoever_held_it_last_so_the_chain_has_no_gap(suite: Suite) -> None:
    exhibit = seized(suite, seized_by="PC 4104")
    handed(suite, exhibit)
    handed(suite, exhibit, at=ago(minutes=10), received_by="Store 3", place="Shelf 9", bag="C 0143")
    record = shown(suite, exhibit)
    assert titles(record) == [
        "Seized by PC 4104",
        "PC 4104 to Exhibits officer, Van",
        "Exhibits officer to Store 3, Shelf 9, in bag C 0143",
    ]
    assert record["held"] == "With Store 3, Shelf 9"


def test_nothing_is_handed_over_before_it_was_seized_or_before_the_last_hands(suite: Suite, passport: UUID) -> None:
    with refused("at", "before"):
        handed(suite, passport, at=ago(minutes=31))
    handed(suite, passport)
    with refused("at", "before"):
        handed(suite, passport, at=ago(minutes=25))


def test_what_was_returned_to_its_owner_goes_no_further(suite: Suite) -> None:
    exhibit = seized(suite, owner_id=found(suite))
    owner = shown(suite, exhibit)["exhibit"]["owner"]
    handed(suite, exhibit, kind="returned", received_by="", place="")
    assert shown(suite, exhibit)["held"] == f"Returned to {owner}"
    with refused(match="no further"):
        handed(suite, exhibit, at=ago(minutes=5))


def test_nothing_is_disposed_of_without_a_reason(suite: Suite, passport: UUID) -> None:
    with refused("why"):
        handed(suite, passport, kind="disposed", received_by="")


def test_a_correction_keeps_what_was_there_with_its_reason(suite: Suite, passport: UUID) -> None:
    theirs = found(suite)
    put_right(suite, passport, description="A brown passport", owner_id=theirs)
    record = shown(suite, passport)
    [before] = record["corrections"]
    assert "Description was: A red passport" in before["text"]
    assert "Owner was: nothing" in before["text"]
    assert "Why: Looked at in daylight" in before["text"]
    assert record["exhibit"]["description"] == "A brown passport"


def test_no_correction_moves_the_seizure_behind_its_first_handover(suite: Suite, passport: UUID) -> None:
    handed(suite, passport)
    with refused("at", "before"):
        put_right(suite, passport, at=ago(minutes=5))


def test_two_officers_who_hand_on_the_same_thing_do_not_both_do_it(suite: Suite, passport: UUID) -> None:
    handed(suite, passport, version=1)
    with pytest.raises(Conflict):
        handed(suite, passport, version=1, received_by="Store 3", at=ago(minutes=10))
    assert len(shown(suite, passport)["hands"]) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE custody_exhibitmove SET at = now()",
        "DELETE FROM custody_exhibit",
        "UPDATE custody_formerexhibit SET replaced_at = now()",
    ],
)
def test_the_chain_is_never_changed(suite: Suite, passport: UUID, sql: str) -> None:
    handed(suite, passport)
    with suite.day.on_site(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_partner_and_an_officer_off_the_roster_see_no_exhibit(suite: Suite, passport: UUID) -> None:
    for part in ("op_member_fire", "op_member_c"):
        with suite.day.at(part, "op_safety") as actor, pytest.raises(NotAllowed):
            register.one(actor, passport)


def test_the_case_team_goes_on_with_the_chain_after_the_day(suite: Suite, passport: UUID) -> None:
    with suite.day.planning() as actor:
        operations.case_team(actor, suite.day.operation, suite.day.cast["investigator"].pk)
    with suite.day.at("investigator", "criminal_investigation") as actor:
        actions.hand_on(actor, passport, kind="handed-over", at=ago(minutes=2), received_by="Laboratory")
        assert register.one(actor, passport)["held"] == "With Laboratory"


# The pages


def form(**answers: Any) -> dict[str, Any]:
    return {"purpose": "op_safety", "once": str(uuid4()), "version": "1", **answers}


def test_the_register_on_the_screen(suite: Suite, passport: UUID, signed_in: Any) -> None:
    officer = signed_in("op_member_a")
    move = reverse("op_safety:exhibit_move", args=[passport])
    sent = officer.post(move, form(kind="handed-over", received_by="Store"))
    assert (sent.status_code, sent["Location"]) == (302, reverse("op_safety:exhibit", args=[passport]))
    assert "to Store" in officer.get(sent["Location"]).content.decode()
    assert officer.post(move, form(kind="handed-over", received_by="Lab")).status_code == 409
    told = {**TOLD, "mark": "AB/2", "where": str(suite.day.sites["B"]), "owner_id": "", "control_id": ""}
    made = officer.post(reverse("op_safety:exhibit_new"), form(**told))
    assert "AB/2" in officer.get(made["Location"]).content.decode()
    right = made["Location"] + "right/"
    assert (
        officer.post(right, form(**told | {"place": "Kitchen", "seized_by": "PC 1", "why": "Wrong room"})).status_code
        == 302
    )
    page = officer.get(made["Location"]).content.decode()
    assert "Kitchen" in page
    assert "Place was: A locked drawer" in page
    assert "AB/2" in officer.get(reverse("op_safety:exhibits")).content.decode()
    assert "AB/2" not in officer.get(reverse("op_safety:exhibits") + "?kind=phone").content.decode()


def test_a_form_without_an_answer_says_so_beside_the_question(suite: Suite, signed_in: Any) -> None:
    answer = signed_in("op_member_a").post(reverse("op_safety:exhibit_new"), form(mark="AB/9"))
    page = answer.content.decode()
    assert "Enter an answer: Describe it" in page
    assert "AB/9" in page
