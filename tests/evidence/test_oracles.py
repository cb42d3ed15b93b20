"""Whoever holds the application's own connection, and a context of somebody who may not see a record, writes and asks
until PostgreSQL itself says whether the record is there. It never does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import Error, connection, transaction
from django.db.models import Field

from wilberforce.access.protect import PROTECTED
from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base.ids import random_id
from wilberforce.ledger.doors import at_work

from .worlds import World

CURIOUS = (("comms_officer", "public_info"), ("partner_hmrc", "regulatory"))
"""With a context of their own and something that they may write or read in it."""

Asked = Callable[[str, UUID], str]


def refused_or(sql: str, *given: Any) -> str:
    """What PostgreSQL answers, with the keys that were asked for left out."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, given)
            rows = cursor.fetchall() if cursor.description else []
            said = f"{cursor.rowcount} {rows}"
    except Error as refused:
        said = str(refused)
    return re.sub(r"[0-9a-f-]{36}", "", said)


def invented(field: Field[Any, Any]) -> object:
    given = {
        "UUIDField": UUID(int=5), "ForeignKey": UUID(int=5), "DateTimeField": "2026-01-01T00:00Z",
        "DateField": "2026-01-01", "BooleanField": False, "ArrayField": [], "JSONField": "{}", "BinaryField": b"x",
    }  # fmt: skip
    kind = field.get_internal_type()
    return None if field.null else given.get(kind, 1 if "Integer" in kind else "x")


def insert(table: str, record: UUID, more: str = "") -> str:
    fields = PROTECTED[table].model._meta.concrete_fields
    columns = ", ".join(f'"{f.column}"' for f in fields)
    values = [record if f.primary_key else invented(f) for f in fields]
    return refused_or(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('%s' for _ in fields)}) {more}", *values)


NOT_CLOSED = "EXPLAIN ANALYZE counts the rows that a policy held back"
"""PostgreSQL's own, for whoever can send SQL of their own and already knows a key that nobody guesses."""

PROBES: dict[str, Asked] = {
    "unique error": insert,
    "on conflict do nothing": lambda table, record: insert(table, record, "ON CONFLICT DO NOTHING"),
    "on conflict do update": lambda table, record: insert(
        table, record, "ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id"
    ),
    "returning": lambda table, record: insert(table, record, "RETURNING xmax"),
    "update": lambda table, record: refused_or(f"UPDATE {table} SET id = id WHERE id = %s", record),
    "update to the same key": lambda table, record: refused_or(f"UPDATE {table} SET id = %s", record),
    "delete": lambda table, record: refused_or(f"DELETE FROM {table} WHERE id = %s", record),
    "lock": lambda table, record: refused_or(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE NOWAIT", record),
    "error in the condition": lambda table, record: refused_or(
        f"SELECT 1 FROM {table} WHERE id = %s AND 1 / (length(id::text) - 36) = 1", record
    ),
    "plan": lambda table, record: refused_or(f"EXPLAIN (COSTS OFF) SELECT 1 FROM {table} WHERE id = %s", record),
    "plan with its figures": lambda table, record: refused_or(f"EXPLAIN SELECT 1 FROM {table} WHERE id = %s", record),
}


def test_no_write_no_error_and_no_plan_tells_whether_a_hidden_record_is_there(world: World, evidence: Any) -> None:
    told, probed = [], 0
    for part, purpose in CURIOUS:
        session = seat_without_browser(world.cast[part])
        for table in sorted(set(PROTECTED) & set(world.records)):
            with at_work(session, purpose):
                record = world.records[table][0]
                if refused_or(f"SELECT 1 FROM {table} WHERE id = %s", record) != "0 []":
                    continue
                for name, probe in PROBES.items():
                    there, nowhere = probe(table, record), probe(table, random_id())
                    probed += 1
                    told += [(part, table, name, there, nowhere)] if there != nowhere else []
    evidence(
        "write oracles",
        probes=probed,
        tables=len(set(PROTECTED) & set(world.records)),
        oracles=len(told),
        open=NOT_CLOSED,
    )
    assert not told, "\n".join(map(str, told))
    assert probed > 200


def catalogue(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [sorted(PROTECTED)])
        found: list[Any] = cursor.fetchall()
    return found


def test_the_catalogue_keeps_no_oracle(world: World) -> None:
    """No natural key that is unique across agencies, no reference into another class, no number that counts what
    others wrote, no view of a class table that the application may read, and no statistics of what its columns hold."""
    assert catalogue(
        "SELECT x.indexrelid::regclass::text FROM pg_index x WHERE x.indrelid = ANY (%s::regclass[]) AND x.indisunique"
        " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)"
        " AND a.atttypid = 'uuid'::regtype)"
    ) == []  # fmt: skip
    classes = {p.table: p.data_class for p in PROTECTED.values()}
    references = catalogue(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid = ANY (%s::regclass[])"
    )
    assert [(a, b) for a, b in references if classes.get(a) != classes[b]] == []
    assert catalogue(
        "SELECT attrelid::regclass::text FROM pg_attribute WHERE attrelid = ANY (%s::regclass[])"
        " AND (attidentity <> '' OR pg_get_serial_sequence(attrelid::regclass::text, attname) IS NOT NULL)"
        " AND attnum > 0 AND NOT attisdropped"
    ) == []  # fmt: skip
    assert catalogue(
        "SELECT v.relname FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class"
        " WHERE d.refobjid = ANY (%s::regclass[]) AND v.relkind IN ('v', 'm')"
        " AND has_any_column_privilege('wb_app', v.oid, 'SELECT')"
    ) == []  # fmt: skip
    assert catalogue("SELECT tablename FROM pg_stats WHERE schemaname || '.' || tablename = ANY"
                     " (SELECT 'public.' || unnest(%s::text[]))") == []  # fmt: skip
