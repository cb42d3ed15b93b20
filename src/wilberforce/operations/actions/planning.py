"""The plan: who commands, what for, who is asked, who takes part, and what each is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.agencies.models import Membership
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import new_id, random_reference
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import (
    Answer,
    Brief,
    Bronze,
    CaseMember,
    Command,
    Level,
    Operation,
    Part,
    Partner,
    Roster,
    Strand,
    Task,
    UnitKind,
)

from .correcting import kept_beside, kept_why
from .sense import agency, known, one_at_a_time, past, still_open
from .units import begin_unit

ABOUT = {"operation": "operation_id"}
ON_ROSTER = ("op_member", "intel_officer", "custody_officer")
ON_CASE = ("investigator", "disclosure_officer")


def plan(actor: Actor, *, strand: str, **told: Any) -> Operation:
    """Whoever plans takes command, which is what lets them write the plan; they go on the roster too."""
    if actor.role != "op_commander":
        raise NotAllowed(rule="cell", reason="cell")
    operation_id = new_id()
    Command.objects.create(operation_id=operation_id, membership_id=actor.me, level=Level.SILVER, is_lead=True)
    Roster.objects.create(operation_id=operation_id, membership_id=actor.me, agency_id=actor.home, part=Task.COMMAND)
    return draw_up(actor, operation_id, strand=strand, **told)


@action("operation", "W", about=ABOUT)
def draw_up(
    actor: Actor,
    operation_id: UUID,
    *,
    name: str,
    objectives: str,
    strand: str,
    planned_for: datetime,
    threat: str = "",
    proportionality: str = "",
) -> Operation:
    """The operation itself, by whoever has just taken command of it."""
    known(strand, Strand.values, "strand")
    _not_over(planned_for)
    planned = Operation(
        id=operation_id,
        controller_id=actor.home,
        reference=random_reference("OP"),
        name=name,
        objectives=objectives,
        threat=threat,
        proportionality=proportionality,
        strand=strand,
        planned_for=planned_for,
    )
    return policy.OPERATIONS.add(actor, planned)


def _not_over(planned_for: datetime) -> None:
    if clock.now() > planned_for + rules.CLOSES.value:
        raise RuleBroken("That time is over, so the plan would open to nobody. Check the date.", field="planned_for")


@action("operation", "W", about=ABOUT)
def change_plan(
    actor: Actor,
    operation_id: UUID,
    *,
    name: str,
    objectives: str,
    planned_for: datetime,
    threat: str = "",
    proportionality: str = "",
    why: str = "",
    version: int | None = None,
) -> Operation:
    """When the start moves, what opens to the roster moves with it. What the plan said before is kept."""
    before = still_open(actor, operation_id)
    _not_over(planned_for)
    told = {"objectives": objectives, "threat": threat, "proportionality": proportionality}
    changes = {"name": name, "planned_for": planned_for, **told}
    changed = kept_beside(actor, policy.OPERATIONS, operation_id, changes, why, version)
    if before["planned_for"] != planned_for:
        for table in (policy.SITES, policy.BRIEFS):
            _move_openings(actor, table, operation_id, planned_for - before["planned_for"])
    return changed


def _move_openings(actor: Actor, table: Any, operation_id: UUID, by: Any) -> None:
    for row in table.many(actor, Q(operation_id=operation_id), limit=500):
        table.change(actor, row["id"], {"opens_at": row["opens_at"] + by})


# Partners


def _its_people(actor: Actor, operation_id: UUID, agency_id: UUID) -> None:
    """They stand on the board from now on."""
    if not policy.UNITS.count(actor, Q(operation_id=operation_id, agency_id=agency_id, kind=UnitKind.AGENCY)):
        name = agency(agency_id).short_name
        begin_unit(actor, operation_id, kind=UnitKind.AGENCY, agency_id=agency_id, label=name)


@action("operation", "W", about=ABOUT)
def ask_partner(
    actor: Actor, operation_id: UUID, *, agency_id: UUID, brings: str = "", power: str = "", own_entry: bool = False
) -> Partner:
    """``power``: in words, under which law they act; ``own_entry``: it lets them go in without a police warrant."""
    operation = still_open(actor, operation_id)
    agency(agency_id)
    if agency_id == actor.home:
        raise RuleBroken("Your own force leads; it is not its own partner.", field="agency_id")
    if policy.PARTNERS.count(actor, Q(operation_id=operation_id, agency_id=agency_id)):
        raise RuleBroken("This agency has been asked already. Record its answer instead.", field="agency_id")
    asked = Partner(
        controller_id=operation["controller_id"],
        operation_id=operation_id,
        agency_id=agency_id,
        brings=brings,
        power=power,
        own_entry=own_entry,
    )
    return policy.PARTNERS.add(actor, asked)


@action("operation", "W", about=ABOUT)
def partner_answers(
    actor: Actor, operation_id: UUID, *, agency_id: UUID, answer: str, at: datetime | None = None
) -> Partner:
    still_open(actor, operation_id)
    known(answer, Answer.values, "answer")
    asked = policy.PARTNERS.many(actor, Q(operation_id=operation_id, agency_id=agency_id), limit=1)
    if not asked:
        raise RuleBroken("Ask the agency first.", field="agency_id")
    at = past("answer", at or clock.now())
    if answer == Answer.YES:
        _its_people(actor, operation_id, agency_id)
    return policy.PARTNERS.change(actor, asked[0]["id"], {"answer": answer, "answered_at": at})


def correct_partner(actor: Actor, partner_id: UUID, *, why: str, **told: Any) -> Partner:
    """What it brings, by which powers it acts, and whether one of them lets it go in."""
    asked = policy.PARTNERS.one(actor, partner_id)
    return put_partner_right(actor, asked["operation_id"], partner_id=partner_id, told=told, why=why)


@action("operation", "W", about=ABOUT)
def put_partner_right(actor: Actor, operation_id: UUID, *, partner_id: UUID, told: dict[str, Any], why: str) -> Partner:
    still_open(actor, operation_id)
    return kept_beside(actor, policy.PARTNERS, partner_id, told, reason(why))


# The roster and the case team


@action("operation", "W", about=ABOUT)
def join_roster(
    actor: Actor, operation_id: UUID, *, membership_id: UUID, part: str, sites_from: datetime | None = None
) -> Roster:
    """``sites_from`` lets a named planner see the addresses before the last hours."""
    still_open(actor, operation_id)
    known(part, Task.values, "part")
    person = _holding(ON_ROSTER, membership_id)
    if not _takes_part(actor, operation_id, person.agency_id):
        raise RuleBroken("Their agency has not said that it takes part. Ask it first.", field="membership_id")
    if Roster.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None).exists():
        raise RuleBroken("They are on the roster already.", field="membership_id")
    return Roster.objects.create(
        operation_id=operation_id,
        membership_id=membership_id,
        agency_id=person.agency_id,
        part=part,
        sites_from=sites_from,
    )


def _holding(roles: tuple[str, ...], membership_id: UUID) -> Membership:
    for role in roles:
        found = Membership.objects.holding(role, clock.now()).filter(pk=membership_id).first()
        if found is not None:
            return found
    raise RuleBroken(
        "They hold no role that lets them do this. Ask their agency's data guardian.", field="membership_id"
    )


def _takes_part(actor: Actor, operation_id: UUID, agency_id: UUID) -> bool:
    """The lead force, a partner that said yes, or the force of a site's area."""
    if agency_id == actor.home:
        return True
    if policy.PARTNERS.count(actor, Q(operation_id=operation_id, agency_id=agency_id, answer=Answer.YES)):
        return True
    return bool(policy.SITES.count(actor, policy.in_plan(operation_id) & Q(host_force=agency_id)))


@action("operation", "W", about=ABOUT)
def leave_roster(actor: Actor, operation_id: UUID, *, membership_id: UUID, why: str) -> None:
    """They see nothing of the operation from now on; what they are bronze of ends too."""
    operation = policy.OPERATIONS.one(actor, operation_id)
    if Command.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None).exists():
        raise RuleBroken(
            "They are in command. Name somebody else and end their command first, then take them off.",
            field="membership_id",
        )
    kept_why(actor, operation, membership_id, {"roster": membership_id}, why)
    for held in (Roster, Bronze):
        theirs = held.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None)
        theirs.update(until=clock.now())


@action("operation", "W", about=ABOUT)
def case_team(actor: Actor, operation_id: UUID, membership_id: UUID) -> CaseMember:
    """The police team that takes the case to court; each sees the case as long as they are on it."""
    person = _holding(ON_CASE, membership_id)
    if person.agency_id != actor.home:
        raise RuleBroken("The case team is of the lead force.", field="membership_id")
    if CaseMember.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None).exists():
        raise RuleBroken("They are on the case team already.", field="membership_id")
    return CaseMember.objects.create(operation_id=operation_id, membership_id=membership_id)


@action("operation", "W", about=ABOUT)
def leave_case(actor: Actor, operation_id: UUID, *, membership_id: UUID, why: str) -> None:
    """They see nothing of the case from now on."""
    operation = policy.OPERATIONS.one(actor, operation_id)
    on_it = CaseMember.objects.filter(operation_id=operation_id, membership_id=membership_id, until=None)
    if not on_it.update(until=clock.now()):
        raise RuleBroken("They are not on the case team.", field="membership_id")
    kept_why(actor, operation, membership_id, {"case_team": membership_id}, why)


# Briefs


@action("operation", "W", about=ABOUT)
def write_brief(actor: Actor, operation_id: UUID, *, agency_id: UUID, text: str, part: str = Part.FULL) -> Brief:
    """The date opens to the agency's roster with the outline, the sites in the last hours."""
    operation = still_open(actor, operation_id)
    known(part, Part.values, "part")
    agency(agency_id)
    if not text.strip():
        raise RuleBroken("Write what this agency needs to know.", field="text")
    if not _takes_part(actor, operation_id, agency_id):
        raise RuleBroken("This agency has not said that it takes part. Ask it first.", field="agency_id")
    one_at_a_time(operation_id)
    last = policy.BRIEFS.many(actor, Q(operation_id=operation_id), order_by=("-copy",), limit=1)
    before = rules.DATES_OPEN if part == Part.DATE else rules.SITE_OPENS
    brief = Brief(
        controller_id=operation["controller_id"],
        operation_id=operation_id,
        agency_id=agency_id,
        part=part,
        copy=last[0]["copy"] + 1 if last else 1,
        opens_at=operation["planned_for"] - before.value,
        text=text,
    )
    return policy.BRIEFS.add(actor, brief)


@action("operation", "W", about=ABOUT)
def withdraw_brief(actor: Actor, operation_id: UUID, *, brief_id: UUID, why: str) -> Brief:
    """It went to the wrong agency, or says something wrong: nobody there opens it any more. The right one is given
    anew, under a number of its own."""
    operation = still_open(actor, operation_id)
    brief = policy.BRIEFS.one(actor, brief_id)
    if brief["operation_id"] != operation_id or brief["order"] or brief["superseded_at"]:
        raise RuleBroken("Choose a brief that stands alone and is open.", field="brief_id")
    kept_why(actor, operation, brief_id, {"copy": brief["copy"], "agency_id": brief["agency_id"]}, why)
    return policy.BRIEFS.change(actor, brief_id, {"superseded_at": clock.now()})
