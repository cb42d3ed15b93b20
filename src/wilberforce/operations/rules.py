"""The plan and the day: warrants, who may enter, whose area it is, when partners see what, and times in their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from math import ceil
from typing import Any

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import (
    DeadlineKind,
    Period,
    Reckoning,
    Unit,
    Weight,
    instant,
    reckon,
)

CHECKED = date(2026, 11, 23)

WARRANT_LIFE = Rule(
    "entry under a warrant",
    Period(3, Unit.MONTHS),
    "PACE 1984 s.16(3)",
    CHECKED,
    valid_from=date(2006, 1, 1),
    note="From the date of issue, so the day of issue is not counted.",
)
OLD_WARRANT_LIFE = Rule(
    "entry under a warrant",
    Period(1, Unit.MONTHS),
    "PACE 1984 s.16(3) before the Serious Organised Crime and Police Act 2005 s.114",
    CHECKED,
    valid_to=date(2005, 12, 31),
)
WARRANT_LIVES = (OLD_WARRANT_LIFE, WARRANT_LIFE)
WARRANT_RETURN = Rule(
    "return of the warrant to the court",
    Period(7, Unit.CALENDAR_DAYS),
    "PACE 1984 s.16(10) and (10A)",
    CHECKED,
    note="Setting: the Act says when it has been executed, or at once when it lapses unused; a week is practice.",
)
NAMED_ON_WARRANT = Rule(
    "whoever enters with the police under a warrant is named on it",
    True,
    "PACE 1984 s.16(2); National Enforcement Powers Guide, February 2021, p.18",
    CHECKED,
    note="A partner's own power of entry is not affected.",
)
HOST_FORCE = Rule(
    "the force of the area is told and agrees when another force enters premises there",
    True,
    "Police Act 1996 s.24 and s.30; College of Policing APP, operations",
    CHECKED,
    note="Setting: a constable has the powers everywhere in England and Wales; the agreement is practice.",
)


@dataclass(frozen=True, slots=True)
class Warrant:
    issued_at: datetime
    named: frozenset[str] = frozenset()
    executed_at: datetime | None = None
    multiple_entries: bool = False


def warrant_expires(issued_at: datetime) -> Reckoning:
    return reckon(WARRANT_LIVES, issued_at, trigger="issued")


def may_enter_under(warrant: Warrant, at: datetime) -> str:
    """A sentence that says why not, or nothing."""
    if instant(at) < instant(warrant.issued_at):
        return "The warrant had not been issued yet."
    if instant(at) > warrant_expires(warrant.issued_at).due_at:
        return f"The warrant has expired: {WARRANT_LIFE.source}. Apply for another."
    used = warrant.executed_at is not None and instant(warrant.executed_at) < instant(at)
    if used and not warrant.multiple_entries:
        return "The warrant allowed one entry and has been used: PACE 1984 s.16(3A)."
    return ""


RETURNED = Rule(
    "a warrant goes back to the court once it was used, or when it has lapsed unused",
    True,
    "PACE 1984 s.16(10)",
    CHECKED,
)


def may_not_return(executed_at: datetime | None, expires_at: datetime, at: datetime) -> str:
    """A sentence that says why not, or nothing."""
    if executed_at is None and instant(at) < instant(expires_at):
        return f"The warrant is still good and has not been used. It goes back afterwards ({RETURNED.source})."
    if executed_at is not None and instant(at) < instant(executed_at):
        return "It can't go back before it was used. Check both times."
    return ""


def not_named(warrant: Warrant, entering: Iterable[str], own_power: Iterable[str] = ()) -> tuple[str, ...]:
    """Partners who would go in without being on the warrant and without a power of their own."""
    return tuple(sorted(set(entering) - warrant.named - set(own_power)))


def host_force_needed(site_force: str, lead_force: str) -> bool:
    return site_force.strip().casefold() != lead_force.strip().casefold()


def without_host(sites: Iterable[tuple[str, str]], lead_force: str, agreed: Iterable[str]) -> tuple[str, ...]:
    """Sites, given as (reference, force of the area), whose own force has not agreed."""
    hosts = {force.strip().casefold() for force in agreed}
    return tuple(
        site for site, force in sites if host_force_needed(force, lead_force) and force.strip().casefold() not in hosts
    )


# Who sees the plan, and when


class Sight(IntEnum):
    NOTHING = 0
    DATES = 1
    SITE = 2


ACCESS = "Wilberforce access matrix, op_window"
DATES_OPEN = Rule("a partner sees the dates before the start", timedelta(days=14), ACCESS, CHECKED)
SITE_OPENS = Rule("a partner sees the site before the start", timedelta(hours=12), ACCESS, CHECKED)
CLOSES = Rule("the plan closes to partners after the start", timedelta(hours=72), ACCESS, CHECKED)


def sight(start: datetime, now: datetime, planner_from: datetime | None = None) -> Sight:
    """What a partner on the roster sees. A planner named by the commander sees the site from the moment given."""
    begins, moment = instant(start), instant(now)
    if moment > begins + CLOSES.value:
        return Sight.NOTHING
    site_from = begins - SITE_OPENS.value
    if planner_from is not None:
        site_from = min(site_from, instant(planner_from))
    if moment >= site_from:
        return Sight.SITE
    return Sight.DATES if moment >= begins - DATES_OPEN.value else Sight.NOTHING


def starts(part: str, opens_at: datetime) -> datetime:
    """When the operation starts, told by when a part of its order opens; the one moves with the other."""
    return instant(opens_at) + (DATES_OPEN if part == "date" else SITE_OPENS).value


PACES = (1, 10, 30, 60)
"""Minutes of an exercise that pass in each real one."""


def exercise_time(plays_from: datetime, started_at: datetime, pace: int, at: datetime) -> datetime:
    """What the clock of an exercise shows: from the plan's own start, so many times as fast."""
    return instant(plays_from) + (instant(at) - instant(started_at)) * pace


# What can still be changed
AFTERWARDS = "debriefs, the return of warrants, what victims are told, where people go on to, and corrections"


def may_not_change(state: str) -> str:
    """A sentence that says why not, or nothing."""
    closed = f"The operation is closed. What comes after it is still recorded: {AFTERWARDS}."
    stood_down = "It was stood down, so nothing more is written about it."
    return {"closed": closed, "stood-down": stood_down}.get(state, "")


def may_not_write_down(state: str, ended_at: datetime | None, at: datetime) -> str:
    """A sentence that says why not, or nothing. What happened before the end may be written down late."""
    if state != "closed" or not ended_at:
        return may_not_change(state)
    late = f"{may_not_change(state)} If this happened before it was closed, give the time at which it did."
    return late if instant(at) > instant(ended_at) else ""


# Times in their order


@dataclass(frozen=True, slots=True)
class Moment:
    name: str
    at: datetime | None


def out_of_order(moments: Sequence[Moment], now: datetime) -> tuple[str, ...]:
    """Sentences for times that cannot be: one before another that must come first, or one still to come."""
    known = [(moment.name, instant(moment.at)) for moment in moments if moment.at is not None]
    faults = [f"The {name} is in the future. Check the date and the time." for name, at in known if at > instant(now)]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            faults.append(f"The {later} is before the {earlier}. Check both times.")
    return tuple(faults)


def journey_faults(
    departed_site: datetime | None, arrived: datetime | None, left: datetime | None, now: datetime
) -> tuple[str, ...]:
    """A person found: away from the site, at the centre, gone from it."""
    moments = (Moment("departure from the site", departed_site), Moment("arrival", arrived), Moment("departure", left))
    return out_of_order(moments, now)


SITE_STEPS = {"entered": "entry", "secured": "time it was secured", "searching": "search", "left": "departure"}
"""What can be recorded of a site, in the order in which it happens."""


def site_state(
    entered: datetime | None, secured: datetime | None, searching: datetime | None, left: datetime | None
) -> str:
    """Where a site stands: computed from its times, never stored."""
    reached = (("left", left), ("searching", searching), ("secured", secured), ("entered", entered))
    return next((name for name, at in reached if at is not None), "waiting")


CHILD_FIRST = Rule(
    "a child, or a person who may be one, does not leave a site alone",
    True,
    "Children Act 1989 s.46 and s.47; Modern Slavery Act 2015 s.51 (presumption about age)",
    CHECKED,
)


def may_not_leave(age: str) -> str:
    """A sentence that says why not, or nothing."""
    if age == "adult":
        return ""
    return (
        "A child, or a person who may be one, does not leave alone. "
        f"Choose the centre or the hospital and call the council's duty team ({CHILD_FIRST.source})."
    )


# Whose hands somebody is in


@dataclass(frozen=True, slots=True)
class Step:
    """A handover: where to, and whether the other side has confirmed it or it was undone."""

    to: str
    to_id: str = ""
    received: bool = False
    undone: bool = False


def steps(handovers: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Of one person, in the order of their numbers."""
    return [
        Step(row["to_place"], str(row["to_id"] or ""), bool(row["received_at"]), bool(row["undone_at"]))
        for row in handovers
    ]


def where_now(steps: Sequence[Step]) -> Step:
    """Exactly one place: the last that was confirmed, else the site where the person was found."""
    return next((step for step in reversed(steps) if step.received and not step.undone), Step("site", received=True))


def on_offer(steps: Sequence[Step]) -> Step | None:
    """The handover that still waits for its other side."""
    return next((step for step in steps if not step.received and not step.undone), None)


FREE_SEAT = Rule("nobody rides without a seat", True, "Road Traffic Act 1988 s.14 and s.15", CHECKED)


def may_not_board(seats: int | None, riding: int) -> str:
    """A sentence that says why not, or nothing."""
    if seats is None or riding < seats:
        return ""
    return f"The vehicle takes {seats} and is full ({FREE_SEAT.source}). Choose another."


# What is overdue on the board

PRACTICE = "Wilberforce practice: whoever commands asks before anybody has to tell"
A_SETTING = "Setting: agreed for each operation."
LATE_START = Rule(
    "a site may wait after the start before somebody asks", timedelta(minutes=15), PRACTICE, CHECKED, note=A_SETTING
)
LATE_SECURED = Rule("a site may be open before it is secured", timedelta(minutes=30), PRACTICE, CHECKED, note=A_SETTING)
LATE_AWAY = Rule("a person found may wait at a site", timedelta(hours=1), PRACTICE, CHECKED, note=A_SETTING)


LATE_RECEIPT = Rule("a handover may wait for the other side", timedelta(hours=1), PRACTICE, CHECKED, note=A_SETTING)
LATE_ANSWER = Rule("the desk answers a site", timedelta(minutes=10), PRACTICE, CHECKED, note=A_SETTING)


def due_at_site(
    state: str, planned_for: datetime, live: bool, entered_at: datetime | None
) -> tuple[str, datetime] | None:
    """What is to happen next at a site, and until when."""
    if state == "waiting" and live:
        return "is still waiting", planned_for + LATE_START.value
    if state == "entered" and entered_at is not None:
        return "is not secured", entered_at + LATE_SECURED.value
    return None


def due_of_person(heading_to: str, found_at: datetime) -> tuple[str, datetime] | None:
    """What is to happen next with somebody who was found, and until when."""
    return ("is still at the site", found_at + LATE_AWAY.value) if heading_to == "none" else None


# How much a plan needs

BANDS = {"none": (0, 0), "1-5": (1, 5), "6-10": (6, 10), "11-25": (11, 25), "26+": (26, 40), "not sure": (0, 10)}
"""A band -> the fewest and the most that are planned for; "26 or more" and "not sure" are settings."""
PEOPLE_A_TEAM = Rule("people for whom one team is enough", 5, PRACTICE, CHECKED, note=A_SETTING)
PEOPLE_AN_INTERPRETER = Rule("people for whom one interpreter is enough", 4, PRACTICE, CHECKED, note=A_SETTING)
ESCORTED = Rule("people for whom one officer rides along", 4, PRACTICE, CHECKED, note=A_SETTING)
CELLS_A_SITE = Rule("custody places for each site", 2, PRACTICE, CHECKED, note=A_SETTING)
MORE_FOUND = Rule("how many times as many may be found", 1.5, PRACTICE, CHECKED, note=A_SETTING)
SIZES = (PEOPLE_A_TEAM, PEOPLE_AN_INTERPRETER, ESCORTED, CELLS_A_SITE, MORE_FOUND)


@dataclass(frozen=True, slots=True)
class People:
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Need:
    what: str
    count: int


def expected(bands: Iterable[str]) -> People:
    each = [BANDS[band] for band in bands]
    return People(sum(low for low, _ in each), sum(high for _, high in each))


def more_than_expected(people: People) -> int:
    return ceil(people.most * MORE_FOUND.value)


def needs(people: int, sites: int, languages: int) -> tuple[Need, ...]:
    """A team for each site at least; an interpreter for each language at least."""
    return (
        Need("Teams", max(sites, ceil(people / PEOPLE_A_TEAM.value))),
        Need("Seats in vehicles", people + ceil(people / ESCORTED.value)),
        Need("Interpreters", max(languages, ceil(people / PEOPLE_AN_INTERPRETER.value))),
        Need("Places at the reception centre", people),
        Need("Custody places", sites * CELLS_A_SITE.value),
    )


DECISION_REVIEW = Rule(
    "a decision is looked at again",
    Period(24, Unit.HOURS),
    "College of Policing, National Decision Model: action and review",
    CHECKED,
    note="Setting: where whoever decided set no time of their own.",
)
HOT_DEBRIEF = Rule(
    "everybody says what they saw before they go home",
    Period(1, Unit.DAYS_BEGINNING_WITH),
    "JESIP Joint Doctrine, edition 3: debriefing and joint organisational learning",
    CHECKED,
    note="Setting: the doctrine says as soon as possible; the same day is practice.",
)
STRUCTURED = Rule(
    "the agencies look back together",
    Period(28, Unit.CALENDAR_DAYS),
    "JESIP Joint Doctrine, edition 3: debriefing and joint organisational learning",
    CHECKED,
    note="Setting: four weeks, as partnerships practise it.",
)
WORRY_READ = Rule(
    "a worry about safety is read",
    Period(15, Unit.MINUTES),
    "Wilberforce practice: told at once, and read before anything that can wait",
    CHECKED,
    note="Setting: whoever is in danger now rings 999; this is for whoever saw something.",
)
AT_ONCE = (timedelta(minutes=15), timedelta(minutes=15))
DEADLINES = (
    DeadlineKind("safety-worry", "told", "read a worry", "op_commander", Weight.LIMIT, (WORRY_READ,), *AT_ONCE),
    DeadlineKind("hot-debrief", "closed", "hot debrief", "op_commander", Weight.TARGET, (HOT_DEBRIEF,)),
    DeadlineKind("structured-debrief", "closed", "structured debrief", "op_commander", Weight.TARGET, (STRUCTURED,)),
    DeadlineKind("warrant", "issued", "warrant used", "op_commander", Weight.LIMIT, WARRANT_LIVES, timedelta(days=14)),
    DeadlineKind(
        "warrant-return",
        "used or lapsed",
        "return the warrant to the court",
        "op_commander",
        Weight.LIMIT,
        (WARRANT_RETURN,),
    ),
    DeadlineKind(
        "decision-review", "decided", "look at the decision again", "op_commander", Weight.TARGET, (DECISION_REVIEW,)
    ),
)
