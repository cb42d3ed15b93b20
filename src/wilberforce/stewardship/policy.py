"""Who may: a data guardian of the agency, as for its people. The database shows each agency its own rows alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed

from .models import ALL, OPEN, Hold
from .rules import RETENTIONS, Retention, due

OVER = "SELECT data_class, subject_id, agency_id, began, held FROM stewardship_over(%s, %s)"


@dataclass(frozen=True)
class Over:
    """A record whose time is over: its code and its dates, nothing of what it says."""

    retention: Retention
    subject_id: UUID
    agency_id: UUID
    began: datetime
    held: bool

    @property
    def due_at(self) -> datetime:
        return due(self.retention, self.began)

    @property
    def code(self) -> str:
        return code_of(self.subject_id)


def code_of(subject: UUID) -> str:
    """What two guardians can read to each other. The last figures: the first only tell the time."""
    return str(subject)[-12:].upper()


def over(now: datetime) -> list[Over]:
    """Whatever this actor may know of: the guardians' own agency's, or all for the machine that files it."""
    classes = list(RETENTIONS)
    with connection.cursor() as cursor:
        cursor.execute(OVER, [classes, [began_before(RETENTIONS[one], now) for one in classes]])
        rows = cursor.fetchall()
    found = [Over(RETENTIONS[row[0]], *row[1:]) for row in rows]
    return [one for one in found if one.due_at <= now]


def began_before(kept: Retention, now: datetime) -> datetime:
    """A day later than the latest beginning whose period can be over: what is over is reckoned exactly afterwards."""
    return now - (due(kept, now) - now) + timedelta(days=4)


def one_over(actor: Actor, data_class: str, subject: UUID) -> Over:
    """Raises NotAllowed whether it is not due, another agency's or not there."""
    found = [one for one in over(clock.now()) if (one.retention.data_class, one.subject_id) == (data_class, subject)]
    if not found:
        raise NotAllowed(rule="retention", reason="row")
    return found[0]


def holds_on(subject: UUID, data_class: str) -> list[Hold]:
    return list(Hold.objects.filter(OPEN, Q(data_class=ALL) | Q(data_class=data_class), subject_id=subject))


def today() -> date:
    return clock.in_london(clock.now()).date()
