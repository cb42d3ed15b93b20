"""Signed notes as C2SP has them: signed-note, tlog-checkpoint and tlog-cosignature, each with Ed25519.

wilberforce.example.org/ledger          origin: the log's name
12345                                   how many leaves
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MP...   root, base64

— wilberforce.example.org/ledger ...    the log's signature
— redcross.example.org/witness ...      a witness's cosignature, with its time
"""

import base64
import binascii
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, COSIGNER = 1, 4
"""The algorithm bytes of an Ed25519 note signature and of an Ed25519 cosignature."""
SIGNATURE = re.compile(r"— (\S+) (\S+)")
NAME = re.compile(r"[^\s+]+")


class BadNote(ValueError):
    """It is no note of this form, or nobody whom we know signed it."""


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadNote("not base64") from fault


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


@dataclass(frozen=True)
class Verifier:
    """Somebody whose signature we believe: a name, what kind of signature, and a public key."""

    name: str
    algorithm: int
    public: bytes

    @classmethod
    def from_text(cls, text: str) -> Self:
        """A "vkey": the name, its short id in hexadecimal, and the key in base64, with plus signs between."""
        name, _, rest = text.strip().partition("+")
        short, _, key = rest.partition("+")
        data = decoded(key)
        if len(data) != 33 or data[0] not in (LOG, COSIGNER) or not NAME.fullmatch(name):
            raise BadNote("this is no verifier key")
        if key_id(name, data[0], data[1:]).hex() != short:
            raise BadNote("the verifier key's short id does not belong to it")
        return cls(name, data[0], data[1:])

    def __str__(self) -> str:
        return f"{self.name}+{self.short.hex()}+{encoded(bytes([self.algorithm]) + self.public)}"

    @property
    def short(self) -> bytes:
        return key_id(self.name, self.algorithm, self.public)

    def verifies(self, body: str, signature: bytes) -> datetime | None:
        """When it was signed, or the beginning of time where the signature names no time; None if it is false."""
        at, message = datetime.fromtimestamp(0, UTC), body.encode()
        if self.algorithm == COSIGNER:
            seconds = int.from_bytes(signature[:8], "big")
            if len(signature) != 72 or seconds > 253_402_300_799:
                return None
            at, message, signature = datetime.fromtimestamp(seconds, UTC), cosigned(body, seconds), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return at


def cosigned(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


@dataclass(frozen=True)
class Signer:
    """A name and its private key, kept in a file that only its owner reads."""

    name: str
    algorithm: int
    key: Ed25519PrivateKey

    @classmethod
    def kept_in(cls, path: Path, algorithm: int) -> Self:
        name, _, key = path.read_text().strip().partition(" ")
        return cls(name, algorithm, Ed25519PrivateKey.from_private_bytes(decoded(key)))

    @classmethod
    def make(cls, path: Path, name: str, algorithm: int) -> Self:
        """Raises FileExistsError rather than lose a key."""
        if not NAME.fullmatch(name):
            raise BadNote("a key's name has no spaces and no plus sign")
        key = Ed25519PrivateKey.generate()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{name} {encoded(key.private_bytes_raw())}\n")
        return cls(name, algorithm, key)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.algorithm, self.key.public_key().public_bytes_raw())

    def line(self, body: str, at: datetime) -> str:
        if self.algorithm == COSIGNER:
            seconds = int(at.timestamp())
            signature = seconds.to_bytes(8, "big") + self.key.sign(cosigned(body, seconds))
        else:
            signature = self.key.sign(body.encode())
        return f"— {self.name} {encoded(self.verifier.short + signature)}\n"


@dataclass(frozen=True)
class Signed:
    """A signature line: who claims to have signed, and the bytes."""

    name: str
    short: bytes
    signature: bytes
    line: str


@dataclass(frozen=True)
class Note:
    """A checkpoint and the lines under it. Parsed is not believed: ask ``signed_by``."""

    origin: str
    size: int
    root: bytes
    lines: tuple[Signed, ...] = ()

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    def __str__(self) -> str:
        return f"{self.body}\n{''.join(signed.line for signed in self.lines)}"

    @classmethod
    def parsed(cls, text: str) -> Self:
        body, gap, under = text.partition("\n\n")
        origin, *rest = body.split("\n")
        if not gap or len(rest) != 2 or not origin or not re.fullmatch(r"0|[1-9]\d{0,17}", rest[0], re.ASCII):
            raise BadNote("this is no checkpoint")
        note = cls(origin, int(rest[0]), decoded(rest[1]), tuple(signature_lines(under)))
        if len(note.root) != 32 or note.body != body + "\n":
            raise BadNote("this is no checkpoint in its one right form")
        return note

    def signed_by(self, verifier: Verifier) -> datetime | None:
        mine = [s for s in self.lines if (s.name, s.short) == (verifier.name, verifier.short)]
        times = [at for signed in mine if (at := verifier.verifies(self.body, signed.signature)) is not None]
        return max(times, default=None)

    def under(self, lines: Iterable[str]) -> "Note":
        """The same checkpoint with more signature lines."""
        more = tuple(signed for text in lines for signed in signature_lines(text))
        return Note(self.origin, self.size, self.root, (*self.lines, *more))


def signature_lines(text: str) -> list[Signed]:
    if not text.endswith("\n"):
        raise BadNote("a signature line ends with a new line")
    found = []
    for line in text.removesuffix("\n").split("\n"):
        parts = SIGNATURE.fullmatch(line)
        data = decoded(parts[2]) if parts else b""
        if parts is None or len(data) < 5:
            raise BadNote("this is no signature line")
        found.append(Signed(parts[1], data[:4], data[4:], line + "\n"))
    return found
