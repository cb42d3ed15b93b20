"""What the ledger holds of the person who asks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from wilberforce.access.context import Actor, Note

from .leaves import pseudonym

SPOKEN = {
    "consultation": "Read", "collection": "Recorded", "alteration": "Changed", "disclosure": "Disclosed",
    "approval": "Approved", "denied": "Refused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    op: str
    role: str
    purpose: str
    subject_class: str
    projection: str
    rule: str
    allowed: bool
    number: int

    @property
    def spoken(self) -> str:
        return SPOKEN.get(self.op, self.op.capitalize())


def own_entries(actor: Actor, limit: int, offset: int = 0) -> list[Entry]:
    """The newest first. Reading them is an entry too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_own(%s, %s, %s)", [pseudonym(actor.me), limit, offset])
        found = [Entry(*row) for row in cursor.fetchall()]
    actor.note(Note("consultation", "audit", "R", "own_entries", "own entries", ()))
    return found
