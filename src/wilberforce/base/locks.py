"""The keys as they lie on the disk: sealed to locks that only two of three holders open.

The house's lock holds what the service itself needs; an agency's own lock holds the master keys of that agency alone.
Each lock is a key pair made from 32 bytes that are split into three shares and kept nowhere. Its public half stays
here, so that a new epoch is locked away without anybody's share. What is open lies in memory, in the file
``settings.KEYRING_FILE``.
"""

import json
import secrets
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings

from . import keyring, shares
from .keyring import KEY, POST, Epoch, Kept, Letterbox

HOUSE = "house"
Stored = dict[str, Any]


class NoLock(Exception):
    """The sentence says what to do."""


def file() -> Path:
    return Path(settings.KEYRING_LOCKED)


def stored() -> Stored | None:
    """What lies on the disk, or nothing where the keys were never locked."""
    try:
        found: Stored = json.loads(file().read_text())
    except FileNotFoundError:
        return None
    return found


def is_open() -> bool:
    return Path(settings.KEYRING_FILE).exists()


def closed() -> set[str]:
    """The locks whose keys are not in memory."""
    found = stored()
    if found is None:
        return set()
    if not is_open():
        return set(found["locks"])
    newest = list(keyring.read(Path(settings.KEYRING_FILE)).epochs.values())[-1]
    return {agency for agency, key in newest.agencies.items() if not key}


def lock_house(ring: Path) -> list[str]:
    """Three shares, shown once. Again: new shares, and the earlier ones open nothing from then on."""
    kept, seed = keyring.read(ring), secrets.token_bytes(KEY)
    was = stored() or {"locks": {}, "epochs": {}}
    public = Letterbox.of_seed(seed).public
    epochs = {
        name: {
            "agencies": was["epochs"].get(name, {}).get("agencies", {}),
            "began": epoch.began,
            HOUSE: _shut(public, HOUSE, name, _house_part(epoch)),
        }
        for name, epoch in kept.epochs.items()
    }
    secret = _shut(public, HOUSE, "secret", kept.secret)
    keyring.write_whole(file(), {"locks": was["locks"] | {HOUSE: public}, "secret": secret, "epochs": epochs})
    return shares.split(seed)


def lock_agency(agency: str) -> list[str]:
    """Its keys are its own from the next epoch on, which begins now; ``keys rotate`` then takes everything over."""
    found, seed = stored(), secrets.token_bytes(KEY)
    if found is None:
        raise NoLock("Lock the house's keys first.")
    ring = Path(settings.KEYRING_FILE)
    kept, public = keyring.read(ring), Letterbox.of_seed(seed).public
    own = {name: epoch.agencies[agency] for name, epoch in kept.epochs.items() if agency in epoch.agencies}
    if not all(own.values()):
        raise NoLock("The agency's keys are locked. Two of its holders open them first.")
    found["locks"][agency] = public
    for name, key in own.items():
        found["epochs"][name]["agencies"][agency] = _shut(public, agency, name, key)
    keyring.write_whole(file(), found)
    keyring.begin_epoch(ring, [*list(kept.epochs.values())[-1].agencies, agency])
    return shares.split(seed)


def keep_up(kept: Kept) -> None:
    """Before the open keyring changes: what is new in it is locked away, what is gone from it goes here too."""
    found = stored()
    if found is None:
        return
    epochs = {name: found["epochs"].get(name) or _locked_away(found, name, new) for name, new in kept.epochs.items()}
    keyring.write_whole(file(), found | {"epochs": epochs})


def public_of(agency: str) -> str | None:
    """The public half of the agency's own lock, or of the house's."""
    locks = (stored() or {"locks": {}})["locks"]
    found: str | None = locks.get(agency) or locks.get(HOUSE)
    return found


def opened(one: str, other: str) -> tuple[str, Letterbox]:
    """Which lock two shares open, and its key, which is kept nowhere. Raises WrongShares or NoLock."""
    return _opened_by(one, other)[:2]


def whose(one: str, other: str) -> str:
    """Which lock two shares open. Raises WrongShares."""
    return _opened_by(one, other)[0]


def unlock(one: str, other: str) -> str:
    """Whose lock it was; its keys are in memory now. Raises WrongShares or NoLock."""
    who, key, found = _opened_by(one, other)
    ring = Path(settings.KEYRING_FILE)
    if who == HOUSE:
        kept = _house_open(found, key)
        if is_open():
            kept = _with(kept, {name: epoch.agencies for name, epoch in keyring.read(ring).epochs.items()})
    elif is_open():
        own = {name: epoch["agencies"][who] for name, epoch in found["epochs"].items() if who in epoch["agencies"]}
        opened = {name: {who: _open(key, who, name, box)} for name, box in own.items()}
        kept = _with(keyring.read(ring), opened)
    else:
        raise NoLock("The house's keys are locked. Two of its holders open them first.")
    ring.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keyring.write_whole(ring, asdict(kept))
    return who


def close(agency: str = "") -> None:
    """An agency's keys, or all of them, leave memory; only what is locked away is left of them. Raises NoLock."""
    found, ring = stored(), Path(settings.KEYRING_FILE)
    if found is None or (agency and agency not in found["locks"]):
        raise NoLock("These keys have no lock: closed now, nobody could open them again.")
    if not agency:
        ring.unlink(missing_ok=True)
    elif is_open():
        kept = keyring.read(ring)
        keyring.write_whole(ring, asdict(_with(kept, {name: {agency: ""} for name in kept.epochs})))


def _opened_by(one: str, other: str) -> tuple[str, Letterbox, Stored]:
    key, found = Letterbox.of_seed(shares.joined(one, other)), stored()
    if found is None:
        raise NoLock("Nothing is locked here.")
    for who, public in found["locks"].items():
        if secrets.compare_digest(public, key.public):
            return who, key, found
    raise shares.WrongShares("These shares open no lock of this server: they are of an earlier set, or of another one.")


def _house_open(found: Stored, key: Letterbox) -> Kept:
    epochs = {}
    for name, epoch in found["epochs"].items():
        part = json.loads(_open(key, HOUSE, name, epoch[HOUSE]))
        boxes = {data_class: Letterbox(**box) for data_class, box in part["letterboxes"].items()}
        epochs[name] = Epoch(part["key"], epoch["began"], boxes, dict.fromkeys(epoch["agencies"], ""))
    return Kept(_open(key, HOUSE, "secret", found["secret"]), epochs)


def _with(kept: Kept, opened: dict[str, dict[str, str]]) -> Kept:
    epochs = {name: replace(one, agencies=one.agencies | opened.get(name, {})) for name, one in kept.epochs.items()}
    return Kept(kept.secret, epochs)


def _locked_away(found: Stored, name: str, epoch: Epoch) -> Stored:
    own = {who: _shut(found["locks"][who], who, name, key) for who, key in epoch.agencies.items()}
    house = _shut(found["locks"][HOUSE], HOUSE, name, _house_part(epoch))
    return {"began": epoch.began, HOUSE: house, "agencies": own}


def _house_part(epoch: Epoch) -> str:
    return json.dumps({"key": epoch.key, "letterboxes": {name: asdict(box) for name, box in epoch.letterboxes.items()}})


def _bound(who: str, name: str) -> bytes:
    return f"wilberforce lock 1|{who}|{name}".encode()


def _shut(public: str, who: str, name: str, text: str) -> str:
    return POST.encrypt(text.encode(), Letterbox(public).to_post(), info=_bound(who, name)).hex()


def _open(key: Letterbox, who: str, name: str, box: str) -> str:
    try:
        return POST.decrypt(bytes.fromhex(box), key.to_open(), info=_bound(who, name)).decode()
    except InvalidTag as broken:
        raise NoLock("The locked keys were changed. Restore the file from its copy.") from broken
