"""How long a bronze's tap takes to every open board: told by the stream, and beside it by plain polling.

A copy of the database, the servers as they run in life, one browser's worth of requests for each viewer. Linux only:
the processor's time is read from /proc.
"""

import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.db import connection

from .board_scene import Scene, set_the_scene
from .copies import CannotMeasure, copied
from .wire import Browser

VIEWERS, TAPS, APART, POLL, JITTER = 100, 8, 4.0, 3.0, 0.5
COUNT = re.compile(rb"<strong>(\d+)</strong> found")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Viewer:
    browser: Browser
    path: str
    seen: int = 0
    stream: str = ""
    arrived: dict[int, float] = field(default_factory=dict)
    """Number of people on the board -> when this viewer saw it."""

    async def look(self) -> None:
        page = await self.browser.get(self.path, {"X-Wb-Picture": "yes"})
        now = time.monotonic()
        found = COUNT.search(page)
        self.stream = (re.search(rb'data-wb-live="([^"]+)"', page) or [b"", b""])[1].decode()
        for number in range(self.seen + 1, int(found[1]) + 1 if found else 0):
            self.arrived[number] = now
        self.seen = int(found[1]) if found else self.seen

    async def listen(self, port: int) -> None:
        """What assets/js/live.js does: hears "changed", waits a little, asks again."""
        async for line in self.browser.lines(port, self.stream):
            if line == b"event: changed":
                await asyncio.sleep(random.uniform(0, JITTER))  # noqa: S311 - a jitter
                await self.look()

    async def poll(self) -> None:
        await asyncio.sleep(random.uniform(0, POLL))  # noqa: S311
        while True:
            await self.look()
            await asyncio.sleep(POLL)


def measure() -> dict[str, Any]:
    """Milliseconds from the tap until a viewer holds the new picture; ``cpu_percent`` of all cores, servers alone."""
    if not Path("/proc/stat").exists():
        raise CannotMeasure("The processor's time is read from /proc, so this runs on Linux alone.")
    with copied() as name:
        scene = set_the_scene(VIEWERS)
        with servers(name) as (web, stream, pids):
            return asyncio.run(_play(scene, web, stream, pids))


async def _play(scene: Scene, web: int, stream: int, pids: list[int]) -> dict[str, Any]:
    viewers = [Viewer(Browser(web, cookies), scene.board) for cookies in scene.viewers]
    bronze = Browser(web, scene.bronze)
    await asyncio.gather(*(viewer.look() for viewer in viewers))
    told, cpu = await _round([viewer.listen(stream) for viewer in viewers], viewers, bronze, scene, pids)
    polled, poll_cpu = await _round([viewer.poll() for viewer in viewers], viewers, bronze, scene, pids)
    return {
        "viewers": VIEWERS,
        "taps": TAPS,
        **_spread("", told),
        **_spread("poll_", polled),
        "cpu_percent": cpu,
        "poll_cpu_percent": poll_cpu,
    }


async def _round(
    watching: list[Any], viewers: list[Viewer], bronze: Browser, scene: Scene, pids: list[int]
) -> tuple[list[float], float]:
    tasks = [asyncio.create_task(one) for one in watching]
    await asyncio.sleep(APART)
    began, used = time.monotonic(), _cpu(pids)
    tapped: dict[int, float] = {}
    for _ in range(TAPS):
        number = max(viewer.seen for viewer in viewers) + 1
        tapped[number] = time.monotonic()
        await bronze.post(scene.tap, scene.answers)
        await asyncio.sleep(APART)
    share = 100 * (_cpu(pids) - used) / (time.monotonic() - began) / (os.cpu_count() or 1)
    await asyncio.sleep(POLL)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    broken = [one for one in ended if isinstance(one, Exception)]
    missed = [n for viewer in viewers for n in tapped if n not in viewer.arrived]
    if broken or missed:
        raise CannotMeasure(f"{len(broken)} viewers lost their line ({broken[:1]}), {len(missed)} pictures never came.")
    return [viewer.arrived[n] - at for viewer in viewers for n, at in tapped.items()], round(share, 1)


def _spread(name: str, seconds: list[float]) -> dict[str, int]:
    cuts = quantiles(seconds, n=100)
    ms = {"p50": cuts[49], "p95": cuts[94], "max": max(seconds)}
    return {f"{name}{which}_ms": round(1000 * value) for which, value in ms.items()}


@contextmanager
def servers(name: str) -> Iterator[tuple[int, int, list[int]]]:
    """The pages as ``serve`` runs them and the stream; their processes and the database's."""
    web, stream = _free_port(), _free_port()
    told = os.environ | {"WB_DB_NAME": name, "WB_DB_POOL": "8", "WB_DEMO": "1"}
    granian = [sys.executable, "-m", "granian", "--host", "127.0.0.1", "--log-level", "warning"]
    commands = (
        [*granian, "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--port", str(web),
         "wilberforce.web.wsgi:application"],
        [*granian, "--interface", "asgi", "--workers", "1", "--port", str(stream),
         "wilberforce.web.stream:application"],
    )  # fmt: skip
    started = [subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL) for command in commands]
    try:
        for port in (web, stream):
            _wait_for(port)
        yield web, stream, [*(one.pid for one in started), _postmaster()]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CannotMeasure("The servers did not start within half a minute.")


def _postmaster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone() or (0,)
    path = Path(f"/proc/{backend}/stat")
    if not path.exists():
        raise CannotMeasure("The database runs elsewhere, so its share of the processor can't be read.")
    return _stat(path)[0]


def _stat(path: Path) -> tuple[int, float]:
    """The parent, and the seconds used by this process and by its children that have ended."""
    fields = path.read_text().rpartition(")")[2].split()
    return int(fields[1]), sum(map(int, fields[11:15])) / TICK


def _cpu(roots: list[int]) -> float:
    found: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = _stat(path)
        except (OSError, ValueError):
            continue
    return sum(used for pid, (parent, used) in found.items() if _below(pid, found, roots))


def _below(pid: int, found: dict[int, tuple[int, float]], roots: list[int]) -> bool:
    while pid in found:
        if pid in roots:
            return True
        pid = found[pid][0]
    return False
