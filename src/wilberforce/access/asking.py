"""The question before an action: may this actor do this to that, and by which rule?

Subject and person facts are asked of the same SQL functions that the row policies use. Facts about the
row itself (whose it is, its handling, who began it) are settled by the row policy when the row is
written, because before that there is no row; here they count as open.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from wilberforce.base.errors import NotAllowed

from .arms import CELL_FACTS
from .context import Actor, expand
from .matrix import Matrix, load_matrix
from .rules import Decision, Question, candidates, decide, facts_needed, permitted_purposes

Subjects = Mapping[str, UUID | None]


@lru_cache(maxsize=1)
def matrix() -> Matrix:
    return load_matrix()


def may(actor: Actor, data_class: str, action: str, subjects: Subjects, projection: str = "") -> Decision:
    """Asks the database once for all facts that the answer turns on."""
    question = Question(actor.kind, actor.role, data_class, actor.purpose, action, projection or None)
    if not actor.holds(data_class, action):
        return Decision(False, "cell", f"{actor.role} holds no {action} of {data_class} at this address")
    return decide(matrix(), question, true_facts(actor, question, subjects))


def must(actor: Actor, data_class: str, action: str, subjects: Subjects, projection: str = "") -> Decision:
    """Raises NotAllowed with the rule and the reason, for the ledger."""
    decision = may(actor, data_class, action, subjects, projection)
    if not decision.allowed:
        raise NotAllowed(rule=decision.rule, reason=decision.reason)
    return decision


def true_facts(actor: Actor, question: Question, subjects: Subjects) -> frozenset[str]:
    known, asked = _facts_of(actor, question, subjects)
    return frozenset(known | _answers(asked))


def facts_of_each(actor: Actor, questions: Sequence[Question], subjects: Subjects) -> list[frozenset[str]]:
    """The true facts of each question, asked of the database all at once."""
    parts = [_facts_of(actor, question, subjects) for question in questions]
    asked = {f"{n} {name}": sql for n, (_, wanted) in enumerate(parts) for name, sql in wanted.items()}
    true = {tuple(key.split(" ")) for key in _answers(asked)}
    return [
        frozenset(known | {name for name in wanted if (str(n), name) in true})
        for n, (known, wanted) in enumerate(parts)
    ]


def _facts_of(
    actor: Actor, question: Question, subjects: Subjects
) -> tuple[set[str], dict[str, tuple[str, list[Any]]]]:
    """What is known already, and what has to be asked."""
    known: set[str] = set()
    asked: dict[str, tuple[str, list[Any]]] = {}
    for name in facts_needed(matrix(), question):
        fact = matrix().facts[name]
        if fact.kind == "row":
            if _row_stays_open(name, actor, subjects):
                known.add(name)
        elif fact.kind == "person":
            if name in actor.ready:
                known.add(name)
        else:
            of_kinds = [subjects[kind] for kind in fact.about if subjects.get(kind) is not None]
            if of_kinds:
                asked[name] = _subject_sql(name, of_kinds if name in _stops() else of_kinds[:1], question)
    return known, asked


def _row_stays_open(name: str, actor: Actor, subjects: Subjects) -> bool:
    if name == "own_agency" and subjects.get("agency") is not None:
        return subjects["agency"] == actor.agency
    return True


@lru_cache(maxsize=1)
def _stops() -> frozenset[str]:
    """A tie to any of what the question is about stops it; a relation is asked of the nearest alone."""
    return frozenset(stop.fact for stop in matrix().dynamic)


def _subject_sql(name: str, of_any: list[UUID | None], question: Question) -> tuple[str, list[Any]]:
    if name in CELL_FACTS:
        sql = f"%s::uuid[] && ARRAY(SELECT fact_{name}(%s, %s))"
        return sql, [of_any, question.cls, question.projection or ""]
    return f"%s::uuid[] && ARRAY(SELECT fact_{name}())", [of_any]


def _answers(asked: Mapping[str, tuple[str, list[Any]]]) -> set[str]:
    if not asked:
        return set()
    names = sorted(asked)
    arguments = [argument for name in names for argument in asked[name][1]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(asked[name][0] for name in names), arguments)
        row = cursor.fetchone()
    return {name for name, true in zip(names, row or (), strict=True) if true}


@lru_cache(maxsize=2048)
def opens(kind: str, roles: tuple[str, ...], purpose: str, cells: tuple[str, ...]) -> bool:
    """Whether one of these roles holds anything of an address; of the whole purpose where it declares nothing."""
    return any(_holds(kind, role, purpose, cells) for role in roles)


def _holds(kind: str, role: str, purpose: str, cells: tuple[str, ...]) -> bool:
    if not cells:
        return purpose in permitted_purposes(matrix(), kind, role)
    parts = [cell.replace("{agency}", kind).split(":") for cell in expand(cells)]
    return any(
        candidates(matrix(), Question(kind, role, data_class, purpose, action, projection or None))
        for data_class, action, projection in parts
    )


def grave(data_class: str) -> bool:
    """Whether a device that we can't vouch for would show an empty list here, as if there were nothing."""
    tier = matrix().classes[data_class].tier
    return any(stop.fact == "device_untrusted" and tier in (stop.tiers or ()) for stop in matrix().dynamic)


@lru_cache(maxsize=256)
def opens_on_any_device(kind: str, roles: tuple[str, ...], purpose: str) -> bool:
    """Whether one of these roles holds anything of this purpose for which nobody needs to vouch for the device."""
    return any(
        candidates(matrix(), Question(kind, role, data_class, purpose, action, rule.projection(kind)))
        for rule in matrix().rules
        if purpose in rule.purposes and "managed_device" not in rule.when
        for role in set(roles) & set(rule.roles)
        for data_class in rule.classes
        if not grave(data_class)
        for action in rule.actions
    )
