"""Every decision of the matrix, asked of three evaluators that were written apart.

``wrong``: an answer other than the golden file and the ceilings give; no evaluator reads either.
``differences``: two evaluators disagree about the answer or about the rule that gave it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice, product
from time import monotonic
from typing import Any

from django.db import connection

from .ceilings import Ceilings, load_ceilings, people
from .checker import golden
from .matrix import ACTIONS, Matrix, load_matrix
from .rules import Question, decide
from .tests import third_evaluator

Facts = frozenset[str]
Asked = tuple[Question, Facts]
Answer = tuple[bool, str]
Heard = Callable[[int], None]
AT_ONCE = 4000
SHOWN = 5

IN_BULK = """
SELECT d.allowed, d.rule
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
     WITH ORDINALITY AS q (kind, role, cls, purpose, action, projection, facts, place)
CROSS JOIN LATERAL access_decide(
    q.kind, q.role, q.cls, q.purpose, q.action, q.projection, string_to_array(q.facts, ' ')
) d
ORDER BY q.place
"""


@dataclass
class Proof:
    decisions: int = 0
    wrong: int = 0
    differences: int = 0
    seconds: float = 0.0
    sentences: list[str] = field(default_factory=list)
    """The first few of what is wrong or different, for people."""

    def found(self, sentence: str) -> None:
        if len(self.sentences) < SHOWN:
            self.sentences.append(sentence)

    def __add__(self, other: "Proof") -> "Proof":
        return Proof(
            self.decisions + other.decisions,
            self.wrong + other.wrong,
            self.differences + other.differences,
            self.seconds + other.seconds,
            self.sentences + other.sentences,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "decisions": self.decisions,
            "wrong": self.wrong,
            "differences": self.differences,
            "seconds": round(self.seconds, 1),
        }


class Agreed:
    """What people agreed, from the golden file and the ceilings alone."""

    def __init__(self, matrix: Matrix, ceilings: Ceilings) -> None:
        self.ceilings = ceilings
        self.tiers = {name: cls.tier for name, cls in matrix.classes.items()}
        self.lines: dict[tuple[str, ...], list[tuple[str, Facts]]] = {}
        for *key, fields, facts, _ in golden():
            self.lines.setdefault(tuple(key), []).append((fields, frozenset(facts.split())))
        self._stopped = cache(self._barriers)

    def allows(self, question: Question, facts: Facts) -> bool:
        q = question
        granted = self.lines.get((q.kind, q.role, q.cls, q.purpose, q.action), [])
        if not any(fields in ("", q.projection) and needed <= facts for fields, needed in granted):
            return False
        if any(self.tiers[q.cls] in tiers and stop in facts for stop, tiers in self.ceilings.stop.items()):
            return False
        barriers = self._stopped(q.kind, q.role, q.cls, q.action, q.projection)
        return all(unless and all(facts & group for group in unless) for unless in barriers)

    def _barriers(
        self, kind: str, role: str, cls: str, action: str, projection: str | None
    ) -> list[tuple[frozenset[str], ...]]:
        return [
            tuple(frozenset(group) for group in never.unless)
            for never in self.ceilings.never
            if cls in never.classes
            and action in never.actions
            and never.projection in (None, projection)
            and any(self.ceilings.covers(who, kind, role) for who in never.who)
        ]


def every_cell(matrix: Matrix) -> Iterator[Asked]:
    """Every kind, role, class, purpose, action and projection: with no fact, and with all that stop nothing."""
    stops = {entry.fact for entry in matrix.dynamic}
    everything = frozenset(matrix.facts) - stops
    for (kind, role), cls in product(people(matrix), matrix.classes):
        for purpose, action, projection in product(matrix.purposes, ACTIONS, projections(matrix, kind, cls)):
            question = Question(kind, role, cls, purpose, action, projection)
            yield question, frozenset()
            yield question, everything


def around_every_grant(matrix: Matrix) -> Iterator[Asked]:
    """As granted, without each of its facts, with each fact that stops."""
    for kind, role, cls, purpose, action, fields, named, _ in golden():
        question, facts = Question(kind, role, cls, purpose, action, fields or None), frozenset(named.split())
        yield question, facts
        yield from ((question, facts - {fact}) for fact in facts)
        yield from ((question, facts | {entry.fact}) for entry in matrix.dynamic)


@cache
def projections(matrix: Matrix, kind: str, cls: str) -> tuple[str | None, ...]:
    of_rules = {rule.projection(kind) for rule in matrix.rules if cls in rule.classes}
    return None, *sorted(name for name in of_rules if name)


def questions() -> int:
    """How many will be asked, for the bar that shows how far it is."""
    matrix = load_matrix()
    return sum(1 for _ in chain(every_cell(matrix), around_every_grant(matrix)))


def prove(heard: Heard = lambda asked: None, one_in: int = 1) -> Proof:
    began, matrix, proof = monotonic(), load_matrix(), Proof()
    agreed = Agreed(matrix, load_ceilings())
    third = third_evaluator.Evaluator(third_evaluator.load())
    everything = islice(chain(every_cell(matrix), around_every_grant(matrix)), 0, None, one_in)
    while asked := list(islice(everything, AT_ONCE)):
        _compare(proof, asked, matrix, agreed, third)
        heard(len(asked))
    proof.seconds = monotonic() - began
    return proof


def _compare(
    proof: Proof, asked: list[Asked], matrix: Matrix, agreed: Agreed, third: third_evaluator.Evaluator
) -> None:
    proof.decisions += len(asked)
    for (question, facts), in_database in zip(asked, in_sql(asked), strict=True):
        decision = decide(matrix, question, facts)
        here = (decision.allowed, decision.rule)
        q = question
        apart = third.ask(q.kind, q.role, q.cls, q.purpose, q.action, q.projection, set(facts))
        if not here == in_database == apart:
            proof.differences += 1
            proof.found(f"{q}, {sorted(facts)}: Python {here}, database {in_database}, third {apart}")
        if {here[0], in_database[0], apart[0]} != {agreed.allows(q, facts)}:
            proof.wrong += 1
            proof.found(f"{q}, {sorted(facts)}: {here}, agreed otherwise")


def in_sql(asked: list[Asked]) -> list[Answer]:
    words = ("kind", "role", "cls", "purpose", "action", "projection")
    columns = [[getattr(question, word) for question, _ in asked] for word in words]
    with connection.cursor() as cursor:
        cursor.execute(IN_BULK, [*columns, [" ".join(sorted(facts)) for _, facts in asked]])
        return [(bool(allowed), str(rule)) for allowed, rule in cursor.fetchall()]
