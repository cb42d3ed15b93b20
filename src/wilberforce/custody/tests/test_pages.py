"""The pages as officers see them, in their browsers."""

from typing import Any
from uuid import uuid4

import pytest

from wilberforce.base import clock
from wilberforce.custody import actions
from wilberforce.custody.models import Arrest
from wilberforce.operations.tests.factories import ago

from .conftest import HOUR, TRAFFICKING, Suite, moment, send, to, words


def an_arrest(suite: Suite, **changes: Any) -> dict[str, Any]:
    force = str(suite.day.agency("derbyshire-police"))
    told = {
        "where": str(suite.day.sites["B"]), "place": "Invented Row", "label": "man 1", "sex": "male", "ages": "",
        "offences": [TRAFFICKING], "grounds": "", "taken_to": force,
    }  # fmt: skip
    return told | changes


def test_the_desk_opens_only_on_a_shift(signed_in: Any) -> None:
    client = signed_in("custody_officer")
    refused = client.get(to("custody:index"))
    assert (refused.status_code, "signed in to a shift" in words(refused)) == (403, True)
    assert f'href="{to("custody:shift")}">Sign in to your shift' in words(refused)
    assert send(client, to("custody:shift"), hours="8").status_code == 302
    assert "Nobody is detained" in words(client.get(to("custody:index")))


def test_an_arrest_goes_from_the_street_to_the_custody_desk(suite: Suite, officer: Any, sergeant: Any) -> None:
    sent = send(officer, to("op_safety:arrest_new"), "op_safety", **an_arrest(suite, ages="27 or 32"))
    assert (sent.status_code, sent["Location"]) == (302, to("op_safety:arrests"))
    assert "27 or 32; not known which" in words(officer.get(to("op_safety:arrests")))
    assert "man 1" in words(sergeant.get(to("custody:arrests")))
    with suite.day.on_site():
        arrest = Arrest.objects.get().pk
    booked = send(sergeant, to("custody:book_in", arrest), station="derby", brought="taken to a station after arrest")
    record = booked["Location"]
    assert "Decide on detention" in words(sergeant.get(to("custody:index")))
    assert send(sergeant, f"{record}authorise/", grounds="To secure evidence").status_code == 302
    shown = words(sergeant.get(record))
    for expected in ("PACE 1984 s.40(3)(a)", "PACE 1984 s.41(1)", "first review within 6 hours", "of 24 hours"):
        assert expected in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ages": "200"}, "An age is between 10 and 120"),
        ({"ages": "old"}, "Write ages in numbers"),
        ({"offences": []}, "Choose at least one offence"),
        ({"where": str(uuid4())}, "is not offered, or no longer"),
        ({"label": "n" * 201}, "use 200 characters or fewer"),
        ({"grounds": "n" * 2_000_000}, "use 4,000 characters or fewer"),
        (moment("at", clock.now() + 48 * HOUR), "in the future. Check the date"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_question(suite: Suite, officer: Any, changes: Any, sentence: str) -> None:
    answer = send(officer, to("op_safety:arrest_new"), "op_safety", **an_arrest(suite, **changes))
    assert (answer.status_code, sentence in words(answer)) == (200, True)


def test_a_second_arrest_of_the_same_man_says_what_to_do(suite: Suite, officer: Any) -> None:
    suite.arrest("man 1", part="op_member_b")
    answer = send(officer, to("op_safety:arrest_new"), "op_safety", **an_arrest(suite))
    assert "not arrested twice: open that arrest" in words(answer)


def test_a_double_click_arrests_once(suite: Suite, officer: Any) -> None:
    given = an_arrest(suite) | {"purpose": "op_safety", "once": str(uuid4())}
    for _ in range(2):
        assert officer.post(to("op_safety:arrest_new"), given).status_code == 302
    assert words(officer.get(to("op_safety:arrests"))).count("Invented Row") == 1


def test_an_age_is_settled_on_its_page(suite: Suite, officer: Any) -> None:
    first = suite.arrest("man 1", ages=[27, 32])
    suite.arrest("man 2", ages=[27, 32], ages_shared_with=first)
    send(officer, to("op_safety:arrest_age", first), "op_safety", age="32", version="1")
    shown = words(officer.get(to("op_safety:arrests")))
    assert "not known which" not in shown


def test_a_forged_purpose_is_refused_and_loses_nothing(suite: Suite, officer: Any) -> None:
    answer = send(officer, to("op_safety:arrest_new"), "custody", **an_arrest(suite))
    assert (answer.status_code, "Invented Row" in words(answer)) == (409, True)


def test_a_guessed_custody_record_is_absent_for_another_force_and_for_the_arresting_officer(
    suite: Suite, signed_in: Any, officer: Any, cast: Any
) -> None:
    from wilberforce.agencies.models import RoleHeld

    held = suite.detained()
    RoleHeld.objects.create(membership=cast["op_member_host"], role="custody_officer")
    host = signed_in("op_member_host")
    send(host, to("custody:shift"), hours="8")
    absent = host.get(to("custody:detention", uuid4()))
    assert absent.status_code == 404
    for client in (host, officer):
        guessed = client.get(to("custody:detention", held))
        assert (guessed.status_code, guessed.content) == (404, absent.content)


def test_the_most_urgent_stands_first(suite: Suite, sergeant: Any) -> None:
    relaxed = suite.detained()
    arrest = suite.arrest("man 2", at=ago(hours=8))
    late = suite.booked(arrest, arrived_at=ago(hours=7))
    with suite.duty() as actor:
        actions.authorise(actor, late, at=ago(hours=6, minutes=30), grounds="To secure evidence")
    shown = words(sergeant.get(to("custody:index")))
    assert shown.index(str(late)) < shown.index(str(relaxed))
    assert "Late" in shown


def test_the_list_shows_each_clock_and_what_presses_and_the_record_of_whoever_left_shows_nothing_due(
    suite: Suite, sergeant: Any
) -> None:
    held = suite.detained()
    listed = words(sergeant.get(to("custody:index")))
    assert "of 24 hours" in listed
    assert "Review" in listed
    assert "8 hours of rest" not in listed, "far off, and on the record itself"
    record = to("custody:detention", held)
    assert "8 hours of rest given" in words(sergeant.get(record))
    assert words(sergeant.get(record)).count("Charge or release") == 1
    send(sergeant, f"{record}outcome/", kind="no-further-action")
    assert "8 hours of rest given" not in words(sergeant.get(record))


def test_the_review_officer_holds_a_review_and_the_custody_officer_is_told_who_must(
    suite: Suite, sergeant: Any, inspector: Any
) -> None:
    held = suite.detained(5 * HOUR)
    given = {"decision": "continue", "reason": "Evidence still to be secured", "version": "2"}
    assert "inspector outside the case" in words(send(sergeant, to("custody:step", held, "review"), **given))
    assert send(inspector, to("custody:step", held, "review"), **given).status_code == 302
    assert "Review held" in words(sergeant.get(to("custody:detention", held)))


def test_a_stale_form_shows_both_and_loses_nothing(suite: Suite, sergeant: Any) -> None:
    held = suite.booked()
    given = {"interpreter": "yes", "appropriate_adult": "no", "possible_victim": "not sure", "version": "1"}
    assert send(sergeant, to("custody:step", held, "care"), **given, language="ti").status_code == 302
    stale = send(sergeant, to("custody:step", held, "care"), **given, language="ro")
    assert stale.status_code == 409
    assert "What you typed and what is kept now" in words(stale)


def test_bail_shows_its_end_and_its_law(suite: Suite, sergeant: Any) -> None:
    held = suite.detained()
    sent = send(sergeant, to("custody:step", held, "outcome"), kind="bailed", reason="", version="2")
    assert sent.status_code == 302
    assert "so bail starts" in words(sergeant.get(to("custody:detention", held)))
    assert "Nobody is detained" in words(sergeant.get(to("custody:index")))


def test_an_unknown_step_is_absent(suite: Suite, sergeant: Any) -> None:
    assert sergeant.get(to("custody:step", suite.booked(), "escape")).status_code == 404


@pytest.mark.parametrize(
    "what",
    [
        *("authorise", "care", "to-hospital", "back", "outcome", "review", "postpone", "extend", "looked-after"),
        *("further-offence", "court-warrant", "screen", "extend-bail"),
    ],
)
def test_every_form_of_the_desk_opens(suite: Suite, sergeant: Any, what: str) -> None:
    assert sergeant.get(to("custody:step", suite.booked(), what)).status_code == 200


def test_the_operations_board_shows_its_arrests_to_police_alone(suite: Suite, officer: Any, signed_in: Any) -> None:
    suite.arrest("man 1")
    board = to("op_safety:day", suite.day.operation)
    assert "man 1" in words(officer.get(board))
    assert "man 1" not in words(signed_in("op_member_fire").get(board))


@pytest.fixture
def arrested(suite: Suite, officer: Any) -> Any:
    send(officer, to("op_safety:arrest_new"), "op_safety", **an_arrest(suite))
    with suite.day.on_site():
        return Arrest.objects.get().pk


def put_right(officer: Any, suite: Suite, arrest: Any, **changes: Any) -> Any:
    told = an_arrest(suite, place="Another street") | {"why": "The wrong street.", "version": "1"} | changes
    return send(officer, to("op_safety:arrest_correct", arrest), "op_safety", **told)


def test_a_corrected_arrest_shows_what_it_said_who_changed_it_and_why(
    suite: Suite, officer: Any, arrested: Any
) -> None:
    assert put_right(officer, suite, arrested).status_code == 302
    page = words(officer.get(to("op_safety:arrest", arrested)))
    assert "Another street" in page
    assert "Place was: Invented Row" in page
    assert "Why: The wrong street." in page
    assert "Barnaby Thistlewick" in page


def test_a_correction_without_a_reason_keeps_what_was_typed(suite: Suite, officer: Any, arrested: Any) -> None:
    answer = words(put_right(officer, suite, arrested, why=""))
    assert "Write why it is corrected." in answer
    assert "Another street" in answer


def test_two_men_never_come_to_bear_one_label(suite: Suite, officer: Any, arrested: Any) -> None:
    send(officer, to("op_safety:arrest_new"), "op_safety", **an_arrest(suite, label="man 2"))
    assert "another label" in words(put_right(officer, suite, arrested, label="Man  2"))


def test_a_second_writer_of_the_arrest_sees_the_first(suite: Suite, officer: Any, arrested: Any) -> None:
    put_right(officer, suite, arrested)
    assert put_right(officer, suite, arrested).status_code == 409


def test_the_custody_desk_corrects_the_booking_in_and_its_clock_runs_from_what_is_true(
    suite: Suite, sergeant: Any
) -> None:
    held = suite.booked()
    told = {"station": "chesterfield", "brought": "taken to a station after arrest", "why": "Typed wrongly."}
    right = moment("arrived_at", ago(minutes=10))
    answer = send(sergeant, to("custody:step", held, "booking"), version="1", **told, **right)
    assert answer.status_code == 302
    page = words(sergeant.get(to("custody:detention", held)))
    assert "Custody suite was: Derby custody suite" in page
    assert "Relevant time was:" in page
    assert "Why: Typed wrongly." in page


def test_rights_and_needs_that_are_changed_keep_what_was_written_before(suite: Suite, sergeant: Any) -> None:
    held = suite.booked()
    said = {"interpreter": "yes", "appropriate_adult": "no", "possible_victim": "not sure", "language": "ro"}
    send(sergeant, to("custody:step", held, "care"), version="1", **said)
    send(sergeant, to("custody:step", held, "care"), version="2", **(said | {"language": "pl"}))
    page = words(sergeant.get(to("custody:detention", held)))
    assert "Language was: Romanian" in page
    assert (page.count("Rights and needs written down"), "Corrected" in page) == (2, False)


def test_agencies_whose_bail_runs_longer_keep_their_capitals(suite: Suite, sergeant: Any) -> None:
    page = words(sergeant.get(to("custody:step", suite.detained(), "outcome")))
    assert "National Crime Agency, HM Revenue and Customs" in page


def test_a_warrant_of_too_many_hours_is_told_how_many(suite: Suite, sergeant: Any) -> None:
    address = to("custody:step", suite.detained(), "court-warrant")
    page = words(send(sergeant, address, hours="40", reason="Derby magistrates"))
    assert "Enter 36 or less" in page


def test_the_desk_is_told_when_the_arrest_was_corrected_after_the_booking_in(
    suite: Suite, officer: Any, sergeant: Any, arrested: Any
) -> None:
    held = suite.booked(arrested, arrived_at=clock.now())
    assert "was corrected after the booking in" not in words(sergeant.get(to("custody:detention", held)))
    put_right(officer, suite, arrested, **moment("at", ago(minutes=5)))
    assert "was corrected after the booking in" in words(sergeant.get(to("custody:detention", held)))


def test_who_is_booked_in_waits_no_longer(suite: Suite, sergeant: Any) -> None:
    suite.booked(suite.arrest("man 1"))
    suite.arrest("man 2")
    page = words(sergeant.get(to("custody:arrests")))
    assert "man 2" in page
    assert "man 1" not in page


def test_lists_of_arrests_are_narrowed_by_age_and_come_in_pages(suite: Suite, officer: Any, sergeant: Any) -> None:
    for number in range(27):
        suite.arrest(f"man {number:02}", ages=[16] if number == 3 else [30])
    for client, name in ((officer, "op_safety:arrests"), (sergeant, "custody:arrests")):
        first = words(client.get(to(name)))
        assert first.count('scope="row"') == 25
        assert words(client.get(to(name) + "?page=2")).count('scope="row"') == 2
        young = words(client.get(to(name) + "?age=young"))
        assert young.count('scope="row"') == 1
        assert "man 03" in young
