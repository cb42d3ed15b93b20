"""An address that declares nothing does not exist; and what every page knows of its surroundings."""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from wilberforce.access.addresses import declaration_of
from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.access.matrix import Purpose
from wilberforce.agencies.models import SignedIn
from wilberforce.base.csp import PERMISSIONS, permissions
from wilberforce.base.ids import is_exercise
from wilberforce.base.words import spoken
from wilberforce.ledger.pages import absent

from . import words
from .tongues import languages
from .trail import trail
from .ways import way_to

REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


def behind_the_proxy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Live pages listen to the proxy alone, so the last address that it wrote is whoever knocked: else one
    person's failed attempts would lock everybody out, because all would come from the same machine."""

    def from_whom(request: HttpRequest) -> HttpResponse:
        told = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        with suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ip_address(told))
        return get_response(request)

    return from_whom


def only_forms_are_sent_here(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Opened without a form, such an address has no words of its own, and a browser shows an error of its own."""

    def with_words(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html")
        return response

    return with_words


def no_refusal_is_kept(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """By no browser: a page that says what is wrong shows what somebody typed."""

    def answered(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            answer.headers["Cache-Control"] = "no-store"
        return answer

    return answered


def uses_nothing_of_the_machine(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No camera, no microphone, no place: a page that needs one says so itself, as the desk does for cards."""

    def answered(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        answer.headers.setdefault(PERMISSIONS, permissions())
        return answer

    return answered


def refusals_take_the_same_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """To look at a hidden record takes longer than to find none, so both answers wait for the next stroke of a clock
    that began with the question (``REFUSALS_EVERY``, seconds). Who has not signed in is refused before any record is
    looked at, and holds no thread."""

    def answered(request: HttpRequest) -> HttpResponse:
        began = monotonic()
        answer = get_response(request)
        every = settings.REFUSALS_EVERY
        if every and answer.status_code in REFUSED and settings.SESSION_COOKIE_NAME in request.COOKIES:
            sleep(every - (monotonic() - began) % every)
        return answer

    return answered


class UndeclaredIsAbsent:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else None
        return None if declaration_of(view, name) else absent(request)


def surroundings(request: HttpRequest) -> dict[str, object]:
    """What the page kit's tags read: who, in which workspace, and whether this is the demonstration."""
    actor = getattr(request, "actor", None)
    purpose = matrix().purposes.get(actor.purpose) if actor else None
    workspace = _workspace(request, actor, purpose) if actor and purpose else None
    return {
        "actor": actor,
        "who": _who(actor, request.sitting) if actor and actor.membership else None,  # type: ignore[attr-defined]
        "workspace": workspace,
        "breadcrumbs": _trail(request, actor) if actor and actor.membership else None,
        "purpose": actor.purpose if actor else "",
        "helpline": settings.HELPLINE,
        "languages": languages(request),
        "demo": settings.DEMO,
        "exercise": _in_an_exercise(request),
    }


def _in_an_exercise(request: HttpRequest) -> bool:
    """An address says it by itself, so every page of an exercise does: also a form, a refusal and a conflict."""
    named = request.resolver_match.kwargs.values() if request.resolver_match else ()
    return any(isinstance(one, UUID) and is_exercise(one) for one in named)


def _workspace(request: HttpRequest, actor: Actor, purpose: Purpose) -> dict[str, object]:
    label = words.PURPOSES.get(purpose.name, purpose.name)
    return {"code": purpose.name, "label": label, "why": purpose.why, "nav": _nav(request, actor)}


def _nav(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    """The lists of this workspace, as its apps name them in ``NAV``; in groups where ``words`` knows some."""
    entries = {
        name: {"label": label, "url": url, "current": url == request.path}
        for label, name in navigation().get(actor.purpose, ())
        if (url := way_to(actor, actor.purpose, name))
    }
    groups = words.GROUPS.get(actor.purpose)
    if groups is None:
        return list(entries.values())
    grouped = {label: [entries[name] for name in names if name in entries] for label, names in groups.items()}
    return [{"label": label, "entries": found} for label, found in grouped.items() if found]


@lru_cache(maxsize=1)
def navigation() -> dict[str, list[tuple[str, str]]]:
    from .urls import MACHINE_NAV, collected

    return collected("NAV") | MACHINE_NAV


def _trail(request: HttpRequest, actor: Actor) -> list[tuple[str, str]]:
    return trail(request, actor, navigation().get(actor.purpose, []))


def _who(actor: Actor, sitting: SignedIn) -> dict[str, str]:
    agency = sitting.membership.agency.short_name
    return {"name": sitting.user.display_name, "role": spoken(actor.role), "agency": agency}
