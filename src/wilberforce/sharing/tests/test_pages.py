"""Sharing through the pages: writing agreements, offering, alerting, asking, being refused, calling back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Model

from wilberforce.base.ids import random_id
from wilberforce.deadlines.models import Deadline
from wilberforce.sharing import actions, policy
from wilberforce.sharing.models import Agreement, Disclosure, Request
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import IDENTITIES

from .conftest import today

TERMS = {
    "data_class": "person_ref", "fields_shared": ["housing_need"], "used_for": "support", "basis": "Care Act 2014 s.42",
    "dpia_ref": "DPIA-7", "starts_0": "1", "starts_1": "1", "starts_2": "2030",
    "successor_rule": "ends",
}  # fmt: skip


def sent(purpose: str, **answers: Any) -> dict[str, Any]:
    return {"purpose": purpose, "version": "", "once": str(random_id()), **answers}


@pytest.fixture
def council(cast: Any) -> UUID:
    return UUID(str(cast["housing_officer"].agency_id))


@pytest.fixture
def kept(at: Any) -> Callable[[type[Model]], list[Any]]:
    """What the Red Cross's guardian sees of a table: outside a context nobody sees any of it."""

    def rows(table: type[Model]) -> list[Any]:
        with at("guardian_redcross", "oversight"):
            return list(table._default_manager.all())

    return rows


@pytest.fixture
def leads(at: Any, person: UUID, agree: Any, cast: Any) -> UUID:
    """Their reference was disclosed to the safeguarding lead of the place."""
    agree("guardian_redcross", "guardian_city", data_class="person_ref", purpose="support", fields=["all"])
    with at("reception_manager", "support") as actor:
        begun = actions.begin(
            actor, person, to_agency=cast["safeguarding_lead"].agency_id, data_class="person_ref",
            fields=policy.Kind("person_ref", "").fields, basis="adult-safeguarding",
        )  # fmt: skip
    with at("guardian_redcross", "oversight") as actor:
        actions.approve(actor, begun.pk)
    return person


def finds_a_home(worker: Any, person: UUID) -> None:
    """By the link on the person's page."""
    address = f"/support/people/{person}/placement/"
    assert f'href="{address}"' in worker.get(f"/support/people/{person}/").content.decode()
    assert worker.post(address, sent("support")).status_code == 302


def test_a_guardian_writes_an_agreement_and_either_side_ends_it(signed_in: Any, council: UUID, kept: Any) -> None:
    giver, receiver = signed_in("guardian_redcross"), signed_in("guardian_city")
    made = giver.post("/oversight/agreements/new/", sent("oversight", to_agency=str(council), **TERMS))
    address = made.headers["Location"]
    assert "1 January 2030" in receiver.get(address).content.decode()
    for client in (giver, receiver):
        assert client.post(address, sent("oversight")).status_code == 302
    assert kept(Agreement)[0].signed_at
    assert receiver.post(f"{address}ended/", sent("oversight")).status_code == 302
    assert "Ended" in giver.get(address).content.decode()
    assert "ended already" in giver.post(f"{address}ended/", sent("oversight")).content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("to_agency", "", "Choose an answer: With which agency?"),
        ("to_agency", "nobody", "That is not offered, or no longer. Choose an answer"),
        ("data_class", "immigration", "That is not offered, or no longer. Choose an answer"),
        ("fields_shared", [], "Choose the whole, or at least one part."),
        ("fields_shared", ["claim_min"], "Name the fields that are shared."),
        ("starts_1", "13", "must be a real date"),
        ("ends_2", "2029", "must include a day"),
        ("basis", "", "Enter an answer: By which law?"),
        ("dpia_ref", "D" * 41, "40 characters or fewer"),
    ],
    ids=["no-agency", "unknown", "class", "no-part", "other-part", "month", "half-a-date", "no-law", "long"],
)
def test_terms_that_cannot_be_are_answered_beside_their_field(
    signed_in: Any, council: UUID, field: str, typed: Any, sentence: str, kept: Any
) -> None:
    form = sent("oversight", to_agency=str(council), **TERMS) | {field: typed}
    answer = signed_in("guardian_redcross").post("/oversight/agreements/new/", form)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert kept(Agreement) == []


def test_only_a_guardian_finds_the_page_for_agreements(signed_in: Any) -> None:
    assert signed_in("reception_manager").get("/oversight/agreements/new/").status_code == 404


def test_the_manager_offers_exactly_the_fields_that_the_page_names(
    signed_in: Any, person: UUID, housing: Agreement, council: UUID, kept: Any
) -> None:
    manager = signed_in("reception_manager")
    address = f"/support/people/{person}/share/"
    page = manager.get(address).content.decode()
    assert "Exactly: reference, languages, household size, access needs, avoid area" in page
    what = {"what": f"{council}/person_ref/housing_need", "basis": "adult-safeguarding"}
    receipt = manager.post(address, sent("support", **what)).headers["Location"]
    assert "Waiting for a second person" in manager.get(receipt).content.decode()
    begun = kept(Disclosure)[0]
    assert begun.fields == policy.Kind("person_ref", "housing_need").fields
    assert "What a home needs" in manager.get(f"/support/people/{person}/shared/").content.decode()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"what": "", "basis": "adult-safeguarding"}, "Choose an answer: What, and to whom?"),
        ({"what": "somewhere/identity/", "basis": "adult-safeguarding"}, "That is not offered, or no longer."),
        ({"basis": "consent"}, "The person has not said yes to this recipient."),
        ({"basis": "court-order"}, "This law is not recorded for this recipient."),
        ({"basis": "adult-safeguarding", "expires_at_0": "1", "expires_at_1": "1", "expires_at_2": "2018",
          "expires_at_3": "09:00"}, "It would be over before it is read."),
    ],
    ids=["nothing", "invented", "no-yes", "no-law", "over"],
)  # fmt: skip
def test_what_may_not_go_is_said_beside_its_field_and_nothing_is_begun(
    signed_in: Any, person: UUID, housing: Agreement, council: UUID, answers: dict[str, str], sentence: str, kept: Any
) -> None:
    form = sent("support", what=f"{council}/person_ref/housing_need") | answers
    answer = signed_in("reception_manager").post(f"/support/people/{person}/share/", form)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert kept(Disclosure) == []


def test_a_yes_to_one_agency_is_none_to_another(
    at: Any, signed_in: Any, person: UUID, housing: Agreement, council: UUID, cast: Any, kept: Any
) -> None:
    said: dict[str, Any] = {
        "data_class": "person_ref", "purpose": "support", "answer": "given", "legal_basis": "consent",
        "language": "ro", "interpreter": True,
    }  # fmt: skip
    with at("reception_manager", "support") as actor:
        survivors.answer(actor, person, recipient=cast["guardian_county"].agency_id, **said)
    form = sent("support", what=f"{council}/person_ref/housing_need", basis="consent")
    manager = signed_in("reception_manager")
    assert "has not said yes" in manager.post(f"/support/people/{person}/share/", form).content.decode()
    with at("reception_manager", "support") as actor:
        survivors.answer(actor, person, recipient=council, **said)
    assert manager.post(f"/support/people/{person}/share/", form | {"once": str(random_id())}).status_code == 302
    assert kept(Disclosure)[0].answer_id


def test_the_council_is_alerted_with_one_form_and_the_duty_team_reads_it(
    at: Any, signed_in: Any, person: UUID, council: UUID, kept: Any
) -> None:
    alarm = {"to_agency": str(council), "basis": "adult-safeguarding", "person_agrees": "no", "told": "unsafe"}
    answer = signed_in("reception_manager").post(f"/support/people/{person}/alert/", sent("support", **alarm))
    assert answer.status_code == 302
    assert all(one.at_once for one in kept(Disclosure))
    duty = signed_in("emergency_duty")
    assert str(person) in duty.get("/support/").content.decode()
    page = duty.get(f"/support/people/{person}/").content.decode()
    assert "Adult or child" in page
    assert "Access" not in page
    with at("emergency_duty", "support") as actor:
        assert IDENTITIES.many(actor, projection="safeguarding_alert") == []
    finds_a_home(duty, person)


def test_a_second_click_alerts_once(signed_in: Any, person: UUID, council: UUID, kept: Any) -> None:
    alarm = {"to_agency": str(council), "basis": "vital-interests", "person_agrees": "not sure", "told": "yes"}
    form, client = sent("support", **alarm), signed_in("reception_manager")
    for _ in range(2):
        assert client.post(f"/support/people/{person}/alert/", form).status_code == 302
    assert len(kept(Disclosure)) == 2


def test_whoever_may_be_given_more_is_told_what_kind_and_never_whether_there_is(signed_in: Any, leads: UUID) -> None:
    page = signed_in("safeguarding_lead").get(f"/support/people/{leads}/").content.decode()
    assert "you may be given: Reference, languages and needs; Who they are; Care needs, without the diagnosis" in page
    assert "Ask for something" in page
    worker = signed_in("reception_manager").get(f"/support/people/{leads}/").content.decode()
    assert "you may be given" not in worker


def test_the_safeguarding_lead_takes_on_finding_a_home_and_writes_where_it_is(signed_in: Any, leads: UUID) -> None:
    lead = signed_in("safeguarding_lead")
    finds_a_home(lead, leads)
    assert "Where they go next" in lead.get(f"/support/people/{leads}/").content.decode()


def test_a_request_is_asked_refused_and_disputed_with_ten_days_to_settle_it(
    signed_in: Any, leads: UUID, kept: Any
) -> None:
    lead, manager = signed_in("safeguarding_lead"), signed_in("reception_manager")
    address = f"/support/people/{leads}/request/"
    asked = lead.post(address, sent("support", what="identity/", basis="adult-safeguarding")).headers["Location"]
    again = lead.post(address, sent("support", what="identity/", basis="adult-safeguarding"))
    assert "waits for an answer" in again.content.decode()
    assert "Who they are" in manager.get("/support/requests/").content.decode()
    unsaid = manager.post(asked, sent("support"))
    assert (unsaid.status_code, kept(Request)[0].state) == (200, "waiting")
    assert manager.post(asked, sent("support", reason="unsafe")).status_code == 302
    assert "It could put somebody in danger" in lead.get(asked).content.decode()
    assert lead.post(asked, sent("support")).status_code == 302
    found = Deadline.objects.filter(rule="sharing-dispute", subject_id=kept(Request)[0].pk)
    assert found.count() == 2
    assert {(one.due_at.date() - today()).days for one in found} <= {10, 11}


def test_a_request_is_answered_by_beginning_exactly_that_disclosure(
    signed_in: Any, leads: UUID, agree: Any, council: UUID, kept: Any
) -> None:
    agree("guardian_redcross", "guardian_city", data_class="identity", purpose="support", fields=["all"])
    lead, manager = signed_in("safeguarding_lead"), signed_in("reception_manager")
    form = sent("support", what="identity/", basis="adult-safeguarding")
    asked = lead.post(f"/support/people/{leads}/request/", form).headers["Location"]
    shared = sent("support", what=f"{council}/identity/", basis="adult-safeguarding")
    assert manager.post(f"/support/people/{leads}/share/", shared).status_code == 302
    assert kept(Request)[0].state == "answered"
    assert "The receipt" in lead.get(asked).content.decode()


@pytest.mark.parametrize("part", ["housing_officer", "first_responder", "investigator", "reception_worker_2"])
def test_nobody_else_finds_the_request_or_its_receipt(signed_in: Any, leads: UUID, part: str) -> None:
    lead = signed_in("safeguarding_lead")
    form = sent("support", what="identity/", basis="adult-safeguarding")
    asked = lead.post(f"/support/people/{leads}/request/", form).headers["Location"]
    outsider = signed_in(part)
    assert outsider.get(asked).content == outsider.get(f"/support/requests/{uuid4()}/").content
    assert "Who they are" not in outsider.get("/support/requests/").content.decode()
    assert outsider.get(f"/support/people/{leads}/request/").status_code == 404


def test_a_guardian_who_lets_nothing_go_says_why_and_it_stands_on_the_receipt(
    signed_in: Any, at: Any, leads: UUID, council: UUID
) -> None:
    with at("reception_manager", "support") as actor:
        one = actions.begin(
            actor, leads, to_agency=council, data_class="person_ref", basis="adult-safeguarding",
            fields=policy.Kind("person_ref", "").fields,
        )  # fmt: skip
    guardian = signed_in("guardian_redcross")
    address = f"/oversight/waiting/{one.pk}/refused/"
    unsaid = guardian.post(address, sent("oversight"))
    assert (unsaid.status_code, "Exactly this" in unsaid.content.decode()) == (200, True)
    assert guardian.post(address, sent("oversight", reason="too much")).status_code == 302
    receipt = signed_in("reception_manager").get(f"/support/disclosures/{one.pk}/").content.decode()
    assert "Refused: It gives more than is needed" in receipt


def test_what_was_called_back_says_so_on_both_receipts(signed_in: Any, leads: UUID, kept: Any) -> None:
    sent_, manager = kept(Disclosure)[0], signed_in("reception_manager")
    address = f"/support/disclosures/{sent_.pk}/"
    assert manager.post(f"{address}recalled/", sent("support")).status_code == 302
    assert "Recalled" in manager.get(address).content.decode()
    guardian = signed_in("guardian_city")
    assert "Called back" in guardian.get(f"/oversight/disclosures/{sent_.pk}/").content.decode()
    assert signed_in("safeguarding_lead").get(f"/support/people/{leads}/").status_code == 404


def test_the_list_of_what_went_and_came_is_narrowed_by_way_kind_and_state(
    signed_in: Any, leads: UUID, kept: Any
) -> None:
    guardian = signed_in("guardian_redcross")
    assert "Derby City Council" in guardian.get("/oversight/disclosures/?way=out&state=sent").content.decode()
    assert "Nothing fits" in guardian.get("/oversight/disclosures/?way=in").content.decode()
    assert "Nothing fits" in guardian.get("/oversight/disclosures/?what=identity").content.decode()
    assert "There is a problem" in guardian.get("/oversight/disclosures/?state=lost").content.decode()
    assert signed_in("guardian_fire").get(f"/oversight/disclosures/{kept(Disclosure)[0].pk}/").status_code == 404


def test_the_housing_officer_sees_the_columns_of_a_home_and_takes_the_search_on(
    signed_in: Any, person: UUID, housing: Agreement, council: UUID, at: Any, kept: Any
) -> None:
    form = sent("support", what=f"{council}/person_ref/housing_need", basis="adult-safeguarding")
    assert signed_in("reception_manager").post(f"/support/people/{person}/share/", form).status_code == 302
    begun = kept(Disclosure)[0].pk
    with at("guardian_redcross", "oversight") as actor:
        actions.approve(actor, begun)
    officer = signed_in("housing_officer")
    page = officer.get(f"/support/people/{person}/").content.decode()
    assert "People in the household" in page
    assert "Adult or child" not in page
    assert officer.get(f"/support/people/{person}/place/").status_code == 404
    finds_a_home(officer, person)
    assert "Where they go next" in officer.get(f"/support/people/{person}/").content.decode()
    home = sent("support", kind="council", address="12 Invented Row")
    assert officer.post(f"/support/people/{person}/place/", home).status_code == 302
    assert "12 Invented Row" in officer.get(f"/support/people/{person}/place/").content.decode()
