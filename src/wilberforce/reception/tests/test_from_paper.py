"""When nothing works there is paper, and afterwards a page to type it in with the true times."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.reception import policy
from wilberforce.reception.desk import sheets
from wilberforce.survivors.policy import PEOPLE

from .test_pages import sent_form, words

pytestmark = pytest.mark.django_db


def typed(centre: Any, given: str, hours_ago: float = 3) -> Any:
    at = clock.now() - timedelta(hours=hours_ago)
    with centre.by() as actor:
        return sheets.type_in(
            actor, centre.centre_id, given=given, at=at, reference="P-7K3MQX", age="adult", languages=["sq"]
        )


def minutes_after(hours_ago: float) -> str:
    return clock.in_london(clock.now() - timedelta(hours=hours_ago)).strftime("%H:%M")


def test_a_sheet_is_typed_in_with_its_own_times(centre):
    person = typed(centre, f"{minutes_after(2)} meal\n{minutes_after(1)} Shower\n")
    with centre.by() as actor:
        given = policy.GIVEN.many(actor, Q(person_id=person.pk), projection="given", order_by=("at",))
        (stay,) = policy.PRESENCES.many(actor, Q(person_id=person.pk))
    assert [row["thing"] for row in given] == ["meal", "shower"]
    assert [round((clock.now() - row["at"]).total_seconds() / 3600) for row in given] == [2, 1]
    assert round((clock.now() - stay["since"]).total_seconds() / 3600) == 3


@pytest.mark.parametrize(
    ("given", "why"), [("meal", "no time"), ("25:00 meal", "no time"), ("14:05 gold", "names nothing")]
)
def test_a_line_that_makes_no_sense_is_named_and_nothing_is_kept(centre, given, why):
    with pytest.raises(RuleBroken, match=why):
        typed(centre, given)
    with centre.by() as actor:
        assert PEOPLE.many(actor) == []


def test_a_time_that_has_not_been_is_refused(centre):
    late = clock.in_london(clock.now() + timedelta(minutes=30)).strftime("%H:%M")
    with pytest.raises(RuleBroken, match="future"):
        typed(centre, f"{late} meal", hours_ago=0.5)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(centre, signed_in):
    client, now = signed_in("reception_worker"), clock.in_london(clock.now() - timedelta(hours=1))
    at = {"at_0": str(now.day), "at_1": str(now.month), "at_2": str(now.year), "at_3": now.strftime("%H:%M")}
    sheet = {"reference": "P-7K3MQX", "age": "adult", "languages": "sq", "interpreter": "yes", **at}
    page = sent_form(client, "from_paper", centre.centre_id, given="meal", **sheet)
    assert "has no time in front" in words(page)
    assert "P-7K3MQX" in words(page)
    kept = sent_form(client, "from_paper", centre.centre_id, given="", **sheet)
    assert "P-7K3MQX is kept" in words(client.get(kept.headers["Location"]))
    with centre.by() as actor:
        assert [row["interpreter"] for row in PEOPLE.many(actor)] == ["yes"]
    slip = sheet | {"reference": "7k3mqy", "given": ""}
    assert "Perhaps they are here" in words(sent_form(client, "from_paper", centre.centre_id, **slip))
    assert sent_form(client, "from_paper", centre.centre_id, somebody_else="yes", **slip).status_code == 302
    with centre.by() as actor:
        assert {row["reference"] for row in PEOPLE.many(actor)} == {"P-7K3MQX", "P-7K3MQY"}


def test_the_sheets_are_printed_each_with_a_reference_of_its_own(centre, signed_in):
    client = signed_in("reception_worker")
    printed = client.get(reverse("reception:paper_pack", args=[centre.centre_id]))
    assert (printed.headers["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    again = client.get(reverse("reception:paper_pack", args=[centre.centre_id]))
    assert printed.content != again.content
