"""A batch of a tablet's outbox comes in: weighed, taken in under its authors' own grants, and answered row by row.

One transaction, one batch of a centre at a time. Nothing is refused: what can't be taken in waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import IntegrityError, connection

from wilberforce.agencies import seats
from wilberforce.base import backed_up, clock, inserting, outbox
from wilberforce.base import rows as rows_of
from wilberforce.base.errors import NotAllowed, Unreadable
from wilberforce.ledger.doors import at_work
from wilberforce.reception.models import Envelope, Epoch, Seat, Tablet

from . import boxes, takings
from .boxes import Opened, Row
from .takings import Letter


@dataclass(frozen=True, slots=True)
class Ack:
    id: UUID
    dseq: int
    status: str
    reason: str
    seq: int


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered when the row first came."""

    reason: str
    seq: int


SENT = """
SELECT id, dseq, digest, reason, seq FROM reception_envelope
WHERE tablet_id = %s AND (id = ANY (%s::uuid[]) OR dseq = ANY (%s::int[]))
"""


@dataclass
class Batch:
    """What is known beforehand: the rows that the tablet sent earlier under the same ids and numbers."""

    tablet: Tablet
    rows: Sequence[Row]
    now: datetime
    offset_ms: int
    seats: dict[UUID, Seat] = field(default_factory=dict)
    known: dict[bytes, Known] = field(default_factory=dict)
    ids: set[UUID] = field(default_factory=set)
    numbers: dict[int, set[bytes]] = field(default_factory=dict)
    key: ec.EllipticCurvePublicKey | None = None

    @classmethod
    def of(cls, tablet: Tablet, rows: Sequence[Row], offset_ms: int, seats: Sequence[Seat]) -> "Batch":
        batch = cls(tablet, rows, clock.now(), offset_ms, {seat.pk: seat for seat in seats})
        batch.key = boxes.signing_key(bytes(tablet.public_key)) if tablet.public_key else None
        numbers = {number for row in rows for number in (row.dseq, row.dseq - 1)}
        with connection.cursor() as cursor:
            cursor.execute(SENT, [tablet.pk, [row.id for row in rows], list(numbers)])
            for id, dseq, digest, reason, seq in cursor:
                batch.known[bytes(digest)] = Known(reason, seq)
                batch.remember(id, dseq, bytes(digest))
        return batch

    def remember(self, id: UUID, dseq: int, digest: bytes) -> None:
        self.ids.add(id)
        self.numbers.setdefault(dseq, set()).add(digest)

    def fault(self, row: Row) -> str:
        return outbox.fault(row, self.ids, self.numbers, self.key)

    def fault_of_author(self, opened: Opened) -> str:
        seat = self.seats.get(opened.seat)
        if opened.centre != self.tablet.centre_id:
            return "centre"
        if seat is None:
            return "author"
        if not seats.proves(seat, opened.proof):
            return "proof"
        return "lost" if self.tablet.found_at and seat.begun_at < self.tablet.found_at else ""


def receive(tablet: Tablet, rows: Sequence[Row], offset_ms: int) -> list[Ack]:
    """Inside the caller's transaction."""
    batch = Batch.of(tablet, rows, offset_ms, one_at_a_time(tablet.centre_id, tablet.pk))
    new: dict[bytes, tuple[Row, Letter]] = {}
    for row in rows:
        if row.digest not in batch.known and row.digest not in new:
            new[row.digest] = (row, _weighed(batch, row))
            batch.remember(row.id, row.dseq, row.digest)
    _take_in(batch, [letter for _, letter in new.values()])
    envelopes = [_envelope(batch, row, letter) for row, letter in new.values()]
    given = {bytes(digest): seq for digest, seq in inserting.insert_rows(Envelope, envelopes, ("digest", "seq"))}
    return [_ack(batch, row, new.pop(row.digest, None), given) for row in rows]


LOCKED = "(SELECT pg_advisory_xact_lock(%s)) AS mine LEFT JOIN reception_seat one ON one.tablet_id = %s"


def one_at_a_time(centre: UUID, tablet: UUID | None = None) -> list[Seat]:
    """The lock of the centre, and the tablet's seats. Without the lock, whoever reads by sequence misses what a slower
    transaction commits later."""
    return rows_of.read(Seat, LOCKED, [centre.int % 2**63, tablet])


def _weighed(batch: Batch, row: Row) -> Letter:
    letter = Letter(row.id, None, batch.now, batch.now, tablet=batch.tablet.pk, reason=batch.fault(row))
    try:
        letter.opened = boxes.open_box(row)
    except Unreadable as why:
        letter.reason = letter.reason or why.reason
        return letter
    claimed = letter.opened.occurred_ms
    letter.claimed_at = outbox.instant_of(claimed, batch.now)
    letter.at = outbox.corrected(claimed, batch.offset_ms, batch.now)
    letter.reason = letter.reason or batch.fault_of_author(letter.opened)
    return letter


def _take_in(batch: Batch, letters: Sequence[Letter]) -> None:
    """Under each author's own sitting; whoever may no longer write has somebody else take it in for them."""
    sound = [letter for letter in letters if letter.opened and not letter.reason]
    for seat_id, group in groupby(sound, key=lambda letter: letter.opened and letter.opened.seat):
        if seat_id is not None:
            _under(batch.seats[seat_id], batch.tablet.centre_id, list(group))


def _under(seat: Seat, centre: UUID, letters: Sequence[Letter]) -> None:
    for letter in letters:
        letter.by = seat.membership_id
    try:
        with at_work(bytes(seat.session_hash), "reception", takings.CELLS) as actor:
            takings.take_in(actor, centre, letters)
    except (NotAllowed, IntegrityError) as refused:
        if len(letters) > 1:  # one of them is why: each for itself
            for letter in letters:
                letter.reason = ""
                _under(seat, centre, [letter])
            return
        letters[0].reason = _why(refused)


def _why(refused: Exception) -> str:
    if isinstance(refused, NotAllowed):
        return "shift"
    return "closed" if "centre is not open" in str(refused) else "reference"


def _envelope(batch: Batch, row: Row, letter: Letter) -> dict[str, object]:
    return {
        "id": row.id,
        "tablet_id": batch.tablet.pk,
        "centre_id": batch.tablet.centre_id,
        "dseq": row.dseq,
        "prev": row.prev,
        "digest": row.digest,
        "kid": row.kid,
        "box": row.box,
        "sig": row.sig,
        "received_at": batch.now,
        "offset_ms": batch.offset_ms,
        "status": _status(letter),
        "reason": letter.reason,
    }


def _status(letter: Letter) -> str:
    return str(Envelope.Status.PARKED if letter.reason else Envelope.Status.ACCEPTED)


def _ack(batch: Batch, row: Row, new: tuple[Row, Letter] | None, given: dict[bytes, int]) -> Ack:
    if new is not None:
        return Ack(row.id, row.dseq, _status(new[1]), new[1].reason, given[row.digest])
    known = batch.known.get(row.digest, Known("", 0))
    return Ack(row.id, row.dseq, "duplicate", known.reason, known.seq)


HEARD = """
UPDATE reception_tablet t SET seen_at = %s, unsent = %s, offset_ms = %s, app_version = %s WHERE t.id = %s
RETURNING (SELECT count(DISTINCT dseq) FROM reception_envelope e WHERE e.tablet_id = t.id),
          (SELECT coalesce(max(dseq), 0) FROM reception_envelope e WHERE e.tablet_id = t.id),
          (SELECT id FROM reception_epoch ORDER BY since DESC, id LIMIT 1)
"""
GAPS = """
SELECT before + 1, dseq - 1 FROM (SELECT dseq, coalesce(lag(dseq) OVER (ORDER BY dseq), 0) AS before
    FROM (SELECT DISTINCT dseq FROM reception_envelope WHERE tablet_id = %s) d) g WHERE dseq > before + 1
"""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the server holds of a tablet: how many rows, up to which number, which are missing, in which epoch."""

    count: int
    highest: int
    missing: list[tuple[int, int]]
    epoch: UUID


def heard(tablet: Tablet, *, unsent: int, offset_ms: int, app_version: str) -> Reckoned:
    with connection.cursor() as cursor:
        cursor.execute(HEARD, [clock.now(), unsent, offset_ms, app_version[:20], tablet.pk])
        count, highest, epoch = cursor.fetchone()
        missing: list[tuple[int, int]] = []
        if count != highest:
            cursor.execute(GAPS, [tablet.pk])
            missing = [(first, last) for first, last in cursor.fetchall()]
    return Reckoned(count, highest, missing, epoch)


def head_of(tablet: Tablet, dseq: int) -> list[bytes]:
    """The digests of the row with this number: more than one where the number clashed."""
    return [
        bytes(digest) for digest in Envelope.objects.filter(tablet=tablet, dseq=dseq).values_list("digest", flat=True)
    ]


def current_epoch() -> UUID:
    return Epoch.objects.order_by("-since", "id").values_list("id", flat=True)[0]


def durable_upto(tablet: Tablet) -> int:
    """Up to which number a backup holds every row of the tablet: until then the tablet keeps them too."""
    return backed_up.upto(tablet.envelopes)
