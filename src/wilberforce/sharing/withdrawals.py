"""When a person takes their yes back: what rests on it stops in the same transaction, and its holders are told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from wilberforce.access.context import Actor, Note
from wilberforce.agencies.policy import guardian, told
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.registries import Rows
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.deadlines.rules import reckon

from . import policy, rules
from .rules import packs

RULE = "withdrawal-told"


def stop(actor: Actor, facts: Mapping[str, Any]) -> None:
    """A follower of ``survivors.withdraw``. Whoever holds it is told; of somebody without a sign-in, our guardian."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, agency_id, recipient_id FROM sharing_stop(%s)", [facts["result"]])
        stopped = cursor.fetchall()
    due_at = reckon((rules.WITHDRAWN,), clock.now(), bank_holidays(), "withdrawn").due_at
    for subject, agency_id, recipient in stopped:
        if agency_id:
            deadlines.file(actor, subject, rule=RULE, due_at=due_at, role="data_guardian", agency_id=agency_id)
        deadlines.cancel(actor, subject, packs.RULE)
        ids = (facts["person"], subject)
        actor.note(Note("alteration", "consent", "W", "", "withdrawn", ids, recipient=recipient))


def rests_on(actor: Actor, answers: Sequence[UUID]) -> Rows:
    """For the page on which a yes is taken back: who read what because of it, and since when."""
    del actor  # the database knows who asks
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, data_class, projection, completed_at FROM sharing_rests_on(%s)", [answers[0]])
        rows = cursor.fetchall()
    read = [(agency, policy.Kind(data_class, part).words, at) for agency, data_class, part, at in rows]
    return {answers[0]: read}


def waits(agency_id: UUID, disclosure_id: UUID) -> bool:
    return Deadline.objects.filter(OPEN, subject_id=disclosure_id, rule=RULE, agency_id=agency_id).exists()


def copies_gone(actor: Actor, disclosure_id: UUID) -> None:
    """The holder's guardian says so."""
    guardian(actor, actor.home)
    found = policy.disclosure_of(actor, disclosure_id)
    if not found.withdrawn_at or not waits(actor.home, disclosure_id):
        raise NotAllowed(rule="disclosure", reason="row")
    deadlines.meet(actor, disclosure_id, RULE)
    told(actor, disclosure_id)
