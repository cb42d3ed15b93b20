"""The front page, the signed-in person's own page, and the pages for when something is wrong."""

import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from wilberforce.access.addresses import declaration_of
from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.agencies.rules import GUARDIAN
from wilberforce.base import clock, unsent
from wilberforce.base.paging import listed
from wilberforce.base.uploads import answers_beside
from wilberforce.deadlines.policy import Due, due_for
from wilberforce.deadlines.rules import State
from wilberforce.ledger.pages import absent, given_back, open_page, page, written

from . import readiness, waiting, words
from .ways import way_to


@open_page("the public front page shows no record")
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "web/front.html")


@page(who="member")
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What needs this person now: what is due, what waits for them, what came since they looked; then the ways on."""
    ways = [(purpose, _way_in(actor, purpose.name)) for purpose in matrix().purposes.values()]
    workspaces = [
        {"label": words.PURPOSES.get(purpose.name, purpose.name), "url": url, "why": purpose.why}
        for purpose, url in ways
        if url
    ]
    since = waiting.looked_before()
    found = waiting.lines(actor, since)
    due = listed(request, lambda _, **bounds: [{"due": one} for one in due_for(actor, **bounds)])
    shown = {
        "since": since,
        "waiting": [line for line in found if line.kind.waits],
        "in_hand": [line for line in found if not line.kind.waits],
        **_by_nearness(waiting.with_ways(actor, [row["due"] for row in due.rows])),
        "listing": due,
        "workspaces": workspaces,
        "guardian": GUARDIAN in actor.roles,
        "not_enrolled": "managed_device" not in actor.ready,
    }
    return render(request, "web/desk.html", shown)


def _by_nearness(due: list[Due]) -> dict[str, list[Due]]:
    """What is not due yet stands below what waits, and what has four weeks or more is one line."""
    far = clock.now() + timedelta(weeks=4)
    near = [one for one in due if one.due_at < far]
    return {
        "due": [one for one in near if one.state is not State.NOT_DUE],
        "coming": [one for one in near if one.state is State.NOT_DUE],
        "later": [one for one in due if one.due_at >= far],
    }


def _way_in(actor: Actor, purpose: str) -> str:
    """The workspace's first page; the keeper of the sources is walled off from it and has a list of their own."""
    return way_to(actor, purpose, "index") or way_to(actor, purpose, "sources")


@open_page("says that the process answers; touches nothing")
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("live\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@open_page("says which parts of the machine are well; reads no record")
def ready(request: HttpRequest) -> HttpResponse:
    well = {part.name: part.well for part in readiness.parts()}
    status = 200 if all(well.values()) else 503
    return JsonResponse(well, status=status, headers={"Cache-Control": "no-store"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return absent(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = "This form was open for too long or came from another page. Open it again; what you typed is below."
    comes_back = _declared(request) in ("staff", "member") and unsent.is_theirs(request)
    again = request.get_full_path() if comes_back and unsent.set_aside(request) else ""
    shown = {"sentence": sentence, "again": again, **given_back(request)}
    return render(request, "400.html", shown, status=400)


def _declared(request: HttpRequest) -> str:
    match = request.resolver_match
    declared = declaration_of(match.func, match.view_name) if match else None
    return declared.who if declared else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        answers = QueryDict(mutable=True)
        with suppress(MultiPartParserError, SuspiciousOperation, OSError):
            answers = answers_beside(request)
        return render(request, "413.html", given_back(request, written(answers)), status=413)
    return render(request, "400.html", {"sentence": "That request can't be read. Go back and try again."}, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered without the session or the database: either may be what broke. A database that takes nothing more
    is nobody's mistake, wherever it was noticed: in a session, at the sign-in, on a page that reads no record."""
    none: Any = None
    status = 503 if isinstance(sys.exc_info()[1], OperationalError) else 500
    return render(none, f"{status}.html", given_back(request), status=status)
