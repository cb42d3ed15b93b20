"""The cap on different people in a day: it warns, it locks, it grows with those registered, and a guardian lifts it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils.html import strip_tags
from hypothesis import given, settings
from hypothesis import strategies as st

from wilberforce.access.context import Actor, Note
from wilberforce.agencies import caps
from wilberforce.agencies.models import Membership, Unlocked
from wilberforce.agencies.rules import rate
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.ledger import leaves
from wilberforce.survivors.models import Assignment

At = Callable[..., AbstractContextManager[Any]]
Browsers = Callable[[str], Client]
NOBODY_WAITS = "Nobody is near their cap"


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def opened(member: Membership, people: int, *, ids: tuple[Any, ...] = ()) -> None:
    roles = ("reception_worker",)
    who = Actor(member.pk, member.agency_id, "redcross", roles[0], roles, "support", frozenset())
    whom = ids or tuple(random_id() for _ in range(people))
    leaves.write(who, [Note("consultation", "identity", "R", "", "A16", whom, people=whom)], random_id())


def ready(at: At, part: str = "reception_worker") -> frozenset[str]:
    with at(part, "reception") as actor:
        return frozenset(actor.ready)


@settings(max_examples=200)
@given(opened=st.integers(0, 400), registered=st.integers(0, 400))
@pytest.mark.django_db
def test_the_database_and_python_draw_the_same_line(opened: int, registered: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT agencies_rate_of(%s, %s)", [opened, registered])
        (said,) = cursor.fetchone()
    assert said == rate(opened, registered)


def test_fifteen_people_are_a_days_work(at: At, cast: Any) -> None:
    opened(cast["reception_worker"], 15)
    assert not ready(at) & {"near_cap", "rate_tripped"}


def test_it_warns_before_it_locks(at: At, cast: Any, signed_in: Browsers) -> None:
    opened(cast["reception_worker"], 16)
    assert "near_cap" in ready(at)
    page = signed_in("reception_worker").get("/reception/shift/")
    assert page.status_code == 200
    assert "Ask a data guardian of your agency now, before your work stops." in words(page)
    opened(cast["reception_worker"], 4)
    assert "rate_tripped" not in ready(at)
    opened(cast["reception_worker"], 1)
    assert "rate_tripped" in ready(at)


def test_past_it_the_page_says_why_and_whom_to_ask(cast: Any, signed_in: Browsers) -> None:
    opened(cast["reception_worker"], 21)
    page = signed_in("reception_worker").get("/support/")
    assert page.status_code == 403
    assert "Ask a data guardian of your agency." in words(page)


def test_the_same_person_opened_often_counts_once(at: At, cast: Any) -> None:
    same = tuple(random_id() for _ in range(4))
    for _ in range(10):
        opened(cast["reception_worker"], 4, ids=same)
    assert not ready(at) & {"near_cap", "rate_tripped"}


def test_what_one_opened_is_not_counted_against_another(at: At, cast: Any) -> None:
    opened(cast["reception_worker"], 30)
    assert "rate_tripped" in ready(at)
    assert "rate_tripped" not in ready(at, "reception_manager")


def test_it_grows_with_those_who_are_in_somebodys_name(at: At, cast: Any) -> None:
    now, worker = clock.now(), cast["reception_worker"].pk
    Assignment.objects.bulk_create(
        Assignment(
            person_id=random_id(), membership_id=worker, until=now + timedelta(days=1), assigned_by=worker, starts=now
        )
        for _ in range(40)
    )
    opened(cast["reception_worker"], 31)
    assert not ready(at) & {"near_cap", "rate_tripped"}
    opened(cast["reception_worker"], 10)
    assert "rate_tripped" in ready(at)


def test_nobody_lowers_their_own_count(cast: Any) -> None:
    opened(cast["reception_worker"], 1)
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_person_opened")


def test_the_guardian_sees_it_and_lets_them_go_on_with_a_reason(at: At, cast: Any, signed_in: Browsers) -> None:
    worker = cast["reception_worker"]
    opened(worker, 21)
    guardian = signed_in("guardian_redcross")
    assert f"{worker.user}: locked 21 people of 20" in words(guardian.get("/oversight/caps/"))
    form = {"purpose": "oversight", "member": str(worker.pk), "why": ""}
    assert "Choose" in words(guardian.post("/oversight/caps/", form))
    assert guardian.post("/oversight/caps/", form | {"why": "arrivals"}).status_code == 302
    assert NOBODY_WAITS in words(guardian.get("/oversight/caps/"))
    assert "rate_tripped" not in ready(at)
    assert Unlocked.objects.get().why == "arrivals"
    opened(worker, 21)
    assert "rate_tripped" in ready(at)


def test_only_another_guardian_of_the_same_agency_lets_somebody_go_on(at: At, cast: Any) -> None:
    opened(cast["reception_worker"], 21)
    with pytest.raises(NotAllowed), at("guardian_city", "oversight") as stranger:
        caps.unlock(stranger, cast["reception_worker"].pk, why="cover")
    with at("guardian_city", "oversight") as stranger:
        assert caps.near_or_over(stranger) == []
    with pytest.raises(NotAllowed), at("reception_manager", "reception") as manager:
        caps.unlock(manager, cast["reception_worker"].pk, why="cover")
    with pytest.raises(NotAllowed), at("guardian_redcross", "oversight") as guardian:
        caps.unlock(guardian, cast["guardian_redcross"].pk, why="cover")
    with pytest.raises(RuleBroken), at("guardian_redcross", "oversight") as guardian:
        caps.unlock(guardian, cast["reception_worker"].pk, why="because")


@pytest.mark.django_db
def test_the_database_lets_nobody_else_write_that_somebody_may_go_on(at: At, cast: Any) -> None:
    with pytest.raises(ProgrammingError, match="only their own guardian"), at("reception_manager", "reception") as me:
        Unlocked(membership=cast["reception_worker"], by_id=me.me, why="cover").save(force_insert=True)
