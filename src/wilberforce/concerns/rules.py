"""What a report asks of us: how soon, who may know who told us, and what was seen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight

CHECKED = date(2026, 11, 23)


class AgeClass(StrEnum):
    """What is known of somebody's age, from the first report to the referral."""

    CHILD = "child"
    ADULT = "adult"
    NOT_SURE = "not sure"

    @property
    def counts_as_child(self) -> bool:
        return self is not AgeClass.ADULT


NOT_SURE_IS_A_CHILD = Rule(
    "a person whose age is in doubt is treated as a child",
    True,
    "Modern Slavery Act 2015 s.51; Home Office NRM form, April 2026 (automatic referral)",
    CHECKED,
)


class Priority(IntEnum):
    """The lower number is read first."""

    DANGER_NOW = 1
    CHILD = 2
    HELD_OR_HURT = 3
    TIME_CRITICAL = 4
    ORDINARY = 5


READ_WITHIN = {
    Priority.DANGER_NOW: timedelta(0),
    Priority.CHILD: timedelta(hours=1),
    Priority.HELD_OR_HURT: timedelta(hours=4),
    Priority.TIME_CRITICAL: timedelta(hours=12),
    Priority.ORDINARY: timedelta(days=2),
}
TRIAGE = Rule(
    "a report is read within",
    Period(48, Unit.HOURS),
    "Wilberforce practice; order of priority as in the police 3x5x2 form (high, medium, low)",
    CHECKED,
    note="Setting: agreed by the force; danger now is told to call 999 and is read at once.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says that bears on how soon it is read."""

    danger_now: bool = False
    youngest: AgeClass | None = None
    indicators: frozenset[str] = frozenset()
    moving_soon: bool = False


URGENT_INDICATORS = frozenset({"held", "hurt", "threatened", "sold-for-sex"})


def priority(told: Told) -> Priority:
    if told.danger_now:
        return Priority.DANGER_NOW
    if told.youngest is not None and told.youngest.counts_as_child:
        return Priority.CHILD
    if told.indicators & URGENT_INDICATORS:
        return Priority.HELD_OR_HURT
    return Priority.TIME_CRITICAL if told.moving_soon else Priority.ORDINARY


class Identity(StrEnum):
    """Who may know who told us. Three levels, not two."""

    SHARE = "share"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Override(StrEnum):
    IMMINENT_DANGER = "imminent danger"
    CHILD_AT_RISK = "child at risk"


SOURCE_REVIEWED_WITHIN = Rule(
    "days until somebody who told us is thought of again",
    366,
    "Wilberforce access matrix, class source: reviewed every year",
    CHECKED,
    note="Setting: how often is for the force; longer than a year is not offered.",
)
IDENTITY_LEVELS = Rule(
    "a reporter chooses between three levels",
    tuple(Identity),
    "Modern Slavery and Exploitation Helpline, what happens when you call",
    CHECKED,
    note="Overridden only by imminent danger or a child at risk, each time with a recorded reason.",
)


def may_ask_for_contact(choice: Identity) -> bool:
    """An anonymous reporter leaves nothing that identifies them; a thread with a receipt serves instead."""
    return choice is not Identity.ANONYMOUS


def may_pass_on_identity(choice: Identity, overrides: Iterable[Override] = (), reason: str = "") -> bool:
    """To the police or a partner who asks. There is nothing to pass on for an anonymous report."""
    if choice is Identity.SHARE:
        return True
    return choice is Identity.CONFIDENTIAL and any(True for _ in overrides) and bool(reason.strip())


_EVERYDAY = frozenset(
    {"after", "and", "any", "anytime", "are", "before", "call", "email", "evening", "evenings", "home", "mail"}
    | {"message", "mobile", "morning", "mornings", "not", "only", "phone", "please", "ring", "signal", "text", "the"}
    | {"time", "weekday", "weekdays", "weekend", "weekends", "whatsapp", "with", "work"}
    | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)


def words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in re.findall(r"\w{3,}", text))


def telling_words(contact: str) -> frozenset[str]:
    """The words of a contact that could name somebody: names, numbers, the parts of an address."""
    addressed = {word for address in re.findall(r"[\w.+-]+@[\w.-]+", contact) for word in words(address)}
    named = {word.casefold() for word in re.findall(r"\w{3,}", contact) if word[0].upper() == word[0]}
    return frozenset((addressed | named) - _EVERYDAY - _MAILBOXES)


_MAILBOXES = frozenset({"com", "example", "gmail", "hotmail", "icloud", "org", "net", "outlook", "yahoo"})


def not_covered(said: Iterable[str], covers: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Which points, as an officer puts them, no indicator of the checklist covers."""
    covered = {_plain(point) for points in covers for point in points}
    return tuple(point for point in said if _plain(point) not in covered)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


ADDED = "report-added"
DEADLINES = (
    DeadlineKind("triage", "received", "the report is read and judged", "report_desk", Weight.POLICY, (TRIAGE,)),
    DeadlineKind(ADDED, "added", "what the writer added is read", "report_desk", Weight.POLICY, (TRIAGE,)),
)
