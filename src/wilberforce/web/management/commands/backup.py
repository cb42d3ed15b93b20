"""A backup that this machine can write and can't read."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.web import backups


class Command(BaseCommand):
    help = "Dump the database into a file that only the recipients can open (age format)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="FILE")
        parser.add_argument("--recipient", action="append", default=[], metavar="age1...", help="at least two")
        parser.add_argument("--recipients", type=Path, metavar="FILE", help="one recipient a line")
        parser.add_argument("--keys", action="store_true", help="the keyring instead of the database")

    def handle(self, *_: Any, to: Path, recipient: list[str], recipients: Path | None, keys: bool, **__: Any) -> None:
        lines = recipients.read_text().splitlines() if recipients else []
        named = [*recipient, *(line.strip() for line in lines if line.strip() and not line.startswith("#"))]
        try:
            wanted = backups.recipients(named)
            if keys:
                backups.write_keys(to, wanted)
                self.stdout.write(f"{to}: the keyring. Keep it apart from the database's backups.")
                return
            told = backups.write(to, wanted)
        except backups.BackupFailed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(f"{to}: {told.leaves} leaves of the ledger, digest {told.digest}.")
