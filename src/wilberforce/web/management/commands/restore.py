"""Loads a backup into a new database and proves that the ledger's leaves are the same."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.web import backups


class Command(BaseCommand):
    help = "Restore a backup into a new database; nothing that exists is touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="the file of one recipient's private key")
        parser.add_argument("--into", metavar="DATABASE", help="a name that no database has yet")
        parser.add_argument("--keys-to", type=Path, metavar="FILE", help="the file is a keyring: put it here")

    def handle(self, *_: Any, file: Path, identity: Path, into: str | None, keys_to: Path | None, **__: Any) -> None:
        if not into and not keys_to:
            raise CommandError("Say where: --into DATABASE, or --keys-to FILE for a keyring.")
        try:
            with_this = backups.identities(identity)
            if keys_to:
                backups.read_keys(file, with_this, keys_to)
                self.stdout.write(f"{keys_to}: the keyring, as it was.")
                return
            told = backups.read(file, with_this, str(into))
        except backups.BackupFailed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(f"{into}: {told.leaves} leaves of the ledger, the same as in the backup of {told.made}.")
        self.stdout.write(f"Set WB_DB_NAME={into}, start the pages and the worker, and run: doctor")
