from collections.abc import Callable
from typing import Any

import pytest

from wilberforce.concerns.tests.conftest import tell
from wilberforce.intelligence import actions
from wilberforce.intelligence.models import Item

__all__ = ["tell"]
WOMEN = "Five women live in a house in Normanton, are driven out each evening and hold no papers."


@pytest.fixture
def item(at: Any) -> Callable[..., Item]:
    """An item that the intelligence officer of Derbyshire wrote."""

    def written(**given: Any) -> Item:
        told = {"text": WOMEN, "source_grade": 2, "assessment": "B", **given}
        with at("intel_officer", "intelligence") as actor:
            return actions.write_item(actor, **told)

    return written
