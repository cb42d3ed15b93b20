"""The directory of premises: kept by a council, chosen from by the commander and by whoever sets up a centre."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import actions as operations
from wilberforce.reception import lists, policy
from wilberforce.reception.premises import Premises

from . import sense

MOST = 100
AGENCY = {"agency": "agency_id"}
WHOLE, PLAN = "premises", "premises_plan"
SLEEPING = {"sleeping-women": "beds_women", "sleeping-men": "beds_men"}


@action("operation", "W", about=AGENCY, projection=WHOLE)
def keep_premises(actor: Actor, /, agency_id: UUID, **said: Any) -> Premises:
    """``agency_id``: the council that keeps the directory, which is the actor's own."""
    kept = Premises(controller_id=agency_id, **_sensible(said))
    return policy.PREMISES.add(actor, kept, projection=WHOLE)


@action("operation", "W", about=AGENCY, projection=WHOLE)
def change_premises(
    actor: Actor, /, agency_id: UUID, premises_id: UUID, *, version: int | None = None, why: str = "", **said: Any
) -> Premises:
    before = policy.PREMISES.one(actor, premises_id, projection=WHOLE)
    if before["controller_id"] != agency_id:
        raise NotAllowed(rule="row", reason="row")
    changes = _sensible(said)
    if before["ended_at"] and changes["ended_at"]:
        changes["ended_at"] = before["ended_at"]
    return corrected(
        actor, policy.PREMISES, policy.FORMER_PREMISES, premises_id, changes, version=version, why=why, projection=WHOLE
    )


def given_up(actor: Actor) -> list[dict[str, Any]]:
    """The council's own that are used no more: one that was given up by mistake is taken up again."""
    mine = Q(ended_at__isnull=False, controller_id=actor.home)
    return policy.PREMISES.many(actor, mine, projection=WHOLE, order_by=("-ended_at", "id"), limit=MOST)


def _sensible(said: Mapping[str, Any]) -> dict[str, Any]:
    """``still_there``: a place that is given up is never chosen again, and stays as it was written."""
    tidy = dict(said)
    if not tidy.get("name", "").strip():
        raise RuleBroken("Enter what you call this place.", field="name")
    for field, codes in (("rooms", lists.ROOMS), ("features", lists.FEATURES)):
        tidy[field] = [sense.known(code, codes, field) for code in tidy.get(field, ())]
    looked = tidy.pop("looked_on", None)
    if looked and looked > clock.in_london(clock.now()).date():
        raise RuleBroken("This day is still to come. Enter when somebody last looked at it.", field="looked_on")
    tidy["looked_at"] = datetime.combine(looked, time(), clock.LONDON) if looked else None
    tidy["ended_at"] = None if tidy.pop("still_there", "yes") == "yes" else clock.now()
    return tidy


def directory(actor: Actor, projection: str) -> list[dict[str, Any]]:
    """Those that are still there, of every council whose directory is open to the actor."""
    found = policy.PREMISES.many(
        actor, Q(ended_at=None), projection=projection, order_by=("capacity", "id"), limit=MOST
    )
    return found


def rooms_of(place: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The rooms with which a centre there begins."""
    return [(kind, place[SLEEPING[kind]] if kind in SLEEPING else 0) for kind in place["rooms"]]


def say_where(
    actor: Actor,
    operation_id: UUID,
    *,
    centre_id: UUID,
    premises_id: UUID | None = None,
    address: str = "",
    why: str = "",
) -> None:
    """The address of a centre, from the directory or as it is typed. It opens per shift, to those named on it."""
    if premises_id is not None and not address.strip():
        place = policy.PREMISES.one(actor, premises_id, projection=WHOLE)
        address = f"{place['address']}\n{place['contact']}".strip()
    operations.tell_centre_address(actor, operation_id, centre_id=centre_id, address=address, why=why)
