"""One-click sign-in for the demonstration: the rows that a real sign-in writes, and they expire as in life."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.test import Client

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed

from . import sittings
from .models import Device, Membership, SignedIn
from .sessions import SessionStore

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LABEL = "Demonstration device"


def only_in_the_demonstration() -> None:
    """Raises NotAllowed."""
    if not getattr(settings, "DEMO", False):
        raise NotAllowed(rule="demonstration", reason="default")


def sign_in_as(request: HttpRequest, membership: Membership) -> str:
    """The secret for the cookie of the device that now counts as enrolled."""
    only_in_the_demonstration()
    logout(request)
    login(request, membership.user, backend=BACKEND)
    return _seat(membership, sittings.hash_of(str(request.session.session_key)))


def renew(request: HttpRequest) -> str | None:
    """What a person would do by hand: prove themselves again, and bring the device up to date."""
    only_in_the_demonstration()
    sitting = sittings.current(request)
    if sitting is None:
        return None
    device, secret = _enrol(sitting.membership)
    SignedIn.objects.filter(pk=sitting.pk).update(device=device, stepped_up_at=clock.now())
    return secret


def seat_without_browser(membership: Membership) -> bytes:
    """The session's hash, for the story that the demonstration plays by itself, and for tests."""
    session = SessionStore()
    session.create()
    key = sittings.hash_of(str(session.session_key))
    _seat(membership, key)
    return key


def client_of(membership: Membership, client: Client) -> Client:
    """A test's or the story's browser, signed in as a person would be, with their device in its cookies."""
    client.force_login(membership.user, backend=BACKEND)
    key = sittings.hash_of(str(client.session.session_key))
    client.cookies[sittings.device_cookie()] = _seat(membership, key)
    return client


def _seat(membership: Membership, key: bytes) -> str:
    device, secret = _enrol(membership)
    proved = {"membership": membership, "device": device, "stepped_up_at": clock.now(), "second_factor": True}
    if not SignedIn.objects.filter(session_key_hash=key, user=membership.user).update(**proved):
        SignedIn.objects.create(session_key_hash=key, user=membership.user, **proved)
    return secret


def _enrol(membership: Membership) -> tuple[Device, str]:
    """One device a person: signing in again replaces its secret instead of piling up devices."""
    secret, now = sittings.new_secret(), clock.now()
    device, _ = Device.objects.update_or_create(
        membership=membership,
        label=LABEL,
        revoked_at=None,
        defaults={"token_hash": sittings.hash_of(secret), "posture_at": now},
    )
    return device, secret
