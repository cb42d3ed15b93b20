"""What is due is filed, moved, met or cancelled, always by the action that it follows from."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import is_exercise

from .lists import all_deadlines
from .models import OPEN, Deadline
from .policy import open_in_agency


def file(
    actor: Actor, subject_id: UUID, *, rule: str, due_at: datetime, role: str, agency_id: UUID | None = None
) -> Deadline:
    """One that is open already for this subject and agency is moved instead. ``rule`` is the code of a kind."""
    if rule not in all_deadlines():
        raise ValueError(f"no deadline is called {rule}")
    whose = agency_id or actor.agency
    if is_exercise(subject_id):
        return Deadline(subject_id=subject_id, rule=rule, due_at=due_at, role=role)  # on the exercise's own board alone
    if whose is None:
        raise NotAllowed(rule="deadline", reason="default")
    fresh = {"due_at": due_at, "role": role}
    found, made = Deadline.objects.filter(OPEN).get_or_create(
        subject_id=subject_id, rule=rule, agency_id=whose, defaults=fresh
    )
    return found if made else _moved(found, due_at)


def move(actor: Actor, subject_id: UUID, rule: str, due_at: datetime, *, agency_id: UUID | None = None) -> None:
    """People are told again if the new time is near."""
    for found in _open(actor, subject_id, rule, agency_id).select_for_update():
        _moved(found, due_at)


def meet(
    actor: Actor,
    subject_id: UUID,
    rule: str,
    at: datetime | None = None,
    *,
    agency_id: UUID | None = None,
    filed_by: datetime | None = None,
) -> None:
    """Nothing happens where it is not due, or was met before. Raises RuleBroken for a time that has not come.

    ``filed_by``: what was filed after it is left open, because whoever meets this can't have known of it."""
    when, now = at or clock.now(), clock.now()
    if when > now:
        raise RuleBroken("This time has not come yet. Enter when it happened.", field="at")
    due = _open(actor, subject_id, rule, agency_id)
    (due.filter(filed_at__lte=filed_by) if filed_by else due).update(met_at=when)


def cancel(actor: Actor, subject_id: UUID, rule: str, *, agency_id: UUID | None = None) -> None:
    """It is no longer due: what it followed from was undone or overtaken."""
    _open(actor, subject_id, rule, agency_id).update(cancelled_at=clock.now())


def _open(actor: Actor, subject_id: UUID, rule: str, agency_id: UUID | None) -> QuerySet[Deadline]:
    """The own agency's, or that of the agency which has the duty."""
    whose = Deadline.objects.filter(OPEN, agency_id=agency_id) if agency_id else open_in_agency(actor)
    return whose.filter(subject_id=subject_id, rule=rule)


def _moved(found: Deadline, due_at: datetime) -> Deadline:
    if found.due_at != due_at:
        found.due_at, found.told_at, found.escalated_at = due_at, None, None
        found.save(update_fields=["due_at", "told_at", "escalated_at"])
    return found
