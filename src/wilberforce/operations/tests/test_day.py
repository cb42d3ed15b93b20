"""What can happen on the day, and what the law or plain sense forbids."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from wilberforce.base import clock, registries
from wilberforce.base.errors import Conflict, NotAllowed
from wilberforce.deadlines.policy import due_for
from wilberforce.operations import actions, picture, policy, record
from wilberforce.operations.models import Warrant

from .factories import ago, more_found, planned, refused


def start(day, **ago_):
    with day.commanding() as actor:
        actions.go_live(actor, day.operation, at=ago(**(ago_ or {"hours": 1})))


def agreed(day):
    with day.planning() as actor:
        actions.record_host_agreement(actor, day.sites["A"], agreed_by="The duty superintendent", at=ago(hours=3))


def test_a_site_outside_the_own_area_is_not_entered_before_the_host_agrees(plan):
    start(plan)
    with plan.on_site() as actor, refused("state", "Staffordshire Police"):
        actions.move_site(actor, plan.sites["A"], state="entered")
    agreed(plan)
    with plan.on_site() as actor:
        assert actions.move_site(actor, plan.sites["A"], state="entered").entry_power == "pace-8"


def test_nobody_agrees_for_an_area_that_is_the_own(plan):
    with plan.planning() as actor, refused():
        actions.record_host_agreement(actor, plan.sites["B"], agreed_by="Somebody", at=ago(hours=1))


def test_no_site_is_entered_before_the_operation_starts(plan):
    with plan.on_site() as actor, refused("state", "not been started"):
        actions.move_site(actor, plan.sites["B"], state="entered")


def test_entry_under_a_warrant_that_has_lapsed_is_refused(plan):
    start(plan)
    with plan.commanding():
        Warrant.objects.update(issued_at=ago(days=120))
    with plan.on_site() as actor, refused("at", "expired"):
        actions.move_site(actor, plan.sites["B"], state="entered")


def test_without_any_warrant_the_power_is_named(plan):
    start(plan)
    with plan.planning() as actor:
        site = actions.add_site(actor, plan.operation, ref="C", place="Derby", premises="flat").pk
    with plan.on_site() as actor:
        with refused("power", "No warrant"):
            actions.move_site(actor, site, state="entered")
        assert actions.move_site(actor, site, state="entered", power="pace-17").entry_power == "pace-17"


def test_a_partner_that_the_warrant_does_not_name_waits_outside(plan):
    start(plan)
    fire, city = plan.agency("derbyshire-fire"), plan.agency("derby-city")
    with plan.on_site() as actor:
        with refused("entering", "Derby City Council"):
            actions.move_site(actor, plan.sites["B"], state="entered", entering=[fire, city])
        assert actions.move_site(actor, plan.sites["B"], state="entered", entering=[fire]).entered_at


@pytest.mark.parametrize("state", ["secured", "searching", "left"])
def test_a_site_that_was_not_entered_is_not_left(plan, state):
    start(plan)
    with plan.on_site() as actor, refused("state"):
        actions.move_site(actor, plan.sites["B"], state=state)


def test_times_at_a_site_stand_in_their_order_and_not_in_the_future(day):
    with day.on_site() as actor:
        with refused("at", "before"):
            actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=55))
        with refused("at", "future"):
            actions.move_site(actor, day.sites["B"], state="left", at=clock.now() + timedelta(minutes=5))
        with refused("state", "already"):
            actions.move_site(actor, day.sites["B"], state="entered", at=ago(minutes=20))
        actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=5))
        assert picture.day(actor, day.operation)["sites"][1]["state"] == "left"


def test_two_officers_who_record_the_same_site_see_each_other(day):
    with day.on_site() as actor:
        version = policy.SITES.one(actor, day.sites["B"], projection="day_log")["version"]
        actions.move_site(actor, day.sites["B"], state="secured", version=version)
        with pytest.raises(Conflict):
            actions.move_site(actor, day.sites["B"], state="searching", version=version)


def test_a_person_found_has_a_reference_and_no_name(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="not sure", languages=["ti"], note="ኣብ ገዛ")
        kept = policy.FOUND.one(actor, person.pk, projection="site_found")
    assert kept["reference"].startswith("P-")
    assert (kept["note"], kept["languages"]) == ("ኣብ ገዛ", ["ti"])


def test_nobody_is_found_at_a_site_before_it_is_entered(day):
    with day.on_site() as actor:
        with refused(match="not been entered"):
            actions.record_found(actor, day.sites["A"], age="adult")
        with refused("at", "before"):
            actions.record_found(actor, day.sites["B"], age="adult", at=ago(hours=2))


def test_a_person_does_not_set_off_before_they_are_found(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=10))
        with refused("at", "before"):
            actions.send_to(actor, person.pk, to="hospital", at=ago(minutes=20))
        with refused("at", "future"):
            actions.send_to(actor, person.pk, to="hospital", at=clock.now() + timedelta(hours=1))


@pytest.mark.parametrize("age", ["child", "not sure"])
def test_a_child_or_a_person_who_may_be_one_does_not_leave_alone(day, age):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age=age)
        with refused("to", "does not leave alone"):
            actions.send_to(actor, person.pk, to="left")
        assert actions.send_to(actor, person.pk, to="centre", centre_id=day.centre).heading_to == "centre"


def test_people_go_only_to_a_centre_that_works_for_this_operation(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult")
        for centre in (None, uuid4()):
            with refused("centre_id"):
                actions.send_to(actor, person.pk, to="centre", centre_id=centre)


def test_the_other_force_on_the_roster_records_for_the_lead_force(day, cast):
    agreed(day)
    with day.planning() as actor:
        actions.join_roster(actor, day.operation, membership_id=cast["op_member_host"].pk, part="entry")
    with day.on_site("op_member_host") as actor:
        actions.move_site(actor, day.sites["A"], state="entered", at=ago(minutes=1))
        person = actions.record_found(actor, day.sites["A"], age="adult")
    assert person.controller_id == day.agency("derbyshire-police")


def test_the_log_is_numbered_and_a_correction_stands_beside_the_entry(day):
    with day.on_site() as actor:
        first = actions.log(actor, day.operation, text="Door open at 5", site_id=day.sites["B"])
        second = actions.correct_entry(actor, first.pk, text="Door open at 5.30")
        assert (first.number, second.number, second.corrects) == (1, 2, first.pk)
        with refused("at", "future"):
            actions.log(actor, day.operation, text="Soon", at=clock.now() + timedelta(minutes=2))
    with day.on_site("op_member_b") as actor:
        assert [entry["text"] for entry in record.log(actor, day.operation)["entries"]] == [
            "Door open at 5.30",
            "Door open at 5",
        ]


def test_a_decision_is_the_commanders_and_is_reviewed_after_it_was_taken(day):
    told = {"information": "Two more", "threat": "", "powers": "PACE", "options": "Wait", "decision": "Go now"}
    with day.commanding() as actor:
        assert actions.decide(actor, day.operation, **told).number == 1
        with refused("review_at"):
            actions.decide(actor, day.operation, **told, review_at=ago(hours=1))
    with day.on_site() as actor, pytest.raises(NotAllowed):
        actions.decide(actor, day.operation, **told)


def test_a_decision_is_due_to_be_looked_at_again_until_it_is_or_the_operation_is_closed(day):
    told = dict.fromkeys(("information", "threat", "powers", "options", "decision"), "-")
    with day.commanding() as actor:
        first = actions.decide(actor, day.operation, **told)
        assert first.review_at == first.at + timedelta(hours=24)
        second = actions.decide(actor, day.operation, **told, review_at=clock.now() + timedelta(hours=2))
    assert due(day).count("decision-review") == 2
    with day.commanding() as actor:
        actions.correct_decision(actor, second.pk, **told)
        timed = actions.decide(actor, day.operation, **told, review_at=clock.now() + timedelta(hours=3))
    assert due(day).count("decision-review") == 3
    close(day)
    assert due(day).count("decision-review") == 1
    with day.planning() as actor:
        assert [one.subject_id for one in due_for(actor) if one.kind.code == "decision-review"] == [timed.pk]


def test_an_operation_is_closed_when_every_site_is_left_and_everybody_has_set_off(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult")
    with day.commanding() as actor, refused(match="Site B has not been left yet. 1 of the people"):
        actions.close(actor, day.operation)
    with day.on_site() as actor:
        actions.send_to(actor, person.pk, to="left")
        actions.move_site(actor, day.sites["B"], state="left")
    with day.commanding() as actor:
        assert actions.close(actor, day.operation).state == "closed"


def test_a_later_stage_can_hold_the_closing_back(day, monkeypatch):
    with day.on_site() as actor:
        actions.move_site(actor, day.sites["B"], state="left")
    monkeypatch.setitem(registries._blockers, "operations.close", [lambda actor, operation: "Somebody is in custody."])
    with day.commanding() as actor, refused(match="Somebody is in custody"):
        actions.close(actor, day.operation)


def test_the_centre_is_run_by_the_partner_that_said_yes(at, cast):
    day = planned(at, cast)
    with day.planning() as actor:
        with refused("centre_id", "Ask the agency"):
            actions.link_centre(actor, day.operation, day.centre)
        actions.ask_partner(actor, day.operation, agency_id=day.agency("red-cross"))
        actions.partner_answers(actor, day.operation, agency_id=day.agency("red-cross"), answer="yes")
        assert actions.link_centre(actor, day.operation, day.centre).agency_id == day.agency("red-cross")
        with refused("centre_id", "already"):
            actions.link_centre(actor, day.operation, day.centre)


def test_the_address_of_the_centre_is_told_by_the_commander_and_opens_to_no_one_off_shift(plan, at):
    with plan.planning() as actor:
        actions.tell_centre_address(actor, plan.operation, centre_id=plan.centre, address="1 Invented Way")
        actions.tell_centre_address(actor, plan.operation, centre_id=plan.centre, address="2 Invented Way")
        (told,) = policy.CENTRE_ADDRESSES.many(actor)
        assert (told["address"], told["before"]) == ("2 Invented Way", "1 Invented Way")
        with refused("address", "told already"):
            actions.tell_centre_address(actor, plan.operation, centre_id=plan.centre, address=" 2 Invented Way ")
    with at("reception_worker", "reception") as actor:
        assert policy.CENTRE_ADDRESSES.many(actor, projection="centre_address") == []


def test_a_first_look_is_put_right_and_the_log_says_what_was_wrong(day):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult", languages=["ro"])
        looks = {"sex": "female", "languages": ["ro"], "injury": "not sure"}
        actions.correct_found(actor, person.pk, age="not sure", version=1, **looks)
        assert policy.LOG.many(actor, projection="day_log")[0]["text"] == (
            f"{person.reference}: age was adult, is not sure; sex was not sure, is female."
        )
        with pytest.raises(Conflict):
            actions.correct_found(actor, person.pk, age="child", version=1, **looks)


def due(day):
    with day.planning() as actor:
        return [line.kind.code for line in due_for(actor)]


def test_a_warrant_is_due_until_it_is_used_or_the_operation_ends(plan):
    assert due(plan) == ["warrant", "warrant"]
    start(plan)
    with plan.on_site() as actor:
        actions.move_site(actor, plan.sites["B"], state="entered", at=ago(minutes=5))
        actions.move_site(actor, plan.sites["B"], state="left")
    assert due(plan) == ["warrant-return", "warrant"]
    with plan.commanding() as actor:
        actions.close(actor, plan.operation)
    assert [code for code in due(plan) if "debrief" not in code] == ["warrant-return", "warrant-return"]


# Closed


def test_a_site_that_was_entered_or_where_a_team_stands_is_not_taken_out_of_the_plan(day):
    with day.planning() as actor:
        unit = actions.add_unit(
            actor, day.operation, kind="team", agency_id=day.agency("derbyshire-police"), label="Team 9"
        )
    with day.commanding() as actor:
        actions.say(actor, unit.pk, doing="travelling", site_id=day.sites["A"])
    for site, why in (("B", "was entered"), ("A", "Team 9. Send them elsewhere")):
        with day.planning() as actor, refused(match=why):
            actions.take_site_out(actor, day.sites[site], why="The wrong house")


AFTERWARDS = {
    "add_lesson", "answer_site", "case_team", "classify", "correct_debrief", "correct_decision", "correct_entry",
    "correct_found", "correct_site", "correct_unit", "correct_warrant", "end_command", "hand_over", "hold_debrief",
    "leave_case", "leave_roster", "name_commander", "pass_safety_worry", "read_order", "read_worry", "receive",
    "return_warrant", "send_to", "tell_centre_address", "undo_handover", "unlink_centre", "worries_told",
}  # fmt: skip
"""Debriefs, the return of warrants, corrections; where people go on to; who may still be asked and answer."""
BEFORE_OR_DURING = {
    "adopt_item",
    "adopt_suspect",
    "close",
    "go_live",
    "stand_down",
    "plan",
    "seen_by",
    "rehearse",
    "end_rehearsal",
}
"""They say for themselves of which state they are."""
PLANNED, LIVED = "op_planning", "op_safety"
CHANGES = {
    "add_site": (PLANNED, {"ref": "C", "place": "Derby", "premises": "flat"}),
    "add_unit": (PLANNED, {"kind": "team", "agency_id": "derby-city", "label": "Team 9"}),
    "add_warrant": (PLANNED, {"site": "B", "power": "pace-8", "court": "A", "grounds": "", "issued_at": "now"}),
    "ask_desk": (LIVED, {"question": "Is the house known?"}),
    "ask_host": (PLANNED, {"site": "A"}),
    "ask_partner": (PLANNED, {"agency_id": "glaa"}),
    "change_plan": (PLANNED, {"name": "Another", "objectives": "-", "planned_for": "now"}),
    "decide": (LIVED, dict.fromkeys(("information", "threat", "powers", "options", "decision"), "-")),
    "issue_order": (PLANNED, {}),
    "join_roster": (PLANNED, {"membership_id": "op_member_host", "part": "entry"}),
    "link_called": (PLANNED, {"code": "K7M4PH"}),
    "link_centre": (PLANNED, {"centre_id": "new"}),
    "log": (LIVED, {"text": "Tea"}),
    "move_site": (LIVED, {"site": "B", "state": "secured"}),
    "name_bronze": (PLANNED, {"charge": "custody", "membership_id": "op_member_a"}),
    "note_hazard": (LIVED, {"site": "B", "text": "Gas"}),
    "partner_answers": (PLANNED, {"agency_id": "hmrc", "answer": "no"}),
    "plan_for": (PLANNED, {"chance": "hurt", "sign": "-", "answer": "-", "decides": "silver"}),
    "record_found": (LIVED, {"site": "B", "age": "adult"}),
    "record_host_agreement": (PLANNED, {"site": "A", "agreed_by": "DS", "at": "now"}),
    "put_site_back": (PLANNED, {"site": "B", "why": "It is on again"}),
    "take_site_out": (PLANNED, {"site": "B", "why": "It is off"}),
    "write_brief": (PLANNED, {"agency_id": "hmrc", "text": "Come"}),
    "write_part": (PLANNED, {"heading": "intent", "text": "Come"}),
}
OF_A_RECORD = {
    "change_part",
    "correct_partner",
    "make_ready_otherwise",
    "no_longer_plan",
    "plan_otherwise",
    "say",
    "take_out",
    "withdraw_brief",
}


def given_to(day, given):
    meant = {"now": clock.now(), "new": uuid4()} | {part: member.pk for part, member in day.cast.people.items()}
    told = {name: meant.get(value, value) for name, value in given.items()}
    if "agency_id" in told:
        told["agency_id"] = day.agency(told["agency_id"])
    return (day.sites[told.pop("site")] if "site" in told else day.operation), told


def test_every_verb_knows_whether_it_comes_after_the_end():
    assert set(actions.__all__) - {"COMMANDS", "ON_CASE", "ON_ROSTER"} == (
        AFTERWARDS | BEFORE_OR_DURING | set(CHANGES) | OF_A_RECORD
    )


def test_a_closed_operation_takes_no_change_and_says_what_it_still_takes(over):
    for verb, (purpose, given) in CHANGES.items():
        about, told = given_to(over, given)
        with over.at("op_commander", purpose) as actor, refused(match="is closed. What comes after it is still"):
            getattr(actions, verb)(actor, about, **told)


def test_what_was_planned_is_not_planned_otherwise_once_it_is_closed(day):
    with day.planning() as actor:
        unit = actions.add_unit(actor, day.operation, kind="team", agency_id=day.agency("hmrc"), label="Team 1")
        chance = more_found(actor, day.operation)
        part = actions.write_part(actor, day.operation, heading="intent", text="Look after everybody.")
    close(day)
    with day.planning() as actor:
        with refused(match="is closed"):
            more = {"sign": "-", "answer": "-", "decides": "gold"}
            actions.plan_otherwise(actor, chance.pk, chance="more-found", **more)
        with refused(match="is closed"):
            actions.change_part(actor, part.pk, heading="intent", text="Otherwise")
    with day.commanding() as actor, refused(match="is closed"):
        actions.say(actor, unit.pk, doing="working")


def close(day):
    with day.on_site() as actor:
        actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=10))
    with day.commanding() as actor:
        actions.close(actor, day.operation, at=ago(minutes=5))


def test_what_happened_before_the_end_is_written_down_late_and_a_correction_at_any_time(over):
    with over.on_site() as actor:
        with refused("at", "give the time at which it did"):
            actions.log(actor, over.operation, text="Tea was drunk.")
        entry = actions.log(actor, over.operation, text="The last van went.", at=ago(minutes=8))
        actions.correct_entry(actor, entry.pk, text="The last but one.")
        person = actions.record_found(actor, over.sites["B"], age="adult", at=ago(minutes=30))
        actions.classify(actor, person.pk, standing="victim", why="Told the interpreter")
        assert actions.hand_over(actor, person.pk, to="hospital").received_at is None


def test_a_site_that_still_holds_the_closing_back_stands_in_its_place_in_the_alphabet(plan):
    start(plan)
    agreed(plan)
    for ref in ("B", "A"):
        with plan.on_site() as actor:
            actions.move_site(actor, plan.sites[ref], state="entered", at=ago(minutes=5))
    with plan.commanding() as actor, refused(match="Site A has not been left yet. Site B has not been left yet."):
        actions.close(actor, plan.operation)


def test_an_operation_that_was_stood_down_takes_nothing_more(plan):
    with plan.planning() as actor:
        actions.stand_down(actor, plan.operation)
        with refused(match="stood down"):
            actions.add_unit(actor, plan.operation, kind="team", agency_id=plan.agency("hmrc"), label="Team 9")


def test_where_somebody_was_to_go_before_and_what_was_first_noted_stand_on_their_page(day, signed_in):
    with day.on_site() as actor:
        person = actions.record_found(actor, day.sites["B"], age="adult", note="Limps", at=ago(minutes=5))
        actions.send_to(actor, person.pk, to="hospital", at=ago(minutes=4), version=1)
        looks = {"age": "adult", "sex": "not sure", "languages": [], "injury": "not sure"}
        actions.correct_found(actor, person.pk, note="Limps, left leg", why="Looked again", version=2, **looks)
        with pytest.raises(Conflict):
            actions.send_to(actor, person.pk, to="centre", centre_id=day.centre, version=2)
    client = signed_in("op_member_a")
    send, carried = reverse("op_safety:found_send", args=[person.pk]), {"purpose": "op_safety", "version": 3}
    to = {"to": "centre", "centre_id": str(day.centre)}
    assert client.post(send, carried | to).status_code == 200
    assert client.post(send, carried | to | {"why": "Not hurt"}).status_code == 302
    assert client.post(send, carried | {"version": 1, "to": "left"}).status_code == 409
    page = " ".join(client.get(reverse("op_safety:way", args=[person.pk])).content.decode().split())
    assert "Where they go was: Hospital" in page
    assert "Why: Not hurt" in page
    assert "What helps was: Limps Why: Looked again" in page
