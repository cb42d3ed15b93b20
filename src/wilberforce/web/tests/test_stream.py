"""The stream says that something changed and when, to whoever holds a ticket, and never what."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from wilberforce.base import watching
from wilberforce.web import stream

SUBJECT = uuid4()


class Viewer:
    """A browser that listens: what it was sent, and when it leaves."""

    def __init__(self, query):
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/stream/",
            "headers": [],
            "query_string": query.encode(),
        }
        self.sent: list[dict] = []
        self.left = asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def heard(self):
        body = b"".join(message.get("body", b"") for message in self.sent).decode()
        return [line.removeprefix("event: ") for line in body.splitlines() if line.startswith("event: ")]

    async def hears(self, number):
        while len(self.heard) < number:
            await asyncio.sleep(0.01)


@pytest.fixture
def hub(monkeypatch):
    fresh = stream.Hub()
    fresh.listening = True
    monkeypatch.setattr(stream, "hub", fresh)
    monkeypatch.setattr(stream, "AT_MOST_EVERY", 0.05)
    return fresh


def plays(scene):
    async def within():
        async with asyncio.timeout(20):
            await scene

    asyncio.run(within())


def ticket():
    return f"ticket={watching.ticket(SUBJECT)}"


@pytest.mark.parametrize("query", ["", "ticket=", "ticket=forged", "ticket=%00%ff"])
def test_without_a_ticket_there_is_nothing(hub, query):
    async def scene():
        viewer = Viewer(query)
        await stream.application(viewer.scope, viewer.receive, viewer.send)
        assert viewer.status == 404

    plays(scene())


def test_while_nobody_listens_it_says_so_and_the_browser_asks_by_itself(hub):
    async def scene():
        hub.listening = False
        viewer = Viewer(ticket())
        await stream.application(viewer.scope, viewer.receive, viewer.send)
        assert viewer.status == 503

    plays(scene())


def test_a_change_reaches_whoever_watches_it_and_nobody_else(hub):
    async def scene():
        mine, other = Viewer(ticket()), Viewer(f"ticket={watching.ticket(uuid4())}")
        open_lines = [asyncio.create_task(stream.application(v.scope, v.receive, v.send)) for v in (mine, other)]
        await mine.hears(1)
        await other.hears(1)
        hub.changed(str(SUBJECT))
        await mine.hears(2)
        assert (mine.heard, other.heard) == (["changed", "changed"], ["changed"])
        for viewer in (mine, other):
            viewer.left.set()
        await asyncio.gather(*open_lines)
        assert hub.viewers == 0

    plays(scene())


def test_a_flurry_of_changes_is_told_as_one(hub):
    async def scene():
        viewer = Viewer(ticket())
        line = asyncio.create_task(stream.application(viewer.scope, viewer.receive, viewer.send))
        await viewer.hears(1)
        for _ in range(50):
            hub.changed(str(SUBJECT))
        await viewer.hears(2)
        await asyncio.sleep(0.2)
        assert viewer.heard == ["changed", "changed"]
        viewer.left.set()
        await line

    plays(scene())


def test_whoever_comes_back_with_the_last_cursor_is_told_only_of_what_they_missed(hub):
    async def scene():
        viewer = Viewer(f"{ticket()}&seen={hub.cursor(str(SUBJECT))}")
        line = asyncio.create_task(stream.application(viewer.scope, viewer.receive, viewer.send))
        await asyncio.sleep(0.2)
        assert viewer.heard == []
        hub.changed(str(SUBJECT))
        await viewer.hears(1)
        viewer.left.set()
        await line

    plays(scene())


def test_when_the_ticket_is_over_the_line_ends(hub, monkeypatch):
    monkeypatch.setattr(watching, "LASTS", timedelta(seconds=1))

    async def scene():
        viewer = Viewer(ticket())
        await stream.application(viewer.scope, viewer.receive, viewer.send)
        assert viewer.heard[-1] == "renew"
        assert viewer.sent[-1]["more_body"] is False

    plays(scene())


def test_what_is_sent_names_nothing(hub):
    async def scene():
        viewer = Viewer(ticket())
        line = asyncio.create_task(stream.application(viewer.scope, viewer.receive, viewer.send))
        await viewer.hears(1)
        viewer.left.set()
        await line
        assert str(SUBJECT) not in str(viewer.sent[1:])

    plays(scene())


@pytest.mark.django_db(transaction=True)
def test_what_was_missed_while_the_database_was_away_counts_as_a_change(hub, monkeypatch):
    told = connection.settings_dict
    reached = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "dbname": told["NAME"]}
    monkeypatch.setattr(stream, "_database", lambda: reached | {"application_name": "stream_under_test"})
    hub.listening = False

    async def scene():
        listening = asyncio.create_task(hub.listen())
        while not hub.listening:
            await asyncio.sleep(0.02)
        before = hub.cursor(str(SUBJECT))
        async with await psycopg.AsyncConnection.connect(**reached, autocommit=True) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stream_under_test'"
            )
            while hub.gaps < 2:
                await asyncio.sleep(0.02)
            assert hub.cursor(str(SUBJECT)) != before
            await other.execute("SELECT pg_notify('wb_changed', %s)", [str(SUBJECT)])
            while not hub.changes[str(SUBJECT)]:
                await asyncio.sleep(0.02)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening

    plays(scene())


def test_the_process_begins_and_ends_with_its_server(hub, monkeypatch):
    async def never():
        await asyncio.Event().wait()

    monkeypatch.setattr(hub, "listen", never)
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent = []

    async def scene():
        async def receive():
            return next(messages)

        async def send(message):
            sent.append(message["type"])

        await stream.application({"type": "lifespan"}, receive, send)

    plays(scene())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
