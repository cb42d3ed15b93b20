"""``bench NAME``: each app that measures itself has a module ``bench`` with ``measure() -> dict``."""

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

    def handle(self, *_: Any, name: str, json: bool, **__: Any) -> None:
        if not name.isidentifier() or find_spec(f"wilberforce.{name}.bench") is None:
            raise CommandError(f"There is no measurement of {name}.")
        try:
            found = import_module(f"wilberforce.{name}.bench").measure()
        except RuntimeError as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(_as_json(found) if json else "\n".join(f"{key:16} {value}" for key, value in found.items()))


def _as_json(found: dict[str, Any]) -> str:
    return json.dumps(found)
