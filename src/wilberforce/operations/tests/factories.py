"""An operation of the one cast: planned, prepared, live."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from wilberforce.agencies.cast import Cast
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.operations import actions

At = Callable[..., AbstractContextManager[Any]]
MEMBERS = ("op_member_a", "op_member_b")
PARTNERS = ("derbyshire-fire", "red-cross", "derby-city", "hmrc")


def ago(**length: float) -> datetime:
    return clock.now() - timedelta(**length)


@dataclass
class Day:
    """Ids of what was set up, and the door to go on through."""

    at: At
    cast: Cast
    operation: UUID
    centre: UUID = field(default_factory=random_id)
    sites: dict[str, UUID] = field(default_factory=dict)

    def planning(self) -> AbstractContextManager[Any]:
        return self.at("op_commander", "op_planning")

    def commanding(self) -> AbstractContextManager[Any]:
        return self.at("op_commander", "op_safety")

    def on_site(self, part: str = "op_member_a") -> AbstractContextManager[Any]:
        return self.at(part, "op_safety")

    def agency(self, code: str) -> UUID:
        return self.cast.agencies[code].pk


def planned(at: At, cast: Cast, starts: datetime | None = None) -> Day:
    with at("op_commander", "op_planning") as actor:
        operation = actions.plan(
            actor,
            name="Operation Wilberforce",
            objectives="Find and look after people who are exploited. Arrest those who exploit them.",
            threat="Those inside may be moved or hurt; whoever goes in may meet violence.",
            proportionality="Asking at the door would warn those who keep them.",
            strand="pursue",
            planned_for=starts or ago(hours=2),
        )
    return Day(at, cast, operation.pk)


def prepared(at: At, cast: Cast, starts: datetime | None = None, centre: UUID | None = None) -> Day:
    """Partners asked, a roster, sites A (in the other force's area) and B, warrants for both, a centre: ``centre``, or
    one that nobody works at."""
    day = planned(at, cast, starts)
    day.centre = centre or day.centre
    with day.planning() as actor:
        for code in PARTNERS:
            actions.ask_partner(actor, day.operation, agency_id=day.agency(code), brings="People and kit", power="")
            actions.partner_answers(actor, day.operation, agency_id=day.agency(code), answer="yes")
        for part in (*MEMBERS, "op_member_fire", "op_member_city"):
            actions.join_roster(actor, day.operation, membership_id=cast[part].pk, part="entry")
        for ref, place in (("A", "Burton town centre"), ("B", "Normanton (Derby)")):
            site = actions.add_site(
                actor, day.operation, ref=ref, place=place, premises="house", address=f"{ref} Invented Row"
            )
            day.sites[ref] = site.pk
            actions.add_warrant(
                actor, site.pk, power="pace-8", court="Southern Derbyshire Magistrates", grounds="Reports of coercion",
                issued_at=ago(days=5), named_agencies=[day.agency("derbyshire-fire")],
            )  # fmt: skip
        actions.link_centre(actor, day.operation, day.centre, expected="1-5", languages=["ro"])
    return day


def live(at: At, cast: Cast, centre: UUID | None = None) -> Day:
    """Started, and site B entered."""
    day = prepared(at, cast, centre=centre)
    with day.commanding() as actor:
        actions.go_live(actor, day.operation, at=ago(hours=1))
    with day.on_site() as actor:
        actions.move_site(actor, day.sites["B"], state="entered", at=ago(minutes=50))
    return day


def more_found(actor: Any, operation: UUID, **told: Any) -> Any:
    """What is done if more people are found than planned; without it no order is issued."""
    answer = {"sign": "A bronze counts more than the band of the site.", "answer": "Two more minibuses come.", **told}
    return actions.plan_for(actor, operation, chance="more-found", decides="silver", **answer)


def refused(field: str | None = None, match: str | None = None) -> "Refused":
    """``with refused("at", "in the future"):`` the action is refused, beside that field, in such words."""
    return Refused(field, match)


class Refused:
    def __init__(self, field: str | None, match: str | None) -> None:
        self.field, self.raises = field, pytest.raises(RuleBroken, match=match)

    def __enter__(self) -> None:
        self.broken = self.raises.__enter__()

    def __exit__(self, *told: Any) -> bool | None:
        swallowed = self.raises.__exit__(*told)
        assert self.field is None or self.broken.value.field == self.field
        return swallowed
