"""Crossing from one controller to another: which law, whether an agreement is live, and where a disclosure stands."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wilberforce.base.lawrule import Rule, in_force
from wilberforce.deadlines.rules import DeadlineKind, Period, Reckoning, Unit, Weight, instant, legal_day, reckon

from . import material, packs

CHECKED = date(2026, 11, 23)
_DPA_2018, _UK_GDPR = date(2018, 5, 25), date(2021, 1, 1)

DATA_PROTECTION: tuple[Rule[tuple[str, ...]], ...] = (
    Rule(
        "data protection law",
        ("Data Protection Act 1998",),
        "Data Protection Act 1998; section 29 for crime, section 35 for law and legal claims",
        CHECKED,
        date(2000, 3, 1),
        date(2018, 5, 24),
        note="No Part 3, no duty to log, no breach notice within 72 hours.",
    ),
    Rule(
        "data protection law",
        ("GDPR", "Data Protection Act 2018"),
        "Regulation (EU) 2016/679; Data Protection Act 2018, Part 3 for law enforcement",
        CHECKED,
        _DPA_2018,
        date(2020, 12, 31),
    ),
    Rule(
        "data protection law",
        ("UK GDPR", "Data Protection Act 2018"),
        "UK GDPR; Data Protection Act 2018; Data (Use and Access) Act 2025",
        CHECKED,
        _UK_GDPR,
    ),
)
LOGGING = Rule(
    "collection, alteration, consultation, disclosure, combination and erasure are logged",
    True,
    "Data Protection Act 2018 s.62; Data (Use and Access) Act 2025 s.82 dropped the justification",
    CHECKED,
    valid_from=_DPA_2018,
    note="Setting: whether a reason is asked for all the same; older systems had until 6 May 2023.",
)
BREACH = Rule(
    "breach told to the Information Commissioner",
    Period(72, Unit.HOURS),
    "UK GDPR art.33; Data Protection Act 2018 s.67",
    CHECKED,
    valid_from=_DPA_2018,
)
BREACH_TO_PARTNER = Rule(
    "breach told to the partner's data protection lead",
    Period(24, Unit.HOURS),
    "Derbyshire modern slavery information sharing agreement, 2018",
    CHECKED,
    note="Setting: as each agreement says.",
)
ACCESS_REQUEST = Rule(
    "answer to an access request",
    Period(1, Unit.MONTHS),
    "UK GDPR art.12(3); Data Protection Act 2018 s.54",
    CHECKED,
    valid_from=_DPA_2018,
    note="Extendable under UK GDPR art.12(3).",
)
OLD_ACCESS_REQUEST = Rule(
    "answer to an access request",
    Period(40, Unit.CALENDAR_DAYS),
    "Data Protection Act 1998 s.7(8) and (10)",
    CHECKED,
    valid_to=date(2018, 5, 24),
)
ACCESS_REQUESTS = (OLD_ACCESS_REQUEST, ACCESS_REQUEST)
AGREEMENT_REVIEW = Rule(
    "review of a sharing agreement",
    Period(24, Unit.MONTHS),
    "Derbyshire modern slavery information sharing agreement, 2018",
    CHECKED,
    note="Setting: as each agreement says.",
)
WITHDRAWN = Rule(
    "whoever holds what a person's yes gave them says that their copies are gone",
    Period(1, Unit.WORKING_DAYS),
    "UK GDPR art.7(3), art.17(2) and art.19",
    CHECKED,
    note="Setting: the reading stops at once; this is for what was printed or copied.",
)
SUCCESSION = Rule(
    "an agreement ends on the day one of its two agencies no longer acts; another may be signed with whoever took over",
    True,
    "ICO data sharing code of practice (2021), due diligence following mergers and acquisitions",
    CHECKED,
    note="Each agreement says whether its terms may be signed again; nothing passes without both guardians.",
)
SUCCEEDED = (
    ("ends", "It ends: a new agreement would have to be written"),
    ("passes", "It ends, and both guardians may sign the same terms again with the successor"),
)
DISPUTE = Rule(
    "dispute about sharing resolved",
    Period(10, Unit.CALENDAR_DAYS),
    "Derbyshire modern slavery information sharing agreement, 2018",
    CHECKED,
    note="Setting: as each agreement says.",
)


def data_protection_law(on: date) -> tuple[str, ...]:
    return in_force(DATA_PROTECTION, on).value


def breach_due(found_at: datetime) -> Reckoning:
    return reckon((BREACH,), found_at, trigger="found")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Both days are legal days in London and both belong to it. ``acts_until``: the first day on which one of the two
    agencies no longer acts."""

    first_day: date
    last_day: date | None
    classes: frozenset[str]
    purposes: frozenset[str]
    ended_at: datetime | None = None
    acts_until: date | None = None


def is_live(agreement: Agreement, at: datetime) -> bool:
    day = legal_day(at)
    ended = agreement.ended_at is not None and instant(agreement.ended_at) <= instant(at)
    inside = agreement.first_day <= day <= (agreement.last_day or date.max)
    return inside and not ended and not succeeded(agreement, day)


def succeeded(agreement: Agreement, day: date) -> bool:
    return agreement.acts_until is not None and agreement.acts_until <= day


def covers(agreement: Agreement, data_class: str, purpose: str, at: datetime) -> bool:
    return is_live(agreement, at) and data_class in agreement.classes and purpose in agreement.purposes


# Disclosure


class Basis(StrEnum):
    CONSENT = "consent"
    STATUTE = "a named statute"
    OVERRIDE = "a written override"


class Standing(StrEnum):
    DRAFT = "draft"
    ASKED = "waiting for a second person"
    REFUSED = "refused"
    APPROVED = "approved"
    SENT = "sent, no receipt yet"
    RECEIVED = "received"
    RECALLED = "recalled"
    WITHDRAWN = "stopped because consent was withdrawn"
    EXPIRED = "expired"


READABLE = frozenset({Standing.SENT, Standing.RECEIVED})


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything is a date. `basis_text` names the statute or the reason; agreement is recorded beside it."""

    basis: Basis
    initiator: str
    basis_text: str = ""
    fields: frozenset[str] = frozenset()
    asked_at: datetime | None = None
    approver: str = ""
    approved_at: datetime | None = None
    refused_at: datetime | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    recalled_at: datetime | None = None
    withdrawn_at: datetime | None = None
    expires_at: datetime | None = None


def standing(disclosure: Disclosure, now: datetime) -> Standing:
    """What stops it is asked first; then the latest step that has been taken."""
    stops = [(disclosure.recalled_at, Standing.RECALLED), (disclosure.refused_at, Standing.REFUSED)]
    if disclosure.basis is Basis.CONSENT:
        stops.insert(0, (disclosure.withdrawn_at, Standing.WITHDRAWN))
    stops.append((disclosure.expires_at, Standing.EXPIRED))
    steps = [
        (disclosure.received_at, Standing.RECEIVED),
        (disclosure.sent_at, Standing.SENT),
        (disclosure.approved_at, Standing.APPROVED),
        (disclosure.asked_at, Standing.ASKED),
    ]
    for at, answer in stops + steps:
        if at is not None and instant(at) <= instant(now):
            return answer
    return Standing.DRAFT


def may_read(disclosure: Disclosure, field: str, now: datetime) -> bool:
    return field in disclosure.fields and standing(disclosure, now) in READABLE


def faults(disclosure: Disclosure, agreement: Agreement | None, now: datetime) -> tuple[str, ...]:
    """Why it may not be sent."""
    checks = (
        (not disclosure.fields, "Name the fields: nothing is sent as a whole."),
        (
            disclosure.basis is not Basis.CONSENT and not disclosure.basis_text.strip(),
            "Name the statute or the reason.",
        ),
        (agreement is None or not is_live(agreement, now), "There is no live agreement with the recipient today."),
        (disclosure.approved_at is None, "A second person has to approve it."),
        (disclosure.approver == disclosure.initiator, "Whoever asks cannot approve."),
        (standing(disclosure, now) in STOPPED, f"It is {standing(disclosure, now)}."),
    )
    return tuple(sentence for wrong, sentence in checks if wrong)


STOPPED = frozenset({Standing.REFUSED, Standing.RECALLED, Standing.WITHDRAWN, Standing.EXPIRED})


def dispute_due(raised_at: datetime, holidays: Container[date] = ()) -> Reckoning:
    return reckon((DISPUTE,), raised_at, holidays, "raised")


# Emergencies

_EMERGENCY = "Own rule; ICO data sharing code of practice (2021), sharing in an urgent situation or emergency"
GLASS = Rule("an emergency opens one person's record", timedelta(hours=4), _EMERGENCY, CHECKED)
REVIEWED = Rule("an emergency is reviewed by both agencies", Period(24, Unit.HOURS), _EMERGENCY, CHECKED)
SUSPENDED = Rule(
    "whoever opened a record in an emergency opens no other while it stands unreviewed",
    timedelta(hours=72),
    _EMERGENCY,
    CHECKED,
)
UNANSWERED = Rule(
    "the other agency is called before a second officer may agree", timedelta(minutes=2), _EMERGENCY, CHECKED
)
PEER_ANSWERS = Rule("the other agency's yes counts", timedelta(minutes=10), _EMERGENCY, CHECKED)

EMERGENCIES = (
    ("collapse", "They collapsed or are badly hurt, and are not at the centre that knows them"),
    ("threat", "Somebody is on the way to hurt them"),
    ("child", "A child is in danger"),
    ("missing", "They are missing and at risk"),
    ("not sure", "Another danger, or not sure"),
)
REFUSED_BECAUSE = (
    ("person", "The person does not want it, or not now"),
    ("not needed", "It is not needed for what it is asked for"),
    ("too much", "It gives more than is needed"),
    ("ground", "The law or the yes that is named does not cover it"),
    ("unsafe", "It could put somebody in danger"),
    ("not held", "We do not keep this"),
    ("speak", "Another reason, or not sure: telephone us"),
)
"""Why something is not shared: from a list, so that nothing about the person is typed into an answer to others."""

VERDICTS = (("right", "It was right"), ("wrong", "It was wrong"), ("not sure", "Not sure yet: it is being looked into"))

WORKERS_SAY = (
    ("fits", "It fits what I know"),
    ("not", "It does not fit: somebody should look"),
    ("not sure", "Not sure"),
)

CHECKED_WHO = (
    ("known", "Their worker, who knows them, was there"),
    ("code word", "By the code word that they agreed"),
    ("papers", "By papers of theirs"),
)
COPY_GOES = (
    ("in person", "Handed over in person"),
    ("safe channel", "By the contact that they said is safe"),
)


def glass_open(opened_at: datetime, now: datetime) -> bool:
    return instant(opened_at) <= instant(now) < instant(opened_at) + GLASS.value


def suspends(opened_at: datetime, reviewed_at: datetime | None, now: datetime) -> bool:
    return reviewed_at is None and instant(now) >= instant(opened_at) + SUSPENDED.value


def second_may_agree(opened_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    return answered_at is None and instant(now) >= instant(opened_at) + UNANSWERED.value


_WHO = "data_guardian"
DEADLINES = (
    DeadlineKind(
        "emergency-review", "record opened in an emergency", "review the emergency", _WHO, Weight.LIMIT, (REVIEWED,)
    ),
    DeadlineKind("breach", "found", "the Commissioner is told of a breach", _WHO, Weight.LIMIT, (BREACH,)),
    DeadlineKind("breach-partner", "found", "a partner is told of a breach", _WHO, Weight.POLICY, (BREACH_TO_PARTNER,)),
    DeadlineKind("access-request", "received", "answer an access request", _WHO, Weight.LIMIT, ACCESS_REQUESTS),
    DeadlineKind("agreement-review", "signed", "review the agreement", _WHO, Weight.POLICY, (AGREEMENT_REVIEW,)),
    DeadlineKind(
        "withdrawal-told", "withdrawn", "copies of what was withdrawn are gone", _WHO, Weight.POLICY, (WITHDRAWN,)
    ),
    DeadlineKind("sharing-dispute", "raised", "a dispute about sharing is resolved", _WHO, Weight.POLICY, (DISPUTE,)),
    material.DEADLINE,
    material.NOTICE_DEADLINE,
    packs.DEADLINE,
)
