"""Shift cards: printed paper with which a locked tablet reads its roster again while there is no network.

A card holds a half of the roster's key and nothing else; the other half is the PIN. It is over with the shift of the
person whose seat it is, or as soon as the manager revokes it and the tablet hears of it.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from uuid import UUID

import segno
import typst

from wilberforce.access.context import Actor
from wilberforce.agencies import shifts
from wilberforce.agencies.models import Membership
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.moments import LONDON
from wilberforce.ledger.doors import action
from wilberforce.reception.models import Seat

from . import tablets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BYTES = 16
MOST = 100
CENTRE = {"centre": "centre_id"}
NOT_YET = "The tablet knows no card of this seat yet. Unlock it once with the network, then print."


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who sits at a tablet now, for the manager's list of cards."""

    seat: Seat
    name: str
    until: datetime | None


def laid_by(seat: Seat) -> tuple[bytes | None, datetime | None]:
    """The half for a card of this seat and until when it opens; none where the person is on no shift."""
    shift = shifts.current(seat.membership_id)
    if shift is None or seat.ended_at:
        return None, None
    if seat.card is None:
        seat.card, seat.printed_at = secrets.token_bytes(BYTES), None
        seat.save(update_fields=["card", "printed_at"])
    return bytes(seat.card), shift.ends


def spelt(card: bytes) -> str:
    """Seven groups of four letters; the last two of them tell a slip of the finger."""
    number = int.from_bytes(card) << 12 | int.from_bytes(hashlib.sha256(card).digest()[:2]) >> 6
    letters = "".join(LETTERS[number >> place & 31] for place in range(8 * BYTES + 7, -1, -5))
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def at_centre(actor: Actor, centre_id: UUID) -> list[Sitting]:
    known = {tablet.pk for tablet in tablets.of_centre(actor, centre_id) if not (tablet.lost_at or tablet.wiped_at)}
    seats = list(
        Seat.objects.filter(tablet_id__in=known, ended_at=None).select_related("tablet").order_by("begun_at")[:MOST]
    )
    people = Membership.objects.filter(pk__in={seat.membership_id for seat in seats}).select_related("user")
    names = {one.pk: one.user.display_name for one in people}
    until = shifts.ends(names.keys())
    return [Sitting(seat, names[seat.membership_id], until.get(seat.membership_id)) for seat in seats]


def _of(actor: Actor, centre_id: UUID, seat_id: UUID) -> Sitting:
    for sitting in at_centre(actor, centre_id):
        if sitting.seat.pk == seat_id:
            return sitting
    raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="row")


@action("centre", "W", about=CENTRE)
def printed(actor: Actor, centre_id: UUID, seat_id: UUID) -> bytes:
    """The card as tagged PDF. Raises RuleBroken where the tablet could not be opened with it."""
    sitting = _of(actor, centre_id, seat_id)
    seat, until = sitting.seat, sitting.until
    if until is None:
        raise RuleBroken("They are on no shift now, so a card would open nothing.")
    if seat.card is None:
        raise RuleBroken(NOT_YET)
    letters = spelt(bytes(seat.card))
    code = segno.make(letters.replace(" ", ""), error="m", micro=False).svg_inline(scale=4)
    told = {
        "name": sitting.name,
        "tablet": seat.tablet.label,
        "until": f"{until.astimezone(LONDON):%-d %B, %H:%M}",
        "letters": letters,
        "code": code,
    }
    seat.printed_at = clock.now()
    seat.save(update_fields=["printed_at"])
    layout = (files("wilberforce.reception") / "data" / "shift_card.typ").read_bytes()
    made: bytes = typst.compile(layout, format="pdf", sys_inputs={"told": json.dumps(told)}, pdf_standards=["ua-1"])
    return made


@action("centre", "W", about=CENTRE)
def revoke(actor: Actor, centre_id: UUID, seat_id: UUID) -> Seat:
    """The tablet drops what the card opens when it next hears from us, and knows a new card once it is unlocked."""
    seat = _of(actor, centre_id, seat_id).seat
    seat.card, seat.printed_at = None, None
    seat.save(update_fields=["card", "printed_at"])
    return seat
