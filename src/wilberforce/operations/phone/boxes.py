"""What a bronze wrote on their phone: opened from its box, as one event."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wilberforce.base import outbox
from wilberforce.base.errors import Unreadable
from wilberforce.base.ids import is_exercise, played
from wilberforce.base.outbox import Row
from wilberforce.operations.models import PhoneRow

PAGE = "site"
SCHEMA = 1
KINDS = ("found", "handed", "moved", "counted", "logged")
LONGEST = 1_000


@dataclass(frozen=True)
class Opened:
    id: UUID
    kind: str
    site: UUID
    seat: UUID
    proof: bytes
    entity: UUID | None
    reference: str
    occurred_ms: int
    body: dict[str, Any]

    def text(self, name: str) -> str:
        """Raises Unreadable where it is too long; nothing is cut off."""
        words = str(self.body.get(name, "")).replace("\x00", "").strip()
        if len(words) > LONGEST:
            raise Unreadable("sense")
        return words


def opened(row: Row) -> Opened:
    """Raises Unreadable with the reason."""
    inner = outbox.unsealed(PAGE, row)
    try:
        if UUID(inner["id"]) != row.id or inner["type"] not in KINDS:
            raise Unreadable("newer" if int(inner["schema"]) > SCHEMA else "sense")
        site, entity = UUID(inner["centre"]), inner.get("entity")
        return Opened(
            id=row.id,
            kind=inner["type"],
            site=site,
            seat=UUID(inner["seat"]),
            proof=outbox.bytes64(inner.get("proof", "")),
            entity=_person(UUID(entity), site) if entity else None,
            reference="".join(str(inner.get("ref", "")).split()).upper()[:12],
            occurred_ms=int(inner["occurred_at"]),
            body=dict(inner["body"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        raise Unreadable("sense") from nonsense


def _person(entity: UUID, site: UUID) -> UUID:
    """The phone of an exercise meets nobody real, whatever it says."""
    return played(entity) if is_exercise(site) else entity


def row_of(kept: PhoneRow) -> Row:
    parts = (bytes(kept.prev), kept.kid, bytes(kept.box), bytes(kept.sig))
    return Row(kept.id, kept.phone_id, kept.dseq, *parts)


def opened_again(kept: PhoneRow) -> Opened | None:
    try:
        return opened(row_of(kept))
    except Unreadable:
        return None
