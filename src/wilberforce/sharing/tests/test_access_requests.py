"""Somebody asks for their own data: it opens after the check, without where they live, until they have it."""

from typing import Any
from uuid import UUID

import pytest

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines.models import Deadline
from wilberforce.ledger.policy import LEAVES
from wilberforce.sharing import access_requests
from wilberforce.sharing.models import AccessRequest
from wilberforce.stewardship.models import OPEN, Hold
from wilberforce.stewardship.policy import code_of
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import IDENTITIES, NEXT_PLACES, NOTES, PEOPLE

GUARDIAN = ("guardian_redcross", "oversight")


@pytest.fixture
def asked(at: Any, person: UUID) -> AccessRequest:
    with at("reception_manager", "reception") as actor:
        survivors.record_identity(
            actor, person, given_names="Mirela", family_name="Invented", age_confidence="stated",
            contact="07700 900123", contact_is_safe="no", care_of="3 Hidden Close",
        )  # fmt: skip
        survivors.record_next_place(actor, person, kind="victim-care", address="1 Nowhere Lane")
        survivors.note_support(actor, person, "Wants to learn English")
        survivors.note_support(actor, person, "Her cousin owes money")
        reference = PEOPLE.one(actor, person)["reference"]
    with at(*GUARDIAN) as actor:
        return access_requests.receive(actor, reference=reference)


def held(at: Any, one: AccessRequest) -> str:
    with at(*GUARDIAN) as actor:
        return str(access_requests.bundle(actor, access_requests.request_of(actor, one.pk)))


def checked(at: Any, one: AccessRequest) -> None:
    with at(*GUARDIAN) as actor:
        access_requests.check(actor, one.pk, how="known")


def test_it_opens_with_the_check_and_shuts_when_they_have_it(at: Any, asked: AccessRequest) -> None:
    assert held(at, asked) == "[]"
    checked(at, asked)
    shown = held(at, asked)
    assert "Mirela" in shown
    assert "Wants to learn English" in shown
    assert "Hidden Close" not in shown
    assert "Nowhere Lane" not in shown
    with at(*GUARDIAN) as actor:
        access_requests.hand_over(actor, asked.pk, way="in person")
    assert held(at, asked) == "[]"


def test_whole_records_and_places_stay_shut_to_the_guardian(at: Any, asked: AccessRequest) -> None:
    checked(at, asked)
    with at(*GUARDIAN) as actor:
        for table in (IDENTITIES, NOTES, PEOPLE):
            assert table.many(actor) == []
        for projection in ("", "sar_bundle"):
            with pytest.raises(NotAllowed):
                NEXT_PLACES.many(actor, projection=projection)


def test_it_goes_by_a_contact_only_if_they_said_that_it_is_safe(at: Any, asked: AccessRequest) -> None:
    checked(at, asked)
    with at(*GUARDIAN) as actor, pytest.raises(RuleBroken, match="No contact is recorded as safe"):
        access_requests.hand_over(actor, asked.pk, way="safe channel")


def test_nobody_has_a_copy_before_the_check(at: Any, asked: AccessRequest) -> None:
    with at(*GUARDIAN) as actor, pytest.raises(RuleBroken, match="Check first"):
        access_requests.hand_over(actor, asked.pk, way="in person")


def test_handing_over_is_a_disclosure_in_the_ledger_and_meets_the_months_clock(at: Any, asked: AccessRequest) -> None:
    checked(at, asked)
    with at(*GUARDIAN) as actor:
        assert Deadline.objects.get(subject_id=asked.pk).is_open
        access_requests.hand_over(actor, asked.pk, way="in person")
        assert not Deadline.objects.get(subject_id=asked.pk).is_open
    with at(*GUARDIAN) as actor:
        leaves = LEAVES.many(actor, projection="own_agency_entries", limit=100)
    told = {
        leaf["subject_class"] for leaf in leaves if leaf["op"] == "disclosure" and leaf["projection"] == "sar_bundle"
    }
    assert {"person_ref", "identity", "support"} <= told
    assert "location" not in told


@pytest.mark.parametrize("part", ["guardian_city", "guardian_police"])
def test_another_agencys_guardian_reads_nothing_of_it(at: Any, asked: AccessRequest, part: str) -> None:
    checked(at, asked)
    with at(part, "oversight") as actor, pytest.raises(NotAllowed):
        access_requests.request_of(actor, asked.pk)
    with at(part, "oversight") as actor:
        one = access_requests.receive(actor, reference=asked.reference)
        access_requests.check(actor, one.pk, how="papers")
    with at(part, "oversight") as actor:
        assert access_requests.bundle(actor, access_requests.request_of(actor, one.pk)) == []


def test_on_the_pages_what_is_about_others_is_left_out_of_the_copy(
    at: Any, asked: AccessRequest, signed_in: Any
) -> None:
    guardian, address = signed_in("guardian_redcross"), f"/oversight/access-requests/{asked.pk}/"
    assert asked.reference in guardian.get("/oversight/access-requests/").content.decode()
    assert "Nothing is held" in guardian.get(f"{address}copy/").content.decode()
    sent = {"purpose": "oversight", "verb": "check", "how": "code word"}
    assert guardian.post(address, sent).status_code == 302
    with at(*GUARDIAN) as actor:
        rows = access_requests.bundle(actor, access_requests.request_of(actor, asked.pk))
        cousin = next(row["id"] for _, part in rows for row in part if "cousin" in str(row.get("text")))
    assert "Her cousin owes money" in guardian.get(address).content.decode()
    left = {"purpose": "oversight", "verb": "leave", "records": [str(cousin)]}
    assert guardian.post(address, left).status_code == 302
    copy = guardian.get(f"{address}copy/").content.decode()
    assert "Wants to learn English" in copy
    assert "cousin" not in copy
    assert guardian.post(address, {"purpose": "oversight", "verb": "give", "way": "in person"}).status_code == 302
    assert "Nothing is open here any more" in guardian.get(address).content.decode()
    assert signed_in("guardian_city").get(address).status_code == 404


def holds(at: Any) -> list[tuple[UUID, str, str]]:
    with at(*GUARDIAN):
        return list(Hold.objects.filter(OPEN).values_list("subject_id", "basis", "reference"))


def test_nothing_about_them_is_erased_before_they_have_their_answer(
    at: Any, cast: Any, person: UUID, asked: AccessRequest
) -> None:
    assert holds(at) == [(person, "access request", asked.reference)]
    with at(*GUARDIAN):
        hold = Hold.objects.get()
        assert hold.owner_id == cast["guardian_redcross"].pk
        due = Deadline.objects.get(subject_id=asked.pk, rule="access-request")
        assert hold.review_on == clock.in_london(due.due_at).date()
    checked(at, asked)
    assert holds(at)
    with at(*GUARDIAN) as actor:
        access_requests.hand_over(actor, asked.pk, way="in person")
    assert holds(at) == []


def test_each_question_has_a_hold_of_its_own(at: Any, asked: AccessRequest) -> None:
    with at(*GUARDIAN) as actor:
        access_requests.receive(actor, reference=asked.reference)
    checked(at, asked)
    with at(*GUARDIAN) as actor:
        access_requests.hand_over(actor, asked.pk, way="in person")
    assert len(holds(at)) == 1


def test_whoever_asks_by_a_reference_that_nobody_has_gets_the_same_hold(at: Any, asked: AccessRequest) -> None:
    with at(*GUARDIAN) as actor:
        access_requests.receive(actor, reference="P-NOBODY")
    assert sorted(reference for _, _, reference in holds(at)) == sorted([asked.reference, "P-NOBODY"])


def test_the_list_of_holds_does_not_tell_a_reference_of_another_agency_from_one_that_nobody_has(
    at: Any, asked: AccessRequest, signed_in: Any
) -> None:
    """The code of a record would be the same at each asking, and that of nobody another one each time."""
    with at("guardian_hmrc", "oversight") as actor:
        access_requests.receive(actor, reference=asked.reference)
    page = signed_in("guardian_hmrc").get("/oversight/retention/").content.decode()
    assert asked.reference in page
    assert code_of(asked.person_id) not in page
