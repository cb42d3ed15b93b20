"""The day as a drawing with its table: narrowed by site, agency, kind, person and time, and whole on paper."""

import re
from datetime import datetime, time, timedelta

import pytest

from wilberforce.base import clock
from wilberforce.custody import actions as custody
from wilberforce.operations import actions, timeline

from .factories import ago
from .test_pages import to


@pytest.fixture
def told(day, at):
    """At site B: two people, one handed to hospital; a hazard by fire; an arrest; a line of the log at site A."""
    with day.on_site() as actor:
        first, second = (
            actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=40 - n)) for n in range(2)
        )
        given = actions.hand_over(actor, first.pk, to="hospital", at=ago(minutes=30))
        actions.receive(actor, given.pk, received_words="Sister in charge", at=ago(minutes=10))
        actions.log(actor, day.operation, site_id=day.sites["A"], text="Nobody at the back door.", at=ago(minutes=5))
        arrested = custody.arrest(
            actor, day.operation, site_id=day.sites["B"], label="man 1", at=ago(minutes=35), place="Normanton",
            sex="male", ages=[], offences=["conspiracy-msa-2"],
        )  # fmt: skip
    with at("op_member_fire", "op_safety") as actor:
        actions.note_hazard(actor, day.sites["B"], text="Gas in the cellar")
    return {"first": first.reference, "second": second.reference, "arrest": arrested.reference}


@pytest.fixture
def shown(day, signed_in):
    """The lines of the table below the drawing, asked in the address."""
    browser = signed_in("op_member_a")

    def lines(**asked):
        page = browser.get(to("op_safety:timeline", day.operation), asked).content.decode()
        return [
            re.sub(r"<[^>]+>", " ", row).split(maxsplit=2) for row in re.findall(r"<tr><th scope=.row.*?</tr>", page)
        ]

    return lines


def said(lines):
    return " ".join(words for *_, words in lines)


def test_the_whole_day_stands_in_the_order_in_which_it_happened(shown, told):
    words = said(shown())
    for happened in (
        "Entry", f"{told['first']} found", f"{told['first']} handed over: in hospital", f"{told['arrest']} arrested",
        f"{told['first']} received: in hospital", "Hazard: Gas in the cellar", "Log 1: Nobody at the back door.",
    ):  # fmt: skip
        assert happened in words
    assert words.index("found") < words.index("handed over") < words.index("received: in hospital")


def test_it_is_narrowed_by_site_kind_and_person(shown, told):
    assert "Nobody at the back door" not in said(shown(site="B"))
    assert said(shown(site="A")).startswith("Site A") or "Nobody at the back door" in said(shown(site="A"))
    assert len(shown(kind="hazard")) == 1
    assert told["arrest"] in said(shown(kind="arrest"))
    letters = told["second"].removeprefix("P-")
    for typed in (told["second"].lower(), letters, f" {letters.lower()} ", f"p {letters}", f"p{letters}"):
        of_one = said(shown(person=typed))
        assert told["second"] in of_one, typed
        assert told["first"] not in of_one
    assert shown(person="P-") == shown(person=letters[:3]) == []


def test_it_is_narrowed_by_whose_act_it_was(day, shown, told):
    police = said(shown(agency=str(day.agency("derbyshire-police"))))
    assert told["arrest"] in police
    assert shown(agency=str(day.agency("red-cross"))) == shown()


def test_it_is_narrowed_by_time(shown, told):
    half_past = clock.in_london(ago(minutes=20)).strftime("%H:%M")
    late, early = said(shown(since=half_past)), said(shown(until=half_past))
    assert "received: in hospital" in late
    assert "received: in hospital" not in early
    assert "arrested" in early
    assert "arrested" not in late


def test_a_long_day_is_cut_with_a_way_to_the_whole_of_it(day, shown, told, signed_in):
    with day.on_site() as actor:
        for number in range(45):
            actions.log(actor, day.operation, text=f"Radio check {number}")
    assert len(shown()) == 40
    page = signed_in("op_member_a").get(to("op_safety:timeline", day.operation)).content.decode()
    assert "whole=yes" in page
    assert len(shown(whole="yes")) > 45


def test_somebody_who_is_not_of_the_police_has_no_drawing_of_it(day, told, signed_in):
    assert signed_in("op_member_fire").get(to("op_safety:timeline", day.operation)).status_code == 404


@pytest.mark.parametrize(
    ("begins", "hour", "day"),
    [("05:30", "04:00", 0), ("05:30", "23:00", 0), ("22:30", "00:10", 1), ("22:30", "20:00", 0)],
)
def test_an_hour_that_would_be_long_before_the_beginning_is_of_the_day_after(begins, hour, day):
    start = clock.in_london(datetime.fromisoformat(f"2026-11-23T{begins}+00:00"))
    found = timeline.moment_of(time.fromisoformat(hour), start)
    assert (found.date() - start.date(), found.time()) == (timedelta(days=day), time.fromisoformat(hour))
