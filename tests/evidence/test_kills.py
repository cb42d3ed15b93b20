"""kill -9 in the middle of writing: nothing that was acknowledged is lost, and nothing was shown without its entry."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from wilberforce.base import postgres
from wilberforce.ledger import sequencer
from wilberforce.ledger.tests.test_sequencer import whole

from . import killing
from .killing import Child

KILLS, SHORT, SEED = 500, 6, 1838
VICTIMS = ("web", "web", "sequencer", "postgres", "web", "worker")
PATIENCE = 120


@pytest.fixture(scope="module")
def server(lasting_db: None) -> Iterator[postgres.LocalServer]:
    if not isinstance(postgres.find(), postgres.LocalServer):
        pytest.skip("the server of DATABASE_URL is not ours to kill")
    with killing.own_server() as made:
        yield made


def test_nothing_acknowledged_is_lost_and_nothing_is_read_unseen(
    server: postgres.LocalServer, long: bool, until: float, evidence: Any
) -> None:
    drawn, operation = random.Random(SEED), killing.planned()  # noqa: S311 - when to kill
    children = [Child(kind, operation) for kind in ("web", "web", "sequencer", "worker")]
    for child in children:
        child.start()
    kills: Counter[str] = Counter()
    wanted = KILLS if long else SHORT
    try:
        for number in range(wanted):
            if time.monotonic() > until:
                break
            _until_somebody_writes(children)
            time.sleep(drawn.random() / 5)
            kills[_kill(VICTIMS[number % len(VICTIMS)], children, server, drawn)] += 1
        _until_somebody_writes(children)
    finally:
        for child in children:
            child.kill()
    kill = f"{sum(kills.values())} kills"
    lost, unseen, acknowledged = _lost(children)
    evidence(
        "kill -9 in the middle of writing", kills=sum(kills.values()), wanted=wanted, victims=dict(kills), seed=SEED,
        acknowledged=acknowledged, lost=lost, unaudited_reads=unseen, entries=_whole(),
    )  # fmt: skip
    assert (lost, unseen) == (0, 0), kill
    assert acknowledged > sum(kills.values())


def _until_somebody_writes(children: list[Child]) -> None:
    began = time.monotonic()
    while not sum(child.hear() for child in children if child.kind == "web"):
        assert time.monotonic() - began < PATIENCE, "nobody writes any more"
        time.sleep(0.01)


def _kill(victim: str, children: list[Child], server: postgres.LocalServer, drawn: random.Random) -> str:
    if victim == "postgres":
        killing.kill_server(server)
        return victim
    child = drawn.choice([one for one in children if one.kind == victim])
    child.kill()
    child.start()
    return victim


def _lost(children: list[Child]) -> tuple[int, int, int]:
    """Writes without their entry or their mark; pages that were shown without an entry; all that was acknowledged."""
    said = [line.split() for child in children if child.kind == "web" for line in child.said]
    wrote, read = ([words for words in said if words[0] == what] for what in ("wrote", "read"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT token::text FROM ledger_once")
        kept = {row[0] for row in cursor.fetchall()}
    with sequencer.connect() as at:
        entries = {str(row["request"]) for row in at.execute("SELECT request FROM ledger_leaf").fetchall()}
    lost = [words for words in wrote if words[1] not in entries or words[2] not in kept]
    unseen = [words for words in read if words[1] not in entries]
    return len(lost), len(unseen), len(wrote) + len(read)


def _whole() -> int:
    """Every entry is numbered once, in a tree that follows from the entries."""
    with sequencer.connect() as at:
        sequencer.sequence_all(at)
        entries = at.execute("SELECT count(*) AS number FROM ledger_leaf").fetchone()
        assert entries is not None
        assert whole(at) == entries["number"]
    return int(entries["number"])
