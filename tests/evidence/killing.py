"""A server of our own, and processes on it that are killed while they write: what they acknowledged is read back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from wilberforce.agencies.cast import cast_already_here
from wilberforce.agencies.demo import client_of, seat_without_browser
from wilberforce.base import clock, postgres
from wilberforce.base.ids import random_id
from wilberforce.ledger import leaves, sequencer
from wilberforce.ledger.doors import at_work
from wilberforce.operations import actions as operations

NAME = "wb_killed"
Say = Callable[[str], None]


@contextmanager
def own_server(within: Path | None = None) -> Iterator[postgres.LocalServer]:
    """With a copy of the present database; while it lasts, Django asks it and no other. ``within``: on which disk."""
    from_here, source = postgres.find(), str(connection.settings_dict["NAME"])
    assert isinstance(from_here, postgres.LocalServer)
    home = Path(tempfile.mkdtemp(prefix="wb-killed-", dir=within))
    home.chmod(0o755)
    before = dict(connection.settings_dict)
    with patch.object(postgres, "state_directory", lambda: home):
        server = postgres.LocalServer(from_here.kind, from_here.major, from_here.binaries)
    try:
        server.start()
        server.ensure_roles()
        _copied(from_here, source, server)
        connections.close_all()
        connection.settings_dict |= {"NAME": NAME, "HOST": server.host, "PORT": server.port}
        with patch.dict(os.environ, {"WB_PG_HOST": server.host, "WB_PG_PORT": server.port}):
            yield server
    finally:
        connections.close_all()
        connection.settings_dict |= {name: before[name] for name in ("NAME", "HOST", "PORT")}
        with suppress(postgres.PostgresFailed):
            server.stop()
        shutil.rmtree(home)


def _copied(from_here: postgres.Server, source: str, server: postgres.Server) -> None:
    clients, bare = postgres.clients(), {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    dump = [str(clients / "pg_dump"), "-Fc", source]
    whole = subprocess.run(dump, env=bare | from_here.connection, stdout=subprocess.PIPE, check=True).stdout
    server.sql(f'CREATE DATABASE "{NAME}" OWNER wb_owner TEMPLATE template0')
    restore = [str(clients / "pg_restore"), "-d", NAME]
    subprocess.run(restore, env=bare | server.connection, input=whole, check=True)


def planned() -> UUID:
    """An operation of today, in whose log the web processes write."""
    with at_work(seat_without_browser(cast_already_here()["op_commander"]), "op_planning") as actor:
        made: UUID = operations.plan(
            actor, name="Killing", objectives="None", strand="pursue", planned_for=clock.now()
        ).pk
    return made


def web(say: Say, operation: UUID) -> None:
    """A line is written and the log is read, again and again; said only once the answer is complete."""
    asked: list[UUID] = []
    write = leaves.write

    def noted(actor: Any, notes: Any, request: UUID) -> None:
        asked.append(request)
        write(actor, notes, request)

    path, client = f"/op-safety/{operation}/log/", None
    with patch.object(leaves, "write", noted):
        while True:
            with suppress(Exception):
                client = client or client_of(cast_already_here()["op_commander"], Client(raise_request_exception=False))
                once = random_id()
                form = {"purpose": "op_safety", "text": f"A line {once}", "once": str(once)}
                if client.post(path, form).status_code == 302:
                    say(f"wrote {asked[-1]} {once}")
                if client.get(path).status_code == 200:
                    say(f"read {asked[-1]} {once}")
            time.sleep(0.001)


def sequencing(say: Say, _: UUID) -> None:
    while True:
        with suppress(Exception), sequencer.connect() as at:
            while True:
                say(f"sequenced {sequencer.sequence(at, batch=3).claimed}")
                time.sleep(0.002)


def working(say: Say, _: UUID) -> None:
    while True:
        with suppress(Exception):
            say("works")
            call_command("work")
        time.sleep(0.1)


KINDS: dict[str, Callable[[Say, UUID], None]] = {"web": web, "sequencer": sequencing, "worker": working}


@dataclass
class Child:
    """Forked from this process, which has loaded everything already; ``said``: what it acknowledged."""

    kind: str
    operation: UUID
    pid: int = 0
    pipe: int = 0
    said: list[str] = field(default_factory=list)
    rest: bytes = b""

    def start(self) -> None:
        connections.close_all()
        self.pipe, into = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            with suppress(BaseException):
                KINDS[self.kind](lambda words: os.write(into, f"{words}\n".encode()) and None, self.operation)
            os._exit(1)
        os.close(into)
        os.set_blocking(self.pipe, False)

    def hear(self) -> int:
        """How many lines are new. A line that was cut off was never said."""
        before = len(self.said)
        with suppress(BlockingIOError):
            while data := os.read(self.pipe, 65536):
                *lines, self.rest = (self.rest + data).split(b"\n")
                self.said += [line.decode() for line in lines]
        return len(self.said) - before

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.hear()
        self.rest = b""
        os.close(self.pipe)


def kill_server(server: postgres.LocalServer) -> None:
    """The postmaster and every process of its own, as a power cut would; then it recovers."""
    head = server._pid()
    assert head is not None
    mine = [head, *(pid for pid in _processes() if _parent(pid) == head)]
    for pid in mine:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(Path(f"/proc/{pid}").exists() and _state(pid) != "Z" for pid in mine):
        time.sleep(0.01)
    server.start()


def _processes() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["Z", "0"]


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _state(pid: int) -> str:
    return _stat(pid)[0]
