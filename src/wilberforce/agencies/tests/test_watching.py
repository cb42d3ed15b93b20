"""What a guardian sees of their own colleagues, and what the page asks them to ask about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.access.context import Actor, Note
from wilberforce.agencies import watching
from wilberforce.agencies.models import Membership, Shift
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.ids import random_id
from wilberforce.ledger import leaves

At = Callable[..., AbstractContextManager[Any]]
Browsers = Callable[[str], Client]


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def did(member: Membership, people: int = 1, rule: str = "A16", allowed: bool = True, **about: Any) -> None:
    """What a colleague at the centre did, as the ledger keeps it."""
    roles = ("reception_worker",)
    who = Actor(member.pk, member.agency_id, "redcross", roles[0], roles, "reception", frozenset())
    ids = about.get("ids") or tuple(random_id() for _ in range(people))
    op = "consultation" if allowed else "denied"
    leaves.write(who, [Note(op, "identity", "R", "", rule, ids, allowed)], random_id())


def odd(at: At, part: str = "guardian_redcross") -> list[tuple[str, str, int]]:
    with at(part, "oversight", ["audit:R:own_agency_entries"]) as guardian:
        return [(one.code, str(one.member.user), one.number) for one in watching.oddities(guardian)]


def test_ordinary_work_looks_odd_to_nobody(at: At, cast: Any) -> None:
    did(cast["reception_worker"], people=5)
    assert odd(at) == []


def test_many_different_people_in_a_day_are_shown(at: At, cast: Any) -> None:
    did(cast["reception_worker"], people=20)
    assert odd(at) == [("many_people", "Emeka Hazelnook", 20)]


def test_the_same_few_people_many_times_are_not(at: At, cast: Any) -> None:
    same = tuple(random_id() for _ in range(4))
    for _ in range(10):
        did(cast["reception_worker"], ids=same)
    assert odd(at) == []


def test_many_refusals_in_a_day_are_shown(at: At, cast: Any) -> None:
    for _ in range(10):
        did(cast["reception_worker"], allowed=False)
    assert odd(at) == [("refused", "Emeka Hazelnook", 10)]


def test_looking_up_oneself_is_shown(at: At, cast: Any) -> None:
    did(cast["reception_worker"], ids=(cast["reception_worker"].pk,))
    assert odd(at) == [("self", "Emeka Hazelnook", 1)]


def test_an_emergency_is_shown(at: At, cast: Any) -> None:
    did(cast["reception_worker"], rule=watching.emergency_rules()[0])
    assert odd(at) == [("emergency", "Emeka Hazelnook", 1)]


@pytest.mark.parametrize(("ago", "shown"), [(timedelta(days=2), True), (timedelta(hours=1), False)])
def test_reading_outside_every_shift_is_shown_of_those_who_work_in_shifts(
    at: At, cast: Any, ago: timedelta, shown: bool
) -> None:
    starts = clock.now() - ago
    Shift.objects.create(
        membership=cast["reception_worker"],
        place_id=random_id(),
        starts=starts,
        ends=starts + timedelta(hours=8),
        signed_in_at=starts,
    )
    did(cast["reception_worker"])
    assert odd(at) == ([("out_of_shift", "Emeka Hazelnook", 1)] if shown else [])


def test_another_agencys_guardian_sees_nothing_of_it(at: At, cast: Any) -> None:
    did(cast["reception_worker"], people=30)
    assert odd(at, "guardian_city") == []
    with pytest.raises(NotAllowed), at("reception_worker", "oversight") as worker:
        watching.oddities(worker)


def test_each_oddity_leads_to_its_entries_with_names_marks_and_reasons(at: At, cast: Any, signed_in: Browsers) -> None:
    did(cast["reception_worker"], people=20)
    did(cast["health_worker"], people=1)
    client = signed_in("guardian_redcross")
    page = client.get("/oversight/odd/")
    assert "Emeka Hazelnook opened many different people in one day" in words(page)
    link = page.content.decode().split('href="/oversight/seen/?')[1].split('"')[0].replace("&amp;", "&")
    entries = words(client.get(f"/oversight/seen/?{link}"))
    assert "One worker knows the person's story" in entries.replace("&#x27;", "'")
    assert "and 17 more" in entries
    assert "Anoushka Wintergreen-Vale, reception worker" not in entries


@pytest.mark.parametrize("typed", ["?who=nonsense", "?page=-3", "?odd=nothing", "?who=&page=9999"])
def test_bad_filters_show_everybody_or_nothing(signed_in: Browsers, typed: str) -> None:
    assert signed_in("guardian_redcross").get(f"/oversight/seen/{typed}").status_code == 200
