"""The board drawn once for everybody who sees the same rows: the same rows in, the same bytes out.

A drawing is kept by everything that is drawn in it, and asked for after the policy has let the rows through and
noted them: whoever holds other rows gets another drawing. What belongs to one request is filled in afterwards.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from wilberforce.base import clock

KEPT = 16
MARKS = {name: f"{name}-{token_hex(16)}" for name in ("at", "made", "stream", "csrf_token", "once")}
"""Stand in a drawing for what each request fills in; nobody outside this process can know or type them."""
IN_ITS_PLACE = re.compile("|".join(MARKS.values()))


@dataclass(frozen=True)
class Drawing:
    digest: bytes
    told: dict[str, Any] = field(compare=False)


def drawn(request: HttpRequest, told: dict[str, Any], *, at: datetime, stream: str) -> SafeString:
    text = json.dumps(told, default=_plain)
    local = clock.in_london(at)
    own: dict[str, Callable[[], str]] = {
        MARKS["at"]: local.isoformat,
        MARKS["made"]: lambda: f"{local:%H:%M:%S}",
        MARKS["stream"]: lambda: escape(stream),
        MARKS["csrf_token"]: lambda: get_token(request),
        MARKS["once"]: lambda: str(uuid4()),
    }
    board = _drawn(Drawing(sha256(text.encode()).digest(), told))
    return mark_safe(IN_ITS_PLACE.sub(lambda mark: own[mark[0]](), board))  # noqa: S308 - drawn by our template


@lru_cache(maxsize=KEPT)
def _drawn(drawing: Drawing) -> str:
    return render_to_string("operations/picture.html", drawing.told | MARKS)


def _plain(value: object) -> str:
    """Raises TypeError for whatever does not say everything that it is: it would be drawn from an older one."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not drawn on a board")
