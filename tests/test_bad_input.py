"""What people type that can't be: the journey's own cases, beside those that each stage tests on its own pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wilberforce.base import clock
from wilberforce.base.ids import random_id

from .conftest import Day

pytestmark = pytest.mark.django_db


def moment(ago: timedelta) -> dict[str, str]:
    then = clock.in_london(clock.now() - ago)
    return {"at_0": str(then.day), "at_1": str(then.month), "at_2": str(then.year), "at_3": then.strftime("%H:%M")}


@pytest.mark.parametrize(
    ("ago", "sentence"),
    [(timedelta(days=2), "before they arrived"), (timedelta(days=-2), "in the future")],
)
def test_nobody_leaves_before_they_arrived_or_tomorrow(day: Day, signed_in: Any, ago: timedelta, sentence: str) -> None:
    form = {"purpose": "reception", "once": str(random_id()), "version": "1", "destination": "victim-care"}
    address = f"/reception/here/{day.one('survivors_person')}/leave/"
    answer = signed_in("reception_manager").post(
        address, form | {"transport": "not-known", "card": "given", "way": "call"} | moment(ago)
    )
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
