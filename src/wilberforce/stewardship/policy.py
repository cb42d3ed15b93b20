"""Who may: a data guardian of the agency, as for its people. The database shows each agency its own rows alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed

from .models import ALL, OPEN, Due, Hold, Review
from .rules import RETENTIONS, Retention, due

NEWLY = "SELECT data_class, subject_id, agency_id, began FROM stewardship_over(%s, %s)"
ONE = "SELECT agency_id, began, held FROM stewardship_one_over(%s, %s)"


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


def remind_heirs() -> int:
    """The machine's: what is to be looked at again of an agency that ended is due for whoever acts instead, and what
    somebody owned who has left is due now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stewardship_remind_heirs()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def still_here(owner: UUID) -> bool:
    """Whether they and their agency still act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM access_membership(%s))", [owner])
        return bool((cursor.fetchone() or (False,))[0])


def code_of(subject: UUID) -> str:
    """What two guardians can read to each other. The last figures: the first only tell the time."""
    return str(subject)[-12:].upper()


def over() -> QuerySet[Due]:
    """What the machine found over in the guardian's own agency and nobody has kept since; the longest first."""
    same = {name: OuterRef(name) for name in ("agency_id", "subject_id")}
    kept = Review.objects.filter(**same, data_class=OuterRef("data_class"), keep_until__gte=today())
    held = Hold.objects.filter(OPEN, Q(data_class=ALL) | Q(data_class=OuterRef("data_class")), **same)
    return Due.objects.filter(~Exists(kept)).annotate(held=Exists(held)).order_by("began", "subject_id")


def as_over(found: Due) -> Over:
    """Of a row of ``over()``."""
    return Over(RETENTIONS[found.data_class], found.subject_id, found.agency_id, found.began, found.held)  # type: ignore[attr-defined]


def newly_over(now: datetime) -> list[Over]:
    """For the machine alone: over now, and not when it last looked."""
    classes = list(RETENTIONS)
    with connection.cursor() as cursor:
        cursor.execute(NEWLY, [classes, [began_before(RETENTIONS[one], now) for one in classes]])
        rows = cursor.fetchall()
    found = [Over(RETENTIONS[cls], subject, agency, began, held=False) for cls, subject, agency, began in rows]
    return [one for one in found if one.due_at <= now]


def began_before(kept: Retention, now: datetime) -> datetime:
    """A day later than the latest beginning whose period can be over: what is over is reckoned exactly afterwards."""
    return now - (due(kept, now) - now) + timedelta(days=4)


def one_over(data_class: str, subject: UUID) -> Over:
    """Reckoned now. Raises NotAllowed whether it is not over, another agency's or not there."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, [data_class, subject])
        row = cursor.fetchone()
    found = Over(RETENTIONS[data_class], subject, *row) if row and data_class in RETENTIONS else None
    if found is None or found.due_at > clock.now():
        raise NotAllowed(rule="retention", reason="row")
    return found


def holds_on(subject: UUID, data_class: str) -> list[Hold]:
    return list(Hold.objects.filter(OPEN, Q(data_class=ALL) | Q(data_class=data_class), subject_id=subject))


def today() -> date:
    return clock.in_london(clock.now()).date()
