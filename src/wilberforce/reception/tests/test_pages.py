"""The centre's pages, through the browsers of those who use them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from wilberforce.base import clock
from wilberforce.reception import actions, board, policy
from wilberforce.reception.actions import sense

from .conftest import HOUR, Open, ready_to_close

REGISTER_AT_MOST = 15
LEFT = {"transport": "own", "card": "given", "way": "call", "contact": "Robin"}
NOW: dict[str, str] = {"at_0": "", "at_1": "", "at_2": "", "at_3": ""}


def sent_form(client: Client, page: str, /, *args: Any, version: int | str = "", **answers: Any) -> Any:
    carried = {"purpose": "reception", "version": version, "once": str(uuid4())}
    return client.post(reverse(f"reception:{page}", args=args), carried | answers)


def register(client: Client, centre: Open, **answers: Any) -> Any:
    given = {"age": "adult", "languages": "sq", "interpreter": "yes"} | answers
    return sent_form(client, "register", centre.centre_id, **given)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def people(centre: Open) -> list[board.Here]:
    with centre.by() as actor:
        return board.people_here(actor, centre.centre_id)


def test_the_first_page_says_who_is_on_the_way_who_is_here_and_what_is_due(sent: Open, signed_in: Any) -> None:
    person = sent.arrived(age="child", languages=["vi"])
    page = words(signed_in("reception_manager").get("/reception/"))
    for said in ("Kingfisher", sent.found[0].reference, person.reference, "Vietnamese", "must not be lost from sight"):
        assert said in page
    assert page.count(reverse("reception:here", args=[person.pk])) == 2


def test_a_worker_registers_from_the_card(centre: Open, signed_in: Any) -> None:
    client = signed_in("reception_worker")
    searched = client.get(reverse("reception:find", args=[centre.centre_id]), {"reference": "p-7k3mqx"})
    assert searched.headers["Location"].endswith("?reference=P-7K3MQX")
    asked = words(client.get(searched.headers["Location"]))
    assert 'value="P-7K3MQX"' in asked
    assert "Perhaps they are here" not in asked
    registered = register(client, centre, reference="P-7K3MQX")
    (here,) = people(centre)
    assert registered.headers["Location"] == reverse("reception:here", args=[here.person_id])
    again = client.get(reverse("reception:find", args=[centre.centre_id]), {"reference": "P-7K3MQX"})
    assert again.headers["Location"] == registered.headers["Location"]
    slipped = client.get(reverse("reception:find", args=[centre.centre_id]), {"reference": "P-7K3MQY"}, follow=True)
    assert "Perhaps they are here" in words(slipped)


def test_a_manager_registers_from_the_manifest(sent: Open, signed_in: Any) -> None:
    client, found = signed_in("reception_manager"), sent.found[0]
    address = reverse("reception:register_found", args=[sent.centre_id, found.pk])
    assert f"Register {found.reference}" in words(client.get(address))
    answers = {"age": "child", "languages": "ro", "interpreter": "yes"}
    assert sent_form(client, "register_found", sent.centre_id, found.pk, **answers).status_code == 302
    assert [(one.reference, one.age) for one in people(sent)] == [(found.reference, "child")]


def test_a_double_click_registers_one_person(centre: Open, signed_in: Any) -> None:
    client, once = signed_in("reception_worker"), str(uuid4())
    first, second = (register(client, centre, once=once) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(people(centre)) == 1


@pytest.mark.django_db(transaction=True)
def test_registering_is_at_most_fifteen_statements(centre: Open, signed_in: Any, statements: Any) -> None:
    """As PostgreSQL receives them: session, BEGIN, context, ledger and COMMIT included."""
    client = signed_in("reception_worker")
    register(client, centre, reference="P-222222")
    with statements() as sent:
        assert register(client, centre, reference="P-333333").status_code == 302
    assert (sent.count("BEGIN"), sent.count("COMMIT")) == (1, 1)
    assert len(sent) <= REGISTER_AT_MOST, "\n".join(sql[:150] for sql in sent)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"at_0": "1", "at_1": "1", "at_2": "2099", "at_3": "10:00"}, "in the future"),
        ({"at_0": "31", "at_1": "2", "at_2": "2026", "at_3": "10:00"}, "must be a real date"),
        ({"age": "200"}, "is not offered, or no longer"),
        ({"reference": "P" * 2_000_000}, "use 20 characters or fewer"),
        ({"languages": "xx"}, "is not offered, or no longer"),
        ({"reference": "P-7K3M0X"}, "0 stands on no card"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_nothing_is_lost(
    centre: Open, signed_in: Any, answers: dict[str, str], says: str
) -> None:
    page = register(signed_in("reception_worker"), centre, **({"reference": "P-7K3MQX"} | answers))
    assert (page.status_code, says in words(page)) == (200, True)
    assert people(centre) == []


def test_the_same_reference_twice_is_told_beside_its_field(centre: Open, signed_in: Any) -> None:
    client = signed_in("reception_worker")
    register(client, centre, reference="P-7K3MQX")
    page = words(register(client, centre, reference="p-7k3mqx"))
    assert "P-7K3MQX is registered already" in page
    assert len(people(centre)) == 1


def test_care_is_given_and_shown(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("health_worker")
    sent_form(client, "give", person.pk, thing="shoes", quantity=1, detail="ቁጽሪ 38", **NOW)
    page = words(client.get(reverse("reception:give", args=[person.pk])))
    assert "1 Shoes, ቁጽሪ 38" in page


def test_the_second_to_move_somebody_sees_the_first_and_loses_nothing(centre: Open, signed_in: Any) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.move(actor, person.pk, to="health")
    stale = sent_form(signed_in("health_worker"), "move", person.pk, version=1, to="rest", **NOW)
    assert stale.status_code == 409
    assert "health" in words(stale)
    assert people(centre)[0].where == "health"


def test_moving_and_leaving_through_the_pages(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    assert sent_form(client, "move", person.pk, version=1, to="out", **NOW).status_code == 302
    assert "Went out" in words(client.get(reverse("reception:here", args=[person.pk])))
    nowhere = sent_form(client, "leave", person.pk, version=2, **LEFT, **NOW)
    assert "without a destination or a recorded choice" in words(nowhere)
    assert sent_form(client, "leave", person.pk, version=2, **LEFT, destination="friends").status_code == 302
    assert people(centre) == []


def test_a_departure_before_the_arrival_is_told_beside_its_field(centre: Open, signed_in: Any) -> None:
    person = centre.arrived()
    early = {"at_0": "1", "at_1": "1", "at_2": "2020", "at_3": "10:00"}
    answers = LEFT | early | {"destination": "refuge"}
    page = sent_form(signed_in("reception_worker"), "leave", person.pk, version=1, **answers)
    assert "before they arrived" in words(page)


def test_what_somebody_needs_is_written_and_corrected(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    assert sent_form(client, "needs", person.pk, version=1, needs=["interpreter-woman"]).status_code == 302
    assert sent_form(client, "needs", person.pk, version=1, needs=[]).status_code == 409
    assert people(centre)[0].needs == "Woman interpreter"


@pytest.mark.parametrize("name", ["here", "give", "move", "needs", "leave"])
def test_a_guessed_person_of_another_centre_is_absent(
    centre: Open, other_centre: Open, signed_in: Any, name: str
) -> None:
    client, person = signed_in("reception_worker_2"), centre.arrived()
    guessed = client.get(reverse(f"reception:{name}", args=[person.pk]))
    absent = client.get(reverse(f"reception:{name}", args=[uuid4()]))
    assert (guessed.status_code, guessed.content) == (404, absent.content)


def test_a_reference_that_nobody_here_has_is_said_before_somebody_is_registered_twice(
    centre: Open, signed_in: Any
) -> None:
    client = signed_in("reception_worker")
    page = client.get(reverse("reception:find", args=[centre.centre_id]), {"reference": "P-7K3MQY"}, follow=True)
    assert "Nobody here has P-7K3MQY. Look at the card once more" in words(page)


def test_the_tablets_are_offered_to_whoever_manages_them_alone(centre: Open, signed_in: Any) -> None:
    address, tablets = (reverse(f"reception:{name}", args=[centre.centre_id]) for name in ("set_up", "tablets"))
    offered = [
        tablets in signed_in(part).get(address).content.decode() for part in ("reception_manager", "reception_worker")
    ]
    assert offered == [True, False]


def test_a_shift_is_offered_to_whoever_finds_the_door_and_paper_to_everybody(
    centre: Open, cast: Any, signed_in: Any
) -> None:
    planned = words(signed_in("reception_manager").get(reverse("reception:set_up", args=[centre.centre_id])))
    named = [str(cast[part].pk) in planned for part in ("reception_worker_2", "health_worker", "guardian_redcross")]
    assert named == [True, True, False]
    board = words(signed_in("reception_worker").get(reverse("reception:centre", args=[centre.centre_id])))
    assert reverse("reception:from_paper", args=[centre.centre_id]) in board


def test_a_guessed_centre_is_absent(centre: Open, other_centre: Open, signed_in: Any) -> None:
    client = signed_in("reception_worker_2")
    guessed = client.get(reverse("reception:centre", args=[centre.centre_id]))
    assert (guessed.status_code, guessed.content) == (404, client.get("/reception/nothing/").content)


def test_a_form_of_another_workspace_is_refused_with_what_was_typed(centre: Open, signed_in: Any) -> None:
    page = register(signed_in("reception_worker"), centre, purpose="support", reference="P-7K3MQX")
    assert (page.status_code, "P-7K3MQX" in words(page)) == (409, True)
    assert people(centre) == []


def test_without_a_shift_the_first_page_sends_to_the_shift(centre: Open, cast: Any, signed_in: Any) -> None:
    client, now = signed_in("reception_worker_2"), clock.now()
    with centre.by("reception_manager") as actor:
        mine = actions.set_up_shift(actor, centre.centre_id, cast["reception_worker_2"].pk, now - HOUR, now + HOUR)
    early = client.get("/reception/")
    assert (early.status_code, "/reception/shift/" in words(early)) == (403, True)
    assert str(mine.pk) in words(client.get("/reception/shift/"))
    assert sent_form(client, "shift", shift_id=str(mine.pk)).status_code == 302
    assert "Kingfisher" in words(client.get("/reception/"))
    sent_form(client, "shift")
    assert "You are signed in until" not in words(client.get("/reception/shift/"))


def test_the_manager_opens_a_centre_and_sets_up_a_shift(cast: Any, at: Any, signed_in: Any) -> None:
    client = signed_in("reception_manager")
    chosen: dict[str, Any] = {"name": "Dunlin", "capacity": "12", "rooms": ["sleeping-men", "health"], "beds": "6"}
    opened = sent_form(client, "centres", **chosen)
    local = clock.in_london(clock.now())
    day = [str(local.day), str(local.month), str(local.year)]
    starts = dict(zip(("starts_0", "starts_1", "starts_2"), day, strict=True)) | {"starts_3": "00:00"}
    ends = dict(zip(("ends_0", "ends_1", "ends_2"), day, strict=True)) | {"ends_3": "00:00"}
    address = opened.headers["Location"]
    carried = {"purpose": "reception", "once": str(uuid4()), "membership_id": str(cast["health_worker"].pk)}
    page = words(client.post(address, carried | {"part": "staff"} | starts | ends))
    assert "over already" in page
    assert "Sleeping room for men" in page
    assert "No centre yet" not in words(client.get("/reception/centres/"))


def test_a_centre_with_nobody_in_it_says_so_and_closes(centre: Open, signed_in: Any) -> None:
    client = signed_in("reception_manager")
    with centre.by("reception_manager") as actor:
        ready_to_close(actor, centre.centre_id)
    assert "Nobody is here yet" in words(client.get("/reception/"))
    assert sent_form(client, "close", centre.centre_id, version=1).status_code == 302
    assert "on no roster" in words(client.get("/reception/"))


def test_stock_comes_in_and_is_counted(centre: Open, signed_in: Any) -> None:
    client = signed_in("reception_worker")
    sent_form(client, "stock", centre.centre_id, thing="towel", change="100")
    assert "100" in words(client.get(reverse("reception:stock", args=[centre.centre_id])))


def test_a_stay_is_found_by_whoever_is_at_the_centre(centre: Open) -> None:
    person = centre.arrived()
    with centre.by("health_worker") as actor:
        assert sense.presence_of(actor, person.pk)["where"] == "room"
        assert policy.MOVEMENTS.many(actor, Q(person_id=person.pk)) == []


def test_the_commander_sees_how_many_arrived_and_not_who(sent: Open, signed_in: Any) -> None:
    person = sent.arrived()
    page = words(signed_in("op_commander").get("/op-safety/"))
    assert "<strong>1</strong> arrived at the reception centre" in page
    assert person.reference not in page


def test_what_was_told_is_shown_with_the_name_of_its_language(centre: Open, signed_in: Any) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.information_given(actor, person.pk, language="ro")
    page = words(signed_in("reception_worker").get(reverse("reception:give", args=[person.pk])))
    assert "with an interpreter, Romanian," in page


def test_a_number_out_of_bounds_is_told_what_is_possible(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    for quantity, said in (("0", "Enter 1 or more: How many?"), ("21", "Enter 20 or less: How many?")):
        assert said in words(sent_form(client, "give", person.pk, thing="meal", quantity=quantity))
