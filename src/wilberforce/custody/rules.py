"""Custody: the review clock, the detention clock, bail before charge, and who may be custody officer.

The two clocks start at different moments. Reviews run from the authorising of detention; the limit runs from the
relevant time. Both count hours that really elapsed. Bail is counted in legal days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from wilberforce.base.lawrule import Rule, in_force
from wilberforce.deadlines.rules import (
    ONE_DAY,
    DeadlineKind,
    Period,
    Reckoning,
    Unit,
    Weight,
    clock_time,
    elapsed,
    in_words,
    instant,
    legal_day,
    reckon,
    start_of_legal_day,
)

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
WARRANT = _hours("warrant of further detention", 36, "PACE 1984 s.43(12) and s.44(3)", note="Counted from issue.")
DETENTION_CEILING = _hours("detention without charge in all", 96, "PACE 1984 s.44(3)(b)")
REVIEWS_BEFORE_EXTENSION = Rule("reviews before a superintendent may extend", 2, "PACE 1984 s.42(4)(b)", CHECKED)
REST = _hours("continuous rest in any 24 hours", 8, "PACE 1984 Code C 12.2")
OTHER_AREA = _hours(
    "relevant time of a man arrested for another force and not questioned there", 24, "PACE 1984 s.41(2)(a) and (3)"
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


def relevant_time(
    arrested_at: datetime, arrived_at: datetime, brought: Brought = Brought.TAKEN_AFTER_ARREST
) -> datetime:
    """arrived_at is the first station; for another force, the first station in the area where the arrest was sought.

    Arrest to arrival by way of a hospital counts for nothing under s.41(2)(d); only s.41(2)(a) caps it at 24 hours.
    """
    arrested, arrived = instant(arrested_at), instant(arrived_at)
    if arrived < arrested:
        raise ValueError("the arrival at the station is before the arrest")
    if brought is Brought.CAME_FREELY:
        return arrested
    if brought is Brought.FOR_ANOTHER_FORCE:
        return min(arrived, elapsed(arrested, OTHER_AREA.value.count))
    return arrived


class Span(NamedTuple):
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Away in hospital or on bail. Questioning in hospital, or on the way, counts again (PACE 1984 s.41(6))."""

    away: Span
    questioned: tuple[Span, ...] = ()

    def uncounted(self, until: datetime) -> timedelta:
        total = _length(self.away, until)
        return total - sum((_overlap(self.away, span, until) for span in self.questioned), timedelta())


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
        limit = min(_warranted(warrant, absences, now), ceiling, key=lambda one: one.due_at)
    return limit


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
    """Takes off each absence that began before the time ran out."""
    due_at = elapsed(start, rule.value.count)
    off = timedelta()
    for absence in sorted(absences, key=lambda one: instant(one.away.start)):
        if instant(start) <= instant(absence.away.start) < due_at:
            off += absence.uncounted(now)
            due_at = elapsed(start, rule.value.count) + off
    less = f", {_in_hours(off)} away not counted (PACE 1984 s.41(6), s.47(6))" if off else ""
    text = f"from {clock_time(start)}, {rule.name} up to {rule.value}{less}: {rule.source}"
    return Reckoning(due_at, rule, text)


def _warranted(warrant: FurtherDetention, absences: Sequence[Absence], now: datetime) -> Reckoning:
    if not 0 < warrant.hours <= WARRANT.value.count:
        raise ValueError("a warrant of further detention runs for at most 36 hours")
    rule = Rule(WARRANT.name, Period(warrant.hours, Unit.HOURS), WARRANT.source, WARRANT.checked_on, note=WARRANT.note)
    return _stretched(rule, warrant.issued_at, absences, now)


def _length(span: Span, until: datetime) -> timedelta:
    end = instant(span.end or until)
    return max(end - instant(span.start), timedelta())


def _overlap(one: Span, other: Span, until: datetime) -> timedelta:
    start = max(instant(one.start), instant(other.start))
    end = min(instant(one.end or until), instant(other.end or until))
    return max(end - start, timedelta())


def _in_hours(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


# Bail before charge


class BailCase(StrEnum):
    STANDARD = "standard"
    SPECIAL = "National Crime Agency, HM Revenue and Customs, Financial Conduct Authority or Serious Fraud Office"


class Authority(StrEnum):
    """Who decided, in rising order."""

    FIRST = "custody officer"
    INSPECTOR = "inspector"
    SUPERINTENDENT = "superintendent"
    SENIOR_OFFICIAL = "senior official of the agency"
    COURT = "magistrates' court"
    COURT_COMPLEX = "magistrates' court, exceptionally complex"


POLICING_AND_CRIME_ACT = date(2017, 4, 3)
PCSC_ACT = date(2022, 10, 28)
STANDARD, SPECIAL = BailCase.STANDARD, BailCase.SPECIAL
_DAYS, _MONTHS = Unit.DAYS_BEGINNING_WITH, Unit.MONTHS_BEGINNING_WITH
NO_BAIL_LIMIT = Rule(
    "bail before charge had no limit in law",
    None,
    "PACE 1984 s.47 before the Policing and Crime Act 2017",
    CHECKED,
    valid_to=POLICING_AND_CRIME_ACT - ONE_DAY,
)
_SFO = "Setting: a Serious Fraud Office case had 3 months at once; confirm for the case in hand."
_SEEN = "Setting: from general knowledge of the Act as made; confirm before relying on it for a case of those years."


def _bail(count: int, unit: Unit, section: str, note: str = "") -> Rule[Period]:
    source = f"PACE 1984 {section} (Policing, Crime, Sentencing and Courts Act 2022 Sch 4)"
    return Rule("bail before charge", Period(count, unit), source, CHECKED, valid_from=PCSC_ACT, note=note)


def _old_bail(count: int, unit: Unit, section: str, note: str = "") -> Rule[Period]:
    source = f"PACE 1984 {section} (Policing and Crime Act 2017 s.63)"
    first, last = POLICING_AND_CRIME_ACT, PCSC_ACT - ONE_DAY
    return Rule("bail before charge", Period(count, unit), source, CHECKED, first, last, note=note)


BAIL: dict[tuple[BailCase, Authority], tuple[Rule[Period], ...]] = {
    (STANDARD, Authority.FIRST): (_old_bail(28, _DAYS, "s.47ZB"), _bail(3, _MONTHS, "s.47ZB")),
    (STANDARD, Authority.INSPECTOR): (_bail(6, _MONTHS, "s.47ZC"),),
    (STANDARD, Authority.SUPERINTENDENT): (_old_bail(3, _MONTHS, "s.47ZD"), _bail(9, _MONTHS, "s.47ZD")),
    (STANDARD, Authority.COURT): (_old_bail(6, _MONTHS, "s.47ZF", _SEEN), _bail(12, _MONTHS, "s.47ZF")),
    (STANDARD, Authority.COURT_COMPLEX): (_old_bail(9, _MONTHS, "s.47ZF", _SEEN), _bail(18, _MONTHS, "s.47ZF")),
    (SPECIAL, Authority.FIRST): (_old_bail(28, _DAYS, "s.47ZB", _SFO), _bail(6, _MONTHS, "s.47ZB")),
    (SPECIAL, Authority.SUPERINTENDENT): (_old_bail(3, _MONTHS, "s.47ZD", _SFO),),
    (SPECIAL, Authority.SENIOR_OFFICIAL): (_bail(12, _MONTHS, "s.47ZDA"),),
    (SPECIAL, Authority.COURT): (_old_bail(6, _MONTHS, "s.47ZF", _SEEN), _bail(18, _MONTHS, "s.47ZF")),
    (SPECIAL, Authority.COURT_COMPLEX): (_old_bail(9, _MONTHS, "s.47ZF", _SEEN), _bail(24, _MONTHS, "s.47ZF")),
}


@dataclass(frozen=True, slots=True)
class BailEnd:
    """No instant where the law of the day set no limit."""

    due_at: datetime | None
    rule: Rule[Period] | Rule[None]
    calculation: str

    @property
    def last_day(self) -> date | None:
        return legal_day(self.due_at) if self.due_at else None


def bail_end(
    arrested_at: datetime,
    authority: Authority = Authority.FIRST,
    case: BailCase = BailCase.STANDARD,
    law_of: date | None = None,
) -> BailEnd:
    """The day of the arrest decides the law; law_of asks what another day's law would say (s.47ZB: bail start date)."""
    arrested_on = legal_day(arrested_at)
    on = law_of or arrested_on
    if NO_BAIL_LIMIT.holds(on):
        return BailEnd(None, NO_BAIL_LIMIT, f"arrested {in_words(arrested_on)}, no limit: {NO_BAIL_LIMIT.source}")
    rule = in_force(BAIL.get((case, authority), ()), on)
    start = arrested_on + ONE_DAY
    text = f"arrested {in_words(arrested_on)}, so bail starts {in_words(start)}, {rule.value}: {rule.source}"
    return BailEnd(reckon(rule, start_of_legal_day(start)).due_at, rule, text)


# What is known about the people arrested


@dataclass(frozen=True, slots=True)
class AgesKnown:
    """The ages of people arrested together, where it is not known which age is whose.

    It is kept as it was said, 'aged 32 and 27', beside the persons; nobody's age is filled in from it.
    """

    people: tuple[str, ...]
    ages: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(set(self.people)) != len(self.people):
            raise ValueError("each person arrested is named once")
        if len(self.people) != len(self.ages):
            raise ValueError("there are as many ages as people")
        for age in self.ages:
            check_age(age)

    def possible(self, person: str) -> frozenset[int]:
        if person not in self.people:
            raise ValueError("this person is not one of those arrested together")
        return frozenset(self.ages)

    def known(self, person: str) -> int | None:
        possible = self.possible(person)
        return next(iter(possible)) if len(possible) == 1 else None

    def settle(self, person: str, age: int) -> tuple["AgesKnown", "AgesKnown"]:
        """Once one person's age is established: that person alone, and the rest."""
        if age not in self.possible(person):
            raise ValueError("this is not one of the ages that were given")
        rest = list(self.ages)
        rest.remove(age)
        others = tuple(one for one in self.people if one != person)
        return AgesKnown((person,), (age,)), AgesKnown(others, tuple(rest))

    def __str__(self) -> str:
        words = [str(age) for age in self.ages]
        return f"aged {' and '.join([', '.join(words[:-1]), words[-1]] if words[1:] else words)}"


CRIMINAL_RESPONSIBILITY = Rule(
    "youngest age at which a person can be arrested for an offence",
    10,
    "Children and Young Persons Act 1933 s.50",
    CHECKED,
)
OLDEST_AGE = 120


def check_age(age: int) -> int:
    if not CRIMINAL_RESPONSIBILITY.value <= age <= OLDEST_AGE:
        raise ValueError(f"an age is between {CRIMINAL_RESPONSIBILITY.value} and {OLDEST_AGE}")
    return age


CUSTODY_TIME_LIMIT = Rule(
    "custody time limit, Crown Court",
    Period(182, _DAYS),
    "Prosecution of Offences (Custody Time Limits) Regulations 1987 reg.5",
    CHECKED,
    note="Setting: 182 days from being sent for trial, less time already spent; confirm with the court.",
)
_SOON, _NOW = timedelta(hours=2), timedelta(minutes=45)
DEADLINES = (
    DeadlineKind("review", "authorised", "review", "review_officer", Weight.LIMIT, (FIRST_REVIEW,), _SOON, _NOW),
    DeadlineKind("detention", "relevant time", "release", "custody_officer", Weight.LIMIT, (DETENTION,), _SOON, _NOW),
    DeadlineKind(
        "bail", "bail start date", "end of bail", "investigator", Weight.LIMIT, BAIL[STANDARD, Authority.FIRST]
    ),
    DeadlineKind("custody-time-limit", "sent for trial", "trial", "investigator", Weight.LIMIT, (CUSTODY_TIME_LIMIT,)),
)
