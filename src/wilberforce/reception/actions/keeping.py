"""Once a centre has closed, whoever was named for it still asks after those who left, until the last was asked."""

from uuid import UUID

from django.db.models import Q, QuerySet

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Membership
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.reception import policy
from wilberforce.reception.models import State

from .follow_ups import ROLE
from .house import WHOLE_ROSTER, on_roster

CENTRE = {"centre": "centre_id"}


def needed(actor: Actor, centre_id: UUID) -> bool:
    """Whether somebody who left is still to be asked after."""
    waiting = Q(centre_id=centre_id, done_at=None)
    return bool(policy.FOLLOW_UPS.many(actor, waiting, projection="follow_up", limit=1))


def who_may(actor: Actor) -> QuerySet[Membership]:
    people = Membership.objects.holding(ROLE, clock.now()).filter(agency=actor.agency)
    return people.select_related("user", "agency").order_by("user__display_name")


def keepers(actor: Actor, centre_id: UUID) -> list[Membership]:
    """Who stands on the roster of a centre that has closed."""
    rows = policy.ROSTER.many(actor, Q(centre_id=centre_id, until=None), limit=WHOLE_ROSTER)
    named = Membership.objects.filter(pk__in=[row["membership_id"] for row in rows])
    return list(named.select_related("user", "agency"))


def chosen(actor: Actor, centre_id: UUID, keeper_id: UUID | None) -> UUID | None:
    """Whoever is named while the centre closes; nobody where nobody is to be asked after."""
    if not needed(actor, centre_id):
        return None
    if keeper_id is None:
        raise RuleBroken("Choose who asks after those who left.", field="keeper_id")
    return _one_who_may(actor, keeper_id, "keeper_id")


@action("centre", "W", about=CENTRE)
def name_keeper(actor: Actor, centre_id: UUID, *, membership_id: UUID) -> None:
    """In place of whoever kept them before. Nobody names themselves: whom it opens to is another's choice."""
    if policy.CENTRES.one(actor, centre_id)["state"] != State.CLOSED:
        raise RuleBroken("This centre has not closed: whoever is on its roster asks after people.")
    if membership_id == actor.me:
        raise RuleBroken("Nobody names themselves. Ask another manager to name you.", field="membership_id")
    _one_who_may(actor, membership_id, "membership_id")
    for row in policy.ROSTER.many(actor, Q(centre_id=centre_id, until=None), limit=WHOLE_ROSTER):
        policy.ROSTER.change(actor, row["id"], {"until": clock.now()})
    on_roster(actor, centre_id, membership_id)


def _one_who_may(actor: Actor, membership_id: UUID, field: str) -> UUID:
    if not who_may(actor).filter(pk=membership_id).exists():
        raise RuleBroken("Choose a manager of your agency.", field=field)
    return membership_id
