"""Letterboxes whose private half lies in persons' hands, and what one of them has opened here and now.

The server keeps a person's private half only shut: under what they type or what their passkey says, and, for one
sitting, under a secret that only their browser's cookie holds. Which letterbox an agency's class is posted to, and who
sits here, is known by a later stage: it says so through ``posted_by`` and ``opened_with``.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .keyring import KEY, POST, Letterbox

NONCE = 12
MEMORY = 128 * 1024
"""Kibibytes that each guess of a passphrase takes."""
PASSES = 3


@dataclass(frozen=True)
class Recipient:
    """Whoever holds the private half opens what is posted to the public one."""

    id: UUID
    public: str


Where = Callable[[str, UUID | None], Recipient | None]
Find = Callable[[UUID], Letterbox | None]

_where: list[Where] = []
_find: ContextVar[Find | None] = ContextVar("opened letterboxes", default=None)
_known: ContextVar[dict[tuple[str, UUID | None], Recipient | None] | None] = ContextVar("letterboxes", default=None)
_one_at_a_time = Lock()


def posted_by(where: Where) -> None:
    """Who knows which letterbox a class of an agency is posted to. The last one who says so."""
    _where[:] = [where]


@contextmanager
def remembering() -> Iterator[None]:
    """Within it each letterbox is asked for once."""
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def letterbox_of(data_class: str, controller: UUID | None) -> Recipient | None:
    """None where the class still lies with the house's keys."""
    known, wanted = _known.get(), (data_class, controller)
    if known is not None and wanted in known:
        return known[wanted]
    found = _where[0](data_class, controller) if _where else None
    if known is not None:
        known[wanted] = found
    return found


@contextmanager
def opened_with(find: Find) -> Iterator[None]:
    """Within it whatever ``find`` gives a private half for opens."""
    before = _find.set(find)
    try:
        yield
    finally:
        _find.reset(before)


def private_half(letterbox: UUID) -> Letterbox | None:
    find = _find.get()
    return find(letterbox) if find else None


# A private half, shut


def stretched(passphrase: str, salt: bytes) -> bytes:
    """Argon2id. One at a time in a process, so that many who try at once don't take the machine's memory."""
    with _one_at_a_time:
        derive = Argon2id(salt=salt, length=KEY, iterations=PASSES, lanes=1, memory_cost=MEMORY)
        return derive.derive(passphrase.encode())


def shut(key: Letterbox, secret: bytes, bound: str) -> bytes:
    """Under a secret that is kept elsewhere."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _under(secret).encrypt(nonce, bytes.fromhex(key.private), bound.encode())


def opened(box: bytes, secret: bytes, public: str, bound: str) -> Letterbox | None:
    """None for any other secret, or a box that was moved."""
    try:
        private = _under(secret).decrypt(box[:NONCE], box[NONCE:], bound.encode())
    except (InvalidTag, ValueError):
        return None
    return Letterbox(public, private.hex())


def _under(secret: bytes) -> AESGCMSIV:
    derive = HKDF(algorithm=hashes.SHA256(), length=KEY, salt=None, info=b"wilberforce|own key")
    return AESGCMSIV(derive.derive(secret))


def wrapped(letterbox: Letterbox, to: str, bound: str) -> bytes:
    """A letterbox's private half, for one person or one lock alone."""
    return POST.encrypt(bytes.fromhex(letterbox.private), Letterbox(to).to_post(), info=bound.encode())


def unwrapped(box: bytes, key: Letterbox, public: str, bound: str) -> Letterbox | None:
    try:
        return Letterbox(public, POST.decrypt(box, key.to_open(), info=bound.encode()).hex())
    except (InvalidTag, ValueError):
        return None


def heard(public: str) -> str:
    """What two people say to each other to know that a key is theirs: 40 bits in two groups."""
    told = sha256(bytes.fromhex(public)).hexdigest()[:10].upper()
    return f"{told[:5]} {told[5:]}"
