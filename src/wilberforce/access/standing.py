"""The row policies as they stand in the database, held against the matrix.

A policy's text is read back and put to made-up rows, with the facts and the context that the question names in
place of the functions that would look them up: so every grant is tried, without each fact and with each that stops.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import connection

from .ceilings import people
from .matrix import Matrix, load_matrix
from .proof import Facts, Heard, Proof, around_every_grant
from .protect import PROTECTED, Protected
from .rules import Question, decide, permitted_purposes

SUBJECT, MINE, OTHERS, ME = (str(uuid.UUID(int=place)) for place in (1, 2, 3, 4))
VETTED = 2
FACT = re.compile(r"SELECT fact_(\w+)\([^()]*\)( AS fact_\w+)?")
CONTEXT = re.compile(r"ctx_(membership|agency|kind|role|purpose|vetting|grants)\(\)")
BOTH = """
SELECT polname, pg_get_expr(coalesce(polwithcheck, polqual), polrelid) FROM pg_policy WHERE polrelid = %s::regclass
"""
PUT = """
WITH who AS MATERIALIZED (
    SELECT w.kind, w.role, w.purpose, access_grants(w.kind, w.role, w.purpose, NULL) AS grants
    FROM jsonb_to_recordset(%s) AS w(kind text, role text, purpose text)
), q AS (
    SELECT a.place, a.facts, a.row, who.*, '{mine}'::uuid AS agency, '{me}'::uuid AS membership, {vetted} AS vetting,
           '{subject}'::uuid AS subject
    FROM jsonb_to_recordset(%s) AS a(place int, facts text[], "row" jsonb, kind text, role text, purpose text)
    JOIN who USING (kind, role, purpose)
)
SELECT {said} FROM q, jsonb_populate_record(NULL::{table}, q.row) AS {table} ORDER BY q.place
"""


@dataclass(frozen=True, slots=True)
class Put:
    """One question to one table's policy. Its action and projection are the policy's affair."""

    kind: str
    role: str
    purpose: str
    facts: Facts


def prove_standing(heard: Heard = lambda asked: None) -> Proof:
    began, matrix, proof = monotonic(), load_matrix(), Proof()
    for protected in PROTECTED.values():
        asked = list(dict.fromkeys(_questions(matrix, protected.data_class)))
        _compare(proof, matrix, protected, asked)
        heard(2 * len(asked))
    proof.seconds = monotonic() - began
    return proof


def _questions(matrix: Matrix, data_class: str) -> Iterator[Put]:
    """Around each grant of the class; and everybody in each of their purposes, with all that stops nothing."""
    everything = frozenset(matrix.facts) - {entry.fact for entry in matrix.dynamic}
    for question, facts in around_every_grant(matrix):
        if question.cls == data_class:
            yield Put(question.kind, question.role, question.purpose, facts)
    for kind, role in people(matrix):
        for purpose in permitted_purposes(matrix, kind, role):
            yield Put(kind, role, purpose, everything)


def _compare(proof: Proof, matrix: Matrix, protected: Protected[Any], asked: list[Put]) -> None:
    reads, adds = _policies(protected.table)
    for put, (said_reads, said_adds, *own) in zip(asked, _answers(protected, [reads, adds], asked), strict=True):
        true = _facts(matrix, protected, put, dict(zip(protected.facts, own, strict=True)))
        expected = [_allows(matrix, protected, put, action, true) for action in ("R", protected.writes)]
        expected[1] |= protected.writes == "append"
        proof.decisions += 2
        if [said_reads, said_adds] != expected:
            proof.differences += 1
            proof.found(f"{protected.table}, {put}: the row policies say {said_reads, said_adds}")


def _policies(table: str) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(BOTH, [table])
        found = dict(cursor.fetchall())
    return found["reads"], found["adds"]


def _answers(protected: Protected[Any], policies: list[str], asked: list[Put]) -> list[list[bool]]:
    expressions = [_in_question(sql) for sql in (*policies, *protected.facts.values())]
    said = ", ".join(f"coalesce(({sql})::boolean, false)" for sql in expressions).replace("%", "%%")
    sql = PUT.format(said=said, table=protected.table, mine=MINE, me=ME, vetted=VETTED, subject=SUBJECT)
    who = [
        {"kind": kind, "role": role, "purpose": at} for kind, role, at in {(p.kind, p.role, p.purpose) for p in asked}
    ]
    given = [
        {
            "place": place, "facts": sorted(put.facts), "row": _row(protected, put.facts),
            "kind": put.kind, "role": put.role, "purpose": put.purpose,
        }
        for place, put in enumerate(asked)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(who), json.dumps(given)])
        return [list(row) for row in cursor.fetchall()]


def _in_question(sql: str) -> str:
    """The same expression over the question: no function of the database is asked who this is."""
    facts = load_matrix().facts

    def named(found: re.Match[str]) -> str:
        fact = facts[found[1]]
        holds = f"'{fact.name}' = ANY (q.facts)"
        if fact.kind == "person":
            return f"SELECT {holds}"
        of = f"unnest('{{{MINE},{OTHERS}}}'::uuid[])" if "agency" in fact.about else "q.subject"
        return f"SELECT {of} WHERE {holds}"

    return CONTEXT.sub(r"q.\1", FACT.sub(named, sql).replace(" AS ctx_", " AS of_"))


def _row(protected: Protected[Any], facts: Facts) -> dict[str, Any]:
    """About the subject; whose it is and how it is handled as the facts say."""
    row: dict[str, Any] = dict.fromkeys(protected.subjects.values(), SUBJECT)
    return row | {
        "controller_id": MINE if "own_agency" in facts else OTHERS,
        "handling_level": VETTED if "vetted" in facts else VETTED + 1,
    }


def _facts(matrix: Matrix, protected: Protected[Any], put: Put, own: dict[str, bool]) -> Facts:
    """What of the question this table can know."""
    columns = {f.attname for f in protected.model._meta.concrete_fields}

    def known(name: str) -> bool:
        fact = matrix.facts[name]
        if name in own:
            return own[name]
        if fact.kind == "row":
            column = {"own_agency": "controller_id", "vetted": "handling_level"}.get(name)
            return column in columns and name in put.facts
        about = fact.kind == "person" or any(kind in protected.subjects for kind in fact.about)
        return about and name in put.facts

    return frozenset(name for name in matrix.facts if known(name))


def _allows(matrix: Matrix, protected: Protected[Any], put: Put, action: str, true: Facts) -> bool:
    """A row policy can't know which columns are asked for: one projection that may pass lets the row through."""
    return any(
        decide(
            matrix, Question(put.kind, put.role, protected.data_class, put.purpose, action, name or None), true
        ).allowed
        for name in _projections(matrix, protected, put.kind, action)
    )


def _projections(matrix: Matrix, protected: Protected[Any], kind: str, action: str) -> set[str]:
    named = {name for name in protected.projections if action == "R" or name not in protected.reads_only}
    whole = {str(forbid.fields) for forbid in matrix.forbids if forbid.fields in named} or {""}
    fields = {rule.fields for rule in matrix.rules}
    return named | whole | {f"{name}.{kind}" for name in named if f"{name}.{{agency}}" in fields}
