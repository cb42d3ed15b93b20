"""The day: the operation goes live, sites are entered and left, people are found and set off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base import clock, registries
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.lists import WITHOUT_WARRANT
from wilberforce.operations.models import (
    Entries,
    Hazard,
    Heading,
    Operation,
    Site,
    State,
)

from .after import debriefs_are_due
from .log import REVIEW, looked_at_again
from .sense import in_order, known, marked, of_the_day, past, still_open
from .sites import WARRANT, return_by

DAY_LOG = "day_log"
FOUND = "site_found"


@action("operation", "W", about={"operation": "operation_id"})
def go_live(actor: Actor, operation_id: UUID, *, at: datetime | None = None) -> Operation:
    operation = policy.OPERATIONS.one(actor, operation_id)
    if operation["state"] != State.PLANNED:
        raise RuleBroken("Only an operation that is planned can be started.")
    started = past("start", at or clock.now())
    return policy.OPERATIONS.change(actor, operation_id, {"state": State.LIVE, "started_at": started})


@action("operation", "W", about={"operation": "operation_id"})
def stand_down(actor: Actor, operation_id: UUID, *, at: datetime | None = None) -> Operation:
    """It closes to everybody but the commander at once."""
    if policy.OPERATIONS.one(actor, operation_id)["state"] != State.PLANNED:
        raise RuleBroken("It has been started, so it is closed and not stood down.")
    ended = past("standing down", at or clock.now())
    _warrants_no_longer_due(actor, operation_id)
    return policy.OPERATIONS.change(actor, operation_id, {"state": State.STOOD_DOWN, "ended_at": ended})


@action("operation", "W", about={"operation": "operation_id"})
def close(actor: Actor, operation_id: UUID, *, at: datetime | None = None) -> Operation:
    operation = policy.OPERATIONS.one(actor, operation_id)
    if operation["state"] != State.LIVE or operation["exercise"]:
        raise RuleBroken("Only an operation that is live can be closed. An exercise is ended on its plan.")
    inside = policy.SITES.many(
        actor, Q(operation_id=operation_id, entered_at__isnull=False, left_at=None), order_by=("ref",), limit=100
    )
    reasons = [f"Site {site['ref']} has not been left yet." for site in inside]
    waiting = policy.FOUND.count(actor, Q(operation_id=operation_id, heading_to=Heading.NONE))
    if waiting:
        reasons.append(f"{waiting} of the people found are still at a site. Record where each of them goes.")
    reasons += registries.blockers("operations.close", actor, operation_id)
    if reasons:
        raise RuleBroken(" ".join(reasons))
    ended = at or clock.now()
    in_order(rules.Moment("start", operation["started_at"]), rules.Moment("end", ended))
    _warrants_no_longer_due(actor, operation_id)
    _decisions_no_longer_due(actor, operation_id)
    debriefs_are_due(actor, operation_id, operation["controller_id"], ended)
    return policy.OPERATIONS.change(actor, operation_id, {"state": State.CLOSED, "ended_at": ended})


def _warrants_no_longer_due(actor: Actor, operation_id: UUID) -> None:
    for warrant in policy.WARRANTS.many(actor, Q(operation_id=operation_id), limit=500):
        deadlines.cancel(actor, warrant["id"], WARRANT)
        if warrant["executed_at"] is None and warrant["returned_at"] is None:
            return_by(actor, warrant["id"], warrant["controller_id"], warrant["expires_at"])


def _decisions_no_longer_due(actor: Actor, operation_id: UUID) -> None:
    """Those alone for whose review nobody set a time."""
    for row in policy.DECISIONS.many(actor, Q(operation_id=operation_id), limit=500):
        if row["review_at"] == looked_at_again(row["at"], None):
            deadlines.cancel(actor, row["id"], REVIEW)


# Sites


@action("operation", "W", about={"site": "site_id"}, projection=DAY_LOG)
def move_site(
    actor: Actor,
    site_id: UUID,
    *,
    state: str,
    at: datetime | None = None,
    power: str = "",
    entering: Sequence[UUID] = (),
    version: int | None = None,
) -> Site:
    """``power``: where no warrant is used; ``entering``: the partner agencies who go in with the police."""
    known(state, rules.SITE_STEPS, "state")
    site = policy.SITES.one(actor, site_id, projection=DAY_LOG)
    at = at or clock.now()
    of_the_day(actor, site["operation_id"], at, DAY_LOG)
    column = f"{state}_at"
    in_order(*[rules.Moment(word, at if key == state else site[f"{key}_at"]) for key, word in rules.SITE_STEPS.items()])
    if state != "entered" and site["entered_at"] is None:
        raise RuleBroken(f"Site {site['ref']} has not been entered yet. Record the entry first.", field="state")
    if site[column] is not None:
        raise RuleBroken("That has been recorded already. If it is wrong, correct it in the log.", field="state")
    changes: dict[str, Any] = {column: at}
    if state == "entered":
        changes["entry_power"] = _enter(actor, site, at, power, entering)
    return policy.SITES.change(actor, site_id, changes, version=version, projection=DAY_LOG)


def _enter(actor: Actor, site: dict[str, Any], at: datetime, power: str, entering: Sequence[UUID]) -> str:
    """The power under which they go in."""
    if still_open(actor, site["operation_id"], DAY_LOG)["state"] != State.LIVE:
        raise RuleBroken("The operation has not been started. The commander starts it first.", field="state")
    if site["host_force"] is not None and site["host_agreed_at"] is None:
        force = Agency.objects.get(pk=site["host_force"])
        raise RuleBroken(f"Site {site['ref']} is in the area of {force}, which has not agreed yet.", field="state")
    if power:
        return known(power, WITHOUT_WARRANT, "power")
    return _execute(actor, site, at, entering)


def _execute(actor: Actor, site: dict[str, Any], at: datetime, entering: Sequence[UUID]) -> str:
    held = policy.WARRANTS.many(actor, Q(site_id=site["id"]), projection=DAY_LOG, order_by=("-issued_at",), limit=20)
    if not held:
        raise RuleBroken(
            f"No warrant is recorded for site {site['ref']}. Record it, or choose the power to enter without one.",
            field="power",
        )
    refused = ""
    for row in held:
        warrant = rules.Warrant(
            row["issued_at"],
            frozenset(str(named) for named in row["named"]),
            row["executed_at"],
            row["entries"] == Entries.SEVERAL,
        )
        refused = rules.may_enter_under(warrant, at)
        if not refused:
            _all_named(actor, site, warrant, entering)
            policy.WARRANTS.change(actor, row["id"], {"executed_at": at}, projection=DAY_LOG)
            deadlines.meet(actor, row["id"], WARRANT, at)
            return_by(actor, row["id"], row["controller_id"], at)
            return str(row["power"])
    raise RuleBroken(refused, field="at")


def _all_named(actor: Actor, site: dict[str, Any], warrant: rules.Warrant, entering: Sequence[UUID]) -> None:
    by_own_power = policy.PARTNERS.many(
        actor, Q(operation_id=site["operation_id"], own_entry=True), projection=DAY_LOG, limit=100
    )
    own = [str(row["agency_id"]) for row in by_own_power]
    missing = rules.not_named(warrant, [str(agency) for agency in entering], own)
    if missing:
        names = ", ".join(Agency.objects.filter(pk__in=missing).order_by("name").values_list("name", flat=True))
        raise RuleBroken(
            f"Not named on the warrant: {names}. They wait outside ({rules.NAMED_ON_WARRANT.source}).", field="entering"
        )


@action("operation", "W", about={"site": "site_id"}, projection="site_hazard")
def note_hazard(
    actor: Actor, site_id: UUID, *, text: str, inside: int | None = None, at: datetime | None = None
) -> Hazard:
    """What could hurt somebody, and how many people are inside. No names."""
    site = policy.SITES.one(actor, site_id, projection="site_hazard")
    if not text.strip() and inside is None:
        raise RuleBroken("Write what could hurt somebody, or how many people are inside.", field="text")
    at = at or clock.now()
    of_the_day(actor, site["operation_id"], at, "site_hazard")
    hazard = Hazard(
        controller_id=site["controller_id"],
        operation_id=site["operation_id"],
        site_id=site_id,
        at=past("time of it", at),
        inside=inside,
        text=marked(site_id, text),
    )
    return policy.HAZARDS.add(actor, hazard, projection="site_hazard")
