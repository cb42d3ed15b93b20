"""The whole day in order: what happened at each site, to whom, by whom; narrowed by whoever looks, and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.access.context import Actor, expand
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Membership
from wilberforce.base import clock
from wilberforce.base.moments import TimeField
from wilberforce.base.paging import Filters, choice_or_all
from wilberforce.base.registries import panels
from wilberforce.operations import policy, rehearsal, rules
from wilberforce.operations.board import agencies, every, read
from wilberforce.operations.models import Place

DAY_LOG, SITE_FOUND = "day_log", "site_found"
PANELS = "operations.timeline"
AT_ONE_LOOK = 40
LONGEST = 90
SAID = {"secured": "Secured"}
TONES = {"entered": "plain", "secured": "plain", "searching": "soon", "left": "done"}
KINDS = {
    "site": "Sites",
    "person": "People found",
    "handover": "Handovers",
    "arrest": "Arrests",
    "hazard": "Hazards",
    "check": "Questions to the desk",
    "log": "Log",
    "decision": "Decisions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime
    kind: str
    label: str
    site: UUID | None = None
    agency: UUID | None = None
    person: str = ""
    tone: str = "plain"


class TimelineFilters(Filters):
    """What narrows the day stands in the address."""

    site = forms.ChoiceField(label="Site", required=False)
    agency = forms.ChoiceField(label="Agency", required=False)
    kind = forms.ChoiceField(label="What", choices=choice_or_all(KINDS.items(), "Everything"), required=False)
    person = forms.CharField(
        label="Reference of a person", max_length=20, help_text="With or without its P-.", required=False
    )
    since = TimeField(label="From", help_text="Such as 05:00.", required=False)
    until = TimeField(label="Until", help_text="", required=False)

    def __init__(self, asked: Any, events: list[Event], refs: dict[UUID, str]) -> None:
        super().__init__(asked or None, auto_id=Filters.auto_id)
        names = agencies({event.agency for event in events})
        chosen: dict[str, list[tuple[str, str]]] = {
            "site": [(ref, f"Site {ref}") for ref in refs.values()],
            "agency": sorted(((str(i), name) for i, name in names.items()), key=lambda one: one[1]),
        }
        for name, choices in chosen.items():
            field: Any = self.fields[name]
            field.choices = choice_or_all(choices)

    def keeps(self, event: Event, refs: dict[UUID, str], begins: datetime) -> bool:
        asked = {name: self.answer(name) for name in self.fields}
        since, until = (moment_of(asked[name] or None, begins) for name in ("since", "until"))
        return (
            asked["site"] in ("", refs.get(event.site) if event.site else None)
            and asked["agency"] in ("", str(event.agency))
            and asked["kind"] in ("", event.kind)
            and means(asked["person"], event.person)
            and (since is None or event.at >= since)
            and (until is None or event.at < until + timedelta(minutes=1))
        )


def means(typed: str, reference: str) -> bool:
    """As somebody says or types it: without the letters before it, in small letters, with spaces."""
    asked = "".join(typed.upper().replace("-", " ").split())
    return asked in ("", reference.replace("-", ""), reference.partition("-")[2])


BEFORE = timedelta(hours=6)


def moment_of(hour: time | None, begins: datetime) -> datetime | None:
    """On the day on which it begins; what would be long before its beginning is of the day after."""
    if hour is None:
        return None
    then = clock.in_london(begins).replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return then + timedelta(days=1) if begins - then > BEFORE else then


def of(actor: Actor, operation: Row, asked: Any, *, whole: bool = False) -> dict[str, Any]:
    """A lane for each site. ``whole``: for paper, everything at once."""
    events, refs = _events(actor, operation)
    form = TimelineFilters(asked, events, refs)
    form.is_valid()
    begins = rehearsal.began(operation)["planned_for"]
    kept = [event for event in events if form.keeps(event, refs, begins)]
    shown = kept if whole else kept[:AT_ONE_LOOK]
    lanes = [*((ref, key) for key, ref in refs.items()), ("", None)]
    drawn = [
        {
            "label": f"Site {ref}" if ref else "Everywhere",
            "marks": [{"at": e.at, "label": e.label, "tone": e.tone} for e in shown if e.site == key],
        }
        for ref, key in lanes
    ]
    return {
        "lanes": [lane for lane in drawn if lane["marks"]],
        "listing": {"filters": form, "narrowed": form.narrowing},
        "count": len(kept),
        "more": len(kept) - len(shown),
        "next": shown[-1].at if shown else None,
    }


def _events(actor: Actor, operation: Row) -> tuple[list[Event], dict[UUID, str]]:
    """In the order in which they happened, with the letter of each site."""
    asked = [
        every(policy.SITES, actor, operation["id"], DAY_LOG, ("ref",)),
        every(policy.FOUND, actor, operation["id"], SITE_FOUND, ("found_at", "id")),
        every(policy.HANDOVERS, actor, operation["id"], SITE_FOUND, ("given_at", "id")),
        every(policy.HAZARDS, actor, operation["id"], "site_hazard", ("at", "id")),
        every(policy.CHECKS, actor, operation["id"], DAY_LOG, ("number",)),
        every(policy.LOG, actor, operation["id"], DAY_LOG, ("number",)),
    ]
    if actor.role == "op_commander":
        asked.append(every(policy.DECISIONS, actor, operation["id"], "", ("number",)))
    sites, found, handovers, hazards, checks, entries, decisions = [*read(actor, *asked), []][:7]
    arrests = _told_by_later_stages(actor, operation["id"])
    tables = (sites, found, handovers, hazards, checks, entries, decisions, arrests)
    rehearsal.on_its_clock(operation, *tables)
    homes = _agencies_of(handovers, checks, entries)
    at = {person["id"]: person["site_id"] for person in found}
    events = [
        *_of_sites(sites), *_of_people(found), *_of_handovers(handovers, at, homes), *_of_hazards(hazards),
        *_of_checks(checks, homes), *_of_log(entries, homes), *_of_decisions(decisions),
        *(Event(**row) for row in arrests),
    ]  # fmt: skip
    return sorted(events, key=lambda event: event.at), {site["id"]: site["ref"] for site in sites}


def _told_by_later_stages(actor: Actor, operation_id: UUID) -> list[Row]:
    told: list[Row] = []
    for panel in panels(PANELS):
        if all(actor.holds(*cell.split(":")[:2]) for cell in expand(panel.cells)):
            told += panel.fetch(actor, [operation_id]).get(operation_id, [])
    return told


def _agencies_of(handovers: list[Row], checks: list[Row], entries: list[Row]) -> dict[UUID, UUID]:
    """Membership -> its agency."""
    members = {row[name] for row in handovers for name in ("given_by", "received_by")}
    members |= {row[name] for row in checks for name in ("asked_by", "answered_by")} | {row["by"] for row in entries}
    return dict(Membership.objects.filter(pk__in=members - {None}).values_list("pk", "agency_id"))


def _of_sites(sites: list[Row]) -> Iterable[Event]:
    for site in sites:
        for step, word in rules.SITE_STEPS.items():
            if at := site[f"{step}_at"]:
                label, who = SAID.get(step, word.capitalize()), site["controller_id"]
                yield Event(at=at, kind="site", label=label, site=site["id"], agency=who, tone=TONES[step])


def _of_people(found: list[Row]) -> Iterable[Event]:
    for row in found:
        of_them: dict[str, Any] = {"site": row["site_id"], "agency": row["controller_id"], "person": row["reference"]}
        yield Event(at=row["found_at"], kind="person", label=f"{row['reference']} found", **of_them)
        if row["set_off_at"]:
            label = f"{row['reference']} to {row['heading_to_said'].lower()}"
            yield Event(at=row["set_off_at"], kind="person", label=label, **of_them)


def _of_handovers(handovers: list[Row], at: dict[UUID, UUID], homes: dict[UUID, UUID]) -> Iterable[Event]:
    for row in handovers:
        of_them: dict[str, Any] = {"kind": "handover", "site": at.get(row["found_id"]), "person": row["reference"]}
        where = Place(row["to_place"]).label.lower()
        given, received = homes.get(row["given_by"]), homes.get(row["received_by"])
        yield Event(at=row["given_at"], label=f"{row['reference']} handed over: {where}", agency=given, **of_them)
        if row["received_at"]:
            label = f"{row['reference']} received: {where}"
            yield Event(at=row["received_at"], label=label, agency=received or given, tone="done", **of_them)
        if row["undone_at"]:
            label = f"{row['reference']}: the handover did not happen"
            yield Event(at=row["undone_at"], label=label, agency=given, tone="overdue", **of_them)


def _of_hazards(hazards: list[Row]) -> Iterable[Event]:
    for row in hazards:
        inside = "" if row["inside"] is None else f" Inside: {row['inside']}."
        label = _short(f"Hazard: {row['text']}{inside}")
        yield Event(
            at=row["at"], kind="hazard", label=label, site=row["site_id"], agency=row["controller_id"], tone="overdue"
        )


def _of_checks(checks: list[Row], homes: dict[UUID, UUID]) -> Iterable[Event]:
    for row in checks:
        asked, answered = homes.get(row["asked_by"]), homes.get(row["answered_by"])
        label = f"Question {row['number']} to the desk"
        yield Event(at=row["asked_at"], kind="check", label=label, site=row["site_id"], agency=asked, tone="soon")
        if row["answered_at"]:
            label = f"Question {row['number']} answered"
            yield Event(
                at=row["answered_at"], kind="check", label=label, site=row["site_id"], agency=answered, tone="done"
            )


def _of_log(entries: list[Row], homes: dict[UUID, UUID]) -> Iterable[Event]:
    for row in entries:
        label = _short(f"Log {row['number']}: {row['text']}")
        yield Event(at=row["at"], kind="log", label=label, site=row["site_id"], agency=homes.get(row["by"]))


def _of_decisions(decisions: list[Row]) -> Iterable[Event]:
    for row in decisions:
        label = _short(f"Decision {row['number']}: {row['decision']}")
        yield Event(at=row["at"], kind="decision", label=label, agency=row["controller_id"], tone="soon")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
