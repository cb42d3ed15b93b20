"""Each minute: sequence what is over, sign what the tree is now, and ask the partners' witnesses to cosign it."""

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from wilberforce.base.ids import new_id

from . import notes, sequencer, tree
from .notes import BadNote, Note, Signer, Verifier
from .sequencer import Connection

WITNESSES_NEEDED = 2
PATIENCE = timedelta(minutes=10)
WITHIN = 10
"""Seconds that a witness may take to answer."""


class KeyMissing(Exception):
    """In live use the operator makes the key; the sentence says how."""


def key_file() -> Path:
    return Path(settings.SECRETS) / "ledger_key"


def signer() -> Signer:
    path = key_file()
    if not path.exists():
        if settings.LIVE:
            raise KeyMissing(f"The ledger's key is missing: {path}. Make it with: ./wb manage sequence --make-key NAME")
        return Signer.make(path, "ledger.example.org", notes.LOG)
    return Signer.kept_in(path, notes.LOG)


@dataclass(frozen=True)
class Partner:
    """A partner agency's witness: whose signature, and where to ask for it."""

    verifier: Verifier
    address: str


def partners(path: Path | None = None) -> list[Partner]:
    """One a line: the verifier key, a space, the address. An empty line or one with # says nothing."""
    path = path or Path(settings.SECRETS) / "witnesses"
    lines = path.read_text().splitlines() if path.exists() else []
    return [_partner(line) for line in lines if line.strip() and not line.startswith("#")]


def _partner(line: str) -> Partner:
    key, _, address = line.strip().partition(" ")
    verifier, where = Verifier.from_text(key), urlsplit(address)
    try:
        usable = where.scheme in ("http", "https") and where.hostname and where.port != 0
    except ValueError:
        usable = None
    if verifier.algorithm != notes.COSIGNER or not usable:
        raise BadNote(f"the witness {verifier.name} needs a witness's key and an address such as https://example.org")
    return Partner(verifier, address)


def sign(at: Connection, by: Signer, now: datetime) -> Note | None:
    """The tree as it is now. The same size is signed once; nothing is signed for a tree without leaves.

    Raises LookupError if what was signed before is no longer what the tree says.
    """
    edge = sequencer.frontier(at)
    if edge.size == 0:
        return None
    note = Note(by.name, edge.size, edge.root)
    _same_as_signed(at, note)
    note = note.under([by.line(note.body, now)])
    at.execute(
        "INSERT INTO ledger_checkpoint (size, at, note) VALUES (%s, %s, %s) ON CONFLICT (size) DO NOTHING",
        [note.size, now, str(note)],
    )
    return note


def _same_as_signed(at: Connection, note: Note) -> None:
    row = at.execute("SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    newest = Note.parsed(row["note"]) if row else note
    if newest.size > note.size:
        raise LookupError(f"{newest.size} leaves were signed, and only {note.size} are left")
    if newest.size == note.size and newest.root != note.root:
        raise LookupError(f"the first {note.size} leaves are no longer those that were signed")


@dataclass(frozen=True)
class Refused:
    """``size``: how many leaves the witness has seen, where it says so."""

    status: int
    size: int | None = None


def ask(at: Connection, note: Note, partner: Partner, now: datetime) -> str:
    """Empty, or a sentence about what is wrong. A cosignature that verifies is kept."""
    old = _seen_by(at, partner.verifier.name)
    answer = _posted(at, note, old, partner)
    if isinstance(answer, Refused) and answer.status == 409 and answer.size not in (None, old):
        answer = _posted(at, note, int(answer.size or 0), partner)
    if isinstance(answer, Refused):
        return _told(answer, note, partner)
    try:
        signed_at = Note(note.origin, note.size, note.root).under([answer]).signed_by(partner.verifier)
    except BadNote:
        signed_at = None
    if signed_at is None or abs(signed_at - now) > PATIENCE:
        return f"{partner.verifier.name} answered with no cosignature of its own, or with the wrong time."
    at.execute(
        "INSERT INTO ledger_cosignature (id, size, witness, at, line) VALUES (%s, %s, %s, %s, %s)",
        [new_id(), note.size, partner.verifier.name, signed_at, answer],
    )
    return ""


def _told(refused: Refused, note: Note, partner: Partner) -> str:
    name = partner.verifier.name
    if refused.status == 0:
        return f"{name} does not answer."
    if (refused.size is not None and refused.size >= note.size) or refused.status == 422:
        seen = f" and has seen {refused.size} entries" if refused.size is not None else ""
        return (
            f"{name} refuses {note.size} entries{seen}: this ledger was rolled back or rewritten. "
            "Stop, keep everything as it is, and call the partners."
        )
    return f"{name} refuses with {refused.status}. Are both sides' keys the right ones?"


def _seen_by(at: Connection, witness: str) -> int:
    row = at.execute("SELECT max(size) AS size FROM ledger_cosignature WHERE witness = %s", [witness]).fetchone()
    return int(row["size"] or 0) if row else 0


def _posted(at: Connection, note: Note, old: int, partner: Partner) -> str | Refused:
    if old > note.size:
        return Refused(409, old)
    proof = sequencer.consistency(at, old, note.size)
    text = f"old {old}\n" + "".join(f"{notes.encoded(one)}\n" for one in proof) + f"\n{note}"
    where = urlsplit(partner.address)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    talk = kind(where.hostname or "", where.port, timeout=WITHIN)
    try:
        talk.request("POST", where.path.rstrip("/") + "/add-checkpoint", text.encode())
        answer = talk.getresponse()
        body = answer.read(4096).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return Refused(0)
    finally:
        talk.close()
    if answer.status == 200:
        return body
    return Refused(answer.status, int(body) if answer.status == 409 and body.strip().isdigit() else None)


def newest_witnessed(times: Iterable[Mapping[str, object]], needed: int = WITNESSES_NEEDED) -> datetime | None:
    """When a checkpoint last had cosignatures of enough different witnesses; rows of size, witness, at."""
    latest: dict[object, dict[object, datetime]] = {}
    for row in times:
        seen, when = latest.setdefault(row["size"], {}), row["at"]
        if isinstance(when, datetime):
            seen[row["witness"]] = max(when, seen.get(row["witness"], when))
    enough = [sorted(seen.values())[-needed] for seen in latest.values() if len(seen) >= needed]
    return max(enough, default=None)


def alarm(at: Connection, now: datetime) -> str:
    """A sentence if no checkpoint had enough witnesses within the last ten minutes."""
    rows = at.execute(
        "SELECT size, witness, max(at) AS at FROM ledger_cosignature WHERE at > %s GROUP BY size, witness",
        [now - PATIENCE],
    ).fetchall()
    if newest_witnessed(rows):
        return ""
    return f"ALARM: for {PATIENCE.seconds // 60} minutes no checkpoint was cosigned by {WITNESSES_NEEDED} witnesses."


@dataclass(frozen=True)
class Round:
    claimed: int
    note: Note | None
    wrong: tuple[str, ...] = ()


def go_round(at: Connection, by: Signer, asked: Iterable[Partner], now: datetime) -> Round:
    """One minute's work. Two at once may sign the same tree twice, which says the same thing."""
    claimed = sequencer.sequence_all(at)
    note = sign(at, by, now)
    wrong = [ask(at, note, partner, now) for partner in asked] if note else []
    return Round(claimed, note, tuple(sentence for sentence in wrong if sentence))


def inclusion_proof(at: Connection, leaf: object) -> str:
    """A receipt by which anybody can check that a leaf stands in the ledger: C2SP's tlog-proof, version 1.

    Raises LookupError where the leaf has no position under a checkpoint yet.
    """
    found = at.execute(
        "SELECT p.position, c.size, c.note FROM ledger_position p "
        "JOIN ledger_checkpoint c ON c.size > p.position WHERE p.leaf_id = %s ORDER BY c.size LIMIT 1",
        [leaf],
    ).fetchone()
    if found is None:
        raise LookupError("this leaf is not under a checkpoint yet; it will be within a minute or two")
    path = tree.proof(tree.inclusion_spans(found["position"], found["size"]), lambda place: sequencer.node(at, place))
    lines = "".join(f"{notes.encoded(one)}\n" for one in path)
    return f"c2sp.org/tlog-proof@v1\nindex {found['position']}\n{lines}\n{with_cosignatures(at, found['size'])}"


def with_cosignatures(at: Connection, size: int) -> Note:
    """The checkpoint of that size with each witness's newest cosignature under it."""
    row = at.execute("SELECT note FROM ledger_checkpoint WHERE size = %s", [size]).fetchone()
    if row is None:
        raise LookupError(f"there is no checkpoint of {size} leaves")
    lines = at.execute(
        "SELECT DISTINCT ON (witness) line FROM ledger_cosignature WHERE size = %s ORDER BY witness, at DESC", [size]
    ).fetchall()
    return Note.parsed(row["note"]).under([line["line"] for line in lines])
