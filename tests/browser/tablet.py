"""A tablet of the centre: a Chromium with a profile of its own, and a server that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from wilberforce.agencies.cast import PARTS, cast_already_here
from wilberforce.agencies.demo import client_of, seat_without_browser
from wilberforce.base.browser import Browser
from wilberforce.ledger.doors import at_work
from wilberforce.reception import actions
from wilberforce.reception.desk import tablets
from wilberforce.reception.tests.conftest import on_shift

PIN = "271828"
PATIENCE = 60_000
"""For what a loaded machine does slowly; nothing waits for a time that has passed."""
NAMES = {part.key: part.name for part in PARTS}
SERVES = """
import json, os, signal, sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from django.db import connections
from django.urls import get_resolver
from wilberforce.web.wsgi import application
from wilberforce.reception.desk import shell
class Server(ThreadingMixIn, WSGIServer): daemon_threads = True; allow_reuse_address = True
class Quiet(WSGIRequestHandler):
    def log_message(self, *_): pass
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
get_resolver().url_patterns
for line in sys.stdin:
    said = json.loads(line)
    if os.fork():
        continue
    connections["default"].settings_dict["NAME"] = said["database"]
    asked = application
    if said["dies_at"]:
        def asked(environ, answers):
            said_back = list(application(environ, answers))
            if environ["PATH_INFO"] == said["dies_at"]:
                os.kill(os.getpid(), signal.SIGKILL)
            return said_back
    if said["version"]:
        vars(shell.SHELL)["version"] = said["version"]
    server = make_server("127.0.0.1", said["port"], asked, Server, Quiet)
    print(json.dumps([os.getpid(), server.server_port]), flush=True)
    server.serve_forever()
"""
TYPES = """async cards => {
    const form = document.querySelector('form[aria-label="Register somebody"]')
    for (const card of cards) {
        form.elements.reference.value = card
        form.querySelector('[name=age][value=adult]').checked = true
        document.getElementById('notice').textContent = ''
        form.requestSubmit()
        if (/^Not kept/.test(document.getElementById('notice').textContent)) form.requestSubmit() // looked twice
        while (!document.getElementById('notice').textContent.includes(card)) {
            if (/^NOT/i.test(document.getElementById('notice').textContent)) throw new Error('not saved')
            await new Promise(done => setTimeout(done, 1))
        }
        window.lastSaid = card
    }
}"""


KEPT = "async () => { await navigator.serviceWorker.ready }"


def finishes(page: Page, script: str, argument: Any = None, patience: int = PATIENCE) -> None:
    """A script that takes its time, awaited with a limit: evaluate has none, and a Chromium can vanish under it."""
    page.evaluate(
        f"""argument => {{
            const {{ dataset }} = document.documentElement
            dataset.finished = 'not yet'
            const ends = how => {{ dataset.finished = `${{how}}` }}
            ;({script})(argument).then(() => ends('yes'), ends)
        }}""",
        argument,
    )
    expect(page.locator("html")).to_have_attribute("data-finished", "yes", timeout=patience)


@dataclass
class Server:
    """The application in a process of its own, on the database of the test or on a copy of it.

    A parent that has loaded everything forks one at each start, so that dying often costs little.
    """

    database: str
    port: int = 0
    pid: int = 0
    version: str = ""
    """Of the shell, where another than that of this checkout is deployed."""
    dies_at: str = ""
    """Killed once what was asked of this address is committed, before a byte of the answer leaves."""
    parent: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> Server:
        if self.parent is None:
            settings = os.environ | {"WB_DEMO": "1", "WB_DB_NAME": self.database, "WB_DB_ROLE": "app"}
            pipe = subprocess.PIPE
            self.parent = subprocess.Popen(
                [sys.executable, "-c", SERVES], env=settings, stdin=pipe, stdout=pipe, text=True
            )
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        said = {"database": self.database, "port": self.port, "version": self.version, "dies_at": self.dies_at}
        self.parent.stdin.write(json.dumps(said) + "\n")
        self.parent.stdin.flush()
        self.pid, self.port = json.loads(self.parent.stdout.readline())
        urllib.request.urlopen(self.address + "/live/", timeout=PATIENCE / 1000).close()  # noqa: S310 - our own
        return self

    def kill(self) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.is_gone()

    def is_gone(self) -> None:
        until = time.monotonic() + PATIENCE / 1000
        while Path(f"/proc/{self.pid}").exists():
            assert time.monotonic() < until, "the server lives"
            time.sleep(0.01)
        self.pid = 0

    def end(self) -> None:
        self.kill()
        if self.parent is not None:
            self.parent.kill()
            self.parent.wait()


def database() -> str:
    return str(connection.settings_dict["NAME"])


@dataclass
class Centre:
    """Committed, so that the server's process sees it."""

    sessions: dict[str, bytes] = field(default_factory=dict)
    centre_id: UUID | None = None

    def at(self, part: str, purpose: str) -> Any:
        if part not in self.sessions:
            self.sessions[part] = seat_without_browser(cast_already_here()[part])
        return at_work(self.sessions[part], purpose)

    def open(self) -> Centre:
        with self.at("reception_manager", "reception") as actor:
            opened = actions.open_centre(actor, name="Kingfisher", capacity=200).pk
        self.centre_id = opened
        on_shift(self.at, cast_already_here(), opened, "reception_manager", "reception_worker", "health_worker")
        return self


@dataclass
class Tablet:
    playwright: Playwright
    chromium: Browser
    server: Server
    centre: Centre
    profile: Path
    context: BrowserContext | None = None
    tab: int = 0

    def switched_on(self) -> Tablet:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=self.chromium.path,
            args=list(self.chromium.args),
            env={**os.environ, **self.chromium.env},
            locale="en-GB",
            viewport={"width": 820, "height": 1180},
        )
        self.context.set_default_timeout(PATIENCE)
        return self

    @property
    def page(self) -> Page:
        assert self.context is not None
        return self.context.pages[self.tab]

    def second_tab(self) -> Tablet:
        """Of the same browser: one outbox, two pages."""
        assert self.context is not None
        self.context.new_page()
        return replace(self, tab=1)

    def switched_off(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def killed(self) -> None:
        """Every process of this profile, at once."""
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if f"--user-data-dir={self.profile}".encode() in (folder / "cmdline").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)
        with suppress(Exception):
            self.switched_off()
        self.context = None

    def signs_in(self, part: str) -> None:
        self.page.goto(self.server.address + "/demo/")
        self.page.get_by_role("button", name=NAMES[part]).first.click()
        self.page.goto(self.server.address + "/my-work/")
        expect(self.page.locator("body")).to_contain_text(NAMES[part])

    def at_hand(self, label: str, part: str) -> Tablet:
        """Enrolled and signed in without the pages for it."""
        assert self.context is not None
        assert self.centre.centre_id is not None
        with self.centre.at("reception_manager", "reception") as actor:
            secret = tablets.enrol(actor, self.centre.centre_id, label=label).secret
        signed_in = client_of(cast_already_here()[part], Client())
        cookies = {name: one.value for name, one in signed_in.cookies.items()} | {tablets.COOKIE: secret}
        self.context.add_cookies(
            [
                {"name": name, "value": value, "url": self.server.address, "expires": time.time() + 86_400}
                for name, value in cookies.items()
            ]
        )
        return self.opens().sits_down()

    def enrolled(self, label: str = "Tablet 1") -> Tablet:
        self.signs_in("reception_manager")
        self.page.goto(f"{self.server.address}/reception/centre/{self.centre.centre_id}/tablets/")
        self.page.get_by_label("What is written on the tablet?").fill(label)
        self.page.get_by_role("button", name="Make this browser a tablet").click()
        expect(self.page.locator("#label")).to_have_text(label)
        return self

    def taken(self, part: str = "reception_worker") -> Tablet:
        self.signs_in(part)
        return self.opens().sits_down()

    def sits_down(self) -> Tablet:
        self.page.get_by_role("button", name="Sit down at this tablet").click()
        self.page.get_by_label("A PIN of six digits").fill(PIN)
        self.page.get_by_label("The same again").fill(PIN)
        self.page.get_by_role("button", name="Sit down", exact=True).click()
        return self.at_work()

    def opens(self) -> Tablet:
        self.page.goto(self.server.address + "/desk/")
        return self

    def unlocks(self, part: str = "reception_worker", pin: str = PIN, card: str = "") -> Tablet:
        self.page.get_by_label(NAMES[part]).check()
        self.page.get_by_label("PIN", exact=True).fill(pin)
        self.page.get_by_label("Shift card").fill(card)
        self.page.get_by_role("button", name="Unlock").click()
        return self

    def at_work(self) -> Tablet:
        expect(self.page.get_by_role("heading", name="Register", exact=True)).to_be_visible(timeout=PATIENCE)
        return self

    def registers(self, *cards: str) -> Tablet:
        """Through the form, one after the other, each only when the last was said to be saved."""
        finishes(self.page, TYPES, list(cards), PATIENCE + 1_000 * len(cards))
        return self

    def begins_to_register(self, *cards: str) -> Tablet:
        """Goes on by itself; ``window.lastSaid`` is the last that was said to be saved."""
        self.page.evaluate(f"cards => {{ ({TYPES})(cards) }}", list(cards))
        return self

    def hears_nothing(self) -> Tablet:
        """What was said before is gone, so that what is said next is new."""
        self.page.evaluate("() => { document.getElementById('notice').textContent = '' }")
        return self

    def is_heard(self) -> Tablet:
        """The next word with the server comes at once."""
        self.page.evaluate("() => dispatchEvent(new Event('online'))")
        return self

    def waits_for(self, what: str) -> Tablet:
        """A script that the page's strict policy lets run only from here."""
        until = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(what):
            assert time.monotonic() < until, what
            time.sleep(0.05)
        return self

    def says(self, words: str) -> Tablet:
        expect(self.page.locator("body")).to_contain_text(words, timeout=PATIENCE)
        return self

    def lists(self, card: str) -> Tablet:
        """Under "Who is here", not in what was said last."""
        expect(self.page.get_by_role("region", name="Who is here")).to_contain_text(card, timeout=PATIENCE)
        return self

    def unsent(self, count: int) -> Tablet:
        expect(self.page.locator("#unsent")).to_have_text(f"Unsent: {count}", timeout=PATIENCE)
        return self

    def kept_by_worker(self) -> Tablet:
        """Until the shell is whole in the cache."""
        finishes(self.page, KEPT)
        return self

    def holds(self, text: str) -> list[str]:
        """The files of the profile in which these letters lie, as bytes of one or of two."""
        wanted = (text.encode(), text.encode("utf-16-le"))
        files = [path for path in self.profile.rglob("*") if path.is_file()]
        return [str(path) for path in files if any(one in path.read_bytes() for one in wanted)]


@contextmanager
def profile() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tablet", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
