"""Sealed columns: text that the database holds only as ciphertext.

AES-256-GCM. The additional data binds the ciphertext to its class, record, field, controller and
version, so that a value moved to another row, column or agency fails to open. Keys live in a file
outside the database; every ciphertext names its key, so that keys can be rotated.
"""

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

FORMAT = 1
NONCE = 12
KEY_ID = 4
MADE_BY_ITSELF = "00"
"""Key ids that begin so were made by a development machine for itself; live use refuses them."""

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class SealBroken(Exception):
    """The value was moved, changed, or sealed under a key that is gone. Carries no content."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value belongs; all of it is bound into the ciphertext."""

    data_class: str
    record: UUID
    field: str
    controller: UUID | None

    def additional(self) -> bytes:
        parts = (self.data_class, str(self.record), self.field, str(self.controller or ""), str(FORMAT))
        return "|".join(parts).encode()


class Keyring:
    """Master keys by id, newest last; class keys are derived from them."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self.keys = keys
        self.current = list(keys)[-1]
        self._derived: dict[tuple[str, str, UUID | None], AESGCM] = {}

    def cipher(self, key_id: str, data_class: str, controller: UUID | None) -> AESGCM:
        wanted = (key_id, data_class, controller)
        if wanted not in self._derived:
            info = f"wilberforce|{data_class}|{controller or ''}".encode()
            derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info)
            self._derived[wanted] = AESGCM(derive.derive(self.keys[key_id]))
        return self._derived[wanted]

    def secret(self, use: str) -> bytes:
        """32 bytes for one other use, such as the ledger's pseudonyms. It stays the same when keys rotate."""
        oldest = next(iter(self.keys.values()))
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"use|{use}".encode()).derive(oldest)


def make_keyring(path: Path, *, live: bool = False) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(_fresh_key("01" if live else MADE_BY_ITSELF), file)


def add_key(path: Path) -> str:
    """A newer key for what is sealed from now on; the older ones stay, to open what they sealed."""
    key = _fresh_key("01")
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(json.loads(path.read_text()) | key, file)
    fresh.replace(path)
    return next(iter(key))


def _fresh_key(mark: str) -> dict[str, str]:
    return {mark + secrets.token_hex(KEY_ID - 1): secrets.token_hex(32)}


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """In live use the operator makes the key file; without it this raises FileNotFoundError."""
    path = Path(settings.KEYRING_FILE)
    if not path.exists() and not settings.LIVE:
        with contextlib.suppress(FileExistsError):
            make_keyring(path)
    stored = json.loads(path.read_text())
    return Keyring({key_id: bytes.fromhex(key) for key_id, key in stored.items()})


def seal(text: str, place: Place) -> bytes:
    ring = keyring()
    nonce = secrets.token_bytes(NONCE)
    box = ring.cipher(ring.current, place.data_class, place.controller).encrypt(
        nonce, text.encode(), place.additional()
    )
    return bytes([FORMAT]) + bytes.fromhex(ring.current) + nonce + box


def open_sealed(box: bytes, place: Place) -> str:
    """Raises SealBroken."""
    key_id, nonce = box[1 : 1 + KEY_ID].hex(), box[1 + KEY_ID : 1 + KEY_ID + NONCE]
    try:
        cipher = keyring().cipher(key_id, place.data_class, place.controller)
        return cipher.decrypt(nonce, box[1 + KEY_ID + NONCE :], place.additional()).decode()
    except (InvalidTag, KeyError) as broken:
        raise SealBroken(place.field) from broken


class Sealed:
    """A sealed value as it came from the database; it opens only for someone who knows its place."""

    __slots__ = ("box",)

    def __init__(self, box: bytes) -> None:
        self.box = box

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class SealedField(_Bytes):
    """Text in Python, ciphertext in the database. The model must name its ``data_class``.

    A value read back is ``Sealed`` until ``access.protect`` opens it for somebody who may see it.
    """

    description = "Sealed text"

    def __init__(self, *args: Any, max_text: int = 20_000, **kwargs: Any) -> None:
        self.max_text = max_text
        kwargs.setdefault("editable", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        """Unlike other bytes, this field's Python side is text."""
        return []

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for ours in ("editable", "default"):
            kwargs.pop(ours, None)
        return name, path, args, kwargs

    def get_default(self) -> Any:
        return ""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, Sealed):
            return value.box
        return seal(str(value or ""), place_of(model_instance, self.attname))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError("sealed text is only written by saving its record, never by update() or a filter")
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))


def place_of(record: models.Model, field: str) -> Place:
    """Where a field of this record belongs."""
    controller = getattr(record, "controller_id", None)
    return Place(record.data_class, record.pk, field, controller)  # type: ignore[attr-defined]
