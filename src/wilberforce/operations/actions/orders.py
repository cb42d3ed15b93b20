"""The operation order: written once in parts, issued to each agency as its own numbered copy, and read."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.concerns.lists import PREMISES
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import Answer, Band, Brief, Iimarch, OrderPart, OrderReading, Part

from . import contingencies
from .correcting import kept_beside
from .sense import agency, known, one_at_a_time, still_open

ABOUT = {"operation": "operation_id"}


@action("operation", "W", about=ABOUT)
def write_part(
    actor: Actor,
    operation_id: UUID,
    *,
    heading: str,
    text: str,
    agencies: Sequence[UUID] = (),
    names_site: bool = False,
) -> OrderPart:
    """Some words under a heading, for everybody or for the agencies named."""
    part = OrderPart(
        controller_id=still_open(actor, operation_id)["controller_id"],
        operation_id=operation_id,
        **_part(heading, text, agencies, names_site),
    )
    return policy.ORDER_PARTS.add(actor, part)


def change_part(actor: Actor, part_id: UUID, *, version: int | None = None, why: str = "", **given: Any) -> OrderPart:
    """Copies that were issued stay as they were; the next issue carries the change."""
    operation = policy.ORDER_PARTS.one(actor, part_id)["operation_id"]
    return rewrite(actor, operation, part_id=part_id, changes=_part(**given), why=why, version=version)


def take_out(actor: Actor, part_id: UUID, *, why: str, version: int | None = None) -> OrderPart:
    """The next issue goes without it; what it said stands in the history of the plan."""
    operation = policy.ORDER_PARTS.one(actor, part_id)["operation_id"]
    gone = {"text": "", "ended_at": clock.now()}
    return rewrite(actor, operation, part_id=part_id, changes=gone, why=reason(why), version=version)


@action("operation", "W", about=ABOUT)
def rewrite(
    actor: Actor, operation_id: UUID, *, part_id: UUID, changes: dict[str, Any], why: str, version: int | None
) -> OrderPart:
    still_open(actor, operation_id)
    if policy.ORDER_PARTS.one(actor, part_id)["ended_at"]:
        raise RuleBroken("This part was taken out of the order. Write a new one.")
    return kept_beside(actor, policy.ORDER_PARTS, part_id, changes, why, version)


def _part(heading: str, text: str, agencies: Sequence[UUID] = (), names_site: bool = False) -> dict[str, Any]:
    if not text.strip():
        raise RuleBroken("Write what they need to know.", field="text")
    ids = [agency(one, "agencies").pk for one in dict.fromkeys(agencies)]
    known(heading, Iimarch.values, "heading")
    return {"heading": heading, "text": text, "agencies": ids, "names_site": names_site}


@action("operation", "W", about=ABOUT)
def issue_order(actor: Actor, operation_id: UUID) -> int:
    """The next version: a copy for each agency that takes part; the copies before it are no longer shown."""
    one_at_a_time(operation_id)
    operation = still_open(actor, operation_id)
    parts = policy.ORDER_PARTS.many(actor, Q(operation_id=operation_id, ended_at=None), order_by=("id",), limit=500)
    missing = [choice.label for choice in Iimarch if choice not in {part["heading"] for part in parts}]
    if missing:
        raise RuleBroken(f"Nothing is written yet under: {', '.join(missing)}.")
    _is_weighed(operation)
    may_go_wrong = contingencies.as_parts(actor, operation_id)
    issued = policy.BRIEFS.many(actor, Q(operation_id=operation_id), order_by=("-copy",), limit=2_000)
    for row in issued:
        if row["order"] and row["superseded_at"] is None:
            policy.BRIEFS.change(actor, row["id"], {"superseded_at": clock.now()})
    version = max([row["order"] for row in issued], default=0) + 1
    last = max([row["copy"] for row in issued], default=0)
    parts += may_go_wrong + _sites(actor, operation_id)
    for number, agency_id in enumerate(_recipients(actor, operation), start=last + 1):
        _give(actor, operation, version, number, agency_id, parts)
    return version


def _is_weighed(operation: Row) -> None:
    if not (operation["threat"] and operation["proportionality"]):
        raise RuleBroken("Write in the plan what threatens whom, and why what you do is proportionate to it.")


def _give(actor: Actor, operation: Row, version: int, copy: int, agency_id: UUID, parts: Iterable[Row]) -> None:
    for part in parts:
        if part["agencies"] and agency_id not in part["agencies"]:
            continue
        before = rules.SITE_OPENS if part["names_site"] else rules.DATES_OPEN
        brief = Brief(
            controller_id=operation["controller_id"],
            operation_id=operation["id"],
            agency_id=agency_id,
            part=Part.SITE if part["names_site"] else Part.DATE,
            order=version,
            heading=part["heading"],
            copy=copy,
            opens_at=operation["planned_for"] - before.value,
            text=part["text"],
        )
        policy.BRIEFS.add(actor, brief)


def _recipients(actor: Actor, operation: Row) -> list[UUID]:
    """The lead force, who said yes, and the forces of the sites' areas."""
    said_yes = Q(operation_id=operation["id"], answer=Answer.YES)
    partners = policy.PARTNERS.many(actor, said_yes, order_by=("asked_at", "id"), limit=100)
    sites = policy.SITES.many(actor, policy.in_plan(operation["id"]), order_by=("ref",), limit=100)
    hosts = [site["host_force"] for site in sites if site["host_force"]]
    return list(dict.fromkeys([operation["controller_id"], *(row["agency_id"] for row in partners), *hosts]))


def _sites(actor: Actor, operation_id: UUID) -> list[Row]:
    """Every site with its address, as it stands in the plan."""
    of_it = Q(operation_id=operation_id)
    places = {row["site_id"]: row for row in policy.PLACES.many(actor, of_it, limit=100)}
    lines = []
    for site in policy.SITES.many(actor, policy.in_plan(operation_id), order_by=("ref",), limit=100):
        place = places[site["id"]]
        told = (
            place["place"],
            place["address"],
            PREMISES[site["premises"]].label,
            Band(site["expected"]).label.lower(),
        )
        line = f"Site {site['ref']}: {told[0]}. {told[1]}. {told[2]}. People expected: {told[3]}."
        lines.append("\n".join([line, place["plan"]]) if place["plan"] else line)
    return [{"heading": Iimarch.METHOD, "text": line, "agencies": [], "names_site": True} for line in lines]


def read_order(actor: Actor, brief_id: UUID) -> OrderReading:
    """Whoever may read the copy says that they have."""
    brief = policy.BRIEFS.one(actor, brief_id, projection=f"brief.{actor.kind}")
    told = {"order": brief["order"], "agency_id": brief["agency_id"]}
    read, _ = OrderReading.objects.get_or_create(
        operation_id=brief["operation_id"], copy=brief["copy"], membership_id=actor.me, defaults=told
    )
    return read
