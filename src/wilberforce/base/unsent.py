"""What somebody typed and could not send, because their sitting or their proof was over.

It waits sealed, for half an hour and for one address. Half of its key is the server's; the other half is in a cookie
that the browser got when one person signed in, and that is good for that person alone: neither the disk, nor a backup,
nor somebody else at the same browser can open it. It is given back once, in the form, and never sent by itself.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from .cookies import host_only
from .keyring import keyring

LASTS = 30 * 60
MOST = 200_000
CARRIED = ("purpose", "version", "once")
AGAIN = "unsent"
"""A form that is sent again by itself says so, and then nothing waits any more."""
NONCE = 12
GIVEN_BACK = "This was not sent: your sign-in or your proof was over. Check what you typed, and send it now."


@dataclass
class Offered:
    typed: QueryDict
    taken: bool = False


_offered: ContextVar[Offered | None] = ContextVar("unsent", default=None)


def cookie() -> str:
    return host_only("wb_unsent")


def something_waits() -> str:
    """Without this cookie no page looks whether anything waits for it."""
    return host_only("wb_waits")


def told(request: HttpRequest, response: HttpResponse) -> None:
    sitting = getattr(request, "sitting", None)
    if sitting and sitting.second_factor:
        _begins_for(sitting.user_id, request, response)
    if getattr(request, "set_aside", False):
        response.set_cookie(
            something_waits(), "yes", max_age=LASTS,
            httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip


def _begins_for(person: object, request: HttpRequest, response: HttpResponse) -> None:
    """Another person at the same browser gets another secret, and nobody opens what was set aside under the old one."""
    if not _belongs_to(person, request):
        secret = secrets.token_urlsafe(32)
        response.set_cookie(
            cookie(), f"{secret}.{_mark(secret, person)}",
            httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip


def left_out(name: str) -> bool:
    return name in ("csrfmiddlewaretoken", AGAIN) or "password" in name


def set_aside(request: HttpRequest) -> bool:
    """Whether it waits now. Another site can't leave anything here: its forms come without the cookie."""
    secret, within = _secret(request), request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    kept = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if not left_out(name):
            kept.setlist(name, values)
    text = kept.urlencode().encode()
    if not secret or not within or not _written(kept) or len(text) > MOST:
        return False
    nonce, place = secrets.token_bytes(NONCE), _place(request)
    cache.set(_shelf(secret, place), nonce + _cipher(secret).encrypt(nonce, text, place), LASTS)
    request.set_aside = True  # type: ignore[attr-defined]
    return True


def is_theirs(request: HttpRequest) -> bool:
    return request.user.is_authenticated and _belongs_to(request.user.pk, request)


def waiting(request: HttpRequest) -> QueryDict | None:
    """What whoever is signed in could not send to this address, when they open it again."""
    partly = "HX-Request" in request.headers
    if request.method != "GET" or partly or something_waits() not in request.COOKIES or not is_theirs(request):
        return None
    secret, place = _secret(request), _place(request)
    box = cache.get(_shelf(secret, place))
    with suppress(InvalidTag, TypeError):
        return QueryDict(_cipher(secret).decrypt(box[:NONCE], box[NONCE:], place).decode())
    return None


def forget(request: HttpRequest) -> None:
    cache.delete(_shelf(_secret(request), _place(request)))


@contextmanager
def offered(typed: QueryDict | None) -> Iterator[Offered | None]:
    """The first form on the page that asks exactly this takes it."""
    offer = Offered(typed) if typed else None
    token = _offered.set(offer)
    try:
        yield offer
    finally:
        _offered.reset(token)


def taken_by(names: Iterable[str]) -> QueryDict | None:
    offer, known = _offered.get(), set(names)
    if offer is None or offer.taken or not all(_asked_by(known, name) for name in _written(offer.typed)):
        return None
    offer.taken = True
    return offer.typed


def _written(sent: QueryDict) -> list[str]:
    return [name for name in sent if name not in CARRIED and any(sent.getlist(name))]


def _asked_by(known: set[str], name: str) -> bool:
    return name in known or name.rpartition("_")[0] in known


def _secret(request: HttpRequest) -> str:
    return request.COOKIES.get(cookie(), "").partition(".")[0]


def _belongs_to(person: object, request: HttpRequest) -> bool:
    secret, _, mark = request.COOKIES.get(cookie(), "").partition(".")
    return bool(secret) and constant_time_compare(mark, _mark(secret, person))


def _mark(secret: str, person: object) -> str:
    return salted_hmac("unsent", f"{secret}|{person}", algorithm="sha256").hexdigest()


def _place(request: HttpRequest) -> bytes:
    return request.get_full_path().encode()


def _key(secret: str, use: bytes) -> bytes:
    return hmac.digest(keyring().secret("unsent"), secret.encode() + b"|" + use, "sha256")


def _cipher(secret: str) -> AESGCMSIV:
    return AESGCMSIV(_key(secret, b"key"))


def _shelf(secret: str, place: bytes) -> str:
    return f"unsent:{_key(secret, b'shelf|' + place).hex()}"
