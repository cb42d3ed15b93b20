"""The public page works for somebody in a hurry; the desk reads one report by name."""

from uuid import uuid4

import pytest

from wilberforce.concerns.models import Report
from wilberforce.concerns.policy import REPORTS

ANSWERS = {
    "danger_now": "no", "body": "They sleep above the shop.", "child": "no", "language": "en",
    "identity_choice": "anonymous",
}  # fmt: skip


def queue(at):
    with at("report_desk", "triage", ["report_raw:R:queue"]) as actor:
        return REPORTS.many(actor, projection="queue")


def code_in(page: bytes) -> str:
    return page.decode().split('<strong class="wb-secret">')[1].split("</strong>")[0]


@pytest.fixture
def desk(signed_in):
    return signed_in("report_desk")


@pytest.fixture
def held(desk, tell):
    told, _ = tell()
    desk.post(f"/triage/reports/{told.pk}/take/", {"purpose": "triage"})
    return f"/triage/reports/{told.pk}/"


def test_the_page_says_999_first_and_lets_one_leave_at_once(client, db):
    page = client.get("/report/").content.decode()
    assert page.index("call 999") < page.index("<form")
    assert "data-wb-leave" in page


def test_a_report_without_name_or_script_is_taken_and_the_code_shown(client, at):
    answer = client.post("/report/", ANSWERS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    again = client.post("/report/again/", {"code": code_in(answer.content).lower()})
    assert "Your report" in again.content.decode()
    assert len(queue(at)) == 1


def test_a_double_click_sends_one_report_and_shows_one_code(client, at):
    sent = ANSWERS | {"once": str(uuid4())}
    first, second = client.post("/report/", sent), client.post("/report/", sent)
    assert code_in(first.content) == code_in(second.content)
    assert len(queue(at)) == 1


def test_two_megabytes_are_refused_beside_the_text_and_nothing_typed_is_lost(client, db):
    answer = client.post("/report/", ANSWERS | {"body": "x" * 2_000_000, "where": "Behind the old dairy"})
    page = answer.content.decode()
    assert "use 20,000 characters or fewer" in page
    assert 'href="#id_body"' in page
    assert "Behind the old dairy" in page
    assert page.count("x") >= 2_000_000


def test_a_report_in_tigrinya_is_read_as_it_was_written(client, at, desk):
    client.post("/report/", ANSWERS | {"body": "ኣብርሃለይ ኣብዚ ኣሎ", "language": "ti"})
    (waiting,) = queue(at)
    desk.post(f"/triage/reports/{waiting['id']}/take/", {"purpose": "triage"})
    page = desk.get(f"/triage/reports/{waiting['id']}/").content.decode()
    assert "ኣብርሃለይ ኣብዚ ኣሎ" in page
    assert "Tigrinya" in page


@pytest.mark.parametrize(("phone", "chosen"), [("ar", "ar"), ("cy", "cy"), ("en-GB", "en"), ("xx", "en")])
def test_the_answer_comes_in_the_language_of_the_phone_unless_they_choose_another(client, db, phone, chosen):
    page = client.get("/report/", headers={"accept-language": phone}).content.decode()
    assert f'<option value="{chosen}" selected>' in page


def test_a_contact_on_two_lines_is_sent_back(client, db):
    contact = {"identity_choice": "share", "contact": "anybody@example.org\nBcc: others@example.org"}
    assert "on one line" in client.post("/report/", ANSWERS | contact).content.decode()


def test_contact_and_no_name_do_not_go_together(client, db):
    page = client.post("/report/", ANSWERS | {"contact": "01632 960123"}).content.decode()
    assert 'href="#id_contact"' in page


def test_a_wrong_code_and_one_that_is_gone_get_the_same_answer(client, db):
    pages = [client.post("/report/again/", {"code": code}).content.decode() for code in ("ABCD", "2345-6789")]
    assert all("This code opens nothing" in page for page in pages)


def test_the_writer_adds_something_once(client, tell, at):
    _, code = tell()
    sent = {"code": code, "text": "The van has come again", "once": str(uuid4())}
    client.post("/report/again/", sent)
    page = client.post("/report/again/", sent).content.decode()
    assert page.count("The van has come again") == 1


def judges(desk, page: str) -> None:
    assert (
        desk.post(page, {"purpose": "triage", "version": "1", "outcome": "nothing", "priority": "5"}).status_code == 302
    )


def test_what_the_writer_adds_to_a_judged_report_waits_for_the_desk_again_until_somebody_has_seen_it(
    client, tell, desk
):
    report, code = tell()
    page = f"/triage/reports/{report.pk}/"
    desk.post(f"{page}take/", {"purpose": "triage"})
    judges(desk, page)
    assert "No report waits" in desk.get("/triage/").content.decode()
    client.post("/report/again/", {"code": code, "text": "They are moved tonight.", "once": str(uuid4())})
    assert "The writer added something" in desk.get("/triage/").content.decode()
    assert "What the writer added is read" in desk.get("/my-work/").content.decode()
    desk.post(f"{page}take/", {"purpose": "triage"})
    shown = desk.get(page).content.decode()
    assert "They are moved tonight." in shown
    assert "Put it back: the judgement stands" in shown
    client.post("/report/again/", {"code": code, "text": "At eight.", "once": str(uuid4())})
    desk.post(f"{page}put-back/", {"purpose": "triage"})
    assert "The writer added something" in desk.get("/triage/").content.decode(), "it came after the report was taken"
    desk.post(f"{page}take/", {"purpose": "triage"})
    desk.post(f"{page}put-back/", {"purpose": "triage"})
    assert "No report waits" in desk.get("/triage/").content.decode()


def test_the_desk_reads_in_which_area_it_is_also_where_nobody_wrote_an_address(desk, tell):
    for where, said in (("", "Normanton (Derby)"), ("Behind the dairy", "Normanton (Derby), Behind the dairy")):
        report, _ = tell(where=where)
        page = f"/triage/reports/{report.pk}/"
        desk.post(f"{page}take/", {"purpose": "triage"})
        assert said in desk.get(page).content.decode()
        desk.post(f"{page}put-back/", {"purpose": "triage"})


def test_the_queue_shows_day_language_and_urgency_alone(desk, tell):
    tell(where="Behind the old dairy", danger_now="yes")
    page = desk.get("/triage/").content.decode()
    assert "Somebody is in danger now" in page
    assert "old dairy" not in page
    assert "Five women" not in page


def test_an_empty_queue_says_so(desk):
    assert "No report waits" in desk.get("/triage/").content.decode()


def test_the_desk_takes_reads_and_judges(desk, held, at):
    assert "Five women" in desk.get(held).content.decode()
    answer = desk.post(held, {"purpose": "triage", "version": "1", "outcome": "intelligence", "priority": "3"})
    assert answer.headers["Location"] == "/triage/"
    assert queue(at)[0]["state"] == "triaged"


def test_a_report_not_taken_is_as_absent_as_one_that_never_was(desk, tell):
    told, _ = tell()
    hidden, absent = desk.get(f"/triage/reports/{told.pk}/"), desk.get(f"/triage/reports/{uuid4()}/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_the_address_of_another_forces_report_opens_nothing(desk, tell):
    told, _ = tell("Burton town centre")
    assert desk.get(f"/triage/reports/{told.pk}/take/").status_code == 404
    assert desk.post(f"/triage/reports/{told.pk}/take/", {"purpose": "triage"}).status_code == 404


def test_a_forged_purpose_is_sent_back_with_what_was_typed(desk, held):
    answer = desk.post(held, {"purpose": "intelligence", "outcome": "nothing", "priority": "5"})
    assert answer.status_code == 409


def test_a_judgement_from_an_old_page_shows_both(desk, held):
    judged = {"purpose": "triage", "version": "1", "outcome": "emergency", "priority": "1"}
    desk.post(held, judged)
    desk.post(f"{held}take/", {"purpose": "triage"})
    answer = desk.post(held, judged | {"outcome": "other force", "priority": "4"})
    assert answer.status_code == 409
    assert "Officers sent at once" in answer.content.decode()


def test_put_back_means_out_of_sight(desk, held):
    desk.post(f"{held}put-back/", {"purpose": "triage"})
    assert desk.get(held).status_code == 404


def test_without_a_fresh_proof_the_page_asks_for_one(desk, held, cast):
    cast["report_desk"].sittings.update(stepped_up_at=None)
    assert desk.get(held).status_code == 403


def test_an_officer_finds_the_way_to_tell_the_desk(signed_in, at):
    officer = signed_in("op_member_a")
    assert "Write it down" in officer.get("/triage/").content.decode()
    told = {"purpose": "triage", "danger_now": "no", "body": "Heard at the bar.", "child": "no", "language": "en"}
    assert officer.post("/triage/tell/", told).headers["Location"] == "/triage/tell/thanks/"
    assert "The desk has it" in officer.get("/triage/tell/thanks/").content.decode()
    assert len(queue(at)) == 1


def test_the_desk_that_reads_reports_begins_none(desk):
    refused, absent = desk.get("/triage/tell/"), desk.get(f"/triage/reports/{uuid4()}/")
    assert (refused.status_code, refused.content) == (404, absent.content)


@pytest.mark.parametrize("part", ["op_commander", "reception_manager", "comms_officer"])
def test_nobody_else_has_a_triage_workspace(signed_in, part):
    assert signed_in(part).get("/triage/").status_code == 404


def test_no_address_of_a_computer_is_kept():
    assert not {"ip", "address", "user_agent", "session"} & {field.name for field in Report._meta.fields}


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", True), ("?urgency=2", True), ("?urgency=1", False), ("?language=en", True), ("?language=ro", False),
     ("?state=triaged", False), ("?state=lost", True), ("?urgency=99", True)],
    ids=["all", "child-or-not-sure", "danger", "english", "romanian", "judged", "no-such-state", "no-such-urgency"],
)  # fmt: skip
def test_the_queue_is_narrowed_by_what_it_shows_and_by_no_wrong_answer(desk, tell, query, shown):
    tell()
    page = desk.get(f"/triage/{query}").content.decode()
    assert ("Take it" in page) is shown


def test_a_report_is_closed_once_it_was_judged_and_never_before(desk, held):
    early = desk.post(f"{held}close/", {"purpose": "triage", "version": "1"})
    assert "Judge it first" in early.content.decode()
    desk.post(held, {"purpose": "triage", "version": "1", "outcome": "nothing", "priority": "5"})
    desk.post(f"{held}take/", {"purpose": "triage"})
    page = desk.get(held).content.decode()
    assert "Judged: Nothing to act on" in page
    assert f"{held}close/" in page
    assert desk.post(f"{held}close/", {"purpose": "triage", "version": "1"}).status_code == 409
    assert desk.post(f"{held}close/", {"purpose": "triage", "version": "2"}).status_code == 302
    assert "Take it" in desk.get("/triage/?state=closed").content.decode()


def test_a_report_judged_anew_says_why_and_what_was_judged_before(desk, held):
    judged = {"purpose": "triage", "version": "1", "outcome": "nothing", "priority": "5"}
    desk.post(held, judged)
    desk.post(f"{held}take/", {"purpose": "triage"})
    anew = judged | {"version": "2", "outcome": "emergency", "priority": "1"}
    assert desk.post(held, anew).status_code == 200
    assert desk.post(held, anew | {"why": "A second caller"}).headers["Location"] == "/triage/"
    desk.post(f"{held}take/", {"purpose": "triage"})
    page = desk.get(held).content.decode()
    assert "Judged was: Nothing to act on" in page
    assert "Why: A second caller" in page
