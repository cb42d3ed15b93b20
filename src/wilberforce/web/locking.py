"""Locking the keys away: each share sealed to its holder's own age key, so that nobody at this machine sees one."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pyrage
from django.conf import settings

from wilberforce.agencies.models import Agency
from wilberforce.base import clock, keyring, locks, shares

IN_MEMORY = ("tmpfs", "ramfs")
ROTATED = timedelta(days=31)


class NotLocked(Exception):
    """The sentence says what to do."""


def lock(to: Path, holders: Sequence[str], agency: str = "") -> list[Path]:
    """The files for the three holders. A new epoch begins, whose keys no disk ever held in the clear."""
    wanted = _holders(holders)
    ring = Path(settings.KEYRING_FILE)
    if agency:
        return _handed_out(to, agency, locks.lock_agency(id_of(agency)), wanted)
    if not in_memory(ring):
        raise NotLocked("The open keys must lie in memory. Set WB_KEYRING to a file there: /run/wilberforce/keys/ring")
    if not ring.exists():
        ring.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keyring.write_whole(ring, asdict(keyring.read(on_the_disk())))
    made = _handed_out(to, locks.HOUSE, locks.lock_house(ring), wanted)
    keyring.begin_epoch(ring)
    return made


def id_of(agency: str) -> str:
    found = Agency.objects.filter(code=agency).first()
    if found is None:
        raise NotLocked("No agency has this code.")
    return str(found.pk)


def _holders(holders: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    if len(set(holders)) != len(shares.HOLDERS):
        raise NotLocked("Name three holders, each by an age recipient of their own: --holder age1...")
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in holders]
    except pyrage.RecipientError as wrong:
        raise NotLocked(
            "A holder's recipient begins with age1; they make it with age-keygen, on a machine apart."
        ) from wrong


def _handed_out(to: Path, name: str, parts: Sequence[str], wanted: Sequence[pyrage.x25519.Recipient]) -> list[Path]:
    made = []
    for number, (part, holder) in enumerate(zip(parts, wanted, strict=True), 1):
        path = to / f"{name}-share-{number}.age"
        path.write_bytes(pyrage.encrypt(f"{part}\n".encode(), [holder]))
        made.append(path)
    return made


def on_the_disk() -> Path:
    return settings.SECRETS / "keyring.json"


def in_memory(path: Path) -> bool:
    """Whether a file there would be in memory alone."""
    try:
        lines = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return False
    over = [(place, kind) for _, place, kind, *_ in lines if path.resolve().is_relative_to(place)]
    return bool(over) and max(over, key=lambda one: len(one[0]))[1] in IN_MEMORY


def wanting() -> list[str]:
    """What the doctor says of keys."""
    told = []
    if locks.stored() is None:
        told.append("The keys lie open on the disk: a stolen machine opens what it holds. Run: keys lock")
    elif on_the_disk().exists():
        told.append(f"The keys are locked and {on_the_disk()} still holds them open. Try two shares, then remove it.")
    if locks.is_open() and _began() < clock.now().date() - ROTATED:
        told.append(
            "The epoch of keys is over a month old: what was erased still opens from a backup. Run: keys rotate"
        )
    return told


def _began() -> date:
    newest = list(keyring.read(Path(settings.KEYRING_FILE)).epochs.values())[-1]
    return date.fromisoformat(newest.began) if newest.began else date.min
