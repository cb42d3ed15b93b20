"""The way down to a page from one's own work, and from a line of what is due to where it is dealt with."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.urls import get_resolver, reverse

from wilberforce.access.addresses import addresses
from wilberforce.agencies.models import Area
from wilberforce.base import left_lists
from wilberforce.concerns.tests.conftest import tell
from wilberforce.deadlines.lists import all_deadlines
from wilberforce.intelligence.tests.conftest import item
from wilberforce.web import waiting
from wilberforce.web.trail import CALLED

__all__ = ["item", "tell"]

CRUMB = re.compile(r'govuk-breadcrumbs__link" href="([^"]*)">([^<]*)<')


def way(response: Any) -> list[tuple[str, str]]:
    return [(unescape(label), unescape(url)) for url, label in CRUMB.findall(response.content.decode())]


def test_ones_own_work_is_where_every_way_begins(signed_in: Any) -> None:
    client = signed_in("op_commander")
    assert way(client.get("/my-work/")) == []
    assert way(client.get("/op-planning/")) == [("Your work", "/my-work/")]
    assert way(client.get("/op-planning/new/")) == [("Your work", "/my-work/"), ("Planning", "/op-planning/")]


def test_a_page_below_a_record_leads_back_to_it_and_to_its_list(signed_in: Any, cast: Any) -> None:
    area = Area.objects.get(place="Derby")
    page = signed_in("guardian_police").get(f"/people/areas/{area.pk}/correct/")
    assert [label for label, _ in way(page)] == ["Your work", "People of your agency", "Areas", "The area"]


def test_a_list_keeps_its_filters_on_the_way_back(signed_in: Any, item: Any) -> None:
    client, record = signed_in("intel_officer"), f"/intelligence/items/{item().pk}/"
    client.get("/intelligence/?priority=2&page=3")
    client.get("/my-work/?page=2")
    kept = [("Your work", "/my-work/?page=2"), ("Intelligence", "/intelligence/?priority=2&page=3")]
    assert way(client.get(record)) == kept
    client.get("/intelligence/")
    assert way(client.get(record)) == [kept[0], ("Intelligence", "/intelligence/")]


def test_whoever_takes_a_report_out_of_a_narrowed_list_comes_back_to_it(signed_in: Any, tell: Any) -> None:
    report, _ = tell()
    client = signed_in("report_desk")
    client.get("/triage/?urgency=1")
    taken = client.post(f"/triage/reports/{report.pk}/take/", {"purpose": "triage"}, follow=True)
    assert way(taken)[-1] == ("Report desk", "/triage/?urgency=1")
    back = client.post(f"/triage/reports/{report.pk}/put-back/", {"purpose": "triage"})
    assert back.headers["Location"] == "/triage/?urgency=1"


def test_the_next_at_the_same_browser_finds_every_list_whole(signed_in: Any, item: Any) -> None:
    first, second, record = signed_in("intel_officer"), signed_in("intel_officer"), f"/intelligence/items/{item().pk}/"
    first.get("/intelligence/?priority=2")
    second.cookies[left_lists.cookie()] = first.cookies[left_lists.cookie()].value
    assert way(second.get(record))[-1] == ("Intelligence", "/intelligence/")
    first.post(reverse("account_logout"))
    first.get("/")
    assert not first.cookies[left_lists.cookie()].value


def test_an_account_page_leads_back_to_the_account(signed_in: Any) -> None:
    page = signed_in("op_commander").get("/sign-in/access/")
    assert way(page) == [("Your work", "/my-work/"), ("Your account", "/sign-in/sessions/")]


def test_a_refusal_shows_no_way_because_it_knows_nothing_of_the_address(signed_in: Any) -> None:
    assert way(signed_in("op_commander").get(f"/op-planning/{UUID(int=3)}/change/")) == []


def test_every_name_on_the_way_is_a_page_of_the_site() -> None:
    names = {one.name for one in addresses()}
    assert set(CALLED) <= names


@pytest.mark.parametrize("rule", [*waiting.DUE_AT, *waiting.DUE_IN])
def test_what_is_due_leads_to_a_page_that_exists(rule: str) -> None:
    assert rule in all_deadlines()
    about = [UUID(int=1)] if rule in waiting.DUE_AT else []
    for place in (waiting.DUE_AT.get(rule) or waiting.DUE_IN[rule]).split():
        assert get_resolver().resolve(reverse(place, args=about)).view_name == place


def test_a_line_of_what_is_due_leads_where_it_is_dealt_with(signed_in: Any, tell: Any) -> None:
    tell()
    page = signed_in("report_desk").get("/my-work/").content.decode()
    assert re.search(r'href="/triage/"[^>]*>The report is read', page)
