"""What a receipt takes from the ledger: the entries about one thing, with proofs that anybody can check without us."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from . import canonical, notes, tree
from .leaves import pseudonym
from .models import Checkpoint, Cosignature
from .notes import Note
from .tree import Place, Span

ENTRIES = f"SELECT {', '.join(canonical.COLUMNS)}, position FROM ledger_about(%s, %s, %s, %s) WHERE subject_class = %s"
NODES = """
SELECT 0 AS level, position AS number, hash FROM ledger_position WHERE position = ANY (%s)
UNION ALL SELECT level, number, hash FROM ledger_node
WHERE (level, number) IN (SELECT * FROM unnest(%s::smallint[], %s::bigint[]))
"""

COVERED = """
SELECT p, (SELECT min(size) FROM ledger_checkpoint WHERE size > p), (SELECT max(size) FROM ledger_checkpoint)
FROM unnest(%s::bigint[]) p
"""
COSIGNED = ArraySubquery(
    Cosignature.objects.filter(size=OuterRef("size"))
    .order_by("witness", "-at")
    .distinct("witness")
    .values(said=JSONObject(witness="witness", line="line"))
)


@dataclass(frozen=True)
class Entry:
    """``covered``: the size of the first checkpoint over it; 0 while there is none."""

    text: str
    at: datetime
    op: str
    position: int | None
    covered: int = 0


@dataclass(frozen=True)
class Proven:
    """``proofs``: an inclusion proof for each covered entry (C2SP tlog-proof). ``consistency``: from each size to the
    newest checkpoint."""

    entries: tuple[Entry, ...]
    proofs: tuple[str, ...]
    newest: str
    consistency: dict[int, list[str]]
    witnesses: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return bool(self.entries) and len(self.proofs) == len(self.entries)


def about(subject: UUID, terms: str, data_class: str, controller: UUID, times: Sequence[datetime]) -> Proven:
    """Entries of this controller about this subject that are bound to these terms, written around these times; none to
    whoever is neither side."""
    entries, newest = _covered(_entries(subject, terms, data_class, controller, times))
    sizes = sorted({entry.covered for entry in entries if entry.covered})
    if not sizes:
        return Proven(entries, (), "", {}, ())
    signed = list(Checkpoint.objects.filter(size__in=[*sizes, newest]).annotate(lines=COSIGNED))
    paths, steps = _paths(entries, sizes, newest)
    noted = {one.size: str(Note.parsed(one.note).under([said["line"] for said in one.lines])) for one in signed}
    covered = [entry for entry in entries if entry.covered]
    proofs = tuple(
        "\n".join(["c2sp.org/tlog-proof@v1", f"index {entry.position}", *path, "", noted[entry.covered]])
        for entry, path in zip(covered, paths, strict=True)
    )
    witnesses = tuple(said["witness"] for one in signed if one.size == newest for said in one.lines)
    return Proven(entries, proofs, noted[newest], steps, witnesses)


def _entries(
    subject: UUID, terms: str, data_class: str, controller: UUID, times: Sequence[datetime]
) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [pseudonym(subject), terms, controller, list(times), data_class])
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _covered(rows: Iterable[dict[str, Any]]) -> tuple[tuple[Entry, ...], int]:
    """With the first checkpoint over each, and the newest of all, asked for once."""
    found = [Entry(canonical.text(row), row["at"], row["op"], row["position"]) for row in rows]
    placed = [entry.position for entry in found if entry.position is not None]
    if not placed:
        return tuple(found), 0
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [placed])
        first = {position: (size, newest) for position, size, newest in cursor.fetchall()}
    newest = max(newest or 0 for _, newest in first.values())
    return tuple(replace(entry, covered=first.get(entry.position, (0, 0))[0] or 0) for entry in found), newest


def _paths(entries: Sequence[Entry], sizes: Sequence[int], newest: int) -> tuple[list[list[str]], dict[int, list[str]]]:
    """Every node that any of the proofs needs, in one statement."""
    ways = [tree.inclusion_spans(e.position, e.covered) for e in entries if e.covered and e.position is not None]
    ways += [tree.consistency_spans(size, newest) for size in sizes]
    known = _nodes({place for spans in ways for span in spans for place in tree.peaks_of(span)})
    proved = [_said(spans, known) for spans in ways]
    places = len(ways) - len(sizes)
    return proved[:places], dict(zip(sizes, proved[places:], strict=True))


def _said(spans: Sequence[Span], known: dict[Place, bytes]) -> list[str]:
    return [notes.encoded(one) for one in tree.proof(spans, known.__getitem__)]


def _nodes(places: set[Place]) -> dict[Place, bytes]:
    leaves = [place.number for place in places if not place.level]
    above = [place for place in places if place.level]
    with connection.cursor() as cursor:
        cursor.execute(NODES, [leaves, [place.level for place in above], [place.number for place in above]])
        return {Place(level, number): bytes(found) for level, number, found in cursor.fetchall()}
