"""The main line of the day in Chromium, from a public report to the published bulletin."""

import re
from datetime import timedelta

import pytest

from wilberforce.base import clock

from .people import NAMES, Everybody

pytestmark = pytest.mark.browser
ACCOUNT = "Different women every week in the flats above the shops. A man holds the passports and takes the money."
ITEM = "Women are moved weekly between houses in Derby. A man keeps their passports and takes what they earn."
HEADLINE = "Police act against suspected exploitation in Derby"
BULLETIN = "Officers entered a house in Derby. Three people were found at a house in Derby and are being cared for."


def test_the_day_from_a_public_report_to_the_published_bulletin(everybody: Everybody) -> None:
    """Through the pages alone; the cast and its areas are all that was there before."""
    neighbour = everybody.comes_in(java_script_enabled=False)
    tells(neighbour)
    desk = everybody.sits_down("report_desk")
    judges(desk)
    commander = everybody.sits_down("op_commander")
    plans(commander)
    team = everybody.sits_down("op_member_b")
    goes_in(commander, team)
    arrests(team)
    detains(everybody.sits_down("custody_officer"))
    manager = everybody.sits_down("reception_manager")
    code = makes_ready(manager)
    links(commander, code)
    sends(team, code)
    asks(everybody.sits_down("first_responder_city"), cares(manager))
    cuts(commander)
    writes(everybody.sits_down("comms_officer"))
    neighbour.opens("/news/").sees("Nothing published yet")
    approves(everybody.sits_down("guardian_police"))
    neighbour.opens("/news/").sees("Nothing published yet")
    approves(manager)
    reads(neighbour)


def tells(neighbour):
    neighbour.opens("/").follows("Tell us what you have seen")
    neighbour.writes("What have you seen or heard?", ACCOUNT)
    neighbour.picks("In which area is it?", "Derby")
    neighbour.presses("Send it").sees("We have what you told us")
    return neighbour.page.locator(".wb-secret").inner_text()


def judges(desk):
    desk.opens("/triage/").sees("Reports").does_not_see(ACCOUNT)
    desk.presses("Take it").sees(ACCOUNT)
    desk.follows("Write a sanitised item from it")
    desk.writes("What is known?", ITEM)
    desk.presses("Keep this item").sees("Judge it")
    desk.ticks("What happens with it?", "Passed on as intelligence")
    desk.presses("Judge it and put it back").sees("No report waits")


def plans(commander):
    commander.opens("/op-planning/").follows("Plan an operation")
    commander.writes("Name of the operation", "Operation Kittiwake")
    commander.writes("Objectives", "Find whoever is exploited and bring them to safety.")
    commander.dates("When does it start?", clock.now() + timedelta(hours=1))
    commander.ticks("Strand", "Pursue: prosecute and disrupt")
    commander.presses("Begin the plan").sees("Operation Kittiwake").follows("OP-")
    for agency in ("Derby City Council", "British Red Cross", "Derbyshire Fire and Rescue Service"):
        commander.follows("Ask an agency").picks("Agency", agency)
        commander.presses("Ask this agency").sees(agency)
        commander.follows("Record an answer").picks("Agency", agency).ticks("Answer", "Takes part")
        commander.presses("Record the answer").sees("Takes part")
    commander.follows("Add a site").writes("Letter", "B").writes("Town, or the part of it", "Normanton (Derby)")
    commander.writes("Address", "3 Nowhere Walk").picks("Kind of premises", "Suspected brothel")
    commander.presses("Add the site").sees("Site B: Normanton (Derby)")
    commander.follows("Record a warrant")
    commander.writes("Court", "The magistrates' court at Nowhere").writes("Grounds", "Section 2 of the Act of 2015")
    commander.dates("When was it issued?", clock.now() - timedelta(hours=2))
    commander.presses("Record the warrant").sees("The magistrates' court at Nowhere")
    commander.follows("Put somebody on the roster")
    commander.picks("Person", f"{NAMES['op_member_b']} (Derbyshire Police)").picks("Task", "Search")
    commander.presses("Put them on the roster").sees(NAMES["op_member_b"])


def goes_in(commander, team):
    commander.opens("/op-safety/").follows("Start the operation").presses("Start the operation").sees("Live")
    team.opens("/op-safety/").sees("3 Nowhere Walk").follows("What happened").ticks("What happened?", "We went in")
    team.presses("Record it").sees("Entered")
    for language in ("Albanian", "Albanian", "Romanian"):
        team.follows("A person found").ticks("Adult or child?", "Adult").ticks("Sex", "Female")
        team.picks("Languages", language).presses("Record the person").sees("People found")


def arrests(team):
    team.follows("Arrests").follows("Record an arrest").ticks("Where in the operation?", re.compile("^Site B, OP-"))
    team.writes("Place of the arrest", "The front room").writes("Name, or what to call them", "man 1")
    team.ticks("Sex", "Male").writes("Age", "27 or 32").ticks(
        "Offences", "Conspiracy to traffic with a view to exploitation"
    )
    team.presses("Record the arrest").sees("man 1", "27 or 32")


def detains(custody):
    custody.opens("/custody/").sees("shift").opens("/custody/shift/").presses("Sign in to my shift")
    custody.sees("Nobody is detained").follows("Arrests to book in").follows("Book in")
    custody.ticks("Custody suite", "Derby custody suite").presses("Book in").sees("Not authorised yet")
    custody.follows("Authorise detention").writes("Grounds", "To obtain evidence by questioning.")
    custody.presses("Authorise detention").sees("Detained", "Time without charge")


def makes_ready(manager):
    manager.opens("/reception/").sees("Sign in to your shift").follows("Centres")
    manager.writes("Code name", "Kingfisher").writes("How many people can it take?", "20")
    manager.ticks("Rooms", "Waiting and rest area", "Quiet or prayer room").presses("Open the centre")
    code = manager.page.locator(".wb-secret").inner_text()
    manager.picks("Who works it?", f"{NAMES['reception_manager']}, Red Cross")
    manager.dates("It starts", clock.now() - timedelta(minutes=5)).dates("It ends", clock.now() + timedelta(hours=9))
    manager.presses("Set up the shift").sees(NAMES["reception_manager"]).follows("My shift")
    manager.presses("Sign in to this shift").sees("You are signed in")
    return code


def links(commander, code):
    commander.opens("/op-planning/").follows("OP-").follows("Link a centre")
    commander.writes("Code of the centre", code).picks("People expected", "1 to 5")
    commander.presses("Link this centre").sees("British Red Cross: ready by")


def sends(team, code):
    team.opens("/op-safety/")
    for _ in range(3):
        team.follows("Record where they go").ticks("Where are they going?", "Reception centre")
        team.picks("Which centre?", f"Centre {code}, British Red Cross").presses("Record where they go")
    team.does_not_see("Still at the site")


def cares(manager):
    manager.opens("/reception/").sees("On the way", "Nobody is here yet").follows("Register P-")
    manager.presses("Register").follows("Give").picks("What was given?", "Hot drink").presses("Given")
    manager.sees("1 Hot drink")
    reference = manager.page.locator("h1").inner_text().split(":")[0]
    manager.opens("/reception/").follows(reference).follows("Their own page").follows("Name who works with them")
    manager.picks("Who works with this person?", f"{NAMES['first_responder_city']} (Derby City)")
    manager.presses("Name this worker").sees(reference)
    return reference


def asks(responder, reference):
    responder.opens("/nrm/").follows(reference).follows("Ask").ticks("Does the person want to be referred?", "Not now")
    responder.ticks("Was an interpreter there?", "Yes")
    responder.page.get_by_label("I told them what the National Referral Mechanism is").check()
    responder.presses("Write down the answer").sees("Not yet, and there is no hurry")
    responder.finds_nothing_at("/op-planning/").finds_nothing_at("/custody/")


def cuts(commander):
    commander.follows("Cut a fact sheet").writes("What may be said", "Three people were found at a house in Derby.")
    commander.writes("Places that may be named", "Derby").writes("Figures that may be given", "people 3")
    commander.ticks("Have all sites been entered?", "Yes")
    commander.writes("Streets and buildings that must never appear", "Nowhere Walk")
    commander.writes("Words that would lead to the centre", "Kingfisher").presses("Cut the fact sheet")
    commander.sees(f"Cut {clock.in_london(clock.now()):%-d %B %Y}")


def writes(comms):
    comms.opens("/public-info/").follows("write a bulletin from it").sees("Three people were found")
    comms.writes("Headline", HEADLINE).writes("Bulletin", "Officers went to 3 Nowhere Walk in Derby.")
    comms.presses("Save the draft").sees("There is a problem", "A street or an address is never released.")
    assert comms.page.get_by_label("Bulletin", exact=True).input_value() == "Officers went to 3 Nowhere Walk in Derby."
    comms.writes("Bulletin", BULLETIN).presses("Save the draft").presses("Send for approval").sees("Sent for approval")
    comms.does_not_see("Kingfisher", "Nowhere Walk")


def approves(approver):
    approver.opens("/public-info/").follows(HEADLINE).ticks("May it go out?", "Yes, it gives nobody away")
    approver.presses("Give your answer").sees("Nothing waits for you")


def reads(neighbour):
    neighbour.opens("/news/").follows(HEADLINE).sees("Three people were found at a house in Derby")
    neighbour.does_not_see("Nowhere Walk", "Kingfisher", "P-").follows("Get updates by e-mail")
    neighbour.writes("Your e-mail address", "not an address").presses("Ask for updates").sees("Enter an e-mail address")
    neighbour.writes("Your e-mail address", "neighbour@example.org").presses("Ask for updates")
    neighbour.sees("Nearly subscribed")
