"""One sitting at one browser: begun at sign-in, strengthened by a fresh proof, ended at once when it must."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from wilberforce.base import clock
from wilberforce.base.cookies import host_only
from wilberforce.base.keyring import keyring

from .models import Device, Membership, OpenKey, SignedIn, User
from .rules import STEP_UP_LASTS, STEP_UP_METHODS

DEVICE_COOKIE_LASTS = 90 * 24 * 60 * 60


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def link_of(letter: UUID) -> str:
    """The code of a link that works once: made again for each attempt to send it; only its hash is kept."""
    made = hmac.new(keyring().secret("links that work once"), letter.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def session_hash(request: HttpRequest) -> bytes | None:
    key = request.session.session_key
    return hash_of(key) if key else None


def session_lasts() -> timedelta:
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def live_memberships(user: AbstractBaseUser | UUID) -> QuerySet[Membership]:
    user_id = user if isinstance(user, UUID) else user.pk
    return Membership.objects.live(clock.now()).filter(user=user_id).select_related("agency", "user")


def current(request: HttpRequest) -> SignedIn | None:
    key = session_hash(request)
    if key is None:
        return None
    return live(key).first()


def live(key: bytes) -> QuerySet[SignedIn]:
    sittings = SignedIn.objects.select_related("membership__agency", "user", "device")
    return sittings.filter(session_key_hash=key, ended_at=None)


def begin(request: HttpRequest, user: User) -> SignedIn | None:
    """None where the person works nowhere any more."""
    membership = _where_they_last_worked(user)
    if membership is None:
        return None
    factors = _factors_shown(request, user)
    return seat(
        request,
        membership,
        second_factor=bool(factors),
        stepped_up=bool(factors & STEP_UP_METHODS),
    )


def seat(request: HttpRequest, membership: Membership, *, second_factor: bool, stepped_up: bool) -> SignedIn:
    if request.session.session_key is None:
        request.session.save()
    now = clock.now()
    device = device_of(request, membership)
    if device and second_factor:
        Device.objects.filter(pk=device.pk).update(posture_at=now)
    return SignedIn.objects.create(
        session_key_hash=hash_of(str(request.session.session_key)),
        user=membership.user,
        membership=membership,
        device=device,
        signed_in_at=now,
        stepped_up_at=now if stepped_up else None,
        second_factor=second_factor,
    )


def seat_elsewhere(sitting: SignedIn) -> bytes:
    """A second sitting of the same person and device that no browser holds, for what they left running on it."""
    session = SessionStore()
    session.create()
    key = hash_of(str(session.session_key))
    SignedIn.objects.create(
        session_key_hash=key,
        user=sitting.user,
        membership=sitting.membership,
        device=sitting.device,
        second_factor=sitting.second_factor,
    )
    return key


def proved_lately(sitting: SignedIn) -> bool:
    return sitting.stepped_up_at is not None and clock.now() - sitting.stepped_up_at < STEP_UP_LASTS.value


def step_up(request: HttpRequest) -> None:
    """A new session key, so that whoever copied the old one has nothing."""
    sitting = current(request)
    if sitting is None:
        return
    request.session.cycle_key()
    sitting.session_key_hash = hash_of(str(request.session.session_key))
    sitting.stepped_up_at = clock.now()
    sitting.second_factor = True
    sitting.save(update_fields=["session_key_hash", "stepped_up_at", "second_factor"])


def work_for(request: HttpRequest, membership: Membership) -> SignedIn | None:
    """The same person moves to another of their agencies; the proof does not move with them."""
    sitting = current(request)
    if sitting is None or not live_memberships(sitting.user_id).filter(pk=membership.pk).exists():
        return None
    end(SignedIn.objects.filter(pk=sitting.pk))
    request.session.cycle_key()
    return seat(request, membership, second_factor=sitting.second_factor, stepped_up=False)


def end(sittings: QuerySet[SignedIn]) -> int:
    OpenKey.objects.filter(sitting__in=sittings.filter(ended_at=None).values("pk")).delete()
    return sittings.filter(ended_at=None).update(ended_at=clock.now())


def device_cookie() -> str:
    return host_only("wb_device")


def device_of(request: HttpRequest, membership: Membership) -> Device | None:
    secret = request.COOKIES.get(device_cookie())
    if not secret:
        return None
    enrolled = Device.objects.filter(membership=membership, revoked_at=None, posture_at__isnull=False)
    return enrolled.filter(token_hash=hash_of(secret)).first()


def remember_device(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        device_cookie(),
        secret,
        max_age=DEVICE_COOKIE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _where_they_last_worked(user: User) -> Membership | None:
    mine = list(live_memberships(user).order_by("starts"))
    last = SignedIn.objects.filter(user=user, membership__in=mine).order_by("-signed_in_at").first()
    if last is not None:
        return next(m for m in mine if m.pk == last.membership_id)
    return mine[0] if mine else None


def _factors_shown(request: HttpRequest, user: User) -> set[str]:
    shown = get_authentication_records(request, user)
    return {str(record.get("type")) for record in shown if record.get("method") == "mfa"}
