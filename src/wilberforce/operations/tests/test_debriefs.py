"""Afterwards everybody says what they would keep and change; the commander says that it was held, in time or late."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q
from django.urls import reverse

from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.deadlines.models import Deadline
from wilberforce.deadlines.rules import legal_day
from wilberforce.operations import actions, policy, record

from .factories import Day, ago, live, refused

SAID = {"kind": "hot", "topic": "entry", "verdict": "change", "text": "The back door was not covered."}


def shown(day: Day, part: str = "op_commander", purpose: str = "op_safety") -> dict[str, Any]:
    with day.at(part, purpose) as actor:
        return record.debrief(actor, day.operation)


def texts(shown: dict[str, Any]) -> list[str]:
    return [lesson["text"] for _, lessons in shown["topics"] for lesson in lessons]


def test_when_an_operation_closes_the_hot_debrief_is_due_the_same_day(over: Day) -> None:
    hot = Deadline.objects.get(subject_id=over.operation, rule="hot-debrief")
    later = Deadline.objects.get(subject_id=over.operation, rule="structured-debrief")
    assert legal_day(hot.due_at) == legal_day(ago(minutes=5))
    assert legal_day(later.due_at) == legal_day(ago(minutes=5)) + timedelta(days=28)
    assert [due.kind.code for due in shown(over)["awaited"]] == ["hot-debrief", "structured-debrief"]


def test_holding_it_meets_what_was_due(over: Day) -> None:
    with over.commanding() as actor:
        actions.hold_debrief(actor, over.operation, kind="hot", at=ago(minutes=1), agencies=[over.agency("hmrc")])
    seen = shown(over)
    assert [due.kind.code for due in seen["awaited"]] == ["structured-debrief"]
    assert (seen["held"][0]["there"], seen["held"][0]["kind_said"]) == (
        "HM Revenue and Customs",
        "Hot debrief, the same day",
    )


def test_no_debrief_is_held_before_the_operation_is_over(at: Any, cast: Any, over: Day) -> None:
    with over.commanding() as actor, refused("at", "before"):
        actions.hold_debrief(actor, over.operation, kind="hot", at=ago(hours=2), agencies=[over.agency("hmrc")])
    day = live(at, cast)
    with day.commanding() as actor, refused(match="not closed"):
        actions.hold_debrief(actor, day.operation, kind="hot", at=ago(minutes=1))


def held(day: Day, kind: str = "hot", who: str = "hmrc") -> Any:
    with day.commanding() as actor:
        return actions.hold_debrief(actor, day.operation, kind=kind, at=ago(minutes=3), agencies=[day.agency(who)])


def test_a_debrief_is_held_by_somebody_and_once(over: Day) -> None:
    with over.commanding() as actor, refused("agencies", "who was there"):
        actions.hold_debrief(actor, over.operation, kind="hot", at=ago(minutes=1))
    held(over)
    with refused("kind", "recorded already"):
        held(over)
    held(over, "structured")
    assert [one["kind"] for one in shown(over)["held"]] == ["hot", "structured"]


def test_a_debrief_of_the_wrong_kind_is_put_right_and_what_it_said_stays(over: Day) -> None:
    made = held(over, "structured")
    right = {"kind": "hot", "at": ago(minutes=2), "agencies": [over.agency("derby-city")]}
    with over.planning() as actor:
        with refused("why"):
            actions.correct_debrief(actor, made.pk, why=" ", **right)
        actions.correct_debrief(actor, made.pk, why="The wrong button.", version=1, **right)
        with pytest.raises(Conflict):
            actions.correct_debrief(actor, made.pk, why="Mine", version=1, **right)
        [former] = policy.FORMER_PLANS.many(actor, Q(record_id=made.pk))
    assert json.loads(former["was"])["kind"] == "structured"
    seen = shown(over)
    assert [due.kind.code for due in seen["awaited"]] == ["structured-debrief"]
    assert [(one["kind"], one["there"]) for one in seen["held"]] == [("hot", "Derby City Council")]


def test_only_the_commander_says_that_it_was_held(over: Day) -> None:
    with over.on_site() as actor, refused(match="Only the commander"):
        actions.hold_debrief(actor, over.operation, kind="hot", at=ago(minutes=1))


def test_a_partner_speaks_for_itself_and_reads_only_its_own_words(over: Day) -> None:
    with over.on_site() as actor:
        actions.add_lesson(actor, over.operation, **SAID)
    with over.at("op_member_fire", "op_safety") as actor:
        told = {**SAID, "text": "We had the right plan.", "verdict": "keep"}
        actions.add_lesson(actor, over.operation, **told, agency_id=over.agency("hmrc"))
    assert texts(shown(over, "op_member_fire")) == ["We had the right plan."]
    everything = shown(over)
    assert sorted(texts(everything)) == ["The back door was not covered.", "We had the right plan."]
    [(_, lessons)] = everything["topics"]
    assert {lesson["agency"] for lesson in lessons} == {
        "Derbyshire Constabulary",
        "Derbyshire Fire and Rescue Service",
    }, "nobody speaks for another agency"


def test_the_commander_goes_on_after_the_day_has_closed_to_everybody_else(over: Day) -> None:
    with over.planning() as actor:
        actions.add_lesson(actor, over.operation, **SAID, agency_id=over.agency("red-cross"))
    [(_, [lesson])] = shown(over, purpose="op_planning")["topics"]
    assert lesson["agency"] == "British Red Cross"


@pytest.mark.parametrize(("field", "answer"), [("text", " "), ("topic", "blame"), ("verdict", "")])
def test_a_lesson_says_something(over: Day, field: str, answer: str) -> None:
    with over.on_site() as actor, refused(field):
        actions.add_lesson(actor, over.operation, **SAID | {field: answer})


def test_nobody_off_the_roster_reads_what_was_learnt(over: Day) -> None:
    with over.at("op_member_c", "op_safety") as actor, pytest.raises(NotAllowed):
        actions.add_lesson(actor, over.operation, **SAID)
    assert texts(shown(over, "op_member_c")) == []


def test_what_was_said_is_never_changed(over: Day) -> None:
    with over.on_site(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE operations_lesson SET verdict = 'keep'")


def test_the_page_takes_a_lesson_and_shows_it(over: Day, signed_in: Callable[[str], Any]) -> None:
    for part in ("op_member_a", "op_member_fire"):
        browser = signed_in(part)
        address = reverse("op_safety:debrief", args=[over.operation])
        form = {"purpose": "op_safety", "once": str(uuid4()), **SAID, "text": f"Said by {part}"}
        assert "Enter an answer" in browser.post(address, form | {"text": ""}).content.decode()
        assert browser.post(address, form).status_code == 302
        assert f"Said by {part}" in browser.get(address).content.decode()
    held = reverse("op_safety:debrief_held", args=[over.operation])
    commander, lead = signed_in("op_commander"), str(over.agency("derbyshire-police"))
    form = {"purpose": "op_safety", "once": str(uuid4()), "kind": "hot"}
    assert "Choose who was there" in commander.post(held, form).content.decode()
    assert commander.post(held, form | {"agencies": lead}).status_code == 302
    again = form | {"once": str(uuid4()), "agencies": lead}
    assert "It is recorded already" in commander.post(held, again).content.decode()
    assert f"{held}?kind=hot" in commander.get(address).content.decode()
    correct = again | {
        "version": "1",
        "why": "The council came too.",
        "agencies": [lead, str(over.agency("derby-city"))],
    }
    assert commander.post(f"{held}?kind=hot", correct).status_code == 302
    assert "Derby City Council" in commander.get(address).content.decode()
    late = commander.post(f"{held}?kind=hot", correct | {"once": str(uuid4()), "why": "Mine"})
    assert late.status_code == 409
    assert "Derbyshire Constabulary, Derby City Council" in late.content.decode()
