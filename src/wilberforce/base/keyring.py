"""Keys outside the database: one secret that never changes, and epochs that come and are destroyed.

An epoch holds the master key from which class keys are derived, each for one agency, and a letterbox for each class
that is only ever posted to: a key pair whose public half seals and whose private half alone opens. A process that
serves the public pages needs no private half. Epochs stand in the file in the order in which they began.

An agency with a lock of its own has a master key of its own. Where the keys are locked (``base.locks``), this file lies
in memory alone, and what the agency's holders have not opened yet is an empty key.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from . import clock
from .errors import Unavailable

KEY_ID, KEY = 4, 32
MADE_BY_ITSELF = "00"
"""Ids of epochs that begin so were made by a development machine for itself; live use refuses them."""
POSTED = ("report_raw", "source")
"""What the public tells us goes to the desk; who they are goes to the keeper of sources."""
MLKEM_SEED, MLKEM_PUBLIC = 64, 1184
POST = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
"""How whatever goes to a letterbox is sealed and opened."""


@dataclass(frozen=True)
class Letterbox:
    public: str
    private: str = ""

    @classmethod
    def fresh(cls) -> "Letterbox":
        first, second = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        public = first.public_key().public_bytes_raw() + second.public_key().public_bytes_raw()
        return cls(public.hex(), (first.private_bytes_raw() + second.private_bytes_raw()).hex())

    @classmethod
    def of_seed(cls, seed: bytes) -> "Letterbox":
        raw = HKDF(algorithm=hashes.SHA256(), length=MLKEM_SEED + KEY, salt=None, info=b"wilberforce|lock").derive(seed)
        first = MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED])
        second = X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED:])
        public = first.public_key().public_bytes_raw() + second.public_key().public_bytes_raw()
        return cls(public.hex(), raw.hex())

    def to_post(self) -> MLKEM768X25519PublicKey:
        raw = bytes.fromhex(self.public)
        first = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC])
        return MLKEM768X25519PublicKey(first, X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:]))

    def to_open(self) -> MLKEM768X25519PrivateKey:
        raw = bytes.fromhex(self.private)
        first = MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED])
        return MLKEM768X25519PrivateKey(first, X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED:]))


@dataclass(frozen=True)
class Epoch:
    key: str
    began: str
    letterboxes: dict[str, Letterbox] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    """The master key of each agency that has a lock of its own; empty while its holders have not opened it."""

    @classmethod
    def fresh(cls, agencies: Iterable[str] = ()) -> "Epoch":
        boxes = {data_class: Letterbox.fresh() for data_class in POSTED}
        own = {agency: secrets.token_hex(KEY) for agency in agencies}
        return cls(secrets.token_hex(KEY), clock.now().date().isoformat(), boxes, own)

    def master(self, controller: UUID | None) -> str:
        """Raises KeysLocked."""
        key = self.agencies.get(str(controller), self.key)
        if not key:
            raise KeysLocked
        return key


class KeysLocked(Unavailable):
    code = "keys_locked"
    sentence = "The keys of the agency that holds this are locked. Two of the three who hold their shares open them."


HOUSE_LOCKED = "The keys are locked, so nothing can be read or saved. Two of the three who hold their shares open them."


@dataclass(frozen=True)
class Kept:
    """What the file holds."""

    secret: str
    epochs: dict[str, Epoch]

    def right_lengths(self) -> bool:
        keys = [self.secret, *(epoch.key for epoch in self.epochs.values())]
        ids = all(len(bytes.fromhex(name)) == KEY_ID for name in self.epochs)
        return bool(self.epochs) and ids and all(len(bytes.fromhex(key)) == KEY for key in keys)


class Keyring:
    """Class keys by epoch, derived once."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.current = list(kept.epochs)[-1]
        self._derived: dict[tuple[str, str, UUID | None], AESGCMSIV] = {}
        self._opening: dict[tuple[str, str], MLKEM768X25519PrivateKey] = {}

    def cipher(self, epoch: str, data_class: str, controller: UUID | None) -> AESGCMSIV:
        """Raises KeyError for an epoch that is gone, KeysLocked for an agency's that nobody has opened."""
        wanted = (epoch, data_class, controller)
        if wanted not in self._derived:
            info = f"wilberforce|{data_class}|{controller or ''}"
            self._derived[wanted] = AESGCMSIV(_derived(self.kept.epochs[epoch].master(controller), info))
        return self._derived[wanted]

    def letterbox(self, data_class: str) -> Letterbox | None:
        return self.kept.epochs[self.current].letterboxes.get(data_class)

    def opening(self, epoch: str, data_class: str) -> MLKEM768X25519PrivateKey:
        """Raises KeyError for an epoch that is gone, or where only the public half is here."""
        wanted = (epoch, data_class)
        if wanted not in self._opening:
            box = self.kept.epochs[epoch].letterboxes[data_class]
            if not box.private:
                raise KeyError(data_class)
            self._opening[wanted] = box.to_open()
        return self._opening[wanted]

    def secret(self, use: str) -> bytes:
        """32 bytes for one other use, such as the ledger's pseudonyms. It stays the same when epochs change."""
        return _derived(self.kept.secret, f"use|{use}")


def _derived(key: str, info: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=KEY, salt=None, info=info.encode())
    return derive.derive(bytes.fromhex(key))


def read(path: Path) -> Kept:
    """Raises OSError, ValueError, TypeError, KeyError or AttributeError where it is no keyring."""
    stored = json.loads(path.read_text())
    if "epochs" not in stored:
        return _before_epochs(stored)
    return Kept(stored["secret"], {name: _epoch(found) for name, found in stored["epochs"].items()})


def _before_epochs(keys: dict[str, str]) -> Kept:
    """The first form of the file: keys by id, of which the oldest gave the secrets of other uses."""
    return Kept(next(iter(keys.values())), {name: Epoch(key, "") for name, key in keys.items()})


def _epoch(stored: dict[str, Any]) -> Epoch:
    boxes = {data_class: Letterbox(**box) for data_class, box in stored["letterboxes"].items()}
    return Epoch(stored["key"], stored["began"], boxes, stored.get("agencies", {}))


def make(path: Path, *, live: bool = False) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, asdict(Kept(secrets.token_hex(KEY), {_fresh_id(live): Epoch.fresh()})))


def begin_epoch(path: Path, agencies: Iterable[str] | None = None) -> str:
    """What is sealed from now on is sealed under a new epoch; the earlier ones stay, to open what they sealed.

    ``agencies``: which have keys of their own from now on; the same as before where nothing is said.
    """
    kept, name = read(path), _fresh_id(live=True)
    before = list(kept.epochs.values())[-1].agencies
    epoch = Epoch.fresh(before if agencies is None else agencies)
    known = {agency: key if before.get(agency, key) else "" for agency, key in epoch.agencies.items()}
    grown = Kept(kept.secret, {**kept.epochs, name: epoch})
    _replace(path, grown, Kept(kept.secret, {**kept.epochs, name: replace(epoch, agencies=known)}))
    return name


def destroy_epochs(path: Path, names: list[str]) -> None:
    """Whatever is still sealed under them, in a dead row, a log or a backup, opens no more."""
    kept = read(path)
    left = {name: epoch for name, epoch in kept.epochs.items() if name not in names}
    if not left:
        raise ValueError("one epoch must stay")
    smaller = Kept(kept.secret, left)
    _replace(path, smaller, smaller)


def _fresh_id(live: bool) -> str:
    return ("01" if live else MADE_BY_ITSELF) + secrets.token_hex(KEY_ID - 1)


def _replace(path: Path, whole: Kept, known: Kept) -> None:
    """The locked copy first: an epoch that only memory knew would be lost with it."""
    from . import locks

    locks.keep_up(whole)
    write_whole(path, asdict(known))


def write_whole(path: Path, kept: dict[str, Any]) -> None:
    """All of it or what was there before."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    _write(fresh, kept)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _write(path: Path, kept: dict[str, Any]) -> None:
    """Where root writes it, it belongs to whoever the folder belongs to: the service reads what its operator opens."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        if os.geteuid() == 0:
            folder = path.parent.stat()
            os.fchown(file.fileno(), folder.st_uid, folder.st_gid)
        json.dump(kept, file)
        file.flush()
        os.fsync(file.fileno())


def keyring() -> Keyring:
    """In live use the operator makes the key file; without it this raises KeysLocked, also after ``keys close``."""
    try:
        seen = os.stat(settings.KEYRING_FILE)
    except FileNotFoundError:
        path = Path(settings.KEYRING_FILE)
        if settings.LIVE or Path(settings.KEYRING_LOCKED).exists():
            raise KeysLocked(HOUSE_LOCKED) from None
        with contextlib.suppress(FileExistsError):
            make(path)
        seen = path.stat()
    return _read_once(settings.KEYRING_FILE, seen.st_ino, seen.st_mtime_ns)


@lru_cache(maxsize=1)
def _read_once(path: str | Path, inode: int, changed: int) -> Keyring:
    """Read again as soon as the file is another: a process that runs sees a new epoch with its next value."""
    return Keyring(read(Path(path)))
