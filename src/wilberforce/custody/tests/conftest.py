"""Two men arrested in a live operation, one of them in a cell."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from wilberforce.agencies import shifts
from wilberforce.base import clock
from wilberforce.custody import actions
from wilberforce.operations.tests.factories import Day, ago, live

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TRAFFICKING = "conspiracy-msa-2"


@pytest.fixture
def day(at: Any, cast: Any) -> Day:
    return live(at, cast)


@dataclass
class Suite:
    day: Day

    def arrest(self, label: str = "man 1", part: str = "op_member_a", **answers: Any) -> UUID:
        told = {
            "site_id": self.day.sites["B"], "label": label, "sex": "male", "ages": [], "offences": [TRAFFICKING],
            "at": ago(minutes=40), "place": "A house in an invented street", **answers,
        }  # fmt: skip
        with self.day.on_site(part) as actor:
            return actions.arrest(actor, self.day.operation, **told).pk

    def duty(self, part: str = "custody_officer") -> AbstractContextManager[Any]:
        with self.day.at(part, "custody") as actor:
            shifts.sign_in(actor, actor.agency)
        return self.day.at(part, "custody")

    def booked(self, arrest: UUID | None = None, **answers: Any) -> UUID:
        told = {"station": "derby", "arrived_at": ago(minutes=20), **answers}
        arrest = arrest or self.arrest()
        with self.duty() as actor:
            return actions.book_in(actor, arrest, **told).pk

    def detained(self, since: timedelta = 15 * MINUTE) -> UUID:
        """Arrested, arrived and authorised, five minutes apart, ending so long ago."""
        arrest = self.arrest(at=ago(seconds=since.total_seconds() + 600))
        held = self.booked(arrest, arrived_at=ago(seconds=since.total_seconds() + 300))
        with self.duty() as actor:
            actions.authorise(actor, held, at=ago(seconds=since.total_seconds()), grounds="To secure evidence")
        return held


@pytest.fixture
def suite(day: Day) -> Suite:
    return Suite(day)


# Pages


def moment(name: str, at: Any) -> dict[str, str]:
    local = clock.in_london(at)
    parts = (local.day, local.month, local.year, f"{local:%H:%M}")
    return {f"{name}_{n}": str(part) for n, part in enumerate(parts)}


def to(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def words(response: Any) -> str:
    return str(response.content.decode())


def send(client: Any, url: str, purpose: str = "custody", **given: Any) -> Any:
    return client.post(url, {"purpose": purpose, "once": str(uuid4()), **given})


@pytest.fixture
def officer(signed_in: Any) -> Any:
    return signed_in("op_member_a")


@pytest.fixture
def sergeant(signed_in: Any) -> Any:
    client = signed_in("custody_officer")
    send(client, to("custody:shift"), hours="8")
    return client


@pytest.fixture
def inspector(signed_in: Any) -> Any:
    client = signed_in("review_officer")
    send(client, to("custody:shift"), hours="8")
    return client


At = Callable[..., AbstractContextManager[Any]]
