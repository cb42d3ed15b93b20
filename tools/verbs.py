"""What the command can do. Standard library only; everything else runs in the virtual environment."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

from tools import ground
from tools.ground import CHECKOUT, PYTHON, Stopped, environment, say
from wilberforce.base import postgres

OWNERS_COMMANDS = {
    *("migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "optimizemigration"),
    *("flush", "sqlflush", "pgtrigger", "keys"),
}
FIRST_COMMANDS = {"access", "found", "first_device"}
"""What somebody may well run before anything has made the tables."""
DATABASE = os.environ.get("WB_DB_NAME", "wilberforce")


@contextlib.contextmanager
def _ready(*, assets: bool = True, migrate: bool = True, kind: str = "") -> Iterator[postgres.Server]:
    """Packages, assets and a running database; the server stops again with its last user."""
    with contextlib.ExitStack() as open_things:
        with ground.alone():
            ground.packages()
            if assets:
                ground.assets()
            server = ground.find_server(kind)
            try:
                open_things.enter_context(server.in_use())
                ground.database(server, DATABASE, migrate=migrate)
            except postgres.PostgresFailed as reason:
                raise ground.refused(reason) from None
        os.environ.update(server.environment | {"WB_DB_NAME": DATABASE})
        yield server


def _child(*command: str, **settings: str) -> int:
    """Run in the foreground; Ctrl-C reaches the child too, so wait for it to end in its own way."""
    process = subprocess.Popen([str(PYTHON), *command], cwd=CHECKOUT, env=environment(**settings))
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait()
    except SystemExit:
        process.terminate()
        process.wait()
        raise


def setup(arguments: list[str]) -> int:
    with _ready() as server:
        say(f"ready, with PostgreSQL from {server.kind}. Next: ./wb demo")
    return 0


def manage(arguments: list[str]) -> int:
    owner = bool(arguments) and arguments[0] in OWNERS_COMMANDS
    role = os.environ.get("WB_DB_ROLE", "owner" if owner else "app")
    with _ready(assets=False, migrate=bool(arguments) and arguments[0] in FIRST_COMMANDS):
        return _child("-m", "django", *arguments, WB_DB_ROLE=role)


def bench(arguments: list[str]) -> int:
    """On clones of the template, with the demonstration's settings; nobody's own database is touched."""
    with _ready_for_tests("") as template:
        return _child("-m", "django", "bench", *arguments, WB_DB_ROLE="app", WB_DB_NAME=template, WB_DEMO="1")


def docs(arguments: list[str]) -> int:
    """``--pictures`` first takes the pictures that are missing or of older pages, in a browser; ``--pictures=all``
    takes every one, and ``--pictures=custody:*,desk`` those of these addresses. What was taken stays when it stops."""
    if wanted := [word for word in arguments if word.split("=")[0] == "--pictures"]:
        which = wanted[-1].partition("=")[2] or "old"
        pages = ["-m", "pytest", "-q", "tests/browser/test_every_page.py"]
        pages += ["tests/browser/test_the_board.py"] if which in ("old", "all") else []
        with _ready_for_tests("") as template:
            if failed := _child(*pages, WB_TEST_TEMPLATE=template, WB_DB_ROLE="app", WB_PICTURES=which):
                return failed
    with _ready(assets=False):
        return _child("-m", "django", "handbook", *(set(arguments) - set(wanted)), WB_DB_ROLE="app")


def demo(arguments: list[str]) -> int:
    """Plays the day in a database of its own, once; ``--once`` plays it afresh and stops."""
    port, rest = _port(arguments)
    if unknown := [word for word in rest if word not in ("--once", "--json", "--again")]:
        raise Stopped(f"'demo' does not know {unknown[0]}. It takes --once, --json, --again and --port N.")
    once = "--once" in rest
    with _ready_for_the_demo(again=once or "--again" in rest) as step:
        if not ground.is_played(step):
            words = [word for word in rest if word != "--again"]
            if failed := _child("-m", "django", "demo", *words, WB_DB_ROLE="app", WB_DEMO="1", **_site(port)):
                return failed
            ground.mark_played(step)
        if once:
            return 0
        print((ground.VAR / "cast.txt").read_text().replace("{port}", str(port)), file=sys.stderr)
        return _serve(port, WB_DEMO="1")


@contextlib.contextmanager
def _ready_for_the_demo(*, again: bool) -> Iterator[str]:
    with contextlib.ExitStack() as open_things:
        with ground.alone():
            ground.packages()
            ground.assets()
            server = ground.find_server()
            try:
                open_things.enter_context(server.in_use())
                step = ground.demo_database(server, again=again)
            except postgres.PostgresFailed as reason:
                raise ground.refused(reason) from None
        os.environ.update(server.environment | {"WB_DB_NAME": ground.DEMO})
        yield step


def run(arguments: list[str]) -> int:
    port, rest = _port(arguments)
    if rest:
        raise Stopped(f"'run' does not know {' '.join(rest)}. It takes --port N.")
    with _ready():
        return _serve(port)


def _port(arguments: list[str]) -> tuple[int, list[str]]:
    """Take --port N or --port=N out of the arguments."""
    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--port=") else [word])]
    if "--port" not in words:
        return 8000, words
    place = words.index("--port")
    if place + 1 >= len(words) or not words[place + 1].isdigit() or not 0 < int(words[place + 1]) < 65536:
        raise Stopped("--port takes a number between 1 and 65535, for example --port 8001.")
    return int(words[place + 1]), words[:place] + words[place + 2 :]


def _commands(port: int, stream: int) -> dict[str, list[str]]:
    granian = ["-m", "granian", "--host", "127.0.0.1", "--workers", "1", "--workers-kill-timeout", "5"]
    granian += ["--log-level", "warning"]
    web = [*granian, "--interface", "wsgi", "--port", str(port), "--blocking-threads", "4"]
    return {
        "The web server": [*web, "wilberforce.web.wsgi:application"],
        "The stream": [*granian, "--interface", "asgi", "--port", str(stream), "wilberforce.web.stream:application"],
        "The worker": ["-m", "django", "work"],
        "The ledger's sequencer": ["-m", "django", "sequence", "--forever"],
    }


def _serve(port: int, **settings: str) -> int:
    """The pages, their stream, a worker and the ledger's sequencer, until one ends or somebody stops us."""
    if not _free(port):
        raise Stopped(f"Port {port} is taken. Choose another: --port {port + 1}")
    stream = next(number for number in range(port + 1, 65536) if _free(number))
    addresses = {"WB_STREAM": f"http://localhost:{stream}"} | _site(port)
    child = environment(WB_DB_ROLE="app", WB_DB_POOL="8", **addresses, **settings)
    commands = _commands(port, stream)
    children = [
        subprocess.Popen([str(PYTHON), *command], cwd=CHECKOUT, env=child, stdout=sys.stderr, start_new_session=True)
        for command in commands.values()
    ]
    say(f"serving on http://localhost:{port}/ - stop with Ctrl-C")
    try:
        pid, status = os.wait()
        ended = dict(zip((started.pid for started in children), commands, strict=True)).get(pid, "A process")
        say(f"{ended} ended by itself; the lines above say why.")
        return os.waitstatus_to_exitcode(status) or 1
    except KeyboardInterrupt:
        return 0
    finally:
        _end(children)


def _site(port: int) -> dict[str, str]:
    """Where links in letters lead, also in those that the day itself sends."""
    return {} if "WB_SITE" in os.environ else {"WB_SITE": f"http://localhost:{port}"}


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to stop, then make sure that nothing it started outlives it."""
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(timeout=8)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def test(arguments: list[str]) -> int:
    kinds = [word.removeprefix("--pg=") for word in arguments if word.startswith("--pg=")]
    if any(kind not in ("debian", "wheel", "url") for kind in kinds):
        raise Stopped("--pg takes debian, wheel or url.")
    rest = [word for word in arguments if not word.startswith("--pg=")]
    chosen = [word for word in rest if word != "--long"]
    spread = [] if chosen else ["-n", "2"]
    with _ready_for_tests(kinds[-1] if kinds else "") as template:
        return _child("-m", "pytest", *spread, *rest, WB_TEST_TEMPLATE=template, WB_DB_ROLE="app")


@contextlib.contextmanager
def _ready_for_tests(kind: str) -> Iterator[str]:
    with contextlib.ExitStack() as open_things:
        with ground.alone():
            ground.packages()
            ground.assets()
            server = ground.find_server(kind)
            try:
                open_things.enter_context(server.in_use())
                template = ground.test_template(server)
            except postgres.PostgresFailed as reason:
                raise ground.refused(reason) from None
        os.environ.update(server.environment)
        yield template


def check(arguments: list[str]) -> int:
    with _ready(assets=False):
        return _child("-m", "tools.check", *arguments, WB_DB_ROLE="app")
