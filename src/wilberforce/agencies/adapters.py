"""Where django-allauth and django-axes ask us how signing in should behave here."""

import base64
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from wilberforce.base.sealed import Place, open_sealed, seal

from . import sittings

NOT_SIGNED_IN = (
    "We could not sign you in. Check your e-mail address and password. After five wrong tries you have to wait "
    "15 minutes. If you can't get in, ask your agency's data guardian."
)
"""The same words for a wrong password, an unknown address and a lock-out: none of them tells which."""

CODE_REFUSED = "That code was not right. Wait for the next one in your app and enter that."

FIVE_CODES = (
    "Five codes were not right, so you are signed out. Wait 15 minutes and sign in again. If you have lost your proof, "
    "use a recovery code or ask your agency's data guardian. If it was not you, tell them now."
)

FACTOR_PLACE = Place("authenticator", UUID(int=0), "secret", None)


def name_of(user: AbstractBaseUser) -> str:
    return str(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": NOT_SIGNED_IN,
        "too_many_login_attempts": NOT_SIGNED_IN,
        "account_inactive": NOT_SIGNED_IN,
        "incorrect_password": "That is not your password. Enter it again.",
    }

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the sign-in and then to their work, not back to the form that they have just sent."""
        return settings.LOGIN_REDIRECT_URL

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is None and not sittings.live_memberships(user).exists():
            request.session.flush()
            return HttpResponseRedirect(reverse("account_inactive"))
        return response

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """A password adds nothing for somebody who has a second factor to show."""
        return not has_second_factor(user) and bool(super().reauthenticate(user, password))

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if has_second_factor(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not asked twice: neither in the minutes after a fresh proof, nor while setting up the first one."""
        sitting = sittings.current(context.request) if context.request else None
        if sitting and sittings.proved_lately(sitting):
            return False
        if app == "allauth.mfa" and sitting and not sitting.second_factor and not has_second_factor(sitting.user):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": CODE_REFUSED,
        "cannot_delete_authenticator": "It is your only second proof. Add a passkey or security key first.",
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, FACTOR_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(base64.b64decode(encrypted_text), FACTOR_PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays; who lost it is invited anew by a guardian."""
        others = _factors(authenticator.user).exclude(pk=authenticator.pk)
        return bool(authenticator.type == Authenticator.Type.RECOVERY_CODES or others.exists())


def _factors(user: AbstractBaseUser) -> Any:
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


def has_second_factor(user: AbstractBaseUser) -> bool:
    return bool(_factors(user).exists())


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """A keyed hash: people type passwords into the wrong box, so nothing typed there is kept."""
    given = credentials or {}
    tried = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return salted_hmac("lock-out", str(tried).strip().lower(), algorithm="sha256").hexdigest()


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """At the first question the page already says all it ever says; at the second the sitting ends."""
    if response is not None and request.path == reverse("account_login"):
        return response
    logout(request)
    messages.warning(request, FIVE_CODES)
    return HttpResponseRedirect(reverse("account_login"))
