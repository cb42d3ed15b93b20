"""A new epoch of keys, every data key wrapped afresh under it, the earlier epochs destroyed.

What is sealed is never opened. Each batch is committed on its own and a box says itself under which epoch it stands,
so a rotation that was stopped, by whatever means, is carried on by starting it again.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from wilberforce.agencies.adapters import FACTOR_PLACE
from wilberforce.agencies.models import KeysAsked
from wilberforce.base import clock, keyring
from wilberforce.base.sealed import epoch_of, place_of, sealed_fields, under_current_epoch
from wilberforce.ledger.sequencer import Connection, connect
from wilberforce.sharing import outside
from wilberforce.sharing.models import Pack

BATCH = 200
PACKS = Pack._meta.db_table
WAITING_PACKS = """
    SELECT p.id, p.agency_id, p.payload, d.data_class
    FROM sharing_pack p JOIN sharing_disclosure d ON d.id = p.disclosure_id
    WHERE {behind} ORDER BY p.id LIMIT {batch} FOR UPDATE OF p
"""
FACTORS = "SELECT id, data FROM mfa_authenticator ORDER BY id FOR UPDATE"


@dataclass(frozen=True)
class Progress:
    """How many records of a table stand under the current epoch now that did not before."""

    table: str
    wrapped: int


class NotYet(Exception):
    """The sentence says what to do."""


def begin() -> str:
    return keyring.begin_epoch(Path(settings.KEYRING_FILE))


def earlier_epochs() -> list[str]:
    ring = keyring.keyring()
    return [name for name in ring.kept.epochs if name != ring.current]


def wrap_afresh() -> Iterator[Progress]:
    """As the owner, who becomes the one role that passes row policies; the application's role could not."""
    with connect("owner") as at:
        yield Progress("mfa_authenticator", _factors(at))
        at.execute("SET ROLE wb_search")
        for model in sealed_models():
            while done := _batch(at, model):
                yield Progress(model._meta.db_table, done)
        while done := _packs(at):
            yield Progress(PACKS, done)


def left_behind() -> dict[str, int]:
    """Records under an earlier epoch, by table. Waits first for every transaction that may still write one."""
    found = {}
    with connect("owner") as at:
        for table, names in _kept_where().items():
            with at.transaction():
                at.execute(f"LOCK TABLE {table} IN SHARE MODE")
                at.execute("SET LOCAL ROLE wb_search")
                row = at.execute(f"SELECT count(*) AS n FROM {table} WHERE {_behind(names)}", _old(names)).fetchone()
            if row and row["n"]:
                found[table] = int(row["n"])
        if behind := sum(_behind_in(row["data"]) for row in at.execute(FACTORS).fetchall()):
            found["mfa_authenticator"] = behind
    return found


def destroy_earlier() -> list[str]:
    """Raises NotYet while anything still needs an earlier epoch."""
    behind, names = left_behind(), earlier_epochs()
    if behind:
        tables = ", ".join(f"{table} ({count})" for table, count in sorted(behind.items()))
        raise NotYet(f"Nothing was destroyed. Wrapped under an earlier epoch are still: {tables}. Run: keys rotate")
    if names:
        keyring.destroy_epochs(Path(settings.KEYRING_FILE), names)
    return names


def handed_over(began: datetime) -> None:
    """What was given into readers' hands before this epoch began has gone over to them as a whole."""
    KeysAsked.objects.filter(answered_at__lt=began, taken_over_at=None).update(taken_over_at=clock.now())


def sealed_models() -> list[type[models.Model]]:
    """Of every installed table, protected or not: what is left out here would be lost with its epoch."""
    return sorted((model for model in apps.get_models() if sealed_fields(model)), key=lambda one: one._meta.db_table)


def _kept_where() -> dict[str, list[str]]:
    """Which columns of which tables hold boxes."""
    return {model._meta.db_table: sealed_fields(model) for model in sealed_models()} | {PACKS: ["payload"]}


def _behind(names: list[str]) -> str:
    """A pack that is over holds no box."""
    under = (f'substring("{name}" from 2 for {keyring.KEY_ID})' for name in names)
    return " OR ".join(f"{epoch} <> %s AND {epoch} <> ''" for epoch in under)


def _old(names: list[str]) -> list[bytes]:
    return [bytes.fromhex(keyring.keyring().current)] * len(names)


def _batch(at: Connection, model: type[models.Model]) -> int:
    sealed, every = sealed_fields(model), {field.attname for field in model._meta.concrete_fields}
    stays = getattr(model, "stays_with_the_house", False)
    named = ("id", "controller_id", "version", *getattr(model, "sealed_with", ()))
    bound = [name for name in named if name in every]
    columns = ", ".join(f'"{name}"' for name in [*bound, *sealed])
    wanted = f"SELECT {columns} FROM {model._meta.db_table} WHERE {_behind(sealed)}"
    with at.transaction():
        rows = at.execute(f"{wanted} ORDER BY id LIMIT {BATCH} FOR UPDATE", _old(sealed)).fetchall()
        for row in rows:
            record = model(**{name: row[name] for name in bound})
            kept = [name for name in sealed if row[name] is not None]
            boxes = [under_current_epoch(bytes(row[name]), place_of(record, name), stays=stays) for name in kept]
            changed = ", ".join(f'"{name}" = %s' for name in kept)
            at.execute(f"UPDATE {model._meta.db_table} SET {changed} WHERE id = %s", [*boxes, row["id"]])
    return len(rows)


def _packs(at: Connection) -> int:
    """Its place is told by what it lets go."""
    with at.transaction():
        rows = at.execute(WAITING_PACKS.format(behind=_behind(["payload"]), batch=BATCH), _old(["payload"])).fetchall()
        for row in rows:
            place = outside.place_of(row["id"], row["agency_id"], row["data_class"])
            fresh = under_current_epoch(bytes(row["payload"]), place)
            at.execute("UPDATE sharing_pack SET payload = %s WHERE id = %s", [fresh, row["id"]])
    return len(rows)


def _factors(at: Connection) -> int:
    """People's second factors: the library keeps them as text within its own JSON."""
    done = 0
    with at.transaction():
        for row in at.execute(FACTORS).fetchall():
            if _behind_in(row["data"]):
                fresh = {name: _factor(value) if _is_box(value) else value for name, value in row["data"].items()}
                at.execute("UPDATE mfa_authenticator SET data = %s WHERE id = %s", [json.dumps(fresh), row["id"]])
                done += 1
    return done


def _factor(text: str) -> str:
    return base64.b64encode(under_current_epoch(base64.b64decode(text), FACTOR_PLACE)).decode()


def _is_box(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return epoch_of(base64.b64decode(value, validate=True)) in keyring.keyring().kept.epochs
    except ValueError:
        return False


def _behind_in(data: dict[str, Any]) -> bool:
    current = keyring.keyring().current
    return any(_is_box(value) and epoch_of(base64.b64decode(value)) != current for value in data.values())
