"""A tablet for tests of the server."""

from typing import Any
from uuid import UUID

from wilberforce.reception.desk import imitated
from wilberforce.reception.desk.imitated import Desk


def desk_of(at: Any, centre_id: UUID, part: str = "reception_worker", label: str = "Tablet 1") -> Desk:
    with at("reception_manager", "reception") as actor:
        kept, secret, key = imitated.enrolled(actor, centre_id, label)
    with at(part, "reception") as actor:
        return Desk(kept, imitated.seated(actor, kept), secret, key)
