"""What every page costs: statements, bytes, and the processor's time in this process and in PostgreSQL together,
with a hundred people, with a hundred thousand, and without any policy."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from rich.console import Console
from rich.progress import Progress

from wilberforce.access import asking
from wilberforce.access.protect import Protected
from wilberforce.access.rules import Decision
from wilberforce.agencies.cast import Cast, cast_already_here
from wilberforce.agencies.demo import client_of

from .copies import CannotMeasure
from .ground import FEW, MANY, Ground, ground
from .walk import HALFWAY, Opened, Walk, halfway, name_of, statements, walk

TIMES, LONG = 5, 2.0
"""How often a page is opened, and after how many seconds of work once is enough."""
FLAT, AGAIN = 1.5, 2
"""A page is flat within so many times; how often one that seems not to be is measured again."""
FRESH = 120.0
"""Seconds for which a sign-in counts as fresh here; the proof itself lasts five minutes."""
Costs = dict[str, float | None]


class Browsers:
    """Each of the cast signed in, again after a while, as in life."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.open: dict[str, tuple[float, Client]] = {}

    def of(self, part: str) -> Client:
        if part == "public":
            return Client(raise_request_exception=False)
        since, client = self.open.get(part, (0.0, None))
        if client is None or time.monotonic() - since > FRESH:
            client = self._signed_in(part)
            self.open[part] = time.monotonic(), client
        return client

    def _signed_in(self, part: str) -> Client:
        if part == HALFWAY:
            return halfway(self.cast)
        return client_of(self.cast[part], Client(raise_request_exception=False))


def measure(only: Sequence[str] = ("*",)) -> dict[str, Any]:
    """``only``: names of pages, or patterns of them."""
    console = Console(stderr=True)
    # most of what a walk tries shows no page, and a job fails so that its page can be opened: that is no news
    for told in ("django.request", "procrastinate"):
        logging.getLogger(told).setLevel(logging.CRITICAL)
    with ground() as made:
        console.print("Playing the day, and copying its people ...")
        day = made.day()
        few, many = made.with_people(day, "few", FEW), made.with_people(day, "many", MANY)
        plain = made.without_policy(few)
        made.enter(few)
        console.print("Walking through every page ...")
        walked = walk(cast_already_here(), made.letters)
        pages = [one for one in walked.worst() if any(fnmatch(one.name, pattern) for pattern in only)]
        if not pages:
            raise CannotMeasure(
                f"Nobody opens a page of the name {', '.join(only)}. Names are such as custody:arrests."
            )
        _say_what_is_missing(walked, console)
        with Progress(console=console) as progress:
            made.enter(few)
            register = _register(walked)
            at_few, at_many = _in_turn(made, few, many, pages, progress)
            made.enter(plain)
            with unasked():
                unguarded = _costs(pages, progress, "without policy")
    return {"register": register, "pages": [_said(one, at_few, at_many, unguarded) for one in pages]}


def _said(one: Opened, few: Costs, many: Costs, plain: Costs) -> dict[str, Any]:
    return {
        "name": one.name,
        "sql": len(one.sent),
        "kb": round(one.size / 1000, 1),
        "cpu_ms_100": few[one.name],
        "cpu_ms_100k": many[one.name],
        "cpu_ms_plain": plain[one.name],
    }


def _say_what_is_missing(walked: Walk, console: Console) -> None:
    missing = sorted({name_of(one) for one in walked.missing()})
    console.print(f"Opened {len(walked.worst())} addresses. Not opened with a GET by anybody: {', '.join(missing)}.")


def _in_turn(made: Ground, few: str, many: str, pages: list[Opened], progress: Progress) -> tuple[Costs, Costs]:
    """What seems to grow is opened again, among few and among many: whatever else the machine did in one of the two
    halves looks like growth too. The least of all openings counts, on both sides."""
    at_few, at_many = Costs(), Costs()
    for _ in range(1 + AGAIN):
        for database, kept, people in ((few, at_few, FEW), (many, at_many, MANY)):
            made.enter(database)
            for name, took in _costs(pages, progress, f"{people} people").items():
                kept[name] = min(filter(None, (took, kept.get(name))), default=None)
        pages = [one for one in pages if (at_many[one.name] or 0) > FLAT * (at_few[one.name] or 0)]
    return at_few, at_many


def _costs(pages: list[Opened], progress: Progress, doing: str) -> Costs:
    browsers, found = Browsers(cast_already_here()), Costs()
    for one in progress.track(pages, description=doing):
        found[one.name] = cost(lambda one=one: browsers.of(one.part).get(one.url))  # type: ignore[misc]
        if found[one.name] is None:
            progress.console.print(f"{doing}: {one.url} showed no page")
    return found


def cost(ask: Callable[[], HttpResponseBase]) -> float | None:
    """The least disturbed of several openings, in milliseconds; None where it shows no page."""
    if ask().status_code != 200:
        return None
    took: list[float] = []
    while len(took) < TIMES and sum(took) < LONG:
        before = spent()
        ask()
        took.append(spent() - before)
    return round(min(took) * 1000, 1)


def spent() -> float:
    """Seconds of processor time of this process and of its PostgreSQL backend."""
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if not told.exists():
        raise CannotMeasure("PostgreSQL runs on another machine. Measure where it runs.")
    return time.process_time() + int(told.read_text().split()[0]) / 1e9


@contextmanager
def unasked() -> Iterator[None]:
    """No policy question is asked, and every row counts as visible."""
    allowed = Decision(True, "", "")
    everything = lambda table, *_: table.model._default_manager.all()  # noqa: E731
    with ExitStack() as stack:
        stack.enter_context(patch.object(Protected, "_narrowed", everything))
        stack.enter_context(patch.object(asking, "may", lambda *_: allowed))
        yield


def _register(walked: Walk) -> dict[str, Any]:
    """One person, by the form of the centre."""
    one = next(opened for opened in walked.worst() if opened.name == "reception:register")
    client = Browsers(cast_already_here()).of(one.part)
    with statements() as sent:
        _arrive(client, one.url)
    return {"sql": len(sent), "cpu_ms": min(_registering(client, one.url) for _ in range(TIMES))}


def _registering(client: Client, url: str) -> float:
    before = spent()
    _arrive(client, url)
    return round((spent() - before) * 1000, 1)


def _arrive(client: Client, url: str) -> None:
    typed = {"purpose": "reception", "once": str(uuid4()), "age": "adult", "languages": "sq", "interpreter": "yes"}
    if client.post(url, typed).status_code != 302:
        raise CannotMeasure("Nobody could be registered. Open the form in ./wb demo and see what it says.")
