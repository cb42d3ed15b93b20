"""Who saw this, and who could have? The first question of a breach, for the operator."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.ledger import sequencer
from wilberforce.web.who import answer


class Command(BaseCommand):
    help = "Says who saw a person or an operation, and who could have, with dates. Asking is in the ledger too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="of the person or the operation, such as P-7K3MQX")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(self, *_: Any, reference: str, json: bool, **__: Any) -> None:
        with sequencer.connect() as at:
            found = answer(at, reference)
        if not found.records:
            raise CommandError("Nothing is known by that reference.")
        self.stdout.write(_as_json(found) if json else _as_text(found))


def _as_json(found: Any) -> str:
    return json.dumps({"records": found.records, "saw": found.saw, "could": found.could})


def _as_text(found: Any) -> str:
    saw = [
        f"{row['at']}  {row['who']}, {row['role'] or 'no role'}: {row['op']} of {row['subject_class']}"
        f" {row['projection']}".rstrip()
        + f", for {row['purpose']}"
        + ("" if row["allowed"] else ", refused")
        for row in found.saw
    ]
    could = [f"{row['since']} to {row['until'] or 'now'}  {row['who']}: {row['how']}" for row in found.could]
    return "\n".join(["Who saw it:", *saw, "", "Who could have:", *could])
