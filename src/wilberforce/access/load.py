"""Puts the matrix into the database. Run as the owner, at migrate; the app may only read it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from wilberforce.access.matrix import Groups, Matrix, load_matrix, matrix_hash
from wilberforce.access.rules import permitted_purposes

Rows = list[tuple[Any, ...]]


def load_rules(connection: BaseDatabaseWrapper) -> None:
    matrix = load_matrix()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table, rows in _tables(matrix).items():
            cursor.execute(f"DELETE FROM {table}")
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        cursor.execute("DELETE FROM access_matrix")
        cursor.execute("INSERT INTO access_matrix (hash) VALUES (%s)", [matrix_hash()])


def database_hash(connection: BaseDatabaseWrapper) -> str | None:
    """None where the matrix was never loaded; start-up refuses unless it equals matrix_hash()."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('access_matrix') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT hash FROM access_matrix")
        row = cursor.fetchone()
    return row[0] if row else None


def _tables(matrix: Matrix) -> dict[str, Rows]:
    pairs = [(kind.name, role) for kind in matrix.kinds.values() for role in kind.roles]
    return {
        "access_kind_role": [*pairs],
        "access_class": [(entry.name, entry.tier) for entry in matrix.classes.values()],
        "access_purpose": [(entry.name, entry.regime) for entry in matrix.purposes.values()],
        "access_fact": [(entry.name, entry.kind, list(entry.about)) for entry in matrix.facts.values()],
        "access_role_purpose": [
            (kind, role, purpose) for kind, role in pairs for purpose in permitted_purposes(matrix, kind, role)
        ],
        "access_rule": _rules(matrix),
        "access_forbid": _forbids(matrix),
        "access_dynamic": _dynamic(matrix),
    }


def _rules(matrix: Matrix) -> Rows:
    return [
        (
            rule.id,
            place,
            list(rule.agencies),
            list(rule.roles),
            list(rule.classes),
            list(rule.purposes),
            sorted(rule.actions),
            rule.fields,
            list(rule.when),
        )
        for place, rule in enumerate(matrix.rules)
    ]


def _forbids(matrix: Matrix) -> Rows:
    return [
        (
            forbid.id,
            place,
            _array(forbid.agencies),
            _array(forbid.roles),
            list(forbid.classes),
            _array(forbid.actions),
            forbid.fields,
            _entries(forbid.unless),
        )
        for place, forbid in enumerate(matrix.forbids)
    ]


def _dynamic(matrix: Matrix) -> Rows:
    return [
        (
            entry.id,
            place,
            entry.fact,
            [cls.name for cls in matrix.classes.values() if entry.tiers is None or cls.tier in entry.tiers],
        )
        for place, entry in enumerate(matrix.dynamic)
    ]


def _array(words: Iterable[str] | None) -> list[str] | None:
    return None if words is None else sorted(words)


def _entries(unless: Groups) -> list[str]:
    return ["|".join(group) for group in unless]
