"""The plan played at a table with its clock sped up: a copy of which every record says by its id what it is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected, Row
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import exercise_id, is_exercise, random_reference
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import CentreLink, Command, Doing, Level, Operation, Roster, SitePlace, State, Task

from .sense import known

ABOUT = {"operation": "operation_id"}
NO_PLACE = "Not told in an exercise"
LONGEST = 500
LEFT_OUT = ("id", "controller_id", "recorded_at", "operation_id", "version", "since")


def rehearse(actor: Actor, operation_id: UUID, *, players: Sequence[UUID] = (), pace: int = 1) -> Operation:
    """Whoever commands the plan commands its rehearsal; with them sit those whom they choose of the roster."""
    if is_exercise(operation_id):
        raise RuleBroken("This is an exercise already. Rehearse the plan that it plays.")
    plan = policy.OPERATIONS.one(actor, operation_id)
    if plan["state"] != State.PLANNED:
        raise RuleBroken("Only a plan is rehearsed, before its day.")
    known(str(pace), [str(one) for one in rules.PACES], "pace")
    roster = {row.membership_id: row for row in policy.roster_of(operation_id)}
    if not set(players) <= set(roster):
        raise RuleBroken("Choose from those on the roster.", field="players")
    played = exercise_id()
    Command.objects.create(operation_id=played, membership_id=actor.me, level=Level.SILVER, is_lead=True)
    _sit_down(actor, played, [roster[member] for member in players if member != actor.me])
    CentreLink.objects.create(operation_id=played, centre_id=exercise_id(), agency_id=actor.home, lead_id=actor.home)
    return begin_rehearsal(actor, played, plan=plan, pace=pace)


def _sit_down(actor: Actor, played: UUID, others: list[Roster]) -> None:
    Roster.objects.create(operation_id=played, membership_id=actor.me, agency_id=actor.home, part=Task.COMMAND)
    for row in others:
        Roster.objects.create(
            operation_id=played, membership_id=row.membership_id, agency_id=row.agency_id, part=row.part
        )


@action("operation", "W", about=ABOUT)
def begin_rehearsal(actor: Actor, operation_id: UUID, *, plan: Row, pace: int) -> Operation:
    """Live at once. Addresses stay where they are: a rehearsal tells nobody where the doors will be."""
    now = clock.now()
    exercise = Operation(
        id=operation_id, controller_id=actor.home, reference=random_reference("EX"), name=f"EXERCISE {plan['name']}",
        objectives=plan["objectives"], threat=plan["threat"], proportionality=plan["proportionality"],
        strand=plan["strand"], planned_for=now, started_at=now, state=State.LIVE,
        exercise=True, pace=pace, plays_from=plan["planned_for"],
    )  # fmt: skip
    made = policy.OPERATIONS.add(actor, exercise)
    sites = {row["id"]: _site(actor, row, operation_id) for row in _of(actor, policy.SITES, plan)}
    for table in (policy.WARRANTS, policy.UNITS, policy.PARTNERS, policy.CONTINGENCIES):
        for row in _of(actor, table, plan):
            where = {"site_id": sites.get(row["site_id"])} if "site_id" in row else {}
            if table is policy.WARRANTS and where["site_id"] is None:
                continue
            _again(actor, table, row, operation_id, **where, **AFRESH.get(table.table, {}))
    return made


def _site(actor: Actor, row: Row, operation_id: UUID) -> UUID:
    site = _again(actor, policy.SITES, row, operation_id, opens_at=clock.now(), **SITE_AFRESH)
    place = SitePlace(controller_id=actor.home, operation_id=operation_id, site_id=site, place=NO_PLACE, address="")
    policy.PLACES.add(actor, place)
    return site


SITE_AFRESH = {
    "entered_at": None, "entry_power": "", "secured_at": None, "searching_at": None, "left_at": None,
    "host_agreed_by": "",
}  # fmt: skip
AFRESH: dict[str, dict[str, Any]] = {
    policy.WARRANTS.table: {"executed_at": None, "returned_at": None, "court": "", "grounds": ""},
    policy.UNITS.table: {"doing": Doing.STANDING_BY, "note": "", "next_word_at": None},
}


def _of(actor: Actor, table: Protected[Any], plan: Row) -> list[Row]:
    """Without what was taken out of the plan again."""
    gone = {policy.SITES.table: Q(out_at=None), policy.CONTINGENCIES.table: Q(ended_at=None)}
    which = Q(operation_id=plan["id"]) & gone.get(table.table, Q())
    return table.many(actor, which, order_by=("id",), limit=LONGEST)


def _again(actor: Actor, table: Protected[Any], row: Row, operation_id: UUID, **afresh: Any) -> UUID:
    kept = {name: value for name, value in row.items() if name not in LEFT_OUT}
    made = table.model(controller_id=actor.home, operation_id=operation_id, **kept | afresh)
    copy: UUID = table.add(actor, made).pk
    return copy


@action("operation", "W", about=ABOUT)
def end_rehearsal(actor: Actor, operation_id: UUID) -> Operation:
    """Sealed: from now on nobody opens any of it but the commander, who looks back in the plan."""
    exercise = policy.OPERATIONS.one(actor, operation_id)
    if not exercise["exercise"]:
        raise RuleBroken("This is no exercise. Close it when every site has been left.")
    if exercise["state"] != State.LIVE:
        raise RuleBroken("This exercise is over already.")
    Roster.objects.filter(operation_id=operation_id, until=None).update(until=clock.now())
    return policy.OPERATIONS.change(actor, operation_id, {"state": State.STOOD_DOWN, "ended_at": clock.now()})
