"""Police ask whoever cares for a victim for records about them: the steps of a victim information request."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight, instant

CHECKED = date(2026, 11, 30)
IN_FORCE = date(2026, 1, 12)
_ACT = "Police, Crime, Sentencing and Courts Act 2022"
_CODE = "Victim information requests: code of practice, in force 12 January 2026"

MADE = Rule(
    "records about a victim are asked for only along a reasonable line of enquiry, if necessary and proportionate",
    True,
    f"{_ACT} s.44A(3); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
)
NOTICE = Rule(
    "the victim has written notice: what is sought, why, and how it will be dealt with",
    True,
    f"{_ACT} s.44B(2); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
    note="Setting: the Act knows exceptions; here nothing opens before the person has had the notice.",
)
COUNSELLING = Rule(
    "counselling records are presumed neither necessary nor proportionate",
    "a senior officer approves, and the request says why they are likely to have substantial probative value",
    f"{_ACT} s.44A(4), s.44A(5) and s.44D(2); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
)
ANSWERED = Rule(
    "whoever is asked for records about a victim answers",
    Period(10, Unit.WORKING_DAYS),
    f"{_ACT} s.44C; {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
    note="Setting: the Act sets no period.",
)
LONGEST = Rule(
    "what a request obtained can be read",
    Period(90, Unit.CALENDAR_DAYS),
    "Data Protection Act 2018 s.39; own rule",
    CHECKED,
    note="Setting: at most; whoever sends it may say less.",
)
LAWS = (MADE, NOTICE, COUNSELLING)
DEADLINE = DeadlineKind("victim-request", "asked", "answered", "reception_manager", Weight.POLICY, (ANSWERED,))

KINDS = (("support", "Support notes"), ("health", "Care needs and clinical notes"))
REFUSALS = (
    ("line", "It does not follow a reasonable line of enquiry"),
    ("needed", "It is not needed, or can be had in another way"),
    ("too wide", "It asks for more than the case needs"),
    ("counselling", "It asks for counselling records, which are presumed out of reach"),
    ("harm", "It would harm the person"),
    ("not answerable", "We can't answer this request"),
)
VIEWS = (
    ("agrees", "They agree"),
    ("objects", "They object"),
    ("not sure", "They are not sure"),
    ("not now", "They did not want to say now"),
)


class Stage(StrEnum):
    SENIOR = "waits for a senior officer"
    ASKED = "waits for whoever keeps the records"
    TOLD = "the person has had the notice"
    CHOSEN = "chosen, and not yet sent"
    SENT = "waits for the keeper's guardian"
    OPEN = "open"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"
    OVER = "over"


ENDED = frozenset({Stage.REFUSED, Stage.TAKEN_BACK, Stage.OVER})


@dataclass(frozen=True, slots=True)
class Steps:
    """Everything is a date. ``opened_at``: the guardian's yes; ``recalled_at``: whoever keeps it called it back."""

    asked_at: datetime
    counselling: bool = False
    senior_at: datetime | None = None
    noticed_at: datetime | None = None
    chosen_at: datetime | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    refused_at: datetime | None = None
    recalled_at: datetime | None = None
    taken_back_at: datetime | None = None
    expires_at: datetime | None = None


def stage(steps: Steps, now: datetime) -> Stage:
    """What ends it is asked first; then the latest step, and none counts before the one that it needs."""
    ends = (
        (steps.taken_back_at, Stage.TAKEN_BACK),
        (steps.refused_at or steps.recalled_at, Stage.REFUSED),
        (steps.expires_at, Stage.OVER),
    )
    for at, ended in ends:
        if at is not None and instant(at) <= instant(now):
            return ended
    if steps.counselling and steps.senior_at is None:
        return Stage.SENIOR
    reached = Stage.ASKED
    in_turn = (
        (steps.noticed_at, Stage.TOLD),
        (steps.chosen_at, Stage.CHOSEN),
        (steps.sent_at, Stage.SENT),
        (steps.opened_at, Stage.OPEN),
    )
    for at, step in in_turn:
        if at is None:
            return reached
        reached = step
    return reached


@dataclass(frozen=True, slots=True)
class Case:
    """Why police ask, in the Act's own questions."""

    line: str
    necessary: str
    proportionate: str
    alternatives: str
    notice: str
    counselling: bool = False
    probative: str = ""


SENTENCES = {
    "line": "Say which reasonable line of enquiry it follows.",
    "necessary": "Say why the case can't go on without it.",
    "proportionate": "Say why this much, and no less, is in proportion.",
    "alternatives": "Say what else was tried or considered, and why it is not enough.",
    "notice": "Write the notice that the person is given.",
}
PROBATIVE = "Counselling records are presumed not needed. Say why they are likely to have substantial probative value."


def faults(case: Case) -> dict[str, str]:
    """Field -> what is missing. A request that leaves one open is no request under the Act."""
    missing = {name: sentence for name, sentence in SENTENCES.items() if not getattr(case, name).strip()}
    if case.counselling and not case.probative.strip():
        missing["probative"] = PROBATIVE
    return missing
