"""The centre: rest before decisions, a child who goes missing, moves in their order, and how large it must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from wilberforce.base.lawrule import Rule
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.rules import DeadlineKind, Period, Reckoning, Unit, Weight, clock_time, instant, reckon

CHECKED = date(2026, 11, 23)

REST = Rule(
    "rest before a decision",
    Period(8, Unit.HOURS),
    "West Midlands Anti-Slavery Network, pre-NRM support: rested before any decision such as the NRM",
    CHECKED,
    note="Setting: the source gives no number; eight hours follow the rest that custody guarantees.",
)
MISSING_CHILD = Rule(
    "a child is watched for going missing",
    Period(72, Unit.HOURS),
    "Statutory guidance under Modern Slavery Act 2015 s.49, first edition, March 2020, para 12.28",
    CHECKED,
)
COUNCIL_TOLD = Rule(
    "the council's decision after a child is identified",
    Period(24, Unit.HOURS),
    "Working Together to Safeguard Children: one working day, taken as 24 hours",
    CHECKED,
    note="Setting: the council is told at once, the clock is for its answer.",
)
POLICE_PROTECTION = Rule("police protection of a child", Period(72, Unit.HOURS), "Children Act 1989 s.46(6)", CHECKED)
CHILD_CONFERENCE = Rule(
    "child protection conference",
    Period(15, Unit.WORKING_DAYS),
    "Working Together to Safeguard Children; Children Act 1989 s.47",
    CHECKED,
    note="From the strategy discussion.",
)
TAKEN_BACK_AT_ONCE = Rule(
    "a tap by mistake is taken back without a reason",
    Period(10, Unit.MINUTES),
    "Wilberforce practice: whoever pressed the wrong button sees it at once",
    CHECKED,
    note="Setting: afterwards a reason is kept with it.",
)
STAY = Rule(
    "stay before a referral",
    Period(3, Unit.WORKING_DAYS),
    "Modern Slavery Victim Care Contract 2020, places of safety",
    CHECKED,
    note="Setting: the contract's service may never have been opened everywhere; others ask for ten days.",
)
FOLLOW_UP = Rule(
    "how soon somebody asks after whoever left",
    Period(3, Unit.WORKING_DAYS),
    "Wilberforce practice: rest centres keep a follow-up form for everybody",
    CHECKED,
    note="Setting: agreed with the person; a date of theirs comes first.",
)
CARE_TIME = Rule(
    "a time that a clinician sets",
    Period(12, Unit.HOURS),
    "Wilberforce practice: what is due in the next twelve hours is known to the shift",
    CHECKED,
    note="Setting: the clinician's own time comes first; twelve hours is how far the shift looks ahead.",
)
STAY_NEAR = Rule(
    "somebody stays near a person who may harm themselves, and a clinician looks again",
    Period(1, Unit.HOURS),
    "Wilberforce practice: somebody stays near until a clinician has looked again",
    CHECKED,
    note="Setting: the clinician's own time comes first.",
)
MIDWIFE = Rule(
    "a midwife or a doctor sees somebody who is or may be pregnant",
    Period(12, Unit.HOURS),
    "Wilberforce practice: what is due in the next twelve hours is known to the shift",
    CHECKED,
    note="Setting: the clinician's own time comes first.",
)
EXAMINATION_FIRST = Rule(
    "an examination is offered before showers and clean clothes",
    True,
    "Faculty of Forensic and Legal Medicine, guidance on early evidence: washing and changing lose samples",
    CHECKED,
    note="With or without the police; it is the person's choice, and no care waits for the answer.",
)
JOURNEY = Rule(
    "how long the journey from a site may take before somebody asks",
    timedelta(hours=2),
    "Wilberforce practice: centres are near enough and away from danger",
    CHECKED,
    note="Setting: agreed for each operation.",
)
FREE_TO_LEAVE = Rule(
    "nobody at the centre is detained", True, "National Enforcement Powers Guide, February 2021, p.17", CHECKED
)


ANSWERED_FOR = Rule(
    "a child leaves only to somebody who answers for them",
    frozenset({"back", "own-choice", "unknown", ""}),
    "Statutory guidance under Modern Slavery Act 2015 s.49, first edition, March 2020, para 12.5: children's services",
    CHECKED,
    note="The kinds of place that are refused for a child, or for somebody who may be one.",
)


def rested_at(arrived_at: datetime) -> Reckoning:
    return reckon(REST, arrived_at, trigger="arrived")


def decision_may_be_asked(
    arrived_at: datetime, now: datetime, person_asked_for_it: bool = False, *, rested: bool = False, told: bool = True
) -> str:
    """A sentence that says why not yet, or nothing. A person who asks to decide sooner is heard."""
    if person_asked_for_it:
        return ""
    if not rested and instant(now) < rested_at(arrived_at).due_at:
        return "The person has not rested yet. Offer a bed and a meal; ask when they are ready."
    if not told:
        return "The person has not been told every choice yet. Tell them, with an interpreter, and record it."
    return ""


def missing_watch(identified_at: datetime) -> Reckoning:
    return reckon(MISSING_CHILD, identified_at, trigger="looked for")


GONE, NOT_FOUND = "search-safe", "search-not-found"


def search_may_not_end(outcome: str, age: AgeClass, watched_until: datetime | None, now: datetime) -> str:
    """A sentence, or nothing. A child is not let go on a word, and nobody is given up while they are watched for."""
    if outcome == GONE and age.counts_as_child:
        return (
            "A child, or somebody who may be one, is with somebody who answers for them before the search ends. Choose"
            " with whom, or say what else happened."
        )
    if outcome == NOT_FOUND and watched_until is not None and instant(now) < instant(watched_until):
        return f"They are watched for until {clock_time(watched_until)}. The search goes on until then."
    return ""


def is_watched(age: AgeClass, identified_at: datetime, now: datetime) -> bool:
    return age.counts_as_child and instant(now) <= missing_watch(identified_at).due_at


def tell_at_once(age: AgeClass, immediate_risk: bool) -> bool:
    """The council's emergency duty team hears before anyone reviews the sharing."""
    return age.counts_as_child or immediate_risk


# Moves


class Move(StrEnum):
    EXPECTED = "expected"
    ARRIVED = "arrived"
    WENT_OUT = "went out"
    CAME_BACK = "came back"
    MOVED = "moved"
    LEFT = "left"
    MISSING = "missing"
    SEARCH_ENDED = "search ended"


NEXT: dict[Move | None, frozenset[Move]] = {
    None: frozenset({Move.EXPECTED, Move.ARRIVED}),
    Move.EXPECTED: frozenset({Move.ARRIVED}),
    Move.ARRIVED: frozenset({Move.MOVED, Move.WENT_OUT, Move.LEFT, Move.MISSING}),
    Move.MOVED: frozenset({Move.MOVED, Move.WENT_OUT, Move.LEFT, Move.MISSING}),
    Move.WENT_OUT: frozenset({Move.CAME_BACK, Move.LEFT, Move.MISSING}),
    Move.CAME_BACK: frozenset({Move.MOVED, Move.WENT_OUT, Move.LEFT, Move.MISSING}),
    Move.MISSING: frozenset({Move.CAME_BACK, Move.SEARCH_ENDED}),
    Move.SEARCH_ENDED: frozenset({Move.CAME_BACK, Move.LEFT, Move.MISSING}),
    Move.LEFT: frozenset({Move.ARRIVED}),
}


@dataclass(frozen=True, slots=True)
class Moved:
    move: Move
    at: datetime


def move_faults(moves: Sequence[Moved], now: datetime) -> tuple[str, ...]:
    """Read in the order of their times. Two tablets may send them in any order; a fault is shown, never mended."""
    faults: list[str] = []
    last: Moved | None = None
    for moved in sorted(moves, key=lambda one: instant(one.at)):
        if instant(moved.at) > instant(now):
            faults.append(f"'{moved.move}' is in the future. Check the date and the time.")
        if moved.move not in NEXT[last.move if last else None]:
            before = f"'{last.move}'" if last else "anything else"
            faults.append(f"'{moved.move}' cannot follow {before}. Check the times of both.")
        last = moved
    return tuple(faults)


def where_now(moves: Sequence[Moved]) -> Move | None:
    return max(moves, key=lambda one: instant(one.at)).move if moves else None


def a_child_may_not_leave(age: AgeClass, destination: str) -> str:
    """A sentence, or nothing. Whoever walks out all the same is looked for, never recorded as having left."""
    if age.counts_as_child and destination in ANSWERED_FOR.value:
        return (
            "A child, or somebody who may be one, leaves to somebody who answers for them. Ask the council's duty team."
            " If they have gone, move them to looked for: the search begins."
        )
    return ""


def may_leave_without_destination(recorded_choice: str) -> bool:
    """Everyone leaves with a destination or with the choice they made, written down."""
    return bool(recorded_choice.strip())


# Interpreters


APART_AT_THE_DOOR = Rule(
    "time between an interpreter's leaving and the person's",
    timedelta(minutes=15),
    "Home Office, First Responder Toolkit, April 2026, p.10: interpreters leave at a different time",
    CHECKED,
    note="Setting: the guidance gives no number.",
)


def interpreter_waits(other_left_at: datetime | None, now: datetime) -> datetime | None:
    """Until when the second of the two waits, or nothing."""
    if other_left_at is None:
        return None
    until = instant(other_left_at) + APART_AT_THE_DOOR.value
    return until if instant(now) < until else None


# Who is here already


SAME_ARRIVAL = Rule(
    "people of one language who came at one time may be one person",
    timedelta(minutes=10),
    "Wilberforce practice: two workers at one door write down the same person",
    CHECKED,
    note="Setting: shown while somebody types, and never in the way.",
)


# Who sleeps where


ONLY = {"women-only": ("sleeping-women", "women"), "men-only": ("sleeping-men", "men")}
FAMILIES = "family"


@dataclass(frozen=True, slots=True)
class Sleeper:
    child: bool
    needs: frozenset[str]


def bed_to_ask_about(kind: str, who: Sleeper, others: Sequence[Sleeper]) -> str:
    """A sentence, or nothing. A mother keeps her child beside her: whoever asked them puts them there all the same."""
    for need, (room, whom) in ONLY.items():
        if need in who.needs and kind != room:
            return f"They need a room with {whom} only, and this is not one."
    if who.child and kind != FAMILIES:
        return "A child, or somebody who may be one, sleeps in the room for families and children."
    if kind == FAMILIES and not who.child and "child-with" not in who.needs and any(one.child for one in others):
        return "Children sleep in this room, and no child is with them."
    return ""


# Shifts


SIGN_IN_FROM = Rule(
    "how long before a shift one may sign in",
    timedelta(hours=1),
    "Wilberforce practice: time to be handed over to",
    CHECKED,
    note="Setting: agreed for each area.",
)


def may_not_sign_in(starts: datetime, ends: datetime, now: datetime) -> str:
    """A sentence, or nothing."""
    if instant(now) < instant(starts) - SIGN_IN_FROM.value:
        return "Your shift has not begun. You can sign in from one hour before it."
    return "This shift is over. Ask your manager for another." if instant(now) >= instant(ends) else ""


# Size


PEOPLE_FOR_EACH_WORKER = Rule(
    "people for each worker on shift",
    3,
    "Observed at centres in 2013 and 2016: one worker on shift for one to five people",
    CHECKED,
    note="Setting: no ratio is published.",
)
PEOPLE_FOR_ONE_CENTRE = Rule(
    "people above which a second centre is planned",
    20,
    "Multi-agency reception centre of April 2015: 29 people in two centres",
    CHECKED,
    note="Setting: agreed for each area.",
)
LEAST_STAFF = Rule(
    "fewest workers on shift", 2, "Lone working guidance: never one alone", CHECKED, note="Setting: local."
)


@dataclass(frozen=True, slots=True)
class Size:
    centres: int
    workers_on_shift: int
    shifts_a_day: int
    interpreters: int


def size(expected: int, languages: int, shifts_a_day: int = 3) -> Size:
    """For the planning figure, which is a guess: the number expected and the language groups among them."""
    if expected < 0 or languages < 0 or shifts_a_day < 1:
        raise ValueError("a centre is planned for nobody or more, in at least one shift")
    centres = ceil(expected / PEOPLE_FOR_ONE_CENTRE.value)
    workers = max(ceil(expected / PEOPLE_FOR_EACH_WORKER.value), LEAST_STAFF.value * centres)
    return Size(centres, workers, shifts_a_day, languages)


DUTY = "safeguarding_lead"
_SOON, _NOW = timedelta(hours=6), timedelta(hours=2)
DEADLINES = (
    DeadlineKind("rest", "arrived", "a decision may be asked for", "reception_worker", Weight.FLOOR, (REST,)),
    DeadlineKind(
        "missing-child",
        "looked for",
        "somebody is looked for: the watch ends",
        DUTY,
        Weight.PROMPT,
        (MISSING_CHILD,),
        timedelta(hours=24),
    ),
    DeadlineKind(
        "council-answer",
        "told",
        "the council decides what it does for a child",
        DUTY,
        Weight.TARGET,
        (COUNCIL_TOLD,),
        _SOON,
        _NOW,
    ),
    DeadlineKind(
        "child-conference",
        "strategy discussion",
        "child protection conference",
        DUTY,
        Weight.TARGET,
        (CHILD_CONFERENCE,),
    ),
    DeadlineKind(
        "police-protection",
        "child protected",
        "police protection of a child ends",
        DUTY,
        Weight.LIMIT,
        (POLICE_PROTECTION,),
    ),
    DeadlineKind("follow-up", "left", "somebody asks after them", "reception_manager", Weight.POLICY, (FOLLOW_UP,)),
    DeadlineKind(
        "care-time",
        "set",
        "something in somebody's care has its time",
        "health_worker",
        Weight.PROMPT,
        (CARE_TIME,),
        _SOON,
        _NOW,
    ),
    DeadlineKind("stay", "arrived", "somebody needs somewhere to go next", "reception_manager", Weight.POLICY, (STAY,)),
)
