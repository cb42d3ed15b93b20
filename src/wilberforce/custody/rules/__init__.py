"""What the law says of custody: ``detention`` its clocks, ``bail`` before charge, ``court`` after it, ``ages`` of the
people arrested, ``defence`` of somebody made to offend, ``transfer`` between forces, ``schedule`` of unused material.
"""

from datetime import timedelta

from wilberforce.deadlines.rules import DeadlineKind, Weight

from .ages import CRIMINAL_RESPONSIBILITY, OLDEST_AGE, AgesKnown, check_age
from .bail import BAIL, CHECKED, STANDARD, Authority, BailCase, BailEnd, bail_end
from .court import (
    CUSTODY_TIME_LIMIT,
    CUSTODY_TIME_LIMIT_INDICTMENT,
    CUSTODY_TIME_LIMIT_SUMMARY,
    NOTIFY_ADDRESS,
    PREVENTION_ORDER,
    RISK_ORDER,
)
from .detention import (
    AFTER_ANOTHER_FORCE,
    APPROPRIATE_ADULT,
    DETENTION,
    FIRST_REVIEW,
    FURTHER_OFFENCE,
    POSTPONED,
    PROMPTLY,
    RELEASE_NOW,
    REST,
    REST_BY,
    SUPERINTENDENT,
    WARRANT,
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
    "DEADLINES",
    "DETENTION",
    "FURTHER_OFFENCE",
    "OLDEST_AGE",
    "POSTPONED",
    "PROMPTLY",
    "RELEASE_NOW",
    "REST",
    "SUPERINTENDENT",
    "WARRANT",
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
