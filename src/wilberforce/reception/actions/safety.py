"""Keeping people safe from one another, from a telephone, and when they are missing. No suspicion is kept here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.policy import open_in_agency
from wilberforce.ledger.doors import action
from wilberforce.operations import actions as operations
from wilberforce.operations.models import CentreLink
from wilberforce.reception import policy, rules
from wilberforce.reception.care import Apart
from wilberforce.reception.models import Where
from wilberforce.survivors.policy import PEOPLE

from . import sense

PERSON = {"person": "person_id"}
MISSING, ROLE = "missing-child", "reception_manager"


@action("support", "W", about=PERSON, projection="given")
def keep_apart(actor: Actor, person_id: UUID, *, reference: str) -> Apart:
    """From somebody who is here too. Why is nobody's business: a worry about somebody goes to the police liaison."""
    stay = sense.presence_of(actor, person_id)
    wanted = "".join(reference.split()).upper()
    here = Q(centre_id=stay["centre_id"], reference=wanted, until=None)
    found = policy.PRESENCES.many(actor, here, limit=1)
    if not found or found[0]["person_id"] == person_id:
        raise RuleBroken("Nobody else here has this reference. Check the card.", field="reference")
    apart = Apart(
        controller_id=stay["controller_id"],
        centre_id=stay["centre_id"],
        person_id=person_id,
        other_id=found[0]["person_id"],
        at=clock.now(),
        by=actor.me,
    )
    return policy.APARTS.add(actor, apart, projection="given")


@action("support", "W", about=PERSON, projection="given")
def no_longer_apart(actor: Actor, person_id: UUID, apart_id: UUID, *, version: int | None = None) -> Apart:
    kept = policy.APARTS.one(actor, apart_id, projection="given")
    if person_id not in (kept["person_id"], kept["other_id"]) or kept["ended_at"]:
        raise NotAllowed(rule="row", reason="row")
    return policy.APARTS.change(actor, apart_id, {"ended_at": clock.now()}, version=version, projection="given")


def pass_worry(actor: Actor, centre_id: UUID, *, text: str, operation_id: UUID | None = None) -> None:
    """To the police liaison of the operation, and kept there: nothing of it stays at the centre."""
    linked = operations_of(centre_id)
    wanted = operation_id or (linked[0] if len(linked) == 1 else None)
    if wanted not in linked:
        raise RuleBroken("This centre works for no operation now. Ring 999 if somebody is in danger.", field="text")
    operations.pass_safety_worry(actor, wanted, centre_id=centre_id, text=text)


def operations_of(centre_id: UUID) -> list[UUID]:
    links = CentreLink.objects.filter(centre_id=centre_id, until=None).order_by("id")
    return list(links.values_list("operation_id", flat=True))


def looked_for(actor: Actor, stay: dict[str, Any], at: datetime, at_risk: str) -> bool:
    """A child, or an adult at risk or of whom nobody is sure: the protocol begins, and its clock. One that runs
    already runs on."""
    age = AgeClass(PEOPLE.one(actor, stay["person_id"])["age"])
    if not age.counts_as_child and at_risk == "no":
        return False
    if watched_until(actor, stay["person_id"]) is None:
        due = rules.missing_watch(at).due_at
        deadlines.file(actor, stay["person_id"], rule=MISSING, due_at=due, role=ROLE)
    return True


def watched_until(actor: Actor, person_id: UUID) -> datetime | None:
    """While somebody is looked for and the clock runs; also beyond, until the search has ended."""
    running = open_in_agency(actor).filter(subject_id=person_id, rule=MISSING)
    return running.values_list("due_at", flat=True).first()


def is_looked_for(actor: Actor, stay: dict[str, Any]) -> bool:
    """A tablet may have written since that they went out: that ends no search."""
    return stay["where"] == Where.ABSENT or (
        stay["where"] == Where.OUT and watched_until(actor, stay["person_id"]) is not None
    )


def found_again(actor: Actor, person_id: UUID, at: datetime) -> None:
    deadlines.meet(actor, person_id, MISSING, at)
