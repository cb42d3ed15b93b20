"""The outbox of a page that works without a network: signed rows in a chain, each a box that only the server opens.

A page has a name, which is bound into every box (HPKE, RFC 9180, base mode): a box of one page opens on no other.
Nothing here knows what an event says.
"""

import base64
import binascii
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.db import transaction

from .errors import Unreadable
from .keyring import keyring

SIGNED = ec.ECDSA(hashes.SHA256())
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@lru_cache(maxsize=1)
def private_key() -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(keyring().secret("desk boxes"))


@lru_cache(maxsize=1)
def public_key() -> bytes:
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return private_key().public_key().public_bytes(*raw)


@lru_cache(maxsize=1)
def key_id() -> str:
    return hashlib.sha256(public_key()).hexdigest()[:8]


def text64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bytes64(text: object) -> bytes:
    """Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("not text")
    try:
        plain = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
        return binascii.a2b_base64(plain, strict_mode=True)
    except binascii.Error as broken:
        raise ValueError("not base64") from broken


@dataclass(frozen=True)
class Row:
    """One row of an outbox. ``prev`` is the digest of the row before it, empty for the first."""

    id: UUID
    tablet: UUID
    dseq: int
    prev: bytes
    kid: str
    box: bytes
    sig: bytes

    @classmethod
    def of(cls, tablet: UUID, said: dict[str, Any]) -> "Row":
        """Raises ValueError, KeyError or TypeError where it is no row at all."""
        dseq = int(said["dseq"])
        if not 0 < dseq < 2**31:
            raise ValueError("dseq")
        kid = str(said["kid"])[:8]
        if not kid.isprintable():
            raise ValueError("kid")
        texts = (bytes64(said["prev"]), kid, bytes64(said["box"]), bytes64(said["sig"]))
        return cls(UUID(str(said["id"])), tablet, dseq, *texts)

    @cached_property
    def digest(self) -> bytes:
        parts = (str(self.id), str(self.tablet), str(self.dseq), text64(self.prev), self.kid, text64(self.box))
        return hashlib.sha256("\n".join(parts).encode()).digest()

    def signed_by(self, public: ec.EllipticCurvePublicKey) -> bool:
        half = len(self.sig) // 2
        numbers = (int.from_bytes(self.sig[:half]), int.from_bytes(self.sig[half:]))
        try:
            public.verify(utils.encode_dss_signature(*numbers), self.digest, SIGNED)
        except (InvalidSignature, ValueError):
            return False
        return True


class Answered(Protocol):
    @property
    def status(self) -> str: ...


class NoOutbox(Exception):
    """The sentence says why a file is not the outbox of a device of ours."""


def saved_file(path: Path) -> bytes:
    """Raises NoOutbox with what to do."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NoOutbox("There is no such file. Give its whole path, on this server.") from None
    except IsADirectoryError:
        raise NoOutbox("This is a folder. Give the file in it.") from None
    except OSError:
        raise NoOutbox("It can't be read. Make it readable for whoever runs this command.") from None


@dataclass(frozen=True)
class Saved:
    """The file that a page saves when its device never reaches the network again."""

    device: UUID
    rows: list[Row]
    chunks: list[tuple[UUID, int, bytes]]

    def sent(self, at_once: int, receive: Callable[[Sequence[Row]], Iterable[Answered]]) -> Counter[str]:
        """How many rows got which answer, each batch in a transaction of its own."""
        answers: Counter[str] = Counter()
        for first in range(0, len(self.rows), at_once):
            with transaction.atomic():
                answers.update(answer.status for answer in receive(self.rows[first : first + at_once]))
        return answers


def saved(file: bytes) -> Saved:
    """Raises NoOutbox."""
    try:
        said: Any = json.loads(file)
        device = UUID(str(said["tablet"]))
        chunks = [(UUID(one["id"]), int(one["n"]), bytes64(one["box"])) for one in said.get("chunks", ())]
        return Saved(device, [Row.of(device, row) for row in said["rows"]], chunks)
    except (KeyError, TypeError, ValueError) as nonsense:
        raise NoOutbox("This is not the file of a tablet or a phone.") from nonsense


def signing_key(public: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)


def bound(page: str, event: object, device: UUID, dseq: int) -> bytes:
    """A box opens only as the event that it was sealed for."""
    return f"wilberforce {page} 1|{device}|{dseq}|{event}".encode()


def unsealed(page: str, row: Row) -> dict[str, Any]:
    """Raises Unreadable with the reason."""
    if row.kid != key_id():
        raise Unreadable("seal")
    try:
        inner = json.loads(SUITE.decrypt(row.box, private_key(), bound(page, row.id, row.tablet, row.dseq)))
    except (InvalidTag, ValueError) as broken:
        raise Unreadable("seal") from broken
    if not isinstance(inner, dict):
        raise Unreadable("sense")
    return inner


def fault(
    row: Row,
    ids: Container[UUID],
    numbers: Mapping[int, Collection[bytes]],
    key: ec.EllipticCurvePublicKey | None,
) -> str:
    """Why a row can't be trusted as it stands, after those that were sent before under the same ids and numbers.

    A clash of numbers holds up nothing that follows."""
    if row.id in ids:
        return "tamper"
    if row.dseq in numbers:
        return "sequence"
    before = numbers.get(row.dseq - 1, ())
    if (row.dseq == 1) != (row.prev == b"") or (before and row.prev not in before):
        return "chain"
    return "" if key and row.signed_by(key) else "signature"


def corrected(claimed_ms: int, offset_ms: int, now: datetime) -> datetime:
    """The device's own time set right by how far its clock was off when it spoke to us; never in the future."""
    return min(instant_of(claimed_ms + offset_ms, now), now)


def instant_of(milliseconds: int, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return otherwise


def offset_of(device_ms: int, now: datetime) -> int:
    """What must be added to the device's clock; within a few seconds it is the journey, not the clock."""
    offset = round(now.timestamp() * 1000) - device_ms
    return 0 if abs(offset) < 5_000 else offset
