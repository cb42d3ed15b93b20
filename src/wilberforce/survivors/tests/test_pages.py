"""What people see, through the door that they use."""

from uuid import uuid4

import pytest

from wilberforce.base.ids import random_id
from wilberforce.survivors import actions, policy

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
    assert "You are not named for anybody" in client.get("/support/").content.decode()
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
