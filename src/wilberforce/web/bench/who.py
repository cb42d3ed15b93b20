"""How long "who saw this?" takes over ten million entries, in a clone of the database that is dropped afterwards."""

from time import monotonic
from typing import Any
from uuid import UUID

from wilberforce.base import postgres
from wilberforce.ledger import leaves, sequencer
from wilberforce.web.who import saw

from .copies import copied

LEAVES = 10_000_000
EVERY = 50_000
PERSON = UUID(int=0xF1C7)
FILL = """
SET row_security = off;
ALTER TABLE ledger_leaf SET UNLOGGED;
ALTER TABLE ledger_leaf DROP CONSTRAINT ledger_leaf_pkey;
DROP INDEX ledger_leaf_agency_at, ledger_leaf_actor_at;
INSERT INTO ledger_leaf (id, at, request, op, actor, controller_id, kind, role, purpose, subject_class, action,
    projection, rule, policy, allowed, reason, objects_seen)
SELECT md5('i' || n)::uuid, now() - n * interval '3 seconds', md5('r' || n)::uuid, 'consultation',
    md5('a' || n % 900)::uuid, md5('g' || n % 40)::uuid, 'redcross', 'reception_worker', 'support', 'identity', 'R',
    '', 'A16', '0123456789abcdef', true, '',
    CASE WHEN n % {every} = 0 THEN ARRAY['{person}']::uuid[] ELSE '{{}}' END
        || md5('o' || n % 70000)::uuid || md5('p' || n % 50000)::uuid || md5('q' || n % 30000)::uuid
FROM generate_series(1, {leaves}) n;
ANALYZE ledger_leaf;
"""


def measure() -> dict[str, Any]:
    """``seconds`` for the first look after the fill, ``again_seconds`` for the next; ``found`` of one person."""
    with copied() as name:
        filled = monotonic()
        words = FILL.format(every=EVERY, leaves=LEAVES, person=leaves.pseudonym(PERSON))
        postgres.find().sql(words, name)
        filled = monotonic() - filled
        first, found = _look()
        again, _ = _look()
    return {
        "leaves": LEAVES,
        "found": found,
        "seconds": round(first, 1),
        "again_seconds": round(again, 1),
        "fill_seconds": round(filled, 1),
    }


def _look() -> tuple[float, int]:
    with sequencer.connect() as at:
        began = monotonic()
        found = len(saw(at, [PERSON]))
        return monotonic() - began, found
