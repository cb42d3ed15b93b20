"""A centre with two workers on shift, and people on their way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wilberforce.base import clock
from wilberforce.operations import actions as operations
from wilberforce.operations.tests.factories import ago, live
from wilberforce.reception import actions, lists
from wilberforce.reception.actions.records import to_hand_over
from wilberforce.reception.models import Leaving
from wilberforce.survivors.models import Person

HOUR = timedelta(hours=1)


@dataclass
class Open:
    """A centre at work. ``by(part)`` opens the door as somebody of it."""

    at: Callable[..., Any]
    centre_id: UUID
    found: list[Any] = field(default_factory=list)

    def by(self, part: str = "reception_worker") -> Any:
        return self.at(part, "reception")

    def arrived(self, part: str = "reception_worker", **facts: Any) -> Person:
        with self.by(part) as actor:
            given: dict[str, Any] = {"age": "adult", "languages": ["sq"]} | facts
            return actions.arrive(actor, self.centre_id, **given)


def leaves(actor: Any, person_id: UUID, **facts: Any) -> Leaving:
    """With a card, and with somebody who asks after them."""
    asked = {"way": "call", "contact": "Robin, 01632 960 104"} | facts.pop("follow_up", {})
    return actions.leave(actor, person_id, **({"card": "given", "follow_up": asked} | facts))


def ready_to_close(actor: Any, centre_id: UUID) -> None:
    for item, entry in lists.CHECKS.items():
        if entry.list == "closing":
            actions.check(actor, centre_id, item=item, answer="yes")
    for one in to_hand_over(centre_id):
        taken: dict[str, Any] = {
            "about_class": one.data_class, "recipient_id": one.controller_id, "way": "system"
        }  # fmt: skip
        actions.hand_over_records(actor, centre_id, taken_by="The records office", **taken)


def on_shift(at: Any, cast: Any, centre_id: UUID, *parts: str) -> None:
    now = clock.now()
    for part in parts:
        with at("reception_manager", "reception") as actor:
            shift = actions.set_up_shift(actor, centre_id, cast[part].pk, now - HOUR, now + 7 * HOUR)
        with at(part, "reception") as actor:
            actions.sign_in_to_shift(actor, shift.pk)


@pytest.fixture
def centre(at: Any, cast: Any) -> Open:
    """``reception_worker_2`` belongs to the same agency and to no centre."""
    with at("reception_manager", "reception") as actor:
        opened = actions.open_centre(
            actor, name="Kingfisher", capacity=20, rooms=[("sleeping-women", 6), ("health", 0)]
        )
    on_shift(at, cast, opened.pk, "reception_manager", "reception_worker", "health_worker")
    return Open(at, opened.pk)


@pytest.fixture
def other_centre(at: Any, cast: Any) -> Open:
    with at("reception_manager", "reception") as actor:
        opened = actions.open_centre(actor, name="Heron", capacity=5)
    on_shift(at, cast, opened.pk, "reception_worker_2")
    return Open(at, opened.pk)


@pytest.fixture
def sent(centre: Open, at: Any, cast: Any) -> Open:
    """Two women were found; one set off for the centre half an hour ago, the other is still at the site."""
    day = live(at, cast)
    with day.planning() as actor:
        operations.link_centre(actor, day.operation, centre.centre_id)
    with day.on_site() as actor:
        for minutes in (45, 40):
            found = operations.record_found(
                actor, day.sites["B"], age="not sure", sex="female", languages=["ro"], at=ago(minutes=minutes)
            )
            centre.found.append(found)
        centre.found[0] = operations.send_to(
            actor, centre.found[0].pk, to="centre", centre_id=centre.centre_id, at=ago(minutes=30)
        )
    return centre
