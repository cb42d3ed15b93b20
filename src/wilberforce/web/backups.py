"""Backups in the age format: pg_dump streamed to recipients whose private keys are elsewhere (docs/adr/0005)."""

import hashlib
import io
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
import pyrage
from django.conf import settings
from django.db import connection
from psycopg import sql

import wilberforce
from wilberforce.base import postgres, postgres_roles
from wilberforce.base.clock import now

LAST = "last_backup.json"
LEAVES = "COPY (SELECT * FROM ledger_leaf ORDER BY id) TO STDOUT"
FEWEST = 2
NEW_EPOCH = """
INSERT INTO reception_epoch (id, since) VALUES (gen_random_uuid(), clock_timestamp());
INSERT INTO operations_life (id, since) VALUES (gen_random_uuid(), clock_timestamp());
"""
"""Tablets and phones that knew the server after this backup was made offer again what they have kept."""


class BackupFailed(Exception):
    """The sentence says what to do; it quotes no record."""


@dataclass(frozen=True)
class Manifest:
    """The first line inside a backup."""

    made: str
    version: str
    leaves: int
    digest: str


def recipients(named: Sequence[str]) -> list[Any]:
    distinct = sorted(set(named))
    if len(distinct) < FEWEST:
        raise BackupFailed("Name at least two recipients, so that one lost key does not lose every backup.")
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in distinct]
    except pyrage.RecipientError as wrong:
        raise BackupFailed("A recipient begins with age1; make one with age-keygen on a machine apart.") from wrong


def identities(path: Path) -> list[Any]:
    try:
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
        return [pyrage.x25519.Identity.from_str(line) for line in lines]
    except (OSError, pyrage.IdentityError) as wrong:
        raise BackupFailed(f"{path} holds no age identity (a line that begins with AGE-SECRET-KEY-1).") from wrong


def write(to: Path, wanted: Sequence[Any]) -> Manifest:
    """One snapshot: the leaves that are counted are those that are dumped."""
    with _connect("backup", _database()) as reading:
        reading.isolation_level, reading.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        (snapshot,) = reading.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        told = Manifest(now().isoformat(), wilberforce.__version__, *_leaves(reading))
        _sealed_dump(to, wanted, told, str(snapshot))
    settings.STATE.mkdir(parents=True, exist_ok=True)
    (settings.STATE / LAST).write_text(json.dumps(asdict(told) | {"file": to.name}))
    return told


def _sealed_dump(to: Path, wanted: Sequence[Any], told: Manifest, snapshot: str) -> None:
    command = [str(postgres.clients() / "pg_dump"), "--format=custom", "--no-password", f"--snapshot={snapshot}"]
    head = json.dumps(asdict(told)).encode() + b"\n"
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as said, _private(part) as sealed:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=_libpq("backup", _database())) as dump:
            pyrage.encrypt_io(_HeadThen(head, dump.stdout), sealed, list(wanted))  # type: ignore[arg-type]
        sealed.flush()
        os.fsync(sealed.fileno())
        if dump.returncode:
            part.unlink()
            raise BackupFailed(f"pg_dump failed: {_last_line(said)}")
    part.replace(to)


def read(source: Path, with_this: Sequence[Any], into: str) -> Manifest:
    """Into a new database of the owner's; a backup that is cut short or differs leaves none behind."""
    _make_database(into)
    try:
        told = _load(source, with_this, into)
        with _connect("backup", into) as proof:
            found = _leaves(proof)
        if found != (told.leaves, told.digest):
            raise BackupFailed("The ledger's leaves differ from those of the backup. The file is not to be trusted.")
        with _connect("owner", into) as owner:
            owner.execute(NEW_EPOCH)
    except BackupFailed:
        with _connect("owner", "postgres", autocommit=True) as owner:
            owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(into)))
        raise
    return told


def _make_database(name: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
    try:
        with _connect("owner", "postgres", autocommit=True) as owner:
            owner.execute(create)
            owner.execute(postgres_roles.database_grants(name).encode())
        with _connect("owner", name) as owner:
            owner.execute(postgres_roles.EXTENSIONS.encode())
    except psycopg.errors.DuplicateDatabase:
        raise BackupFailed(f"There is a database {name} already. Restore into a new name.") from None


def _load(source: Path, with_this: Sequence[Any], into: str) -> Manifest:
    flags = ["--exit-on-error", "--single-transaction", "--no-password", f"--dbname={into}"]
    command = [str(postgres.clients() / "pg_restore"), *flags]
    with tempfile.TemporaryFile() as said, source.open("rb") as sealed:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=said, stderr=said, env=_libpq("owner", into)
        ) as load:
            split = _HeadApart(load.stdin)  # type: ignore[arg-type]
            try:
                pyrage.decrypt_io(sealed, split, list(with_this))
            except (OSError, pyrage.DecryptError) as broken:
                load.kill()
                words = "" if load.wait() < 0 else _last_line(said)
                raise BackupFailed(f"The file does not open with this identity, or is not whole. {words}") from broken
        if load.returncode:
            raise BackupFailed(f"pg_restore failed: {_last_line(said)}")
    return Manifest(**json.loads(split.head))


def write_keys(to: Path, wanted: Sequence[Any]) -> None:
    with _private(to) as sealed, Path(settings.KEYRING_FILE).open("rb") as keys:
        pyrage.encrypt_io(keys, sealed, list(wanted))


def read_keys(source: Path, with_this: Sequence[Any], to: Path) -> None:
    opened = io.BytesIO()
    try:
        with source.open("rb") as sealed:
            pyrage.decrypt_io(sealed, opened, list(with_this))
        with _private(to) as keyring:
            keyring.write(opened.getvalue())
    except FileExistsError:
        raise BackupFailed(f"{to} is there already; move it away first.") from None
    except (OSError, pyrage.DecryptError) as broken:
        raise BackupFailed("The file does not open with this identity, or is not whole.") from broken


def _leaves(reading: psycopg.Connection[Any]) -> tuple[int, str]:
    """How many there are, and one digest over all their columns."""
    total = hashlib.sha256()
    with reading.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
        with cursor.copy(LEAVES) as rows:
            for block in rows:
                total.update(block)
        return cursor.rowcount, total.hexdigest()


class _HeadThen:
    """The manifest's line, then the dump."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self.head, self.rest = io.BytesIO(head), rest

    def read(self, size: int = -1) -> bytes:
        return self.head.read(size) or self.rest.read(size)


class _HeadApart:
    """Keeps the manifest's line and passes the dump on."""

    def __init__(self, rest: IO[bytes]) -> None:
        self.head, self.complete, self.rest = b"", False, rest

    def write(self, block: bytes) -> int:
        if self.complete:
            self.rest.write(block)
        else:
            line, end, after = (self.head + block).partition(b"\n")
            self.head, self.complete = line, bool(end)
            self.rest.write(after)
        return len(block)

    def flush(self) -> None:
        self.rest.flush()


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _libpq(role: str, name: str) -> dict[str, str]:
    known = postgres.django_database(role, name)
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    asked = {ours: str(known[theirs]) for ours, theirs in names.items() if known[theirs]}
    secure = {f"PG{key.upper()}": str(known["OPTIONS"][key]) for key in _SECURE if key in known["OPTIONS"]}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"} | asked | secure


_SECURE = ("sslmode", "sslrootcert")


def _connect(role: str, name: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    known = postgres.django_database(role, name)
    secure = {key: known["OPTIONS"][key] for key in _SECURE if key in known["OPTIONS"]}
    try:
        return psycopg.connect(
            host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"] or None,
            dbname=known["NAME"], autocommit=autocommit, **secure,
        )  # fmt: skip
    except psycopg.OperationalError as refused:
        raise BackupFailed(f"The database did not let {known['USER']} in. Is its password's file here?") from refused


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _last_line(said: IO[bytes]) -> str:
    """PostgreSQL's own word on what failed; a line of context could quote a row and is left out."""
    said.seek(0)
    lines = [line for line in said.read().decode(errors="replace").splitlines() if "error:" in line]
    return lines[0][:200] if lines else "it gave no reason"
