"""Row policies, written from the matrix for every protected table. Run by the owner after each migrate."""

import hashlib
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from wilberforce.base.sealed import sealed_fields

from .arms import Arms
from .matrix import load_matrix
from .protect import PROTECTED, Protected


def statements(arms: Arms, protected: Protected[Any]) -> list[str]:
    table, writes = protected.table, arms.expression(protected.writes)
    reads = arms.expression("R")
    # What one may write but not read is begun, never changed: an UPDATE without WHERE would need no right to read.
    changes = "false" if protected.writes == "append" else f"({reads}) AND ({writes})"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS reads ON {table}",
        f"DROP POLICY IF EXISTS adds ON {table}",
        f"DROP POLICY IF EXISTS changes ON {table}",
        f"CREATE POLICY reads ON {table} FOR SELECT USING ({reads})",
        f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({writes})",
        f"CREATE POLICY changes ON {table} FOR UPDATE USING ({changes}) WITH CHECK ({writes})",
        f"REVOKE DELETE, TRUNCATE ON {table} FROM wb_app",
        f"GRANT SELECT ON {table} TO wb_search",
        *(f'GRANT UPDATE ("{column}") ON {table} TO wb_search' for column in sealed_fields(protected.model)),
    ]


def policy_sql() -> list[str]:
    matrix = load_matrix()
    every = [PROTECTED[table] for table in sorted(PROTECTED)]
    return [sql for protected in every for sql in statements(Arms(matrix, protected), protected)]


def policy_hash() -> str:
    return hashlib.sha256("\n".join(policy_sql()).encode()).hexdigest()


def apply(using: str = DEFAULT_DB_ALIAS) -> None:
    """As the owner: write every row policy afresh, and which version of them now holds."""
    with connections[using].cursor() as cursor:
        for sql in policy_sql():
            cursor.execute(sql)
        cursor.execute("DELETE FROM access_policy_version")
        cursor.execute("INSERT INTO access_policy_version VALUES (%s)", [policy_hash()])


def applied_hash(using: str = DEFAULT_DB_ALIAS) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT hash FROM access_policy_version")
        row = cursor.fetchone()
    return row[0] if row else ""
