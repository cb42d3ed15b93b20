"""What the custody desk is told: what presses, that the grounds are over, every mistake at once."""

from typing import Any

import pytest

from wilberforce.base import clock
from wilberforce.custody import actions
from wilberforce.custody.lists import OFFENCES
from wilberforce.deadlines.jobs import tell
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.deadlines.rules import ESCALATION
from wilberforce.operations.tests.factories import ago

from .conftest import HOUR, Suite, moment, send, to, words
from .test_pages import an_arrest


def test_a_full_page_of_detained_people_stays_small(suite: Suite, sergeant: Any) -> None:
    """Everything of everybody presses: the largest that the list can be."""
    arrests = [suite.arrest(f"A man of a long invented name, {number:02}", at=ago(hours=24)) for number in range(25)]
    with suite.duty() as actor:
        for arrest in arrests:
            actions.book_in(actor, arrest, station="chesterfield", arrived_at=ago(hours=23, minutes=30))
    page = sergeant.get(to("custody:index"))
    assert words(page).count('scope="row"') == 25
    assert len(page.content) < 30_000


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"label": "", "offences": []}, ("Name, or what to call them", "Choose at least one offence.")),
        ({"ages": "200", "offences": [], "place": ""}, ("between 10 and 120", "Choose at least one", "Place of the")),
    ],
)
def test_every_mistake_is_said_at_once(suite: Suite, officer: Any, changes: Any, sentences: Any) -> None:
    answer = send(officer, to("op_safety:arrest_new"), "op_safety", **an_arrest(suite, **changes))
    summary = words(answer).split("There is a problem", maxsplit=1)[1].split("</ul>", maxsplit=1)[0]
    assert [said in summary for said in sentences] == [True] * len(sentences)


def test_no_grounds_tells_the_custody_officer_at_once_and_asks_no_further_review(
    suite: Suite, sergeant: Any, inspector: Any
) -> None:
    held = suite.detained(5 * HOUR)
    given = {"decision": "release", "reason": "The evidence is secured", "version": "2"}
    assert send(inspector, to("custody:step", held, "review"), **given).status_code == 302
    assert not Deadline.objects.filter(OPEN, subject_id=held, rule="review").exists()
    due = Deadline.objects.get(OPEN, subject_id=held, rule="release-now")
    assert (due.role, ESCALATION.value[due.role]) == ("custody_officer", "review_officer")
    tell(clock.now())
    due.refresh_from_db()
    assert due.told_at is not None
    record = words(sergeant.get(to("custody:detention", held)))
    assert "Release them without delay (PACE 1984 s.34(2))" in record
    assert "Release without delay" in words(sergeant.get(to("custody:index")))
    for what in ("postpone", "extend"):
        refused = words(send(inspector, to("custody:step", held, what), reason="Needed", version="3"))
        assert "the grounds are over" in refused
    assert send(sergeant, f"{to('custody:detention', held)}outcome/", kind="no-further-action").status_code == 302
    assert not Deadline.objects.filter(OPEN, subject_id=held).exists()
    ended = words(sergeant.get(to("custody:detention", held)))
    assert "Stopped" in ended
    assert ">Left<" not in ended


def test_a_record_is_found_again_after_the_detention_has_ended(suite: Suite, sergeant: Any) -> None:
    held = suite.detained(2 * HOUR)
    before, way = f"{to('custody:index')}?over=yes", f'href="{to("custody:detention", held)}'
    assert way not in words(sergeant.get(before))
    send(sergeant, f"{to('custody:detention', held)}outcome/", kind="no-further-action")
    assert way not in words(sergeant.get(to("custody:index")))
    assert way in words(sergeant.get(before))


def test_of_two_provisions_of_one_name_the_one_that_is_no_longer_law_says_until_when() -> None:
    assert OFFENCES["ia-25-old"].when_law == "Immigration Act 1971 s.25; for what was done until 27 June 2022"
    assert OFFENCES["ia-25"].when_law == "Immigration Act 1971 s.25"


def test_a_review_that_finds_grounds_again_takes_the_release_back(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    with suite.duty("review_officer") as actor:
        actions.review(actor, held, at=ago(minutes=9), decision="release", reason="Ticked the wrong one")
        actions.review(actor, held, at=ago(minutes=8), decision="continue", reason="The phone is still being read")
    assert {row.rule for row in Deadline.objects.filter(OPEN, subject_id=held)} >= {"review", "detention"}
    assert not Deadline.objects.filter(OPEN, subject_id=held, rule="release-now").exists()


def test_a_time_without_rights_is_refused_beside_it(suite: Suite, sergeant: Any) -> None:
    said = {"interpreter": "yes", "appropriate_adult": "no", "possible_victim": "no", "version": "1"}
    told = said | moment("at", ago(minutes=2))
    answer = words(send(sergeant, to("custody:step", suite.booked(), "care"), **told))
    assert "Tick the rights that were given at this time" in answer


def test_no_longer_a_suspect_is_a_possible_victim_with_its_history(suite: Suite, sergeant: Any) -> None:
    held = suite.detained()
    record = to("custody:detention", held)
    told = {"kind": "reclassified", "reason": "Locked in, and working off a debt"}
    assert send(sergeant, f"{record}outcome/", **told).status_code == 302
    page = words(sergeant.get(record))
    assert "May be a victim, and no longer a suspect" in page
    assert "Yes. Tell a first responder" in page
    back = {"standing": "suspect", "reason": "The debt was invented", "version": "3"}
    assert send(sergeant, to("custody:step", held, "screen"), **back).status_code == 302
    assert "Yes. Tell a first responder" not in words(sergeant.get(record))


def test_what_was_screened_is_not_overturned_in_passing(suite: Suite, sergeant: Any) -> None:
    held = suite.detained()
    with suite.duty() as actor:
        actions.screen(actor, held, at=ago(minutes=1), standing="both", signs=["debt"], reason="Spoke of a debt")
    said = {"interpreter": "yes", "appropriate_adult": "no", "possible_victim": "no", "version": "3"}
    answer = words(send(sergeant, to("custody:step", held, "care"), **said))
    assert "Change this under Signs of exploitation" in answer
