"""A plan is played at a table: sped up, marked everywhere, and never mixed with anything real."""

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from wilberforce.base import clock, outbox
from wilberforce.base.errors import NotAllowed
from wilberforce.base.ids import exercise_id, is_exercise, new_id
from wilberforce.custody import actions as custody
from wilberforce.custody import board as suite
from wilberforce.deadlines.models import Deadline
from wilberforce.operations import actions, board, picture, policy, record, rehearsal, rules
from wilberforce.operations.models import Operation
from wilberforce.operations.phone import imitated, phones, site, waiting

from .factories import Day, ago, live, more_found, prepared, refused

SOON = timedelta(days=3)


@pytest.fixture
def plan(at: Any, cast: Any) -> Day:
    return prepared(at, cast, clock.now() + SOON)


def playing(plan: Day, pace: int = 10, players: tuple[str, ...] = ("op_member_a", "op_member_b")) -> Day:
    with plan.planning() as actor:
        ids = [plan.cast[part].pk for part in players]
        exercise = actions.rehearse(actor, plan.operation, players=ids, pace=pace)
        sites = {row["ref"]: row["id"] for row in board.plan(actor, exercise.pk)["sites"]}
    return Day(plan.at, plan.cast, exercise.pk, sites=sites)


@pytest.fixture
def exercise(plan: Day) -> Day:
    return playing(plan)


def found(exercise: Day) -> Any:
    with exercise.on_site() as actor:
        actions.move_site(actor, exercise.sites["B"], state="entered")
        return actions.record_found(actor, exercise.sites["B"], age="adult")


def test_an_id_says_whether_it_belongs_to_an_exercise() -> None:
    assert is_exercise(exercise_id())
    assert not any(map(is_exercise, (new_id(), uuid4(), None)))
    first, second = exercise_id(), exercise_id()
    assert first < second or first.int >> 80 == second.int >> 80, "and it still sorts by time"


def test_everything_that_is_played_is_marked_by_its_own_id(exercise: Day) -> None:
    person = found(exercise)
    with exercise.on_site() as actor:
        entry = actions.log(actor, exercise.operation, text="The door is open")
        asked = actions.ask_desk(actor, exercise.operation, question="Is the van known?")
    assert all(is_exercise(one.pk) for one in (person, entry, asked))
    assert person.reference.startswith("EX-")
    with exercise.on_site() as actor:
        texts = [line["text"] for line in record.log(actor, exercise.operation)["entries"]]
    assert texts == ["EXERCISE. The door is open"]


def test_the_exercise_tells_no_address_and_no_place(plan: Day, exercise: Day) -> None:
    with exercise.on_site() as actor:
        sites = picture.day(actor, exercise.operation)["sites"]
    assert [(site["ref"], site["place"], site["address"]) for site in sites] == [
        ("A", "Not told in an exercise", ""),
        ("B", "Not told in an exercise", ""),
    ]


def test_only_those_who_were_chosen_play(plan: Day) -> None:
    exercise = playing(plan, players=("op_member_a",))
    with exercise.on_site("op_member_b") as actor, pytest.raises(NotAllowed):
        picture.day(actor, exercise.operation)
    with plan.planning() as actor, refused("players", "on the roster"):
        actions.rehearse(actor, plan.operation, players=[plan.cast["op_member_c"].pk], pace=1)


def test_its_clock_begins_at_the_plans_own_start_and_runs_faster() -> None:
    start, began = clock.now() + SOON, clock.now()
    shown = rules.exercise_time(start, began, 30, began + timedelta(minutes=2))
    assert shown == start + timedelta(hours=1)


def test_what_is_late_in_the_exercise_is_late_on_its_board(plan: Day) -> None:
    slow, fast = playing(plan, pace=1), playing(plan, pace=60)
    for exercise in (slow, fast):
        with exercise.commanding() as actor:
            started = policy.OPERATIONS.one(actor, exercise.operation, projection="day_log")
            now = started["started_at"] + timedelta(seconds=30)
            sites = [{"ref": "A", "id": new_id(), "state": "waiting", "entered_at": None}]
            shown = rehearsal.began(started)
            late = picture.overdue(shown, sites, [], [], [], rehearsal.moment(started, now))
        assert bool(late) is (exercise is fast), "half a minute is half an hour at sixty"


def test_a_person_goes_all_the_way_with_the_players_alone(exercise: Day) -> None:
    person = found(exercise)
    centre = policy.centres_of([exercise.operation])[0].centre_id
    with exercise.on_site() as actor:
        given = actions.hand_over(actor, person.pk, to="centre", centre_id=centre)
    with exercise.on_site("op_member_b") as actor:
        actions.receive(actor, given.pk)
        [shown] = picture.day(actor, exercise.operation)["found"]
    assert shown["where_said"] == "At the reception centre"


def test_nothing_real_is_recorded_about_an_exercise(exercise: Day) -> None:
    person = found(exercise)
    told: dict[str, Any] = {
        "site_id": exercise.sites["B"], "label": "man 1", "sex": "male", "ages": [], "offences": ["conspiracy-msa-2"],
        "at": ago(), "place": "A room",
    }  # fmt: skip
    with exercise.on_site() as actor:
        assert exercise.operation not in {one[0] for one in suite.places(actor).values()}
        with refused(match="belongs to an exercise"):
            custody.arrest(actor, exercise.operation, **told)
        seized: dict[str, Any] = {"mark": "A/1", "kind": "keys", "description": "Keys", "place": "Hall"}
        with refused(match="belongs to an exercise"):
            custody.seize(actor, exercise.operation, power="pace-8", at=ago(), **seized)
    with exercise.at("reception_manager", "reception") as actor, pytest.raises(NotAllowed):
        policy.FOUND.one(actor, person.pk, projection="manifest")


def test_an_exercise_files_nothing_that_is_due(exercise: Day) -> None:
    with exercise.on_site() as actor:
        actions.move_site(actor, exercise.sites["B"], state="entered")
    ours = [one.subject_id for one in Deadline.objects.all()]
    assert not any(map(is_exercise, ours))


def test_ending_it_closes_it_to_everybody_but_the_commander(exercise: Day) -> None:
    person = found(exercise)
    with exercise.planning() as actor:
        actions.end_rehearsal(actor, exercise.operation)
        with refused(match="over already"):
            actions.end_rehearsal(actor, exercise.operation)
        assert board.plan(actor, exercise.operation)["operation"]["state"] == "stood-down"
    with exercise.on_site() as actor:
        assert exercise.operation not in [row["id"] for row in picture.days(actor)]
        with pytest.raises(NotAllowed):
            policy.FOUND.one(actor, person.pk, projection="site_found")
    with exercise.commanding() as actor, refused(match="nothing more is written"):
        actions.log(actor, exercise.operation, text="One more thing")


def test_an_exercise_that_is_over_has_its_debrief_and_one_that_runs_has_none(exercise: Day) -> None:
    held = {"kind": "hot", "agencies": [exercise.agency("derbyshire-police")]}
    with exercise.planning() as actor:
        with refused(match="not closed yet"):
            actions.hold_debrief(actor, exercise.operation, at=clock.now(), **held)
        actions.end_rehearsal(actor, exercise.operation)
        said = {
            "kind": "hot",
            "topic": "words",
            "verdict": "change",
            "text": "Nobody knew who spoke to the fire service",
        }
        actions.add_lesson(actor, exercise.operation, **said)
        actions.hold_debrief(actor, exercise.operation, at=clock.now(), **held)
        shown = record.debrief(actor, exercise.operation)
    assert len(shown["held"]) == len(shown["topics"]) == 1
    assert not Deadline.objects.filter(subject_id=exercise.operation).exists()


def test_a_real_operation_is_not_ended_as_an_exercise_nor_an_exercise_closed_as_real(plan: Day, exercise: Day) -> None:
    with plan.planning() as actor:
        with refused(match="no exercise"):
            actions.end_rehearsal(actor, plan.operation)
        with refused(match="already"):
            actions.rehearse(actor, exercise.operation, pace=1)
    with exercise.commanding() as actor, refused(match="ended on its plan"):
        actions.close(actor, exercise.operation)


@pytest.mark.parametrize(("by_id", "by_word"), [(exercise_id, False), (new_id, True)])
def test_the_database_refuses_what_says_one_thing_by_its_id_and_another_by_its_word(
    plan: Day, by_id: Any, by_word: bool
) -> None:
    made = Operation(
        id=by_id(), controller_id=plan.agency("derbyshire-police"), reference="OP-1", name="", objectives="",
        strand="pursue", planned_for=clock.now(), started_at=clock.now(), plays_from=clock.now(), exercise=by_word,
    )  # fmt: skip
    with plan.planning() as actor, pytest.raises((IntegrityError, NotAllowed)), transaction.atomic():
        policy.OPERATIONS.add(actor, made)


# On a phone


@pytest.fixture
def phone(exercise: Day) -> imitated.Bronze:
    with exercise.on_site() as actor:
        actions.move_site(actor, exercise.sites["B"], state="entered")
        return imitated.enrolled(actor, exercise.sites["B"], "Bronze B at the table")


def test_a_bronze_plays_on_a_phone_and_all_that_it_writes_is_marked(exercise: Day, phone: imitated.Bronze) -> None:
    entity = phone.finds("EX-7K3MQX")
    phone.writes("counted", {"inside": 3, "text": "A dog in the yard"})
    phone.writes("logged", {"text": "Back door open."})
    phone.writes("handed", {"to": "hospital"}, entity=entity, ref="EX-7K3MQX")
    assert phone.sends() == [("accepted", "")] * 4
    with exercise.on_site() as actor:
        shown = picture.day(actor, exercise.operation)
        log = record.log(actor, exercise.operation)["entries"]
        seen = site.seen(actor, phone.kept)
    [person], [hazard] = shown["found"], [one for row in shown["sites"] for one in row["hazards"]]
    assert all(map(is_exercise, (person["id"], person["offer"]["id"], hazard["id"], *(one["id"] for one in log))))
    assert (hazard["text"], log[-1]["text"]) == ("EXERCISE. A dog in the yard", "EXERCISE. Back door open.")
    assert [one["ref"] for one in seen["people"]] == ["EX-7K3MQX"]


def test_a_phone_of_an_exercise_and_one_of_the_day_never_meet(
    at: Any, cast: Any, exercise: Day, phone: imitated.Bronze
) -> None:
    day = live(at, cast)
    with day.on_site() as actor:
        real = imitated.enrolled(actor, day.sites["B"], "Bronze B")
    phone.finds("P-7K3MQX")
    real.finds("EX-7K3MQX")
    real.finds("P-7K3MQX")
    foreign = replace(phone.rows[0], tablet=real.kept.pk)
    assert phone.sends() == [("parked", "rule")]
    assert real.sends() == [("parked", "rule"), ("accepted", "")]
    assert real.sends([foreign])[0][0] == "parked"
    with exercise.commanding() as actor:
        [row] = waiting.of_operation(actor, exercise.operation)
    assert "begins with EX-" in row.why
    with day.commanding() as actor:
        assert [one["reference"] for one in picture.day(actor, day.operation)["found"]] == ["P-7K3MQX"]
        assert all(row.kept.phone_id == real.kept.pk for row in waiting.of_operation(actor, day.operation))


def test_a_phone_says_to_its_page_that_it_plays_and_what_it_writes_afterwards_is_taken_in_by_nobody(
    exercise: Day, phone: imitated.Bronze, client: Client
) -> None:
    client.cookies[phones.COOKIE] = phone.secret
    public = outbox.text64(bytes(phone.kept.public_key or b""))
    told = client.post("/site/v1/hello", json.dumps({"public_key": public}), content_type="application/json").json()
    assert told["exercise"] is True
    with exercise.planning() as actor:
        actions.end_rehearsal(actor, exercise.operation)
    phone.writes("logged", {"text": "One more thing."})
    assert phone.sends() == [("parked", "roster")]


# The pages


def every_page_of(exercise: Day, person: UUID) -> list[tuple[str, list[UUID]]]:
    day, site = exercise.operation, exercise.sites["B"]
    with exercise.on_site() as actor:
        entry = actions.log(actor, day, text="Words")
        unit = picture.day(actor, day)["units"][0]["id"]
    of_day = ("day", "log", "timeline", "checks", "methane", "debrief", "decisions", "decide", "waiting")
    of_person = ("way", "hand_over", "classify", "found_right", "found_send")
    return [
        *((f"op_safety:{name}", [day]) for name in of_day),
        *((f"op_safety:{name}", [site]) for name in ("site_move", "site_found", "site_hazard", "phones")),
        *((f"op_safety:{name}", [person]) for name in of_person),
        ("op_safety:log_correct", [entry.pk]),
        ("op_safety:unit", [unit]),
        *((f"op_planning:{name}", [day]) for name in ("plan", "plan_change", "order", "order_issue", "rehearsal_end")),
    ]


def test_every_page_of_an_exercise_says_that_it_is_one_and_no_other_does(
    plan: Day, exercise: Day, signed_in: Any
) -> None:
    person = found(exercise)
    commander = signed_in("op_commander")
    for name, arguments in every_page_of(exercise, person.pk):
        page = commander.get(reverse(name, args=arguments)).content.decode()
        assert "<title>EXERCISE: " in page, name
        assert "wb-exercise--everywhere" in page, name
    for name in ("op_planning:plan", "op_planning:order", "op_planning:rehearse"):
        assert "wb-exercise" not in commander.get(reverse(name, args=[plan.operation])).content.decode()


def test_its_picture_without_a_frame_and_its_order_on_paper_say_so_too(exercise: Day, signed_in: Any) -> None:
    commander = signed_in("op_commander")
    picture_alone = commander.get(reverse("op_safety:day", args=[exercise.operation]), headers={"X-Wb-Picture": "1"})
    assert "EXERCISE." in picture_alone.content.decode()
    with exercise.planning() as actor:
        for heading in ("information", "intent", "method", "administration", "risk", "communications", "humanitarian"):
            actions.write_part(actor, exercise.operation, heading=heading, text="Words")
        more_found(actor, exercise.operation)
        actions.issue_order(actor, exercise.operation)
        copy = board.order(actor, exercise.operation)["copies"][0]
    assert is_exercise(copy["id"])
    printed = PdfReader(BytesIO(commander.get(reverse("op_planning:order_pdf", args=[copy["id"]])).content))
    assert all("EXERCISE: nothing here is real" in page.extract_text() for page in printed.pages)


def test_the_commander_begins_and_ends_it_on_the_plan(plan: Day, signed_in: Any) -> None:
    commander = signed_in("op_commander")
    form = {"purpose": "op_planning", "once": str(uuid4()), "pace": "30", "players": str(plan.cast["op_member_a"].pk)}
    begun = commander.post(reverse("op_planning:rehearse", args=[plan.operation]), form)
    assert begun.status_code == 302
    listed = commander.get(begun["Location"]).content.decode()
    assert "EXERCISE Operation Wilberforce" in listed
    with plan.planning() as actor:
        [played] = [row["id"] for row in policy.OPERATIONS.many(actor) if row["exercise"]]
    ended = commander.post(
        reverse("op_planning:rehearsal_end", args=[played]), {"purpose": "op_planning", "once": str(uuid4())}
    )
    assert ended.status_code == 302
    debrief = reverse("op_planning:debrief_held", args=[played])
    assert reverse("op_planning:debrief", args=[played]) in commander.get(ended["Location"]).content.decode()
    told = {
        "purpose": "op_planning",
        "once": str(uuid4()),
        "kind": "hot",
        "agencies": str(plan.agency("derbyshire-police")),
    }
    assert commander.post(debrief, told).status_code == 302
