"""Who sits at a device that works without a network: seated, unlocked with a PIN, ended with what only they read."""

import hashlib
import hmac
import secrets
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from wilberforce.access.context import Actor
from wilberforce.base import clock, outbox, rows
from wilberforce.base.errors import RuleBroken

from . import sittings
from .models import Carried, Membership, RoleHeld, SignedIn, not_over
from .rules import WRONG_PINS

D = TypeVar("D", bound=Carried)


def of_cookie(kind: type[D], secret: str | None) -> D | None:
    """None for a device that was wiped."""
    if not secret:
        return None
    source = f"{kind._meta.db_table} one WHERE one.token_hash = %s AND one.wiped_at IS NULL"
    return next(iter(rows.read(kind, source, [sittings.hash_of(secret)])), None)


def with_cookie(answer: HttpResponse, name: str, secret: str) -> HttpResponse:
    """No script reads it, and no other site sends it."""
    secure, lasts = settings.SESSION_COOKIE_SECURE, sittings.DEVICE_COOKIE_LASTS
    answer.set_cookie(name, secret, max_age=lasts, path="/", secure=secure, httponly=True, samesite="Strict")
    return answer


def known_again(device: Carried) -> str:
    """The secret of a new cookie: its browser lost the old one, or the device was lost and is found."""
    secret = sittings.new_secret()
    device.token_hash = sittings.hash_of(secret)
    if device.lost_at:
        device.lost_at, device.found_at = None, clock.now()
    device.save(update_fields=["token_hash", "lost_at", "found_at"])
    return secret


def greet(device: Carried, public_key: bytes) -> None:
    """A device names its key once. Raises RuleBroken for a second one."""
    outbox.signing_key(public_key)
    if device.public_key and bytes(device.public_key) != public_key:
        raise RuleBroken("This device has a key already. Enrol it again.")
    known: Any = type(device)
    known.objects.filter(pk=device.pk, public_key=None).update(public_key=public_key)


def taken(actor: Actor, device: Carried, *, sitting: SignedIn, proof_hash: bytes) -> Any:
    """For one shift. A second seat at the same device ends the person's first."""
    if "managed_device" not in actor.ready:
        raise RuleBroken("This device is not enrolled for you. Your data guardian gives you a code.")
    for earlier in device.seats.filter(membership_id=actor.me, ended_at=None):
        earlier.end()
    return device.seats.create(
        membership_id=actor.me,
        session_hash=sittings.seat_elsewhere(sitting),
        proof_hash=proof_hash,
        share=secrets.token_bytes(32),
    )


def proves(seat: Any, proof: bytes) -> bool:
    return hmac.compare_digest(hashlib.sha256(proof).digest(), bytes(seat.proof_hash))


def unlock(device: Carried, seat_id: UUID, proof: bytes) -> Any:
    """The seat, for the right PIN. The server counts, so a device in the wrong hands has five guesses in all."""
    seat = device.seats.select_for_update().filter(pk=seat_id, ended_at=None).first()
    if seat is None or seat.share is None or device.lost_at:
        return None
    if not _still_works_here(seat.membership_id):
        seat.end()
        return None
    right = proves(seat, proof)
    seat.wrong = 0 if right else seat.wrong + 1
    seat.save(update_fields=["wrong"])
    if seat.wrong >= WRONG_PINS.value:
        seat.end()
    return seat if right else None


def _still_works_here(membership: UUID) -> bool:
    now = clock.now()
    held = RoleHeld.objects.filter(not_over(now), membership=membership)
    return held.exists() and Membership.objects.live(now).filter(pk=membership).exists()


def ended(device: Carried) -> None:
    for seat in device.seats.filter(ended_at=None):
        seat.end()


def lose(device: Carried) -> None:
    """Its seats end and their shares are destroyed: what lies on it can't be read, even if it is never seen again."""
    ended(device)
    device.lost_at = clock.now()
    device.save(update_fields=["lost_at"])


def wiped(device: Carried) -> None:
    ended(device)
    device.wiped_at, device.unsent = clock.now(), 0
    device.save(update_fields=["wiped_at", "unsent"])
