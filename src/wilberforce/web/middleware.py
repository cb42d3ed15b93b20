"""An address that declares nothing does not exist; and what every page knows of its surroundings."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi

from wilberforce.access.addresses import declaration_of
from wilberforce.access.asking import matrix
from wilberforce.ledger.pages import absent


class UndeclaredIsAbsent:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else None
        return None if declaration_of(view, name) else absent(request)


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Template names: ``actor``, ``workspace`` (the purpose and what it is for), ``demo``, ``dir``."""
    actor = getattr(request, "actor", None)
    purpose = matrix().purposes.get(actor.purpose) if actor else None
    return {
        "actor": actor,
        "workspace": {"code": actor.purpose, "why": purpose.why} if actor and purpose else None,
        "purpose": actor.purpose if actor else "",
        "demo": settings.DEMO,
        "dir": "rtl" if get_language_bidi() else "ltr",
    }
