"""Many more people than one day has: copies of what the day left, in a database of the bench's own.

Everybody passed through the same centre, the same force and the same desk, which is the worst case: nothing
is hidden by belonging elsewhere. Each fifty of them were found in an operation of their own. The first few are here
now, as on the day; the rest have left and their work is done.
The newest can be opened: their sealed texts are sealed anew, each for its own place. The older keep a copy's box.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import models
from psycopg.conninfo import make_conninfo

from wilberforce.base import postgres
from wilberforce.base.sealed import open_sealed, place_of, seal, sealed_fields

HERE_NOW = 20
OPENABLE = 500
APART = "interval '1 hour'"
LAST = 0xFFFFFF
PER_OPERATION = 50


@dataclass(frozen=True)
class Copies:
    """``per``: one row for so many people. ``changes`` and, where it is over, ``past``: column -> SQL of ``i``."""

    model: str
    per: int = 1
    changes: Mapping[str, str] = field(default_factory=dict)
    past: Mapping[str, str] = field(default_factory=dict)


KINDS = ["survivors.Person", "operations.Operation", "operations.Site", "operations.Found", "custody.Arrest",
         "custody.Detention", "concerns.Report", "reception.Presence"]  # fmt: skip


def nth(kind: str, number: str = "i") -> str:
    """The id of the so-manieth copy, which is older than every real one and than the copy before, and so lower."""
    return f"('00000000-0000-7{_kind(kind):03x}-8000-' || lpad(to_hex({LAST} - ({number})), 12, '0'))::uuid"


def _kind(model: str) -> int:
    return KINDS.index(model) if model in KINDS else len(KINDS)


def many(model: str, per: int = 1, past: Mapping[str, str] | None = None, **changes: str) -> Copies:
    return Copies(model, per, changes, past or {})


NOT_TODAY = nth("operations.Operation", f"1 + i / {PER_OPERATION}")
OTHER_OPERATION = f"CASE WHEN i > {HERE_NOW} THEN {NOT_TODAY} ELSE r.operation_id END"
OF_ANOTHER = f"CASE WHEN r.operation_id IS NOT NULL THEN {OTHER_OPERATION} END"
ENDED = f"r.since - i * {APART} + interval '1 hour'"
LATER = "i + 1000"
IN_OTHER = nth("operations.Operation")
ARREST, DETENTION, REPORT = nth("custody.Arrest"), nth("custody.Detention"), nth("concerns.Report")

COPIES = [
    many("survivors.Person", found_id="NULL", operation_id=OTHER_OPERATION),
    many("reception.Presence", past={"until": ENDED}, found_id=nth("operations.Found"), until="NULL"),
    many("reception.Movement", presence_id=nth("reception.Presence")),
    many("reception.Given", corrects="NULL", stands="true"),
    many("reception.Leaving"),
    many("reception.StockChange", latest="false"),
    many("survivors.PersonRole"),
    many("survivors.Assignment", past={"ended_at": f"r.starts - i * {APART} + interval '1 hour'"}),
    many("survivors.Identity"),
    many("survivors.Told"),
    many("survivors.Answer"),
    many("survivors.CareFlag"),
    many("survivors.Note"),
    many("survivors.NextPlace"),
    many("survivors.Account", operation_id=OTHER_OPERATION),
    many("referrals.DutyDecided"),
    many("referrals.NrmForm"),
    many("referrals.Notification", 4),
    many("concerns.Report", past={"state": "'closed'"}, receipt_hash="NULL"),
    many("concerns.Source", 2, report_id=REPORT,
         past={"ended_at": f"r.received_at - i * {APART} + interval '20 days'"}),
    many("intelligence.Item", report_id="NULL", operation_id=OF_ANOTHER),
    many("intelligence.SuspectEntry", 10),
    many("operations.Operation", PER_OPERATION, state="'closed'"),
    many("operations.Partner", PER_OPERATION, operation_id=IN_OTHER),
    many("operations.Site", PER_OPERATION, operation_id=IN_OTHER),
    many("operations.SitePlace", PER_OPERATION, operation_id=IN_OTHER, site_id=nth("operations.Site")),
    many("operations.Warrant", PER_OPERATION, operation_id=IN_OTHER, site_id=nth("operations.Site")),
    many("operations.Hazard", PER_OPERATION, operation_id=IN_OTHER, site_id=nth("operations.Site")),
    many("operations.Brief", PER_OPERATION, operation_id=IN_OTHER),
    many("operations.CentreLink", PER_OPERATION, operation_id=IN_OTHER, until=ENDED),
    many("operations.Roster", PER_OPERATION, operation_id=IN_OTHER, until=ENDED),
    many("operations.Command", PER_OPERATION, operation_id=IN_OTHER, until=ENDED),
    many("operations.LogEntry", operation_id=NOT_TODAY, number=LATER),
    many("operations.Found", operation_id=OTHER_OPERATION),
    many("custody.Arrest", 4, operation_id=OTHER_OPERATION, label_digest="sha256(int4send(i))", ages_group="NULL"),
    many("custody.Detention", 4, arrest_id=ARREST, operation_id=OTHER_OPERATION,
         past={"ended_at": f"r.arrived_at - i * {APART} + interval '20 hours'"}),
    many("custody.Review", 4, arrest_id=ARREST, detention_id=DETENTION),
    many("sharing.Disclosure", 4, past={"expires_at": f"r.asked_at - i * {APART} + interval '30 days'",
         "refused_at": f"CASE WHEN r.approved_at IS NULL THEN r.asked_at - i * {APART} END"}),
    many("deadlines.Deadline", past={"met_at": f"r.due_at - i * {APART}"}),
    many("press.Subscriber", same_address="sha256(int4send(i))"),
    many("agencies.Shift", 20, signed_in_at="NULL", signed_out_at="NULL"),
    many("ledger.Leaf"),
]  # fmt: skip
ALIKE: dict[str, str] = {
    "person_id": nth("survivors.Person"),
    "subject_id": nth("survivors.Person"),
    "reference": "'Q' || i",
}
"""Columns of these names are changed so in every table that has them in this sense."""


def fill(server: postgres.Server, database: str, people: int) -> None:
    """As the server's own superuser, without triggers: the rows are copies of rows that passed them."""
    told = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    words = {name: server.connection[key] for name, key in told.items() if key in server.connection}
    address = make_conninfo("", dbname=database, **words)
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET work_mem = '256MB'")
        for copies in COPIES:
            _copy(connection, copies, people // copies.per)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection[Any], copies: Copies, number: int) -> None:
    model = apps.get_model(copies.model)
    names = [one.attname for one in model._meta.concrete_fields]
    sealed = sealed_fields(model)
    originals = _originals(connection, model, sealed) if sealed else []
    chosen = ", ".join(_expression(copies, one) for one in model._meta.concrete_fields)
    quoted = ", ".join(f'"{name}"' for name in names)
    table = model._meta.db_table
    statement = f"""
        INSERT INTO {table} ({quoted}) SELECT {chosen} FROM generate_series(1, {number}) AS i
        JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS nth, count(*) OVER () AS of FROM {table}) AS r
          ON r.nth = i % r.of"""
    connection.execute(statement)
    if originals:
        _seal_anew(connection, copies, originals, sealed, min(number, OPENABLE))


def _expression(copies: Copies, one: "models.Field[Any, Any]") -> str:
    if one.primary_key:
        return nth(copies.model)
    old = f'r."{one.attname}"'
    if isinstance(one, models.DateTimeField):
        old = f"{old} - i * {APART}"
    old = copies.changes.get(one.attname, ALIKE.get(one.attname, old))
    if one.attname in copies.past:
        return f"CASE WHEN i > {HERE_NOW} THEN {copies.past[one.attname]} ELSE {old} END"
    return old


def _originals(connection: psycopg.Connection[Any], model: type[models.Model], sealed: list[str]) -> list[Any]:
    """In the order in which the copies take them: what a place is made of, and the texts."""
    bound = [name for name in ("controller_id", "version") if name in {f.attname for f in model._meta.concrete_fields}]
    columns = ", ".join(f'"{name}"' for name in ["id", *bound, *sealed])
    rows = connection.execute(f"SELECT {columns} FROM {model._meta.db_table} ORDER BY id").fetchall()
    found = []
    for pk, *rest in rows:
        given, boxes = dict(zip(bound, rest, strict=False)), rest[len(bound) :]
        record = model(pk=pk, **given)
        kept = zip(sealed, boxes, strict=True)
        found.append((given, {n: open_sealed(bytes(box), place_of(record, n)) for n, box in kept if box is not None}))
    return found


def _seal_anew(
    connection: psycopg.Connection[Any], copies: Copies, originals: list[Any], sealed: list[str], number: int
) -> None:
    model = apps.get_model(copies.model)
    rows = []
    for i in range(1, number + 1):
        given, texts = originals[i % len(originals)]
        record = model(pk=UUID(f"00000000-0000-7{_kind(copies.model):03x}-8000-{LAST - i:012x}"), **given)
        rows.append((*[seal(texts[n], place_of(record, n)) if n in texts else None for n in sealed], record.pk))
    settings = ", ".join(f'"{name}" = %s' for name in sealed)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {model._meta.db_table} SET {settings} WHERE id = %s", rows)
