"""A partner agency's witness of the ledger. It needs no database and sees no entry."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.ledger import notes
from wilberforce.ledger.witness import Witness, server


class Command(BaseCommand):
    help = "Cosigns the ledger's checkpoints for a partner agency, over HTTP on this machine (C2SP tlog-witness)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the witness keeps its key and its one checkpoint")
        parser.add_argument("--make-key", metavar="NAME", help="make the witness's key under this name and stop")
        parser.add_argument("--log-key", metavar="KEY", help="the ledger's verifier key")
        parser.add_argument("--port", type=int, default=8790)

    def handle(self, *_: Any, folder: Path, make_key: str | None, log_key: str | None, port: int, **__: Any) -> None:
        key = folder / "witness_key"
        try:
            if make_key:
                self.stdout.write(str(notes.Signer.make(key, make_key, notes.COSIGNER).verifier))
                return
            signer = notes.Signer.kept_in(key, notes.COSIGNER)
            log = notes.Verifier.from_text(log_key or "")
        except FileExistsError:
            raise CommandError("This witness has a key already.") from None
        except FileNotFoundError:
            raise CommandError("This witness has no key yet. Make one with --make-key NAME.") from None
        except notes.BadNote as bad:
            raise CommandError(
                f"{bad}. Ask the operator for the ledger's key: ./wb manage sequence --show-key"
            ) from None
        served = server(Witness(folder / "checkpoint", signer, log), port)
        self.stderr.write(f"{signer.name} watches {log.name} on port {port}. Stop with Ctrl-C.")
        try:
            served.serve_forever()
        except KeyboardInterrupt:
            served.server_close()
