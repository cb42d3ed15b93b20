"""The sequencer misses no leaf and numbers none twice, whatever ends late and whoever is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from wilberforce.base import clock
from wilberforce.base.postgres import django_database
from wilberforce.ledger import canonical, sequencer, tree

pytestmark = pytest.mark.django_db(transaction=True)

WRITE = """
INSERT INTO ledger_leaf (id, at, request, op, kind, role, purpose, subject_class, action, projection, rule, policy,
    allowed, reason, objects_seen)
SELECT gen_random_uuid(), %s, %s, 'consultation', 'police', 'auditor', 'oversight', 'audit', 'R', '', 'A51', 'x',
    true, '', ARRAY[gen_random_uuid()] FROM generate_series(1, %s)
"""

UNSETTLED = """
SELECT EXISTS (SELECT 1 FROM ledger_leaf WHERE xact >= pg_snapshot_xmin(pg_current_snapshot())) AS waits
"""

WHOLE = """
SELECT done.position, done.hash, leaf.* FROM ledger_leaf leaf LEFT JOIN ledger_position done ON done.leaf_id = leaf.id
ORDER BY done.position
"""


def as_role(role):
    known = django_database(role, connection.settings_dict["NAME"])
    return psycopg.connect(host=known["HOST"], port=known["PORT"], user=known["USER"], dbname=known["NAME"],
                           password=known["PASSWORD"] or None, autocommit=True)  # fmt: skip


def write(at, number=1):
    at.execute(WRITE, [clock.now(), uuid4(), number])


def settled(at, seconds=120):
    """Until no transaction that was open when the leaves were written is open any more: those of other tests count,
    because a server has one horizon for all its databases."""
    until = time.monotonic() + seconds
    while at.execute(UNSETTLED).fetchone()["waits"]:
        assert time.monotonic() < until, "a transaction has been open for two minutes"
        time.sleep(0.05)


def run_all(at, **options):
    settled(at)
    return sequencer.sequence_all(at, **options)


@pytest.fixture
def desk():
    with as_role("app") as at:
        yield at


@pytest.fixture
def sequencing():
    with sequencer.connect() as at:
        run_all(at)
        yield at


def whole(at):
    """Every leaf has one position, positions have no gap, and the nodes are those of the leaves' own texts."""
    rows = at.execute(WHOLE).fetchall()
    assert [row["position"] for row in rows] == list(range(len(rows)))
    edge = tree.Frontier()
    for row in rows:
        assert bytes(row["hash"]) == canonical.hash_of(row)
        edge.append(bytes(row["hash"]))
    assert sequencer.frontier(at).root == edge.root
    return len(rows)


def test_every_leaf_gets_a_position_and_only_once(desk, sequencing):
    before = whole(sequencing)
    write(desk, 23)
    assert run_all(sequencing, batch=5) == 23
    assert run_all(sequencing) == 0
    assert whole(sequencing) == before + 23


def test_an_older_transaction_that_ends_late_is_caught_by_the_next_run(desk, sequencing):
    before = whole(sequencing)
    with as_role("app") as slow, slow.transaction():
        write(slow, 2)
        write(desk, 3)
        assert sequencer.sequence_all(sequencing) == 0
    write(desk)
    assert run_all(sequencing) == 6
    assert whole(sequencing) == before + 6


def test_a_leaf_written_below_the_horizon_of_a_later_start_is_still_claimed(desk, sequencing):
    """A restored database starts with lower transaction numbers than the horizon remembers."""
    before = whole(sequencing)
    sequencing.execute("UPDATE ledger_horizon SET xact = '9000000000000'")
    write(desk, 4)
    assert run_all(sequencing) == 4
    assert whole(sequencing) == before + 4


def test_a_transaction_that_was_undone_leaves_no_gap(desk, sequencing):
    before = whole(sequencing)
    with desk.transaction(force_rollback=True):
        write(desk, 7)
    write(desk)
    assert run_all(sequencing) == 1
    assert whole(sequencing) == before + 1


def test_two_sequencers_at_once_number_no_leaf_twice(desk, sequencing):
    before = whole(sequencing)
    stop = threading.Event()

    def go():
        with sequencer.connect() as at:
            while not stop.is_set():
                sequencer.sequence(at, batch=7)

    both = [threading.Thread(target=go) for _ in range(2)]
    for thread in both:
        thread.start()
    for number in range(60):
        write(desk, number % 5 + 1)
    stop.set()
    for thread in both:
        thread.join()
    run_all(sequencing)
    assert whole(sequencing) > before + 60


def test_while_one_sequencer_works_another_waits_its_turn(desk, sequencing):
    write(desk)
    settled(sequencing)
    with sequencer.connect() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [sequencer.ALONE])
        assert sequencer.sequence(sequencing).busy
    assert sequencer.sequence(sequencing).claimed == 1


KILLED = """
import django; django.setup()
from wilberforce.ledger import sequencer
at = sequencer.connect()
print("ready", flush=True)
while True:
    sequencer.sequence(at, batch=3)
    print("batch", flush=True)
"""


def test_a_sequencer_killed_in_the_middle_loses_nothing(desk, sequencing):
    before = whole(sequencing)
    write(desk, 900)
    settled(sequencing)
    told = os.environ | {"WB_DB_NAME": connection.settings_dict["NAME"], "PYTHONPATH": os.pathsep.join(sys.path)}
    told["DJANGO_SETTINGS_MODULE"] = settings.SETTINGS_MODULE
    for batches in (1, 9, 30):
        child = subprocess.Popen([sys.executable, "-c", KILLED], env=told, stdout=subprocess.PIPE, text=True)
        for _ in range(batches + 1):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        write(desk, 5)
    assert 0 < sequencer.size_of(sequencing) < before + 915
    wait_for_the_dead(sequencing)
    run_all(sequencing)
    assert whole(sequencing) == before + 915


def wait_for_the_dead(at):
    """Until the server has noticed that the killed process is gone and given its lock back."""
    with at.transaction():
        at.execute("SELECT pg_advisory_xact_lock(%s)", [sequencer.ALONE])


def test_the_application_may_read_positions_and_write_nothing_of_the_sequencers(desk, sequencing):
    write(desk)
    run_all(sequencing)
    assert desk.execute("SELECT count(*) > 0 FROM ledger_position").fetchone()[0]
    for sql in (
        "INSERT INTO ledger_position VALUES (100000, gen_random_uuid(), '')",
        "UPDATE ledger_node SET hash = ''",
        "DELETE FROM ledger_checkpoint",
        "UPDATE ledger_horizon SET xact = '9'",
        "SELECT * FROM ledger_horizon",
        "INSERT INTO ledger_leaf (id, xact) VALUES (gen_random_uuid(), '3')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.execute(sql)


def test_the_sequencer_can_change_nothing_that_it_once_wrote(desk, sequencing):
    write(desk)
    run_all(sequencing)
    for sql in (
        "UPDATE ledger_position SET position = position + 1",
        "DELETE FROM ledger_node",
        "UPDATE ledger_leaf SET op = ''",
        "DELETE FROM ledger_leaf",
        "INSERT INTO ledger_leaf (id) VALUES (gen_random_uuid())",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sequencing.execute(sql)


def test_the_text_of_a_leaf_is_the_same_in_every_time_zone(desk, sequencing):
    write(desk)
    texts = set()
    for zone in ("UTC", "Europe/London", "Asia/Kathmandu"):
        sequencing.execute(f"SET TIME ZONE '{zone}'")
        row = sequencing.execute("SELECT * FROM ledger_leaf ORDER BY at DESC, id LIMIT 1").fetchone()
        texts.add(canonical.text(row))
    assert len(texts) == 1
    assert '"xact"' not in texts.pop()
