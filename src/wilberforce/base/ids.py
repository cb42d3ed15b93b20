"""Identifiers: keys sort by time inside the database; anything a person can see is random."""

import re
import secrets
from uuid import UUID

import uuid_utils.compat

READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L or U: read aloud in a noisy hall, written by hand with gloves on."""


def new_id() -> UUID:
    """A UUIDv7 for a primary key. Never put it in a public URL: it tells when the record began."""
    return UUID(bytes=uuid_utils.compat.uuid7().bytes)


EXERCISE = 8
"""The version in the id of whatever belongs to an exercise. No other id has it, so nothing needs to be looked up."""


def exercise_id() -> UUID:
    """Sorts by time as every key does, and says by itself that nothing about it is real."""
    return played(new_id())


def played(record: UUID) -> UUID:
    """The same id as that of something in an exercise."""
    return UUID(int=record.int & ~(0xF << 76) | EXERCISE << 76)


def is_exercise(record: UUID | None) -> bool:
    return record is not None and record.version == EXERCISE


def random_id() -> UUID:
    """A random id (version 4) for URLs, paper and anything that leaves the agency."""
    return UUID(bytes=secrets.token_bytes(16), version=4)


def random_reference(prefix: str, length: int = 6) -> str:
    """A reference such as ``P-7K3MQX``: 30 symbols a place, so six places give 729 million."""
    return f"{prefix}-{''.join(secrets.choice(READABLE) for _ in range(length))}"


SPOKEN = READABLE.removesuffix("Z")
"""A prime number of symbols, so that the last place of a code tells every slip of one place and every two places
changed over. Whoever hears or reads a Z for a 2 is understood."""
CODE = 6


def spoken_code() -> str:
    """Such as ``K7M4PH``: said on the radio, typed with gloves."""
    places = [secrets.randbelow(len(SPOKEN)) for _ in range(CODE - 1)]
    return "".join(SPOKEN[place] for place in [*places, _last(places)])


def heard_code(typed: str) -> str:
    """The code as it was given out, however it was typed; empty where there was a slip."""
    code = re.sub(r"[\s.-]", "", typed).upper().replace("Z", "2")
    places = [SPOKEN.find(letter) for letter in code]
    right = len(places) == CODE and min(places) >= 0 and _last(places[:-1]) == places[-1]
    return code if right else ""


def _last(places: list[int]) -> int:
    return sum(number * place for number, place in enumerate(places, start=1)) % len(SPOKEN)


def uuid_of(text: str | None) -> UUID:
    """The nil id, which nothing has, for whatever is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)
