"""From notes to leaves. One statement per request, before any byte leaves."""

import hmac
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.db import DatabaseError, connection

from wilberforce.access.context import Actor, Note
from wilberforce.access.matrix import matrix_hash
from wilberforce.base.errors import Unavailable
from wilberforce.base.inserting import insert
from wilberforce.base.keyring import keyring

from .models import Leaf

REASON_CODES = frozenset({"cell", "row", "projection", "context", "address", "default", "workspace"})


@lru_cache(maxsize=1)
def _pseudonym_key() -> bytes:
    return keyring().secret("ledger pseudonyms")


def pseudonym(subject: UUID) -> UUID:
    """The same subject always gets the same pseudonym; without the key it names nobody."""
    return UUID(bytes=hmac.digest(_pseudonym_key(), subject.bytes, "sha256")[:16])


@lru_cache(maxsize=1)
def policy_version() -> str:
    return matrix_hash()[:16]


def leaf(actor: Actor | None, note: Note, request: UUID) -> Leaf:
    membership = actor.membership if actor else None
    return Leaf(
        request=request,
        op=note.op,
        actor=pseudonym(membership) if membership else None,
        controller_id=actor.agency if actor else None,
        kind=actor.kind if actor else "",
        role=actor.role if actor else "",
        purpose=actor.purpose if actor else "",
        subject_class=note.data_class,
        action=note.action,
        projection=note.projection,
        rule=note.rule[:80],
        policy=policy_version(),
        allowed=note.allowed,
        reason=note.reason if note.reason in REASON_CODES else "",
        recipient_id=note.recipient,
        objects_seen=[pseudonym(subject) for subject in note.objects],
    )


def write(actor: Actor | None, notes: Sequence[Note], request: UUID) -> None:
    """Raises Unavailable where the leaves can't be written: then nothing may be shown."""
    if not notes:
        return
    try:
        insert([leaf(actor, note, request) for note in merged(notes)])
        _count_people(actor, notes)
    except DatabaseError as failed:
        raise Unavailable from failed


def _count_people(actor: Actor | None, notes: Sequence[Note]) -> None:
    """For the cap on different people in a day; nothing is sent where nobody's grave record was opened."""
    people = {pseudonym(person) for note in notes for person in note.people}
    if actor and actor.membership and people:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_opened(%s, %s)", [actor.membership, sorted(people)])


def merged(notes: Sequence[Note]) -> list[Note]:
    """One leaf for the same act on several records."""
    groups: dict[tuple[object, ...], list[UUID]] = {}
    first: dict[tuple[object, ...], Note] = {}
    for note in notes:
        key = (note.op, note.data_class, note.action, note.projection, note.rule, note.allowed, note.recipient)
        first.setdefault(key, note)
        groups.setdefault(key, []).extend(note.objects)
    return [
        Note(n.op, n.data_class, n.action, n.projection, n.rule, tuple(dict.fromkeys(groups[k])), n.allowed,
             n.reason, n.recipient)
        for k, n in first.items()
    ]  # fmt: skip
