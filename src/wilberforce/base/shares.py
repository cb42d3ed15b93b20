"""A secret in three parts: any two give it back, one alone tells nothing (Shamir, 1979: a line over GF(256)).

A share is written to be read from paper: 64 letters and figures in groups of four, with a check of its own, and the
name of the set to which it belongs.
"""

import base64
import hashlib
import secrets

SECRET, SET, CHECK = 32, 3, 4
HOLDERS = (1, 2, 3)
LENGTH = 1 + SET + SECRET + CHECK


class WrongShares(Exception):
    """The sentence says what to look at; it repeats no share."""


def split(secret: bytes) -> list[str]:
    """Three shares of 32 bytes."""
    if len(secret) != SECRET:
        raise ValueError("32 bytes")
    slope, name = secrets.token_bytes(SECRET), secrets.token_bytes(SET)
    parts = [bytes(part ^ _times(up, holder) for part, up in zip(secret, slope, strict=True)) for holder in HOLDERS]
    return [_written(bytes([holder]) + name + part) for holder, part in zip(HOLDERS, parts, strict=True)]


def joined(first: str, second: str) -> bytes:
    """The secret. Raises WrongShares."""
    one, two = _read(first), _read(second)
    if one[0] == two[0]:
        raise WrongShares("That is the same share twice. Give the share of another holder.")
    if one[1 : 1 + SET] != two[1 : 1 + SET]:
        raise WrongShares("These shares belong to different locks, or one is of an earlier set.")
    between = _inverse(one[0] ^ two[0])
    ours, theirs = _times(two[0], between), _times(one[0], between)
    pairs = zip(one[1 + SET :], two[1 + SET :], strict=True)
    return bytes(_times(a, ours) ^ _times(b, theirs) for a, b in pairs)


def _written(part: bytes) -> str:
    text = base64.b32encode(part + _check(part)).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _read(share: str) -> bytes:
    text = "".join(share.upper().replace("-", " ").split())
    try:
        whole = base64.b32decode(text)
    except ValueError as broken:
        raise WrongShares("A share is 64 letters and figures from 2 to 7. Look at it again.") from broken
    part, check = whole[:-CHECK], whole[-CHECK:]
    if len(whole) != LENGTH or check != _check(part) or part[0] not in HOLDERS:
        raise WrongShares("A share was mistyped. Look at it again, group by group.")
    return part


def _check(part: bytes) -> bytes:
    return hashlib.sha256(b"wilberforce share|" + part).digest()[:CHECK]


def _times(a: int, b: int) -> int:
    """In GF(256) modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    for _ in range(8):
        product ^= -(b & 1) & a
        a = (a << 1) ^ (-(a >> 7) & 0x11B)
        b >>= 1
    return product


def _inverse(a: int) -> int:
    return next(b for b in range(1, 256) if _times(a, b) == 1)
