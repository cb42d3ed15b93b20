"""A batch of a phone's outbox comes in: weighed, taken in under its authors' own grants, and answered row by row.

One transaction, one batch of an operation at a time. Nothing is refused: what can't be taken in waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.db.models import Q

from wilberforce.agencies import seats
from wilberforce.base import backed_up, clock, inserting, outbox
from wilberforce.base.errors import NotAllowed, Unreadable
from wilberforce.base.outbox import Row
from wilberforce.ledger.doors import at_work
from wilberforce.operations.models import Life, Phone, PhoneRow, PhoneSeat

from . import boxes, takings
from .takings import Letter

PURPOSE = "op_safety"


@dataclass(frozen=True, slots=True)
class Ack:
    id: UUID
    dseq: int
    status: str
    reason: str
    seq: int


@dataclass
class Batch:
    """What is known beforehand: the rows that the phone sent earlier under the same ids and numbers."""

    phone: Phone
    now: datetime
    offset_ms: int
    key: ec.EllipticCurvePublicKey | None
    seats: dict[UUID, PhoneSeat]
    digests: dict[bytes, PhoneRow] = field(default_factory=dict)
    ids: set[UUID] = field(default_factory=set)
    numbers: dict[int, set[bytes]] = field(default_factory=dict)

    def remember(self, row_id: UUID, dseq: int, digest: bytes) -> None:
        self.ids.add(row_id)
        self.numbers.setdefault(dseq, set()).add(digest)

    def fault_of_author(self, opened: boxes.Opened) -> str:
        seat = self.seats.get(opened.seat)
        if opened.site != self.phone.site_id:
            return "site"
        if seat is None:
            return "author"
        if not seats.proves(seat, opened.proof):
            return "proof"
        return "lost" if self.phone.found_at and seat.begun_at < self.phone.found_at else ""


def _batch(phone: Phone, rows: Sequence[Row], offset_ms: int) -> Batch:
    key = outbox.signing_key(bytes(phone.public_key)) if phone.public_key else None
    seats = {seat.pk: seat for seat in phone.seats.all()}
    batch = Batch(phone, clock.now(), offset_ms, key, seats)
    numbers = {number for row in rows for number in (row.dseq, row.dseq - 1)}
    for kept in phone.rows.filter(Q(id__in=[row.id for row in rows]) | Q(dseq__in=numbers)).defer("box", "sig"):
        batch.digests[bytes(kept.digest)] = kept
        batch.remember(kept.id, kept.dseq, bytes(kept.digest))
    return batch


def receive(phone: Phone, rows: Sequence[Row], offset_ms: int) -> list[Ack]:
    """Inside the caller's transaction."""
    _one_at_a_time(phone)
    batch = _batch(phone, rows, offset_ms)
    known, new = dict(batch.digests), dict[bytes, tuple[Row, Letter]]()
    for row in rows:
        if row.digest not in known and row.digest not in new:
            new[row.digest] = (row, _weighed(batch, row))
            batch.remember(row.id, row.dseq, row.digest)
    sound = [letter for _, letter in new.values() if letter.opened and not letter.reason]
    for seat, group in groupby(sound, key=lambda letter: letter.opened and letter.opened.seat):
        if seat is not None:
            _under(batch.seats[seat], phone, list(group))
    fresh = {digest: _kept(batch, row, letter) for digest, (row, letter) in new.items()}
    for digest, seq in inserting.insert(list(fresh.values()), ("digest", "seq")):
        fresh[bytes(digest)].seq = seq
    return [_ack(row, fresh.pop(row.digest, None), {**known, **fresh}.get(row.digest)) for row in rows]


def _one_at_a_time(phone: Phone) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(phone.operation_id)])


def _weighed(batch: Batch, row: Row) -> Letter:
    letter = Letter(row.id, None, batch.now, outbox.fault(row, batch.ids, batch.numbers, batch.key))
    try:
        letter.opened = boxes.opened(row)
    except Unreadable as why:
        letter.reason = letter.reason or why.reason
        return letter
    letter.at = outbox.corrected(letter.opened.occurred_ms, batch.offset_ms, batch.now)
    letter.reason = letter.reason or batch.fault_of_author(letter.opened)
    return letter


def _under(seat: PhoneSeat, phone: Phone, letters: list[Letter]) -> None:
    """Whoever may no longer write has somebody else take it in for them."""
    try:
        with at_work(bytes(seat.session_hash), PURPOSE, takings.CELLS) as actor:
            takings.take_in(actor, phone, letters)
    except NotAllowed:
        for letter in letters:
            letter.reason, letter.why = "", ""
            if len(letters) > 1:  # one of them is why: each for itself
                _under(seat, phone, [letter])
            else:
                letter.reason = "roster"


def _kept(batch: Batch, row: Row, letter: Letter) -> PhoneRow:
    return PhoneRow(
        id=row.id, phone=batch.phone, dseq=row.dseq, prev=row.prev, digest=row.digest, kid=row.kid, box=row.box,
        sig=row.sig, received_at=batch.now, offset_ms=batch.offset_ms, reason=letter.reason, why=letter.why,
        taken_in=not letter.reason,
    )  # fmt: skip


def _ack(row: Row, fresh: PhoneRow | None, known: PhoneRow | None) -> Ack:
    if fresh is not None:
        return Ack(row.id, row.dseq, "accepted" if fresh.taken_in else "parked", fresh.reason, fresh.seq)
    return Ack(row.id, row.dseq, "duplicate", known.reason if known else "", known.seq if known else 0)


HEARD = """
UPDATE operations_phone p SET seen_at = %s, unsent = %s, offset_ms = %s WHERE p.id = %s
RETURNING (SELECT count(DISTINCT dseq) FROM operations_phonerow r WHERE r.phone_id = p.id),
          (SELECT coalesce(max(dseq), 0) FROM operations_phonerow r WHERE r.phone_id = p.id)
"""
GAPS = """
SELECT before + 1, dseq - 1 FROM (SELECT dseq, coalesce(lag(dseq) OVER (ORDER BY dseq), 0) AS before
    FROM (SELECT DISTINCT dseq FROM operations_phonerow WHERE phone_id = %s) d) g WHERE dseq > before + 1
"""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the server holds of a phone: how many rows, up to which number, and which are missing."""

    count: int
    highest: int
    missing: list[tuple[int, int]]


def heard(phone: Phone, *, unsent: int, offset_ms: int) -> Reckoned:
    with connection.cursor() as cursor:
        cursor.execute(HEARD, [clock.now(), unsent, offset_ms, phone.pk])
        count, highest = cursor.fetchone()
        missing: list[tuple[int, int]] = []
        if count != highest:
            cursor.execute(GAPS, [phone.pk])
            missing = [(first, last) for first, last in cursor.fetchall()]
    return Reckoned(count, highest, missing)


def waiting(phone: Phone) -> int:
    return phone.rows.filter(taken_in=False, settled_at=None).count()


def head_of(phone: Phone, dseq: int) -> list[bytes]:
    return [bytes(digest) for digest in phone.rows.filter(dseq=dseq).values_list("digest", flat=True)]


def current_life() -> UUID:
    return Life.objects.order_by("-since", "id").values_list("id", flat=True)[0]


def durable_upto(phone: Phone) -> int:
    """Up to which number a backup holds every row: until then the phone keeps them too."""
    return backed_up.upto(phone.rows)
