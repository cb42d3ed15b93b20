"""Sealed columns: text that the database holds only as ciphertext.

Each value has a data key of its own (AES-256-GCM-SIV), and the box carries that key wrapped: under the class key of
the agency (AES-256-GCM-SIV), or, for what is only posted to us, to one or more letterboxes (HPKE, RFC 9180, with
ML-KEM-768 and X25519): the house's own, one that persons hold (``base.hands``), the writer's. Over those wraps lies a
cover under the epoch's key, so that destroying an epoch ends them, whoever holds a private half. The additional data
binds box and wrap to class, record, field, controller and the record's version, so that a value moved to another row,
column or agency, or put back from an earlier version, does not open.
The box names its epoch: a new epoch wraps the data keys afresh without opening what they seal.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hpke import KEM
from django.db import models

from .errors import NotOpened
from .hands import Recipient, letterbox_of, private_half
from .keyring import KEY, KEY_ID, POST, Keyring, Letterbox, keyring

WRAPPED, POSTED_BEFORE, POSTED = 2, 3, 4
"""The first byte of a box: how its data key is wrapped, by the class key or to letterboxes; before covers, to one."""
NONCE, TAG = 12, 16
HEAD = 1 + KEY_ID
POSTED_KEY = KEM.MLKEM768_X25519.enc_length() + KEY + TAG
LENGTHS = {WRAPPED: NONCE + KEY + TAG, POSTED_BEFORE: POSTED_KEY}
NAME = 16
THE_HOUSE = UUID(int=0)
"""The letterbox in the keyring, of whichever epoch the box stands under."""
THE_WRITER = UUID(int=1)
"""Whoever told it, by their code: each thread has its own, and it opens no other."""
SIZES = tuple(4**power * 1024 for power in (1, 2, 3, 4))
"""What is posted is padded to 4, 16, 64 or 256 KiB: its length tells nothing of who wrote how much."""

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


BROKEN = (InvalidTag, KeyError, ValueError, IndexError)


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
        where = f"{self.data_class}|{self.record}|{self.field}|{self.controller or ''}"
        return f"{where}|{self.version}|{kind}".encode()


def seal(text: str, place: Place, also: Iterable[Recipient] = ()) -> bytes:
    """``also``: who opens it besides, of what is posted."""
    ring, data_key, nonce = keyring(), secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    head = _wrapped(ring, data_key, place, also)
    plain = _padded(text.encode()) if head[0] == POSTED else text.encode()
    return head + nonce + AESGCMSIV(data_key).encrypt(nonce, plain, place.additional(_bound_as(head)))


def open_sealed(box: bytes, place: Place) -> str:
    """Raises SealBroken, or NotOpened where only somebody who is not here could open it."""
    try:
        at = _end_of_head(box)
        cipher = AESGCMSIV(_unwrapped(box, place))
        plain = cipher.decrypt(box[at : at + NONCE], box[at + NONCE :], place.additional(_bound_as(box)))
        return (plain if box[0] == WRAPPED else _unpadded(plain)).decode()
    except BROKEN as broken:
        raise SealBroken(place.field) from broken


def epoch_of(box: bytes) -> str:
    return box[1:HEAD].hex()


def under_current_epoch(box: bytes, place: Place, *, stays: bool = False) -> bytes:
    """The same box with its data key wrapped afresh; what it holds is not opened, and what persons hold needs none of
    them. ``stays``: what its writer could then not read again is not given to persons. Raises SealBroken."""
    ring = keyring()
    try:
        at = _end_of_head(box)
        if box[0] == POSTED:
            return _cover(ring, place, _handed_over(box, place, stays)) + box[at:]
        data_key = _unwrapped(box, place)
    except BROKEN as broken:
        raise SealBroken(place.field) from broken
    if box[0] == POSTED_BEFORE:
        return _cover(ring, place, [_posted(data_key, _letterbox(place, stays), place)]) + box[at:]
    return _wrapped(ring, data_key, place) + box[at:]


def _bound_as(box: bytes) -> int:
    """A value that was sealed before covers is still bound to how it was wrapped then."""
    return WRAPPED if box[0] == WRAPPED else POSTED_BEFORE


def _end_of_head(box: bytes) -> int:
    if box[0] == POSTED:
        return HEAD + 1 + NONCE + box[HEAD] * (NAME + POSTED_KEY) + TAG
    return HEAD + LENGTHS[box[0]]


def _wrapped(ring: Keyring, data_key: bytes, place: Place, also: Iterable[Recipient] = ()) -> bytes:
    if ring.letterbox(place.data_class):
        to = [_letterbox(place), *also]
        return _cover(ring, place, [_posted(data_key, one, place) for one in to])
    nonce, cipher = secrets.token_bytes(NONCE), ring.cipher(ring.current, place.data_class, place.controller)
    wrap = cipher.encrypt(nonce, data_key, place.additional(WRAPPED))
    return bytes([WRAPPED]) + bytes.fromhex(ring.current) + nonce + wrap


def the_house(data_class: str) -> Recipient:
    """Raises KeyError for a class that is not posted."""
    box = keyring().letterbox(data_class)
    if box is None:
        raise KeyError(data_class)
    return Recipient(THE_HOUSE, box.public)


def _letterbox(place: Place, stays: bool = False) -> Recipient:
    held = None if stays else letterbox_of(place.data_class, place.controller)
    return held or the_house(place.data_class)


def _posted(data_key: bytes, to: Recipient, place: Place) -> bytes:
    wrap = POST.encrypt(data_key, Letterbox(to.public).to_post(), info=place.additional(POSTED_BEFORE))
    return to.id.bytes + wrap


def _cover(ring: Keyring, place: Place, wraps: list[bytes]) -> bytes:
    nonce, head = secrets.token_bytes(NONCE), bytes([POSTED]) + bytes.fromhex(ring.current) + bytes([len(wraps)])
    covered = _covering(ring, ring.current, place).encrypt(nonce, b"".join(wraps), place.additional(POSTED))
    return head + nonce + covered


def _covering(ring: Keyring, epoch: str, place: Place) -> AESGCMSIV:
    """The house's, for every agency: what the public posts is sealed while an agency's own keys are shut."""
    return ring.cipher(epoch, f"{place.data_class}|cover", None)


def _uncovered(box: bytes, place: Place) -> dict[UUID, bytes]:
    at, end = HEAD + 1, _end_of_head(box)
    cipher = _covering(keyring(), epoch_of(box), place)
    wraps = cipher.decrypt(box[at : at + NONCE], box[at + NONCE : end], place.additional(POSTED))
    each = [wraps[start : start + NAME + POSTED_KEY] for start in range(0, len(wraps), NAME + POSTED_KEY)]
    return {UUID(bytes=one[:NAME]): one[NAME:] for one in each}


def _handed_over(box: bytes, place: Place, stays: bool) -> list[bytes]:
    """What the house's letterbox of the old epoch opened is posted to whoever holds it from now on."""
    wraps = _uncovered(box, place)
    kept = [name.bytes + wrap for name, wrap in wraps.items() if name != THE_HOUSE]
    if THE_HOUSE not in wraps:
        return kept
    data_key = _by_the_house(wraps[THE_HOUSE], epoch_of(box), place)
    return [_posted(data_key, _letterbox(place, stays and THE_WRITER not in wraps), place), *kept]


def _by_the_house(wrap: bytes, epoch: str, place: Place) -> bytes:
    opening = keyring().opening(epoch, place.data_class)
    return POST.decrypt(wrap, opening, info=place.additional(POSTED_BEFORE))


def _unwrapped(box: bytes, place: Place) -> bytes:
    if box[0] == POSTED:
        return _by_whoever_is_here(_uncovered(box, place), epoch_of(box), place)
    wrap = box[HEAD : HEAD + LENGTHS[box[0]]]
    if box[0] == POSTED_BEFORE:
        return _by_the_house(wrap, epoch_of(box), place)
    cipher = keyring().cipher(epoch_of(box), place.data_class, place.controller)
    return cipher.decrypt(wrap[:NONCE], wrap[NONCE:], place.additional(WRAPPED))


def _by_whoever_is_here(wraps: dict[UUID, bytes], epoch: str, place: Place) -> bytes:
    """Raises NotOpened."""
    if THE_HOUSE in wraps:
        return _by_the_house(wraps[THE_HOUSE], epoch, place)
    for name, wrap in wraps.items():
        if found := private_half(name):
            return POST.decrypt(wrap, found.to_open(), info=place.additional(POSTED_BEFORE))
    raise NotOpened


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
        also = getattr(model_instance, "also_for", ())
        return seal(str(value or ""), place_of(model_instance, self.attname), also)

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
