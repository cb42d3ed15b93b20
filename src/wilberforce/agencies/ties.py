"""Who may not see whom: a tie that a person declares or a guardian records, and the wish of the person themselves.

The database finds what a reference names and keeps the tie; nobody is told whether there is such a record.
"""

from uuid import UUID

from django.db import connection

from wilberforce.access.context import Actor, Note
from wilberforce.base.errors import RuleBroken

from . import policy
from .models import Link, Membership

MOST = 200


def declare_conflict(actor: Actor, reference: str, why: str) -> None:
    """Everybody declares for themselves. It answers the same whether or not there is such a subject."""
    _known(why)
    _tie(actor.me, reference, why, None)
    actor.note(Note("alteration", policy.ADMINISTRATION, "W", "", "own_conflict", ()))


def record_conflict(actor: Actor, membership: Membership, reference: str, why: str) -> None:
    """A guardian, for a colleague who can't or won't say it."""
    me = policy.acting_guardian(actor, membership.agency_id, membership)
    _known(why)
    _tie(membership.pk, reference, why, me.pk)
    policy.told(actor, membership.pk)


def block(actor: Actor, reference: str, membership: Membership | None) -> None:
    """The person asked that this worker, or without one this whole agency, never sees their file."""
    policy.acting_guardian(actor, actor.home, membership)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT agencies_block(%s, %s, %s)",
            [reference.strip().upper(), None if membership else actor.home, membership.pk if membership else None],
        )
    policy.told(actor, membership.pk if membership else actor.home)


def _known(why: str) -> None:
    if why not in Link.values:
        raise RuleBroken("Choose how you are linked.", field="why")


def _tie(membership: UUID, reference: str, why: str, by: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT agencies_tie(%s, %s, %s, %s)", [membership, reference.strip().upper(), why, by])
