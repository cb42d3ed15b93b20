from typing import Any

import pytest

from wilberforce.operations import actions

from .factories import Day, ago, live, prepared


@pytest.fixture
def plan(at: Any, cast: Any) -> Day:
    return prepared(at, cast)


@pytest.fixture
def day(at: Any, cast: Any) -> Day:
    return live(at, cast)


@pytest.fixture
def over(day: Day) -> Day:
    """Started, entered, left and closed."""
    with day.on_site() as actor:
        actions.move_site(actor, day.sites["B"], state="left", at=ago(minutes=10))
    with day.commanding() as actor:
        actions.close(actor, day.operation, at=ago(minutes=5))
    return day
