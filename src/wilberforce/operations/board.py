"""What is read together: the plan for its commander, what a centre has to be ready for, a partner's briefs."""

from collections.abc import Container, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected, Row, Written
from wilberforce.access.together import together
from wilberforce.agencies.models import Agency, Membership
from wilberforce.concerns.lists import LANGUAGES, PREMISES
from wilberforce.concerns.models import Age, YesNo
from wilberforce.operations import policy, rules
from wilberforce.operations.lists import POWERS
from wilberforce.operations.models import (
    Answer,
    Band,
    Chance,
    Charge,
    Doing,
    Heading,
    Iimarch,
    Injury,
    Level,
    OrderReading,
    Part,
    Sex,
    State,
    Strand,
    Task,
)

MANY = 500
HEADINGS = {heading.value: number for number, heading in enumerate(Iimarch, start=1)}
SPOKEN = {
    "answer": Answer, "expected": Band, "state": State, "strand": Strand, "age": Age, "sex": Sex, "injury": Injury,
    "chance": Chance, "decides": Level, "doing": Doing, "heading_to": Heading, "part": Part, "children": YesNo,
    "danger": YesNo,
}  # fmt: skip
IN_WORDS = {name: {str(code): str(words) for code, words in choices.choices} for name, choices in SPOKEN.items()}


def people(ids: Iterable[UUID]) -> dict[UUID, str]:
    found = Membership.objects.filter(pk__in=set(ids)).select_related("user", "agency")
    return {member.pk: str(member) for member in found}


def agencies(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {i for i in ids if i is not None}
    return {agency.pk: agency.name for agency in Agency.objects.filter(pk__in=wanted)}


def said(row: Row) -> Row:
    """Codes in words, beside the codes."""
    for name in IN_WORDS.keys() & row.keys():
        if row[name] in IN_WORDS[name]:
            row[f"{name}_said"] = IN_WORDS[name][row[name]]
    if "languages" in row:
        row["languages_said"] = ", ".join(LANGUAGES[code].label for code in row["languages"]) or "Not known"
    if "premises" in row:
        row["premises_said"] = PREMISES[row["premises"]].label
    if "power" in row and row["power"] in POWERS:
        row["power_said"] = POWERS[row["power"]].label
    return row


def of(operation_id: UUID) -> Q:
    return Q(operation_id=operation_id)


def state_of(site: Mapping[str, Any]) -> str:
    return rules.site_state(site["entered_at"], site["secured_at"], site["searching_at"], site["left_at"])


def every(table: Protected[Any], actor: Actor, operation: UUID, projection: str, order_by: tuple[str, ...]) -> Written:
    return table.belonging(actor, "operation_id", operation, projection=projection, order_by=order_by, limit=MANY)


def read(actor: Actor, *asked: Written) -> list[list[Row]]:
    return [[said(row) for row in rows] for rows in together(actor, *asked)]


# The plan


def plan(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """Everything that the commander planned."""
    operation = _with_its_end(actor, operation_id)
    partners, issued, readiness, warrants, chances, sites = _planned(actor, operation_id)
    briefs = [row for row in issued if not row["order"]]
    links = policy.centres_of([operation_id])
    named = [i for one in warrants for i in one["named"]] + [i for row in chances for i in row["agencies"]]
    names = agencies(
        [*(row["agency_id"] for row in [*partners, *briefs]), *named, *(site["host_force"] for site in sites),
         *(link.agency_id for link in links)]
    )  # fmt: skip
    for row in [*partners, *briefs]:
        row["agency"] = names[row["agency_id"]]
    for row in chances:
        row["for"] = _list(names, row["agencies"]) or "everybody"
    runs = {link.centre_id: {"agency": names[link.agency_id], "code": link.code} for link in links}
    for warrant in warrants:
        warrant["named_said"] = _list(names, warrant["named"]) or "The police alone"
        warrant["lapses_before"] = warrant["expires_at"] < operation["planned_for"]
    for site in sites:
        site["host"] = names.get(site["host_force"], "")
        site["warrants"] = [warrant for warrant in warrants if warrant["site_id"] == site["id"]]
    return {
        "operation": operation,
        "partners": partners,
        "briefs": briefs,
        "order": max((row["order"] for row in issued), default=0),
        **_in_and_out(sites),
        "readiness": [row | runs[row["centre_id"]] for row in readiness if row["centre_id"] in runs],
        "contingencies": chances,
        "more_planned": any(row["chance"] == Chance.MORE_FOUND and not row["ended_at"] for row in chances),
        **_named(operation_id, sites),
    }


def _in_and_out(sites: list[Row]) -> dict[str, list[Row]]:
    return {
        "sites": [site for site in sites if not site["out_at"]],
        "taken_out": [site for site in sites if site["out_at"]],
    }


def _with_its_end(actor: Actor, operation_id: UUID) -> Row:
    """``over``: why nothing of it is changed any more, or nothing."""
    operation = said(policy.OPERATIONS.one(actor, operation_id))
    return operation | {"over": rules.may_not_change(operation["state"])}


def _list(names: Mapping[UUID, str], ids: Iterable[UUID]) -> str:
    return ", ".join(sorted(names[i] for i in ids))


def _planned(actor: Actor, operation_id: UUID) -> list[list[Row]]:
    *planned, doors, hazards, places, sites = read(
        actor,
        every(policy.PARTNERS, actor, operation_id, "", ("asked_at", "id")),
        every(policy.BRIEFS, actor, operation_id, "", ("copy",)),
        every(policy.READINESS, actor, operation_id, "", ("id",)),
        every(policy.WARRANTS, actor, operation_id, "", ("issued_at", "id")),
        every(policy.CONTINGENCIES, actor, operation_id, "", ("id",)),
        every(policy.CENTRE_ADDRESSES, actor, operation_id, "", ("id",)),
        every(policy.HAZARDS, actor, operation_id, "", ("at", "id")),
        *sites_asked(actor, operation_id, ""),
    )
    put_in_place(sites, places)
    told = {row["centre_id"]: row for row in doors}
    for ready in planned[2]:
        ready["door"] = told.get(ready["centre_id"])
    plans = {row["site_id"]: row["plan"] for row in places}
    for site in sites:
        site["plan"], site["hazards"] = plans.get(site["id"]), [row for row in hazards if row["site_id"] == site["id"]]
    return [*planned, sites]


def sites_asked(actor: Actor, operation_id: UUID, projection: str) -> tuple[Written, Written]:
    """Their places, and they themselves."""
    places = every(policy.PLACES, actor, operation_id, projection, ("id",))
    return places, every(policy.SITES, actor, operation_id, projection, ("ref",))


def put_in_place(sites: list[Row], places: list[Row]) -> None:
    """With their places, where those are open to the actor."""
    by_site = {row["site_id"]: row for row in places}
    for site in sites:
        place = by_site.get(site["id"])
        site |= {"place": place["place"] if place else "", "address": place["address"] if place else ""}
        site["state"] = state_of(site)


def _named(operation_id: UUID, sites: list[Row]) -> dict[str, list[Any]]:
    on_it = policy.named_on(operation_id)
    names = people(row["membership_id"] for rows in on_it.values() for row in rows)
    for row in on_it["roster"]:
        row |= {"name": names[row["membership_id"]], "part": Task(row["as_"]).label, "sites_from": row["from_"]}
    refs = {site["id"]: f"Site {site['ref']}" for site in sites}
    return {
        "bronzes": [
            (refs.get(row["site"], Charge(row["as_"]).label), names[row["membership_id"]]) for row in on_it["bronzes"]
        ],
        "roster": on_it["roster"],
        "case_team": [names[row["membership_id"]] for row in on_it["case_team"]],
        "commanders": [f"{names[row['membership_id']]}, {Level(row['as_']).label}" for row in on_it["commanders"]],
    }


# For the centre


def readiness(actor: Actor, centre_id: UUID) -> list[Row]:
    """What the centre has to be ready for: roughly when, how many, which languages, children or not, danger or not."""
    rows = policy.READINESS.many(
        actor, Q(centre_id=centre_id), projection="readiness", order_by=("ready_by", "id"), limit=MANY
    )
    return [said(row) for row in rows]


# For a partner


def briefs(actor: Actor) -> list[dict[str, Any]]:
    """The copies of the actor's own agency that are open now, oldest first, each with what it says."""
    rows = policy.BRIEFS.many(
        actor, Q(superseded_at=None), projection=f"brief.{actor.kind}", order_by=("copy", "id"), limit=MANY
    )
    readings = OrderReading.objects.filter(membership_id=actor.me).values_list("operation_id", "copy")
    return copies(rows, set(readings))


def copies(rows: Iterable[Row], read: Container[tuple[UUID, int]] = ()) -> list[dict[str, Any]]:
    """Rows of one copy put together, in the order of the seven headings."""
    found: dict[tuple[UUID, int], dict[str, Any]] = {}
    for row in rows:
        key = (row["operation_id"], row["copy"])
        told = {"id": row["id"], "operation_id": key[0], "copy": key[1], "order": row["order"], "parts": []}
        found.setdefault(key, told | {"agency_id": row["agency_id"], "read": key in read})["parts"].append(said(row))
    for copy in found.values():
        copy["parts"].sort(key=lambda part: HEADINGS.get(part["heading"], 0))
        copy["opens_at"] = max(part["opens_at"] for part in copy["parts"])
        copy["starts"] = rules.starts(copy["parts"][0]["part"], copy["parts"][0]["opens_at"])
        copy["sections"] = _sections(copy["parts"])
    return list(found.values())


def _sections(parts: list[Row]) -> list[dict[str, Any]]:
    """Heading -> its texts; what stands alone has the name of what it tells."""
    sections: dict[str, list[str]] = {}
    for part in parts:
        title = Iimarch(part["heading"]).label if part["heading"] else part["part_said"]
        sections.setdefault(title, []).append(part["text"])
    return [{"title": title, "texts": texts} for title, texts in sections.items()]


def order(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """For the commander: the text in parts, its copies, and who has read which."""
    operation = _with_its_end(actor, operation_id)
    written, rows = read(
        actor,
        every(policy.ORDER_PARTS, actor, operation_id, "", ("id",)),
        every(policy.BRIEFS, actor, operation_id, "", ("copy", "id")),
    )
    parts = [part for part in written if not part["ended_at"]]
    issued = copies(row for row in rows if row["order"] and row["superseded_at"] is None)
    readings = list(OrderReading.objects.filter(operation_id=operation_id).order_by("at"))
    roster = policy.roster_of(operation_id)
    names = people([*(one.membership_id for one in readings), *(one.membership_id for one in roster)])
    told = agencies([*(one["agency_id"] for one in issued), *(i for part in parts for i in part["agencies"])])
    for part in parts:
        part["for"] = ", ".join(sorted(told[i] for i in part["agencies"])) or "Everybody"
    for one in issued:
        by = {reading.membership_id: reading.at for reading in readings if reading.copy == one["copy"]}
        waiting = [row.membership_id for row in roster if row.agency_id == one["agency_id"]]
        one["agency"] = told[one["agency_id"]]
        one["read_by"] = [(names[member], at) for member, at in by.items()]
        one["unread_by"] = [names[member] for member in waiting if member not in by]
    headings = [(h, [part for part in parts if part["heading"] == h]) for h in Iimarch]
    return {"operation": operation, "headings": headings, "copies": issued}


def order_copy(actor: Actor, brief_id: UUID) -> dict[str, Any]:
    """One agency's copy, by any of its parts: any for the commander, for everybody else what is open of their own."""
    seen = "" if actor.role == "op_commander" else f"brief.{actor.kind}"
    one = policy.BRIEFS.one(actor, brief_id, projection=seen)
    where = Q(operation_id=one["operation_id"], copy=one["copy"])
    found = copies(policy.BRIEFS.many(actor, where, projection=seen, order_by=("id",), limit=MANY))[0]
    return found | {"agency": agencies([found["agency_id"]])[found["agency_id"]]}
