"""A bronze's phone without a browser, for the demonstration and for tests: it writes rows as the page does."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.db import transaction

from wilberforce.access.context import Actor
from wilberforce.agencies import seats
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock, outbox
from wilberforce.base.ids import new_id
from wilberforce.base.outbox import Row
from wilberforce.operations.models import Phone, PhoneSeat

from . import boxes, phones, sync

PROOF = b"the proof of a PIN"


@dataclass
class Bronze:
    kept: Phone
    seat: PhoneSeat
    secret: str
    key: ec.EllipticCurvePrivateKey
    rows: list[Row] = field(default_factory=list)
    clock_off_ms: int = 0

    def writes(self, kind: str, body: dict[str, Any], *, proof: bytes = PROOF, **more: Any) -> UUID:
        event, dseq = new_id(), len(self.rows) + 1
        inner = {
            "v": 1, "id": str(event), "type": kind, "schema": boxes.SCHEMA, "centre": str(self.kept.site_id),
            "seat": str(self.seat.pk), "proof": outbox.text64(proof), "entity": None, "ref": "", "base": [],
            "occurred_at": round(clock.now().timestamp() * 1000) - self.clock_off_ms, "hlc": "0", "body": body,
        } | {name: str(value) for name, value in more.items()}  # fmt: skip
        bound = outbox.bound(boxes.PAGE, event, self.kept.pk, dseq)
        box = outbox.SUITE.encrypt(json.dumps(inner).encode(), outbox.private_key().public_key(), bound)
        prev = self.rows[-1].digest if self.rows else b""
        self.rows.append(self._signed(Row(event, self.kept.pk, dseq, prev, outbox.key_id(), box, b"")))
        return event

    def _signed(self, row: Row) -> Row:
        numbers = utils.decode_dss_signature(self.key.sign(row.digest, ec.ECDSA(hashes.SHA256())))
        return Row(row.id, row.tablet, row.dseq, row.prev, row.kid, row.box, b"".join(n.to_bytes(32) for n in numbers))

    def finds(self, reference: str, age: str = "adult") -> UUID:
        """The id that the phone gives the person."""
        person = new_id()
        facts = {"age": age, "sex": "female", "injury": "none", "languages": ["ro"]}
        self.writes("found", facts, entity=person, ref=reference)
        return person

    def sends(self, rows: list[Row] | None = None) -> list[tuple[str, str]]:
        """The verdict on each row, with its reason."""
        with transaction.atomic():
            self.kept.refresh_from_db()
            acks = sync.receive(self.kept, self.rows if rows is None else rows, self.clock_off_ms)
        return [(ack.status, ack.reason) for ack in acks]


def enrolled(actor: Actor, site_id: UUID, label: str) -> Bronze:
    """By whoever is signed in, who also sits at it."""
    made = phones.enrol(actor, site_id, label=label)
    key = ec.generate_private_key(ec.SECP256R1())
    point = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    seats.greet(made.phone, key.public_key().public_bytes(*point))
    made.phone.refresh_from_db()
    return Bronze(made.phone, seated(actor, made.phone), made.secret, key)


def seated(actor: Actor, phone: Phone) -> PhoneSeat:
    """By whoever is signed in."""
    sitting = SignedIn.objects.filter(membership_id=actor.me, ended_at=None).latest("signed_in_at")
    proof_hash = hashlib.sha256(PROOF).digest()
    return phones.take_seat(actor, phone.site_id, phone=phone, sitting=sitting, proof_hash=proof_hash)
