"""The day on its board, each at their own browser: what one taps the others see by themselves, and only their own."""

import os
import re
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from wilberforce.agencies.cast import found_cast
from wilberforce.base import clock, csp
from wilberforce.web import pictures, the_day
from wilberforce.web.demo import before, centre, day
from wilberforce.web.demo.telling import Story

from . import looking
from .people import Everybody

pytestmark = pytest.mark.browser
SCENES = (
    before.somebody_tells, before.the_desk_grades, before.agreements, before.a_place_is_known, before.the_plan,
    before.what_may_go_wrong, before.the_order, centre.stand_by,
)  # fmt: skip
BRONZES = ("op_member_a", "op_member_b", "op_member_c")
PARTNERS = ("op_member_city", "op_member_hmrc", "op_member_labour", "op_member_dwp")
REFERENCE = re.compile(r"(?<!O)P-[A-Z0-9]{6}")


@pytest.fixture(scope="module")
def stream(address):
    """The stream beside the pages, as it runs in life."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    told = os.environ | {"WB_DB_NAME": str(connection.settings_dict["NAME"])}
    process = subprocess.Popen([*command, "wilberforce.web.stream:application"], env=told)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    where = f"http://localhost:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "STREAM", where)
        patch.setattr(settings, "CONTENT_SECURITY_POLICY", csp.policy(where))
        yield where
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def story(stream):
    told = Story(found_cast())
    for scene in SCENES:
        scene(told)
    return told


@pytest.mark.skipif(
    os.environ.get("WB_PICTURES") == "old" and not the_day.stale(), reason="its pictures show today's board"
)
def test_the_day_runs_on_the_board(story, everybody: Everybody, browser) -> None:
    at = {part: everybody.sits_down(part).opens("/op-safety/") for part in ("op_commander", "op_member_fire")}
    at |= {part: everybody.sits_down(part).opens("/op-safety/").sees("Planned") for part in (*BRONZES, *PARTNERS)}
    commander, bronze, second = at["op_commander"], at["op_member_b"], at["op_member_a"]
    commander.sees("Live. The picture of").follows("Start the operation").presses("Start the operation")
    for person in at.values():
        person.sees("Started")
    enters(at, bronze)
    finds(at, bronze)
    says(at)
    hands_over(everybody, at, commander, bronze)
    claims(commander, bronze, second)
    detains(story, at["custody_officer"], commander)
    keeps_the_log(everybody.sits_down("op_member_c"))
    loses_the_network(commander, bronze)
    if os.environ.get("WB_PICTURES"):
        shows(at, browser)


def enters(at, bronze):
    bronze.within("Site B").presses("We went in")
    bronze.within("Site B").sees("Entered").presses("It is secured")
    for part in (*PARTNERS, "op_commander", "op_member_fire", "op_member_c"):
        at[part].within("Site B").sees("Secured")
        at[part].within("Site A").sees("Waiting")


def finds(at, bronze):
    for age in ("Adult", "Not sure (counts as a child)"):
        bronze.within("Site B").follows("A person found")
        bronze.ticks("Adult or child?", age).presses("Record the person").sees("People found")
    bronze.within("Site B").follows("A hazard")
    bronze.writes("What could hurt somebody?", "A dog in the yard").presses("Tell everybody on site")
    at["op_commander"].within("Site B").sees("2 found", "1 child or not sure", "A dog in the yard")
    at["op_member_fire"].within("Site B").sees("A dog in the yard")
    for part in (*PARTNERS, "op_member_fire"):
        assert not REFERENCE.search(at[part].page.locator("body").inner_text()), part
    for part in PARTNERS:
        at[part].does_not_see("A dog in the yard", "Nowhere Walk", "People found", "arrested")


def says(at):
    at["op_member_hmrc"].follows("Say").ticks("What is it doing?", "At work").writes("In a few words", "At the books")
    at["op_member_hmrc"].presses("Tell everybody on the board").sees("At work: At the books")
    at["op_commander"].sees("At work: At the books")
    at["op_member_dwp"].does_not_see("At the books")


def hands_over(everybody, at, commander, bronze):
    manager = everybody.sits_down("reception_manager").opens("/reception/brought/").sees("Nobody")
    custody = everybody.sits_down("custody_officer").opens("/custody/shift/").presses("Sign in to my shift")
    bronze.follows("At the site").follows("Hand them over").ticks("Into whose hands?", "At the reception centre")
    bronze.picks("Which centre?", "Centre 1, British Red Cross").presses("Hand them over").sees("Not received yet")
    reference = REFERENCE.search(bronze.page.locator("h1").inner_text())[0]
    custody.opens("/custody/brought/").does_not_see(reference)
    manager.opens("/reception/brought/").sees(reference).follows("They are with us").presses("They are with us")
    manager.sees("Nobody")
    commander.sees("At the reception centre")
    at |= {"reception_manager": manager, "custody_officer": custody}


def claims(commander, bronze, second):
    """Two who have the same person before them: the second is told of the first, and nothing is doubled."""
    for officer in (bronze, second):
        officer.opens("/op-safety/").follows("At the site").follows("Hand them over")
    bronze.ticks("Into whose hands?", "In hospital").presses("Hand them over").sees("Not received yet")
    second.ticks("Into whose hands?", "In custody").presses("Hand them over")
    second.sees("handed this person over already", "Nothing was changed", "hospital")
    commander.sees("Not received yet", "In hospital").does_not_see("In custody")


def detains(story, custody, commander):
    """Two, some hours into their day, each with a face of their own."""
    day.arrests(story)
    day.detention(story)
    custody.opens("/custody/").sees("man 1", "man 2", "Review")
    expect(custody.page.locator("svg.wb-face")).to_have_count(2)
    expect(custody.page.get_by_text(re.compile(r"[45] h \d\d min of 24 hours"))).to_have_count(2)
    commander.sees("man 1", "man 2")


def keeps_the_log(loggist):
    """Hands on the keys: the time by one key, the line, the next line; the mouse is never touched."""
    loggist.opens("/op-safety/").follows("Log").sees("The log is empty")
    page, keys = loggist.page, loggist.page.keyboard
    page.evaluate("() => addEventListener('pointerdown', () => { throw new Error('a mouse') }, true)")
    expect(page.get_by_label("What happened?")).to_be_focused()
    keys.press("F2")
    stamped = [page.locator(f"[name=at_{part}]").input_value() for part in range(4)]
    today = clock.in_london(clock.now())
    assert stamped[:3] == [str(today.day), str(today.month), str(today.year)]
    assert re.fullmatch(r"\d\d:\d\d", stamped[3])
    keys.type("Radio check: all teams answer")
    keys.press("Control+Enter")
    loggist.sees("Radio check: all teams answer")
    for words in ("Front door open", "Two people at the back"):
        expect(page.get_by_label("What happened?")).to_be_focused()
        expect(page.get_by_label("What happened?")).to_be_empty()
        keys.type(words)
        keys.press("Control+Enter")
        loggist.sees(words)
    expect(page.locator(".wb-timeline__title")).to_have_text(["3", "2", "1"])
    expect(page.get_by_label("What happened?")).to_be_focused()
    keys.press("F2")
    keys.press("Control+Enter")
    loggist.sees("There is a problem")
    assert page.locator("[name=at_3]").input_value()


def loses_the_network(commander, bronze):
    commander.page.context.set_offline(True)
    commander.sees("No contact for", "This is the picture of")
    bronze.opens("/op-safety/").within("Site B").presses("The search began")
    commander.within("Site B").sees("Secured")
    commander.page.context.set_offline(False)
    commander.within("Site B").sees("Searching")
    commander.sees("Live. The picture of")


def shows(at, browser):
    """For the handbook, at the size at which each works."""
    for part in the_day.SEEN:
        where = {"reception_manager": "/reception/", "custody_officer": "/custody/"}.get(part, "/op-safety/")
        page = at[part].opens(where).page
        page.set_viewport_size({"width": 360 if part in BRONZES else 1280, "height": 800})
        wide = 300 if part in BRONZES else 620
        looking.picture(page, browser, pictures.folder() / the_day.file_of(part), most_wide=wide)
    the_day.taken()
