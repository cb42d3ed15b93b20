"""What a page that works without a network asks of the server: JSON in, JSON out, one transaction.

The device proves itself by a cookie that no script reads and that is SameSite=Strict; a form can't send JSON.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from django.db import DataError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wilberforce.base.errors import RuleBroken

from .pages import open_page


class Device(Protocol):
    lost_at: Any


D = TypeVar("D", bound=Device)
Asked = Callable[[HttpRequest, D, dict[str, Any]], HttpResponse]


def asked_by(
    device_of: Callable[[HttpRequest], D | None], why: str, biggest: int
) -> Callable[[Asked[D]], Callable[..., HttpResponse]]:
    def decorate(view: Asked[D]) -> Callable[..., HttpResponse]:
        @open_page(why)
        @csrf_exempt
        @require_POST
        @wraps(view)
        def asked(request: HttpRequest, **_: Any) -> HttpResponse:
            said = _json(request, biggest)
            if said is None:
                return no("nonsense", 400)
            try:
                with transaction.atomic():
                    device = device_of(request)
                    if device is None:
                        return no("unknown", 401)
                    return no("lost", 403) if device.lost_at else view(request, device, said)
            except (KeyError, ValueError, TypeError, OverflowError, DataError):
                return no("nonsense", 400)
            except RuleBroken as broken:
                return no(broken.sentence, 422)
            except OperationalError:
                return no("unavailable", 503)

        return asked

    return decorate


def _json(request: HttpRequest, biggest: int) -> dict[str, Any] | None:
    if request.content_type != "application/json" or len(request.body) > biggest:
        return None
    try:
        said = json.loads(request.body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def no(code: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, **more}, status=status, headers={"Cache-Control": "no-store"})


def yes(**said: Any) -> JsonResponse:
    return JsonResponse(said, headers={"Cache-Control": "no-store"})
