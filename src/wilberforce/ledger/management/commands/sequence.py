"""Number the leaves, sign the tree and ask the witnesses: once, or each minute."""

import time
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.base import clock
from wilberforce.ledger import checkpoint, notes, sequencer
from wilberforce.ledger.checkpoint import Partner

MINUTE = 60.0


class Command(BaseCommand):
    help = "Numbers the ledger's leaves, signs a checkpoint and asks the witnesses in the secret file 'witnesses'."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="each minute, until stopped")
        parser.add_argument("--make-key", metavar="NAME", help="make the ledger's key under this name and stop")
        parser.add_argument("--show-key", action="store_true", help="print the key that partners verify with and stop")

    def handle(self, *_: Any, forever: bool, make_key: str | None, show_key: bool, **__: Any) -> None:
        try:
            if make_key or show_key:
                self.stdout.write(str(_key(make_key).verifier))
                return
            by, asked = checkpoint.signer(), checkpoint.partners()
        except (checkpoint.KeyMissing, notes.BadNote) as missing:
            raise CommandError(str(missing)) from None
        if forever:
            self._forever(by, asked)
        with sequencer.connect() as at:
            self._once(at, by, asked)

    def _forever(self, by: notes.Signer, asked: list[Partner]) -> NoReturn:
        """A database that is away for a while stops nothing: the next minute catches up."""
        began = clock.now()
        while True:
            round_began = time.monotonic()
            try:
                with sequencer.connect() as at:
                    self._once(at, by, asked)
                    sentence = checkpoint.alarm(at, clock.now())
                if sentence and clock.now() - began > checkpoint.PATIENCE:
                    self.stderr.write(sentence)
            except psycopg.Error:
                self.stderr.write("ALARM: the ledger's database does not answer; trying again in a minute.")
            time.sleep(max(0.0, MINUTE - (time.monotonic() - round_began)))

    def _once(self, at: sequencer.Connection, by: notes.Signer, asked: list[Partner]) -> None:
        try:
            went = checkpoint.go_round(at, by, asked, clock.now())
        except LookupError as broken:
            self.stderr.write(f"ALARM: {broken.args[0]}. Nothing was signed.")
            return
        for sentence in went.wrong:
            self.stderr.write(f"ALARM: {sentence}")
        size = went.note.size if went.note else 0
        self.stdout.write(f"{went.claimed} entries numbered, {size} signed.")


def _key(name: str | None) -> notes.Signer:
    path: Path = checkpoint.key_file()
    try:
        return notes.Signer.make(path, name, notes.LOG) if name else checkpoint.signer()
    except FileExistsError:
        raise CommandError("The ledger has a key already. A new key is a new ledger to every witness.") from None
    except notes.BadNote as bad:
        raise CommandError(str(bad)) from None
