"""A reader of the report desk opens their own key in Chromium: with words and no script, and with a passkey."""

from __future__ import annotations

from django.conf import settings

from wilberforce.agencies import readers
from wilberforce.agencies.cast import cast_already_here
from wilberforce.concerns import actions as concerns
from wilberforce.ledger.doors import at_public_door

from .looking import broken_rules, spills
from .people import Everybody, Person
from .test_desk import FINGER

WORDS = "copper lantern beside the quiet orchard"
TOLD = "A van brings them at five each morning"


def looks_well(person: Person, name: str) -> None:
    person.page.set_viewport_size({"width": 320, "height": 900})
    assert [*broken_rules(person.page), *spills(person.page)] == []
    folder = settings.STATE / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    person.page.screenshot(path=folder / f"own-key-{name}.png", full_page=True)
    person.page.set_viewport_size({"width": 1280, "height": 900})


def test_words_open_it_without_a_script_and_a_passkey_opens_it_with_one(everybody: Everybody) -> None:
    desk = everybody.sits_down("report_desk", java_script_enabled=False).opens("/sign-in/own-key/")
    desk.writes("A passphrase", WORDS).writes("The same again", WORDS).presses("Make my key").sees("Your key waits")
    agency = cast_already_here()["report_desk"].agency_id
    readers.begin(agency, "report_raw", readers.ready_for(agency, "report_raw"))
    with at_public_door("triage") as actor:
        concerns.report(actor, body=TOLD)
    desk.opens("/triage/").presses("Take it").sees("This opens only with a key of your own").does_not_see(TOLD)
    desk.follows("Open your key").writes("Your passphrase", WORDS).presses("Open my key for this sitting").sees(TOLD)

    scripted = everybody.sits_down("report_desk").opens("/sign-in/own-key/")
    wire = scripted.page.context.new_cdp_session(scripted.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    looks_well(scripted, "shut")
    scripted.writes("Your passphrase", WORDS).presses("Open my key for this sitting").sees("Your key is open")
    looks_well(scripted, "open")
    scripted.presses("Add a passkey").sees("Your key is open").presses("Close it now").sees("Your key is shut")
    scripted.presses("Open it with your passkey").sees("Your key is open")
