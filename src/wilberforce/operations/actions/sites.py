"""The sites: whose area each lies in, and under which warrant it will be entered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Area
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.concerns.lists import PREMISES
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.lists import BY_WARRANT
from wilberforce.operations.models import Band, Entries, Hazard, Site, SitePlace, Warrant

from .sense import agency, in_order, known, known_languages, past, still_open

WARRANT, WARRANT_RETURN = "warrant", "warrant-return"
"""The code under which its lapse is due."""


@action("operation", "W", about={"operation": "operation_id"})
def add_site(
    actor: Actor,
    operation_id: UUID,
    *,
    ref: str,
    place: str,
    premises: str,
    address: str = "",
    plan: str = "",
    expected: str = Band.NOT_SURE,
    languages: Sequence[str] = (),
    hazards: str = "",
    host_force: UUID | None = None,
) -> Site:
    """Whose area it is follows from the place; ``host_force`` says it where the place is not listed."""
    operation = still_open(actor, operation_id)
    site = Site(
        controller_id=operation["controller_id"],
        operation_id=operation_id,
        ref=_letter(actor, operation_id, ref),
        premises=known(premises, PREMISES, "premises"),
        expected=known(expected, Band.values, "expected"),
        languages=known_languages(languages),
        opens_at=operation["planned_for"] - rules.SITE_OPENS.value,
        host_force=host_force_of(operation["controller_id"], place, host_force),
    )
    policy.SITES.add(actor, site)
    _write_place(actor, site, place=place, address=address, plan=plan)
    if hazards.strip():
        policy.HAZARDS.add(actor, Hazard(**_of(site), at=clock.now(), text=hazards))
    return site


def _letter(actor: Actor, operation_id: UUID, ref: str) -> str:
    ref = ref.strip().upper()
    if not (ref.isalpha() and ref.isascii() and len(ref) <= 2):
        raise RuleBroken("Name the site by a letter, such as A.", field="ref")
    if policy.SITES.count(actor, Q(operation_id=operation_id, ref=ref)):
        raise RuleBroken(f"There is a site {ref} already. Use the next letter.", field="ref")
    return ref


def _of(site: Site) -> dict[str, Any]:
    return {"controller_id": site.controller_id, "operation_id": site.operation_id, "site_id": site.pk}


def _write_place(actor: Actor, site: Site, **told: str) -> None:
    if not told["place"].strip():
        raise RuleBroken("Enter the town or the part of it.", field="place")
    policy.PLACES.add(actor, SitePlace(**_of(site), **told))


def host_force_of(lead: UUID, place: str, named: UUID | None) -> UUID | None:
    area = Area.objects.live().filter(place__iexact=place.strip()).first()
    force = named or (area.police_id if area else None)
    if named is not None and agency(named, "host_force").kind != "police":
        raise RuleBroken("The force of the area is a police force.", field="host_force")
    return force if force is not None and rules.host_force_needed(str(force), str(lead)) else None


@action("operation", "W", about={"site": "site_id"})
def ask_host(actor: Actor, site_id: UUID, *, at: datetime | None = None) -> Site:
    _hosted(actor, site_id)
    return policy.SITES.change(actor, site_id, {"host_asked_at": past("asking", at or clock.now())})


@action("operation", "W", about={"site": "site_id"})
def record_host_agreement(actor: Actor, site_id: UUID, *, agreed_by: str, at: datetime) -> Site:
    """Recording that they agreed says too that they were asked."""
    site = _hosted(actor, site_id)
    if not agreed_by.strip():
        raise RuleBroken("Enter who agreed for the force of the area.", field="agreed_by")
    asked = site["host_asked_at"] or at
    in_order(rules.Moment("asking", site["host_asked_at"]), rules.Moment("agreement", at))
    changes = {"host_asked_at": asked, "host_agreed_at": at, "host_agreed_by": agreed_by}
    return policy.SITES.change(actor, site_id, changes)


def _hosted(actor: Actor, site_id: UUID) -> dict[str, Any]:
    site = policy.SITES.one(actor, site_id)
    still_open(actor, site["operation_id"])
    if site["host_force"] is None:
        raise RuleBroken("This site lies in the lead force's own area, so nobody else needs to agree.")
    return site


@action("operation", "W", about={"site": "site_id"})
def add_warrant(
    actor: Actor,
    site_id: UUID,
    *,
    power: str,
    court: str,
    grounds: str,
    issued_at: datetime,
    entries: str = Entries.ONE,
    named_agencies: Sequence[UUID] = (),
) -> Warrant:
    """Everybody who goes in with the police is named on it, unless a power of their own lets them in."""
    site = policy.SITES.one(actor, site_id)
    still_open(actor, site["operation_id"])
    known(power, BY_WARRANT, "power")
    if not court.strip():
        raise RuleBroken("Enter the court that issued it.", field="court")
    warrant = Warrant(
        controller_id=site["controller_id"],
        operation_id=site["operation_id"],
        site_id=site_id,
        power=power,
        court=court,
        grounds=grounds,
        issued_at=issued_at,
        expires_at=live_until(issued_at),
        entries=known(entries, Entries.values, "entries"),
        named=[agency(named, "named_agencies").pk for named in dict.fromkeys(named_agencies)],
    )
    policy.WARRANTS.add(actor, warrant)
    lead = site["controller_id"]
    deadlines.file(actor, warrant.pk, rule=WARRANT, due_at=warrant.expires_at, role="op_commander", agency_id=lead)
    return warrant


def return_by(actor: Actor, warrant_id: UUID, lead: UUID, over_at: datetime) -> None:
    """Counted from its use, or from its lapse while nobody has used it."""
    due = return_due(over_at)
    deadlines.file(actor, warrant_id, rule=WARRANT_RETURN, due_at=due, role="op_commander", agency_id=lead)


def return_due(over_at: datetime) -> datetime:
    return reckon(rules.WARRANT_RETURN, over_at).due_at


def live_until(issued_at: datetime) -> datetime:
    past("issue of the warrant", issued_at, "issued_at")
    expires = rules.warrant_expires(issued_at).due_at
    if expires < clock.now():
        sentence = f"This warrant has expired: {rules.WARRANT_LIFE.source}. Apply for another."
        raise RuleBroken(sentence, field="issued_at")
    return expires


def may_go_back(executed_at: datetime | None, expires_at: datetime, at: datetime, field: str = "at") -> None:
    if fault := rules.may_not_return(executed_at, expires_at, at):
        raise RuleBroken(fault, field=field)
    past("return to the court", at, field)


def return_warrant(
    actor: Actor, warrant_id: UUID, *, at: datetime | None = None, version: int | None = None
) -> Warrant:
    """To the court: once it was used, or when it has lapsed unused."""
    warrant = policy.WARRANTS.one(actor, warrant_id)
    return give_back(actor, warrant["site_id"], warrant_id=warrant_id, at=at or clock.now(), version=version)


@action("operation", "W", about={"site": "site_id"})
def give_back(actor: Actor, site_id: UUID, *, warrant_id: UUID, at: datetime, version: int | None) -> Warrant:
    warrant = policy.WARRANTS.one(actor, warrant_id)
    if warrant["returned_at"]:
        raise RuleBroken("It went back already. A wrong time is put right where the warrant is corrected.")
    may_go_back(warrant["executed_at"], warrant["expires_at"], at)
    deadlines.meet(actor, warrant_id, WARRANT_RETURN, at, agency_id=warrant["controller_id"])
    return policy.WARRANTS.change(actor, warrant_id, {"returned_at": at}, version=version)
