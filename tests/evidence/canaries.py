"""Words that stand nowhere else, put into whatever is sealed of a grave record, and where they must never be found."""

from __future__ import annotations

import io
import logging
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pypdf
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from wilberforce.access.matrix import load_matrix
from wilberforce.access.protect import PROTECTED, Protected
from wilberforce.base import postgres
from wilberforce.base.ids import new_id
from wilberforce.base.postgres import django_database
from wilberforce.base.sealed import Sealed, SealedField, place_of, seal, sealed_fields

from .test_oracles import invented

MARK = "ZQXCANARY"
FORMS = (MARK.encode(), MARK.encode().hex().encode(), MARK.encode("utf-16-le"), b"WlFYQ0FOQVJZ")
"""As it is, as PostgreSQL writes bytes, as PDF writes text, and in base64."""

NOT_WORDS = {"date_of_birth", "options", "rejected", "was", "contact", "key", "answers", "carried"}
"""What is read back by a machine: a date, a list, an address that a message goes to, the key of a picture, JSON."""


SAID = {("custody_weighing", "whose"): "prosecutor"}
"""What a table's own rule wants beside the words."""


def grave() -> dict[str, Protected[Any]]:
    tiers = {name: cls.tier for name, cls in load_matrix().classes.items()}
    return {table: p for table, p in PROTECTED.items() if tiers[p.data_class] in ("S", "1")}


def fields() -> set[tuple[str, str]]:
    return {(table, name) for table, p in grave().items() for name in sealed_fields(p.model)}


@dataclass
class Planted:
    """Each canary is used once."""

    where: Counter[tuple[str, str]] = field(default_factory=Counter)

    def marked(self, table: str, name: str, value: Any) -> Any:
        if not isinstance(value, str) or not value or MARK in value:
            return value
        self.where[table, name] += 1
        return f"{value} {MARK}{self.where.total():06d}"

    def into(self, table: Protected[Any], values: dict[str, Any]) -> dict[str, Any]:
        if table.table not in grave():
            return values
        words = set(sealed_fields(table.model)) - NOT_WORDS
        return {
            name: self.marked(table.table, name, value) if name in words else value for name, value in values.items()
        }

    @contextmanager
    def planting(self) -> Iterator[None]:
        add, change, add_many = Protected.add, Protected.change, Protected.add_many

        def mark(table: Protected[Any], record: Any) -> Any:
            for name, value in self.into(table, dict(vars(record))).items():
                if not isinstance(value, Sealed):
                    setattr(record, name, value)
            return record

        def added(table: Any, actor: Any, record: Any, **more: Any) -> Any:
            return add(table, actor, mark(table, record), **more)

        def changed(table: Any, actor: Any, record: Any, changes: Any, **more: Any) -> Any:
            return change(table, actor, record, self.into(table, dict(changes)), **more)

        def added_many(table: Any, actor: Any, records: Any, **more: Any) -> Any:
            return add_many(table, actor, [mark(table, record) for record in records], **more)

        with (
            patch.object(Protected, "add", added),
            patch.object(Protected, "change", changed),
            patch.object(Protected, "add_many", added_many),
        ):
            yield


def write_the_rest(planted: Planted) -> None:
    """A record more in each grave table, twice, each sealed field with a canary, past every rule and trigger."""
    known = postgres.find().connection
    given = {"host": known["PGHOST"], "port": known.get("PGPORT", "5432"), "user": known["PGUSER"], "dbname": current()}
    with psycopg.connect(**given) as at:
        at.execute("SET session_replication_role = replica")
        for protected in 2 * [*grave().values()]:
            if sealed_fields(protected.model):
                at.execute(*_record(protected, planted))


def _record(protected: Protected[Any], planted: Planted) -> Any:
    record, values = protected.model(pk=new_id(), controller_id=new_id()), {}
    for one in protected.model._meta.concrete_fields:
        if isinstance(one, SealedField):
            word = planted.marked(protected.table, one.attname, "Words")
            values[one.column] = seal(word, place_of(record, one.attname))
        elif one.primary_key or one.attname in ("controller_id", "version"):
            values[one.column] = getattr(record, one.attname)
        else:
            values[one.column] = SAID.get((protected.table, one.attname)) or _anything(one)
    places = ", ".join(["%s"] * len(values))
    named = ", ".join(f'"{column}"' for column in values)
    return f"INSERT INTO {protected.table} ({named}) VALUES ({places})", list(values.values())


def _anything(one: Any) -> object:
    kind = one.get_internal_type()
    if kind in ("UUIDField", "ForeignKey"):
        return None if one.null else new_id()
    return [] if kind == "ArrayField" else invented(one)


@dataclass
class Heard:
    """What left while the day was played and walked through: headers, cookies, printed sheets, lines of the log."""

    headers: list[str] = field(default_factory=list)
    sheets: list[bytes] = field(default_factory=list)
    shown: int = 0
    log: io.StringIO = field(default_factory=io.StringIO)

    @contextmanager
    def listening(self) -> Iterator[None]:
        asked = Client.request

        def overheard(client: Client, **request: Any) -> Any:
            answer = asked(client, **request)
            self.headers.append(f"{dict(answer.headers)} {answer.cookies}")
            body = b"" if getattr(answer, "streaming", False) else answer.content
            self.shown += body.count(MARK.encode())
            if body[:5] == b"%PDF-":
                self.sheets.append(body)
            return answer

        handler, root = logging.StreamHandler(self.log), logging.getLogger()
        before = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            with patch.object(Client, "request", overheard):
                yield
        finally:
            root.removeHandler(handler)
            root.setLevel(before)


def holds(data: bytes) -> bool:
    return any(form in data for form in FORMS)


def in_files(folder: Path) -> list[str]:
    return [f"file {path.name}" for path in folder.rglob("*") if path.is_file() and holds(path.read_bytes())]


def in_sheets(sheets: list[bytes]) -> list[str]:
    """What a printed sheet says of itself, besides what is printed on it."""
    told = [(pypdf.PdfReader(io.BytesIO(sheet)), sheet) for sheet in sheets]
    about = [f"{reader.metadata} {reader.root_object.get('/Metadata') and reader.xmp_metadata}" for reader, _ in told]
    return [f"PDF metadata: {words}" for words in about if holds(words.encode())]


def in_sessions() -> list[str]:
    return [f"session {one.pk[:4]}" for one in Session.objects.all() if holds(repr(one.get_decoded()).encode())]


def in_dump(name: str) -> list[str]:
    """Everything, as the role that makes the backups reads it."""
    given = django_database(role="backup", name=name)
    told = os.environ | {"PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"], "PGDATABASE": name}
    if given["PASSWORD"]:
        told["PGPASSWORD"] = given["PASSWORD"]
    dump = subprocess.run([str(postgres.clients() / "pg_dump")], env=told, capture_output=True, check=True).stdout
    return [f"dump: {line[:60]!r}" for line in dump.splitlines() if holds(line)]


def in_server(name: str, since: str) -> list[str]:
    """The write-ahead log, the database's own files and temporary ones, and what it knows of statements."""
    either = " OR ".join(f"position('\\x{form.hex()}'::bytea IN {{0}}) > 0" for form in FORMS)
    found = postgres.find().sql(
        f"""SET log_min_duration_statement = -1;
        CHECKPOINT;
        SELECT 'WAL ' || name FROM pg_ls_waldir() WHERE modification > '{since}'
          AND ({either.format("pg_read_binary_file('pg_wal/' || name)")});
        SELECT 'file ' || f FROM pg_database d, pg_ls_dir('base/' || d.oid) f WHERE d.datname = '{name}'
          AND ({either.format("pg_read_binary_file('base/' || d.oid || '/' || f, 0, 1000000000, true)")});
        SELECT 'temporary ' || t.name FROM pg_ls_tmpdir() t
          WHERE {either.format("pg_read_binary_file('base/pgsql_tmp/' || t.name, 0, 1000000000, true)")};
        SELECT 'activity' FROM pg_stat_activity WHERE query LIKE '%{MARK}%' AND pid <> pg_backend_pid();
        SELECT 'statistics ' || tablename FROM pg_stats
          WHERE most_common_vals::text LIKE '%{MARK}%' OR histogram_bounds::text LIKE '%{MARK}%';""",
        name,
    )
    return [line for line in found.splitlines() if line]


def size_of_log(server: Any) -> int:
    path = getattr(server, "_log", None)
    return path.stat().st_size if path and path.exists() else 0


def in_statements(server: Any, start: int) -> list[str]:
    """Every statement that the server was sent since, with its values, as it writes them into its own log."""
    path = getattr(server, "_log", None)
    if not path or not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(start)
        return [f"statement: {line[:80]!r}" for line in file if holds(line)]


def current() -> str:
    return str(connection.settings_dict["NAME"])
