"""What the plan has is held against what so many people need, and against half as many again."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from wilberforce.operations import actions, rules
from wilberforce.operations.models import Band
from wilberforce.operations.sizing import sizing

from .factories import Day, prepared


@pytest.fixture
def plan(at: Any, cast: Any) -> Day:
    day = prepared(at, cast)
    with day.planning() as actor:
        told: dict[str, Any] = {"place": "Derby", "premises": "house", "expected": "6-10", "languages": ["ro", "vi"]}
        actions.add_site(actor, day.operation, ref="C", **told)
    return day


def reckoned(plan: Day) -> dict[str, Any]:
    with plan.planning() as actor:
        return sizing(actor, plan.operation)


def line(plan: Day, what: str) -> dict[str, Any]:
    return next(one for one in reckoned(plan)["lines"] if one["what"] == what)


def add(plan: Day, **told: Any) -> None:
    with plan.planning() as actor:
        actions.add_unit(actor, plan.operation, agency_id=plan.agency("derbyshire-police"), **told)


def test_every_band_has_a_fewest_and_a_most() -> None:
    assert set(rules.BANDS) == set(Band.values)
    assert all(low <= high for low, high in rules.BANDS.values())


@pytest.mark.parametrize(
    ("people", "sites", "languages", "counts"),
    [
        (0, 1, 0, (1, 0, 0, 0, 2)),
        (5, 1, 1, (1, 7, 2, 5, 2)),
        (6, 2, 3, (2, 8, 3, 6, 4)),
        (25, 3, 2, (5, 32, 7, 25, 6)),
    ],
)
def test_needs_follow_from_people_sites_and_languages(
    people: int, sites: int, languages: int, counts: tuple[int, ...]
) -> None:
    assert tuple(need.count for need in rules.needs(people, sites, languages)) == counts


def test_what_is_missing_is_said_and_what_is_added_counts(plan: Day) -> None:
    assert reckoned(plan)["people"] == rules.People(6, 30), "two sites of which nobody is sure, and one of six to ten"
    assert line(plan, "Seats in vehicles")["short"] == 38
    add(plan, kind="vehicle", label="Coach", seats=40)
    assert line(plan, "Seats in vehicles")["short"] == 0
    assert line(plan, "Seats in vehicles")["more"] == 57, "forty-five people and those who ride along"


def test_a_language_without_an_interpreter_is_named(plan: Day) -> None:
    assert reckoned(plan)["unspoken"] == ["Romanian", "Vietnamese"]
    add(plan, kind="interpreter", label="Interpreter 1", languages=["ro"])
    assert reckoned(plan)["unspoken"] == ["Vietnamese"]


def test_nobody_is_sure_of_two_sites_and_that_is_said(plan: Day) -> None:
    assert reckoned(plan)["unsure"] == ["A", "B"]


def test_the_page_shows_it_and_takes_a_vehicle(plan: Day, signed_in: Any) -> None:
    commander = signed_in("op_commander")
    page = reverse("op_planning:sizing", args=[plan.operation])
    assert "Short" in commander.get(page).content.decode()
    form = {
        "purpose": "op_planning", "once": str(uuid4()), "kind": "vehicle", "label": "Coach", "seats": "60",
        "agency_id": str(plan.agency("derbyshire-police")),
    }  # fmt: skip
    address = reverse("op_planning:plan_add", args=[plan.operation, "unit"])
    assert "Enter how many people" in commander.post(address, form | {"seats": ""}).content.decode()
    assert commander.post(address, form).status_code == 302
    assert ">60<" in commander.get(page).content.decode()


def test_a_warrant_on_the_plan_says_its_power_court_grounds_entries_and_who_is_named(plan: Day, signed_in: Any) -> None:
    page = signed_in("op_commander").get(reverse("op_planning:plan", args=[plan.operation])).content.decode()
    for words in ("Southern Derbyshire Magistrates", "Reports of coercion", "One entry allowed", "Derbyshire Fire"):
        assert words in page
