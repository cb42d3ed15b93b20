from collections.abc import Callable
from typing import Any

import pytest

from wilberforce.agencies.models import Area
from wilberforce.concerns import actions
from wilberforce.concerns.models import Report
from wilberforce.ledger.doors import at_public_door

SEEN = "Five women live above the shop and are never seen outside alone."


@pytest.fixture
def tell(cast: Any) -> Callable[..., tuple[Report, str]]:
    """A member of the public tells us something, about Derby unless they say where."""

    def told(place: str = "Normanton (Derby)", **answers: Any) -> tuple[Report, str]:
        with at_public_door("triage") as actor:
            said = {"body": SEEN, "area": Area.objects.get(place=place), **answers}
            return actions.report(actor, **said)

    return told
