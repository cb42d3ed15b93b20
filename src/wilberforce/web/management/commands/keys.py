"""Keys by epoch and by lock: which there are, a new epoch, the end of the earlier ones; locking away and opening."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.agencies import readers
from wilberforce.agencies.models import Agency
from wilberforce.base import clock, keyring, locks
from wilberforce.base.keyring import KeysLocked
from wilberforce.base.sealed import SealBroken
from wilberforce.base.shares import WrongShares
from wilberforce.web import locking, rotation

HELP = """
status; rotate: begin an epoch, wrap every data key afresh, destroy the earlier epochs, start it again if it stops;
lock: keep the keys on the disk under a lock that only two of three holders open; unlock: two of them open it;
rehearse: see that two shares would open it; recover: two of them give those who wait what readers hold;
close: take the open keys out of memory, at once.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["status", "rotate", "lock", "unlock", "rehearse", "recover", "close"])
        parser.add_argument("--agency", default="", metavar="CODE", help="lock, close: this agency's own keys")
        parser.add_argument("--holder", action="append", default=[], metavar="age1...", help="lock: three of them")
        parser.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="lock: where the shares go")

    def handle(self, *_: Any, what: str, **given: Any) -> None:
        try:
            if what == "rotate":
                self._rotate()
            elif what == "lock":
                self._lock(given["to"], given["holder"], given["agency"])
            elif what == "close":
                locks.close(locking.id_of(given["agency"]) if given["agency"] else "")
            elif what == "recover":
                self._recover()
            elif what in ("unlock", "rehearse"):
                self._open(only_try=what == "rehearse")
        except (rotation.NotYet, locks.NoLock, locking.NotLocked, WrongShares) as reason:
            raise CommandError(str(reason)) from None
        except KeysLocked as locked:
            raise CommandError(f"{locked.sentence} Nothing was destroyed.") from None
        except SealBroken as broken:
            raise CommandError(f"A value of {broken} does not open in its place. Nothing was destroyed.") from None
        self._tell()

    def _rotate(self) -> None:
        began = None if rotation.earlier_epochs() else clock.now()
        if began:
            self.stdout.write(f"Epoch {rotation.begin()} begins.")
        total = 0
        for done in rotation.wrap_afresh():
            total += done.wrapped
            self.stdout.write(f"{done.table}: {done.wrapped}", ending="\n")
            self.stdout.flush()
        destroyed = rotation.destroy_earlier()
        if began:
            rotation.handed_over(began)
        self.stdout.write(f"{total} records wrapped afresh. Destroyed: {', '.join(destroyed) or 'nothing'}.")

    def _lock(self, to: Path, holders: list[str], agency: str) -> None:
        for path in locking.lock(to, holders, agency):
            self.stdout.write(f"{path}: one share. Only its holder opens it; hand it over and remove it here.")
        self.stdout.write("A new epoch began. Run: keys rehearse, with two shares; then: keys rotate")

    def _open(self, *, only_try: bool) -> None:
        one, other = (_asked(f"The {which} holder's share: ") for which in ("first", "second"))
        who = self._named(locks.whose(one, other) if only_try else locks.unlock(one, other))
        self.stdout.write(f"These two shares open {who}." if only_try else f"Open now: {who}.")

    def _recover(self) -> None:
        helped = readers.recover(*(_asked(f"The {which} holder's share: ") for which in ("first", "second")))
        for one in helped:
            self.stdout.write(f"{one.key.membership}: opens {', '.join(one.classes)} with their own key now.")
        self.stdout.write(f"{len(helped)} waited. Whoever still waits made no key, or is of another lock.")

    def _named(self, who: str) -> str:
        found = None if who == locks.HOUSE else Agency.objects.filter(pk=who).first()
        return f"the keys of {found.name if found else 'the house'}"

    def _tell(self) -> None:
        closed = locks.closed()
        for who in (locks.stored() or {"locks": {}})["locks"]:
            self.stdout.write(f"{self._named(who)}: locked away, {'closed' if who in closed else 'open'} here now")
        if not locks.is_open():
            return
        for name, epoch in keyring.read(Path(settings.KEYRING_FILE)).epochs.items():
            self.stdout.write(f"{name}  began {epoch.began or 'before epochs'}, posts to {len(epoch.letterboxes)}")


def _asked(question: str) -> str:
    """Typed unseen; or a line of what is piped in."""
    return getpass(question) if sys.stdin.isatty() else sys.stdin.readline().strip()
