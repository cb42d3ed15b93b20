"""How many people the pages serve at once: the server as in live use, in processes of its own, with signed-in
browsers that each open one page after the other, as fast as they are answered."""

import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from rich.console import Console

from wilberforce.agencies.cast import cast_already_here
from wilberforce.agencies.demo import client_of
from wilberforce.base import postgres

from .copies import CannotMeasure
from .ground import FEW, ground
from .walk import Walk, walk

CLIENTS = (8, 40)
SECONDS, STARTING = 20, 120
WORKERS, THREADS = 2, 4
MIX = (
    ("desk", 4), ("reception:index", 5), ("reception:here", 4), ("reception:give", 2), ("support:person", 3),
    ("op_safety:day", 4), ("op_planning:plan", 1), ("custody:index", 2), ("custody:detention", 2), ("nrm:case", 2),
    ("triage:index", 2), ("intelligence:index", 2), ("oversight:ledger", 1), ("news", 2), ("reception:register", 1),
)  # fmt: skip
"""What is opened how often. The last is sent as a form: somebody is registered."""
REGISTERS = "reception:register"
SECRET = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=32))  # noqa: S311 the form's and the cookie's


@dataclass(frozen=True)
class Errand:
    url: str
    cookie: str
    registers: bool


@dataclass
class Tally:
    took: list[float] = field(default_factory=list)
    failed: int = 0


def measure() -> dict[str, Any]:
    console = Console(stderr=True)
    with ground() as made:
        console.print("Playing the day, and copying its people ...")
        few = made.with_people(made.day(), "few", FEW)
        made.enter(few)
        console.print("Walking through the pages ...")
        walked = walk(cast_already_here())
        with _served(few) as (port, server):
            found = [_measured(port, walked, number, console) for number in CLIENTS]
            memory = _memory(server.pid)
    return {"clients": found, "memory_mb": memory, "workers": WORKERS, "threads": THREADS, "seconds": SECONDS}


@contextmanager
def _served(database: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    numbers = {"--port": port, "--workers": WORKERS, "--blocking-threads": THREADS, "--workers-kill-timeout": 5}
    chosen = [word for name, number in numbers.items() for word in (name, str(number))]
    command = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--log-level", "warning", *chosen]
    told = os.environ | postgres.find().environment | {"WB_DB_NAME": database, "WB_DB_POOL": str(2 * THREADS)}
    server = subprocess.Popen(
        [sys.executable, *command, "wilberforce.web.wsgi:application"], env=told, stdout=sys.stderr
    )
    try:
        _wait_for(port, server)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError):
            if _answer(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "GET", "/live/", "") == 200:
                return
        time.sleep(0.2)
    raise CannotMeasure("The server did not start. The lines above say why.")


def _measured(port: int, walked: Walk, number: int, console: Console) -> dict[str, Any]:
    console.print(f"{number} clients for {SECONDS} s ...")
    errands = _errands(walked)
    connection.close()
    warm = threading.Barrier(number, timeout=STARTING)
    tallies = [Tally() for _ in range(number)]
    threads = [
        threading.Thread(target=_work, args=(port, errands, random.Random(seat), warm, tallies[seat]))  # noqa: S311
        for seat in range(number)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(one for tally in tallies for one in tally.took)
    cuts = statistics.quantiles(took, n=100)
    return {
        "clients": number,
        "requests_per_s": round(len(took) / SECONDS, 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "failed": sum(tally.failed for tally in tallies),
    }


def _errands(walked: Walk) -> list[Errand]:
    """Everybody freshly signed in, so that no proof runs out meanwhile."""
    cast, cookies = cast_already_here(), {"public": ""}
    by_name = {one.name: one for one in walked.worst()}
    found = []
    for name, weight in MIX:
        if name not in by_name:
            raise CannotMeasure(f"Nobody could open {name}. See ./wb bench pages.")
        one = by_name[name]
        if one.part not in cookies:
            cookies[one.part] = _cookie(client_of(cast[one.part], Client()))
        found += [Errand(one.url, cookies[one.part], name == REGISTERS)] * weight
    return found


def _cookie(client: Client) -> str:
    held = {name: morsel.value for name, morsel in client.cookies.items()} | {settings.CSRF_COOKIE_NAME: SECRET}
    return "; ".join(f"{name}={value}" for name, value in held.items())


def _work(port: int, errands: list[Errand], drawn: random.Random, warm: threading.Barrier, tally: Tally) -> None:
    """Each address is opened once before anything counts, so that no fresh process is measured."""
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for one in dict.fromkeys(errands):
        _run(browser, one)
    warm.wait()
    begin = time.monotonic()
    while (now := time.monotonic()) < begin + SECONDS:
        one = drawn.choice(errands)
        status = _run(browser, one)
        tally.took.append(time.monotonic() - now)
        tally.failed += status != (302 if one.registers else 200)


def _run(browser: http.client.HTTPConnection, one: Errand) -> int:
    if not one.registers:
        return _answer(browser, "GET", one.url, one.cookie)
    typed = {"purpose": "reception", "once": str(uuid4()), "age": "adult", "languages": "sq", "interpreter": "yes"}
    return _answer(browser, "POST", one.url, one.cookie, urlencode(typed | {"csrfmiddlewaretoken": SECRET}))


def _answer(browser: http.client.HTTPConnection, verb: str, url: str, cookie: str, body: str = "") -> int:
    headers = {"Host": "localhost", "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        browser.request(verb, url, body or None, headers)
        answer = browser.getresponse()
        answer.read()
    except (http.client.HTTPException, ConnectionResetError):
        browser.close()
        return 0
    return answer.status


def _memory(parent: int) -> int:
    """What the server's processes hold for themselves and their share of the rest, in MB."""
    ours = [parent, *(int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]
    lines = [line for pid in ours for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000)
