"""The desk from the server's side: its state rebuilt from events, a tablet's file taken in, a new epoch begun."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from wilberforce.base.outbox import NoOutbox, saved_file
from wilberforce.reception.desk import files


class Command(BaseCommand):
    help = "rebuild: what follows from the events; import: the file that a tablet saved; epoch: after a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rebuild", "import", "epoch"])
        parser.add_argument("file", type=Path, nargs="?", help="for import: the sealed outbox of one tablet")

    def handle(self, *_: Any, what: str, file: Path | None, **__: Any) -> None:
        if what == "rebuild":
            self._rebuild()
        elif what == "epoch":
            self._epoch()
        elif file is None:
            raise CommandError("Say which file: import FILE")
        else:
            self._import(file)

    def _rebuild(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), coalesce(sum(changed), 0) FROM reception_rebuild_all()")
            centres, changed = cursor.fetchone()
        self.stdout.write(f"{centres} centres rebuilt from their events; {changed} rows differed.")

    def _epoch(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reception_begin_epoch(), operations_begin_life()")
        self.stdout.write("A new epoch begins: every tablet and phone offers again what it has kept.")

    def _import(self, file: Path) -> None:
        try:
            taken = files.take_in(saved_file(file))
        except NoOutbox as wrong:
            raise CommandError(f"{file.name}: {wrong}") from wrong
        said = ", ".join(f"{count} {status}" for status, count in sorted(taken.items())) or "no rows"
        self.stdout.write(f"{file.name}: {said}. What is parked waits on the centre's page.")
