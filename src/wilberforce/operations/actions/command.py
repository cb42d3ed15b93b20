"""Who commands: strategic, tactical, and each task; and command handed on to the next commander."""

from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Membership
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy
from wilberforce.operations.models import Bronze, Charge, Command, Level, Roster, Task

from .correcting import kept_why
from .sense import known, still_open

ABOUT = {"operation": "operation_id"}
COMMANDS = ("op_commander",)


@action("operation", "W", about=ABOUT)
def name_commander(actor: Actor, operation_id: UUID, *, level: str, membership_id: UUID) -> Command:
    """Gold or silver, of the lead force. From now on they read and write the plan as whoever drew it up does."""
    policy.OPERATIONS.one(actor, operation_id)
    known(level, (Level.GOLD, Level.SILVER), "level")
    person = Membership.objects.holding(COMMANDS[0], clock.now()).filter(pk=membership_id, agency_id=actor.home).first()
    if person is None:
        raise RuleBroken("Choose somebody of the lead force who commands operations.", field="membership_id")
    held = Command.objects.filter(operation_id=operation_id, until=None)
    if held.filter(membership_id=membership_id, level=level).exists():
        raise RuleBroken("They command at this level already.", field="membership_id")
    if not Roster.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None).exists():
        Roster.objects.create(
            operation_id=operation_id, membership_id=membership_id, agency_id=person.agency_id, part=Task.COMMAND
        )
    return Command.objects.create(operation_id=operation_id, membership_id=membership_id, level=level, is_lead=True)


@action("operation", "W", about=ABOUT)
def end_command(actor: Actor, operation_id: UUID, *, command_id: UUID, why: str) -> None:
    """Relieved by somebody else. Somebody commands at every moment until it is over."""
    operation = policy.OPERATIONS.one(actor, operation_id)
    held = Command.objects.filter(operation_id=operation_id, until=None)
    ending = held.filter(pk=command_id).first()
    if ending is None:
        raise RuleBroken("This command has ended already.", field="command_id")
    if not held.filter(level=Level.SILVER).exclude(pk=command_id).exists() and ending.level == Level.SILVER:
        raise RuleBroken("Name the next silver first: an operation is never without one.", field="command_id")
    kept_why(actor, operation, ending.pk, {"command": ending.membership_id, "level": ending.level}, why)
    ending.until = clock.now()
    ending.save(update_fields=["until"])


@action("operation", "W", about=ABOUT)
def name_bronze(
    actor: Actor, operation_id: UUID, *, charge: str, membership_id: UUID, site_id: UUID | None = None
) -> Bronze:
    """One of the roster, for a site or for a task. Whoever had it before is relieved."""
    still_open(actor, operation_id)
    if (known(charge, Charge.values, "charge") == Charge.SITE) != (site_id is not None):
        raise RuleBroken("Choose the site, and only for the bronze of one.", field="site_id")
    if site_id is not None and not policy.SITES.count(actor, policy.in_plan(operation_id) & Q(pk=site_id)):
        raise RuleBroken("Choose a site of this operation.", field="site_id")
    if not Roster.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None).exists():
        raise RuleBroken("Put them on the roster first.", field="membership_id")
    Bronze.objects.filter(operation_id=operation_id, charge=charge, site_id=site_id, until=None).update(
        until=clock.now()
    )
    return Bronze.objects.create(operation_id=operation_id, membership_id=membership_id, charge=charge, site_id=site_id)
