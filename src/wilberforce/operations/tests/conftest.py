from typing import Any

import pytest

from .factories import Day, live, prepared


@pytest.fixture
def plan(at: Any, cast: Any) -> Day:
    return prepared(at, cast)


@pytest.fixture
def day(at: Any, cast: Any) -> Day:
    return live(at, cast)
