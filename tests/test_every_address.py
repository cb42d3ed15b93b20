"""Every address, asked by everybody: no error and nothing outside the policy."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from wilberforce.access.addresses import Address, addresses
from wilberforce.access.asking import matrix
from wilberforce.access.rules import permitted_purposes
from wilberforce.agencies.cast import PARTS
from wilberforce.agencies.demo import client_of
from wilberforce.agencies.models import Device, SignedIn
from wilberforce.base import clock
from wilberforce.base.ids import random_id

from .conftest import Day

pytestmark = pytest.mark.django_db

TABLES = {
    "source_id": "concerns_source",
    "report_id": "concerns_report", "item_id": "intelligence_item", "suspect_id": "intelligence_suspectentry",
    "operation_id": "operations_operation", "site_id": "operations_site", "entry_id": "operations_logentry",
    "found_id": "operations_found", "unit_id": "operations_unit", "brief_id": "operations_brief",
    "part_id": "operations_orderpart", "handover_id": "operations_handover",
    "check_id": "operations_fastcheck", "decision_id": "operations_decision", "warrant_id": "operations_warrant",
    "contingency_id": "operations_contingency", "partner_id": "operations_partner", "link_id": "intelligence_link",
    "basis_id": "survivors_legalbasis", "given_id": "reception_given",
    "arrest_id": "custody_arrest", "detention_id": "custody_detention", "exhibit_id": "custody_exhibit",
    "unused_id": "custody_unused",
    "news_id": "custody_news", "person_id": "survivors_person",
    "centre_id": "reception_centre", "room_id": "reception_room", "bag_id": "reception_belonging",
    "follow_up_id": "reception_followup", "apart_id": "reception_apart", "leaving_id": "reception_leaving",
    "sheet_id": "press_factsheet", "bulletin_id": "press_bulletin", "quarter_id": "statistics_quarter",
    "picture_id": "press_picture", "premises_id": "reception_premises",
    "session_id": "reception_interpreting", "recording_id": "reception_recording",
}  # fmt: skip
WHATS = {"plan_add": "site", "site_add": "warrant", "step": "review", "weigh": "investigator"}
CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")


def ours() -> list[Address]:
    """Those of the stages; the sign-in library's own pages are its own to test."""
    return [a for a in addresses() if a.declaration and (a.declaration.cells or a.declaration.who == "member")]


def filled(address: Address, known: Callable[[str], object]) -> str:
    return "/" + CONVERTER.sub(lambda found: "1" if found[1] == "int" else str(known(found[2])), address.route)


def existing(day: Day, address: Address) -> str:
    def known(argument: str) -> object:
        if argument == "what":
            return WHATS.get(address.name or "", "site")
        if argument == "address":
            return day.story.words["bulletin"]
        return day.one(TABLES[argument]) if argument in TABLES and TABLES[argument] in day.records else random_id()

    return filled(address, known)


def invented(address: Address) -> str:
    return filled(
        address, lambda argument: WHATS.get(address.name or "", "site") if argument == "what" else random_id()
    )


def signed_in(day: Day, part: str) -> Client:
    return client_of(day.story.cast[part], Client(raise_request_exception=False))


def asking(day: Day, address: Address, drawn: random.Random, everybody: bool) -> list[str]:
    """Some who hold a role for the address and one who holds none; with ``--long`` the whole cast."""
    purpose = address.arguments.get("purpose", "")
    mine = [part.key for part in PARTS if holds(day.story, part.key, purpose)]
    others = [part.key for part in PARTS if part.key not in mine]
    if everybody:
        return [*mine, *others]
    return [*drawn.sample(mine, min(len(mine), 2)), *drawn.sample(others, min(len(others), 1))]


def holds(where: Any, part: str, purpose: str) -> bool:
    post = where.cast[part]
    roles = next(p.roles for p in PARTS if p.key == part)
    return any(purpose in permitted_purposes(matrix(), post.agency.kind, role) for role in roles)


@pytest.fixture
def everybody(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


def test_nobody_gets_an_error_or_a_page_of_a_workspace_that_is_not_theirs(day: Day, everybody: bool) -> None:
    drawn, wrong = random.Random(1), []  # noqa: S311 - a sample
    clients = {part.key: signed_in(day, part.key) for part in PARTS}
    for address in ours():
        for part in asking(day, address, drawn, everybody):
            answer = clients[part].get(existing(day, address))
            if answer.status_code >= 500:
                wrong.append((address.route, part, answer.status_code))
            staff = address.declaration is not None and address.declaration.who == "staff"
            if staff and answer.status_code != 404 and not holds(day.story, part, address.arguments["purpose"]):
                wrong.append((address.route, part, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def plain(answer: Any) -> bytes:
    """Without what differs from one page to the next: tokens, the script's nonce and the address itself."""
    return re.sub(rb'value="[\w-]{32,}"|nonce="[^"]*"|[0-9a-f-]{36}', b"", answer.content)


def test_a_page_that_shows_records_left_a_leaf(day: Day, everybody: bool) -> None:
    drawn, silent, shown = random.Random(3), [], 0  # noqa: S311 - a sample
    clients = {part.key: signed_in(day, part.key) for part in PARTS}
    for address in ours():
        if not address.declaration or not any(":R" in cell for cell in address.declaration.cells):
            continue
        for part in asking(day, address, drawn, everybody):
            before = count_of_leaves()
            answer = clients[part].get(existing(day, address))
            shown += answer.status_code == 200
            if count_of_leaves() > before or answer.status_code in (302, 405):
                continue
            if answer.status_code != 200 or plain(answer) != plain(clients[part].get(invented(address))):
                silent.append((address.route, part, answer.status_code))
    assert not silent, "\n".join(map(str, silent))
    assert shown > 20


def count_of_leaves() -> int:
    """The app can't read the ledger without a reason, but the table's own counter of this transaction tells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_inserted('ledger_leaf'::regclass)")
        return int(cursor.fetchone()[0])


def test_whose_session_is_over_or_whose_device_is_lost_sees_no_record(day: Day) -> None:
    wrong = []
    for part, purpose in (("op_commander", "op_safety"), ("report_desk", "triage"), ("custody_officer", "custody")):
        for ended, name in ((True, "ended"), (False, "lost device")):
            client, post = signed_in(day, part), day.story.cast[part]
            if ended:
                SignedIn.objects.filter(membership=post).update(ended_at=clock.now())
            else:
                Device.objects.filter(membership=post).update(revoked_at=clock.now())
            for address in ours():
                if (
                    address.arguments.get("purpose") == purpose
                    and address.declaration
                    and address.declaration.who == "staff"
                ):
                    answer = client.get(existing(day, address))
                    if answer.status_code == 200 or answer.status_code >= 500:
                        wrong.append((address.route, part, name, answer.status_code))
            Device.objects.filter(membership=post).update(revoked_at=None)
    assert not wrong, "\n".join(map(str, wrong))


def test_a_stranger_is_sent_to_sign_in_and_shown_nothing(day: Day) -> None:
    client = Client(raise_request_exception=False)
    for address in ours():
        if address.declaration and address.declaration.who != "public":
            answer = client.get(existing(day, address))
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/"), address.route
        else:
            assert client.get(existing(day, address)).status_code < 500, address.route


@pytest.mark.parametrize("sent", [{}, {"version": "²", "text": "x\x00y"}])
def test_a_form_that_makes_no_sense_breaks_nothing(day: Day, everybody: bool, sent: dict[str, str]) -> None:
    drawn, wrong = random.Random(4), []  # noqa: S311 - a sample
    clients = {part.key: signed_in(day, part.key) for part in PARTS}
    for address in ours():
        purpose = address.arguments.get("purpose", "")
        for part in asking(day, address, drawn, everybody):
            with transaction.atomic():
                given = {"purpose": purpose, "once": str(random_id()), **sent}
                answer = clients[part].post(existing(day, address), given)
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                wrong.append((address.route, part, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_a_form_with_a_forged_purpose_is_refused_and_keeps_what_was_typed(day: Day) -> None:
    client = signed_in(day, "op_commander")
    for address in ours():
        if address.declaration and address.declaration.who == "staff":
            answer = client.post(
                existing(day, address), {"purpose": "marketing", "text": "Nine words that somebody typed"}
            )
            assert answer.status_code == 409, address.route
            assert b"Nine words that somebody typed" in answer.content


@pytest.mark.parametrize("query", ["?page=²", "?page=-1", "?page=99999999999999999999999", "?page=abc", "?judged=%00"])
def test_a_page_number_that_is_none_breaks_nothing(day: Day, query: str) -> None:
    for part, path in (("guardian_police", "/oversight/ledger/"), ("intel_officer", "/intelligence/"),
                       ("report_desk", "/triage/"), ("op_commander", "/op-safety/")):  # fmt: skip
        assert signed_in(day, part).get(path + query).status_code < 500, path


@pytest.mark.parametrize(
    "path", ["/news/updates/%00/", "/join/%00/", "/news/updates/%F0%9F%98%80/", "/join/" + "x" * 5000 + "/"]
)
def test_an_address_with_odd_letters_breaks_nothing(db: None, path: str) -> None:
    assert Client(raise_request_exception=False).get(path).status_code < 500
