"""Public pages speak the reader's language as far as they are translated; staff pages are in English.

The choice stands in a cookie that ends with the browser's session, and before that in what the browser asks for.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from wilberforce.access.addresses import declaration_of

OPEN_TO_READERS = {"front"}


class ReadersLanguage:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
        chosen = _chosen(request)
        if chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        if getattr(request, "readers_language", None):
            response.headers["Content-Language"] = request.readers_language  # type: ignore[attr-defined]
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        name = request.resolver_match.view_name if request.resolver_match else None
        declared = declaration_of(view, name)
        if name in OPEN_TO_READERS or (declared is not None and declared.who == "public"):
            language = _chosen(request) or translation.get_language_from_request(request)
            request.readers_language = language  # type: ignore[attr-defined]
            translation.activate(language)


def languages(request: HttpRequest) -> list[dict[str, object]]:
    """To choose from on a page that can be read in more than one."""
    current = getattr(request, "readers_language", None)
    if current is None or len(settings.LANGUAGES) < 2:
        return []
    return [
        {"code": code, "label": label, "url": f"{request.path}?lang={code}", "current": code == current}
        for code, label in settings.LANGUAGES
    ]


def _chosen(request: HttpRequest) -> str:
    wanted = request.GET.get("lang", "") if request.method == "GET" else ""
    return wanted if wanted in dict(settings.LANGUAGES) else ""
