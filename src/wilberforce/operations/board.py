"""What is read together: the plan for its commander, the day for those on it, the manifest for the centre."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Asked, Protected, Row
from wilberforce.access.together import together
from wilberforce.agencies.models import Agency, Membership
from wilberforce.concerns.lists import LANGUAGES, PREMISES
from wilberforce.concerns.models import Age, YesNo
from wilberforce.operations import policy, rules
from wilberforce.operations.lists import POWERS
from wilberforce.operations.models import (
    Answer,
    Band,
    Heading,
    Injury,
    Level,
    Part,
    Sex,
    State,
    Strand,
    Task,
)

MANY = 500
SPOKEN = {
    "answer": Answer, "expected": Band, "state": State, "strand": Strand, "age": Age, "sex": Sex, "injury": Injury,
    "heading_to": Heading, "part": Part, "children": YesNo, "danger": YesNo,
}  # fmt: skip
TONES = {"entered": "plain", "secured": "plain", "searching": "soon", "left": "done"}


def people(ids: Iterable[UUID]) -> dict[UUID, str]:
    found = Membership.objects.filter(pk__in=set(ids)).select_related("user", "agency")
    return {member.pk: str(member) for member in found}


def agencies(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {i for i in ids if i is not None}
    return {agency.pk: agency.name for agency in Agency.objects.filter(pk__in=wanted)}


def said(row: Row) -> Row:
    """Codes in words, beside the codes."""
    for name, choices in SPOKEN.items():
        if row.get(name):
            row[f"{name}_said"] = choices(row[name]).label
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


def _all(table: Protected[Any], actor: Actor, operation: UUID, projection: str, order_by: tuple[str, ...]) -> Asked:
    return table.asked(actor, of(operation), projection=projection, order_by=order_by, limit=MANY)


def _read(actor: Actor, *asked: Asked) -> list[list[Row]]:
    return [[said(row) for row in rows] for rows in together(actor, *asked)]


# The plan


def plan(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """Everything that the commander planned."""
    operation = said(policy.OPERATIONS.one(actor, operation_id))
    partners, briefs, readiness, warrants, sites = _planned(actor, operation_id)
    links = policy.centres_of([operation_id])
    named = [named for warrant in warrants for named in warrant["named"]]
    names = agencies(
        [*(row["agency_id"] for row in [*partners, *briefs]), *named, *(site["host_force"] for site in sites),
         *(link.agency_id for link in links)]
    )  # fmt: skip
    for row in [*partners, *briefs]:
        row["agency"] = names[row["agency_id"]]
    runs = {link.centre_id: names[link.agency_id] for link in links}
    for row in readiness:
        row["agency"] = runs.get(row["centre_id"], "")
    for warrant in warrants:
        warrant["named_said"] = ", ".join(sorted(names[i] for i in warrant["named"])) or "The police alone"
        warrant["lapses_before"] = warrant["expires_at"] < operation["planned_for"]
    for site in sites:
        site["host"] = names.get(site["host_force"], "")
        site["warrants"] = [warrant for warrant in warrants if warrant["site_id"] == site["id"]]
    return {
        "operation": operation,
        "partners": partners,
        "briefs": briefs,
        "sites": sites,
        "readiness": readiness,
        **_named(operation_id),
    }


def _planned(actor: Actor, operation_id: UUID) -> list[list[Row]]:
    *planned, places, sites = _read(
        actor,
        _all(policy.PARTNERS, actor, operation_id, "", ("asked_at", "id")),
        _all(policy.BRIEFS, actor, operation_id, "", ("copy",)),
        _all(policy.READINESS, actor, operation_id, "", ("id",)),
        _all(policy.WARRANTS, actor, operation_id, "", ("issued_at", "id")),
        *_places_and_sites(actor, operation_id, ""),
    )
    _put_in_place(sites, places)
    return [*planned, sites]


def _places_and_sites(actor: Actor, operation_id: UUID, projection: str) -> tuple[Asked, Asked]:
    places = _all(policy.PLACES, actor, operation_id, projection, ("id",))
    return places, _all(policy.SITES, actor, operation_id, projection, ("ref",))


def _put_in_place(sites: list[Row], places: list[Row]) -> None:
    """With their places, where those are open to the actor."""
    by_site = {row["site_id"]: row for row in places}
    for site in sites:
        place = by_site.get(site["id"])
        site |= {"place": place["place"] if place else "", "address": place["address"] if place else ""}
        site["state"] = state_of(site)


def _named(operation_id: UUID) -> dict[str, list[Any]]:
    on_it = policy.named_on(operation_id)
    names = people(row["membership_id"] for rows in on_it.values() for row in rows)
    for row in on_it["roster"]:
        row |= {"name": names[row["membership_id"]], "part": Task(row["as_"]).label, "sites_from": row["from_"]}
    return {
        "roster": on_it["roster"],
        "case_team": [names[row["membership_id"]] for row in on_it["case_team"]],
        "commanders": [f"{names[row['membership_id']]}, {Level(row['as_']).label}" for row in on_it["commanders"]],
    }


# The day


def slice_of(actor: Actor) -> str:
    """The projection in which this actor sees the day: fire sees hazards and head counts."""
    return "site_hazard" if actor.kind == "fire" else "day_log"


def days(actor: Actor) -> list[Row]:
    """The operations whose hours are open to the actor."""
    rows = policy.OPERATIONS.many(actor, projection=slice_of(actor), order_by=("-planned_for", "-id"))
    return [said(row) for row in rows]


def day(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    return day_of(actor, said(policy.OPERATIONS.one(actor, operation_id, projection=slice_of(actor))))


def day_of(actor: Actor, operation: Row) -> dict[str, Any]:
    """The day of an operation already read."""
    seen, operation_id = slice_of(actor), operation["id"]
    asked = [
        *_places_and_sites(actor, operation_id, seen),
        _all(policy.HAZARDS, actor, operation_id, "site_hazard", ("-at", "-id")),
    ]
    if seen == "day_log":
        asked.append(_all(policy.FOUND, actor, operation_id, "site_found", ("found_at", "id")))
        asked.append(_all(policy.LOG, actor, operation_id, seen, ("-number",)))
    places, sites, hazards, found, entries = [*_read(actor, *asked), [], []][:5]
    _put_in_place(sites, places)
    counts = Counter(person["site_id"] for person in found)
    refs = {site["id"]: site["ref"] for site in sites}
    numbers = {entry["id"]: entry["number"] for entry in entries}
    names = people(entry["by"] for entry in entries)
    for row in [*found, *entries]:
        row["site"] = refs.get(row["site_id"], "")
    for entry in entries:
        entry |= {"who": names.get(entry["by"], ""), "corrected": numbers.get(entry["corrects"])}
    for site in sites:
        site["found"] = counts[site["id"]]
        site["hazards"] = [hazard for hazard in hazards if hazard["site_id"] == site["id"]]
    shown = {"operation": operation, "sites": sites, "found": found, "entries": entries, "lanes": _lanes(sites, found)}
    return shown | {"counts": dict(Counter(person["heading_to_said"] for person in found))}


def _lanes(sites: list[Row], found: list[Row]) -> list[dict[str, Any]]:
    lanes = []
    for site in sites:
        marks = [
            {"at": site[f"{step}_at"], "label": word.capitalize(), "tone": TONES[step]}
            for step, word in rules.SITE_STEPS.items()
            if site[f"{step}_at"]
        ]
        marks += [
            {"at": person["set_off_at"], "label": f"{person['reference']} to {person['heading_to_said'].lower()}"}
            for person in found
            if person["site_id"] == site["id"] and person["set_off_at"]
        ]
        lanes.append({"label": f"Site {site['ref']}", "marks": marks})
    return [lane for lane in lanes if lane["marks"]]


def worries(actor: Actor, operation_id: UUID) -> list[Row]:
    """For the commander, after a fresh proof."""
    return policy.SAFETY_WORRIES.many(actor, of(operation_id), order_by=("-at",), limit=MANY)


def decisions(actor: Actor, operation_id: UUID) -> list[Row]:
    return policy.DECISIONS.many(actor, of(operation_id), order_by=("-number",), limit=MANY)


# For the centre


def manifest(actor: Actor, centre_id: UUID) -> list[Row]:
    """Who is on the way to this centre, by reference."""
    coming = Q(centre_id=centre_id, heading_to=Heading.CENTRE)
    rows = policy.FOUND.many(actor, coming, projection="manifest", order_by=("set_off_at", "id"), limit=MANY)
    return [said(row) for row in rows]


def readiness(actor: Actor, centre_id: UUID) -> list[Row]:
    """What the centre has to be ready for: roughly when, how many, which languages, children or not, danger or not."""
    rows = policy.READINESS.many(
        actor, Q(centre_id=centre_id), projection="readiness", order_by=("ready_by", "id"), limit=MANY
    )
    return [said(row) for row in rows]


# For a partner


def briefs(actor: Actor) -> list[Row]:
    """The briefs of the actor's own agency that are open now, oldest first."""
    rows = policy.BRIEFS.many(actor, projection=f"brief.{actor.kind}", order_by=("opens_at", "copy"), limit=MANY)
    return [said(row) for row in rows]
