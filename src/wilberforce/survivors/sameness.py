"""Is this person known already? Asked blind: keys of how a name sounds, of a birth, of a number of theirs.

Nobody searches by typing a name: only for somebody whose name they hold. Whoever asks hears the same whether or not
another agency knows them; the managers of the two agencies are told, and speak.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import combinations
from uuid import UUID

from django.db import connection

from wilberforce.access.context import Actor, Note
from wilberforce.base.ids import random_id
from wilberforce.base.keyring import keyring
from wilberforce.ledger.doors import action

STRONG, PAIR, BORN = 1, 2, 3
"""A number of theirs is enough; otherwise two names with the year and one name with the day of birth, together."""
PARTICLES = frozenset({"al", "el", "bin", "bint", "ibn", "van", "von", "de", "da"})
SOUNDS = {letter: group[0] for group in ("bfpvw", "cgjkqsxz", "dt", "l", "mn", "r") for letter in group}
LEAST_DIGITS = 7
MANAGERS = {"redcross": "reception_manager", "county": "safeguarding_lead", "city": "safeguarding_lead"}
"""Who is told, by the kind of agency; of any other, its guardian."""
TOLD = frozenset({*MANAGERS.values(), "data_guardian"})


def sound(name: str) -> str:
    """The first letter and how the consonants after it sound; what is in another script stays as it is."""
    if not name.isascii():
        return name
    after = (SOUNDS.get(letter, "") for letter in name[1:])
    return name[:1] + re.sub(r"(.)\1+", r"\1", "".join(after))


def names_of(said: Mapping[str, str]) -> list[str]:
    words = " ".join(said.get(field) or "" for field in ("given_names", "family_name", "also_known_as"))
    plain = "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))
    return sorted({sound(word) for word in re.findall(r"\w{2,}", plain)} - PARTICLES)


def keys_of(said: Mapping[str, str]) -> set[tuple[int, bytes]]:
    return {(kind, _blind(text)) for kind, text in _texts(said)}


def _texts(said: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    if number := (said.get("national_insurance") or "").replace(" ", "").upper():
        yield STRONG, f"number|{number}"
    digits = "".join(re.findall(r"\d", said.get("contact") or ""))
    if len(digits) >= LEAST_DIGITS:
        yield STRONG, f"telephone|{digits[-LEAST_DIGITS:]}"
    names, born = names_of(said), _born(said.get("date_of_birth") or "")
    if born is None:
        return
    yield from ((PAIR, f"pair|{'|'.join(two)}|{born.year}") for two in combinations(names, 2))
    yield from ((BORN, f"born|{name}|{born}") for name in names)


def _born(text: str) -> date | None:
    """Nothing for 1 January: it is what is written where nobody knows."""
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return None
    return None if (born.month, born.day) == (1, 1) else born


@lru_cache(maxsize=1)
def _secret() -> bytes:
    return keyring().secret("same person")


def _blind(text: str) -> bytes:
    return hmac.new(_secret(), text.encode(), sha256).digest()[:16]


def index(person_id: UUID, said: Mapping[str, str]) -> None:
    """In place of whatever the actor's agency had of this person."""
    kept = sorted(keys_of(said))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT survivors_index(%s, %s::smallint[], %s::bytea[])",
            [person_id, [kind for kind, _ in kept], [key for _, key in kept]],
        )


@action("identity", "R", about={"person": "person_id"})
def look_for_same(actor: Actor, person_id: UUID) -> UUID:
    """The look itself comes after the answer, in a job, so that neither its words nor its time tell anything."""
    asked = random_id()
    with connection.cursor() as cursor:
        cursor.execute("SELECT survivors_ask_for_same(%s, %s)", [asked, person_id])
    actor.note(Note("combination", "identity", "R", "", actor.rules_for("identity", "R"), (person_id,)))
    return asked


def found(asked: UUID) -> list[tuple[UUID, UUID, str]]:
    """Each side of each new likeness: its own id, the agency that is told, and its kind. For the machine alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, agency_id, kind FROM survivors_look_for_same(%s)", [asked])
        return list(cursor.fetchall())


def told() -> list[tuple[UUID, UUID, UUID]]:
    """The likeness, the person whom the manager's agency holds, and the agency to speak to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, person_id, other_agency_id FROM survivors_same_told(%s)", [sorted(TOLD)])
        return list(cursor.fetchall())
