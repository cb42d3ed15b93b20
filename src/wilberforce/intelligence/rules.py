"""Intelligence: one grade for each item, conditions spelled out, nothing that reveals the source."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight

CHECKED = date(2026, 11, 23)
APP = "College of Policing APP, intelligence management: 3x5x2 intelligence report"


class Source(StrEnum):
    RELIABLE = "1"
    UNTESTED = "2"
    NOT_RELIABLE = "3"


class Assessment(StrEnum):
    KNOWN_DIRECTLY = "A"
    KNOWN_INDIRECTLY_CORROBORATED = "B"
    KNOWN_INDIRECTLY = "C"
    NOT_KNOWN = "D"
    SUSPECTED_FALSE = "E"


class Handling(StrEnum):
    LAWFUL_SHARING = "P"
    WITH_CONDITIONS = "C"


class Action(StrEnum):
    COVERT_DEVELOPMENT = "A1"
    COVERT_USE = "A2"
    OVERT_USE = "A3"


class Sanitisation(StrEnum):
    DELEGATED = "S1"
    CONSULT_ORIGINATOR = "S2"


SOURCES = Rule("source evaluation", tuple(Source), APP, CHECKED)
ASSESSMENTS = Rule("intelligence assessment", tuple(Assessment), APP, CHECKED)
HANDLINGS = Rule("handling", tuple(Handling), APP, CHECKED)
CONDITIONS = Rule(
    "action and sanitisation codes under C",
    (tuple(Action), tuple(Sanitisation)),
    APP,
    CHECKED,
    note="Setting: a lookup list; forces differ.",
)
ONE_GRADE_PER_ITEM = Rule("one grade for each item of information", True, APP, CHECKED)


@dataclass(frozen=True, slots=True)
class Grade:
    source: Source
    assessment: Assessment
    handling: Handling
    conditions: str = ""
    action: Action | None = None
    sanitisation: Sanitisation | None = None

    def __post_init__(self) -> None:
        if self.handling is Handling.WITH_CONDITIONS and not self.conditions.strip():
            raise ValueError("under C the conditions are spelled out")
        if self.handling is Handling.LAWFUL_SHARING and (self.conditions.strip() or self.action or self.sanitisation):
            raise ValueError("conditions belong under C")

    def __str__(self) -> str:
        return f"{self.source}{self.assessment}{self.handling}"


def grade(code: str, conditions: str = "") -> Grade:
    """From the way it is written: 2BP."""
    if not re.fullmatch(r"[123][A-E][PC]", code):
        raise ValueError("a grade is a figure 1 to 3, a letter A to E and P or C")
    return Grade(Source(code[0]), Assessment(code[1]), Handling(code[2]), conditions)


def one_grade(grades: Sequence[Grade]) -> Grade:
    """A mixed report is taken apart first: each item has its own grade, and only one."""
    if len(grades) != 1:
        raise ValueError("one grade for each item: take a mixed report apart")
    return grades[0]


def may_use(grade: Grade) -> bool:
    """Information suspected to be false is kept and shown, never acted on alone."""
    return grade.assessment is not Assessment.SUSPECTED_FALSE


# Sanitising


class Reveals(StrEnum):
    SOURCE_REFERENCE = "source reference"
    PHONE = "telephone number"
    EMAIL = "e-mail address"
    WHO_TOLD_US = "who told us"
    NAME = "name of the person who told us"


@dataclass(frozen=True, slots=True)
class Finding:
    reveals: Reveals
    start: int
    end: int

    @property
    def sentence(self) -> str:
        return f"Take out the {self.reveals}: the report must not show where it comes from."


_SOURCE_WORD = r"(?:source|informant|chis|reporter|caller)"
_REFERENCE_WORD = r"(?:ref(?:erence)?|no|number|id)?\.?"
_SAID = r"(?:says?|said|told|reports?|reported|states?|stated)"
_TELLER = r"(?:source|informant|caller|reporter|neighbour|colleague)"
_PATTERNS = (
    (Reveals.EMAIL, r"[\w.+-]+\s*(?:@|\[at\]|\(at\))\s*[\w-]+(?:\s*(?:\.|\[dot\]|\(dot\))\s*[\w-]+)+"),
    (Reveals.PHONE, r"(?<![\w+])(?:\+\s?\d|\(?0)(?:\)?[\s.-]?\(?\d){8,13}(?!\d)"),
    (Reveals.SOURCE_REFERENCE, rf"\b{_SOURCE_WORD}\s*{_REFERENCE_WORD}\s*[:#]?\s*(?=[\w/-]*\d)[A-Z0-9][\w/-]{{2,}}"),
    (Reveals.WHO_TOLD_US, rf"\b(?:our|my|the|an?)\s+{_TELLER}\s+{_SAID}\b"),
)
SANITISED = Rule("a sanitised item holds no source reference, telephone number or e-mail address", True, APP, CHECKED)


def reveals(text: str, source_references: Iterable[str] = (), names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Everything in the text that would lead back to the source, in the order of the text."""
    found = [
        Finding(what, match.start(), match.end())
        for what, pattern in _PATTERNS
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    for what, terms in ((Reveals.SOURCE_REFERENCE, source_references), (Reveals.NAME, names)):
        for term in filter(None, (one.strip() for one in terms)):
            pattern = rf"(?<!\w){re.escape(term)}(?!\w)"
            found += [Finding(what, one.start(), one.end()) for one in re.finditer(pattern, text, re.IGNORECASE)]
    return tuple(sorted(set(found), key=lambda finding: (finding.start, finding.end, finding.reveals)))


def is_sanitised(text: str, source_references: Iterable[str] = (), names: Iterable[str] = ()) -> bool:
    return not reveals(text, source_references, names)


REVIEW = Rule(
    "first review of a group 1 record",
    Period(120, Unit.MONTHS_BEGINNING_WITH),
    "College of Policing APP, retention, review and disposal; Police Information and Records Management Code 2023",
    CHECKED,
    note="Setting: 10 years for group 1; other groups have a clear period of 10 or 6 years.",
)
DEADLINES = (
    DeadlineKind("record-review", "recorded", "an item is kept or destroyed", "intel_officer", Weight.LIMIT, (REVIEW,)),
)
