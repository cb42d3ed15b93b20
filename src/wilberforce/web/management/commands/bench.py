"""``bench NAME``: what measures itself has a module with ``measure() -> dict``: ``NAME.bench``, or ``web.bench.NAME``
where the pages of several apps are measured together."""

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Measures one part of the system, such as: bench ledger"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the app that is measured")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
        parser.add_argument("--only", default="", help="of pages: these alone, such as custody:arrests,reception:*")

    def handle(self, *_: Any, name: str, json: bool, only: str, **__: Any) -> None:
        chosen = {"only": only.split(",")} if only else {}
        if chosen and name != "pages":
            raise CommandError("--only chooses pages: ./wb bench pages --only custody:arrests")
        try:
            found = import_module(_module_of(name)).measure(**chosen)
        except RuntimeError as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(_as_json(found) if json else _as_text(found))


def _module_of(name: str) -> str:
    if name.isidentifier():
        if find_spec(f"wilberforce.web.bench.{name}") is not None:
            return f"wilberforce.web.bench.{name}"
        if find_spec(f"wilberforce.{name}") is not None and find_spec(f"wilberforce.{name}.bench") is not None:
            return f"wilberforce.{name}.bench"
    raise CommandError(f"There is no measurement of {name}.")


def _as_text(found: dict[str, Any]) -> str:
    return "\n".join(f"{key:16} {_table(value) if isinstance(value, list) else value}" for key, value in found.items())


def _table(rows: list[dict[str, Any]]) -> str:
    wide = max((len(str(row.get("name", ""))) for row in rows), default=0)
    lines = (
        "  ".join(str(value).ljust(wide) if key == "name" else f"{key} {value}" for key, value in row.items())
        for row in rows
    )
    return "\n" + "\n".join(lines)


def _as_json(found: dict[str, Any]) -> str:
    return json.dumps(found)
