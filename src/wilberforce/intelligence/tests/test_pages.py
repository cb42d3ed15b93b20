"""The desk writes from the report in hand; an officer reads, develops and ties."""

import re
from uuid import uuid4

import pytest

from wilberforce.agencies.models import Membership, SignedIn
from wilberforce.base import clock
from wilberforce.concerns import actions as concerns
from wilberforce.intelligence import actions
from wilberforce.intelligence.policy import FORMER_ITEMS, ITEMS
from wilberforce.sharing import actions as sharing

ITEM = {"purpose": "intelligence", "text": "A grey van brings five women.", "source_grade": "2", "assessment": "B",
        "handling": "P", "conditions": "", "priority": "1"}  # fmt: skip


@pytest.fixture
def officer(signed_in):
    return signed_in("intel_officer")


def test_an_officer_writes_finds_and_develops_an_item(officer):
    assert "No items yet" in officer.get("/intelligence/").content.decode()
    address = officer.post("/intelligence/new/", ITEM).headers["Location"]
    assert "2BP" in officer.get("/intelligence/").content.decode()
    developed = ITEM | {"text": "A grey van brings six women.", "source_grade": "1", "version": "1"}
    assert officer.post(f"{address}develop/", developed).headers["Location"] == address
    page = officer.get(address).content.decode()
    assert "six women" in page
    assert "1BP" in page


def test_a_second_writer_sees_both_texts(officer, item):
    address = f"/intelligence/items/{item().pk}/develop/"
    officer.post(address, ITEM | {"version": "1"})
    answer = officer.post(address, ITEM | {"version": "1", "text": "A white van."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A white van." in page
    assert "A grey van brings five women." in page


def test_the_desk_writes_an_item_beside_the_report_it_holds(signed_in, at, tell):
    told, _ = tell()
    desk = signed_in("report_desk")
    desk.post(f"/triage/reports/{told.pk}/take/", {"purpose": "triage"})
    assert f"/triage/reports/{told.pk}/item/" in desk.get(f"/triage/reports/{told.pk}/").content.decode()
    assert "Five women" in desk.get(f"/triage/reports/{told.pk}/item/").content.decode()
    written = desk.post(f"/triage/reports/{told.pk}/item/", ITEM | {"purpose": "triage"})
    assert written.headers["Location"] == f"/triage/reports/{told.pk}/"
    with at("intel_officer", "intelligence") as actor:
        assert [one["report_id"] for one in ITEMS.many(actor)] == [told.pk]


def test_a_phone_number_in_an_item_is_refused_beside_the_text(officer):
    page = officer.post("/intelligence/new/", ITEM | {"text": "Ring 01632 960123"}).content.decode()
    assert 'href="#id_text"' in page
    assert "Take out the telephone number" in page
    assert "Ring 01632 960123" in page


def test_conditions_are_asked_for_under_c(officer):
    assert 'href="#id_conditions"' in officer.post("/intelligence/new/", ITEM | {"handling": "C"}).content.decode()


def test_a_double_click_keeps_one_item(officer, at):
    sent = ITEM | {"once": str(uuid4())}
    first, second = officer.post("/intelligence/new/", sent), officer.post("/intelligence/new/", sent)
    assert first.headers["Location"] == second.headers["Location"]
    with at("intel_officer", "intelligence") as actor:
        assert len(ITEMS.many(actor)) == 1


def test_a_forged_purpose_is_sent_back_with_what_was_typed(officer):
    answer = officer.post("/intelligence/new/", ITEM | {"purpose": "triage"})
    assert answer.status_code == 409
    assert "A grey van" in answer.content.decode()


def test_two_ages_are_typed_and_an_impossible_one_is_refused(officer):
    typed = {"purpose": "intelligence", "description": "Collects the rent", "ages_known": "32 or 27"}
    address = officer.post("/intelligence/suspects/new/", typed).headers["Location"]
    assert "27 or 32" in officer.get(address).content.decode()
    page = officer.post("/intelligence/suspects/new/", typed | {"ages_known": "200"}).content.decode()
    assert 'href="#id_ages_known"' in page


def test_a_person_is_tied_to_an_item_and_not_on_a_day_to_come(officer, item):
    kept = item()
    described = {"purpose": "intelligence", "description": "Drives the van", "name": "ኣብርሃለይ"}
    address = officer.post("/intelligence/suspects/new/", described).headers["Location"]
    tie = {"purpose": "intelligence", "item_id": str(kept.pk), "kind": "suspected"}
    day = {"on_0": "1", "on_1": "1", "on_2": "2100"}
    assert "still to come" in officer.post(f"{address}link/", tie | day).content.decode()
    assert officer.post(f"{address}link/", tie).headers["Location"] == address
    assert "is suspected of" in officer.get(address).content.decode()
    assert "is suspected of" in officer.get(f"/intelligence/items/{kept.pk}/").content.decode()


def test_a_tie_that_was_made_in_error_ends_with_its_reason(officer, item):
    kept = item()
    described = {"purpose": "intelligence", "description": "Drives the van"}
    address = officer.post("/intelligence/suspects/new/", described).headers["Location"]
    officer.post(f"{address}link/", {"purpose": "intelligence", "item_id": str(kept.pk), "kind": "named"})
    (end,) = re.findall(rf"{address}link/[-0-9a-f]+/", officer.get(address).content.decode())
    assert officer.post(end, {"purpose": "intelligence", "version": "1", "why": " "}).status_code == 200
    said = {"purpose": "intelligence", "version": "1", "why": "Another man of that name."}
    assert officer.post(end, said).headers["Location"] == address
    page = officer.get(address).content.decode()
    assert "Tie ended: the person is named in the item" in page
    assert "Another man of that name." in page
    assert end not in page
    assert "is named in" not in officer.get(f"/intelligence/items/{kept.pk}/").content.decode()
    again = said | {"version": "2"}
    assert "ended already" in officer.post(end, again).content.decode()
    assert officer.post(end.replace(address.split("/")[-2], str(kept.pk)), again).status_code == 404


def test_whom_nobody_suspects_any_more_leaves_the_list_and_keeps_the_reason(officer):
    typed = {"purpose": "intelligence", "description": "Drives the van"}
    address = officer.post("/intelligence/suspects/new/", typed).headers["Location"]
    over = f"{address}over/"
    assert over in officer.get(address).content.decode()
    assert officer.post(over, typed | {"version": "1", "why": " "}).status_code == 200
    said = typed | {"version": "1", "why": "He was made to drive."}
    assert officer.post(over, said).headers["Location"] == address
    assert officer.post(over, said).status_code == 409
    page = officer.get(address).content.decode()
    assert "No longer suspected" in page
    assert "Why: He was made to drive." in page
    assert address not in officer.get("/intelligence/suspects/").content.decode()
    assert address in officer.get("/intelligence/suspects/?over=yes").content.decode()
    assert officer.post(over, said | {"version": "2", "why": "Seen again."}).headers["Location"] == address
    assert "Suspected again" in officer.get(address).content.decode()
    assert address in officer.get("/intelligence/suspects/").content.decode()


def test_a_correction_of_a_suspicion_keeps_its_version(officer):
    typed = {"purpose": "intelligence", "description": "Collects the rent"}
    address = officer.post("/intelligence/suspects/new/", typed).headers["Location"]
    corrected = typed | {"description": "Collects the money", "version": "1"}
    assert officer.post(f"{address}correct/", corrected).status_code == 302
    assert officer.post(f"{address}correct/", corrected).status_code == 409


def test_the_address_of_another_forces_item_looks_like_no_address(officer, item, cast):
    kept = item()
    there = Membership.objects.create(user=cast["intel_officer"].user, agency=cast.agencies["staffordshire-police"])
    there.roles_held.create(role="intel_officer")
    device = there.devices.create(token_hash=b"another", label="Tablet 7", posture_at=clock.now())
    SignedIn.objects.update(membership=there, device=device)
    hidden, absent = officer.get(f"/intelligence/items/{kept.pk}/"), officer.get(f"/intelligence/items/{uuid4()}/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)


@pytest.mark.parametrize("part", ["report_desk", "op_commander", "reception_manager", "source_keeper", "investigator"])
def test_nobody_else_browses_items(signed_in, item, part):
    item()
    page = signed_in(part).get("/intelligence/")
    assert page.status_code == 404
    assert b"Five women" not in page.content


def test_the_desk_reaches_no_item_of_a_report_it_put_back(signed_in, at, tell):
    told, _ = tell()
    desk = signed_in("report_desk")
    with at("report_desk", "triage", ["report_raw:R:queue"]) as actor:
        concerns.claim(actor, told.pk)
        concerns.release_claim(actor, told.pk)
    assert desk.get(f"/triage/reports/{told.pk}/item/").status_code == 404


def test_a_development_keeps_the_text_and_the_grade_that_were_there(officer, item, cast):
    kept = item()
    address = f"/intelligence/items/{kept.pk}/"
    officer.post(f"{address}develop/", ITEM | {"version": "1", "source_grade": "1", "why": "A second officer saw it."})
    page = officer.get(address).content.decode()
    assert "Source was: 2: untested" in page
    assert "The text was: Five women live" in page
    assert "A second officer saw it." in page
    assert str(cast["intel_officer"].user) in page


def test_the_history_of_an_item_is_hidden_with_the_item(item, at):
    kept = item(handling_level=2)
    with at("intel_officer", "intelligence") as actor:
        actions.develop(actor, kept.pk, text="Six women.", source_grade=1, assessment="B", handling="P", version=1)
        assert len(FORMER_ITEMS.many(actor)) == 1
    with at("investigator", "criminal_investigation") as actor:
        assert FORMER_ITEMS.many(actor) == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"source": "2"}, True), ({"source": "1"}, False), ({"assessment": "B"}, True), ({"assessment": "E"}, False),
        ({"adopted": "no"}, True), ({"adopted": "yes"}, False), ({"source": "9"}, True), ({"priority": "x"}, True),
    ],
    ids=["source", "other-source", "grade", "other-grade", "free", "adopted", "no-such-source", "words"],
)  # fmt: skip
def test_items_are_narrowed_by_what_is_chosen_and_by_no_wrong_answer(officer, item, query, shown):
    item()
    page = officer.get("/intelligence/", query).content.decode()
    assert ("Five women" in page) is shown
    assert ("There is a problem" in page) is (query in ({"source": "9"}, {"priority": "x"}))


def test_the_twenty_sixth_item_is_on_the_next_page_with_the_same_choice(officer, item):
    for number in range(26):
        item(text=f"Van number {number} comes each night.")
    first = officer.get("/intelligence/?source=2").content.decode()
    assert 'href="?source=2&amp;page=2"' in first
    assert "Van number 0 " not in first
    assert "Van number 0 " in officer.get("/intelligence/?source=2&page=2").content.decode()


def test_people_under_suspicion_are_narrowed_by_what_they_are_suspected_to_do(officer):
    known = {"purpose": "intelligence", "description": "Drives the van.", "functions": ["driver"]}
    officer.post("/intelligence/suspects/new/", known)
    assert "Unknown person" in officer.get("/intelligence/suspects/?function=driver").content.decode()
    assert "Nothing fits" in officer.get("/intelligence/suspects/?function=landlord").content.decode()


@pytest.fixture
def agreed(at, cast):
    """HMRC and Derbyshire's guardians have signed that HMRC tells the force."""
    with at("guardian_hmrc", "oversight") as guardian:
        terms = sharing.propose_agreement(
            guardian, to_agency=cast["intel_officer"].agency_id, data_class="intel", purpose="intelligence",
            fields=["all"], basis="Act", dpia_ref="DPIA", starts=clock.in_london(clock.now()).date(),
        )  # fmt: skip
        sharing.sign_agreement(guardian, terms.pk)
    with at("guardian_police", "oversight") as guardian:
        sharing.sign_agreement(guardian, terms.pk)


TELLING = {"purpose": "intelligence", "text": "The wages of nine people go to one account.", "priority": "2"}


def test_a_partner_tells_the_force_and_reads_nothing_back(agreed, officer, signed_in, cast):
    partner, force = signed_in("partner_hmrc"), str(cast["intel_officer"].agency_id)
    assert partner.get("/intelligence/").headers["Location"] == "/intelligence/tell/"
    answer = partner.post("/intelligence/tell/", TELLING | {"to_force": force})
    assert answer.headers["Location"] == "/intelligence/tell/thanks/"
    page = officer.get("/intelligence/").content.decode()
    assert "The wages of nine people" in page
    item = page.split("/intelligence/items/")[1].split("/")[0]
    assert "HMRC" in officer.get(f"/intelligence/items/{item}/").content.decode()
    assert partner.get(f"/intelligence/items/{item}/").status_code == 404


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"to_force": ""}, "Choose an answer: Which force?"),
        ({"to_force": "nowhere"}, "is not offered, or no longer"),
        ({"text": ""}, "Enter an answer: What is known?"),
        ({"text": "Ring 01632 960123"}, "Take out the telephone number"),
        ({"priority": "7"}, "is not offered, or no longer"),
    ],
    ids=["no-force", "nowhere", "nothing", "telephone", "priority"],
)
def test_what_a_partner_cannot_tell_is_said_beside_its_field(agreed, signed_in, cast, answers, sentence):
    form = TELLING | {"to_force": str(cast["intel_officer"].agency_id)} | answers
    answer = signed_in("partner_hmrc").post("/intelligence/tell/", form)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_without_an_agreement_a_partner_is_told_so(signed_in, cast):
    form = TELLING | {"to_force": str(cast["intel_officer"].agency_id)}
    answer = signed_in("partner_hmrc").post("/intelligence/tell/", form)
    assert "has no live agreement with this force" in answer.content.decode()
