"""Nobody goes further than signing in until there is a live sitting with a second factor."""

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import constant_time_compare

from wilberforce.base import hands, left_lists, unsent

from . import keys
from .models import SignedIn

BEFORE_SECOND_FACTOR = ("mfa_", "account_", "demo")


class SittingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with hands.opened_with(keys.finder(request)):
            response = self._turned_away(request) or self.get_response(request)
        unsent.told(request, response)
        left_lists.told(request, response)
        return response

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        sitting = request.session.sitting if SESSION_KEY in request.session else None  # type: ignore[attr-defined]
        if sitting and _same_person(request, sitting):
            request.user = sitting.user
        if not request.user.is_authenticated:
            return None
        if sitting is None:
            logout(request)
            return None
        request.sitting = sitting  # type: ignore[attr-defined]
        if sitting.second_factor or _part_of_signing_in(request):
            return None
        return HttpResponseRedirect(reverse("mfa_index"))


def _same_person(request: HttpRequest, sitting: SignedIn) -> bool:
    """What Django would ask of the person's own row, asked of the one that came with the sitting."""
    told = request.session.get(HASH_SESSION_KEY, "")
    proved = constant_time_compare(told, sitting.user.get_session_auth_hash())
    return proved and sitting.user.is_active and request.session[SESSION_KEY] == str(sitting.user_id)


def _part_of_signing_in(request: HttpRequest) -> bool:
    try:
        name = resolve(request.path_info).url_name or ""
    except Resolver404:
        return False
    return name.startswith(BEFORE_SECOND_FACTOR)
