"""What was seized: where, by whom, under which power, and through whose hands it goes."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Membership
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import random_reference
from wilberforce.base.once import once
from wilberforce.custody import policy, sameness
from wilberforce.custody.lists import SEIZED_UNDER
from wilberforce.custody.models import Exhibit, ExhibitKind, ExhibitMove, MoveKind
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known, one_at_a_time, past
from wilberforce.operations.policy import FOUND, OPERATIONS, SITES
from wilberforce.operations.rules import Moment

EXHIBIT, ARREST = "exhibit", "arrest"
OVER = (MoveKind.RETURNED, MoveKind.DISPOSED)
LONGEST = 500
TWICE = "There is an exhibit with this mark in this operation already. Open that one, or give this one the next number."


def on_site(actor: Actor) -> str:
    """The slice of an operation in which its sites and people are read: the day's, or the whole for the case team."""
    return "site_found" if actor.purpose == "op_safety" else ""


@action("suspect", "W", about={"operation": "operation_id"}, projection=EXHIBIT)
def seize(
    actor: Actor, /, operation_id: UUID, *, mark: str, power: str, at: datetime, seized_by: str = "", **told: Any
) -> Exhibit:
    """``seized_by``: the officer who took it, where that is not whoever writes it down."""
    OPERATIONS.one(actor, operation_id, projection=on_site(actor))
    made = Exhibit(
        controller_id=actor.home,
        operation_id=operation_id,
        written_by=actor.me,
        reference=random_reference("X"),
        power=known(power, SEIZED_UNDER, "power"),
        seized_at=past("seizure", at),
        seized_by=seized_by.strip() or str(Membership.objects.select_related("user", "agency").get(pk=actor.me)),
        mark=_written(mark, "mark", "Write the exhibit mark, such as initials and a number."),
        mark_digest=sameness.digest(operation_id, mark),
        **_described(actor, operation_id, **told),
    )
    with _one_mark_each():
        return policy.EXHIBITS.add(actor, made, projection=EXHIBIT)


def _described(
    actor: Actor,
    operation_id: UUID,
    *,
    kind: str,
    description: str,
    place: str,
    site_id: UUID | None = None,
    bag: str = "",
    owner_id: UUID | None = None,
    control_id: UUID | None = None,
) -> dict[str, Any]:
    """``owner_id`` and ``control_id``: somebody found or arrested here: whose it is, and who kept it."""
    if site_id and SITES.one(actor, site_id, projection=on_site(actor))["operation_id"] != operation_id:
        raise RuleBroken("Choose a site of this operation.", field="site_id")
    people = people_of(actor, operation_id) if owner_id or control_id else {}
    for field, said in (("owner_id", owner_id), ("control_id", control_id)):
        if said and said not in people:
            raise RuleBroken("Choose somebody found or arrested in this operation.", field=field)
    return {
        "site_id": site_id,
        "kind": known(kind, ExhibitKind.values, "kind"),
        "description": _written(description, "description", "Write what it is."),
        "place": _written(place, "place", "Write where exactly it was found."),
        "bag": bag.strip(),
        "owner_id": owner_id,
        "owner": people[owner_id] if owner_id else "",
        "control_id": control_id,
        "control": people[control_id] if control_id else "",
    }


def people_of(actor: Actor, operation_id: UUID) -> dict[UUID, str]:
    """Everybody found or arrested, by reference."""
    here = Q(operation_id=operation_id)
    found = FOUND.many(actor, here, projection=on_site(actor), order_by=("found_at",), limit=LONGEST)
    arrested = policy.ARRESTS.many(actor, here, projection=ARREST, order_by=("arrested_at",), limit=LONGEST)
    return {row["id"]: row["reference"] for row in [*found, *arrested]}


def correct_exhibit(actor: Actor, exhibit_id: UUID, **told: Any) -> Exhibit:
    row = policy.EXHIBITS.one(actor, exhibit_id, projection=EXHIBIT)
    return put_right(actor, row["operation_id"], exhibit_id=exhibit_id, **told)


@action("suspect", "W", about={"operation": "operation_id"}, projection=EXHIBIT)
def put_right(
    actor: Actor,
    /,
    operation_id: UUID,
    *,
    exhibit_id: UUID,
    mark: str,
    power: str,
    at: datetime,
    seized_by: str,
    why: str,
    version: int | None = None,
    **told: Any,
) -> Exhibit:
    """What was there before stays beside it, with the reason. The chain of hands is never corrected, only added to."""
    chain = moves_of(actor, exhibit_id)
    in_order(Moment("seizure", at), Moment("first handover", chain[0]["at"] if chain else None))
    changes = {
        "mark": _written(mark, "mark", "Write the exhibit mark, such as initials and a number."),
        "power": known(power, SEIZED_UNDER, "power"),
        "seized_at": at,
        "seized_by": _written(seized_by, "seized_by", "Write who seized it."),
        **_described(actor, operation_id, **told),
    }
    corrected(
        actor, policy.EXHIBITS, policy.FORMER_EXHIBITS, exhibit_id, changes,
        version=version, why=reason(why), projection=EXHIBIT,
    )  # fmt: skip
    with _one_mark_each():
        digest = {"mark_digest": sameness.digest(operation_id, mark)}
        return policy.EXHIBITS.change(actor, exhibit_id, digest, projection=EXHIBIT)


# Through whose hands


def hand_on(actor: Actor, exhibit_id: UUID, **given: Any) -> ExhibitMove:
    row = policy.EXHIBITS.one(actor, exhibit_id, projection=EXHIBIT)
    return move(actor, row["operation_id"], exhibit_id=exhibit_id, **given)


@action("suspect", "W", about={"operation": "operation_id"}, projection=EXHIBIT)
def move(
    actor: Actor,
    operation_id: UUID,
    *,
    exhibit_id: UUID,
    kind: str,
    at: datetime,
    received_by: str = "",
    place: str = "",
    bag: str = "",
    why: str = "",
    version: int | None = None,
) -> ExhibitMove:
    """Handed over, returned or disposed of: one more link, and nothing before it changes."""
    one_at_a_time(exhibit_id)
    thing = policy.EXHIBITS.one(actor, exhibit_id, projection=EXHIBIT)
    chain = moves_of(actor, exhibit_id)
    if chain and chain[-1]["kind"] in OVER:
        raise RuleBroken("It was returned or disposed of already, so it goes no further.")
    received_by = _receiver(known(kind, MoveKind.values, "kind"), received_by, thing, why)
    last = chain[-1]["at"] if chain else thing["seized_at"]
    in_order(Moment("seizure or the last handover", last), Moment("handover", at))
    policy.EXHIBITS.change(actor, exhibit_id, {}, version=version, projection=EXHIBIT)
    made = ExhibitMove(
        controller_id=thing["controller_id"], operation_id=operation_id, exhibit_id=exhibit_id, kind=kind, at=at,
        number=len(chain) + 1, given_by=holder(thing, chain), received_by=received_by, place=place.strip(),
        bag=bag.strip(), why=why.strip(), by=actor.me,
    )  # fmt: skip
    return policy.EXHIBIT_MOVES.add(actor, made, projection=EXHIBIT)


def _receiver(kind: str, received_by: str, thing: Row, why: str) -> str:
    """What is returned goes to its owner where nobody else is named."""
    if kind == MoveKind.DISPOSED:
        _written(why, "why", "Write why it is disposed of, and who decided.")
        return received_by.strip()
    named = received_by.strip() or (thing["owner"] if kind == MoveKind.RETURNED else "")
    return _written(named, "received_by", "Write who received it.")


def holder(thing: Row, chain: list[Row]) -> str:
    """Who has it now: whoever received it last, at first whoever seized it; nobody once it was disposed of."""
    received: str = chain[-1]["received_by"] if chain else thing["seized_by"]
    return received


def moves_of(actor: Actor, exhibit_id: UUID) -> list[Row]:
    mine = Q(exhibit_id=exhibit_id)
    return policy.EXHIBIT_MOVES.many(actor, mine, projection=EXHIBIT, order_by=("number",), limit=LONGEST)


def _written(text: str, field: str, sentence: str) -> str:
    if not text.strip():
        raise RuleBroken(sentence, field=field)
    return text.strip()


def _one_mark_each() -> AbstractContextManager[None]:
    return once("custody_exhibit_mark_once", TWICE, field="mark", code="marked_twice")
