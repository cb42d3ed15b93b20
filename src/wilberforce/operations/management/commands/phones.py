"""The phones of bronzes from the server's side: the file that one saved is taken in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.base.outbox import NoOutbox, saved_file
from wilberforce.operations.phone import files


class Command(BaseCommand):
    help = "import: the sealed outbox that a phone saved to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["import"])
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        try:
            taken = files.take_in(saved_file(file))
        except NoOutbox as wrong:
            raise CommandError(f"{file.name}: {wrong}") from wrong
        said = ", ".join(f"{count} {status}" for status, count in sorted(taken.items())) or "no rows"
        self.stdout.write(f"{file.name}: {said}. What is parked waits beside the board of its day.")
