"""A person's own page: what waits for them, what is new, and nothing of what it is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.agencies.actions import grant_role
from wilberforce.agencies.cast import PARTS
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.base.templatetags.kit import when
from wilberforce.concerns.actions import claim
from wilberforce.concerns.tests.conftest import SEEN, tell
from wilberforce.deadlines.actions import file
from wilberforce.intelligence.tests.conftest import item
from wilberforce.ledger.models import Leaf
from wilberforce.sharing.tests.conftest import agree, housing, person
from wilberforce.web import waiting

__all__ = ["agree", "housing", "item", "person", "tell"]

At = Callable[..., AbstractContextManager[Any]]
Browsers = Callable[[str], Client]


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def what_waits(at: At, part: str, purpose: str) -> list[str]:
    with at(part, purpose) as actor:
        return [line.said for line in waiting.lines(actor, None)]


@pytest.mark.parametrize("part", [part.key for part in PARTS])
def test_everybody_lands_on_a_page_that_leads_somewhere(signed_in: Browsers, part: str) -> None:
    page = signed_in(part).get("/my-work/")
    assert page.status_code == 200
    assert "What waits for you" in words(page)
    assert "Your workspaces" in words(page)


def test_what_is_due_in_two_years_does_not_stand_before_what_needs_a_guardian_now(
    agree: Any, signed_in: Browsers
) -> None:
    agree("guardian_police", "guardian_city")
    page = words(signed_in("guardian_police").get("/my-work/"))
    assert "1 date four weeks away or more" in page
    assert "review the agreement" in page
    assert "Counted from: signed" not in page


def test_a_guardian_finds_the_people_of_their_agency_and_nobody_else_is_led_there(signed_in: Browsers) -> None:
    led = [b"/people/" in signed_in(part).get("/my-work/").content for part in ("guardian_police", "op_commander")]
    assert led == [True, False]


def test_whoever_sits_at_a_device_that_is_not_enrolled_is_told_so(signed_in: Browsers) -> None:
    client = signed_in("op_commander")
    assert "This device is not enrolled" not in words(client.get("/my-work/"))
    SignedIn.objects.update(device=None)
    assert "This device is not enrolled" in words(client.get("/my-work/"))


def test_a_report_that_nobody_took_waits_for_the_desk_until_somebody_takes_it(
    at: At, tell: Any, signed_in: Browsers
) -> None:
    report, _ = tell()
    page = signed_in("report_desk").get("/my-work/")
    assert "1 report that nobody has taken" in words(page)
    assert SEEN not in words(page)
    with at("report_desk", "triage") as actor:
        claim(actor, report.pk)
    assert what_waits(at, "report_desk", "triage") == ["1 report that you have in hand"]


def test_what_is_due_comes_in_pages_of_25_with_the_earliest_first(at: At, signed_in: Browsers) -> None:
    now = clock.now()
    with at("first_responder_city", "nrm") as actor:
        for n in range(26):
            due = now + timedelta(days=1 + n)
            file(actor, new_id(), rule="reasonable-grounds", due_at=due, role="first_responder")
    first, second = (
        signed_in("first_responder_city").get("/my-work/", {"page": number}).content.decode() for number in (1, 2)
    )
    assert (first.count("Counted from"), second.count("Counted from")) == (25, 1)
    assert "page=2" in first
    assert first.index("What is due") < first.index("What waits for you") < first.index("What comes later")
    assert when(now + timedelta(days=26)) in second


def test_a_report_waits_for_the_force_of_the_place_alone(at: At, tell: Any) -> None:
    tell("Burton town centre")
    assert what_waits(at, "report_desk", "triage") == []


@pytest.mark.parametrize("part", ["op_commander", "reception_manager", "investigator"])
def test_a_report_waits_for_nobody_but_the_desk(signed_in: Browsers, tell: Any, part: str) -> None:
    tell()
    assert "report" not in words(signed_in(part).get("/my-work/")).split("Your workspaces")[0]


def test_a_person_with_no_worker_waits_for_the_manager_and_those_at_work_are_in_hand(
    at: At, person: Any, cast: Any
) -> None:
    assert "1 person at your centre" in what_waits(at, "reception_manager", "reception")
    assert what_waits(at, "housing_officer", "support") == ["1 person whom you work with"]
    assert what_waits(at, "reception_worker_2", "reception") == []


def test_what_a_colleague_wrote_is_shown_to_the_others(at: At, item: Any, cast: Any) -> None:
    item()
    assert what_waits(at, "intel_officer", "intelligence") == []


def test_a_guardian_finds_the_agreement_that_their_side_has_not_signed(at: At, agree: Any) -> None:
    agree("guardian_police", "guardian_city", signed_by=())
    assert "1 agreement that your side has not signed" in what_waits(at, "guardian_city", "oversight")
    assert what_waits(at, "guardian_hmrc", "oversight") == []


def test_what_another_guardian_asks_waits_for_the_second_one_alone(at: At, cast: Any, signed_in: Browsers) -> None:
    with at("guardian_police", "oversight") as guardian:
        grant_role(guardian, cast["op_member_a"], "intel_officer")
    said = "1 request of another guardian for your yes"
    assert said in words(signed_in("guardian_police_2").get("/my-work/"))
    assert [said in what_waits(at, part, "oversight") for part in ("guardian_police", "guardian_city")] == [
        False,
        False,
    ]


def test_who_is_tied_to_something_is_not_told_that_it_waits(at: At, tell: Any, cast: Any) -> None:
    report, _ = tell()
    cast["report_desk"].conflicts.create(subject_id=report.pk, why="friend")
    assert what_waits(at, "report_desk", "triage") == []


def test_looking_at_the_own_page_leaves_a_leaf(signed_in: Browsers, at: At) -> None:
    signed_in("auditor").get("/my-work/")
    with at("auditor", "oversight"):
        assert Leaf.objects.filter(subject_class="waiting", op="consultation").exists()


def test_nothing_is_new_at_the_first_look(signed_in: Browsers, tell: Any) -> None:
    tell()
    page = words(signed_in("report_desk").get("/my-work/"))
    assert "This is your first look." in page
    assert "1 new" not in page


def test_what_came_since_the_last_look_is_marked(at: At, tell: Any) -> None:
    earlier, _ = tell()
    later, _ = tell()
    with at("report_desk", "triage") as actor:
        (line,) = waiting.lines(actor, earlier.received_at)
    assert (line.number, line.fresh, line.newest) == (2, 1, later.received_at)


@pytest.mark.parametrize(
    ("part", "address", "heading"),
    [
        ("investigator", "/criminal-investigation/", "Your cases"),
        ("partner_hmrc", "/regulatory/", "Sent to your agency"),
        ("guardian_fire", "/statistics/", "Figures"),
        ("sysadmin", "/platform-ops/", "The machine"),
    ],
)
def test_every_workspace_has_a_first_page(signed_in: Browsers, part: str, address: str, heading: str) -> None:
    client = signed_in(part)
    assert heading in words(client.get(address))
    assert address in client.get("/my-work/").content.decode()


def test_the_own_page_asks_few_questions_of_the_database(signed_in: Browsers, statements: Any) -> None:
    client = signed_in("guardian_police")
    client.get("/my-work/")
    with statements() as sent:
        client.get("/my-work/")
    assert len(sent) <= 14
