"""Sealed boxes: what a tablet wrote, which only the server can open."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from wilberforce.base.errors import Unreadable
from wilberforce.base.outbox import (
    SUITE,
    Row,
    bytes64,
    key_id,
    private_key,
    public_key,
    signing_key,
    text64,
    unsealed,
)
from wilberforce.base.outbox import bound as bound_to

from . import rules

__all__ = [
    "SUITE", "Opened", "Row", "bound", "bytes64", "key_id", "open_box", "private_key", "public_key", "signing_key",
    "text64",
]  # fmt: skip
PAGE = "desk"


def bound(event: object, tablet: UUID, dseq: int) -> bytes:
    return bound_to(PAGE, event, tablet, dseq)


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


@lru_cache(maxsize=64)
def _again(text: str) -> UUID:
    """Every event of a shift names the same centre and the same few seats."""
    return UUID(text)


def open_box(row: Row) -> Opened:
    """Raises Unreadable with the reason."""
    inner = unsealed(PAGE, row)
    try:
        return _opened(row, inner)
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        raise Unreadable("sense") from nonsense


def _opened(row: Row, inner: dict[str, Any]) -> Opened:
    if inner["type"] not in rules.CLASS_OF or UUID(inner["id"]) != row.id:
        raise Unreadable("newer" if int(inner["schema"]) > rules.SCHEMA else "sense")
    entity = inner.get("entity")
    reference, hlc = "".join(str(inner.get("ref", "")).split()).upper()[:20], str(inner["hlc"])[:60]
    if not (reference + hlc).isprintable():
        raise ValueError("not text")
    return Opened(
        id=row.id,
        kind=inner["type"],
        centre=_again(inner["centre"]),
        seat=_again(inner["seat"]),
        proof=bytes64(inner.get("proof", "")),
        entity=UUID(entity) if entity else None,
        reference=reference,
        base=tuple(UUID(one) for one in inner.get("base", ())),
        occurred_ms=int(inner["occurred_at"]),
        hlc=hlc,
        body=rules.newest(dict(inner["body"]), int(inner["schema"])),
    )
