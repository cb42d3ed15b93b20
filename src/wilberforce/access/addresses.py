"""Every address declares what it touches. An address that declares nothing does not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Declaration:
    """``cells`` such as ``"person_ref:RW"`` or ``"operation:R:manifest"``.

    ``who``: "staff" (a signed-in person in the workspace of the address), "member" (signed in, no purpose
    chosen yet), "public" (anyone, in the purpose of the address) or "open" (no class is touched; ``why`` says so).
    """

    cells: tuple[str, ...]
    who: str
    why: str = ""


EXTERNAL: dict[str, str] = {}
"""Address names of libraries that touch no class, with the reason: sign-in, static files."""


def declare_external(prefix: str, why: str) -> None:
    EXTERNAL[prefix] = why


def declaration_of(view: Callable[..., Any], name: str | None) -> Declaration | None:
    declared: Declaration | None = getattr(view, "declaration", None)
    if declared is None and name:
        why = next((why for prefix, why in EXTERNAL.items() if name.startswith(prefix)), None)
        return Declaration((), "open", why) if why else None
    return declared


@dataclass(frozen=True)
class Address:
    route: str
    name: str | None
    view: Callable[..., Any]
    arguments: dict[str, Any]
    declaration: Declaration | None


def addresses() -> list[Address]:
    """Every address of the site, with its declaration or None."""
    return list(_walk(get_resolver().url_patterns, "", {}))


def _walk(patterns: Any, prefix: str, arguments: dict[str, Any]) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        given = arguments | getattr(pattern, "default_args", {}) | getattr(pattern, "default_kwargs", {})
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, given)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            yield Address(route, pattern.name, view, given, declaration_of(view, pattern.name))
