"""What a person brought is kept safe in a numbered bag, for a receipt, and given back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_reference
from wilberforce.base.once import once
from wilberforce.ledger.doors import action
from wilberforce.reception import policy
from wilberforce.reception.care import Belonging

from . import sense

PERSON = {"person": "person_id"}


@action("support", "W", about=PERSON, projection="given")
def take_in(actor: Actor, person_id: UUID, *, bag: str, what: str, at: datetime | None = None) -> Belonging:
    stay = sense.presence_of(actor, person_id)
    taken = Belonging(
        controller_id=stay["controller_id"],
        centre_id=stay["centre_id"],
        person_id=person_id,
        bag=_number(bag),
        receipt=random_reference("R"),
        what=what.strip(),
        at=sense.not_before(sense.past(at), stay["since"], "they arrived"),
        by=actor.me,
    )
    with once("bag_number_in_use_once", "This bag number is in use here. Take another bag.", field="bag"):
        return policy.BELONGINGS.add(actor, taken, projection="given")


def _number(bag: str) -> str:
    if not bag.strip():
        raise RuleBroken("Enter the number on the bag.", field="bag")
    return "".join(bag.split()).upper()


@action("support", "W", about=PERSON, projection="given")
def correct_belonging(
    actor: Actor, person_id: UUID, bag_id: UUID, *, what: str, why: str, version: int | None = None
) -> Belonging:
    bag = bag_of(actor, person_id, bag_id)
    if bag["returned_at"]:
        raise RuleBroken("This bag was given back. What was in it stays as it was written.")
    return corrected(
        actor, policy.BELONGINGS, policy.FORMER_CARE, bag_id, {"what": what.strip()}, version=version,
        why=reason(why), projection="given",
    )  # fmt: skip


@action("support", "W", about=PERSON, projection="given")
def give_back(actor: Actor, person_id: UUID, bag_id: UUID, *, receipt: str, version: int | None = None) -> Belonging:
    """Against the receipt, so that nobody else's bag is handed out."""
    bag = bag_of(actor, person_id, bag_id)
    if bag["returned_at"]:
        raise RuleBroken("This bag was given back already.")
    if "".join(receipt.split()).upper() != bag["receipt"]:
        raise RuleBroken("This is not the receipt of this bag. Check both.", field="receipt")
    changes = {"returned_at": sense.past(None), "returned_by": actor.me}
    return policy.BELONGINGS.change(actor, bag_id, changes, version=version, projection="given")


def bags_of(actor: Actor, person_id: UUID) -> list[dict[str, Any]]:
    return policy.BELONGINGS.many(actor, Q(person_id=person_id), projection="given", order_by=("bag",), limit=50)


def bag_of(actor: Actor, person_id: UUID, bag_id: UUID) -> dict[str, Any]:
    bag = policy.BELONGINGS.one(actor, bag_id, projection="given")
    if bag["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    return bag


def left_behind(actor: Actor, person_id: UUID) -> str:
    """A sentence for whoever sees the person off, or nothing."""
    here = [bag for bag in bags_of(actor, person_id) if not bag["returned_at"]]
    return f"Their belongings are still here: {numbers_of(here)}. Give them back first." if here else ""


def nothing_is_left_behind(actor: Actor, person_id: UUID) -> None:
    if here := left_behind(actor, person_id):
        raise RuleBroken(here)


def numbers_of(bags: list[dict[str, Any]]) -> str:
    return f"{'bag' if len(bags) == 1 else 'bags'} {', '.join(bag['bag'] for bag in bags)}"
