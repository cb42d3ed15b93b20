"""Sealed boxes: what a tablet wrote, which only the server can open (HPKE, RFC 9180, base mode)."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from wilberforce.base.keyring import keyring

from . import rules
from .rules import Unreadable

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
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
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
        texts = (bytes64(said["prev"]), str(said["kid"])[:8], bytes64(said["box"]), bytes64(said["sig"]))
        return cls(UUID(str(said["id"])), tablet, dseq, *texts)

    @cached_property
    def digest(self) -> bytes:
        parts = (str(self.id), str(self.tablet), str(self.dseq), text64(self.prev), self.kid, text64(self.box))
        return hashlib.sha256("\n".join(parts).encode()).digest()

    def signed_by(self, public: ec.EllipticCurvePublicKey) -> bool:
        half = len(self.sig) // 2
        numbers = (int.from_bytes(self.sig[:half]), int.from_bytes(self.sig[half:]))
        try:
            public.verify(utils.encode_dss_signature(*numbers), self.digest, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


def signing_key(public: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)


@dataclass(frozen=True)
class Opened:
    """What was in a box, written as the newest schema writes it."""

    id: UUID
    kind: str
    centre: UUID
    seat: UUID
    proof: bytes
    entity: UUID | None
    reference: str
    base: tuple[UUID, ...]
    occurred_ms: int
    hlc: str
    body: dict[str, Any]


def bound(event: object, tablet: UUID, dseq: int) -> bytes:
    """A box opens only as the event that it was sealed for."""
    return f"wilberforce desk 1|{tablet}|{dseq}|{event}".encode()


def open_box(row: Row) -> Opened:
    """Raises Unreadable with the reason."""
    if row.kid != key_id():
        raise Unreadable("seal")
    try:
        text = SUITE.decrypt(row.box, private_key(), bound(row.id, row.tablet, row.dseq))
        inner = json.loads(text)
    except (InvalidTag, ValueError) as broken:
        raise Unreadable("seal") from broken
    try:
        return _opened(row, inner)
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        raise Unreadable("sense") from nonsense


def _opened(row: Row, inner: dict[str, Any]) -> Opened:
    if inner["type"] not in rules.CLASS_OF or UUID(inner["id"]) != row.id:
        raise Unreadable("newer" if int(inner["schema"]) > rules.SCHEMA else "sense")
    entity = inner.get("entity")
    return Opened(
        id=row.id,
        kind=inner["type"],
        centre=UUID(inner["centre"]),
        seat=UUID(inner["seat"]),
        proof=bytes64(inner.get("proof", "")),
        entity=UUID(entity) if entity else None,
        reference="".join(str(inner.get("ref", "")).split()).upper()[:20],
        base=tuple(UUID(one) for one in inner.get("base", ())),
        occurred_ms=int(inner["occurred_at"]),
        hlc=str(inner["hlc"])[:60],
        body=rules.newest(dict(inner["body"]), int(inner["schema"])),
    )
