from typing import Any

import pytest

from wilberforce.operations import actions
from wilberforce.reception import actions as reception

from .factories import Day, ago, live, prepared


@pytest.fixture
def plan(at: Any, cast: Any) -> Day:
    return prepared(at, cast)


@pytest.fixture
def day(at: Any, cast: Any) -> Day:
    with at("reception_manager", "reception") as actor:
        centre = reception.open_centre(actor, name="Kingfisher", capacity=20).pk
    return live(at, cast, centre)


@pytest.fixture
def over(day: Day) -> Day:
    """Started, entered, left and closed."""
    with day.on_site() as actor:
        actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=10))
    with day.commanding() as actor:
        actions.close(actor, day.operation, at=ago(minutes=5))
    return day
