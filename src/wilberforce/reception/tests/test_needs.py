"""Needs and risks: any group first, as little as they want; who sees which; what the shift is told and reminded of."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.deadlines.models import Deadline
from wilberforce.reception import actions, lists, policy
from wilberforce.reception.actions.needs import known
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import CARE

from .conftest import Open


@pytest.fixture
def person(centre: Open, cast: Any) -> Any:
    """A worker and a clinician are named for her; another worker of the shift is not."""
    met = centre.arrived()
    with centre.by("reception_manager") as actor:
        for part in ("reception_worker", "health_worker"):
            survivors.assign(actor, met.pk, cast[part].pk)
    return met.pk


def said(centre: Open, part: str, person: Any, group: str) -> dict[str, Any]:
    with centre.by(part) as actor:
        row = known(actor, person, lists.GROUPS[group])
    return json.loads(row["answers"]) if row else {}


def test_three_facts_are_enough_and_any_group_comes_first(centre: Open, person: Any) -> None:
    with centre.by() as actor:
        actions.note_practical(actor, person, "sizes", {"shoes": "38", "size": "not sure"})
        actions.note_practical(actor, person, "food", {})
    assert said(centre, "health_worker", person, "sizes") == {"shoes": "38", "size": "not sure"}
    assert said(centre, "health_worker", person, "food") == {}


def test_every_question_belongs_to_a_group_and_may_stay_open() -> None:
    """The fields of the registration, needs and risk forms; and nothing about whether they may be in the country."""
    assert {one.group for one in lists.ASKED.values()} == set(lists.GROUPS)
    for one in lists.ASKED.values():
        assert one.kind in {"yes-no", "one", "several", "text", "due"}
        assert one.kind not in {"yes-no", "one"} or set(one.options) >= {"not sure", "not now"}
    assert not [
        one.code for one in lists.ASKED.values() if "immigra" in one.label.lower() or "visa" in one.label.lower()
    ]


def test_a_story_stays_with_the_worker_who_is_named(centre: Open, person: Any) -> None:
    with centre.by() as actor:
        actions.note_story(actor, person, "family", {"children": "Two", "children-where": "With her mother"})
    with centre.by("health_worker") as actor:
        assert policy.STORIES.many(actor, Q(person_id=person)) == []
    stranger = centre.arrived("health_worker").pk
    with pytest.raises(NotAllowed), centre.by() as actor:
        actions.note_story(actor, stranger, "family", {"children": "Two"})


def test_what_is_clinical_stays_with_the_clinician_and_the_shift_hears_what_to_do(centre: Open, person: Any) -> None:
    due = clock.now() + timedelta(hours=3)
    with centre.by("health_worker") as actor:
        heard = {"allergies": "Penicillin, a rash in 2019", "allergy-shift": "No penicillin", "medicine-due": due}
        actions.note_screening(actor, person, "medicines", heard)
        actions.note_screening(actor, person, "medicines", heard, version=1)
    with centre.by() as actor:
        flags = CARE.many(actor, Q(person_id=person), projection="care_flags")
        (reminder,) = policy.REMINDERS.many(actor, Q(person_id=person), projection="care_flags")
        assert policy.SCREENINGS.many(actor) == []
    assert [(row["kind"], row["detail"]) for row in flags] == [("allergy", "No penicillin")]
    assert (reminder["kind"], reminder["due_at"]) == ("medicine", due)


@pytest.mark.parametrize(("corrected", "ended", "due_again"), [(True, "changed", True), (False, "not needed", False)])
def test_a_medicine_time_that_is_put_right_leaves_no_reminder_at_the_wrong_one(
    centre: Open, person: Any, corrected: bool, ended: str, due_again: bool
) -> None:
    wrong, right = (clock.now() + timedelta(hours=hours) for hours in (3, 7))
    with centre.by("health_worker") as actor:
        by_hand = actions.remind(actor, person, kind="medicine", due_at=wrong)
        actions.note_screening(actor, person, "medicines", {"medicine-due": wrong})
        actions.note_screening(actor, person, "medicines", {"medicine-due": right} if corrected else {}, version=1)
        rows = policy.REMINDERS.many(actor, Q(person_id=person), order_by=("due_at", "id"))
    waiting = [(row["id"] == by_hand.pk, row["due_at"]) for row in rows if not row["done_at"]]
    assert waiting == [(True, wrong), *([(False, right)] if due_again else [])]
    assert [(row["due_at"], row["ended"]) for row in rows if row["done_at"]] == [(wrong, ended)]
    filed = Deadline.objects.filter(subject_id__in=[row["id"] for row in rows], met_at=None)
    assert sorted(filed.values_list("due_at", flat=True)) == [due for _, due in waiting]


@pytest.mark.parametrize(
    ("group", "answer", "kind", "hours"), [("now", "self-harm", "stay-near", 1), ("body", "pregnant", "midwife", 12)]
)
@pytest.mark.parametrize("said_so", ["yes", "not sure"])
def test_self_harm_and_pregnancy_remind_the_shift(
    centre: Open, person: Any, group: str, answer: str, kind: str, hours: int, said_so: str
) -> None:
    with centre.by("health_worker") as actor:
        actions.note_screening(actor, person, group, {answer: said_so})
        (reminder,) = policy.REMINDERS.many(actor, Q(person_id=person), projection="care_flags")
    assert reminder["kind"] == kind
    assert timedelta() <= reminder["due_at"] - clock.now() <= timedelta(hours=hours)


def test_a_correction_keeps_what_was_there_and_never_overwrites_another(centre: Open, person: Any) -> None:
    with centre.by() as actor:
        actions.note_practical(actor, person, "sizes", {"shoes": "38"})
        actions.note_practical(actor, person, "sizes", {"shoes": "39"}, version=1, why="She tried them on.")
        (former,) = policy.FORMER_PRACTICAL.many(actor, Q(person_id=person), projection="given")
    assert json.loads(json.loads(former["was"])["answers"]) == {"shoes": "38"}
    with pytest.raises(Conflict), centre.by("health_worker") as actor:
        actions.note_practical(actor, person, "sizes", {"shoes": "40"}, version=1)


@pytest.mark.parametrize("wrong", [{"size": "huge"}, {"diet": ["stones"]}, {"weight": "60"}])
def test_an_answer_is_one_of_the_questions_own(centre: Open, person: Any, wrong: dict[str, Any]) -> None:
    group = "food" if "diet" in wrong else "sizes"
    with pytest.raises(RuleBroken), centre.by() as actor:
        actions.note_practical(actor, person, group, wrong)


def test_the_pages_of_the_groups(centre: Open, person: Any, signed_in: Any, statements: Any) -> None:
    worker, clinician = signed_in("reception_worker"), signed_in("health_worker")
    hub = worker.get(reverse("reception:know", args=[person])).content.decode()
    assert "Family and children" in hub
    assert "Medicines and allergies" not in hub
    page = reverse("reception:practical", args=[person, "sizes"])
    assert worker.post(page, {"purpose": "reception", "shoes": "38"}).status_code == 302
    corrected = {"purpose": "reception", "shoes": "39", "version": 1, "why": "Tried on"}
    assert worker.post(page, corrected).status_code == 302
    shown = worker.get(page).content.decode()
    assert "Shoes 38" in shown
    assert "Why: Tried on" in shown
    health = reverse("reception:screening", args=[person, "medicines"])
    told = {"purpose": "reception", "allergy-shift": "No nuts"}
    assert clinician.post(health, told).status_code == 302
    with statements() as sent:
        assert "Everybody" not in clinician.get(health).content.decode()
    assert len(sent) <= 14
    assert worker.get(health).status_code == 404
    hub = reverse("reception:know", args=[person])
    assert [page.get(hub).content.decode().count("Something is written") for page in (worker, clinician)] == [1, 2]
    assert "No nuts" in worker.get(reverse("reception:here", args=[person])).content.decode()
    assert worker.get(reverse("reception:practical", args=[person, "family"])).status_code == 404


def test_nobody_is_led_to_a_group_before_they_are_named_for_the_person(centre: Open, cast: Any, signed_in: Any) -> None:
    somebody, client = centre.arrived().pk, signed_in("health_worker")
    page = reverse("reception:know", args=[somebody])
    group, times = reverse("reception:screening", args=[somebody, "now"]), reverse("reception:timed", args=[somebody])
    shown = client.get(page).content.decode()
    assert "The manager names you for them first" in shown
    assert group not in shown
    assert times not in client.get(reverse("reception:here", args=[somebody])).content.decode()
    with centre.by("reception_manager") as actor:
        survivors.assign(actor, somebody, cast["health_worker"].pk)
    assert group in client.get(page).content.decode()
    assert times in client.get(reverse("reception:here", args=[somebody])).content.decode()
    assert (client.get(group).status_code, client.get(times).status_code) == (200, 200)
