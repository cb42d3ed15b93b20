"""The code with which a writer comes back, and the marks that keep their contact out of an item.

Neither can be turned back: of the code only a hash is kept, of the contact's words only keyed hashes.
"""

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from wilberforce.base.ids import READABLE
from wilberforce.base.keyring import keyring

from .rules import telling_words, words

PLACES = 28
"""28 places of 30 symbols are 137 bits: nobody guesses one."""
GROUP = 4


def code_for(token: UUID | None) -> str:
    """The same form, sent twice by a double click, gets the same code."""
    key = keyring().secret("receipt codes")
    drawn = hmac.new(key, token.bytes, sha256).digest() if token else secrets.token_bytes(32)
    number, places = int.from_bytes(drawn), []
    for _ in range(PLACES):
        number, place = divmod(number, len(READABLE))
        places.append(READABLE[place])
    code = "".join(places)
    return "-".join(code[start : start + GROUP] for start in range(0, PLACES, GROUP))


def receipt_hash(code: str) -> bytes:
    """However it was typed: small letters, spaces, no hyphens."""
    plain = "".join(symbol for symbol in code.upper() if symbol in READABLE)
    return sha256(plain.encode()).digest()


@lru_cache(maxsize=1)
def _marking_key() -> bytes:
    return keyring().secret("contact marks")


def _mark(word: str) -> str:
    return hmac.new(_marking_key(), word.encode(), sha256).hexdigest()[:24]


def contact_marks(contact: str) -> list[str]:
    return sorted(_mark(word) for word in telling_words(contact))


def names_the_contact(text: str, marks: list[str]) -> bool:
    """Whether any telling word of the writer's contact stands in the text."""
    kept = set(marks)
    return bool(kept) and any(_mark(word) in kept for word in words(text))
