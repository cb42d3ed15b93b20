"""The sequencer gives each leaf its position, once the transaction that wrote it is over.

Transactions end out of order, so "the next number after the last one seen" would miss those that end late. A
leaf is claimed when it has no position and its transaction is below the snapshot's oldest running one. The
horizon only says below which transaction nothing can be left to claim; it moves in the same transaction.

Leaves of a restored database may bear numbers that this server has not reached yet: visible, and not below the
snapshot's end, they are over too. A horizon from another server's future is not believed.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection as ours
from psycopg.rows import dict_row

from wilberforce.base.postgres import django_database

from . import canonical, tree

BATCH = 5_000
ALONE = 6962_2013
"""The advisory lock that one sequencer holds; 6962 of 2013 is the tree's own standard."""

Connection = psycopg.Connection[dict[str, Any]]

CLAIM = f"""
WITH edge AS (
    SELECT pg_snapshot_xmin(now.it) AS oldest, pg_snapshot_xmax(now.it) AS next,
           CASE WHEN horizon.xact <= pg_snapshot_xmin(now.it) THEN horizon.xact ELSE '0'::xid8 END AS since
    FROM (SELECT pg_current_snapshot() AS it) now, ledger_horizon horizon
), claimed AS (
    SELECT leaf.xact, {", ".join(f"leaf.{column}" for column in canonical.COLUMNS)}
    FROM edge, ledger_leaf leaf
    WHERE leaf.xact >= edge.since AND (leaf.xact < edge.oldest OR leaf.xact >= edge.next)
      AND NOT EXISTS (SELECT FROM ledger_position done WHERE done.leaf_id = leaf.id)
    ORDER BY leaf.xact, leaf.id LIMIT %s
)
SELECT edge.oldest::text AS oldest, least(claimed.xact, edge.oldest)::text AS reached, claimed.*
FROM edge LEFT JOIN claimed ON true ORDER BY claimed.xact, claimed.id
"""
NODES = "SELECT hash FROM ledger_node WHERE (level, number) = (%s, %s)"
LEAVES = "SELECT hash FROM ledger_position WHERE position = %s"


@dataclass(frozen=True)
class Run:
    """``busy``: another sequencer is at work. ``more``: the batch was full."""

    claimed: int = 0
    more: bool = False
    busy: bool = False


def connect(role: str = "sequencer") -> Connection:
    """As a role of its own, to the database that Django uses."""
    known = django_database(role, str(ours.settings_dict["NAME"]))
    options = {name: value for name, value in known["OPTIONS"].items() if name != "pool"}
    return psycopg.connect(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"] or None,
        dbname=known["NAME"],
        autocommit=True,
        row_factory=dict_row,
        **options,
    )


def sequence(at: Connection, batch: int = BATCH) -> Run:
    """One batch in one transaction: all of it stands, or none."""
    with at.transaction():
        lock = at.execute("SELECT pg_try_advisory_xact_lock(%s) AS mine", [ALONE]).fetchone()
        if not (lock and lock["mine"]):
            return Run(busy=True)
        rows = at.execute(CLAIM, [batch]).fetchall()
        claimed = [row for row in rows if row["id"] is not None]
        if claimed:
            _append(at, claimed)
        full = len(claimed) == batch
        at.execute("UPDATE ledger_horizon SET xact = %s::xid8", [rows[-1]["reached"] if full else rows[0]["oldest"]])
    return Run(len(claimed), full)


def sequence_all(at: Connection, batch: int = BATCH) -> int:
    total, more = 0, True
    while more:
        run = sequence(at, batch)
        total, more = total + run.claimed, run.more
    return total


def _append(at: Connection, claimed: list[dict[str, Any]]) -> None:
    edge = frontier(at)
    hashes, nodes = [], []
    for row in claimed:
        hashes.append((edge.size, row["id"], canonical.hash_of(row)))
        nodes += edge.append(hashes[-1][2])
    with at.cursor() as cursor:
        with cursor.copy("COPY ledger_position (position, leaf_id, hash) FROM STDIN") as copy:
            for position in hashes:
                copy.write_row(position)
        with cursor.copy("COPY ledger_node (level, number, hash) FROM STDIN") as copy:
            for place, digest in nodes:
                copy.write_row((place.level, place.number, digest))


def size_of(at: Connection) -> int:
    found = at.execute("SELECT coalesce(max(position) + 1, 0) AS size FROM ledger_position").fetchone()
    return int(found["size"]) if found else 0


def frontier(at: Connection, size: int | None = None) -> tree.Frontier:
    """The tree's right edge, of now or of when it had ``size`` leaves."""
    size = size_of(at) if size is None else size
    return tree.Frontier(size, [node(at, place) for place in tree.peaks_of((0, size))])


def node(at: Connection, place: tree.Place) -> bytes:
    found = at.execute(*((NODES, place) if place.level else (LEAVES, (place.number,)))).fetchone()
    if found is None:
        raise LookupError(f"the tree lacks node {place.number} of level {place.level}")
    return bytes(found["hash"])


def consistency(at: Connection, old: int, size: int) -> list[bytes]:
    return tree.proof(tree.consistency_spans(old, size), lambda place: node(at, place))


def inclusion(at: Connection, position: int, size: int) -> list[bytes]:
    return tree.proof(tree.inclusion_spans(position, size), lambda place: node(at, place))
