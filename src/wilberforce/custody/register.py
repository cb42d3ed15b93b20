"""The register of exhibits as its pages show it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.access.protect import Row
from wilberforce.operations.policy import OPERATIONS, SITES

from . import policy
from .actions.exhibits import EXHIBIT, OVER, holder, moves_of, on_site, people_of
from .board import MANY, officers
from .lists import SEIZED_UNDER
from .models import ExhibitKind, MoveKind

LATEST = ("-seized_at", "-id")
SAID: Shown = {
    "mark": ("Mark", str),
    "kind": ("Kind", lambda code: ExhibitKind(code).label),
    "description": ("Description", str),
    "place": ("Place", str),
    "bag": ("Bag or seal", str),
    "power": ("Power", lambda code: SEIZED_UNDER[code].label),
    "seized_by": ("Seized by", str),
    "seized_at": ("Seized", str),
    "owner": ("Owner", str),
    "control": ("In whose control", str),
}


def listed(actor: Actor, where: Q, **bounds: int) -> list[Row]:
    rows = policy.EXHIBITS.many(actor, where, projection=EXHIBIT, order_by=LATEST, **bounds)
    chains: dict[UUID, list[Row]] = {row["id"]: [] for row in rows}
    every = Q(exhibit_id__in=list(chains))
    for move in policy.EXHIBIT_MOVES.many(actor, every, projection=EXHIBIT, order_by=("number",), limit=MANY):
        chains[move["exhibit_id"]].append(move)
    return [said(row) | {"held": held(row, chains[row["id"]])} for row in rows]


def said(row: Row) -> Row:
    """In words; a paper that somebody else kept is a sign of control (Modern Slavery Act 2015 s.1 and s.2)."""
    power = SEIZED_UNDER[row["power"]]
    kept = row["kind"] == ExhibitKind.PASSPORT and row["control_id"] and row["control_id"] != row["owner_id"]
    words = {"kind_said": ExhibitKind(row["kind"]).label, "power_said": power.label, "power_source": power.source}
    return row | words | {"kept_by_another": bool(kept)}


def held(row: Row, chain: list[Row]) -> str:
    last = chain[-1] if chain else None
    if last is None:
        return f"With {row['seized_by']}"
    if last["kind"] == MoveKind.DISPOSED:
        return MoveKind.DISPOSED.label
    where = f", {last['place']}" if last["place"] else ""
    word = "Returned to" if last["kind"] == MoveKind.RETURNED else "With"
    return f"{word} {holder(row, chain)}{where}"


def one(actor: Actor, exhibit_id: UUID) -> dict[str, Any]:
    row = policy.EXHIBITS.one(actor, exhibit_id, projection=EXHIBIT)
    chain = moves_of(actor, exhibit_id)
    put_right = corrections(actor, policy.FORMER_EXHIBITS, exhibit_id, SAID, projection=EXHIBIT)
    names = officers(row["written_by"], *(move["by"] for move in chain), *(entry["by"] for entry in put_right))
    sites = SITES.many(actor, Q(pk=row["site_id"]), projection=on_site(actor), limit=1) if row["site_id"] else []
    return {
        "exhibit": said(row) | {"site": sites[0]["ref"] if sites else ""},
        "held": held(row, chain),
        "hands": [_seized(row, names), *(_link(move, names) for move in chain)],
        "corrections": [entry | {"by": names.get(entry["by"], "")} for entry in put_right],
        "over": bool(chain) and chain[-1]["kind"] in OVER,
    }


def _seized(row: Row, names: dict[UUID, str]) -> Row:
    title = f"Seized by {row['seized_by']}" + (f", in bag {row['bag']}" if row["bag"] else "")
    return {"at": row["seized_at"], "title": title, "by": names.get(row["written_by"], ""), "text": row["place"]}


def _link(move: Row, names: dict[UUID, str]) -> Row:
    title = f"{MoveKind(move['kind']).label}: {move['given_by']}"
    title += f" to {move['received_by']}" if move["received_by"] else ""
    title += f", {move['place']}" if move["place"] else ""
    title += f", in bag {move['bag']}" if move["bag"] else ""
    return {"at": move["at"], "title": title, "by": names.get(move["by"], ""), "text": move["why"]}


# What can be chosen


def places(actor: Actor) -> dict[str, tuple[UUID, UUID | None, str]]:
    """Each site of one's operations, or elsewhere in one of them."""
    rows = OPERATIONS.many(actor, ~Q(state="stood-down") & Q(exercise=False), projection=on_site(actor), limit=MANY)
    of = {row["id"]: row["reference"] for row in rows}
    here = Q(operation_id__in=list(of))
    sites = SITES.many(actor, here, projection=on_site(actor), order_by=("operation_id", "ref"), limit=MANY)
    found: dict[str, tuple[UUID, UUID | None, str]] = {
        str(site["id"]): (site["operation_id"], site["id"], f"Site {site['ref']}, {of[site['operation_id']]}")
        for site in sites
    }
    return found | {str(key): (key, None, f"Elsewhere, {reference}") for key, reference in of.items()}


def people(actor: Actor, operations: set[UUID]) -> list[tuple[str, str]]:
    """By reference: P for somebody found, A for somebody arrested."""
    each = [people_of(actor, operation) for operation in sorted(operations)]
    return [("", "Not known"), *((str(key), reference) for found in each for key, reference in found.items())]


def of_person(actor: Actor, found: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """For the page of a person found: what is theirs, and what they kept."""
    shown: dict[UUID, list[Row]] = {one: [] for one in found}
    theirs = Q(owner_id__in=found) | Q(control_id__in=found)
    for row in policy.EXHIBITS.many(actor, theirs, projection=EXHIBIT, order_by=LATEST, limit=MANY):
        for person in {row["owner_id"], row["control_id"]} & set(found):
            shown[person].append(said(row) | {"theirs": row["owner_id"] == person})
    return shown
