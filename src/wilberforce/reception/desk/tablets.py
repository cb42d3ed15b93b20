"""Tablets and who sits at them: enrolled, unlocked, lost, closed down."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.agencies import sittings
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock
from wilberforce.base.cookies import host_only
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.reception.models import Seat, Tablet
from wilberforce.reception.policy import CENTRES

from . import boxes, rules, sync

CENTRE = {"centre": "centre_id"}
COOKIE = host_only("wb_tablet")


@dataclass(frozen=True, slots=True)
class Enrolled:
    tablet: Tablet
    secret: str


@action("centre", "W", about=CENTRE)
def enrol(actor: Actor, centre_id: UUID, *, label: str) -> Enrolled:
    """The browser in which the manager asks for it becomes a tablet of this centre."""
    _managed(actor, centre_id)
    if not label.strip():
        raise RuleBroken("Give the tablet a name that is written on it.", field="label")
    secret = sittings.new_secret()
    tablet = Tablet(
        controller_id=actor.home,
        centre_id=centre_id,
        label=label.strip()[:40],
        token_hash=sittings.hash_of(secret),
        enrolled_by=actor.me,
    )
    tablet.save(force_insert=True)
    return Enrolled(tablet, secret)


def _managed(actor: Actor, centre_id: UUID) -> None:
    """Raises NotAllowed for whoever does not manage this centre."""
    if actor.role != "reception_manager":
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="cell")
    CENTRES.one(actor, centre_id)


def of_centre(actor: Actor, centre_id: UUID) -> list[Tablet]:
    _managed(actor, centre_id)
    return list(Tablet.objects.filter(centre_id=centre_id).order_by("label", "enrolled_at"))


@action("centre", "W", about=CENTRE)
def lose(actor: Actor, centre_id: UUID, tablet_id: UUID) -> Tablet:
    """Its seats end and their shares are destroyed: what lies on it can't be read, even if it is never seen again."""
    _managed(actor, centre_id)
    tablet = Tablet.objects.filter(pk=tablet_id, centre_id=centre_id).first()
    if tablet is None:
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="row")
    for seat in tablet.seats.filter(ended_at=None):
        end_seat(seat)
    tablet.lost_at = clock.now()
    tablet.save(update_fields=["lost_at"])
    return tablet


@action("centre", "W", about=CENTRE)
def enrol_again(actor: Actor, centre_id: UUID, tablet_id: UUID) -> Enrolled:
    """The browser has lost its cookie and nothing else: what is unsent on it comes in under the same tablet."""
    _managed(actor, centre_id)
    tablet = Tablet.objects.filter(pk=tablet_id, centre_id=centre_id, lost_at=None, wiped_at=None).first()
    if tablet is None:
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="row")
    secret = sittings.new_secret()
    tablet.token_hash = sittings.hash_of(secret)
    tablet.save(update_fields=["token_hash"])
    return Enrolled(tablet, secret)


def of_cookie(secret: str | None) -> Tablet | None:
    if not secret:
        return None
    return Tablet.objects.filter(token_hash=sittings.hash_of(secret), wiped_at=None).first()


def greet(tablet: Tablet, public_key: bytes) -> None:
    """A tablet names its key once. Raises RuleBroken for a second one."""
    boxes.signing_key(public_key)
    if tablet.public_key and bytes(tablet.public_key) != public_key:
        raise RuleBroken("This tablet has a key already. Enrol it again.")
    Tablet.objects.filter(pk=tablet.pk, public_key=None).update(public_key=public_key)


@action("person_ref", "W", about=CENTRE)
def take_seat(actor: Actor, centre_id: UUID, *, tablet: Tablet, sitting: SignedIn, proof_hash: bytes) -> Seat:
    """For one shift. A second seat at the same tablet ends the person's first."""
    if tablet.centre_id != centre_id or tablet.lost_at or len(proof_hash) != 32:
        raise RuleBroken("This tablet can't be used here. Ask the manager to enrol it.")
    if "managed_device" not in actor.ready:
        raise RuleBroken("This device is not enrolled for you. Your data guardian gives you a code.")
    for earlier in tablet.seats.filter(membership_id=actor.me, ended_at=None):
        end_seat(earlier)
    seat = Seat(
        tablet=tablet,
        membership_id=actor.me,
        session_hash=sittings.seat_elsewhere(sitting),
        proof_hash=proof_hash,
        share=secrets.token_bytes(32),
    )
    seat.save(force_insert=True)
    return seat


def end_seat(seat: Seat) -> None:
    """The share goes for good; the sitting stays until its own end, so that what was written still comes in."""
    seat.share, seat.card, seat.ended_at = None, None, clock.now()
    seat.save(update_fields=["share", "card", "ended_at"])


def unlock(tablet: Tablet, seat_id: UUID, proof: bytes) -> Seat | None:
    """The seat, for the right PIN. The server counts, so a tablet in the wrong hands has five guesses in all."""
    seat = tablet.seats.select_for_update().filter(pk=seat_id, ended_at=None).first()
    if seat is None or seat.share is None or tablet.lost_at:
        return None
    if hmac.compare_digest(hashlib.sha256(proof).digest(), bytes(seat.proof_hash)):
        Seat.objects.filter(pk=seat.pk).update(wrong=0)
        return seat
    seat.wrong += 1
    seat.save(update_fields=["wrong"])
    if seat.wrong >= rules.WRONG_PINS.value:
        end_seat(seat)
    return None


def close_down(tablet: Tablet, count: int, head: bytes) -> list[tuple[int, int]] | None:
    """None where everything is here and the tablet may be wiped; else which numbers are missing."""
    held = sync.heard(tablet, unsent=tablet.unsent, offset_ms=tablet.offset_ms, app_version=tablet.app_version)
    if held.count != count or held.highest != count or (count and head not in sync.head_of(tablet, count)):
        return held.missing or [(held.highest + 1, count)]
    for seat in tablet.seats.filter(ended_at=None):
        end_seat(seat)
    Tablet.objects.filter(pk=tablet.pk).update(wiped_at=clock.now(), unsent=0)
    return None
