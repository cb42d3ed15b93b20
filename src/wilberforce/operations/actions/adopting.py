"""What an operation stands on: the intelligence desk gives it an item or a suspicion, by the operation's reference."""

from uuid import UUID

from django.db import connection

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.intelligence import actions as intelligence
from wilberforce.intelligence.models import Item, SuspectEntry

NOBODYS = "No operation of your force that is planned or live has this reference. Ask its commander to say it again."


def adopt_item(actor: Actor, item_id: UUID, *, reference: str) -> Item:
    return intelligence.adopt(actor, item_id, _called(reference))


def adopt_suspect(actor: Actor, suspect_id: UUID, *, reference: str) -> SuspectEntry:
    return intelligence.adopt_suspect(actor, suspect_id, _called(reference))


def _called(reference: str) -> UUID:
    """However it was typed: in small letters, with spaces, without the letters before it."""
    letters = "".join(reference.upper().replace("-", " ").split()).removeprefix("OP")
    with connection.cursor() as cursor:
        cursor.execute("SELECT operations_called(%s)", [f"OP-{letters}"])
        found = cursor.fetchone()
    if found is None:
        raise RuleBroken(NOBODYS, field="reference")
    operation: UUID = found[0]
    return operation
