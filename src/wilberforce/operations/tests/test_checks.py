"""A question from a site to the intelligence desk: timed, answered once, and the file stays at the desk."""

import pytest

from wilberforce.base.errors import NotAllowed
from wilberforce.operations import actions, picture, policy, record

from .factories import ago, refused
from .test_pages import send, to


@pytest.fixture
def desk(day):
    with day.planning() as actor:
        actions.join_roster(actor, day.operation, membership_id=day.cast["intel_officer"].pk, part="intelligence")
    return day


@pytest.fixture
def asked(desk):
    with desk.on_site() as actor:
        return actions.ask_desk(actor, desk.operation, question="Is the white van known?", site_id=desk.sites["B"]).pk


def test_the_desk_answers_and_whoever_asked_sees_the_answer_with_both_times(desk, asked):
    with desk.at("intel_officer", "intelligence") as actor:
        actions.answer_site(actor, asked, answer="Seen at two addresses. Stop it if it comes.")
        with refused(match="answered already"):
            actions.answer_site(actor, asked, answer="Twice")
    with desk.on_site() as actor:
        row = policy.CHECKS.one(actor, asked, projection="day_log")
        assert picture.day(actor, desk.operation)["waiting"] == []
    assert row["answer"] == "Seen at two addresses. Stop it if it comes."
    assert row["asked_at"] < row["answered_at"]


def test_whoever_asks_sees_no_intelligence(desk, asked):
    from wilberforce.intelligence.policy import ITEMS

    with desk.on_site() as actor, pytest.raises(NotAllowed):
        ITEMS.many(actor)


def test_the_desk_sees_the_question_and_nothing_else_of_the_day(desk, asked):
    with desk.at("intel_officer", "intelligence") as actor:
        assert policy.CHECKS.one(actor, asked, projection="fast_check")["question"] == "Is the white van known?"
        assert [table.many(actor, projection="day_log") for table in (policy.LOG, policy.SITES)] == [[], []]
        assert policy.FOUND.many(actor, projection="site_found") == []


def test_a_desk_officer_off_the_roster_sees_no_question(day, at):
    with day.on_site() as actor:
        actions.ask_desk(actor, day.operation, question="Known?")
    with at("intel_officer", "intelligence") as actor:
        assert policy.CHECKS.many(actor, projection="fast_check") == []


def test_an_officer_on_site_does_not_answer_for_the_desk(desk, asked):
    with pytest.raises(NotAllowed), desk.on_site() as actor:
        actions.answer_site(actor, asked, answer="I say so")


def test_an_unanswered_question_waits_on_the_board_and_is_overdue_after_ten_minutes(desk, asked, monkeypatch):
    with desk.on_site() as actor:
        seen = picture.day(actor, desk.operation)
        assert [check["number"] for check in seen["waiting"]] == [1]
        late = [check | {"asked_at": ago(minutes=11)} for check in seen["waiting"]]
        told = picture.overdue(seen["operation"], [], [], [], late, seen["at"])
    assert [one["what"] for one in told] == ["Question 1 to the desk has no answer"]


def test_asked_and_answered_on_the_pages(desk, signed_in):
    officer, intelligence = signed_in("op_member_a"), signed_in("intel_officer")
    page = to("op_safety:checks", desk.operation)
    assert send(officer, page, "op_safety", question="Known?").status_code == 302
    shown = intelligence.get(to("intelligence:asked")).content.decode()
    assert "Known?" in shown
    with desk.on_site() as actor:
        check = policy.CHECKS.many(actor, projection="day_log", limit=1)[0]
    given = {"answer": "No", "version": check["version"]}
    assert send(intelligence, to("intelligence:answer", check["id"]), "intelligence", **given).status_code == 302
    assert "Answered" in officer.get(page).content.decode()


# The log and the policy file


def test_methane_is_one_entry_with_its_seven_facts(day, signed_in):
    given = {
        "major": "standing by", "exact": "Site B", "kind": "Fire in a flat", "hazards": "Smoke",
        "access": "",
        "number": "Two, slightly", "services": "Fire there, ambulance needed",
    }  # fmt: skip
    sent = send(signed_in("op_member_a"), to("op_safety:methane", day.operation), "op_safety", **given)
    assert sent.status_code == 302
    with day.on_site() as actor:
        text = record.log(actor, day.operation)["entries"][0]["text"]
    assert text.startswith("METHANE\nMajor incident: standing by\nExact location: Site B")
    assert "Access: routes that are safe: not known yet" in text
    assert len(text.splitlines()) == 8


def test_a_decision_keeps_the_options_that_were_rejected_and_a_later_one_points_back(day, signed_in):
    commander = signed_in("op_commander")
    given = {"decision": "Go in at five", "rejected": "Waiting until noon: they may be moved", "threat": "Harm inside"}
    page = to("op_safety:decisions", day.operation)
    assert send(commander, to("op_safety:decide", day.operation), "op_safety", **given).status_code == 302
    assert "they may be moved" in commander.get(page).content.decode()
    with day.commanding() as actor:
        first = record.decisions(actor, day.operation)[0]["id"]
    again = to("op_safety:redecide", first)
    assert "Go in at five" in commander.get(again).content.decode()
    assert send(commander, again, "op_safety", decision="Go in at six").status_code == 302
    with day.commanding() as actor:
        later, earlier = record.decisions(actor, day.operation)
    assert (later["number"], later["corrected"], earlier["decision"]) == (2, 1, "Go in at five")


def test_a_decision_whose_review_has_passed_is_overdue_until_another_stands_in_its_place(day, signed_in):
    with day.commanding() as actor:
        taken = actions.decide(
            actor, day.operation, information="", threat="", powers="", options="", decision="Hold",
            at=ago(hours=2), review_at=ago(hours=1),
        )  # fmt: skip
        assert record.decisions(actor, day.operation)[0]["late"]
        actions.correct_decision(actor, taken.pk, information="", threat="", powers="", options="", decision="Go")
        assert [row["late"] for row in record.decisions(actor, day.operation)] == [False, False]
