"""What the reception centre is told, and what it passes to the police."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor, Note
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import heard_code
from wilberforce.concerns.models import YesNo
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import Answer, Band, CentreAddress, CentreLink, Heading, Readiness, SafetyWorry

from .correcting import kept_beside, kept_why
from .sense import known, known_languages, still_open

CENTRE_KIND = "redcross"
WORRY, READERS = "safety-worry", "op_commander"
SLIP = "No code is spelt like this. Ask its manager to say its six letters and numbers again, one by one."
NOBODYS = (
    "No open centre of an agency that takes part has this code. Check it with its manager, and that their agency has"
    " said yes to this operation."
)


@action("operation", "W", about={"operation": "operation_id"})
def link_centre(
    actor: Actor,
    operation_id: UUID,
    centre_id: UUID,
    *,
    agency_id: UUID | None = None,
    ready_by: datetime | None = None,
    expected: str = Band.NOT_SURE,
    languages: Sequence[str] = (),
    children: str = YesNo.NOT_SURE,
    danger: str = YesNo.NOT_SURE,
    code: str = "",
) -> CentreLink:
    """The centre works for this operation from now on, and knows enough to make ready."""
    operation = still_open(actor, operation_id)
    _not_linked_yet(operation_id, centre_id, "code" if code else "centre_id")
    link = CentreLink.objects.create(
        operation_id=operation_id,
        centre_id=centre_id,
        agency_id=agency_id or _who_runs_it(actor, operation_id),
        lead_id=operation["controller_id"],
        code=code,
    )
    told = _told(expected, languages, children, danger) | {"ready_by": ready_by or operation["planned_for"]}
    _make_ready(actor, operation, centre_id, told)
    return link


def _told(expected: str, languages: Sequence[str], children: str, danger: str) -> Row:
    return {
        "expected": known(expected, Band.values, "expected"),
        "languages": known_languages(languages),
        "children": known(children, YesNo.values, "children"),
        "danger": known(danger, YesNo.values, "danger"),
    }


def _make_ready(actor: Actor, operation: Row, centre_id: UUID, told: Row) -> None:
    """A centre that worked for it before is told anew."""
    before = policy.READINESS.many(actor, Q(operation_id=operation["id"], centre_id=centre_id), limit=1)
    if before:
        kept_beside(actor, policy.READINESS, before[0]["id"], told, "")
        return
    whose = {"controller_id": operation["controller_id"], "operation_id": operation["id"]}
    policy.READINESS.add(actor, Readiness(centre_id=centre_id, **whose, **told))


@action("operation", "W", about={"operation": "operation_id"})
def make_ready_otherwise(
    actor: Actor,
    operation_id: UUID,
    *,
    centre_id: UUID,
    expected: str,
    languages: Sequence[str],
    children: str,
    danger: str,
    ready_by: datetime | None = None,
    why: str = "",
) -> Readiness:
    """More are expected, or children: the centre reads it at once."""
    still_open(actor, operation_id)
    _linked(operation_id, centre_id)
    (before,) = policy.READINESS.many(actor, Q(operation_id=operation_id, centre_id=centre_id), limit=1)
    told = _told(expected, languages, children, danger) | {"ready_by": ready_by or before["ready_by"]}
    return kept_beside(actor, policy.READINESS, before["id"], told, why)


@action("operation", "W", about={"operation": "operation_id"})
def unlink_centre(actor: Actor, operation_id: UUID, *, centre_id: UUID, why: str) -> CentreLink:
    """The wrong centre, or one that is not needed: it sees nothing of the operation from now on."""
    operation = policy.OPERATIONS.one(actor, operation_id)
    link = _linked(operation_id, centre_id)
    sent = policy.FOUND.count(actor, Q(operation_id=operation_id, centre_id=centre_id, heading_to=Heading.CENTRE))
    if sent:
        raise RuleBroken("People of this operation were sent there. It stays linked.", field="centre_id")
    kept_why(actor, operation, link.pk, {"centre": link.code, "agency_id": link.agency_id}, why)
    link.until = clock.now()
    link.save(update_fields=["until"])
    return link


def _not_linked_yet(operation_id: UUID, centre_id: UUID, field: str) -> None:
    if CentreLink.objects.filter(operation_id=operation_id, centre_id=centre_id, until=None).exists():
        raise RuleBroken("This centre works for the operation already.", field=field)


def link_called(actor: Actor, operation_id: UUID, *, code: str, **told: Any) -> CentreLink:
    """By the code that its manager says on the radio. Only centres of agencies that take part are found by theirs."""
    still_open(actor, operation_id)
    called = heard_code(code)
    if not called:
        raise RuleBroken(SLIP, field="code")
    with connection.cursor() as cursor:
        cursor.execute("SELECT centre_id, agency_id FROM operations_centres_called(%s, %s)", [operation_id, called])
        found = cursor.fetchall()
    if len(found) != 1:
        raise RuleBroken(NOBODYS, field="code")
    centre_id, agency_id = found[0]
    return link_centre(actor, operation_id, centre_id, agency_id=agency_id, code=called, **told)


def _who_runs_it(actor: Actor, operation_id: UUID) -> UUID:
    """The one partner that runs centres."""
    taking_part = policy.PARTNERS.many(actor, Q(operation_id=operation_id, answer=Answer.YES), limit=100)
    ids = [row["agency_id"] for row in taking_part]
    running = list(Agency.objects.filter(pk__in=ids, kind=CENTRE_KIND).values_list("pk", flat=True))
    if len(running) != 1:
        raise RuleBroken("Ask the agency that runs the centre first, and record its answer.", field="centre_id")
    return running[0]


@action("operation", "W", about={"operation": "operation_id"})
def tell_centre_address(
    actor: Actor, operation_id: UUID, *, centre_id: UUID, address: str, why: str = ""
) -> CentreAddress:
    """It opens to those named on a shift of the centre, for that shift. Told otherwise, it says to them what it was:
    somebody may be on the way there."""
    link, address = _linked(operation_id, centre_id), address.strip()
    if not address:
        raise RuleBroken("Enter the address.", field="address")
    told = policy.CENTRE_ADDRESSES.many(actor, Q(operation_id=operation_id, centre_id=centre_id), limit=1)
    if told:
        before = told[0]["address"]
        if before == address:
            raise RuleBroken("This address was told already. Enter the one that holds now.", field="address")
        changes = {"address": address, "before": before, "changed_at": clock.now()}
        return kept_beside(actor, policy.CENTRE_ADDRESSES, told[0]["id"], changes, why)
    fresh = CentreAddress(controller_id=link.lead_id, operation_id=operation_id, centre_id=centre_id, address=address)
    return policy.CENTRE_ADDRESSES.add(actor, fresh)


@action("operation", "W", about={"operation": "operation_id"}, projection="safety_worry")
def pass_safety_worry(actor: Actor, operation_id: UUID, *, centre_id: UUID, text: str) -> SafetyWorry:
    """To the police, who are to read it at once; whoever writes it can't read it back."""
    link = _linked(operation_id, centre_id)
    if not text.strip():
        raise RuleBroken("Write what worries you.", field="text")
    worry = SafetyWorry(controller_id=link.lead_id, operation_id=operation_id, centre_id=centre_id, text=text)
    worry.by = actor.me
    policy.SAFETY_WORRIES.add(actor, worry, projection="safety_worry")
    due = reckon(rules.WORRY_READ, worry.at, trigger="told").due_at
    deadlines.file(actor, worry.pk, rule=WORRY, due_at=due, role=READERS, agency_id=link.lead_id)
    return worry


@action("operation", "W", about={"operation": "operation_id"})
def read_worry(actor: Actor, operation_id: UUID, *, worry_id: UUID) -> SafetyWorry:
    """Whoever told it sees that it was read, and when."""
    worry = policy.SAFETY_WORRIES.one(actor, worry_id)
    if worry["operation_id"] != operation_id:
        raise NotAllowed(rule="row", reason="row")
    if worry["read_at"]:
        raise RuleBroken("Somebody has read it already.")
    deadlines.meet(actor, worry_id, WORRY)
    return policy.SAFETY_WORRIES.change(actor, worry_id, {"read_at": clock.now(), "read_by": actor.me})


def worries_told(actor: Actor, centre_id: UUID) -> list[tuple[datetime, datetime | None]]:
    """When the actor told one from this centre and when it was read: two times, and nothing of what it says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, read_at FROM operations_worries_told(%s)", [centre_id])
        found = [(at, read_at) for at, read_at in cursor.fetchall()]
    actor.note(Note("consultation", "operation", "R", "safety_worry", "own work", ()))
    return found


def _linked(operation_id: UUID, centre_id: UUID) -> CentreLink:
    link = CentreLink.objects.filter(operation_id=operation_id, centre_id=centre_id, until=None).first()
    if link is None:
        raise NotAllowed(rule="op_linked", reason="default")
    return link
