"""A release's database as text: the demonstration's day as that release kept it, under keys that are no secret."""

from __future__ import annotations

import base64
import json
import lzma
import subprocess
from dataclasses import asdict, dataclass
from hashlib import sha256, shake_256
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from wilberforce.base import keyring, postgres
from wilberforce.base.sealed import SealBroken, open_sealed, place_of, sealed_fields
from wilberforce.web import backups, rotation

RELEASES = Path(__file__).parent / "releases"
LEAVES = "SELECT {columns} FROM ledger_leaf ORDER BY id"
COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = 'ledger_leaf'::regclass AND attnum > 0 ORDER BY attnum"


@dataclass(frozen=True)
class Told:
    """What must still be true after an upgrade. ``leaf_columns``: those that the release's ledger had."""

    leaf_columns: list[str]
    leaves: int
    digest: str
    records: dict[str, int]
    sealed: int


def open_keyring(path: Path) -> None:
    """Everybody can make these keys: they seal nothing but invented people."""

    def letterbox(name: str) -> keyring.Letterbox:
        private = shake_256(name.encode()).digest(keyring.MLKEM_SEED + 32)
        opened = keyring.Letterbox("", private.hex()).to_open
        first = keyring.MLKEM768PrivateKey.from_seed_bytes(private[: keyring.MLKEM_SEED])
        second = keyring.X25519PrivateKey.from_private_bytes(private[keyring.MLKEM_SEED :])
        public = first.public_key().public_bytes_raw() + second.public_key().public_bytes_raw()
        assert opened()
        return keyring.Letterbox(public.hex(), private.hex())

    boxes = {name: letterbox(name) for name in keyring.POSTED}
    epoch = keyring.Epoch(sha256(b"the upgrade's epoch").hexdigest(), "2026-01-01", boxes)
    kept = keyring.Kept(sha256(b"the upgrade's secret").hexdigest(), {"00757067": epoch})
    path.write_text(json.dumps(asdict(kept)))


def look_at(database: str, columns: list[str] | None = None) -> Told:
    """As the one role that passes row policies. Fails where a sealed value does not open."""
    with backups._connect("backup", database) as at:
        columns = columns or [name for (name,) in at.execute(COLUMNS).fetchall()]
        rows = at.execute(sql.SQL(LEAVES).format(columns=sql.SQL(",").join(map(sql.Identifier, columns)))).fetchall()
    digest = sha256("\n".join(map(str, rows)).encode()).hexdigest()
    records, sealed = {}, 0
    with backups._connect("owner", database) as at, at.cursor(row_factory=dict_row) as reading:
        reading.execute("SET ROLE wb_search")
        for model in rotation.sealed_models():
            found = reading.execute(f"SELECT * FROM {model._meta.db_table}".encode()).fetchall()
            records[model._meta.db_table] = len(found)
            sealed += sum(_opens(model, row) for row in found)
    return Told(columns, len(rows), digest, records, sealed)


def write(name: str, database: str, to: Path) -> Told:
    told = look_at(database)
    command = [str(postgres.clients() / "pg_dump"), "--no-comments"]
    dump = subprocess.run(command, env=backups._libpq("backup", database), capture_output=True, check=True).stdout
    text = base64.b85encode(lzma.compress(dump, preset=9)).decode()
    (to / f"{name}.dump").write_text("\n".join(text[at : at + 118] for at in range(0, len(text), 118)) + "\n")
    (to / f"{name}.json").write_text(json.dumps(asdict(told), indent=1) + "\n")
    return told


def load(name: str, where: Path, into: str) -> Told:
    """The release's database as the release left it, in a new database."""
    backups._make_database(into)
    dump = lzma.decompress(base64.b85decode((where / f"{name}.dump").read_text().replace("\n", "")))
    flags = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--dbname={into}"]
    command = [str(postgres.clients() / "psql"), *flags]
    done = subprocess.run(command, input=dump, env=backups._libpq("owner", into), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return Told(**json.loads((where / f"{name}.json").read_text()))


def _opens(model: Any, row: dict[str, Any]) -> int:
    """How many sealed values of the row open. A column that came after the row was written is empty in it."""
    fields = [name for name in sealed_fields(model) if row[name] is not None]
    record = model(**{name: row[name] for name in ("id", "controller_id", "version") if name in row})
    for name in fields:
        try:
            open_sealed(bytes(row[name]), place_of(record, name))
        except SealBroken:
            raise AssertionError(f"{model._meta.db_table}.{name} does not open") from None
    return len(fields)
