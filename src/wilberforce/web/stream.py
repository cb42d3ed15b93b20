"""Tells open pages that something changed and nothing else: an ASGI application beside the pages.

It asks the database nothing. One connection listens; whoever holds a ticket hears "changed" with a cursor, or that
this line is alive. What changed, a browser asks of the pages, which judge every time who may see it.
"""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import datetime
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qs

import psycopg

from wilberforce.base import clock
from wilberforce.base.postgres import django_database
from wilberforce.base.watching import CHANNEL, admitted

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wilberforce.web.settings")

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
ALIVE_EVERY = 15.0
AT_MOST_EVERY = 1.0
VIEWERS_AT_MOST = 2_000
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"access-control-allow-origin", b"*"),  # the ticket admits, no cookie does
]


class Hub:
    """Who watches what, and how often each thing has changed since this process began."""

    def __init__(self) -> None:
        self.began = token_hex(4)
        self.listening = False
        self.gaps = 0
        self.changes: Counter[str] = Counter()
        self.watching: dict[str, set[asyncio.Event]] = defaultdict(set)

    def cursor(self, subject: str) -> str:
        return f"{self.began}.{self.gaps}.{self.changes[subject]}"

    def changed(self, subject: str) -> None:
        self.changes[subject] += 1
        self._wake(self.watching.get(subject, set()))

    def listens_again(self) -> None:
        """Whatever was missed meanwhile may concern anybody."""
        self.listening, self.gaps = True, self.gaps + 1
        self._wake({viewer for viewers in self.watching.values() for viewer in viewers})

    @property
    def viewers(self) -> int:
        return sum(len(viewers) for viewers in self.watching.values())

    @staticmethod
    def _wake(viewers: set[asyncio.Event]) -> None:
        for viewer in viewers:
            viewer.set()

    async def listen(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                await self._listen_once()
            self.listening = False
            await asyncio.sleep(1)

    async def _listen_once(self) -> None:
        async with await psycopg.AsyncConnection.connect(**_database(), autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listens_again()
            while True:
                async for heard in connection.notifies(timeout=30):
                    self.changed(heard.payload)
                await connection.execute("SELECT 1")  # says whether the connection still lives

    async def tell(self, subject: str, until: datetime, seen: str, send: Send) -> None:
        """At most once a second, so that a flurry of changes is one."""
        woken = asyncio.Event()
        self.watching[subject].add(woken)
        try:
            while (left := (until - clock.now()).total_seconds()) > 0:
                if (cursor := self.cursor(subject)) != seen:
                    seen = cursor
                    await _write(send, f"event: changed\ndata: {cursor}\n\n")
                    await asyncio.sleep(min(AT_MOST_EVERY, left))
                    continue
                woken.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), min(ALIVE_EVERY, left))
                    continue
                if self.listening:
                    await _write(send, "event: alive\ndata:\n\n")
            await _write(send, "event: renew\ndata:\n\n")
        finally:
            self.watching[subject].discard(woken)
            if not self.watching[subject]:
                del self.watching[subject]


def _database() -> dict[str, Any]:
    told = django_database()
    named = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "dbname": told["NAME"]}
    options = {name: value for name, value in told["OPTIONS"].items() if name != "pool"}
    return named | options | ({"password": told["PASSWORD"]} if told["PASSWORD"] else {})


hub = Hub()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    listening: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            listening = asyncio.create_task(hub.listen())
            await send({"type": "lifespan.startup.complete"})
        else:
            if listening:
                listening.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _answer(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
    ticket, seen = (asked.get(name, [""])[0] for name in ("ticket", "seen"))
    told = admitted(ticket) if scope["path"] == "/stream/" and scope["method"] == "GET" else None
    if told is None:
        await _close(send, 404)
    elif not hub.listening or hub.viewers >= VIEWERS_AT_MOST:
        await _close(send, 503)
    else:
        await _stream(str(told[0]), told[1], seen, receive, send)


async def _stream(subject: str, until: datetime, seen: str, receive: Receive, send: Send) -> None:
    """Until the ticket is over or the viewer is gone."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _write(send, "retry: 2000\n\n")
    telling = asyncio.create_task(hub.tell(subject, until, seen, send))
    leaving = asyncio.create_task(_gone(receive))
    _, others = await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
    over = telling.done()
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    if over:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _close(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})
