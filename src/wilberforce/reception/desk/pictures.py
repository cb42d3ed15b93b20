"""Pictures that tablets took: sealed pieces come in whenever they come, and are opened only to be shown.

Only pixels leave: what is shown is drawn anew, whatever the tablet sent.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Count, Q, Sum
from django.db.models.functions import Length

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Membership
from wilberforce.base import backed_up
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.pictures import drawn_anew
from wilberforce.reception.models import Envelope, PictureChunk, Tablet

from . import boxes, policy, rules

IV = 12
SEAL = IV + 16
MOST = 25
BROKEN = "The picture did not arrive whole. Ask for it again."


class EventFirst(Exception):
    """The event that a piece belongs to has not come in."""


class NoRoom(Exception):
    """The tablet has left as much here as it may."""


def take(tablet: Tablet, event: UUID, n: int, box: bytes) -> None:
    """A second time changes nothing. Raises EventFirst, NoRoom, or ValueError for what is no piece."""
    if not 0 <= n < rules.MOST_PIECES or not SEAL < len(box) <= rules.PIECE + SEAL:
        raise ValueError("piece")
    if not Envelope.objects.filter(tablet=tablet, id=event).exists():
        raise EventFirst
    held = PictureChunk.objects.filter(tablet=tablet).aggregate(bytes=Sum(Length("box")))["bytes"] or 0
    if held + len(box) > rules.MOST_OPEN:
        raise NoRoom
    PictureChunk.objects.bulk_create([PictureChunk(tablet=tablet, event_id=event, n=n, box=box)], ignore_conflicts=True)


def held(tablet: Tablet, events: Iterable[UUID]) -> dict[str, dict[str, Any]]:
    """Which pieces are here, and whether a backup holds them all."""
    backed = backed_up.before()
    found: dict[str, dict[str, Any]] = {str(event): {"have": [], "durable": backed is not None} for event in events}
    chunks = PictureChunk.objects.filter(tablet=tablet, event_id__in=list(found))
    for event, n, came in chunks.values_list("event_id", "n", "received_at"):
        found[str(event)]["have"].append(n)
        found[str(event)]["durable"] &= backed is not None and came < backed
    return found


@dataclass(frozen=True, slots=True)
class Taken:
    id: UUID
    by: str
    at: datetime
    came: int
    pieces: int

    @property
    def whole(self) -> bool:
        return self.came == self.pieces


def of_person(actor: Actor, person_id: UUID) -> list[Taken]:
    """The latest first."""
    where = Q(person_id=person_id)
    rows = policy.PICTURES.many(actor, where, projection="given", order_by=("-at",), limit=MOST)
    came = _came([row["id"] for row in rows])
    people = Membership.objects.filter(pk__in={row["by"] for row in rows}).select_related("user")
    names = {one.pk: one.user.display_name for one in people}
    return [Taken(row["id"], names[row["by"]], row["at"], came.get(row["id"], 0), row["pieces"]) for row in rows]


def _came(events: list[UUID]) -> dict[UUID, int]:
    counted = PictureChunk.objects.filter(event_id__in=events).values("event_id").annotate(came=Count("id"))
    return {one["event_id"]: one["came"] for one in counted}


def jpeg(actor: Actor, person_id: UUID, *, picture: UUID) -> bytes:
    """Raises NotAllowed where there is none, RuleBroken where it is not whole."""
    found = policy.PICTURES.many(actor, Q(pk=picture, person_id=person_id), projection="given", limit=1)
    if not found:
        raise NotAllowed(rule=actor.rules_for("support", "R"), reason="absent or hidden")
    return drawn_anew(_opened(found[0])).jpeg


def _opened(row: dict[str, Any]) -> bytes:
    chunks = PictureChunk.objects.filter(event_id=row["id"]).order_by("n")
    key, digest = AESGCM(boxes.bytes64(row["key"])), bytes(row["sha256"])
    try:
        pieces = [_piece(key, chunk, digest) for chunk in chunks[: row["pieces"]]]
    except (InvalidTag, ValueError) as broken:
        raise RuleBroken(BROKEN) from broken
    whole = b"".join(pieces)
    if len(whole) != row["size"] or hashlib.sha256(whole).digest() != digest:
        raise RuleBroken(BROKEN)
    return whole


def _piece(key: AESGCM, chunk: PictureChunk, digest: bytes) -> bytes:
    box = bytes(chunk.box)
    return key.decrypt(box[:IV], box[IV:], f"{chunk.event_id}|{chunk.n}|{boxes.text64(digest)}".encode())
