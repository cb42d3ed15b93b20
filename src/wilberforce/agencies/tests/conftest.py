"""What the tests of signing in share."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.core import context as allauth_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.db import connection, transaction
from django.test import Client, RequestFactory

from wilberforce.access import context
from wilberforce.agencies import demo
from wilberforce.agencies.models import Membership

PASSWORD = "three little invented words"
HALF_MINUTE = 30
Fact = Callable[..., Any]


@contextmanager
def opened(session: bytes, purpose: str) -> Iterator[context.Actor]:
    with transaction.atomic():
        yield context.open_session(session, purpose)
        context.close()


def holds(session: bytes, purpose: str, fact: str) -> bool:
    """What the database answers about the person at this session."""
    with opened(session, purpose), connection.cursor() as cursor:
        cursor.execute(f"SELECT fact_{fact}()")
        return bool(cursor.fetchone()[0])


def known_by_number(session: bytes, purpose: str, fact: str) -> list[Any]:
    with opened(session, purpose), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM fact_{fact}()")
        return [row[0] for row in cursor.fetchall()]


def lives(session: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT roles FROM access_session(%s)", [session])
        return cursor.fetchone() is not None


def roles_at(session: bytes) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT roles FROM access_session(%s)", [session])
        row = cursor.fetchone()
    return list(row[0]) if row else []


@pytest.fixture
def session(cast: Any) -> Callable[[str], bytes]:
    return lambda part: demo.seat_without_browser(cast[part])


def with_password(membership: Membership) -> str:
    membership.user.set_password(PASSWORD)
    membership.user.save()
    return membership.user.email


def with_app(membership: Membership) -> str:
    """The key in the person's app."""
    secret: str = generate_totp_secret()
    with allauth_context.request_context(RequestFactory().get("/")):
        TOTP.activate(membership.user, secret)
        RecoveryCodes.activate(membership.user)
    return secret


def code_now(secret: str, lasting: int = 3) -> str:
    """``lasting``: seconds that it must still hold; near the end of its half minute the next one is waited for."""
    left = HALF_MINUTE - time.time() % HALF_MINUTE
    if left < lasting:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, next(counters()))))


def wrong_code(secret: str) -> str:
    right = code_now(secret)
    return f"{(int(right) + 1) % 1_000_000:06}"


def enter(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password})


def spare_code(membership: Membership) -> str:
    codes = Authenticator.objects.get(user=membership.user, type=Authenticator.Type.RECOVERY_CODES)
    return str(codes.wrap().get_unused_codes()[0])
