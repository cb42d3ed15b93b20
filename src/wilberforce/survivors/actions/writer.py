from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor


def written(actor: Actor, person_id: UUID) -> dict[str, Any]:
    """Whose record it is, about whom, and who wrote it."""
    return {"person_id": person_id, "controller_id": actor.home, "recorded_by": actor.me}
