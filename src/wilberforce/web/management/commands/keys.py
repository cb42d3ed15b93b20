"""Keys by epoch: which there are, a new one, and the end of the earlier ones."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.base import keyring
from wilberforce.base.sealed import SealBroken
from wilberforce.web import rotation


class Command(BaseCommand):
    help = "Rotate: begin an epoch, wrap every data key afresh, destroy the earlier epochs. Start it again if it stops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["status", "rotate"])

    def handle(self, *_: Any, what: str, **__: Any) -> None:
        if what == "rotate":
            self._rotate()
        self._tell()

    def _rotate(self) -> None:
        if not rotation.earlier_epochs():
            self.stdout.write(f"Epoch {rotation.begin()} begins.")
        total = 0
        try:
            for done in rotation.wrap_afresh():
                total += done.wrapped
                self.stdout.write(f"{done.table}: {done.wrapped}", ending="\n")
                self.stdout.flush()
            destroyed = rotation.destroy_earlier()
        except rotation.NotYet as reason:
            raise CommandError(str(reason)) from None
        except SealBroken as broken:
            raise CommandError(f"A value of {broken} does not open in its place. Nothing was destroyed.") from None
        self.stdout.write(f"{total} records wrapped afresh. Destroyed: {', '.join(destroyed) or 'nothing'}.")

    def _tell(self) -> None:
        kept = keyring.read(Path(settings.KEYRING_FILE))
        for name, epoch in kept.epochs.items():
            self.stdout.write(f"{name}  began {epoch.began or 'before epochs'}, posts to {len(epoch.letterboxes)}")
