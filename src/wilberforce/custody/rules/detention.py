"""The review clock, the detention clock, rest, and who may be custody officer.

The two clocks start at different moments. Reviews run from the authorising of detention; the limit runs from the
relevant time. Both count hours that really elapsed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import Period, Reckoning, Unit, clock_time, elapsed, instant, reckon

CHECKED = date(2026, 11, 23)


def _hours(name: str, count: int, source: str, note: str = "") -> Rule[Period]:
    return Rule(name, Period(count, Unit.HOURS), source, CHECKED, note=note)


FIRST_REVIEW = _hours("first review", 6, "PACE 1984 s.40(3)(a)")
SECOND_REVIEW = _hours("second review", 9, "PACE 1984 s.40(3)(b)")
LATER_REVIEW = _hours(
    "next review",
    9,
    "PACE 1984 s.40(3)(c)",
    note="Time in hospital is not taken off the review clock here: a review may be early, never late without a reason.",
)
DETENTION = _hours("detention without charge", 24, "PACE 1984 s.41(1)")
SUPERINTENDENT = _hours("detention extended by a superintendent", 36, "PACE 1984 s.42(1)")
WARRANT = _hours(
    "warrant of further detention",
    36,
    "PACE 1984 s.43(12) and s.44(3)",
    note="Setting: counted from issue; confirm for an extension under s.44.",
)
WARRANT_SHORTENS = Rule(
    "a warrant that ends before the time that stands already shortens it",
    False,
    "PACE 1984 s.43(12), (16) and (18)",
    CHECKED,
    note="Setting: ask the force's lawyers. Read alone, s.43(18) releases at the end of the warrant. Here the 24 or 36 "
    "hours that stand are kept, as s.43(16) keeps them where the court refuses.",
)
RELEASE_NOW = Rule(
    "release where a review found no grounds",
    Period(15, Unit.MINUTES),
    "PACE 1984 s.34(2)",
    CHECKED,
    note="Setting: the Act says at once, and the custody officer is told at once. After this an inspector hears of it.",
)
DETENTION_CEILING = _hours("detention without charge in all", 96, "PACE 1984 s.44(3)(b)")
REVIEWS_BEFORE_EXTENSION = Rule("reviews before a superintendent may extend", 2, "PACE 1984 s.42(4)(b)", CHECKED)
REST = _hours("continuous rest in any 24 hours", 8, "PACE 1984 Code C 12.2")
REST_BY = _hours(
    "8 hours of rest", 24, "PACE 1984 Code C 12.2", note="Counted from arrival, then from the end of the last rest."
)
OTHER_AREA = _hours(
    "relevant time of a man arrested for another force and not questioned there", 24, "PACE 1984 s.41(2)(a) and (3)"
)
AFTER_ANOTHER_FORCE = _hours(
    "relevant time of an offence in another area, after detention for a first and no questions about this one",
    24,
    "PACE 1984 s.41(5)",
)
FURTHER_OFFENCE = Rule(
    "a further offence at the station starts no new clock",
    True,
    "PACE 1984 s.31 and s.41(4)",
    CHECKED,
    note="The relevant time stays that of the first offence.",
)
NO_INTERVIEW = Rule(
    "questions about the offence are an interview, and asked under caution",
    True,
    "PACE 1984 Code C 11.1A; Code C 3.6 to 3.9 for the risk assessment",
    CHECKED,
)
NEVER_THE_INVESTIGATOR = Rule(
    "custody officer is not involved in the investigation",
    True,
    "PACE 1984 s.36(5); s.40(1)(b) for the reviewer",
    CHECKED,
)
WHO_AUTHORISES = Rule("a custody officer decides on detention and on its end", True, "PACE 1984 s.37", CHECKED)
PROMPTLY = Rule("decide on detention", "as soon as practicable after arrival", "PACE 1984 s.37(10)", CHECKED)
WHO_REVIEWS = Rule("before charge an inspector outside the case reviews", True, "PACE 1984 s.40(1)(b)", CHECKED)
POSTPONED = Rule("a review put off is held as soon as it can be", True, "PACE 1984 s.40(4) to (8)", CHECKED)
APPROPRIATE_ADULT = Rule("younger than this, or perhaps so: an appropriate adult", 18, "PACE 1984 Code C 1.4", CHECKED)


class Brought(StrEnum):
    """How a person came to the station: it decides the relevant time."""

    TAKEN_AFTER_ARREST = "taken to a station after arrest"
    CAME_FREELY = "came freely and was arrested there"
    FOR_ANOTHER_FORCE = "arrested for another force and not questioned there"
    AFTER_ANOTHER_FORCE = "detained elsewhere for another offence, and not questioned about this one there"
    GOES_ON = "handed over by another force for the same offence, with the clocks running"


def relevant_time(
    arrested_at: datetime,
    arrived_at: datetime,
    brought: Brought = Brought.TAKEN_AFTER_ARREST,
    left_at: datetime | None = None,
    goes_on_from: datetime | None = None,
) -> datetime:
    """arrived_at is the first station; for another force, the first station in the area where the arrest was sought.

    Arrest to arrival by way of a hospital counts for nothing under s.41(2)(d); only s.41(2)(a) caps it at 24 hours.
    left_at: when they left the place where another force held them for another offence.
    goes_on_from: the relevant time that stood when they were handed over.
    """
    arrested, arrived = instant(arrested_at), instant(arrived_at)
    if arrived < arrested:
        raise ValueError("the arrival at the station is before the arrest")
    if brought is Brought.GOES_ON:
        if goes_on_from is None:
            raise ValueError("a clock that goes on needs its relevant time")
        return instant(goes_on_from)
    if brought is Brought.CAME_FREELY:
        return arrested
    if brought is Brought.FOR_ANOTHER_FORCE:
        return min(arrived, elapsed(arrested, OTHER_AREA.value.count))
    if brought is Brought.AFTER_ANOTHER_FORCE:
        if left_at is None or instant(left_at) > arrived:
            raise ValueError("the departure from the other station is before the arrival here")
        return min(arrived, elapsed(left_at, AFTER_ANOTHER_FORCE.value.count))
    return arrived


class Span(NamedTuple):
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Away in hospital or on bail. Questioning in hospital, or on the way, counts again (PACE 1984 s.41(6))."""

    away: Span
    questioned: tuple[Span, ...] = ()

    def uncounted(self, until: datetime) -> list[tuple[datetime, datetime]]:
        """The pieces between the questions, in order."""
        begin, end = instant(self.away.start), instant(self.away.end or until)
        pieces = []
        for asked in sorted(self.questioned, key=lambda one: instant(one.start)):
            pieces.append((begin, min(instant(asked.start), end)))
            begin = max(begin, instant(asked.end or until))
        return [(first, last) for first, last in (*pieces, (begin, end)) if first < last]


@dataclass(frozen=True, slots=True)
class FurtherDetention:
    """A magistrates' warrant, or its extension."""

    issued_at: datetime
    hours: int = 36


def review_due(authorised_at: datetime, reviews: Sequence[datetime] = ()) -> Reckoning:
    """The next review. One held late does not move those after it (s.40(7)); one held early does."""
    due = _reviewed(FIRST_REVIEW, authorised_at, "authorised")
    for number, held_at in enumerate(sorted(reviews, key=instant)):
        if instant(held_at) < instant(authorised_at):
            raise ValueError("a review is before detention was authorised")
        counted = min(instant(held_at), due.due_at)
        word = "reviewed" if counted == instant(held_at) else "review was due"
        due = _reviewed(LATER_REVIEW if number else SECOND_REVIEW, counted, word)
    return due


def detention_limit(
    relevant_at: datetime,
    now: datetime,
    extended_at: datetime | None = None,
    warrants: Sequence[FurtherDetention] = (),
    absences: Sequence[Absence] = (),
) -> Reckoning:
    """The end of detention without charge. A person still in hospital moves it on with every minute, hence now."""
    limit = _stretched(DETENTION, relevant_at, absences, now)
    if extended_at is not None:
        if instant(extended_at) > limit.due_at:
            raise ValueError("a superintendent extends before 24 hours are over")
        limit = _stretched(SUPERINTENDENT, relevant_at, absences, now)
    ceiling = _stretched(DETENTION_CEILING, relevant_at, absences, now)
    for warrant in sorted(warrants, key=lambda one: instant(one.issued_at)):
        given = min(_warranted(warrant, absences, now), ceiling, key=lambda one: one.due_at)
        limit = _as_the_court_says(given, limit)
    return limit


def _as_the_court_says(given: Reckoning, stands: Reckoning) -> Reckoning:
    if WARRANT_SHORTENS.value or given.due_at >= stands.due_at:
        return given
    ends = f"the court's warrant ends earlier, {clock_time(given.due_at)}, and shortens nothing"
    return Reckoning(stands.due_at, stands.rule, f"{stands.calculation}; {ends} ({WARRANT_SHORTENS.source})")


def rest_due(arrived_at: datetime, rests: Sequence[Span] = ()) -> Reckoning:
    """When the next rest is over at the latest. Only one that ended, and lasted long enough, starts the count anew."""
    enough = timedelta(hours=REST.value.count)
    ends = [instant(one.end) for one in rests if one.end and instant(one.end) - instant(one.start) >= enough]
    if not ends:
        return reckon(REST_BY, arrived_at, trigger="arrived")
    return reckon(REST_BY, max(ends), trigger="last rest ended")


def further_detention_may_be_issued(
    at: datetime,
    hours: int,
    relevant_at: datetime,
    indictable: bool,
    extended_at: datetime | None = None,
    warrants: Sequence[FurtherDetention] = (),
    absences: Sequence[Absence] = (),
) -> "Answer":
    """A court may issue it at any time before the last limit ends, and never beyond 96 hours in all."""
    if not indictable:
        return Answer(False, "The offence is not indictable: PACE 1984 s.43(4)(b).")
    if not 0 < hours <= WARRANT.value.count:
        return Answer(False, f"A warrant runs for at most 36 hours from its issue: {WARRANT.source}.")
    if any(instant(one.issued_at) > instant(at) for one in warrants):
        return Answer(False, "A later warrant is recorded already. Check the time of issue.")
    limit = detention_limit(relevant_at, at, extended_at, warrants, absences)
    if instant(at) > limit.due_at:
        return Answer(False, f"The time ran out at {clock_time(limit.due_at)}: {limit.rule.source}.")
    return Answer(True, f"{WARRANT.source}: {hours} hours from issue.")


@dataclass(frozen=True, slots=True)
class Answer:
    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def superintendent_may_extend(
    at: datetime,
    relevant_at: datetime,
    reviews: Sequence[datetime],
    indictable: bool,
    absences: Sequence[Absence] = (),
) -> Answer:
    if not indictable:
        return Answer(False, "The offence is not indictable: PACE 1984 s.42(1)(b).")
    if sum(instant(held) <= instant(at) for held in reviews) < REVIEWS_BEFORE_EXTENSION.value:
        return Answer(False, "The second review has not been held yet: PACE 1984 s.42(4)(b).")
    limit = detention_limit(relevant_at, at, absences=absences)
    if instant(at) > limit.due_at:
        return Answer(False, "The 24 hours are over: PACE 1984 s.42(4)(a).")
    return Answer(True, f"{SUPERINTENDENT.source}: up to {SUPERINTENDENT.value} from the relevant time.")


def _reviewed(rule: Rule[Period], start: datetime, word: str) -> Reckoning:
    return reckon(rule, start, trigger=word)


def _stretched(rule: Rule[Period], start: datetime, absences: Sequence[Absence], now: datetime) -> Reckoning:
    """Takes off the time away that lies after the start and before the time ran out."""
    due_at = elapsed(start, rule.value.count)
    off = timedelta()
    for first, last in sorted(piece for absence in absences for piece in absence.uncounted(now)):
        begin = max(first, instant(start))
        if begin < min(last, due_at):
            off += last - begin
            due_at = elapsed(start, rule.value.count) + off
    less = f", {_in_hours(off)} away not counted (PACE 1984 s.41(6), s.47(6))" if off else ""
    text = f"from {clock_time(start)}, {rule.name} up to {rule.value}{less}: {rule.source}"
    return Reckoning(due_at, rule, text)


def _warranted(warrant: FurtherDetention, absences: Sequence[Absence], now: datetime) -> Reckoning:
    if not 0 < warrant.hours <= WARRANT.value.count:
        raise ValueError("a warrant of further detention runs for at most 36 hours")
    rule = Rule(WARRANT.name, Period(warrant.hours, Unit.HOURS), WARRANT.source, WARRANT.checked_on, note=WARRANT.note)
    return _stretched(rule, warrant.issued_at, absences, now)


def _in_hours(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"
