"""A record as whoever gets a copy of it reads it: each column by its name, and its value in words."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.lists import Entry
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.survivors.lists import ACCESS_NEEDS, CARE, NEEDS

LISTED: Mapping[str, Mapping[str, Entry]] = {
    "access_needs": ACCESS_NEEDS, "kind": CARE, "language": LANGUAGES, "languages": LANGUAGES, "needs": NEEDS,
}  # fmt: skip
"""Columns that keep the code of a list; whoever reads a copy has no such list."""
BOOKKEEPING = frozenset({"id", "controller_id", "version", "person_id"})


def said(row: Row) -> dict[str, str]:
    """What holds nothing is left out."""
    told = {name: worded(name, value) for name, value in row.items() if name not in BOOKKEEPING}
    return {_name(name): _spoken(value) for name, value in told.items() if not _empty(value)}


def lines(row: Row, names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Each column that may go, and None for what holds nothing. ``names``: of areas and agencies."""
    return [
        {"key": _name(name), "value": None if _empty(value) else _spoken(worded(name, value), names)}
        for name, value in row.items()
        if name not in BOOKKEEPING
    ]


def worded(column: str, value: Any) -> Any:
    """A code, or several, by their labels; anything else as it is."""
    listed = LISTED.get(column, {})
    if isinstance(value, list):
        return [worded(column, one) for one in value]
    return listed[value].label if isinstance(value, str) and value in listed else value


def _name(column: str) -> str:
    return column.removesuffix("_at").removesuffix("_id").replace("_", " ").capitalize()


def _empty(value: Any) -> bool:
    return value in (None, "", [])


def _spoken(value: Any, names: Mapping[UUID, str] = MappingProxyType({})) -> str:
    if isinstance(value, UUID):
        return names.get(value, str(value))
    if isinstance(value, datetime):
        return f"{clock.in_london(value):%-d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
