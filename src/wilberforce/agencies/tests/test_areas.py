"""Which force and which council answer for a place: asked by a guardian of one, agreed by a guardian of the other."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.agencies import areas
from wilberforce.agencies.models import Area, AreaAsked
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken

At = Callable[..., AbstractContextManager[Any]]
Browsers = Callable[[str], Client]


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def of(
    cast: Any, place: str = "Belper", police: str = "derbyshire-police", council: str = "derby-city"
) -> dict[str, Any]:
    return {
        "place": place,
        "police": cast.agencies[police].pk,
        "council": cast.agencies[council].pk,
        "why": "It is missing.",
    }


def asked(at: At, cast: Any, part: str = "guardian_police", area: Area | None = None, **what: str) -> AreaAsked:
    with at(part, "oversight") as actor:
        return areas.ask(actor, area=area, **of(cast, **what))


def answered(at: At, which: AreaAsked, part: str = "guardian_city", yes: bool = True) -> None:
    with at(part, "oversight") as actor:
        areas.answer(actor, which.pk, yes)


def test_an_area_counts_once_the_other_agency_has_said_yes(at: At, cast: Any) -> None:
    waiting = asked(at, cast)
    assert not Area.objects.filter(place="Belper").exists()
    answered(at, waiting)
    made = Area.objects.live().get(place="Belper")
    assert (made.police.code, made.council.code) == ("derbyshire-police", "derby-city")


def test_a_no_leaves_everything_as_it_was(at: At, cast: Any) -> None:
    waiting = asked(at, cast)
    answered(at, waiting, yes=False)
    assert not Area.objects.filter(place="Belper").exists()
    with pytest.raises(NotAllowed):
        answered(at, waiting)


@pytest.mark.parametrize("part", ["guardian_police", "guardian_police_2", "guardian_redcross", "op_commander"])
def test_nobody_but_the_other_agencys_guardian_answers(part: str, at: At, cast: Any) -> None:
    waiting = asked(at, cast)
    with pytest.raises(NotAllowed), at(part, "oversight" if "guardian" in part else "op_planning") as actor:
        areas.answer(actor, waiting.pk, True)


def test_nobody_asks_for_an_area_of_two_other_agencies(at: At, cast: Any) -> None:
    with pytest.raises(RuleBroken, match="your own"):
        asked(at, cast, police="staffordshire-police")


def test_a_correction_ends_the_area_and_begins_another(at: At, cast: Any) -> None:
    derby = Area.objects.get(place="Derby")
    answered(at, asked(at, cast, area=derby, place="Derby city"))
    derby.refresh_from_db()
    fresh = Area.objects.live().get(place="Derby city")
    assert derby.ended_at is not None
    assert fresh.replaces == derby
    told = [entry["text"] for entry in areas.story_of(fresh)]
    assert "Why: It is missing.\nPlace was Derby, now Derby city" in told


def test_an_area_ends_by_two_agencies_and_its_name_is_free_again(at: At, cast: Any) -> None:
    derby = Area.objects.get(place="Derby")
    with at("guardian_city", "oversight") as actor:
        waiting = areas.ask_to_end(actor, derby, why="Two areas from now on.")
    answered(at, waiting, "guardian_police")
    assert not Area.objects.live().filter(place="Derby").exists()
    answered(at, asked(at, cast, place="Derby"))
    assert Area.objects.live().filter(place="Derby").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"place": "derby"}, "Correct that one"),
        ({"place": "  "}, "Enter the place"),
        ({"council": "derbyshire-fire"}, "Choose one"),
    ],
)
def test_what_cant_be_an_area_is_refused_with_a_reason(wrong: dict[str, Any], sentence: str, at: At, cast: Any) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        asked(at, cast, **wrong)


def test_an_area_is_asked_about_once_at_a_time(at: At, cast: Any) -> None:
    derby = Area.objects.get(place="Derby")
    asked(at, cast, area=derby, place="Derby city")
    with pytest.raises(RuleBroken, match="Wait for the answer"):
        asked(at, cast, area=derby, place="City of Derby")


def test_a_yes_that_came_too_late_changes_nothing(at: At, cast: Any) -> None:
    first, second = asked(at, cast), asked(at, cast)
    answered(at, first)
    with pytest.raises(Conflict):
        answered(at, second)
    assert Area.objects.live().filter(place="Belper").count() == 1


def test_the_application_writes_no_other_agency_beside_a_place(cast: Any) -> None:
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_area SET council_id = police_id")


def test_guardians_ask_answer_and_read_what_happened(signed_in: Browsers, cast: Any) -> None:
    police, city = signed_in("guardian_police"), signed_in("guardian_city")
    given = {name: str(value) for name, value in of(cast).items()}
    wrong = police.post("/people/areas/new/", {**given, "why": ""})
    assert "Belper" in wrong.content.decode()
    assert police.post("/people/areas/new/", given).status_code == 302
    assert "The other agency answers" in words(police.get("/people/areas/"))
    assert "1 area for your yes or no" in words(city.get("/my-work/"))
    which = AreaAsked.objects.get()
    assert city.post(f"/people/areas/asked/{which.pk}/", {"answer": "yes"}).status_code == 302
    made = Area.objects.live().get(place="Belper")
    assert "Agreed" in words(city.get(f"/people/areas/{made.pk}/"))
    listed = words(city.get("/people/areas/?place=belp"))
    assert "Belper" in listed
    assert "Burton" not in listed


def test_other_agencies_guardians_read_the_areas_and_ask_for_none(signed_in: Browsers, cast: Any) -> None:
    charity = signed_in("guardian_redcross")
    page = charity.get("/people/areas/").content.decode()
    assert "Derby" in page
    assert "A new area" not in page
    assert charity.get("/people/areas/new/").status_code == 404
    assert signed_in("op_commander").get("/people/areas/").status_code == 404


def test_an_area_that_does_not_exist_is_no_page(signed_in: Browsers, cast: Any) -> None:
    assert signed_in("guardian_police").get(f"/people/areas/{UUID(int=7)}/correct/").status_code == 404
