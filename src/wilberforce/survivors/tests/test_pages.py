"""What people see, through the door that they use."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from wilberforce.base import clock
from wilberforce.base.ids import random_id
from wilberforce.base.templatetags.kit import when
from wilberforce.survivors import actions, lists, policy

NAME = "ሳምራዊት"


@pytest.fixture
def person(register, at, cast):
    person = register(needs=["quiet-room"])
    with at("reception_manager", "reception") as actor:
        for part in ("reception_worker", "first_responder"):
            actions.assign(actor, person.pk, cast[part].pk)
    return person


def sent(purpose, **answers):
    return {"purpose": purpose, "version": "", "once": str(random_id()), **answers}


def test_the_worker_finds_their_people_and_the_pages_that_they_may_open(person, signed_in):
    client = signed_in("reception_worker")
    assert person.reference in client.get("/support/").content.decode()
    shown = client.get(f"/support/people/{person.pk}/").content.decode()
    assert "Tigrinya" in shown
    assert "Quiet room" in shown
    assert "Support notes" in shown
    assert "Their account" not in shown


def test_a_worker_who_is_not_named_finds_an_empty_list_and_no_person(person, signed_in):
    client = signed_in("reception_worker_2")
    nobody = client.get("/support/").content.decode()
    assert "Whoever you are named for stands here" in nobody
    assert "data-wb-narrow" not in nobody
    assert client.get(f"/support/people/{person.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("part", "address"),
    [
        ("first_responder_city", "/nrm/people/{}/"),
        ("investigator", "/criminal-investigation/people/{}/"),
        ("reception_worker_2", "/support/people/{}/identity/"),
        ("reception_worker_2", "/support/people/{}/notes/"),
        ("housing_officer", "/support/people/{}/identity/"),
    ],
)
def test_a_guessed_address_gives_the_same_bytes_as_one_that_is_not_there(person, signed_in, part, address):
    client = signed_in(part)
    forbidden, absent = client.get(address.format(person.pk)), client.get(address.format(uuid4()))
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.content == absent.content


def test_who_they_are_is_recorded_and_shown_and_the_second_writer_sees_the_first(person, signed_in):
    client = signed_in("reception_worker")
    address = f"/support/people/{person.pk}/identity/"
    answers = {"given_names": NAME, "age_confidence": "not sure", "contact_is_safe": "not sure"}
    assert client.post(address, sent("support", **answers)).status_code == 302
    assert NAME in client.get(address).content.decode()
    changed = answers | {"version": "1", "family_name": "ተስፋይ"}
    assert client.post(address, sent("support", **changed)).status_code == 302
    late = client.post(address, sent("support", **(answers | {"version": "1", "family_name": "Tesfay"})))
    assert late.status_code == 409
    assert "ተስፋይ" in late.content.decode()
    assert "Tesfay" in late.content.decode()


def test_an_impossible_date_is_answered_beside_its_field(person, signed_in):
    answers = {"age_confidence": "stated", "contact_is_safe": "no", "date_of_birth_0": "1", "date_of_birth_1": "1"}
    address = f"/support/people/{person.pk}/identity/"
    shown = signed_in("reception_worker").post(address, sent("support", date_of_birth_2="2190", **answers))
    assert "is not in the future" in shown.content.decode()


def test_nothing_is_chosen_for_the_person(person, signed_in):
    client = signed_in("reception_worker")
    for page in ("ask", "tell"):
        shown = client.get(f"/support/people/{person.pk}/consents/{page}/").content.decode()
        assert " checked" not in shown
    assert "Not now" in client.get(f"/support/people/{person.pk}/consents/ask/").content.decode()


def answer(client, person, purpose, said):
    whole = {
        "data_class": "identity", "used_for": purpose, "recipient": "home_office_ca", "language": "ti",
        "interpreter": "yes", "explained": "spoken", "answer": said, "legal_basis": "public-task",
    }  # fmt: skip
    return client.post(f"/nrm/people/{person.pk}/consents/ask/", sent("nrm", **whole))


def test_the_first_responder_sees_language_needs_and_answers_and_records_any_answer(person, signed_in):
    client = signed_in("first_responder")
    page = f"/nrm/people/{person.pk}/"
    assert "have not been asked yet" in client.get(page).content.decode()
    assert answer(client, person, "nrm", "not now").status_code == 302
    shown = client.get(page).content.decode()
    assert "Not now" in shown
    assert "Tigrinya" in shown
    assert NAME not in shown


def test_a_yes_before_they_know_who_decides_is_answered_beside_its_field(person, signed_in):
    shown = answer(signed_in("first_responder"), person, "nrm", "given")
    assert "which Home Office bodies decide" in shown.content.decode()


def test_a_yes_is_taken_back_in_one_step(person, signed_in, at):
    client = signed_in("first_responder")
    told = {"step": "who-decides", "language": "ti", "interpreter": "yes"}
    client.post(f"/nrm/people/{person.pk}/consents/tell/", sent("nrm", **told))
    answer(client, person, "nrm", "given")
    assert "Their account" in client.get(f"/nrm/people/{person.pk}/").content.decode()
    with at("first_responder", "nrm") as actor:
        given = policy.ANSWERS.many(actor)[0]["id"]
    assert client.post(f"/nrm/people/{person.pk}/consents/{given}/withdraw/", sent("nrm")).status_code == 302
    assert client.get(f"/nrm/people/{person.pk}/account/").status_code == 404


def test_a_double_click_writes_one_note(person, signed_in, at):
    client = signed_in("reception_worker")
    form = sent("support", text="Would like to telephone a brother.")
    for _ in range(2):
        assert client.post(f"/support/people/{person.pk}/notes/", form).status_code == 302
    with at("reception_worker", "support") as actor:
        assert len(policy.NOTES.many(actor)) == 1


def test_what_was_written_first_about_somebody_is_still_found_after_weeks(person, signed_in, at):
    with at("reception_worker", "support") as actor:
        for number in range(26):
            actions.note_support(actor, person.pk, text=f"Note {number} of these weeks.")
    client, notes = signed_in("reception_worker"), f"/support/people/{person.pk}/notes/"
    first, second = (client.get(notes + page).content.decode() for page in ("", "?page=2"))
    assert ("Note 0 of" in first, "?page=2" in first) == (False, True)
    assert "Note 0 of" in second


def test_a_text_that_is_too_long_is_answered_beside_its_field(person, signed_in):
    form = sent("support", text="a" * 2_000_000)
    shown = signed_in("reception_worker").post(f"/support/people/{person.pk}/notes/", form)
    assert "characters or fewer" in shown.content.decode()


def test_a_forged_purpose_is_refused_and_keeps_what_was_typed(person, signed_in):
    form = sent("reception", text="Would like to telephone a brother.")
    shown = signed_in("reception_worker").post(f"/support/people/{person.pk}/notes/", form)
    assert shown.status_code == 409
    assert "Would like to telephone a brother." in shown.content.decode()


def test_the_manager_names_a_first_responder_of_another_agency(register, signed_in, cast):
    person = register()
    client = signed_in("reception_manager")
    form = sent("reception", membership_id=str(cast["first_responder_city"].pk))
    assert client.post(f"/reception/people/{person.pk}/assign/", form).status_code == 302
    assert signed_in("first_responder_city").get(f"/nrm/people/{person.pk}/").status_code == 200


def test_the_manager_corrects_the_languages(register, signed_in):
    person = register()
    answers = {"age": "not sure", "languages": ["ti", "am"], "interpreter": "yes", "interpreter_gender": "not sure"}
    form = sent("reception", **answers) | {"version": "1"}
    client = signed_in("reception_manager")
    assert client.post(f"/reception/people/{person.pk}/correct/", form).status_code == 302
    assert "Tigrinya, Amharic" in client.get(f"/reception/people/{person.pk}/").content.decode()
    assert client.post(f"/reception/people/{person.pk}/correct/", form | {"once": str(random_id())}).status_code == 409


def test_the_next_place_is_shown_to_whoever_visits_and_written_by_the_manager_alone(register, signed_in, at, cast):
    person = register()
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, cast["reception_worker"].pk)
    form = sent("reception", kind="refuge", address="14 Quillpen Row, Larkford")
    address = f"/reception/people/{person.pk}/place/"
    assert signed_in("reception_manager").post(address, form).status_code == 302
    shown = signed_in("reception_worker").get(f"/support/people/{person.pk}/place/").content.decode()
    assert "14 Quillpen Row" in shown
    assert "Record where they go next" not in shown


CORRECTION = {"age": "child", "languages": ["ti"], "interpreter": "yes", "interpreter_gender": "woman"}


def test_a_correction_keeps_what_was_there_and_says_who_when_and_why(person, signed_in, cast):
    client = signed_in("reception_manager")
    address = f"/reception/people/{person.pk}/"
    why = {"why": "They found their school card."}
    assert (
        client.post(f"{address}correct/", sent("reception", **CORRECTION, **why) | {"version": "1"}).status_code == 302
    )
    shown = client.get(address).content.decode()
    assert "Adult or child was: Adult" in shown
    assert "They found their school card." in shown
    assert str(cast["reception_manager"].user) in shown
    late = client.post(f"{address}correct/", sent("reception", **CORRECTION) | {"version": "1", "age": "adult"})
    assert late.status_code == 409


def test_a_correction_of_nothing_leaves_no_trace(person, signed_in, at):
    client = signed_in("reception_manager")
    same = {"age": "adult", "languages": ["ti"], "interpreter": "not sure", "interpreter_gender": "not sure"}
    same |= {"needs": ["quiet-room"], "version": "1"}
    assert client.post(f"/reception/people/{person.pk}/correct/", sent("reception", **same) | same).status_code == 302
    with at("reception_manager", "reception") as actor:
        assert policy.FORMER_PEOPLE.many(actor) == []


def test_who_they_were_said_to_be_before_stays_on_the_page(person, signed_in):
    client = signed_in("reception_worker")
    address = f"/support/people/{person.pk}/identity/"
    answers = {"given_names": NAME, "age_confidence": "not sure", "contact_is_safe": "no"}
    client.post(address, sent("support", **answers))
    assert "What was there before" not in client.get(address).content.decode()
    spelled = answers | {"given_names": "Samrawit", "why": "Their own spelling.", "version": "1"}
    client.post(address, sent("support", **answers) | spelled)
    shown = client.get(address).content.decode()
    assert f"Given names, as they say them was: {NAME}" in shown
    assert "Their own spelling." in shown


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("household_size", "0", "Enter 1 or more"),
        ("household_size", "many", "whole number"),
        ("access_needs", "helipad", "is not offered, or no longer"),
        ("avoid_area_id", "nowhere", "is not offered, or no longer"),
        ("languages", "xx", "is not offered, or no longer"),
        ("age", "44", "is not offered, or no longer"),
        ("why", "w" * 501, "500 characters or fewer"),
    ],
    ids=["nobody", "words", "need", "area", "language", "age", "reason"],
)
def test_a_correction_that_cannot_be_is_answered_beside_its_field(person, signed_in, field, typed, sentence):
    address = f"/reception/people/{person.pk}/correct/"
    answer = signed_in("reception_manager").post(address, sent("reception", **CORRECTION) | {field: typed})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert sentence in shown
    assert f'href="#id_{field}' in shown


def test_a_person_is_found_by_their_reference_and_by_nothing_that_stands_elsewhere(
    person, register, signed_in, at, cast
):
    other = register()
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, other.pk, cast["reception_worker"].pk)
    client = signed_in("reception_worker")
    both = client.get("/support/").content.decode()
    assert person.reference in both
    assert other.reference in both
    typed = person.reference
    for asked in (typed.lower(), typed.replace("-", " "), typed.replace("-", "–"), typed.replace("-", ""), typed[2:5]):
        one = client.get("/support/", {"reference": asked}).content.decode()
        assert person.reference in one
        assert other.reference not in one
    assert "Nothing fits" in client.get("/support/", {"reference": "ZZZZZZ"}).content.decode()


def test_the_person_page_leads_back_to_the_list_as_it_was(person, signed_in):
    client = signed_in("reception_worker")
    client.get("/support/", {"language": "ti"})
    shown = client.get(f"/support/people/{person.pk}/").content.decode()
    assert 'href="/support/?language=ti"' in shown


def test_a_record_ends_once_and_says_so(person, signed_in):
    client = signed_in("reception_manager")
    address = f"/reception/people/{person.pk}/"
    assert "End this record" in client.get(address).content.decode()
    assert client.post(f"{address}end/", sent("reception") | {"version": "1"}).status_code == 302
    assert "Record ended" in client.get(address).content.decode()
    assert client.post(f"{address}end/", sent("reception") | {"version": "2"}).status_code == 404


def test_somebody_else_ended_the_record_of_an_older_page(person, signed_in):
    client = signed_in("reception_manager")
    address = f"/reception/people/{person.pk}/"
    client.post(f"{address}correct/", sent("reception", **CORRECTION) | {"version": "1"})
    assert client.post(f"{address}end/", sent("reception") | {"version": "1"}).status_code == 409


def test_who_works_with_a_person_is_listed_and_ended_at_once(person, signed_in, cast):
    manager, worker = signed_in("reception_manager"), signed_in("reception_worker")
    address = f"/reception/people/{person.pk}/assign/"
    listed = manager.get(address).content.decode()
    assert str(cast["reception_worker"].user) in listed
    assert "&lt;time" not in listed
    assert worker.get(f"/support/people/{person.pk}/").status_code == 200
    ended = manager.post(f"{address}{cast['reception_worker'].pk}/ended/", sent("reception"))
    assert ended.status_code == 302
    assert worker.get(f"/support/people/{person.pk}/").status_code == 404
    again = manager.post(f"{address}{cast['reception_worker'].pk}/ended/", sent("reception"))
    assert "not working with this person now" in again.content.decode()


def test_a_part_in_the_case_stands_beside_others_and_ends(person, signed_in):
    client = signed_in("reception_manager")
    address = f"/reception/people/{person.pk}/roles/"
    part = {"role": "potential victim", "ground": "told"}
    assert client.post(address, sent("reception", **part)).status_code == 302
    assert "They have this role already" in client.post(address, sent("reception", **part)).content.decode()
    page = client.get(address).content.decode()
    assert "&lt;time" not in page
    end = page.split("/ended/")[0].rsplit("/", 1)[1]
    assert "Potential victim: no longer" in client.get(f"{address}{end}/ended/").content.decode()
    assert client.post(f"{address}{end}/ended/", sent("reception", why=" ") | {"version": "1"}).status_code == 200
    over = sent("reception", why="A decision came.") | {"version": "1"}
    assert client.post(f"{address}{end}/ended/", over).status_code == 302
    told = client.get(f"/reception/people/{person.pk}/").content.decode()
    assert "Potential victim: no longer" in told
    assert "Why: A decision came." in told
    suspicion = client.post(address, sent("reception", role="suspect", ground="told")).content.decode()
    assert "is not offered, or no longer" in suspicion


def test_only_a_clinician_reads_and_writes_clinical_notes(person, signed_in, at, cast):
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, cast["health_worker"].pk)
    clinician = signed_in("health_worker")
    address = f"/support/people/{person.pk}/clinical/"
    assert clinician.post(address, sent("support", text="Dressing changed.")).status_code == 302
    assert "Dressing changed." in clinician.get(address).content.decode()
    assert signed_in("reception_worker").get(address).status_code == 404
    assert "Enter an answer" in clinician.post(address, sent("support", text="")).content.decode()


def test_a_care_flag_ends_on_its_own_page(person, signed_in, at, cast):
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, cast["health_worker"].pk)
    clinician = signed_in("health_worker")
    address = f"/support/people/{person.pk}/care/"
    kind = next(iter(lists.CARE))
    assert clinician.post(address, sent("support", kind=kind, detail="No nuts.")).status_code == 302
    page = clinician.get(address).content.decode()
    flag = page.split("/ended/")[0].rsplit("/", 1)[1]
    over = sent("support", why="Tested: no allergy.") | {"version": "1"}
    assert clinician.post(f"{address}{flag}/ended/", over).status_code == 302
    page = clinician.get(address).content.decode()
    assert "No nuts.: no longer" in page
    assert "Why: Tested: no allergy." in page
    assert "No nuts." not in signed_in("reception_worker").get(address).content.decode()
    assert clinician.get(f"{address}{flag}/ended/").status_code == 404


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"basis": "consent"}, "is not offered, or no longer"),
        ({"recipient": "the-press"}, "is not offered, or no longer"),
        ({"data_classes": []}, "Choose an answer: What may go?"),
        ({"told": ""}, "Choose an answer: Were they told?"),
        ({"person_agrees": "perhaps"}, "is not offered, or no longer"),
    ],
    ids=["consent-is-no-law", "recipient", "nothing", "told", "agrees"],
)
def test_a_law_that_cannot_be_is_answered_beside_its_field(person, signed_in, answers, sentence):
    law = {
        "basis": "court-order",
        "data_classes": ["identity"],
        "recipient": "nhs",
        "person_agrees": "no",
        "told": "yes",
    }
    address = f"/reception/people/{person.pk}/consents/law/"
    client = signed_in("reception_manager")
    answer = client.post(address, sent("reception", **law) | answers)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert client.post(address, sent("reception", **law)).status_code == 302
    page = client.get(address).content.decode()
    assert "Do they agree: no. Told." in page
    (end,) = re.findall(rf"{address}[-0-9a-f]+/ended/", page)
    assert signed_in("health_worker").post(end, sent("reception")).status_code == 404
    assert client.post(end, sent("reception", why=" ")).status_code == 200
    assert client.post(end, sent("reception", why="The order was set aside.")).headers["Location"] == address
    over = client.get(address).content.decode()
    assert (end in over, "Told. Ends" in over, "Why: The order was set aside." in over) == (False, True, True)
    assert "ended already" in client.post(end, sent("reception", why="Again")).content.decode()


def test_whoever_is_named_to_work_with_somebody_reads_until_when(person, signed_in, at, cast):
    ends = clock.now() + timedelta(days=3)
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, cast["health_worker"].pk, until=ends)
    page = signed_in("health_worker").get("/sign-in/access/").content.decode()
    assert f"You are named to work with 1 person until {when(ends)}" in page
    assert "You are named" not in signed_in("reception_manager").get("/sign-in/access/").content.decode()


def test_an_investigator_whose_case_was_given_nobody_finds_an_empty_list(person, signed_in):
    page = signed_in("investigator").get("/criminal-investigation/people/").content.decode()
    assert "Nobody has been disclosed to your case" in page
    assert person.reference not in page


def test_only_a_council_takes_on_finding_a_home(person, signed_in):
    manager = signed_in("reception_manager")
    assert "Find them a home" not in manager.get(f"/support/people/{person.pk}/").content.decode()
    assert manager.get(f"/support/people/{person.pk}/placement/").status_code == 404


def test_the_councils_duty_worker_begins_a_shift_and_what_is_sent_at_night_opens(signed_in, db):
    duty = signed_in("emergency_duty")
    refused = duty.get("/support/")
    assert refused.status_code == 403
    assert 'href="/support/shift/">Sign in to your shift' in refused.content.decode()
    assert duty.post("/support/shift/", sent("support", hours="12")).status_code == 302
    assert "Whoever you are named for stands here" in duty.get("/support/").content.decode()
    assert "You are on shift until" in duty.get("/support/shift/").content.decode()


def test_whoever_works_at_a_centre_is_led_to_the_shifts_that_its_manager_planned(signed_in, db):
    assert signed_in("reception_worker").get("/support/shift/")["Location"] == "/reception/shift/"
