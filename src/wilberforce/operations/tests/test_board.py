"""The board: counts before references, who does what, what is overdue, and to whom each part of it is shown."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from wilberforce.base import clock, watching
from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.operations import actions, picture, policy, rules
from wilberforce.operations.models import UnitKind

from .factories import ago, refused
from .test_pages import send, to

PARTNERS = ("op_member_city", "op_member_hmrc", "op_member_labour", "op_member_dwp")


@pytest.fixture
def joined(day):
    """Everybody who takes part, on the roster."""
    with day.planning() as actor:
        for code in ("fwa", "dwp"):
            actions.ask_partner(actor, day.operation, agency_id=day.agency(code))
            actions.partner_answers(actor, day.operation, agency_id=day.agency(code), answer="yes")
        for part in PARTNERS[1:]:
            actions.join_roster(actor, day.operation, membership_id=day.cast[part].pk, part="inspection")
    return day


def unit_of(actor, day, agency):
    seen = "day_log" if actor.kind == "police" else "own_part"
    units = policy.UNITS.many(actor, projection=seen, limit=100)
    return next(unit for unit in units if unit["agency_id"] == agency)


def test_counts_stand_before_references(day, signed_in):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="child", injury="minor")
        actions.record_found(actor, day.sites["B"], age="adult", injury="none")
    page = signed_in("op_commander").get(to("op_safety:day", day.operation)).content.decode()
    shown = re.sub(r"<[^>]+>", "", page)
    assert "2 found" in shown
    assert "1 child or not sure" in shown
    assert "1 injured" in shown
    assert shown.index("2 found") < shown.index(person.reference)


def test_an_agency_that_takes_part_stands_on_the_board_and_says_what_it_does(joined, signed_in):
    page = to("op_safety:day", joined.operation)
    council = signed_in("op_member_city")
    shown = council.get(page).content.decode()
    assert "Derby City" in shown
    with joined.at("op_member_city", "op_safety") as actor:
        unit = unit_of(actor, joined, joined.agency("derby-city"))
    given = {"doing": "with-people", "note": "Two social workers", "version": unit["version"]}
    assert send(council, to("op_safety:unit", unit["id"]), "op_safety", **given).status_code == 302
    assert "With the people found: Two social workers" in signed_in("op_commander").get(page).content.decode()


@pytest.mark.parametrize("part", PARTNERS)
def test_a_partner_sees_its_own_people_and_which_sites_are_safe_and_nothing_else(joined, signed_in, part):
    with joined.on_site() as actor:
        reference = actions.record_found(actor, joined.sites["B"], age="adult").reference
        actions.note_hazard(actor, joined.sites["B"], text="A dog in the yard")
        actions.log(actor, joined.operation, text="Door open")
    shown = signed_in(part).get(to("op_safety:day", joined.operation)).content.decode()
    own = joined.cast[part].agency.short_name
    assert own in shown
    assert "Site B" in shown
    others = {joined.cast[one].agency.short_name for one in PARTNERS} - {own}
    for hidden in (reference, "Invented Row", "A dog in the yard", "Door open", "People found", *others):
        assert hidden not in shown


def test_a_partner_speaks_for_nobody_else(joined):
    with joined.on_site() as actor:
        theirs = unit_of(actor, joined, joined.agency("derby-city"))["id"]
    with pytest.raises(NotAllowed), joined.at("op_member_hmrc", "op_safety") as actor:
        actions.say(actor, theirs, doing="done")


def test_two_who_speak_for_one_unit_at_once_are_told_of_each_other(joined):
    with joined.on_site() as actor:
        unit = unit_of(actor, joined, joined.agency("hmrc"))
        actions.say(actor, unit["id"], doing="outside", version=unit["version"])
    with pytest.raises(Conflict), joined.on_site("op_member_b") as actor:
        actions.say(actor, unit["id"], doing="done", version=unit["version"])


def test_a_unit_speaks_again_in_the_future_and_at_a_site_of_the_operation(joined):
    with joined.on_site() as actor:
        unit = unit_of(actor, joined, joined.agency("hmrc"))["id"]
        with refused("next_word_at", "still to come"):
            actions.say(actor, unit, doing="working", next_word_at=ago(minutes=1))
        with refused("site_id", "of this operation"):
            actions.say(actor, unit, doing="working", site_id=joined.centre)


def test_a_vehicle_says_how_many_it_takes(plan):
    with plan.planning() as actor:
        force = plan.agency("derbyshire-police")
        with refused("seats"):
            actions.add_unit(actor, plan.operation, kind=UnitKind.VEHICLE, agency_id=force, label="Van 1")
        van = actions.add_unit(actor, plan.operation, kind="vehicle", agency_id=force, label="Van 1", seats=8)
        assert policy.UNITS.one(actor, van.pk)["seats"] == 8


def test_what_should_have_happened_is_overdue_on_the_board(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=5))
    with day.on_site() as actor:
        seen = picture.day(actor, day.operation)
        late = [one["what"] for one in seen["overdue"]]
        assert late == ["Site A is still waiting", "Site B is not secured"]
        later = picture.overdue(
            seen["operation"], seen["sites"], seen["found"], seen["units"], [], clock.now() + rules.LATE_AWAY.value
        )
    assert f"{person.reference} (site B) is still at the site" in [one["what"] for one in later]


def test_one_tap_records_what_comes_next(day, signed_in):
    officer = signed_in("op_member_a")
    page = officer.get(to("op_safety:day", day.operation)).content.decode()
    assert 'name="state" value="secured"' in page
    version = re.search(r'name="version" value="(\d+)".{0,160}value="secured"', page)[1]
    tap = {"state": "secured", "version": version}
    assert send(officer, to("op_safety:site_move", day.sites["B"]), "op_safety", **tap).status_code == 302
    assert 'name="state" value="searching"' in officer.get(to("op_safety:day", day.operation)).content.decode()


def test_somebody_is_found_only_where_somebody_has_entered(day, signed_in):
    page = signed_in("op_member_a").get(to("op_safety:day", day.operation)).content.decode()
    offered = [to("op_safety:site_found", day.sites[ref]) in page for ref in ("A", "B")]
    assert offered == [False, True], "site A still waits"


def test_the_script_gets_the_board_without_its_frame(day, signed_in):
    officer = signed_in("op_member_a")
    whole = officer.get(to("op_safety:day", day.operation)).content
    part = officer.get(to("op_safety:day", day.operation), headers={"X-Wb-Picture": "yes"}).content
    assert part.strip().startswith(b'<div class="wb-board"')
    assert b"<html" not in part
    assert len(part) < len(whole)


def test_without_a_script_the_page_asks_again_by_itself(day, signed_in):
    page = signed_in("op_member_a").get(to("op_safety:day", day.operation)).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page


def test_the_ticket_in_the_page_admits_to_this_operation_for_five_minutes(day, signed_in, monkeypatch):
    page = signed_in("op_member_a").get(to("op_safety:day", day.operation)).content.decode()
    ticket = re.search(r'data-wb-live="/stream/\?ticket=([^"]+)"', page)[1]
    told = watching.admitted(ticket)
    assert told is not None
    assert told[0] == day.operation
    assert watching.admitted(ticket[:-2] + "xx") is None
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr("wilberforce.base.clock.now", lambda: later)
    assert watching.admitted(ticket) is None


CHANGES = {
    "found": lambda actor, day: actions.record_found(actor, day.sites["B"], age="adult"),
    "site": lambda actor, day: actions.move_site(actor, day.sites["B"], state="secured"),
    "hazard": lambda actor, day: actions.note_hazard(actor, day.sites["B"], text="Gas"),
    "log": lambda actor, day: actions.log(actor, day.operation, text="Door open"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", sorted(CHANGES))
def test_each_change_is_told_once_with_the_operations_id_alone(day, what):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN wb_changed")
    heard = connection.connection
    with day.on_site() as actor:
        CHANGES[what](actor, day)
    told = [one.payload for one in heard.notifies(timeout=2, stop_after=1)]
    assert told == [str(day.operation)]
