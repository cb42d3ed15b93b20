"""The pages as their people see them, in their browsers."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.agencies.models import Shift, SignedIn
from wilberforce.base import clock, registries
from wilberforce.base.errors import RuleBroken
from wilberforce.intelligence import actions as intelligence
from wilberforce.operations import actions, board, picture, policy
from wilberforce.operations.models import Roster

from .factories import ago


def moment(name, at):
    local = clock.in_london(at)
    parts = (local.day, local.month, local.year, f"{local:%H:%M}")
    return {f"{name}_{n}": str(part) for n, part in enumerate(parts)}


def to(name, *args):
    return reverse(name, args=args)


def send(client, url, purpose, **given):
    return client.post(url, {"purpose": purpose, "once": str(uuid4()), **given})


@pytest.fixture
def commander(signed_in):
    return signed_in("op_commander")


@pytest.fixture
def officer(signed_in):
    return signed_in("op_member_a")


def test_the_commander_plans_an_operation_from_an_empty_list(commander):
    assert "You command no operation" in commander.get(to("op_planning:index")).content.decode()
    given = {"name": "Operation Wilberforce", "objectives": "Find people", "strand": "pursue"}
    sent = send(commander, to("op_planning:plan_new"), "op_planning", **given, **moment("planned_for", clock.now()))
    assert (sent.status_code, sent["Location"]) == (302, "/op-planning/")
    assert "Operation Wilberforce" in commander.get("/op-planning/").content.decode()


def test_a_double_click_plans_one_operation(commander):
    given = {"name": "Once", "objectives": "-", "strand": "pursue", "purpose": "op_planning", "once": str(uuid4())}
    for _ in range(2):
        assert commander.post("/op-planning/new/", {**given, **moment("planned_for", clock.now())}).status_code == 302
    assert commander.get("/op-planning/").content.decode().count(">Once<") == 1


def test_the_plan_shows_sites_partners_and_who_has_not_agreed(plan, commander):
    shown = commander.get(to("op_planning:plan", plan.operation)).content.decode()
    for words in ("Burton town centre", "A Invented Row", "Derbyshire Fire and Rescue Service", "has not agreed"):
        assert words in shown


@pytest.mark.parametrize("what", ["partner", "answer", "person", "site", "brief", "centre", "case"])
def test_every_question_of_the_plan_can_be_asked(plan, commander, what):
    asked = commander.get(to("op_planning:plan_add", plan.operation, what))
    assert asked.status_code == 200
    assert '<input type="hidden" name="purpose" value="op_planning">' in asked.content.decode()


@pytest.mark.parametrize("what", ["warrant", "host"])
def test_every_question_about_a_site_can_be_asked(plan, commander, what):
    assert commander.get(to("op_planning:site_add", plan.sites["A"], what)).status_code == 200


def test_a_question_that_does_not_exist_is_absent(plan, commander):
    assert commander.get(to("op_planning:plan_add", plan.operation, "secret")).status_code == 404


def test_a_site_is_added_and_a_second_with_its_letter_is_refused_beside_the_letter(plan, commander):
    given = {"ref": "C", "place": "Derby city centre", "premises": "suspected-brothel", "expected": "1-5"}
    url = to("op_planning:plan_add", plan.operation, "site")
    assert send(commander, url, "op_planning", **given).status_code == 302
    again = send(commander, url, "op_planning", **given).content.decode()
    assert "There is a site C already. Use the next letter." in again
    assert "Derby city centre" in again


def test_the_host_force_agrees_on_its_page(plan, commander):
    asked = to("op_planning:site_add", plan.sites["A"], "asked")
    assert "Nobody has asked it yet" in commander.get(to("op_planning:plan", plan.operation)).content.decode()
    assert send(commander, asked, "op_planning", **moment("at", ago(hours=4))).status_code == 302
    assert "has not agreed. Asked" in commander.get(to("op_planning:plan", plan.operation)).content.decode()
    url = to("op_planning:site_add", plan.sites["A"], "host")
    before = send(commander, url, "op_planning", agreed_by="DS", **moment("at", ago(hours=5)))
    assert "The agreement is before the asking" in before.content.decode()
    future = send(commander, url, "op_planning", agreed_by="DS", **moment("at", clock.now() + timedelta(days=1)))
    assert "in the future" in future.content.decode()
    assert send(commander, url, "op_planning", agreed_by="DS", **moment("at", ago(hours=3))).status_code == 302


def test_a_text_of_two_megabytes_is_refused_with_what_to_do(plan, commander):
    given = {"agency_id": str(plan.agency("derby-city")), "part": "full", "text": "x" * 2_000_000}
    sent = send(commander, to("op_planning:plan_add", plan.operation, "brief"), "op_planning", **given)
    assert "use 10,000 characters or fewer" in sent.content.decode()


def test_a_plan_that_somebody_else_changed_meanwhile_shows_both(plan, commander):
    with plan.planning() as actor:
        row = policy.OPERATIONS.one(actor, plan.operation)
        actions.change_plan(actor, plan.operation, name="Theirs", objectives="-", planned_for=row["planned_for"])
    given = {"name": "Mine", "objectives": "-", "version": row["version"], **moment("planned_for", row["planned_for"])}
    sent = send(commander, to("op_planning:plan_change", plan.operation), "op_planning", **given)
    assert sent.status_code == 409
    assert "Theirs" in sent.content.decode()
    assert "Mine" in sent.content.decode()


def test_a_form_of_another_workspace_is_not_acted_on(plan, commander):
    sent = send(commander, to("op_safety:start", plan.operation), "op_planning")
    assert sent.status_code == 409


@pytest.mark.parametrize("part", ["op_member_c", "op_member_host", "op_member_hmrc", "reception_manager"])
def test_a_guessed_address_is_the_same_as_an_absent_one(plan, signed_in, part):
    client = signed_in(part)
    guessed, absent = (client.get(to("op_safety:day", i)) for i in (plan.operation, uuid4()))
    assert (guessed.status_code, guessed.content) == (404, absent.content)
    assert client.get(to("op_planning:plan", plan.operation)).status_code == 404


def test_the_plan_asks_for_a_fresh_proof(plan, commander):
    SignedIn.objects.update(stepped_up_at=clock.now() - timedelta(minutes=30))
    assert commander.get("/op-planning/").status_code == 403
    assert commander.get(to("op_safety:decisions", plan.operation)).status_code == 403
    assert "Site A" in commander.get(to("op_safety:day", plan.operation)).content.decode()


def test_a_warrant_goes_back_to_the_court_after_it_was_used(day, commander):
    with day.planning() as actor:
        warrants = {w["site_id"]: w["id"] for w in policy.WARRANTS.many(actor)}
    unused = send(commander, to("op_planning:warrant_return", warrants[day.sites["A"]]), "op_planning")
    assert "still good and has not been used" in unused.content.decode()
    used = to("op_planning:warrant_return", warrants[day.sites["B"]])
    too_early = send(commander, used, "op_planning", **moment("at", ago(days=1)))
    assert "before it was used" in too_early.content.decode()
    assert send(commander, used, "op_planning").status_code == 302
    assert "Returned" in commander.get(to("op_planning:plan", day.operation)).content.decode()


# The day


def test_with_one_operation_the_officer_is_at_its_board_at_once(day, officer):
    shown = officer.get("/op-safety/").content.decode()
    for words in ("Site A", "Site B", "B Invented Row", "Entered", "Nobody has been recorded yet"):
        assert words in shown
    assert "Operation Wilberforce" not in shown


def test_an_officer_on_no_roster_is_told_why_nothing_is_there(day, signed_in):
    assert "Nothing is open to you" in signed_in("op_member_c").get("/op-safety/").content.decode()


def test_the_commander_starts_the_operation_and_the_officer_goes_in(plan, commander, officer):
    assert send(commander, to("op_safety:start", plan.operation), "op_safety").status_code == 302
    move = to("op_safety:site_move", plan.sites["B"])
    assert send(officer, move, "op_safety", state="entered").status_code == 302
    refused = send(officer, to("op_safety:site_move", plan.sites["A"]), "op_safety", state="entered")
    assert "which has not agreed yet" in refused.content.decode()


def test_a_departure_before_the_entry_is_refused_beside_the_time(day, officer):
    url = to("op_safety:site_move", day.sites["B"])
    sent = send(officer, url, "op_safety", state="left", **moment("at", ago(hours=3)))
    assert "The departure is before the entry. Check both times." in sent.content.decode()


def test_a_person_is_found_and_sent_to_the_centre(day, officer, signed_in):
    found = {"age": "adult", "sex": "female", "injury": "none", "languages": ["ti"], "note": "ተሓጺራ"}
    assert send(officer, to("op_safety:site_found", day.sites["B"]), "op_safety", **found).status_code == 302
    with day.on_site() as actor:
        person = picture.day(actor, day.operation)["found"][0]
    assert person["note"] == "ተሓጺራ"
    url = to("op_safety:found_send", person["id"])
    assert "Centre 1, British Red Cross" in officer.get(url).content.decode()
    given = {"to": "centre", "centre_id": str(day.centre), "version": "1"}
    assert send(officer, url, "op_safety", **given).status_code == 302
    assert send(officer, url, "op_safety", **given).status_code == 409
    with day.at("reception_manager", "reception") as actor:
        sent = policy.FOUND.many(actor, Q(centre_id=day.centre), projection="manifest")
        assert [row["reference"] for row in sent] == [person["reference"]]
        assert board.readiness(actor, day.centre)[0]["languages"] == ["ro"]


def test_a_first_look_is_put_right_on_its_page(day, officer):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult").pk
    url = to("op_safety:found_right", person)
    assert officer.get(url).status_code == 200
    given = {"age": "child", "sex": "female", "injury": "minor", "languages": ["sq"], "version": "1"}
    assert send(officer, url, "op_safety", **given).status_code == 302
    assert "age was adult, is child" in officer.get(to("op_safety:log", day.operation)).content.decode()
    assert send(officer, url, "op_safety", **given).status_code == 409


def test_a_later_stage_shows_its_panel_only_to_whom_it_may(day, officer, signed_in, monkeypatch):
    def rows(actor, ids):
        return dict.fromkeys(ids, "Two held")

    panel = registries.Panel("operations.day", ("suspect:R:arrest",), "base/kit/details.html", rows)
    monkeypatch.setitem(registries._panels, "operations.day", [panel])
    assert "govuk-details" in officer.get("/op-safety/").content.decode()
    assert "govuk-details" not in signed_in("op_member_fire").get("/op-safety/").content.decode()


def test_a_child_is_not_sent_away_on_the_page_either(day, officer):
    with day.on_site() as actor:
        child = actions.record_found(actor, day.sites["B"], age="child").pk
    sent = send(officer, to("op_safety:found_send", child), "op_safety", to="left")
    assert "does not leave alone" in sent.content.decode()


def test_the_log_is_written_and_corrected(day, officer):
    assert send(officer, to("op_safety:log", day.operation), "op_safety", text="Door open").status_code == 302
    with day.on_site() as actor:
        entry = policy.LOG.many(actor, projection="day_log")[0]["id"]
    assert "Door open" in officer.get(to("op_safety:log_correct", entry)).content.decode()
    assert send(officer, to("op_safety:log_correct", entry), "op_safety", text="Door forced").status_code == 302
    assert "corrects 1" in officer.get(to("op_safety:log", day.operation)).content.decode()


def test_fire_sees_hazards_and_no_people_and_may_not_open_the_rest(day, signed_in):
    fire = signed_in("op_member_fire")
    hazard = {"text": "Gas bottles", "inside": "7"}
    assert send(fire, to("op_safety:site_hazard", day.sites["B"]), "op_safety", **hazard).status_code == 302
    shown = fire.get("/op-safety/").content.decode()
    assert "Gas bottles" in shown
    assert "People found" not in shown
    for name in ("site_found", "site_move"):
        assert fire.get(to(f"op_safety:{name}", day.sites["B"])).status_code == 404
    assert fire.get(to("op_safety:log", day.operation)).status_code == 404


@pytest.mark.parametrize("inside", ["-1", "9999999", "ten"])
def test_a_head_count_that_cannot_be_is_refused(day, officer, inside):
    sent = send(officer, to("op_safety:site_hazard", day.sites["B"]), "op_safety", text="x", inside=inside)
    assert sent.status_code == 200


def test_a_decision_and_the_closing_are_the_commanders(day, commander, officer):
    assert officer.get(to("op_safety:decide", day.operation)).status_code == 404
    assert officer.get(to("op_safety:close", day.operation)).status_code == 404
    sent = send(commander, to("op_safety:decide", day.operation), "op_safety", decision="We go in at once")
    assert sent.status_code == 302
    assert "We go in at once" in commander.get(to("op_safety:decisions", day.operation)).content.decode()
    assert (
        "has not been left yet" in send(commander, to("op_safety:close", day.operation), "op_safety").content.decode()
    )


def test_a_partner_reads_its_brief_page_and_the_own_force_its_brief(plan, signed_in, officer):
    with plan.planning() as actor:
        actions.write_brief(actor, plan.operation, agency_id=plan.agency("derbyshire-police"), text="Entry at five")
    assert "Entry at five" in officer.get("/op-planning/").content.decode()
    assert "No brief is open" in signed_in("op_member_city").get("/op-planning/").content.decode()


def test_whoever_leaves_the_roster_loses_the_page(day, officer, cast):
    Roster.objects.filter(membership_id=cast["op_member_a"].pk).update(until=clock.now())
    assert officer.get(to("op_safety:day", day.operation)).status_code == 404


def test_a_site_and_a_warrant_are_put_right_and_the_plan_shows_what_it_said(plan, commander):
    with plan.planning() as actor:
        site = policy.SITES.one(actor, plan.sites["B"])
        (warrant,) = policy.WARRANTS.many(actor, Q(site_id=site["id"]))
    said = {"place": "Derby", "address": "9 Mill Lane", "premises": "flat", "expected": "1-5", "why": "The wrong door."}
    sent = send(commander, to("op_planning:site_correct", site["id"]), "op_planning", version=site["version"], **said)
    assert sent.status_code == 302
    court = {name: warrant[name] for name in ("power", "grounds", "entries")} | {"court": "Another court"}
    page = to("op_planning:warrant_correct", warrant["id"])
    issued = moment("issued_at", warrant["issued_at"])
    assert send(commander, page, "op_planning", **court, **issued).status_code == 200
    assert send(commander, page, "op_planning", why="Misread.", **court, **issued).status_code == 302
    shown = commander.get(to("op_planning:plan_before", plan.operation)).content.decode()
    for words in ("Site B", "Why: The wrong door.", "Court was", "Why: Misread."):
        assert words in shown
    named = {"named_agencies": str(plan.agency("derby-city")), "version": warrant["version"], "why": "Mine."}
    late = send(commander, page, "op_planning", **named, **court, **issued)
    assert late.status_code == 409
    both = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", late.content.decode()))
    assert "Named on it beside the police Derby City Council – Different" in both


def test_the_desk_gives_an_item_on_its_page_and_the_commander_reads_it(plan, commander, signed_in):
    desk = signed_in("intel_officer")
    told = {"text": "Vans come at night.", "source_grade": "2", "assessment": "C", "handling": "P", "priority": "1"}
    item = send(desk, to("intelligence:new"), "intelligence", conditions="", **told)["Location"]
    with plan.planning() as actor:
        reference = policy.OPERATIONS.one(actor, plan.operation)["reference"]
    assert f"{item}operation/" in desk.get(item).content.decode()
    assert send(desk, f"{item}operation/", "intelligence", reference=reference.lower()).status_code == 302
    shown = commander.get(to("op_planning:stands_on", plan.operation)).content.decode()
    assert "Vans come at night." in shown
    assert "2CP" in shown


def test_what_a_partner_brings_is_put_right_with_the_reason(plan, signed_in):
    commander = signed_in("op_commander")
    with plan.planning() as actor:
        row = policy.PARTNERS.many(actor, Q(agency_id=plan.agency("derbyshire-fire")))[0]
    url = to("op_planning:partner", row["id"])
    said = {"brings": "Two engines", "power": "", "own_entry": "on"}
    assert send(commander, url, "op_planning", **said, why=" ").status_code == 200
    assert send(commander, url, "op_planning", **said, why="They rang.").status_code == 302
    assert "Two engines" in commander.get(to("op_planning:plan", plan.operation)).content.decode()
    before = commander.get(f"/op-planning/{plan.operation}/before/").content.decode()
    assert "Brings was: People and kit\nGoes in by a power of its own was: No\nWhy: They rang." in before


def test_whoever_was_put_on_by_mistake_is_taken_off_and_sees_nothing_more(plan, cast, signed_in, at):
    commander, page = signed_in("op_commander"), to("op_planning:plan", plan.operation)
    with plan.planning() as actor:
        actions.case_team(actor, plan.operation, cast["investigator"].pk)
    for what, part in (("off", "op_member_b"), ("off-case", "investigator")):
        url = to("op_planning:plan_add", plan.operation, what)
        assert str(cast[part].user) in commander.get(url).content.decode()
        assert send(commander, url, "op_planning", membership_id=cast[part].pk, why=" ").status_code == 200
        assert send(commander, url, "op_planning", membership_id=cast[part].pk, why=f"Off {what}").status_code == 302
        assert str(cast[part].user) not in commander.get(url).content.decode()
        assert str(cast[part].user) not in commander.get(page).content.decode()
    before = commander.get(to("op_planning:plan_before", plan.operation)).content.decode()
    for said in (
        f"On the roster was: {cast['op_member_b']}\nWhy: Off off",
        "On the case team was:",
        "Why: Off off-case",
    ):
        assert said in before
    with at("op_member_b", "op_safety") as actor:
        assert policy.SITES.many(actor, projection="day_log") == []


def test_a_brief_for_the_wrong_agency_is_withdrawn_and_a_wrong_centre_unlinked(plan, signed_in, at):
    commander, page = signed_in("op_commander"), to("op_planning:plan", plan.operation)
    with plan.planning() as actor:
        brief = actions.write_brief(actor, plan.operation, agency_id=plan.agency("derbyshire-police"), text="Come.")
    asked = {
        "withdraw": {"brief_id": brief.pk, "why": "It went to ourselves."},
        "ready": {"centre_id": plan.centre, "expected": "26+", "children": "yes", "danger": "no", "why": "A call."},
        "unlink": {"centre_id": plan.centre, "why": "Another hall."},
    }
    for what, said in asked.items():
        url = to("op_planning:plan_add", plan.operation, what)
        assert send(commander, url, "op_planning", **said).status_code == 302, what
        shown = commander.get(page).content.decode()
        assert {"withdraw": "Withdrawn", "ready": "26 or more", "unlink": "No centre works"}[what] in shown, what
    before = commander.get(to("op_planning:plan_before", plan.operation)).content.decode()
    for said in ("Copy was: 1\nAgency was: Derbyshire Constabulary\nWhy: It went to ourselves.", "Why: Another hall."):
        assert said in before
    with plan.planning() as actor:
        assert policy.BRIEFS.one(actor, brief.pk)["superseded_at"]
        actions.link_centre(actor, plan.operation, plan.centre)
        (told,) = policy.READINESS.many(actor, board.of(plan.operation))
    assert told["expected"] == "not sure"


def test_a_units_label_seats_and_languages_are_put_right_and_one_that_does_not_come_counts_no_more(plan, signed_in):
    commander, sizing = signed_in("op_commander"), to("op_planning:sizing", plan.operation)
    with plan.planning() as actor:
        given = {"kind": "vehicle", "label": "Minibus 1", "seats": 61, "languages": ["ro"]}
        bus = actions.add_unit(actor, plan.operation, agency_id=plan.agency("derby-city"), **given)
    url, said = to("op_planning:unit_correct", bus.pk), {"agency_id": plan.agency("derby-city"), "version": 1}
    assert url in commander.get(sizing).content.decode()
    for missing in ({"seats": ""}, {"why": " "}, {"label": " "}):
        right = {"label": "Minibus 7", "seats": 16, "languages": ["ro", "bg"], "why": "Read off wrongly"}
        assert send(commander, url, "op_planning", **said | right | missing).status_code == 200
    assert send(commander, url, "op_planning", **said, **right).status_code == 302
    assert send(commander, url, "op_planning", **said, **right).status_code == 409
    shown = commander.get(sizing).content.decode()
    assert "Minibus 7: a vehicle, 16 seats" in shown
    before = commander.get(to("op_planning:plan_before", plan.operation)).content.decode()
    assert "Minibus 7</p>" in before
    assert "Called was: Minibus 1\nSeats was: 61\nLanguages was: Romanian\nWhy: Read off wrongly" in before
    assert signed_in("op_member_a").get(url).status_code == 404
    with plan.commanding() as actor:
        actions.say(actor, bus.pk, doing="not-coming", version=2)
    seats = re.search(r"Seats.*?</tr>", commander.get(sizing).content.decode(), re.DOTALL)
    assert seats
    assert ">0</td>" in seats.group()


def test_the_people_of_an_agency_stay_its_own(plan):
    with plan.planning() as actor:
        (unit,) = policy.UNITS.many(actor, Q(agency_id=plan.agency("hmrc")))
        wrong = {"agency_id": plan.agency("derby-city"), "label": "Council", "languages": [], "why": "-"}
        with pytest.raises(RuleBroken, match="Ask the other agency"):
            actions.correct_unit(actor, unit["id"], **wrong)


def test_a_driver_on_their_way_sees_that_the_door_changed_when_and_what_it_was(plan, cast, signed_in):
    driver, commander = signed_in("op_member_a"), signed_in("op_commander")
    with plan.planning() as actor:
        told = {"centre_id": plan.centre, "address": "1 Invented Way"}
        actions.tell_centre_address(actor, plan.operation, **told)
    shift = {"place_id": plan.centre, "starts": ago(minutes=5), "ends": ago(hours=-8), "part": "driver"}
    Shift.objects.create(membership=cast["op_member_a"], **shift)
    page = driver.get(to("op_safety:shift")).content.decode()
    assert "The door: 1 Invented Way" in page
    assert "Before that it was" not in page
    url = to("op_planning:centre_where", plan.operation)
    again = {"centre_id": plan.centre, "address": "2 Invented Way", "why": "The boiler burst"}
    assert send(commander, url, "op_planning", **again).status_code == 302
    for shown in (
        driver.get(to("op_safety:shift")).content.decode(),
        commander.get(to("op_planning:plan", plan.operation)).content.decode(),
    ):
        assert "The door: 2 Invented Way" in shown
        assert "Before that it was: 1 Invented Way" in shown
    before = commander.get(to("op_planning:plan_before", plan.operation)).content.decode()
    assert "Address was: 1 Invented Way\nWhy: The boiler burst" in before
    assert "Invented Way" not in signed_in("op_member_b").get(to("op_safety:shift")).content.decode()


def test_a_case_team_and_its_disclosure_officer_find_the_first_of_26_items(plan, at, cast, signed_in):
    with plan.planning() as actor:
        reference = policy.OPERATIONS.one(actor, plan.operation)["reference"]
        for part in ("investigator", "disclosure_officer"):
            actions.case_team(actor, plan.operation, cast[part].pk)
    with at("intel_officer", "intelligence") as actor:
        for number in range(26):
            item = intelligence.write_item(actor, text=f"Van {number}.", source_grade=2, assessment="C", handling="P")
            actions.adopt_item(actor, item.pk, reference=reference)
    for part in ("investigator", "disclosure_officer"):
        client = signed_in(part)
        first, second = (client.get(to("criminal_investigation:index"), {"page": n}).content.decode() for n in (1, 2))
        assert ("?page=2" in first, first.count("<p>Recorded"), second.count("<p>Recorded")) == (True, 25, 1)
