"""Who is on the way between two forces, in words, for both of them."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Agency

from . import policy
from .actions import arriving
from .actions.due import DETENTION
from .rules.transfer import TERMS_SAID, Terms

MANY = 100


def on_the_way_to(actor: Actor) -> set[UUID]:
    """Arrests of whoever was handed over to the actor's force and is not booked in yet."""
    to_us = Q(to_force=actor.agency, received_at=None)
    return {row["arrest_id"] for row in policy.TRANSFERS.many(actor, to_us, projection=DETENTION, limit=MANY)}


def coming(actor: Actor, arrest_id: UUID) -> Row | None:
    """Who handed somebody over who is not booked in yet, and on which terms."""
    handed = arriving.coming(actor, arrest_id)
    return _in_words([handed])[0] if handed else None


def of_record(actor: Actor, held: Row) -> dict[str, Any]:
    """Where they went from this record, and from where they came to it."""
    of = Q(arrest_id=held["arrest_id"])
    moves = _in_words(policy.TRANSFERS.many(actor, of, projection=DETENTION, order_by=("left_at",), limit=MANY))
    going = next((row for row in moves if row["detention_id"] == held["id"]), None)
    entries = [
        {
            "at": row["left_at"],
            "title": f"Handed over to {row['to_said']} by {row['from_said']}",
            "text": row["terms_said"],
        }
        for row in moves
    ]
    return {"going": going, "moves": entries}


def _in_words(rows: list[Row]) -> list[Row]:
    forces = {row[name] for row in rows for name in ("controller_id", "to_force")}
    names = {one.pk: one.name for one in Agency.objects.filter(pk__in=forces)} if rows else {}
    return [
        row
        | {
            "from_said": names[row["controller_id"]],
            "to_said": names[row["to_force"]],
            "receives_said": names.get(row["received_force"], ""),
            "terms_said": TERMS_SAID[Terms(row["terms"])],
        }
        for row in rows
    ]
