"""How time is counted: working days of a nation, legal days in Europe/London, hours that really elapsed.

Nothing here knows what is being counted; each stage's rules say that. An instant is always an aware datetime and comes
back in UTC. A day ends at its last microsecond, so that due_at still shows the right date and late means after it.
"""

from calendar import monthrange
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from wilberforce.base.lawrule import Rule, in_force

LONDON = ZoneInfo("Europe/London")
CHECKED = date(2026, 11, 23)
ONE_DAY = timedelta(days=1)

WORKING_WEEK = Rule(
    "working day",
    frozenset({0, 1, 2, 3, 4}),
    "Banking and Financial Dealings Act 1971 s.1 and Sch 1; gov.uk bank holidays for each nation",
    CHECKED,
    note="Monday to Friday without the bank holidays of the nation concerned.",
)


class Nation(StrEnum):
    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    DAYS_BEGINNING_WITH = "days beginning with"
    MONTHS = "months"
    MONTHS_BEGINNING_WITH = "months beginning with"


class Weight(StrEnum):
    """What being late means."""

    LIMIT = "limit"
    TARGET = "target"
    FLOOR = "floor"
    PROMPT = "prompt"
    POLICY = "policy"


class State(StrEnum):
    NOT_DUE = "not due"
    DUE_SOON = "due soon"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Period:
    count: int
    unit: Unit

    def __str__(self) -> str:
        unit = str(self.unit).removesuffix(" beginning with")
        return f"{self.count} {unit.removesuffix('s') if self.count == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """When something is due, by which rule, and the sum in words."""

    due_at: datetime
    rule: Rule[Period]
    calculation: str

    @property
    def last_day(self) -> date:
        return legal_day(self.due_at)


ESCALATION = Rule(
    "who hears of what is late, beside whoever had to act",
    {
        "custody_officer": "review_officer",
        "review_officer": "custody_officer",
        "investigator": "op_commander",
        "op_commander": "data_guardian",
        "intel_officer": "data_guardian",
        "report_desk": "data_guardian",
        "first_responder": "data_guardian",
        "health_worker": "reception_manager",
        "reception_worker": "reception_manager",
        "reception_manager": "data_guardian",
        "safeguarding_lead": "emergency_duty",
        "data_guardian": "data_guardian",
    },
    "Wilberforce practice: a limit that passed is never known to one person alone",
    CHECKED,
    note="Setting: agreed in each agency.",
)
QUIET_HOURS = Rule(
    "hours in which nobody is told of what can wait for the morning",
    (21, 7),
    "Wilberforce practice: people who rest decide better",
    CHECKED,
    note="Setting: from and to, in London. Never for a limit, nor for anything counted in hours.",
)


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """One line of the list of everything that can fall due. `rules` holds every version of the law."""

    code: str
    trigger: str
    what: str
    role: str
    weight: Weight
    rules: tuple[Rule[Period], ...]
    soon: timedelta = ONE_DAY * 2
    due: timedelta = ONE_DAY

    @property
    def escalates_to(self) -> str:
        """The role that hears of a limit once it is late."""
        return ESCALATION.value[self.role] if self.weight is Weight.LIMIT else ""

    @property
    def can_wait(self) -> bool:
        soft = self.weight in (Weight.TARGET, Weight.FLOOR, Weight.POLICY)
        return soft and all(rule.value.unit not in (Unit.HOURS, Unit.MINUTES) for rule in self.rules)

    @property
    def first_day(self) -> str:
        """Whether the day on which it starts is counted."""
        unit = self.rules[0].value.unit
        if unit in (Unit.HOURS, Unit.MINUTES):
            return "to the minute"
        return "counted" if unit in (Unit.DAYS_BEGINNING_WITH, Unit.MONTHS_BEGINNING_WITH) else "not counted"

    @property
    def calendar(self) -> str:
        working = self.rules[0].value.unit is Unit.WORKING_DAYS
        return "working days of the nation concerned" if working else "every day"


def instant(moment: datetime) -> datetime:
    """The same moment in UTC. Arithmetic on London's own clock would count an hour too many or too few."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return moment.astimezone(UTC)


def elapsed(moment: datetime, hours: int | timedelta) -> datetime:
    """The moment after so many hours have really passed, whatever the clock on the wall did."""
    passed = hours if isinstance(hours, timedelta) else timedelta(hours=hours)
    return instant(moment) + passed


def legal_day(moment: datetime) -> date:
    return instant(moment).astimezone(LONDON).date()


def start_of_legal_day(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def end_of_legal_day(day: date) -> datetime:
    return start_of_legal_day(day + ONE_DAY) - timedelta(microseconds=1)


def is_working_day(day: date, holidays: Container[date]) -> bool:
    return day.weekday() in WORKING_WEEK.value and day not in holidays


def add_working_days(start: date, count: int, holidays: Container[date]) -> date:
    """The day of the start is not counted. Nought gives the start, or the next working day after it."""
    if count < 0:
        raise ValueError("working days are counted forward")
    day, left = start, count
    while left > 0 or not is_working_day(day, holidays):
        day += ONE_DAY
        left -= is_working_day(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: Container[date]) -> int:
    """Working days after the start, up to and with the end."""
    days = (start + ONE_DAY * number for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def add_calendar_days(start: date, count: int) -> date:
    """The day of the start is not counted."""
    return start + ONE_DAY * count


def days_beginning_with(start: date, count: int) -> date:
    """The last day of a period that counts its first day."""
    return start + ONE_DAY * (count - 1)


def months_after(start: date, months: int) -> date:
    """The day of the start is not counted: the same day of a later month, or that month's last."""
    year, month = _month(start, months)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def add_months(start: date, months: int) -> date:
    """The last day of a period of months beginning with the start (the corresponding-date rule, less one day)."""
    return months_after(start, months) - (ONE_DAY if _day_exists(start, months) else timedelta())


def reckon(
    rules: Iterable[Rule[Period]] | Rule[Period],
    start: datetime,
    holidays: Container[date] = (),
    trigger: str = "from",
    on: date | None = None,
) -> Reckoning:
    """When a period that starts then runs out, under the rule of that day (or of the day given)."""
    first_day = legal_day(start)
    rule = rules if isinstance(rules, Rule) else in_force(rules, on or first_day)
    due_at = _end(rule.value, instant(start), first_day, holidays)
    began = clock_time(start) if rule.value.unit in (Unit.HOURS, Unit.MINUTES) else in_words(first_day)
    return Reckoning(due_at, rule, f"{trigger} {began}, {rule.name} within {rule.value}: {rule.source}")


def state(due_at: datetime, now: datetime, soon: timedelta = ONE_DAY * 2, due: timedelta = ONE_DAY) -> State:
    left = instant(due_at) - instant(now)
    if left < timedelta():
        return State.LATE
    if left <= due:
        return State.DUE
    return State.DUE_SOON if left <= soon else State.NOT_DUE


def is_quiet(now: datetime) -> bool:
    first, last = QUIET_HOURS.value
    hour = instant(now).astimezone(LONDON).hour
    return hour >= first or hour < last


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def clock_time(moment: datetime) -> str:
    """London's clock; it names GMT or BST on the two days of the year when that is in doubt."""
    local = instant(moment).astimezone(LONDON)
    day = local.date()
    changes = end_of_legal_day(day) - start_of_legal_day(day) + timedelta(microseconds=1) != ONE_DAY
    zone = f" {local:%Z}" if changes else ""
    return f"{local:%H:%M}{zone} on {in_words(day)}"


def kept_time(kept: str) -> str:
    """Of a moment as a correction's history keeps it."""
    return clock_time(datetime.fromisoformat(kept))


def _end(period: Period, start: datetime, first_day: date, holidays: Container[date]) -> datetime:
    if period.unit in (Unit.HOURS, Unit.MINUTES):
        one = timedelta(hours=1) if period.unit is Unit.HOURS else timedelta(minutes=1)
        return elapsed(start, one * period.count)
    last_day = {
        Unit.WORKING_DAYS: lambda: add_working_days(first_day, period.count, holidays),
        Unit.CALENDAR_DAYS: lambda: add_calendar_days(first_day, period.count),
        Unit.DAYS_BEGINNING_WITH: lambda: days_beginning_with(first_day, period.count),
        Unit.MONTHS: lambda: months_after(first_day, period.count),
        Unit.MONTHS_BEGINNING_WITH: lambda: add_months(first_day, period.count),
    }[period.unit]()
    return end_of_legal_day(last_day)


def _month(start: date, months: int) -> tuple[int, int]:
    number = start.year * 12 + start.month - 1 + months
    return number // 12, number % 12 + 1


def _day_exists(start: date, months: int) -> bool:
    return start.day <= monthrange(*_month(start, months))[1]
