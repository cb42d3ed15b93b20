"""A real PostgreSQL on a disk that is really full: nothing is shown without its entry, and the pages come back."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client

from wilberforce.access.context import Note
from wilberforce.agencies.cast import Cast, cast_already_here
from wilberforce.agencies.demo import client_of
from wilberforce.base import postgres
from wilberforce.base.ids import random_id
from wilberforce.ledger import leaves, sequencer
from wilberforce.web import jobs, readiness
from wilberforce.web.bench.walk import OWN, Walk

from . import killing

pytestmark = pytest.mark.long
DISK, BALLAST = "600m", 48 * 1024 * 1024
PARTS = ("op_commander", "reception_manager", "custody_officer", "report_desk", "guardian_police")
OPEN = ["/news/", "/report/", "/"]
TYPED = "Two vans at the back, both running"
TRIES, BEFORE = 2000, 5


class SmallDisk:
    def __init__(self, place: Path, server: postgres.LocalServer) -> None:
        self.place, self.server = place, server

    def fill(self) -> None:
        """The ballast first, as the operator's chapter says; then every byte that is left."""
        (self.place / "ballast").write_bytes(bytes(BALLAST))
        with (self.place / "rubbish").open("wb", buffering=0) as rubbish:
            for piece in (bytes(1024 * 1024), bytes(4096)):
                with pytest.raises(OSError, match="No space left on device"):
                    _for_ever(rubbish, piece)

    def drop_the_ballast(self) -> None:
        (self.place / "ballast").unlink()

    def tidy(self) -> None:
        for name in ("ballast", "rubbish"):
            (self.place / name).unlink(missing_ok=True)


def _for_ever(rubbish: Any, piece: bytes) -> None:
    while True:
        rubbish.write(piece)


@pytest.fixture(scope="module")
def disk(played_day: Any) -> Iterator[SmallDisk]:
    if not isinstance(postgres.find(), postgres.LocalServer):
        pytest.skip("the server of DATABASE_URL is not ours to fill")
    place = Path(tempfile.mkdtemp(prefix="wb-small-"))
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "wb-small", str(place)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        place.rmdir()
        pytest.skip("only root can make a small disk")
    try:
        with killing.own_server(place) as server:
            yield SmallDisk(place, server)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False)
        place.rmdir()


class Browsers:
    """Each of the cast at a browser; for each answer, the entry that was written for it."""

    def __init__(self, cast: Cast) -> None:
        self.clients = {part: client_of(cast[part], Client(raise_request_exception=False)) for part in PARTS}
        self.clients["nobody"] = Client(raise_request_exception=False)
        self.asked: list[UUID] = []
        self.shown: list[UUID] = []

    def open(self, part: str, url: str) -> tuple[int, bool]:
        """Its status, and whether it needed an entry."""
        self.asked.clear()
        status = self.clients[part].get(url).status_code
        if status == 200:
            self.shown += self.asked
        return status, bool(self.asked)


@pytest.fixture
def browsers(disk: SmallDisk) -> Iterator[Browsers]:
    present = Browsers(cast_already_here())
    write = leaves.write

    def noted(actor: Any, notes: list[Note], request: UUID) -> None:
        if notes:
            present.asked.append(request)
        write(actor, notes, request)

    with patch.object(leaves, "write", noted):
        yield present
    disk.tidy()


def pages(present: Browsers) -> dict[tuple[str, str], bool]:
    """Every page that these people reach by links, and whether it leaves an entry."""
    walk = Walk()
    for part, client in present.clients.items():
        walk.follow(part, client, OPEN if part == "nobody" else [*OWN, *OPEN])
    found = {(one.part, one.url) for opened in walk.opened.values() for one in opened}
    told = {page: present.open(*page) for page in sorted(found)}
    return {page: needs for page, (status, needs) in told.items() if status == 200}


def takes_a_line(present: Browsers, path: str) -> str:
    """The mark of the form, or nothing where it was refused."""
    once = str(random_id())
    form = {"purpose": "op_safety", "text": TYPED, "once": once}
    return once if present.clients["op_commander"].post(path, form).status_code == 302 else ""


def write_until_it_is_refused(present: Browsers, path: str) -> tuple[list[str], Any]:
    kept: list[str] = []
    for _ in range(TRIES):
        once = str(random_id())
        form = {"purpose": "op_safety", "text": f"{TYPED} {once}", "once": once}
        answer = present.clients["op_commander"].post(path, form)
        if answer.status_code != 302:
            return kept, answer
        kept.append(once)
    raise AssertionError("A full disk took everything.")


def entries(asked: list[UUID]) -> int:
    with sequencer.connect() as at:
        found = at.execute("SELECT DISTINCT request FROM ledger_leaf WHERE request = ANY (%s)", [asked]).fetchall()
    return len(found)


def kept_marks(marks: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_once WHERE token = ANY (%s::uuid[])", [marks])
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def test_on_a_full_disk_nothing_is_shown_without_its_entry_and_nothing_acknowledged_is_lost(
    disk: SmallDisk, browsers: Browsers, settings: Any, caplog: Any, evidence: Any
) -> None:
    known = pages(browsers)
    path = f"/op-safety/{killing.planned()}/log/"
    settings.STATE = disk.place
    before = [one for _ in range(BEFORE) if (one := takes_a_line(browsers, path))]
    disk.fill()
    acknowledged, refused = write_until_it_is_refused(browsers, path)
    acknowledged += before
    assert refused.status_code == 503
    assert TYPED in refused.content.decode()
    browsers.shown.clear()
    answers = {page: browsers.open(*page) for page in known}
    with_entry = Counter(status for page, (status, _) in answers.items() if known[page])
    without = Counter(status for page, (status, _) in answers.items() if not known[page])
    assert set(with_entry) | set(without) <= {200, 503}, (with_entry, without)
    assert with_entry[503] > with_entry[200]

    assert next(part for part in readiness.parts() if part.name == "disk").sentence.endswith("see docs/operating.md.")
    jobs.look_at_the_disk()
    assert [line.msg["event"] for line in caplog.records if isinstance(line.msg, dict)][-1] == "disk_filling"

    disk.drop_the_ballast()
    connections.close_all()
    assert entries(browsers.shown) == len(set(browsers.shown))
    assert kept_marks(acknowledged) == len(acknowledged) >= BEFORE
    assert takes_a_line(browsers, path)
    evidence("a full disk", pages_with_an_entry=dict(with_entry), pages_without=dict(without),
             shown=len(set(browsers.shown)), acknowledged=len(acknowledged), lost=0, unaudited_reads=0)  # fmt: skip


def back_within(seconds: int, server: postgres.LocalServer) -> None:
    """It comes back by itself, or is started as systemd would."""
    for _ in range(seconds):
        try:
            server.start()
            server.sql("SELECT 1")
        except postgres.PostgresFailed:
            time.sleep(1)
        else:
            return
    raise AssertionError("It did not come back.")


def test_where_even_the_write_ahead_log_finds_no_room_the_pages_say_so_and_come_back(
    disk: SmallDisk, browsers: Browsers
) -> None:
    path = f"/op-safety/{killing.planned()}/log/"
    assert takes_a_line(browsers, path)
    disk.fill()
    with pytest.raises(postgres.PostgresFailed, match=r"server closed the connection|No space left"):
        disk.server.sql("SELECT pg_logical_emit_message(true, 'x', repeat('x', 20000000));" * 50)
    connections.close_all()
    statuses = {url: browsers.open("nobody", url)[0] for url in OPEN} | {path: browsers.open("op_commander", path)[0]}
    assert statuses[path] == statuses["/news/"] == 503
    assert set(statuses.values()) <= {200, 503}
    disk.drop_the_ballast()
    connections.close_all()
    back_within(60, disk.server)
    assert takes_a_line(browsers, path)
