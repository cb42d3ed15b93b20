"""A browser in which nobody is signed in, knocking at staff's doors: each refusal is an entry, so there is a limit
before the door and never a dropped entry behind it."""

from contextlib import suppress
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MOST = 30
WINDOW = timedelta(minutes=5)


def too_many(request: HttpRequest) -> bool:
    """Counted by the address that knocks, because a new session costs nothing. Kept as a keyed hash."""
    address = salted_hmac("stranger", str(request.META.get("REMOTE_ADDR", "")), algorithm="sha256").hexdigest()
    key = f"stranger:{address}"
    if cache.add(key, 1, WINDOW.total_seconds()):
        return False
    with suppress(ValueError):
        return cache.incr(key) > MOST
    return False
