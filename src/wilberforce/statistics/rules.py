"""What makes a figure safe, and which questions are asked. Nobody asks another one, and nothing narrows an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from wilberforce.base.lawrule import Rule

CHECKED = date(2026, 11, 24)
GUIDANCE = "UK GDPR recital 26; Government Statistical Service, disclosure control for tables from administrative data"
FEWEST = Rule("people behind a quarter's figures", 10, GUIDANCE, CHECKED, note="Setting: fewer, and nothing is shown.")
HIDDEN_BELOW = Rule("a count that is hidden, nought among them", 5, GUIDANCE, CHECKED)
ROUNDED_TO = Rule("every count and every total is rounded to", 5, GUIDANCE, CHECKED)
FROZEN_AFTER = Rule(
    "days after its end until a quarter is drawn up, once and for all",
    28,
    "Wilberforce practice: late records are in before, and what comes later changes nothing",
    CHECKED,
    note="Setting. A figure that moved by one record would show that record.",
)
YESES = Rule("agencies whose guardians say yes before a figure is public", 2, "Wilberforce access matrix", CHECKED)


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    label: str
    note: str = ""


QUESTIONS = (
    Question("found", "People found"),
    Question("safe", "People brought to a reception centre or to hospital"),
    Question("referred", "People referred, or notified without a name"),
    Question("arrested", "People arrested"),
    Question("charged", "People charged"),
    Question("minutes", "Minutes from the entry to the centre", "The middle person; only of ten people or more."),
    Question("partners", "Partner agencies that took part"),
)


def shown(count: int) -> int | None:
    """Nothing for a small count and for nought, else the nearest five."""
    return None if count < HIDDEN_BELOW.value else round(count / ROUNDED_TO.value) * ROUNDED_TO.value


def next_quarter(starts: date) -> date:
    return date(starts.year + (starts.month + 2) // 12, (starts.month + 2) % 12 + 1, 1)


def quarter_of(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def may_be_drawn_up(starts: date, today: date) -> bool:
    return starts == quarter_of(starts) and today >= next_quarter(starts) + timedelta(days=FROZEN_AFTER.value)


def quarters_over(today: date, many: int = 8) -> Iterator[date]:
    """The latest first."""
    starts = quarter_of(today)
    while many:
        if may_be_drawn_up(starts, today):
            many -= 1
            yield starts
        starts = quarter_of(starts - timedelta(days=1))


def in_words(starts: date) -> str:
    last = next_quarter(starts) - timedelta(days=1)
    return f"{starts:%B} to {last:%B %Y}"
