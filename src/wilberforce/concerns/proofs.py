"""The code with which a writer comes back, and the marks that keep their contact out of an item.

Neither can be turned back: of the code only a hash is kept, of the contact's words only keyed hashes.
"""

import hmac
import secrets
from hashlib import sha256
from uuid import UUID

from wilberforce.base.ids import READABLE
from wilberforce.base.keyring import Letterbox, keyring

from .rules import telling_words, words

PLACES = 28
"""28 places of 30 symbols are 137 bits: nobody guesses one."""
GROUP = 4


def code_for(token: UUID | None, body: str) -> str:
    """The same form, sent twice by a double click, gets the same code. Without what it said, the server can't make it
    again."""
    key, said = keyring().secret("receipt codes"), body.encode()
    drawn = hmac.new(key, token.bytes + said, sha256).digest() if token else secrets.token_bytes(32)
    number, places = int.from_bytes(drawn), []
    for _ in range(PLACES):
        number, place = divmod(number, len(READABLE))
        places.append(READABLE[place])
    code = "".join(places)
    return "-".join(code[start : start + GROUP] for start in range(0, PLACES, GROUP))


def _plain(code: str) -> bytes:
    """However it was typed: small letters, spaces, no hyphens."""
    return "".join(symbol for symbol in code.upper() if symbol in READABLE).encode()


def receipt_hash(code: str) -> bytes:
    return sha256(_plain(code)).digest()


def writer_key(code: str) -> Letterbox:
    """Only the code makes the private half; the server keeps the public one, to answer them."""
    return Letterbox.of_seed(sha256(b"wilberforce writer|" + _plain(code)).digest())


def new_marks_key() -> str:
    return secrets.token_hex(32)


def _mark(word: str, key: bytes) -> str:
    return hmac.new(key, word.encode(), sha256).hexdigest()[:24]


def contact_marks(contact: str, marks_key: str) -> list[str]:
    return sorted(_mark(word, marks_key.encode()) for word in telling_words(contact))


def names_the_contact(text: str, marks: list[str], marks_key: str | None) -> bool:
    """Whether any telling word of the writer's contact stands in the text. Reports from before they had a key of their
    own are marked by the keyring's."""
    kept, key = set(marks), marks_key.encode() if marks_key else keyring().secret("contact marks")
    return bool(kept) and any(_mark(word, key) in kept for word in words(text))
