"""Three evaluators, written apart (Python, SQL, and one that shares no code), give the same answer to everything."""

import random
from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction

from wilberforce.access.load import database_hash
from wilberforce.access.matrix import load_matrix, matrix_hash
from wilberforce.access.proof import Answer, Asked, in_sql
from wilberforce.access.rules import Question, decide

from . import third_evaluator

SEED = 1833
UNGRANTED = 6000


def every_grant() -> Iterator[Asked]:
    for kind, role, cls, purpose, action, fields, facts, _ in third_evaluator.table(third_evaluator.load()):
        yield Question(kind, role, cls, purpose, action, fields or None), frozenset(facts.split())


def around_every_grant() -> Iterator[Asked]:
    """As granted; without each fact; with each stop; with everything or nothing true; through other projections."""
    document = third_evaluator.load()
    stops = [entry["fact"] for entry in document["dynamic_forbid"]]
    for question, facts in every_grant():
        yield question, facts
        yield from ((question, facts - {fact}) for fact in facts)
        yield from ((question, facts | {stop}) for stop in stops)
        yield question, frozenset(document["facts"]) - set(stops)
        yield question, frozenset()
        for projection in (None, "detention", "sar_bundle", "no_such_projection"):
            other = Question(question.kind, question.role, question.cls, question.purpose, question.action, projection)
            yield other, facts


def what_nobody_granted() -> Iterator[Asked]:
    """Drawn at random from all cells and some words that do not exist; always the same draw."""
    document, drawn = third_evaluator.load(), random.Random(SEED)  # noqa: S311 - a sample, not a secret
    pairs = [(kind, role) for kind, entry in document["agencies"].items() for role in entry["roles"]]
    pairs += [("fire", "investigator"), ("navy", "op_member")]
    projections = [None, *sorted({rule["fields"] for rule in document["allow"] if "fields" in rule}), "brief.fire"]
    facts = [*document["facts"]]
    for _ in range(UNGRANTED):
        kind, role = drawn.choice(pairs)
        cls = drawn.choice([*document["classes"], "gossip"])
        purpose = drawn.choice([*document["purposes"], "marketing"])
        question = Question(kind, role, cls, purpose, drawn.choice("RWDAX"), drawn.choice(projections))
        held = set(drawn.sample(facts, drawn.choice((0, 3, 8, 20, len(facts) - 5))))
        yield question, frozenset(held | ({"important"} if drawn.random() < 0.02 else set()))


def in_python(asked: list[Asked]) -> list[Answer]:
    decisions = [decide(load_matrix(), question, facts) for question, facts in asked]
    return [(decision.allowed, decision.rule) for decision in decisions]


def by_the_third(asked: list[Asked]) -> list[Answer]:
    third = third_evaluator.Evaluator(third_evaluator.load())
    return [third.ask(q.kind, q.role, q.cls, q.purpose, q.action, q.projection, set(facts)) for q, facts in asked]


def differences(asked: list[Asked], one: list[Answer], other: list[Answer]) -> list[object]:
    return [entry for entry in zip(asked, one, other, strict=True) if entry[1] != entry[2]]


def test_every_grant_is_allowed_with_its_facts_and_denied_without_any_one_of_them() -> None:
    """Where a neighbouring rule allows the same with less, the answer names that rule instead."""
    matrix = load_matrix()
    for question, facts in every_grant():
        assert decide(matrix, question, facts).allowed, question
        for fact in facts:
            decision = decide(matrix, question, facts - {fact})
            assert not decision.allowed or decision.rule in enough_with(facts - {fact}), (question, fact)


def enough_with(facts: frozenset[str]) -> set[str]:
    return {rule.id for rule in load_matrix().rules if facts.issuperset(rule.when)}


def test_nothing_is_allowed_while_a_conflict_stands() -> None:
    for question, facts in every_grant():
        assert decide(load_matrix(), question, facts | {"conflict"}).rule.startswith(("X", "F"))


def test_python_and_the_third_agree_on_everything() -> None:
    asked = [*around_every_grant(), *what_nobody_granted()]
    assert len(asked) > 10_000
    assert differences(asked, in_python(asked), by_the_third(asked)) == []


@pytest.mark.django_db
def test_the_database_answers_as_python_does() -> None:
    asked = [*around_every_grant(), *what_nobody_granted()]
    assert differences(asked, in_python(asked), in_sql(asked)) == []


@pytest.mark.django_db
def test_the_database_holds_the_rules_of_the_file() -> None:
    assert database_hash(connection) == matrix_hash()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["rule", "forbid", "dynamic", "matrix", "role_purpose", "kind_role", "fact"])
def test_the_app_can_read_the_rules_and_change_none(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM access_{table}")
        assert cursor.fetchone()[0] > 0
        with pytest.raises(Error, match="permission denied"), transaction.atomic():
            cursor.execute(f"DELETE FROM access_{table}")


@pytest.mark.django_db
def test_an_evaluator_that_forgot_one_fact_would_be_found_out() -> None:
    """The comparison itself can fail: Python is asked with step_up true for everybody, the database is not."""
    asked = [*around_every_grant()]
    generous = [(question, facts | {"step_up"}) for question, facts in asked]
    assert len(differences(asked, in_python(generous), in_sql(asked))) > 100
