"""A victim information request through the pages: what police are asked, what the keeper sees, and the notice."""

from datetime import timedelta
from typing import Any

import pytest

from wilberforce.base.ids import random_id
from wilberforce.sharing import policy
from wilberforce.sharing.models import VictimRequest

from .conftest import today, version_on
from .test_victim_requests import NOT_NOW, PURPOSE, case

__all__ = ["case"]
ANSWERS = {
    "line": "Who drove them", "necessary": "Nobody else saw", "proportionate": "One day",
    "alternatives": "Cameras failed", "notice": "Police ask to see notes of one day.", "counselling": "no",
    "data_class": "support", "notice_form": "whole",
}  # fmt: skip


def sent(purpose: str, **answers: Any) -> dict[str, Any]:
    return {"purpose": purpose, "version": "", "once": str(random_id()), **answers}


def days() -> dict[str, str]:
    day = today()
    parts = (day.day, day.month, day.year)
    return {f"{name}_{place}": str(part) for name in ("covers_from", "covers_to") for place, part in enumerate(parts)}


@pytest.fixture
def asked(case: Any, signed_in: Any) -> VictimRequest:
    typed = ANSWERS | {
        "operation_id": str(case.operation), "reference": case.reference.lower(),
        "to_agency": str(case.cast["reception_manager"].agency_id),
    }  # fmt: skip
    answer = signed_in("investigator").post(
        "/criminal-investigation/victim-requests/new/", sent(PURPOSE, **typed, **days())
    )
    assert answer.status_code == 302, answer.content.decode()
    with case.at("investigator", PURPOSE):
        return VictimRequest.objects.get()


def test_what_is_left_out_is_asked_for_beside_its_field(case: Any, signed_in: Any) -> None:
    page = signed_in("investigator").post("/criminal-investigation/victim-requests/new/", sent(PURPOSE, **days()))
    shown = page.content.decode()
    assert "Enter an answer: Which reasonable line of enquiry does it follow?" in shown
    assert "Choose an answer: Who keeps the records?" in shown


def test_from_the_request_to_the_records_page_by_page(case: Any, asked: VictimRequest, signed_in: Any) -> None:
    manager, address = signed_in("reception_manager"), f"/support/victim-requests/{asked.pk}/"
    assert "Support notes" in manager.get("/support/victim-requests/").content.decode()
    assert "Police ask to see notes of one day." in manager.get(f"{address}notice/").content.decode()
    told = sent("support", given_to="person", language="ro", view="objects", said="")
    assert manager.post(f"{address}told/", told).status_code == 302
    choosing = manager.get(address).content.decode()
    assert "A blue van" in choosing
    assert "What hurts most" not in choosing
    until = {f"until_{place}": str(part) for place, part in enumerate((*days_ahead(), "12:00"))}
    assert manager.post(f"{address}chosen/", sent("support", records=[str(case.notes[0])], **until)).status_code == 302
    to_send = f"/criminal-investigation/victim-requests/{asked.pk}/"
    assert "Ask the guardian to let them go" in manager.get(to_send).content.decode()
    assert manager.post(to_send, sent(PURPOSE)).status_code == 302
    guardian = signed_in("guardian_redcross")
    waiting = guardian.get("/oversight/").content.decode()
    assert "Support" in waiting
    with case.at("guardian_redcross", "oversight") as actor:
        (one,) = policy.waiting_for(actor)
    address_of_yes = f"/oversight/waiting/{one.pk}/"
    page = guardian.get(address_of_yes).content.decode()
    assert "A blue van" in page
    assert "Sleeps badly" not in page
    said = sent("oversight") | {"version": version_on(page)}
    assert guardian.post(address_of_yes, said).status_code == 302
    officer = signed_in("investigator")
    state = officer.get(to_send).content.decode()
    assert "They object" in state
    assert "Read the records" in state
    read = officer.get(f"{to_send}records/").content.decode()
    assert "A blue van" in read
    assert "Sleeps badly" not in read
    assert officer.post(to_send, sent(PURPOSE)).status_code == 302
    assert "Nothing is open" in officer.get(f"{to_send}records/").content.decode()


def days_ahead() -> tuple[str, str, str]:
    day = today() + timedelta(days=7)
    return str(day.day), str(day.month), str(day.year)


def test_a_refusal_has_its_reason_and_the_case_team_reads_it(case: Any, asked: VictimRequest, signed_in: Any) -> None:
    address = f"/support/victim-requests/{asked.pk}/refused/"
    manager = signed_in("reception_manager")
    assert "Choose an answer: Why not?" in manager.post(address, sent("support")).content.decode()
    assert manager.post(address, sent("support", reason="too wide")).status_code == 302
    shown = signed_in("investigator").get(f"/criminal-investigation/victim-requests/{asked.pk}/").content.decode()
    assert "It asks for more than the case needs" in shown


@pytest.mark.parametrize("part", ["reception_worker", "safeguarding_lead", "guardian_city"])
def test_nobody_else_finds_it(case: Any, asked: VictimRequest, signed_in: Any, part: str) -> None:
    purpose = "oversight" if "guardian" in part else "support"
    assert signed_in(part).get(f"/{purpose}/victim-requests/{asked.pk}/").status_code == 404


def test_why_there_is_no_notice_is_read_by_the_senior_officer_and_the_keeper_and_by_nobody_before(
    case: Any, signed_in: Any
) -> None:
    one = case.ask(**NOT_NOW)
    address = f"/support/victim-requests/{one.pk}/"
    manager = signed_in("reception_manager")
    assert manager.get(address).status_code == 404
    reviewer = signed_in("review_officer")
    assert NOT_NOW["ground_why"] in reviewer.get(f"/custody/victim-requests/{one.pk}/").content.decode()
    assert reviewer.post(f"/custody/victim-requests/{one.pk}/?", sent("custody")).status_code == 302
    page = manager.get(address).content.decode()
    assert NOT_NOW["ground_why"] in page
    assert "must not be given yet" in page
    assert "Who was given it?" not in page
    assert manager.post(f"{address}excused/", sent("support")).status_code == 302
    assert "Which of them go?" in manager.get(address).content.decode()
    officer, to = signed_in("investigator"), f"/criminal-investigation/victim-requests/{one.pk}/"
    assert officer.post(f"{to}may-go/", sent(PURPOSE)).status_code == 302
    assert "Who was given it?" in manager.get(address).content.decode()
    told = sent("support", given_to="adult", language="ro", view="not now", said="")
    page = manager.post(f"{address}told/", told).content.decode()
    assert "Say why somebody else had it for them." in page
    told |= {"given_because": "capacity", "given_who": "Their advocate; they have no family here"}
    assert manager.post(f"{address}told/", told | {"once": str(random_id())}).status_code == 302
    assert "Their advocate; they have no family here" in officer.get(to).content.decode()
