"""What the law says of custody: ``detention`` its clocks, ``bail`` before charge, ``ages`` of the people arrested,
``defence`` of somebody who was made to offend, ``transfer`` between forces, ``schedule`` of unused material."""

from datetime import timedelta

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight

from .ages import CRIMINAL_RESPONSIBILITY, OLDEST_AGE, AgesKnown, check_age
from .bail import BAIL, CHECKED, NO_BAIL_LIMIT, POLICING_AND_CRIME_ACT, STANDARD, Authority, BailCase, BailEnd, bail_end
from .detention import (
    AFTER_ANOTHER_FORCE,
    APPROPRIATE_ADULT,
    DETENTION,
    DETENTION_CEILING,
    FIRST_REVIEW,
    FURTHER_OFFENCE,
    LATER_REVIEW,
    NEVER_THE_INVESTIGATOR,
    NO_INTERVIEW,
    OTHER_AREA,
    POSTPONED,
    PROMPTLY,
    RELEASE_NOW,
    REST,
    REST_BY,
    REVIEWS_BEFORE_EXTENSION,
    SECOND_REVIEW,
    SUPERINTENDENT,
    WARRANT,
    WARRANT_SHORTENS,
    WHO_AUTHORISES,
    WHO_REVIEWS,
    Absence,
    Answer,
    Brought,
    FurtherDetention,
    Span,
    detention_limit,
    further_detention_may_be_issued,
    relevant_time,
    rest_due,
    review_due,
    superintendent_may_extend,
)
from .transfer import ARRIVES

__all__ = [
    "AFTER_ANOTHER_FORCE",
    "APPROPRIATE_ADULT",
    "ARRIVES",
    "BAIL",
    "CHECKED",
    "CRIMINAL_RESPONSIBILITY",
    "CUSTODY_TIME_LIMIT",
    "CUSTODY_TIME_LIMIT_INDICTMENT",
    "CUSTODY_TIME_LIMIT_SUMMARY",
    "DEADLINES",
    "DETENTION",
    "DETENTION_CEILING",
    "FIRST_DAY_COUNTED",
    "FIRST_REVIEW",
    "FURTHER_OFFENCE",
    "LATER_REVIEW",
    "NEVER_THE_INVESTIGATOR",
    "NOTIFY_ADDRESS",
    "NO_BAIL_LIMIT",
    "NO_INTERVIEW",
    "OLDEST_AGE",
    "OTHER_AREA",
    "POLICING_AND_CRIME_ACT",
    "POSTPONED",
    "PREVENTION_ORDER",
    "PROMPTLY",
    "RELEASE_NOW",
    "REST",
    "REST_BY",
    "REVIEWS_BEFORE_EXTENSION",
    "RISK_ORDER",
    "SECOND_REVIEW",
    "SUPERINTENDENT",
    "WARRANT",
    "WARRANT_SHORTENS",
    "WHO_AUTHORISES",
    "WHO_REVIEWS",
    "Absence",
    "AgesKnown",
    "Answer",
    "Authority",
    "BailCase",
    "BailEnd",
    "Brought",
    "FurtherDetention",
    "Span",
    "bail_end",
    "check_age",
    "detention_limit",
    "further_detention_may_be_issued",
    "relevant_time",
    "rest_due",
    "review_due",
    "superintendent_may_extend",
]

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
_SOON, _NOW = timedelta(hours=2), timedelta(minutes=45)
_ROAD = timedelta(hours=ARRIVES.value.count)
_REST_SOON, _REST_NOW = timedelta(hours=10), timedelta(hours=8, minutes=45)
_LIMIT, _WHO = Weight.LIMIT, "investigator"
DEADLINES = (
    DeadlineKind("review", "authorised", "review", "review_officer", _LIMIT, (FIRST_REVIEW,), _SOON, _NOW),
    DeadlineKind(
        "release-now", "no grounds", "release without delay", "custody_officer", _LIMIT, (RELEASE_NOW,), _SOON, _NOW
    ),
    DeadlineKind(
        "custody-transfer",
        "left the other force",
        "book in who was handed over",
        "custody_officer",
        _LIMIT,
        (ARRIVES,),
        _ROAD,
        _ROAD,
    ),
    DeadlineKind("detention", "relevant time", "release", "custody_officer", _LIMIT, (DETENTION,), _SOON, _NOW),
    DeadlineKind("custody-rest", "arrived", "rest", "custody_officer", _LIMIT, (REST_BY,), _REST_SOON, _REST_NOW),
    DeadlineKind("bail", "bail start date", "end of bail", _WHO, _LIMIT, BAIL[STANDARD, Authority.FIRST]),
    DeadlineKind("custody-time-limit", "sent for trial", "trial", _WHO, _LIMIT, (CUSTODY_TIME_LIMIT,)),
    DeadlineKind("summary-time-limit", "first appearance", "trial", _WHO, _LIMIT, (CUSTODY_TIME_LIMIT_SUMMARY,)),
    DeadlineKind("indictment-time-limit", "indictment", "trial", _WHO, _LIMIT, (CUSTODY_TIME_LIMIT_INDICTMENT,)),
    DeadlineKind("order-address", "order served", "name and address notified", _WHO, _LIMIT, (NOTIFY_ADDRESS,)),
    DeadlineKind("prevention-order", "order made", "may end", _WHO, Weight.FLOOR, (PREVENTION_ORDER,)),
    DeadlineKind("risk-order", "order made", "may end", _WHO, Weight.FLOOR, (RISK_ORDER,)),
)
