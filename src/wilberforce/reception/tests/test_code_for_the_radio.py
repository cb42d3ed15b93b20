"""The manager says six letters on the radio; the commander types them, and everybody chooses the centre by them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from wilberforce.base.ids import heard_code, spoken_code
from wilberforce.operations import actions as operations
from wilberforce.operations.tests.factories import ago, live, refused
from wilberforce.reception import policy

from .conftest import Open
from .test_ending import closed

NOBODYS = "No open centre"


def test_two_centres_of_one_operation_are_told_apart_by_their_codes(
    centre: Open, other_centre: Open, at: Any, cast: Any, signed_in: Any
) -> None:
    day = live(at, cast)
    manager, commander, officer = (signed_in(part) for part in ("reception_manager", "op_commander", "op_member_a"))
    with day.planning() as actor, refused("code", NOBODYS):
        operations.link_called(actor, day.operation, code=spoken_code())
    for place in (centre, other_centre):
        page = manager.get(reverse("reception:set_up", args=[place.centre_id])).content.decode()
        code = page.split('wb-secret govuk-!-font-size-36">')[1].split("<")[0]
        assert heard_code(code) == code
        assert "<svg" in page
        told: dict[str, Any] = {
            "purpose": "op_planning",
            "once": str(uuid4()),
            "code": f"{code[:3].lower()} {code[3:]}",
        }
        told |= {"expected": "1-5", "languages": ["ro"], "children": "no", "danger": "no"}
        assert commander.post(reverse("op_planning:plan_add", args=[day.operation, "centre"]), told).status_code == 302
        assert code in commander.get(reverse("op_planning:plan", args=[day.operation])).content.decode()
        with day.on_site() as actor:
            found = operations.record_found(actor, day.sites["B"], age="adult", languages=["ro"], at=ago(minutes=40))
        assert f"Centre {code}, " in officer.get(reverse("op_safety:found_send", args=[found.pk])).content.decode()


def test_a_slip_and_a_centre_that_is_linked_already_are_told_beside_the_code(centre: Open, at: Any, cast: Any) -> None:
    code = code_of(centre, at)
    day = live(at, cast)
    with day.planning() as actor:
        with refused("code", "one by one"):
            operations.link_called(actor, day.operation, code=code[:-1] + ("2" if code[-1] != "2" else "3"))
        assert operations.link_called(actor, day.operation, code=code).centre_id == centre.centre_id
        with refused("code", "already"):
            operations.link_called(actor, day.operation, code=code)


def test_a_closed_centre_and_one_whose_agency_has_not_said_yes_are_found_by_nobody(
    centre: Open, at: Any, cast: Any
) -> None:
    code, day = code_of(centre, at), live(at, cast)
    with at("op_commander", "op_planning") as actor:
        fresh = operations.plan(actor, name="Other", strand="pursue", objectives="-", planned_for=ago(hours=-4))
        with refused("code", NOBODYS):
            operations.link_called(actor, fresh.pk, code=code)
    closed(centre)
    with day.planning() as actor, refused("code", NOBODYS):
        operations.link_called(actor, day.operation, code=code)


@pytest.mark.parametrize("part", ["op_member_a", "reception_worker"])
def test_whoever_does_not_command_the_operation_asks_for_nothing_by_a_code(
    part: str, centre: Open, at: Any, cast: Any
) -> None:
    code, day = code_of(centre, at), live(at, cast)
    purpose = "reception" if part == "reception_worker" else "op_safety"
    with at(part, purpose), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM operations_centres_called(%s, %s)", [day.operation, code])
        assert cursor.fetchone() == (0,)


def code_of(centre: Open, at: Any) -> str:
    with at("reception_manager", "reception") as actor:
        code: str = policy.CENTRES.one(actor, centre.centre_id)["code"]
    return code


def test_a_worry_says_to_the_commander_which_centre_it_comes_from(
    centre: Open, at: Any, cast: Any, signed_in: Any
) -> None:
    code, day = code_of(centre, at), live(at, cast)
    with day.planning() as actor:
        operations.link_called(actor, day.operation, code=code)
    with at("reception_worker", "reception") as actor:
        operations.pass_safety_worry(actor, day.operation, centre_id=centre.centre_id, text="One speaks for the other")
    page = signed_in("op_commander").get(reverse("op_safety:decisions", args=[day.operation])).content.decode()
    assert f'centre <span class="wb-secret">{code}</span>' in page
