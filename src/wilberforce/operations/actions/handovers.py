"""From one pair of hands to the next: who gives says so, who receives confirms it, and a conflict is shown to both."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import Conflict, RuleBroken
from wilberforce.base.ids import is_exercise
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import CentreLink, Classified, Handover, Heading, Place, Standing, UnitKind

from .log import log
from .people import send_to
from .sense import in_order, known, one_at_a_time

FOUND, ARRIVAL = "site_found", "arrival"
SPEAKS_FOR_ITSELF = {"redcross": Place.CENTRE, "custody_officer": Place.CUSTODY}
NOBODY_RECEIVES = (Place.LEFT,)
RECEIVED_BY_A_STRANGER = (Place.HOSPITAL,)


def hand_over(actor: Actor, found_id: UUID, **given: Any) -> Handover:
    """Where they are heading is recorded with it, if it was not before."""
    person = policy.FOUND.one(actor, found_id, projection=FOUND)
    handover = give(actor, found_id, site_id=person["site_id"], **given)
    heading = Heading.CENTRE if given["to"] == Place.VEHICLE and given.get("centre_id") else given["to"]
    if person["heading_to"] == Heading.NONE and heading in Heading.values:
        send_to(actor, found_id, to=heading, centre_id=given.get("centre_id"), at=handover.given_at)
    return handover


@action("operation", "W", about={"record": "found_id", "site": "site_id"}, projection=FOUND)
def give(
    actor: Actor,
    found_id: UUID,
    *,
    site_id: UUID,
    to: str,
    vehicle_id: UUID | None = None,
    centre_id: UUID | None = None,
    at: datetime | None = None,
) -> Handover:
    """They stay where they are until the other side confirms. Raises Conflict where somebody gave them already."""
    one_at_a_time(found_id)
    person = policy.FOUND.one(actor, found_id, projection=FOUND)
    known(to, [place for place in Place.values if place != Place.SITE], "to")
    before = policy.HANDOVERS.many(actor, Q(found_id=found_id), projection=FOUND, order_by=("number",), limit=100)
    to_id = {Place.VEHICLE: vehicle_id, Place.CENTRE: centre_id}.get(Place(to))
    at = at or clock.now()
    _not_given_already(before)
    now = rules.where_now(rules.steps(before))
    _may_go(actor, person, now, to, to_id)
    last = max([person["found_at"], *(row["given_at"] for row in before)])
    in_order(rules.Moment("finding or the last handover", last), rules.Moment("handover", at))
    handover = Handover(
        controller_id=person["controller_id"], operation_id=person["operation_id"], found_id=found_id,
        number=len(before) + 1, reference=person["reference"], from_place=now.to, to_place=to, to_id=to_id,
        given_by=actor.me, given_at=at, received_at=at if to in NOBODY_RECEIVES else None,
    )  # fmt: skip
    return policy.HANDOVERS.add(actor, handover, projection=FOUND)


def _not_given_already(before: list[Row]) -> None:
    offered = next((row for row in before if row["received_at"] is None and row["undone_at"] is None), None)
    if offered is not None:
        theirs = {"to": offered["to_place"], "at": offered["given_at"]}
        sentence = "Somebody has handed this person over already, and it is not confirmed yet. Nothing was changed."
        raise Conflict(sentence, theirs=theirs)


def _may_go(actor: Actor, person: Row, now: rules.Step, to: str, to_id: UUID | None) -> None:
    if now.to in (Place.CENTRE, Place.LEFT):
        raise RuleBroken(f"They are no longer with you: {Place(now.to).label.lower()}.", field="to")
    if (now.to, now.to_id) == (to, str(to_id or "")):
        raise RuleBroken("They are there already.", field="to")
    fault = rules.may_not_leave(person["age"]) if to == Place.LEFT else ""
    if fault:
        raise RuleBroken(fault, field="to")
    if to == Place.VEHICLE:
        _has_a_seat(actor, person["operation_id"], to_id)
    if to == Place.CENTRE:
        links = CentreLink.objects.filter(operation_id=person["operation_id"], until=None)
        if to_id is None or not links.filter(centre_id=to_id).exists():
            raise RuleBroken("Choose a centre that works for this operation.", field="centre_id")


def _has_a_seat(actor: Actor, operation_id: UUID, vehicle_id: UUID | None) -> None:
    where = Q(pk=vehicle_id, operation_id=operation_id, kind=UnitKind.VEHICLE)
    found = policy.UNITS.many(actor, where, projection="day_log", limit=1)
    if not found:
        raise RuleBroken("Choose a vehicle of this operation.", field="vehicle_id")
    every = policy.HANDOVERS.many(
        actor, Q(operation_id=operation_id), projection=FOUND, order_by=("found_id", "number"), limit=5_000
    )
    full = rules.may_not_board(found[0]["seats"], riding(every, str(vehicle_id)))
    if full:
        raise RuleBroken(full, field="vehicle_id")


def riding(handovers: list[Row], vehicle: str) -> int:
    """Those in it and those who are being handed to it."""
    ways: dict[UUID, list[Row]] = {}
    for row in handovers:
        ways.setdefault(row["found_id"], []).append(row)
    there = [rules.on_offer(steps) or rules.where_now(steps) for steps in map(rules.steps, ways.values())]
    return sum(step.to == Place.VEHICLE and step.to_id == vehicle for step in there)


def receive(
    actor: Actor, handover_id: UUID, *, received_words: str = "", at: datetime | None = None, version: int | None = None
) -> Handover:
    """By the other side: the centre and custody themselves, a colleague in the vehicle, a named post in hospital."""
    own = SPEAKS_FOR_ITSELF.get(actor.kind) or SPEAKS_FOR_ITSELF.get(actor.role)
    seen = ARRIVAL if own else FOUND
    row = policy.HANDOVERS.one(actor, handover_id, projection=seen)
    if not own and row["to_place"] in SPEAKS_FOR_ITSELF.values() and not is_exercise(handover_id):
        raise RuleBroken("Those who receive the person confirm it themselves.")
    if row["received_at"] or row["undone_at"]:
        raise RuleBroken("This handover is closed already.")
    if row["to_place"] in RECEIVED_BY_A_STRANGER and not received_words.strip():
        raise RuleBroken("Enter the post of whoever received them.", field="received_words")
    if row["given_by"] == actor.me and row["to_place"] not in RECEIVED_BY_A_STRANGER:
        raise RuleBroken("You handed them over, so somebody else confirms it.")
    at = at or clock.now()
    in_order(rules.Moment("handover", row["given_at"]), rules.Moment("receipt", at))
    changes = {"received_by": actor.me, "received_words": received_words, "received_at": at}
    confirm = confirm_arrival if own else confirm_on_site
    return confirm(actor, row["operation_id"], handover_id=handover_id, changes=changes, version=version)


@action("operation", "W", about={"operation": "operation_id"}, projection=ARRIVAL)
def confirm_arrival(
    actor: Actor, operation_id: UUID, *, handover_id: UUID, changes: dict[str, Any], version: int | None
) -> Handover:
    return policy.HANDOVERS.change(actor, handover_id, changes, version=version, projection=ARRIVAL)


@action("operation", "W", about={"operation": "operation_id"}, projection=FOUND)
def confirm_on_site(
    actor: Actor, operation_id: UUID, *, handover_id: UUID, changes: dict[str, Any], version: int | None
) -> Handover:
    return policy.HANDOVERS.change(actor, handover_id, changes, version=version, projection=FOUND)


def undo_handover(actor: Actor, handover_id: UUID, *, why: str, version: int | None = None) -> Handover:
    """It did not happen. They are where they were, and the attempt stays in their history."""
    row = policy.HANDOVERS.one(actor, handover_id, projection=FOUND)
    if row["received_at"] is not None:
        raise RuleBroken("The other side has confirmed it. Hand the person over again instead.")
    if not why.strip():
        raise RuleBroken("Write why it did not happen.", field="why")
    changes = {"undone_at": clock.now(), "undone_why": why}
    return confirm_on_site(actor, row["operation_id"], handover_id=handover_id, changes=changes, version=version)


# How somebody is looked upon


def classify(actor: Actor, found_id: UUID, *, standing: str, why: str) -> Classified:
    """From suspect to possible victim and back. A person can be both (Modern Slavery Act 2015 s.45)."""
    person = policy.FOUND.one(actor, found_id, projection=FOUND)
    known(standing, Standing.values, "standing")
    if not why.strip():
        raise RuleBroken("Write why. Both the reason and what was thought before stay.", field="why")
    return reclassify(actor, person["operation_id"], person=person, standing=standing, why=why)


@action("operation", "W", about={"operation": "operation_id"}, projection=FOUND)
def reclassify(actor: Actor, operation_id: UUID, *, person: Row, standing: str, why: str) -> Classified:
    before = policy.CLASSIFIED.many(actor, Q(found_id=person["id"]), projection=FOUND, order_by=("-at", "-id"), limit=1)
    was = Standing(before[0]["standing"]) if before else Standing.NOT_SURE
    if before and was == standing:
        raise RuleBroken("That is how they are looked upon already.", field="standing")
    made = Classified(
        controller_id=person["controller_id"], operation_id=operation_id, found_id=person["id"],
        standing=standing, why=why, by=actor.me,
    )  # fmt: skip
    kept = policy.CLASSIFIED.add(actor, made, projection=FOUND)
    words = f"{person['reference']}: {was.label.lower()} before, {Standing(standing).label.lower()} now."
    log(actor, operation_id, text=words, site_id=person["site_id"], goes_on=True)
    return kept
