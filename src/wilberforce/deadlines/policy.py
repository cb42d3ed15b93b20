"""Whose work a deadline is: that of the named role in the named agency, and never of somebody tied to the subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from wilberforce.access.context import Actor
from wilberforce.base import clock

from .lists import all_deadlines
from .models import OPEN, Deadline
from .rules import DeadlineKind, State

NOT_FOR_THEM = "SELECT fact_conflict() UNION SELECT fact_subject_block()"
TONES = {State.LATE: "overdue", State.DUE: "soon", State.DUE_SOON: "waiting", State.NOT_DUE: "grey"}


@dataclass(frozen=True, slots=True)
class Due:
    """One line of a list of what is due. It knows the subject's id and nothing else about it. ``url``: where it is
    dealt with, for whoever may go there. ``colleagues``: it opens to a colleague alone."""

    subject_id: UUID
    kind: DeadlineKind
    role: str
    due_at: datetime
    state: State
    url: str = ""
    colleagues: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.state]


def open_in_agency(actor: Actor) -> QuerySet[Deadline]:
    if actor.agency is None:
        return Deadline.objects.none()
    return Deadline.objects.filter(OPEN, agency_id=actor.agency)


def last_met(subject_id: UUID, rule: str) -> datetime | None:
    """When the latest of these was met. None while it is open, and where it was cancelled or never filed."""
    latest = Deadline.objects.filter(subject_id=subject_id, rule=rule).order_by("-filed_at", "-id")
    return latest.values_list("met_at", flat=True).first()


def subjects_of(rule: str) -> QuerySet[Deadline, UUID]:
    """About whom or what one of these is open, at any agency: to narrow a list that asks by itself who may see it."""
    return Deadline.objects.filter(OPEN, rule=rule).values_list("subject_id", flat=True)


def due_for(actor: Actor, limit: int = 50, offset: int = 0) -> list[Due]:
    """What is due for the roles that this person holds in their own agency, and what is late and came up to them."""
    upward = [kind.code for kind in all_deadlines().values() if kind.escalates_to in actor.roles]
    came_up = Q(escalated_at__isnull=False, rule__in=upward)
    mine = open_in_agency(actor).filter(Q(role__in=actor.roles) | came_up)
    return _listed(mine.exclude(subject_id__in=_not_for(actor)).order_by("due_at", "id")[offset : offset + limit])


def due_about(actor: Actor, subjects: Iterable[UUID]) -> dict[UUID, list[Due]]:
    """What is due in the actor's agency about subjects that the page has already been allowed to show."""
    found = open_in_agency(actor).filter(subject_id__in=list(subjects)).order_by("due_at")
    by_subject: dict[UUID, list[Due]] = {}
    for due in _listed(found):
        by_subject.setdefault(due.subject_id, []).append(due)
    return by_subject


def _listed(found: Iterable[Deadline]) -> list[Due]:
    now = clock.now()
    return [Due(one.subject_id, one.kind, one.role, one.due_at, one.state(now)) for one in found]


def _not_for(actor: Actor) -> list[UUID]:
    if actor.membership is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NOT_FOR_THEM)
        return [row[0] for row in cursor.fetchall()]
