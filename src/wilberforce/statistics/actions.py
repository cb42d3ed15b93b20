"""A quarter is drawn up once by the force that led, and goes out when the guardians of two agencies say yes."""

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action

from . import policy, rules
from .models import Yes


@action("statistic", "A")
def draw_up(actor: Actor, *, starts: date) -> None:
    """The counts are made, hidden and rounded in the database: an exact count never leaves it."""
    if actor.kind != "police":
        raise RuleBroken("The force that led the operations draws up their figures.")
    if not rules.may_be_drawn_up(starts, clock.in_london(clock.now()).date()):
        raise RuleBroken(f"A quarter is drawn up {rules.FROZEN_AFTER.value} days after its end.", field="starts")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statistics_draw_up(%s)", [starts])
        drawn = cursor.fetchone()[0]
    if drawn == "again":
        raise RuleBroken("This quarter was drawn up already and does not change any more.", field="starts")


def say_yes(actor: Actor, quarter_id: UUID) -> Yes:
    quarter = policy.QUARTERS.one(actor, quarter_id)
    return let_out(actor, agency_id=actor.home, quarter_id=quarter["id"])


@action("statistic", "A", about={"agency": "agency_id"})
def let_out(actor: Actor, *, agency_id: UUID, quarter_id: UUID) -> Yes:
    if actor.role != "data_guardian":
        raise NotAllowed(rule="cell", reason="cell")
    if policy.YESES.count(actor, Q(quarter_id=quarter_id, controller_id=agency_id)):
        raise RuleBroken("Your agency has said yes already. The guardian of another agency is asked too.")
    return policy.YESES.add(actor, Yes(controller_id=agency_id, quarter_id=quarter_id, said_by=actor.me))
