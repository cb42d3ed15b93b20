"""Sealed columns: text that the database holds only as ciphertext.

Each value has a data key of its own (AES-256-GCM-SIV), and the box carries that key wrapped: under the class key of
the agency (AES-256-GCM-SIV), or, for what is only posted to us, to the desk's letterbox (HPKE, RFC 9180, with
ML-KEM-768 and X25519). The additional data binds box and wrap to class, record, field, controller and the record's
version, so that a value moved to another row, column or agency, or put back from an earlier version, does not open.
The box names its epoch: a new epoch wraps the data keys afresh without opening what they seal.
"""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.db import models

from .keyring import KEY, KEY_ID, Keyring, keyring

WRAPPED, POSTED = 2, 3
"""The first byte of a box: how its data key is wrapped, by the class key or to a letterbox."""
NONCE, TAG = 12, 16
HEAD = 1 + KEY_ID
POST = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
LENGTHS = {WRAPPED: NONCE + KEY + TAG, POSTED: KEM.MLKEM768_X25519.enc_length() + KEY + TAG}
SIZES = tuple(4**power * 1024 for power in (1, 2, 3, 4))
"""What is posted is padded to 4, 16, 64 or 256 KiB: its length tells nothing of who wrote how much."""

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class SealBroken(Exception):
    """The value was moved, put back or changed, or its epoch is gone. Carries no content."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value belongs; all of it is bound into the ciphertext."""

    data_class: str
    record: UUID
    field: str
    controller: UUID | None
    version: int = 0

    def additional(self, kind: int) -> bytes:
        parts = (self.data_class, self.record, self.field, self.controller or "", self.version, kind)
        return "|".join(map(str, parts)).encode()


def seal(text: str, place: Place) -> bytes:
    ring, data_key, nonce = keyring(), secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    head = _wrapped(ring, data_key, place)
    plain = _padded(text.encode()) if head[0] == POSTED else text.encode()
    return head + nonce + AESGCMSIV(data_key).encrypt(nonce, plain, place.additional(head[0]))


def open_sealed(box: bytes, place: Place) -> str:
    """Raises SealBroken."""
    try:
        at = HEAD + LENGTHS[box[0]]
        cipher = AESGCMSIV(_unwrapped(box, place))
        plain = cipher.decrypt(box[at : at + NONCE], box[at + NONCE :], place.additional(box[0]))
        return (_unpadded(plain) if box[0] == POSTED else plain).decode()
    except (InvalidTag, KeyError, ValueError, IndexError) as broken:
        raise SealBroken(place.field) from broken


def epoch_of(box: bytes) -> str:
    return box[1:HEAD].hex()


def under_current_epoch(box: bytes, place: Place) -> bytes:
    """The same box with its data key wrapped afresh; what it holds is not opened. Raises SealBroken."""
    ring = keyring()
    try:
        kept, at = _unwrapped(box, place), HEAD + LENGTHS[box[0]]
    except (InvalidTag, KeyError, ValueError, IndexError) as broken:
        raise SealBroken(place.field) from broken
    return _wrapped(ring, kept, place) + box[at:]


def _wrapped(ring: Keyring, data_key: bytes, place: Place) -> bytes:
    letterbox, epoch = ring.letterbox(place.data_class), bytes.fromhex(ring.current)
    if letterbox:
        posted = POST.encrypt(data_key, letterbox.to_post(), info=place.additional(POSTED))
        return bytes([POSTED]) + epoch + posted
    nonce, cipher = secrets.token_bytes(NONCE), ring.cipher(ring.current, place.data_class, place.controller)
    return bytes([WRAPPED]) + epoch + nonce + cipher.encrypt(nonce, data_key, place.additional(WRAPPED))


def _unwrapped(box: bytes, place: Place) -> bytes:
    wrap = box[HEAD : HEAD + LENGTHS[box[0]]]
    if box[0] == POSTED:
        return POST.decrypt(wrap, keyring().opening(epoch_of(box), place.data_class), info=place.additional(POSTED))
    cipher = keyring().cipher(epoch_of(box), place.data_class, place.controller)
    return cipher.decrypt(wrap[:NONCE], wrap[NONCE:], place.additional(WRAPPED))


def _padded(plain: bytes) -> bytes:
    """ISO/IEC 7816-4: one byte 80, then noughts."""
    size = next((size for size in SIZES if size > len(plain)), len(plain) + 1)
    return (plain + b"\x80").ljust(size, b"\0")


def _unpadded(plain: bytes) -> bytes:
    return plain.rstrip(b"\0")[:-1]


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
    controller, version = getattr(record, "controller_id", None), getattr(record, "version", 0)
    return Place(record.data_class, record.pk, field, controller, version)  # type: ignore[attr-defined]


def sealed_fields(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, SealedField)]
