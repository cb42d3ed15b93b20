"""Signing in to a shift and out of it. ``fact_on_shift`` reads these rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from wilberforce.access.context import Actor, Note
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken

from .models import Shift
from .rules import SHIFT_LASTS

LEDGER = "members"


def plan(membership: UUID, place_id: UUID, starts: datetime, ends: datetime, part: str = "") -> Shift:
    """Raises RuleBroken. Whoever plans asks their own policy first; a plan opens nothing."""
    if not timedelta() < ends - starts <= SHIFT_LASTS.value:
        hours = int(SHIFT_LASTS.value.total_seconds() // 3600)
        raise RuleBroken(
            f"A shift ends after it starts and lasts at most {hours} hours. Check both times.", field="ends"
        )
    return Shift.objects.create(membership_id=membership, place_id=place_id, starts=starts, ends=ends, part=part)


def call_off(actor: Actor, shift: Shift) -> None:
    """One that nobody has signed in to: whoever was named finds the place no longer. Raises RuleBroken."""
    called = Shift.objects.filter(pk=shift.pk, signed_in_at=None, called_off_at=None)
    if not called.update(called_off_at=clock.now()):
        raise RuleBroken("They have signed in to this shift, or it was called off already. Look at the list again.")
    actor.note(Note("alteration", LEDGER, "W", "", "planned shift", (shift.pk,)))


def sign_in(actor: Actor, place_id: UUID, *, until: datetime | None = None, part: str = "") -> Shift:
    """Into one's planned shift at this place, or into one that begins now. A second sign-in changes nothing."""
    mine = actor.me
    now = clock.now()
    sign_out_of_overrun(mine, now)
    open_shift = Shift.objects.filter(membership_id=mine, signed_in_at__isnull=False, signed_out_at=None).first()
    if open_shift:
        return _same_place(open_shift, place_id)
    shift = _planned(mine, place_id, now) or plan(mine, place_id, now, until or now + timedelta(hours=8), part)
    shift.signed_in_at = now
    shift.save(update_fields=["signed_in_at"])
    actor.note(Note("alteration", LEDGER, "W", "", "own shift", (shift.pk,)))
    return shift


def sign_out(actor: Actor) -> None:
    now, mine = clock.now(), actor.me
    sign_out_of_overrun(mine, now)
    for shift in Shift.objects.filter(membership_id=mine, signed_in_at__isnull=False, signed_out_at=None):
        shift.signed_out_at = now
        shift.save(update_fields=["signed_out_at"])
        actor.note(Note("alteration", LEDGER, "W", "", "own shift", (shift.pk,)))


def current(membership: UUID | None) -> Shift | None:
    """The shift that somebody is signed in to now."""
    if membership is None:
        return None
    running = Shift.objects.filter(membership_id=membership, signed_in_at__isnull=False, signed_out_at=None)
    return running.filter(ends__gt=clock.now()).first()


def ends(memberships: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the shifts that they are signed in to now end."""
    running = Shift.objects.filter(membership_id__in=memberships, signed_in_at__isnull=False, signed_out_at=None)
    return dict(running.filter(ends__gt=clock.now()).values_list("membership_id", "ends"))


def sign_out_of_overrun(membership: UUID, now: datetime) -> None:
    """Whoever forgot to sign out is taken to have left when the shift ended."""
    for shift in Shift.objects.filter(membership_id=membership, signed_out_at=None, signed_in_at__isnull=False):
        if shift.ends <= now:
            shift.signed_out_at = shift.ends
            shift.save(update_fields=["signed_out_at"])


def _planned(membership: UUID, place_id: UUID, now: datetime) -> Shift | None:
    soon = now + timedelta(hours=2)
    waiting = Shift.objects.filter(membership_id=membership, place_id=place_id, signed_in_at=None, called_off_at=None)
    return waiting.filter(starts__lte=soon, ends__gt=now).order_by("starts").first()


def _same_place(shift: Shift, place_id: UUID) -> Shift:
    if shift.place_id != place_id:
        raise RuleBroken("You are signed in to a shift somewhere else. Sign out there first.")
    return shift
