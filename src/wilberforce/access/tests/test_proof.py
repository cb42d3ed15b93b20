"""``access check`` finds nothing wrong and would find what is; ``access explain`` says the rule and its facts."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from wilberforce.access import proof, standing
from wilberforce.access.checker import golden
from wilberforce.access.management.commands import access
from wilberforce.access.matrix import load_matrix
from wilberforce.access.protect import PROTECTED
from wilberforce.access.rules import Decision, Question, decide

pytestmark = pytest.mark.django_db


def explained(*words: str) -> str:
    said = io.StringIO()
    call_command("access", "explain", *words, stdout=said)
    return said.getvalue()


def only_location(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few enough decisions for a test: those of one class."""
    every, around = proof.every_cell, proof.around_every_grant
    monkeypatch.setattr(proof, "every_cell", lambda m: [a for a in every(m) if a[0].cls == "location"][::7])
    monkeypatch.setattr(proof, "around_every_grant", lambda m: [a for a in around(m) if a[0].cls == "location"])


def test_one_decision_in_ten_is_as_agreed_and_the_evaluators_never_differ() -> None:
    found = proof.prove(one_in=10)
    assert (found.wrong, found.differences, found.sentences) == (0, 0, [])
    assert found.decisions * 10 >= proof.questions() > 300_000


@pytest.mark.long
def test_every_decision_is_as_agreed_and_the_evaluators_never_differ(evidence: Any) -> None:
    found = proof.prove()
    evidence("every decision of the matrix, three evaluators", **found.as_json())
    assert (found.decisions, found.wrong, found.differences) == (proof.questions(), 0, 0)


def test_every_grant_of_every_table_passes_its_row_policy_with_its_facts_alone(evidence: Any) -> None:
    found = standing.prove_standing()
    evidence("every grant of every table, through its row policy", **found.as_json())
    assert (found.wrong, found.differences, found.sentences) == (0, 0, [])
    assert found.decisions > 200 * len(PROTECTED)


def test_every_cell_is_asked_about_each_of_its_projections() -> None:
    matrix = load_matrix()
    asked = {question for question, _ in proof.every_cell(matrix)}
    pairs = sum(len(kind.roles) for kind in matrix.kinds.values())
    whole = [question for question in asked if question.projection is None]
    assert len(whole) == pairs * len(matrix.classes) * len(matrix.purposes) * 4
    assert Question("fire", "op_member", "operation", "op_planning", "R", "brief.fire") in asked


def test_an_evaluator_that_forgets_to_ask_for_a_fresh_proof_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    only_location(monkeypatch)

    def careless(matrix: Any, question: Question, facts: frozenset[str]) -> Decision:
        return decide(matrix, question, facts | {"step_up"})

    monkeypatch.setattr(proof, "decide", careless)
    found = proof.prove()
    assert found.wrong > 0
    assert found.differences > 0
    assert "location" in found.sentences[0]


def test_evaluators_that_all_make_the_same_mistake_are_found_out_by_what_was_agreed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only_location(monkeypatch)
    agreed = [line for line in golden() if line[-1] != "A20"]
    monkeypatch.setattr(proof, "golden", lambda: agreed)
    monkeypatch.setattr(proof, "around_every_grant", lambda m: [])
    monkeypatch.setattr(proof, "every_cell", lambda m: [(worker_who_visits(), frozenset(needed()))])
    found = proof.prove()
    assert (found.wrong, found.differences) == (1, 0)


def worker_who_visits() -> Question:
    return Question("redcross", "reception_worker", "location", "support", "R")


def needed() -> tuple[str, ...]:
    return next(rule.when for rule in load_matrix().rules if rule.id == "A20")


@pytest.mark.parametrize("place", [0, 1], ids=["reads", "adds"])
def test_a_row_policy_that_somebody_loosened_is_found_out(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    before = standing._policies

    def loosened(table: str) -> tuple[str, str]:
        found = list(before(table))
        if table == "survivors_nextplace":
            found[place] = "true"
        return found[0], found[1]

    monkeypatch.setattr(standing, "_policies", loosened)
    found = standing.prove_standing()
    assert found.differences > 0
    assert "survivors_nextplace" in found.sentences[0]


def test_the_command_prints_four_figures_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    only_location(monkeypatch)
    said = io.StringIO()
    call_command("access", "check", "--json", stdout=said)
    printed = json.loads(said.getvalue())
    assert list(printed) == ["decisions", "wrong", "differences", "seconds"]
    assert (printed["wrong"], printed["differences"]) == (0, 0)


def test_the_command_fails_where_anything_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = [("together", proof.Proof(decisions=10, differences=1, sentences=["they disagree"]))]
    monkeypatch.setattr(access, "_proved", lambda quiet: bad)
    with pytest.raises(SystemExit):
        call_command("access", "check", "--json", stdout=io.StringIO())


def test_a_cell_is_explained_by_its_rule_its_reason_and_its_facts() -> None:
    said = explained("redcross", "reception_worker", "location", "support")
    assert "A20 read, every field. The worker who visits." in said
    assert "needs assigned: a live assignment of this actor to this person" in said
    assert "X2 stops it while subject_block holds" in said


def test_a_forbid_is_explained_with_what_lifts_it() -> None:
    said = explained("police", "op_commander", "location", "op_safety")
    assert "unless break_glass and threat_to_life and peer_ok or second_command" in said


def test_a_cell_that_nobody_granted_says_so() -> None:
    assert "no rule allows it" in explained("fire", "op_member", "location", "op_safety")


@pytest.mark.parametrize("place", range(4), ids=["agency", "role", "class", "purpose"])
def test_an_unknown_word_is_answered_with_those_that_there_are(place: int) -> None:
    words = ["police", "op_commander", "location", "op_safety"]
    words[place] = "gossip"
    with pytest.raises(CommandError, match=r"called gossip\. There are: "):
        explained(*words)
