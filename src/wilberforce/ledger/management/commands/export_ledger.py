"""Write the ledger out for somebody who checks it without us."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.ledger import sequencer
from wilberforce.ledger.export import export


class Command(BaseCommand):
    help = "Writes every entry under the newest checkpoint, and every checkpoint. Check it with tools/verify_ledger.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="a folder that does not exist yet")

    def handle(self, *_: Any, out: Path, **__: Any) -> None:
        try:
            with sequencer.connect() as at:
                number = export(at, out)
        except FileExistsError:
            raise CommandError(f"{out} is there already; name a new folder.") from None
        except LookupError as missing:
            raise CommandError(str(missing.args[0])) from None
        self.stdout.write(f"{number} entries written to {out}.")
