"""The first responder's pages: ask first, decide, begin, send; and nothing for anybody else."""

from uuid import uuid4

import pytest
from django.db import ProgrammingError

from wilberforce.base import clock
from wilberforce.deadlines.policy import due_for
from wilberforce.referrals import policy, supplements
from wilberforce.referrals.models import DutyDecided
from wilberforce.survivors.policy import PEOPLE

from .conftest import CITY, CITY_TOO

WORDS = "Several adults worked long hours in a nail bar and were not free to leave."


@pytest.fixture
def browser(case, signed_in):
    client = signed_in(CITY)
    client.base = f"/nrm/cases/{case.person_id}/"
    return client


def post(client, address, **said):
    return client.post(address, {"purpose": "nrm", "once": str(uuid4()), **said})


def words(response):
    return " ".join(response.content.decode().split())


def ask(client, answer="given", **said):
    given = {"answer": answer, "language": "ro", "interpreter": "yes", "told": "on"} | said
    return post(client, client.base + "asked/", **given)


def decide(client):
    return post(client, client.base + "duty/", found_in="Normanton (Derby)", believed="yes")


def moment(name="at"):
    now = clock.in_london(clock.now())
    return {f"{name}_0": now.day, f"{name}_1": now.month, f"{name}_2": now.year, f"{name}_3": f"{now:%H:%M}"}


def test_a_first_responder_finds_their_people_and_what_is_due(browser, case):
    ask(browser)
    decide(browser)
    page = words(browser.get("/nrm/"))
    assert case.reference in page
    assert "NRM referral" in page
    assert "referral or notification by" in page


def test_somebody_who_was_named_for_nobody_is_told_so(signed_in):
    assert "Nobody yet" in words(signed_in("first_responder").get("/nrm/"))


def test_consent_comes_before_everything_of_the_form(browser):
    decide(browser)
    page = words(browser.get(browser.base + "form/"))
    assert "Consent comes first" in page
    assert "Begin the form" not in page
    assert "has not agreed" in words(post(browser, browser.base + "form/"))


def test_not_now_is_always_possible(browser):
    assert "Not now" in words(browser.get(browser.base + "asked/"))
    assert ask(browser, "not now").status_code == 302
    assert "Not yet, and there is no hurry" in words(browser.get(browser.base))


def test_nobody_is_asked_before_they_are_told(browser):
    page = words(ask(browser, told=""))
    assert "Tell them first what it is and who decides" in page


def test_from_a_yes_to_a_sent_form(browser):
    ask(browser)
    decide(browser)
    assert post(browser, browser.base + "form/").status_code == 302
    sent = post(browser, browser.base + "form/sent/", version=1, home_office_ref="HO-TEST-1", **moment())
    assert sent.status_code == 302
    page = words(browser.get(browser.base))
    assert "Reasonable grounds decision" in page
    assert "HO-TEST-1" in words(browser.get(browser.base + "form/"))


def test_from_a_no_to_a_notification_that_somebody_else_has_read(browser, signed_in):
    ask(browser, "declined")
    decide(browser)
    post(browser, browser.base + "notification/", text=WORDS)
    assert browser.get(browser.base + "notification/sent/").status_code == 404
    colleague = signed_in(CITY_TOO)
    assert "Read what your colleague wrote" in words(colleague.get(browser.base + "notification/"))
    assert post(colleague, browser.base + "notification/checked/", version=1).status_code == 302
    sent = post(browser, browser.base + "notification/sent/", version=2, home_office_ref="HO-TEST-2", **moment())
    assert sent.status_code == 302
    assert "notification without a name" in words(browser.get(browser.base)).lower()


def test_whoever_wrote_the_words_cannot_check_them(browser):
    ask(browser, "declined")
    decide(browser)
    post(browser, browser.base + "notification/", text=WORDS)
    assert "Somebody else has to read it" in words(post(browser, browser.base + "notification/checked/", version=1))


def test_a_second_writer_sees_the_first_ones_words(browser, signed_in):
    ask(browser, "declined")
    decide(browser)
    post(browser, browser.base + "notification/", text=WORDS)
    colleague = signed_in(CITY_TOO)
    post(colleague, browser.base + "notification/", text=WORDS + " Nobody was paid.", version=1)
    late = post(browser, browser.base + "notification/", text=WORDS + " The door was locked.", version=1)
    assert late.status_code == 409
    assert "Nobody was paid." in words(late)
    assert "The door was locked." in words(late)


def test_a_double_click_decides_once(browser, case):
    said = {"found_in": "Derby", "believed": "yes", "purpose": "nrm", "once": str(uuid4())}
    answers = {browser.post(browser.base + "duty/", said).headers["Location"] for _ in range(2)}
    with case.by():
        assert DutyDecided.objects.count() == len(answers) == 1


def test_a_name_in_tigrinya_and_a_long_text_come_back_with_what_to_do(browser):
    ask(browser, "declined")
    decide(browser)
    page = words(post(browser, browser.base + "notification/", text="ሰላም " * 200_000))
    assert "use 4,000 characters or fewer" in page
    assert post(browser, browser.base + "notification/", text="ሓደ ሰብ ናጻ ኣይነበረን።").status_code == 302


def test_a_form_of_another_workspace_is_refused_and_keeps_what_was_typed(browser):
    answer = browser.post(browser.base + "duty/", {"purpose": "support", "found_in": "Derby", "believed": "yes"})
    assert answer.status_code == 409


@pytest.mark.parametrize("part", ["reception_worker", "investigator", "guardian_city", "op_commander"])
def test_others_find_the_same_nothing_as_at_an_address_that_does_not_exist(browser, signed_in, part):
    other = signed_in(part)
    guessed, absent = other.get(browser.base), other.get("/nrm/nothing/")
    assert (guessed.status_code, guessed.content) == (404, absent.content)


def test_a_first_responder_who_was_not_named_guesses_in_vain(meet, signed_in):
    case = meet(named=(CITY,))
    client = signed_in("first_responder")
    for page in ("", "duty/", "asked/", "form/", "notification/"):
        assert client.get(f"/nrm/cases/{case.person_id}/{page}").status_code == 404


@pytest.fixture
def sent_form(browser, case):
    """A form that went to the Home Office forty days ago."""
    ask(browser)
    decide(browser)
    post(browser, browser.base + "form/")
    post(browser, browser.base + "form/sent/", version="1", home_office_ref="SMS-1", **moment())
    return browser


def decided(what, **said):
    return {"decision": what, "version": "2", **moment(), **said}


def test_a_negative_first_decision_opens_the_time_to_ask_again_and_the_form_may_close(sent_form, case):
    assert "Record the reasonable grounds decision" in words(sent_form.get(sent_form.base + "form/"))
    assert post(sent_form, sent_form.base + "form/grounds/", **decided("negative")).status_code == 302
    page = words(sent_form.get(sent_form.base + "form/"))
    assert "Negative reasonable grounds decision" in page
    assert "sk for reconsideration by" in words(sent_form.get("/nrm/"))
    assert post(sent_form, sent_form.base + "form/closed/", version="3").status_code == 302
    assert "not begun" in words(sent_form.get(sent_form.base))


def test_no_conclusive_decision_comes_before_the_recovery_period_is_over(sent_form):
    assert post(sent_form, sent_form.base + "form/grounds/", **decided("positive")).status_code == 302
    early = post(sent_form, sent_form.base + "form/conclusive/", **decided("positive", version="3"))
    assert early.status_code == 200
    assert "The recovery period is not over then." in words(early)
    assert "A decision is still to come." in words(post(sent_form, sent_form.base + "form/closed/", version="3"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"decision": "maybe"}, "is not offered, or no longer"),
        ({"decision": ""}, "Choose an answer: What was decided?"),
        ({"at_2": "2099"}, "This time has not come yet"),
        ({"at_2": "2018"}, "This is earlier than the step before it"),
        ({"at_1": "13"}, "must be a real date"),
    ],
    ids=["maybe", "nothing", "future", "before", "month"],
)
def test_a_decision_that_cannot_be_is_answered_beside_its_field(sent_form, said, sentence):
    answer = post(sent_form, sent_form.base + "form/grounds/", **(decided("positive") | said))
    assert answer.status_code == 200
    assert sentence in words(answer)


def test_a_second_writer_of_the_decision_sees_the_first(sent_form):
    answer = post(sent_form, sent_form.base + "form/grounds/", **decided("positive", version="1"))
    assert answer.status_code == 409


def put_right(client, page="form", **said):
    given = {
        "home_office_ref": "SMS-2",
        "grounds": "",
        "conclusive": "",
        "why": "Typed wrongly.",
        **moment("submitted_at"),
    }
    return post(client, f"{client.base}{page}/right/", **(given | {"version": "2"} | said))


def test_a_corrected_form_keeps_who_when_before_and_why(sent_form):
    assert put_right(sent_form).status_code == 302
    page = words(sent_form.get(sent_form.base + "form/"))
    assert "SMS-2" in page
    assert "Home Office reference was: SMS-1" in page
    assert "Why: Typed wrongly." in page
    assert "Clementine Yarrowgate" in page


def test_a_decision_written_by_mistake_is_taken_out_and_its_clock_with_it(sent_form):
    post(sent_form, sent_form.base + "form/grounds/", **decided("negative"))
    assert "sk for reconsideration by" in words(sent_form.get("/nrm/"))
    assert put_right(sent_form, version="3").status_code == 302
    page = words(sent_form.get(sent_form.base + "form/"))
    assert "Reasonable grounds was: negative" in page
    assert "Record the reasonable grounds decision" in page
    assert "sk for reconsideration by" not in words(sent_form.get("/nrm/"))
    assert "decision by" in words(sent_form.get("/nrm/"))


def test_a_wrong_decision_is_changed_for_the_right_one_and_its_clock_too(sent_form, case):
    post(sent_form, sent_form.base + "form/grounds/", **decided("negative"))
    assert put_right(sent_form, version="3", grounds="positive", **moment("grounds_at")).status_code == 302
    with case.by() as actor:
        running = {due.kind.code for due in due_for(actor) if due.subject_id == case.person_id}
    assert "recovery" in running
    assert "reconsideration" not in running


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"why": " "}, "Write why it is corrected"),
        ({"home_office_ref": ""}, "Enter an answer"),
        ({"grounds": "positive"}, "Enter the decision and its time"),
        ({"submitted_at_2": "2018"}, "This is earlier than the step before it"),
        ({"submitted_at_2": "2099"}, "This time has not come yet"),
        ({"conclusive": "positive"} | moment("conclusive_at"), "follows positive reasonable grounds"),
    ],
    ids=["no reason", "no reference", "no time", "before it was begun", "not yet", "no first decision"],
)
def test_a_correction_that_cannot_be_keeps_what_was_typed(sent_form, said, sentence):
    answer = put_right(sent_form, **said)
    assert answer.status_code == 200
    assert sentence in words(answer)


def test_a_second_correction_of_the_same_version_sees_the_first(sent_form):
    put_right(sent_form)
    answer = put_right(sent_form, home_office_ref="SMS-3")
    assert answer.status_code == 409


def test_changed_words_of_a_notification_keep_what_stood_there(browser, signed_in):
    ask(browser, "declined")
    decide(browser)
    post(browser, browser.base + "notification/", text=WORDS)
    colleague = signed_in(CITY_TOO)
    post(colleague, browser.base + "notification/", text="Adults were found who were not free to leave.", version=1)
    assert f"Text was: {WORDS}" in words(browser.get(browser.base + "notification/"))


def test_what_was_sent_under_a_wrong_reference_is_put_right(browser, signed_in):
    ask(browser, "declined")
    decide(browser)
    post(browser, browser.base + "notification/", text=WORDS)
    post(signed_in(CITY_TOO), browser.base + "notification/checked/", version=1)
    assert put_right(browser, "notification").status_code == 404
    post(browser, browser.base + "notification/sent/", version=2, home_office_ref="HO-TEST-2", **moment())
    answer = put_right(browser, "notification", version="3", home_office_ref="HO-TEST-3", **moment("sent_at"))
    assert answer.status_code == 302
    page = words(browser.get(browser.base + "notification/"))
    assert "HO-TEST-3" in page
    assert "Home Office reference was: HO-TEST-2" in page


def test_every_decision_about_the_duty_stays_on_the_page(browser):
    decide(browser)
    ask(browser)
    decide(browser)
    page = words(browser.get(browser.base))
    assert "Decided: wait for the person" in page
    assert "Decided: NRM referral" in page


def test_a_closed_form_stays_to_be_read(sent_form):
    post(sent_form, sent_form.base + "form/grounds/", **decided("negative"))
    post(sent_form, sent_form.base + "form/closed/", version="3")
    page = words(sent_form.get(sent_form.base + "form/"))
    assert "Earlier forms" in page
    assert "negative reasonable grounds, SMS-1" in page


def test_what_was_answered_at_the_centre_stands_beside_the_draft_with_where_it_comes_from(browser, case, at):
    with at("reception_manager", "reception") as actor:
        person = PEOPLE.one(actor, case.person_id)
        PEOPLE.change(
            actor, case.person_id, {"interpreter": "yes", "interpreter_gender": "woman"}, version=person["version"]
        )
    assert "Answered already" not in words(browser.get(browser.base + "form/"))
    ask(browser)
    decide(browser)
    post(browser, browser.base + "form/")
    page = words(browser.get(browser.base + "form/"))
    for said in ("Answered already", "Romanian", "A woman", "British Red Cross"):
        assert said in page
    assert "How many are in their household?" not in page


def test_what_went_is_never_written_over_and_what_comes_after_goes_as_a_supplement(browser, case):
    ask(browser)
    decide(browser)
    post(browser, browser.base + "form/")
    supplement = browser.base + "form/supplement/"
    assert browser.get(supplement).status_code == 404
    post(browser, browser.base + "form/sent/", version=1, home_office_ref="NRM-000123", **moment())
    assert "goes as a supplement" in words(browser.get(browser.base + "form/"))
    post(browser, supplement, text="There was a second house.")
    post(browser, supplement, text="There was a second house, in Burton.", why="They remembered", version=1)
    assert post(browser, supplement, text="Two houses.", version=1).status_code == 409
    assert "Text was: There was a second house. Why: They remembered" in words(browser.get(supplement))
    assert "still to come" in words(post(browser, browser.base + "form/closed/", version=2))
    assert post(browser, supplement + "sent/", version=2, **moment()).status_code == 302
    assert "in Burton." in words(browser.get(browser.base + "form/"))
    assert post(browser, supplement + "sent/", version=3, **moment()).status_code == 404
    post(browser, supplement, text="And a van.")
    assert post(browser, supplement + "over/", version=1).status_code == 302
    page = words(browser.get(browser.base + "form/"))
    assert "in Burton." in page
    assert "And a van." not in page


def test_the_database_keeps_a_supplement_as_it_was_sent(case, browser):
    ask(browser)
    decide(browser)
    post(browser, browser.base + "form/")
    post(browser, browser.base + "form/sent/", version=1, home_office_ref="NRM-000123", **moment())
    with case.by() as actor:
        supplements.write(actor, case.person_id, text="There was a second house.")
        sent = supplements.send(actor, case.person_id, at=clock.now(), version=1)
    with pytest.raises(ProgrammingError, match="stays as it is"), case.by() as actor:
        policy.SUPPLEMENTS.change(actor, sent.pk, {"text": "Nothing."})


def test_what_is_due_of_a_colleagues_person_is_said_and_leads_to_no_page_that_stays_shut(meet, signed_in):
    case = meet(named=(CITY,))
    own, way = signed_in(CITY), f'href="/nrm/cases/{case.person_id}/"'
    own.base = f"/nrm/cases/{case.person_id}/"
    ask(own)
    decide(own)
    assert way in words(own.get("/my-work/"))
    page = words(signed_in(CITY_TOO).get("/my-work/"))
    assert "A colleague works with the person" in page
    assert way not in page
