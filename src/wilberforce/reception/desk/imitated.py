"""A tablet without a browser, for measuring, the demonstration and tests: it writes rows as the shell does."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from wilberforce.access.context import Actor
from wilberforce.agencies import seats
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock
from wilberforce.base.ids import new_id

from . import boxes, pictures, rules, sync, tablets
from .boxes import Row
from .models import Seat, Tablet

PROOF = b"the proof of a PIN"


def sealed_row(tablet: UUID, dseq: int, prev: bytes, inner: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> Row:
    event = UUID(str(inner["id"]))
    server = boxes.private_key().public_key()
    box = boxes.SUITE.encrypt(json.dumps(inner).encode(), server, boxes.bound(event, tablet, dseq))
    return signed(Row(event, tablet, dseq, prev, boxes.key_id(), box, b""), key)


def signed(row: Row, key: ec.EllipticCurvePrivateKey) -> Row:
    numbers = utils.decode_dss_signature(key.sign(row.digest, ec.ECDSA(hashes.SHA256())))
    sig = b"".join(number.to_bytes(32) for number in numbers)
    return Row(row.id, row.tablet, row.dseq, row.prev, row.kid, row.box, sig)


@dataclass
class Desk:
    """``writes`` seals an event into the outbox, ``sends`` offers all of it."""

    kept: Tablet
    seat: Seat
    secret: str
    key: ec.EllipticCurvePrivateKey
    outbox: list[Row] = field(default_factory=list)
    proof: bytes = PROOF
    clock_off_ms: int = 0

    def writes(self, kind: str, body: dict[str, Any], **more: Any) -> UUID:
        """The id of the event."""
        event = new_id()
        inner = {
            "v": 1, "id": str(event), "type": kind, "schema": rules.SCHEMA, "centre": str(self.kept.centre_id),
            "seat": str(self.seat.pk), "proof": boxes.text64(self.proof), "entity": None, "ref": "", "base": [],
            "occurred_at": round(clock.now().timestamp() * 1000) - self.clock_off_ms, "hlc": f"{len(self.outbox):012x}",
            "body": body,
        } | {name: _plain(value) for name, value in more.items()}  # fmt: skip
        self.outbox.append(sealed_row(self.kept.pk, len(self.outbox) + 1, self.head, inner, self.key))
        return event

    @property
    def head(self) -> bytes:
        return self.outbox[-1].digest if self.outbox else b""

    def meets(self, reference: str, age: str = "adult", languages: tuple[str, ...] = ("sq",), **more: Any) -> UUID:
        """The id that the tablet gives the person."""
        person = new_id()
        self.writes("registered", {"age": age, "languages": list(languages)}, entity=person, ref=reference, **more)
        return person

    def photographs(self, raw: bytes, of: str = "belongings", **more: Any) -> tuple[UUID, list[bytes]]:
        """The event of the picture, and its pieces sealed as the tablet seals them."""
        key, digest = secrets.token_bytes(32), boxes.text64(hashlib.sha256(raw).digest())
        parts = [raw[first : first + rules.PIECE] for first in range(0, len(raw), rules.PIECE)]
        body = {"of": of, "size": len(raw), "sha256": digest, "key": boxes.text64(key), "chunks": len(parts)}
        event = self.writes("pictured", body, **more)
        ivs = [secrets.token_bytes(pictures.IV) for _ in parts]
        sealed = [
            iv + AESGCM(key).encrypt(iv, part, f"{event}|{n}|{digest}".encode())
            for n, (iv, part) in enumerate(zip(ivs, parts, strict=True))
        ]
        return event, sealed

    def sends(self, rows: list[Row] | None = None) -> list[sync.Ack]:
        with transaction.atomic():
            self.kept.refresh_from_db()
            return sync.receive(self.kept, self.outbox if rows is None else rows, self.clock_off_ms)


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else str(value) if isinstance(value, UUID) else value


def enrolled(actor: Actor, centre_id: UUID, label: str) -> tuple[Tablet, str, ec.EllipticCurvePrivateKey]:
    """By the manager."""
    made = tablets.enrol(actor, centre_id, label=label)
    key = ec.generate_private_key(ec.SECP256R1())
    point = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    seats.greet(made.tablet, key.public_key().public_bytes(*point))
    made.tablet.refresh_from_db()
    return made.tablet, made.secret, key


def seated(actor: Actor, tablet: Tablet) -> Seat:
    """By whoever is on shift and signed in."""
    sitting = SignedIn.objects.filter(membership_id=actor.me, ended_at=None).latest("signed_in_at")
    proof_hash = hashlib.sha256(PROOF).digest()
    return tablets.take_seat(actor, tablet.centre_id, tablet=tablet, sitting=sitting, proof_hash=proof_hash)
