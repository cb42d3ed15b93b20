"""The office and the tablets write about the same people: neither silently overwrites the other."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q

from wilberforce.base.errors import Conflict, RuleBroken
from wilberforce.deadlines.models import Deadline
from wilberforce.reception import actions, policy
from wilberforce.reception.desk import answers, roster
from wilberforce.reception.desk import policy as desk_policy
from wilberforce.reception.desk.imitated import Desk
from wilberforce.reception.models import Standing
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from .conftest import leaves
from .tablet import desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(centre: Any, at: Any) -> Desk:
    return desk_of(at, centre.centre_id)


def known(centre: Any, person: UUID) -> dict[str, Any]:
    with centre.by() as actor:
        return PEOPLE.one(actor, person)


def where(centre: Any, person: UUID) -> str:
    with centre.by() as actor:
        return str(policy.PRESENCES.many(actor, Q(person_id=person))[0]["where"])


def corrects(centre: Any, person: UUID, **changes: Any) -> None:
    with centre.by() as actor:
        survivors.correct_person(actor, person, changes, version=PEOPLE.one(actor, person)["version"])


def heads(centre: Any, field: str) -> list[str]:
    with centre.by() as actor:
        (person,) = roster.of_centre(actor, centre.centre_id)
    return [str(event) for event in person["heads"][field]]


def shown(centre: Any, person: UUID, field: str) -> list[tuple[str, str, str]]:
    with centre.by() as actor:
        (clash,) = [one for one in answers.of_person(actor, person) if one.field == field]
    return sorted((one["value"], one["by"], one["on"]) for one in clash.answers)


def test_a_tablet_that_did_not_know_of_the_office_overwrites_nothing(desk, centre, cast):
    person = desk.meets("P-AAAAAA", "adult")
    desk.sends()
    before = heads(centre, "age")
    corrects(centre, person, age="child")
    desk.writes("corrected", {"field": "age", "value": "adult"}, entity=person, base=before)
    desk.sends()
    assert known(centre, person)["age"] == "child"
    name = cast["reception_worker"].user.display_name
    assert shown(centre, person, "age") == [("adult", name, "Tablet 1"), ("child", name, "")]


def test_a_tablet_says_who_is_kept_apart_from_whom(desk, centre):
    person, other = desk.meets("P-AAAAAA"), desk.meets("P-BBBBBB")
    desk.sends()
    with centre.by() as actor:
        apart = actions.keep_apart(actor, person, reference="P-BBBBBB")
        said = {one["ref"]: one["apart"] for one in roster.of_centre(actor, centre.centre_id)}
        assert said == {"P-AAAAAA": ["P-BBBBBB"], "P-BBBBBB": ["P-AAAAAA"]}
        actions.no_longer_apart(actor, other, apart.pk)
        assert [one["apart"] for one in roster.of_centre(actor, centre.centre_id)] == [[], []]


def test_a_tablet_that_knew_of_the_office_corrects_it(desk, centre):
    person = desk.meets("P-AAAAAA", "adult")
    desk.sends()
    corrects(centre, person, age="child")
    desk.writes("corrected", {"field": "age", "value": "not sure"}, entity=person, base=heads(centre, "age"))
    desk.sends()
    assert known(centre, person)["age"] == "not sure"
    assert not Standing.objects.filter(clash=True).exists()


def test_the_office_corrects_what_it_saw_of_a_tablet(desk, centre):
    person = desk.meets("P-AAAAAA", "adult")
    desk.sends()
    corrects(centre, person, age="not sure", languages=["ro", "vi"])
    assert (known(centre, person)["age"], known(centre, person)["languages"]) == ("not sure", ["ro", "vi"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_rebuild(%s)", [centre.centre_id])
    assert (known(centre, person)["age"], known(centre, person)["languages"]) == ("not sure", ["ro", "vi"])


def test_an_office_page_opened_before_the_tablet_spoke_is_refused(desk, centre):
    person = desk.meets("P-AAAAAA", "adult")
    desk.sends()
    version = known(centre, person)["version"]
    desk.writes("corrected", {"field": "age", "value": "child"}, entity=person, base=heads(centre, "age"))
    desk.sends()
    with pytest.raises(Conflict), centre.by() as actor:
        survivors.correct_person(actor, person, {"age": "not sure"}, version=version)


def test_somebody_registered_in_the_office_and_on_a_tablet_shows_both(desk, centre):
    person = centre.arrived(reference="P-AAAAAA", age="child", languages=["sq"]).pk
    desk.meets("P-AAAAAA", "adult", ("ro",))
    desk.sends()
    assert known(centre, person)["age"] == "child"
    assert known(centre, person)["languages"] == ["ro", "sq"]
    assert {value for value, _, _ in shown(centre, person, "age")} == {"adult", "child"}
    assert {value for value, _, _ in shown(centre, person, "language")} == {"ro", "sq"}


def test_a_move_in_the_office_and_one_on_a_tablet_are_both_shown(desk, centre):
    person = centre.arrived(reference="P-AAAAAA").pk
    with centre.by() as actor:
        actions.move(actor, person, to="out")
    desk.writes("moved", {"to": "rest"}, ref="P-AAAAAA")
    desk.sends()
    assert where(centre, person) == "out"
    assert {value for value, _, _ in shown(centre, person, "where")} == {"out", "rest"}


def test_a_need_that_a_tablet_denies_without_knowing_of_it_stands(desk, centre):
    person = centre.arrived(reference="P-AAAAAA", needs=["mobility"]).pk
    desk.writes("corrected", {"field": "need:mobility", "value": "no"}, ref="P-AAAAAA")
    desk.sends()
    assert known(centre, person)["needs"] == ["mobility"]
    with centre.by() as actor:
        actions.note_need(actor, person, needs=[])
    assert known(centre, person)["needs"] == []
    assert not Standing.objects.filter(clash=True).exists()


def test_choosing_in_the_office_ends_the_clash_and_keeps_both(desk, centre):
    person = centre.arrived(reference="P-AAAAAA", age="child").pk
    desk.meets("P-AAAAAA", "adult")
    desk.sends()
    with centre.by() as actor:
        (clash,) = answers.of_person(actor, person)
        adult = next(UUID(one["event"]) for one in clash.answers if one["value"] == "adult")
        seen = [UUID(one) for one in clash.seen.split()]
        answers.choose(actor, person, event=adult, seen=seen)
        assert answers.of_person(actor, person) == []
        with pytest.raises(RuleBroken):
            answers.choose(actor, person, event=adult, seen=seen)
    assert known(centre, person)["age"] == "adult"
    with centre.by() as actor:
        said = desk_policy.PERSON_EVENTS.many(actor, Q(person_id=person))
    assert sorted(row["kind"] for row in said) == ["chosen", "registered", "registered"]


def test_a_choice_between_two_answers_says_nothing_about_a_third(desk, centre, at):
    person = centre.arrived(reference="P-AAAAAA", age="child").pk
    desk.meets("P-AAAAAA", "adult")
    desk.sends()
    with centre.by() as actor:
        (clash,) = answers.of_person(actor, person)
    third = desk_of(at, centre.centre_id, "health_worker", "Tablet 3")
    third.meets("P-AAAAAA", "not sure")
    third.sends()
    with centre.by() as actor:
        adult = next(UUID(one["event"]) for one in clash.answers if one["value"] == "adult")
        answers.choose(actor, person, event=adult, seen=[UUID(one) for one in clash.seen.split()])
    assert known(centre, person)["age"] == "not sure"
    assert {value for value, _, _ in shown(centre, person, "age")} == {"adult", "not sure"}


def test_the_page_shows_both_answers_and_takes_a_choice(desk, centre, signed_in):
    person = centre.arrived(reference="P-AAAAAA", age="child").pk
    desk.meets("P-AAAAAA", "adult")
    desk.sends()
    client = signed_in("reception_worker")
    assert "Two people answered differently" in client.get(f"/reception/here/{person}/").content.decode()
    address = f"/reception/here/{person}/answers/"
    page = client.get(address).content.decode()
    assert all(said in page for said in ("Adult", "Tablet 1", "in the office"))
    with centre.by() as actor:
        (clash,) = answers.of_person(actor, person)
    adult = next(one["event"] for one in clash.answers if one["value"] == "adult")
    client.post(address, {"purpose": "reception", "seen": clash.seen, "event": adult})
    assert "there is one answer to each question" in client.get(address).content.decode()


def test_a_child_whom_a_tablet_saw_missing_is_looked_for(desk, centre):
    person = centre.arrived(reference="P-AAAAAA", age="child").pk
    desk.writes("moved", {"to": "absent"}, ref="P-AAAAAA")
    desk.sends()
    due = Deadline.objects.filter(subject_id=person, rule="missing-child", met_at=None)
    assert due.count() == 1
    desk.writes("moved", {"to": "out"}, ref="P-AAAAAA", base=heads(centre, "where"))
    desk.sends()
    assert due.count() == 1, "that they went out ends no search"
    with pytest.raises(RuleBroken, match="They are looked for"), centre.by() as actor:
        leaves(actor, person, destination="friends")
    desk.writes("moved", {"to": "room"}, ref="P-AAAAAA", base=heads(centre, "where"))
    desk.sends()
    assert not due.exists()


def test_what_is_decided_is_never_taken_in_from_a_tablet_alone(desk, centre):
    centre.arrived(reference="P-AAAAAA")
    desk.writes("gave", {"thing": "decision-offered", "quantity": 1}, ref="P-AAAAAA")
    assert [ack.reason for ack in desk.sends()] == ["sense"]
