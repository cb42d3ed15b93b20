"""A wrong press at the end of a detention is put right, and what was written first stays in the record."""

from typing import Any

import pytest

from wilberforce.base.errors import RuleBroken
from wilberforce.custody import actions, board, policy
from wilberforce.custody.models import Ending, Happened
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.operations.tests.factories import ago

from .conftest import HOUR, Suite, send, to, words

WRONG = "The wrong button was pressed."


def due(held: Any) -> set[str]:
    return set(Deadline.objects.filter(OPEN, subject_id=held).values_list("rule", flat=True))


def ended(suite: Suite, kind: str = Ending.NO_FURTHER_ACTION, **told: Any) -> Any:
    held = suite.detained(3 * HOUR)
    with suite.duty() as actor:
        actions.outcome(actor, held, kind=kind, at=ago(minutes=20), **told)
    return held


def test_whoever_was_written_down_as_gone_is_detained_again_and_the_clocks_never_stopped(suite: Suite) -> None:
    held = ended(suite)
    assert due(held) == set()
    with suite.duty() as actor:
        actions.correct_outcome(actor, held, kind=Ending.MISTAKEN, at=ago(minutes=1), why=WRONG)
        assert [row["id"] for row in board.detained_now(actor)] == [held]
        assert policy.DETENTIONS.one(actor, held, projection="detention")["ended_at"] is None
        assert next(row["kind"] for row in policy.NEWS.many(actor, projection="victim_news")) == Happened.MISTAKEN
    assert {"review", "detention", "custody-rest"} <= due(held)
    with suite.duty() as actor:
        actions.outcome(actor, held, kind=Ending.BAILED, at=ago(minutes=1))
    assert due(held) == {"bail"}


def test_bail_in_place_of_no_further_action_is_due_and_the_record_says_both(suite: Suite, sergeant: Any) -> None:
    held = ended(suite)
    page = to("custody:detention", held)
    assert "Correct how it ended" in words(sergeant.get(page))
    asked = words(sergeant.get(f"{page}outcome-right/"))
    assert 'value="no-further-action"' in asked
    refused = words(send(sergeant, f"{page}outcome-right/", kind="bailed"))
    assert "Write why it is corrected." in refused
    assert send(sergeant, f"{page}outcome-right/", kind="bailed", why=WRONG).status_code == 302
    shown = words(sergeant.get(page))
    assert "No further action (put right since)" in shown
    assert "Bail ends" in shown
    assert WRONG in shown
    assert due(held) == {"bail"}


def test_no_further_action_in_place_of_bail_ends_the_bail(suite: Suite) -> None:
    held = ended(suite, Ending.BAILED)
    assert due(held) == {"bail"}
    with suite.duty() as actor:
        actions.correct_outcome(actor, held, kind=Ending.NO_FURTHER_ACTION, at=ago(minutes=20), why=WRONG)
    assert due(held) == set()


@pytest.mark.parametrize(
    ("kind", "told", "sentence"),
    [
        (Ending.NO_FURTHER_ACTION, {"why": " "}, "Write why"),
        (Ending.CHARGED, {"why": WRONG}, "Choose the offences charged."),
        (Ending.TRANSFERRED, {"why": WRONG}, "Speak to that force"),
    ],
)
def test_putting_right_asks_what_an_ending_asks_and_why(suite: Suite, kind: str, told: Any, sentence: str) -> None:
    held = ended(suite)
    with pytest.raises(RuleBroken, match=sentence), suite.duty() as actor:
        actions.correct_outcome(actor, held, kind=kind, at=ago(minutes=20), **told)


def test_what_has_not_ended_has_nothing_to_put_right(suite: Suite) -> None:
    held = suite.detained(3 * HOUR)
    with pytest.raises(RuleBroken, match="has not ended"), suite.duty() as actor:
        actions.correct_outcome(actor, held, kind=Ending.BAILED, at=ago(minutes=1), why=WRONG)
    with pytest.raises(RuleBroken, match="has not ended yet"), suite.duty() as actor:
        actions.outcome(actor, held, kind=Ending.MISTAKEN, at=ago(minutes=1))
