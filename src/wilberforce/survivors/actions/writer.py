from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.history import reason


def written(actor: Actor, person_id: UUID) -> dict[str, Any]:
    """Whose record it is, about whom, and who wrote it."""
    return {"person_id": person_id, "controller_id": actor.home, "recorded_by": actor.me}


def ended(actor: Actor, why: str) -> dict[str, Any]:
    """Who ended it and why; when stands in a column of its own."""
    return {"ended_by": actor.me, "ended_why": reason(why)}
