"""A server that dies, a network that is gone, a clock that is wrong: nothing lost, nothing doubled, and it is said."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base import clock
from wilberforce.operations import actions, policy

from .factories import Day, ago, live

TO_HOSPITAL = """
import sys, time, django
django.setup()
from uuid import UUID
from wilberforce.ledger.doors import at_work
from wilberforce.operations import actions
with at_work(bytes.fromhex(sys.argv[1]), "op_safety") as actor:
    actions.hand_over(actor, UUID(sys.argv[2]), to="hospital")
    print("handed over, not committed", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def day(at: Any, cast: Any) -> Day:
    return live(at, cast)


def found(day: Day) -> UUID:
    with day.on_site() as actor:
        return actions.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=20)).pk


def handovers(day: Day, person: UUID) -> list[dict[str, Any]]:
    with day.on_site() as actor:
        return policy.HANDOVERS.many(actor, Q(found_id=person), projection="site_found", order_by=("number",))


def form(**answers: str) -> dict[str, str]:
    return {"purpose": "op_safety", "once": str(uuid4()), **answers}


@pytest.mark.django_db(transaction=True)
def test_a_server_killed_in_the_middle_of_a_handover_leaves_no_half_of_one(day: Day, signed_in: Any) -> None:
    person, session = found(day), seat_without_browser(day.cast["op_member_a"])
    environment = os.environ | {"WB_DB_NAME": str(connection.settings_dict["NAME"])}
    dying = subprocess.Popen(
        [sys.executable, "-c", TO_HOSPITAL, session.hex(), str(person)], env=environment, stdout=subprocess.PIPE
    )
    assert dying.stdout is not None
    assert dying.stdout.readline().startswith(b"handed over")
    dying.kill()
    dying.wait()
    assert handovers(day, person) == [], "they are where they were"
    sent = form(to="hospital")
    again = [signed_in("op_member_a").post(reverse("op_safety:hand_over", args=[person]), sent) for _ in range(2)]
    assert [answer.status_code for answer in again] == [302, 302]
    assert len(handovers(day, person)) == 1


@pytest.mark.django_db
def test_a_form_sent_again_after_the_network_was_gone_for_ten_minutes_acts_once(day: Day, signed_in: Any) -> None:
    """The first sending arrived and its answer did not: the browser sends the same form again when it can."""
    bronze, sent = signed_in("op_member_a"), form(age="adult", sex="not sure", injury="none")
    address = reverse("op_safety:site_found", args=[day.sites["B"]])
    first = bronze.post(address, sent)
    second = bronze.post(address, sent)
    assert (first.status_code, second["Location"]) == (302, first["Location"])
    with day.on_site() as actor:
        assert policy.FOUND.count(actor, Q(operation_id=day.operation)) == 1


@pytest.mark.django_db
def test_what_somebody_else_recorded_meanwhile_is_shown_and_not_overwritten(day: Day, signed_in: Any) -> None:
    person = found(day)
    with day.on_site() as actor:
        before = policy.FOUND.one(actor, person, projection="site_found")["version"]
        actions.correct_found(actor, person, age="adult", injury="serious", sex="female", languages=[], note="")
    told = form(age="adult", sex="male", injury="none", version=str(before))
    late = signed_in("op_member_b").post(reverse("op_safety:found_right", args=[person]), told)
    assert late.status_code == 409
    assert "Needs hospital" in late.content.decode()
    with day.on_site() as actor:
        assert policy.FOUND.one(actor, person, projection="site_found")["injury"] == "serious"


def typed(at: datetime) -> dict[str, str]:
    local = clock.in_london(at)
    return {"at_0": str(local.day), "at_1": str(local.month), "at_2": str(local.year), "at_3": f"{local:%H:%M}"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"), [(timedelta(hours=1), "in the future"), (timedelta(hours=-1), "before the finding")]
)
def test_a_phone_whose_clock_is_an_hour_out_is_told_so(day: Day, signed_in: Any, wrong: timedelta, said: str) -> None:
    person = found(day)
    answer = signed_in("op_member_a").post(
        reverse("op_safety:hand_over", args=[person]), form(to="hospital") | typed(clock.now() + wrong)
    )
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert handovers(day, person) == []


@pytest.mark.django_db
def test_whatever_a_phone_thinks_the_time_is_an_empty_answer_means_the_servers_now(day: Day, signed_in: Any) -> None:
    person, before = found(day), clock.now()
    assert (
        signed_in("op_member_a").post(reverse("op_safety:hand_over", args=[person]), form(to="hospital")).status_code
        == 302
    )
    [given] = handovers(day, person)
    assert before <= given["given_at"] <= clock.now()
