"""What the look of a page turns on: the templates that made it, its view, and the forms that the view asks with.

Found by reading, so that a picture of an older page is noticed without opening any page."""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from django.forms import BaseForm
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates

OURS = "wilberforce."


def look_of(templates: tuple[str, ...], view: Callable[..., Any] | None = None) -> str:
    digest = sha256()
    for name in templates:
        digest.update(_template(name).encode())
    if view is not None:
        digest.update(_code_of(view).encode())
    return digest.hexdigest()[:16]


def _template(name: str) -> str:
    engine = cast(DjangoTemplates, engines["django"]).engine
    try:
        return str(engine.get_template(name).source)
    except TemplateDoesNotExist:
        return "gone"


def _code_of(view: Callable[..., Any]) -> str:
    """Whatever changes nothing but the spaces changes nothing."""
    found: dict[str, str] = {}
    _read(inspect.unwrap(view), found)
    return "".join(found[name] for name in sorted(found))


def _read(thing: Any, found: dict[str, str]) -> None:
    name = f"{thing.__module__}.{thing.__qualname__}"
    if not name.startswith(OURS) or name in found:
        return
    found[name] = _source(thing)
    if isinstance(thing, FunctionType):
        for other in _named_by(thing):
            _read(other, found)


@cache
def _source(thing: Any) -> str:
    return "".join(inspect.getsource(thing).split())


def _named_by(function: FunctionType) -> Iterator[Any]:
    """The helpers of its own module, and forms, wherever they stand."""
    names = set(_names(function.__code__))
    for name in names & function.__globals__.keys():
        thing = function.__globals__[name]
        if _is_form(thing) or (isinstance(thing, FunctionType) and thing.__module__ == function.__module__):
            yield inspect.unwrap(thing)
        elif isinstance(thing, ModuleType) and thing.__name__.startswith(OURS):
            yield from (form for other in names if _is_form(form := getattr(thing, other, None)))


def _is_form(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseForm)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
