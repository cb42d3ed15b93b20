"""After custody: a charge by post, the end of police bail, how long a court keeps somebody before a trial, orders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import (
    ONE_DAY,
    Period,
    Unit,
    clock_time,
    end_of_legal_day,
    in_words,
    legal_day,
    reckon,
)

from .bail import CHECKED

BY_POST = Rule(
    "a charge by post: a written charge, with a requisition to appear before magistrates",
    True,
    "Criminal Justice Act 2003 s.29",
    date(2026, 11, 30),
    note="Setting: England and Wales. Which charges police may issue is agreed with the prosecutor.",
)
EXTENDED_IN_TIME = Rule(
    "a court extends a custody time limit only before it runs out",
    True,
    "Prosecution of Offences Act 1985 s.22(3)",
    date(2026, 11, 30),
    note="Setting: from general knowledge of the Act; confirm with the court.",
)
FIRST_DAY_COUNTED = Rule(
    "the first day in custody counts towards a custody time limit",
    True,
    "CPS prosecution guidance on custody time limits",
    CHECKED,
    note="Setting: the guidance seems not to count the day of the first remand. Counted here, so that a limit shows a "
    "day early and never a day late; confirm with the court.",
)
_IN_CUSTODY = Unit.DAYS_BEGINNING_WITH if FIRST_DAY_COUNTED.value else Unit.CALENDAR_DAYS


def _time_limit(court: str, days: int, regulation: str, note: str) -> Rule[Period]:
    source = f"Prosecution of Offences (Custody Time Limits) Regulations 1987 {regulation}"
    return Rule(f"custody time limit, {court}", Period(days, _IN_CUSTODY), source, CHECKED, note=f"Setting: {note}")


CUSTODY_TIME_LIMIT = _time_limit(
    "Crown Court", 182, "reg.5", "from being sent for trial, less time already spent; confirm with the court."
)
CUSTODY_TIME_LIMIT_INDICTMENT = _time_limit(
    "Crown Court on a new or preferred indictment", 112, "reg.5", "from the indictment; confirm with the court."
)
CUSTODY_TIME_LIMIT_SUMMARY = _time_limit(
    "magistrates' court",
    56,
    "reg.4",
    "from the first appearance to the start of a summary trial; confirm with the court.",
)
NOTIFY_ADDRESS = Rule(
    "somebody under a slavery order tells police their name and address",
    Period(3, Unit.DAYS_BEGINNING_WITH),
    "Modern Slavery Act 2015 s.19 and s.26",
    CHECKED,
    note="Setting: three days beginning with service of the order, where the order asks for it.",
)
PREVENTION_ORDER = Rule(
    "a slavery and trafficking prevention order runs at least",
    Period(60, Unit.MONTHS_BEGINNING_WITH),
    "Modern Slavery Act 2015 s.17(4)",
    CHECKED,
    note="Five years, or until further order.",
)
RISK_ORDER = Rule(
    "a slavery and trafficking risk order runs at least",
    Period(24, Unit.MONTHS_BEGINNING_WITH),
    "Modern Slavery Act 2015 s.24(4)",
    CHECKED,
    note="Two years, or until further order.",
)

REQUISITION, NO_FURTHER_ACTION, BAIL_OVER = "requisition", "no-further-action", "bail-over"
APPEARED, SENT, INDICTED = "appeared", "sent", "indicted"
EXTENDED, COURT_BAIL, TRIAL, CASE_OVER = "extended", "court-bail", "trial", "case-over"
STRUCK_OUT = "struck-out"
STEPS = (
    (REQUISITION, "Charged by post: written charge and requisition issued"),
    (NO_FURTHER_ACTION, "No further action"),
    (BAIL_OVER, "Police bail is over: they answered it, or were arrested again"),
    (APPEARED, "First appearance before magistrates, kept in custody"),
    (SENT, "Sent for trial to the Crown Court, kept in custody"),
    (INDICTED, "New or preferred indictment, kept in custody"),
    (EXTENDED, "The court extended the custody time limit"),
    (COURT_BAIL, "The court gave bail"),
    (TRIAL, "The trial began"),
    (CASE_OVER, "The case is over without a trial"),
    (STRUCK_OUT, "None of these: the line that it corrects is struck out"),
)
STARTS = {
    APPEARED: ("summary-time-limit", CUSTODY_TIME_LIMIT_SUMMARY),
    SENT: ("custody-time-limit", CUSTODY_TIME_LIMIT),
    INDICTED: ("indictment-time-limit", CUSTODY_TIME_LIMIT_INDICTMENT),
}
STOPS = (COURT_BAIL, TRIAL, CASE_OVER)
CODES = tuple(code for code, _ in STARTS.values())


@dataclass(frozen=True, slots=True)
class TimeLimit:
    code: str
    due_at: datetime
    why: str


def time_limit(steps: Iterable[Mapping[str, Any]]) -> TimeLimit | None:
    """The one that runs after these steps, the oldest first. A later one takes the place of an earlier."""
    running: TimeLimit | None = None
    for step in steps:
        if step["kind"] in STARTS:
            running = _begun(step)
        elif step["kind"] == EXTENDED and running:
            why = f"the court extended it on {in_words(legal_day(step['at']))}: {EXTENDED_IN_TIME.source}"
            running = TimeLimit(running.code, end_of_legal_day(step["until"]), why)
        elif step["kind"] in STOPS:
            running = None
    return running


def _begun(step: Mapping[str, Any]) -> TimeLimit:
    code, rule = STARTS[step["kind"]]
    whole = reckon(rule, step["at"])
    less = f"; less {step['spent']} days already spent in custody" if step["spent"] else ""
    return TimeLimit(code, end_of_legal_day(whole.last_day - ONE_DAY * step["spent"]), whole.calculation + less)


def extension_fault(steps: Iterable[Mapping[str, Any]], at: datetime, until: date | None) -> tuple[str, str]:
    """The field and the sentence of what is wrong with an extension, or nothing twice."""
    running = time_limit(step for step in steps if step["at"] <= at)
    if running is None:
        return "kind", "No custody time limit ran at that time. Write first what the court did before."
    if at > running.due_at:
        return "at", f"It ran out at {clock_time(running.due_at)}, and {EXTENDED_IN_TIME.name}. Check the time."
    if until is None or until <= legal_day(running.due_at):
        return "until", f"Write the new last day. It runs until {in_words(legal_day(running.due_at))} as it is."
    return "", ""
