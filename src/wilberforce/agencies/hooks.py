"""What the sign-in libraries tell us, written down as sittings. Their signals are the only way to hear it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from . import sittings
from .models import SignedIn, User
from .rules import STEP_UP_METHODS


@receiver(user_logged_in, dispatch_uid="agencies.begin")
def begin_sitting(request: HttpRequest, user: User, **_: Any) -> None:
    sittings.begin(request, user)


@receiver(user_logged_out, dispatch_uid="agencies.end")
def end_sitting(request: HttpRequest, **_: Any) -> None:
    key = sittings.session_hash(request)
    if key:
        sittings.end(SignedIn.objects.filter(session_key_hash=key))


@receiver(authenticator_used, dispatch_uid="agencies.step_up")
def proved_again(request: HttpRequest, authenticator: Authenticator, reauthenticated: bool, **_: Any) -> None:
    if reauthenticated and authenticator.type in STEP_UP_METHODS:
        sittings.step_up(request)


@receiver(authenticator_added, dispatch_uid="agencies.enrolled")
def proved_by_enrolling(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in STEP_UP_METHODS:
        sittings.step_up(request)


@receiver(authentication_failed, dispatch_uid="agencies.wrong_code")
def count_wrong_code(request: HttpRequest, user: User, **_: Any) -> None:
    """A wrong code counts towards the same lock-out as a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"email": user.email}, request=request)
