"""How somebody left each list: which page of it, narrowed by what. Whatever leads back to the list finds it so again.

It waits in a cookie of the browser, good for one sitting: whoever signs in after them begins with every list whole.
"""

from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .cookies import host_only

LONGEST = 300
MOST = 6
Lists = dict[str, str]


def cookie() -> str:
    return host_only("wb_lists")


def back_to(request: HttpRequest, address: str) -> str:
    query = _left(request).get(address)
    return f"{address}?{query}" if query else address


def this_is_one(request: HttpRequest) -> None:
    request.is_list = True  # type: ignore[attr-defined]


def told(request: HttpRequest, response: HttpResponse) -> None:
    """Keeps how a list was opened, and sends whoever acted from one back to it as it was."""
    left = _left(request)
    if sent_to := response.headers.get("Location"):
        response.headers["Location"] = back_to(request, sent_to)
    if not hasattr(request, "sitting"):
        _forgotten(request, response)
    elif response.status_code == HTTPStatus.OK and hasattr(request, "is_list"):
        others = {address: query for address, query in left.items() if address != request.path}
        query = request.GET.urlencode()
        now = others | ({request.path: query} if 0 < len(query) <= LONGEST else {})
        if now != left:
            _kept(request, response, dict(list(now.items())[-MOST:]))


def _kept(request: HttpRequest, response: HttpResponse, lists: Lists) -> None:
    response.set_cookie(
        cookie(), _signer(request).sign_object(lists, compress=True),
        httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _forgotten(request: HttpRequest, response: HttpResponse) -> None:
    if cookie() in request.COOKIES:
        response.delete_cookie(cookie(), samesite="Strict")


def _left(request: HttpRequest) -> Lists:
    try:
        found: Lists = _signer(request).unsign_object(request.COOKIES.get(cookie(), ""))
    except signing.BadSignature:
        return {}
    return found


def _signer(request: HttpRequest) -> signing.Signer:
    """Without a time: the same lists are the same bytes, whatever else happened meanwhile."""
    return signing.Signer(salt=f"lists of {getattr(getattr(request, 'sitting', None), 'pk', None)}")
