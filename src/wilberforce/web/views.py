"""The front page, the signed-in person's own page, and the pages for when something is wrong."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.access.rules import permitted_purposes
from wilberforce.deadlines.policy import due_for
from wilberforce.ledger.pages import absent, open_page, page

from . import words


@open_page("the public front page shows no record")
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "web/front.html")


@page(who="member")
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is due for this person's roles in their agency, and the workspaces that their roles admit."""
    held = {purpose for role in actor.roles for purpose in permitted_purposes(matrix(), actor.kind, role)}
    mine = [purpose for purpose in matrix().purposes.values() if purpose.name in held]
    workspaces = [
        {"label": words.PURPOSES.get(p.name, p.name), "url": f"/{p.name.replace('_', '-')}/", "why": p.why}
        for p in mine
    ]
    return render(request, "web/desk.html", {"workspaces": workspaces, "due": due_for(actor)})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return absent(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    typed = [(k, v) for k, v in request.POST.items() if k not in ("csrfmiddlewaretoken", "once", "password")]
    sentence = "This form was open for too long or came from another page. Open it again; what you typed is below."
    return render(request, "400.html", {"sentence": sentence, "typed": typed}, status=400)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", {"sentence": "That request can't be read. Go back and try again."}, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered without the session or the database: either may be what broke."""
    none: Any = None
    return render(none, "500.html", status=500)
