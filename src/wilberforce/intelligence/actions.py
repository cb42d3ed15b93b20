"""What can happen to intelligence: an item is written, developed and adopted by an operation; suspicion is noted."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wilberforce.access.asking import must
from wilberforce.access.context import Actor, Note
from wilberforce.access.history import corrected, reason
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.concerns.policy import REPORTS
from wilberforce.concerns.proofs import names_the_contact
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action

from . import rules
from .lists import FUNCTIONS
from .models import Assessment, Grade, Handling, Item, Link, Priority, SuspectEntry
from .policy import FORMER_ITEMS, FORMER_SUSPECTS, ITEMS, LINKS, SUSPECTS

CONTACT = "Take out the name or number of the person who told us: the item must not show where it comes from."
UNKNOWN = "unknown person"
OLDEST = 120


@action("intel", "W", about={"report": "report_id"})
def write_item(
    actor: Actor,
    *,
    report_id: UUID | None = None,
    text: str,
    source_grade: int,
    assessment: str,
    handling: str = Handling.LAWFUL_SHARING,
    conditions: str = "",
    priority: int = Priority.MEDIUM,
    handling_level: int = 1,
    operation_id: UUID | None = None,
) -> Item:
    """The desk writes from the report that it holds and never reads an item back; an officer writes without one."""
    grade = _graded(source_grade, assessment, handling, conditions)
    _sanitised(actor, text, report_id)
    item = Item(
        controller_id=actor.home,
        report_id=report_id,
        operation_id=operation_id,
        text=text,
        conditions=conditions,
        **grade,
        priority=Priority(priority),
        handling_level=handling_level,
        originator=actor.me,
        sanitised_by=actor.me,
    )
    due = reckon(rules.REVIEW, item.recorded_at).due_at
    deadlines.file(actor, item.pk, rule="record-review", due_at=due, role="intel_officer", agency_id=actor.home)
    return ITEMS.add(actor, item)


@action("intel", "W", about={"agency": "to_force"})
def tell_force(actor: Actor, *, to_force: UUID, text: str, priority: int = Priority.MEDIUM) -> Item:
    """A partner tells a force what it knows, under their agreement. It is the force's item, untested, and the partner
    can't read it back."""
    force = Agency.objects.filter(pk=to_force, kind="police").first()
    if force is None or force.pk == actor.agency:
        raise RuleBroken("Choose the force of the place.", field="to_force")
    _sanitised(actor, text, None)
    item = Item(
        controller_id=force.pk,
        text=text,
        source_grade=Grade.UNTESTED,
        assessment=Assessment.NOT_KNOWN,
        priority=Priority(priority),
        originator=actor.me,
        sanitised_by=actor.me,
    )
    due = reckon(rules.REVIEW, item.recorded_at).due_at
    deadlines.file(actor, item.pk, rule="record-review", due_at=due, role="intel_officer", agency_id=force.pk)
    return ITEMS.add(actor, item)


@action("intel", "W", about={"record": "item_id"})
def develop(
    actor: Actor,
    item_id: UUID,
    *,
    text: str,
    source_grade: int,
    assessment: str,
    handling: str,
    conditions: str = "",
    priority: int = Priority.MEDIUM,
    why: str = "",
    version: int | None,
) -> Item:
    """Better wording or another grade for the same piece of information; something new is a new item."""
    grade = _graded(source_grade, assessment, handling, conditions)
    _sanitised(actor, text, None)
    changes = {"text": text, "conditions": conditions, **grade, "priority": Priority(priority)}
    sanitised = {"sanitised_by": actor.me, "sanitised_at": clock.now()}
    return corrected(actor, ITEMS, FORMER_ITEMS, item_id, changes | sanitised, version=version, why=why)


@action("intel", "W", about={"record": "item_id", "operation": "operation_id"})
def adopt(actor: Actor, item_id: UUID, operation_id: UUID) -> Item:
    """The item belongs to this operation from now on, and its commander may read it."""
    return ITEMS.change(actor, item_id, {"operation_id": operation_id})


@action("suspect", "W", about={"operation": "operation_id"})
def note_suspect(
    actor: Actor,
    *,
    description: str,
    name: str = "",
    ages_known: Sequence[int] = (),
    functions: Iterable[str] = (),
    operation_id: UUID | None = None,
    handling_level: int = 1,
) -> SuspectEntry:
    """Suspicion, not a finding. Without a name the person is unknown; the ages are those that somebody reported."""
    told = _suspicion(description, name, ages_known, functions)
    entry = SuspectEntry(controller_id=actor.home, operation_id=operation_id, handling_level=handling_level, **told)
    return SUSPECTS.add(actor, entry)


@action("suspect", "W", about={"record": "suspect_id"})
def correct_suspect(
    actor: Actor,
    suspect_id: UUID,
    *,
    description: str,
    name: str = "",
    ages_known: Sequence[int] = (),
    functions: Iterable[str] = (),
    why: str = "",
    version: int | None,
) -> SuspectEntry:
    changes = _suspicion(description, name, ages_known, functions)
    return corrected(actor, SUSPECTS, FORMER_SUSPECTS, suspect_id, changes, version=version, why=why)


@action("suspect", "W", about={"record": "suspect_id"})
def end_suspicion(actor: Actor, suspect_id: UUID, *, why: str, version: int | None = None) -> SuspectEntry:
    """Another person, or somebody who was made to do it: they leave every list of people under suspicion."""
    if SUSPECTS.one(actor, suspect_id)["ended_at"]:
        raise RuleBroken("Nobody suspects them any more already.")
    return _stands(actor, suspect_id, clock.now(), why, version)


@action("suspect", "W", about={"record": "suspect_id"})
def suspect_again(actor: Actor, suspect_id: UUID, *, why: str, version: int | None = None) -> SuspectEntry:
    if not SUSPECTS.one(actor, suspect_id)["ended_at"]:
        raise RuleBroken("They are under suspicion already.")
    return _stands(actor, suspect_id, None, why, version)


def _stands(actor: Actor, suspect_id: UUID, ended_at: datetime | None, why: str, version: int | None) -> SuspectEntry:
    changes = {"ended_at": ended_at}
    return corrected(actor, SUSPECTS, FORMER_SUSPECTS, suspect_id, changes, version=version, why=reason(why))


@action("suspect", "W", about={"record": "suspect_id", "operation": "operation_id"})
def adopt_suspect(actor: Actor, suspect_id: UUID, operation_id: UUID) -> SuspectEntry:
    return SUSPECTS.change(actor, suspect_id, {"operation_id": operation_id})


@action("suspect", "W", about={"record": "suspect_id"})
def link(actor: Actor, suspect_id: UUID, item_id: UUID, *, kind: str, on: date | None = None) -> Link:
    """No stronger than the item that it rests on: it takes over the item's handling."""
    if kind not in Link.Kind.values:
        raise RuleBroken("Choose how the person stands in connection with the item.", field="kind")
    if on is not None and on > clock.in_london(clock.now()).date():
        raise RuleBroken("That day is still to come. Write the day on which it was seen or said.", field="on")
    entry, item = SUSPECTS.one(actor, suspect_id), ITEMS.one(actor, item_id)
    made = Link(
        controller_id=entry["controller_id"],
        operation_id=entry["operation_id"],
        suspect_id=suspect_id,
        item_id=item_id,
        kind=kind,
        on=on,
        handling=item["handling"],
        handling_level=max(item["handling_level"], entry["handling_level"]),
        handling_agencies=item["handling_agencies"],
    )
    return LINKS.add(actor, made)


@action("suspect", "W", about={"record": "suspect_id"})
def untie(actor: Actor, suspect_id: UUID, link_id: UUID, *, why: str, version: int | None = None) -> Link:
    """A link that was made in error. That it stood, from when, and why it ended stays in the person's history."""
    made = LINKS.one(actor, link_id)
    if made["suspect_id"] != suspect_id:
        raise NotAllowed(rule="row", reason="row")
    if made["ended_at"]:
        raise RuleBroken("This tie was ended already.")
    return corrected(
        actor, LINKS, FORMER_SUSPECTS, link_id, {"ended_at": clock.now()}, version=version, why=reason(why)
    )


def _graded(source_grade: int, assessment: str, handling: str, conditions: str) -> dict[str, Any]:
    try:
        rules.grade(f"{source_grade}{assessment}{handling}", conditions)
    except ValueError as wrong:
        field = "conditions" if "conditions" in str(wrong) else "assessment"
        sentence = str(wrong)
        raise RuleBroken(f"{sentence[0].upper()}{sentence[1:]}.", field=field) from wrong
    return {"source_grade": int(source_grade), "assessment": assessment, "handling": handling}


def _sanitised(actor: Actor, text: str, report_id: UUID | None) -> None:
    """Raises RuleBroken. Each refusal is a leaf: asking again and again who told us is seen."""
    if not text.strip():
        raise RuleBroken("Write what is known, one piece of information.", field="text")
    findings = [finding.sentence for finding in rules.reveals(text)]
    if report_id is not None and names_the_contact(text, *_marks(actor, report_id)):
        findings.append(CONTACT)
    if findings:
        about = (report_id,) if report_id else ()
        actor.note(Note("denied", "intel", "W", "", "sanitised", about, allowed=False))
        raise RuleBroken(" ".join(dict.fromkeys(findings)), field="text")


def _marks(actor: Actor, report_id: UUID) -> tuple[list[str], str | None]:
    """Raises NotAllowed for a report that the actor does not hold, however wide the door through which they came."""
    must(actor, "report_raw", "R", {"report": report_id})
    kept = REPORTS.one(actor, report_id)
    return kept["contact_marks"], kept["marks_key"]


def _suspicion(description: str, name: str, ages: Sequence[int], functions: Iterable[str]) -> dict[str, Any]:
    if any(not 10 <= age <= OLDEST for age in ages):
        raise RuleBroken(f"An age of a suspect lies between 10 and {OLDEST}. Check it.", field="ages_known")
    if not name.strip() and not description.strip():
        raise RuleBroken("Describe the person, or give a name.", field="description")
    seen = list(dict.fromkeys(functions))
    if any(code not in FUNCTIONS for code in seen):
        raise RuleBroken("Choose from the list what the person is suspected to do.", field="functions")
    told = {"name": name.strip() or UNKNOWN, "description": description, "functions": seen}
    return told | {"ages_known": sorted(set(ages))}
