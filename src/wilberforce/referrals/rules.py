"""Which duty is due for a person, by whom, with which clock, and which body decides."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wilberforce.base.lawrule import Rule, in_force
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.rules import (
    ONE_DAY,
    DeadlineKind,
    Period,
    Reckoning,
    Unit,
    Weight,
    reckon,
)
from wilberforce.survivors.rules import Answer

CHECKED = date(2026, 11, 23)
GUIDANCE = "Statutory guidance under Modern Slavery Act 2015 s.49"
SHORTER_RECOVERY = date(2022, 12, 13)
LONGER_EXIT = date(2019, 2, 1)
SHORTER_RECONSIDERATION = date(2024, 7, 8)


def _days(name: str, count: int, unit: Unit, source: str, note: str = "", **valid: date) -> Rule[Period]:
    return Rule(name, Period(count, unit), source, CHECKED, note=note, **valid)


REASONABLE_GROUNDS = (
    _days(
        "reasonable grounds decision",
        5,
        Unit.WORKING_DAYS,
        f"{GUIDANCE}: where possible within five working days of the referral",
        "A target. Since 30 January 2023 the test asks for objective factors.",
    ),
)
RECOVERY = (
    _days(
        "recovery period",
        45,
        Unit.CALENDAR_DAYS,
        "Council of Europe Convention on Action against Trafficking art.13; NRM guidance of the day",
        valid_to=SHORTER_RECOVERY - ONE_DAY,
    ),
    _days(
        "recovery period",
        30,
        Unit.CALENDAR_DAYS,
        "Nationality and Borders Act 2022 s.61",
        "Setting: the day of the change is that of Hansard, 13 December 2022. At least this long; England and Wales.",
        valid_from=SHORTER_RECOVERY,
    ),
)
RECOVERY_SCOTLAND = _days(
    "recovery period in Scotland",
    90,
    Unit.CALENDAR_DAYS,
    "Human Trafficking and Exploitation (Scotland) Act 2015 s.9 and regulations of 2018",
    "Setting: up to 90 days of support; confirm with the Scottish provider.",
    valid_from=date(2018, 4, 1),
)
RECONSIDERATION = (
    _days(
        "request for reconsideration",
        3,
        Unit.MONTHS,
        f"{GUIDANCE}, older editions",
        "Setting: the day on which three months became 30 days is to be confirmed.",
        valid_to=SHORTER_RECONSIDERATION - ONE_DAY,
    ),
    _days(
        "request for reconsideration",
        30,
        Unit.CALENDAR_DAYS,
        "Home Office annex on reconsideration requests, May 2025",
        "Setting: the day on which three months became 30 days is to be confirmed. Later only exceptionally.",
        valid_from=SHORTER_RECONSIDERATION,
    ),
)
_EXIT_NOTE = "Setting: seen in the first edition of March 2020, the day of the change from memory; confirm."
EXIT_AFTER_NEGATIVE = (
    _days("exit support", 2, Unit.WORKING_DAYS, "Contract of the day", _EXIT_NOTE, valid_to=LONGER_EXIT - ONE_DAY),
    _days("exit support", 9, Unit.WORKING_DAYS, f"{GUIDANCE}, March 2020", _EXIT_NOTE, valid_from=LONGER_EXIT),
)
MOVE_ON_AFTER_POSITIVE = (
    _days("move-on support", 14, Unit.CALENDAR_DAYS, "Contract of the day", _EXIT_NOTE, valid_to=LONGER_EXIT - ONE_DAY),
    _days("move-on support", 45, Unit.CALENDAR_DAYS, f"{GUIDANCE}, March 2020", _EXIT_NOTE, valid_from=LONGER_EXIT),
)
PROVIDER_CONTACT = _days(
    "first contact by the support provider", 48, Unit.HOURS, "Answer to parliamentary question 90104", "Then telephone."
)
PORTAL_WARNING = _days("portal draft warning", 21, Unit.CALENDAR_DAYS, "Home Office report modern slavery, draft job")
PORTAL_DELETES = _days("portal draft deleted", 28, Unit.CALENDAR_DAYS, "Home Office report modern slavery, draft job")
PORTAL_IDLE = Rule(
    "portal signs out", Period(60, Unit.MINUTES), "Home Office report modern slavery, session of 3600 seconds", CHECKED
)
PORTAL_LINK = Rule(
    "portal's link in the message lapses", Period(30, Unit.MINUTES), "Home Office report modern slavery", CHECKED
)
TURNS_EIGHTEEN = Rule(
    "consent to stay in the mechanism",
    Period(216, Unit.MONTHS),
    "Statutory guidance under the Modern Slavery Act 2015 s.49; Family Law Reform Act 1969 s.1 and s.9",
    CHECKED,
    note="Setting: somebody born on 29 February turns 18 on the last day of that month.",
)
SEND_SOON = _days(
    "referral or notification sent",
    2,
    Unit.WORKING_DAYS,
    "Modern Slavery Act 2015 s.52 and its guidance: as soon as practicable",
    "Setting: the law gives no number of days; this reminds. Nobody is hurried: it starts when the person has decided.",
)
CRIME_RECORDED = _days(
    "crime recorded",
    24,
    Unit.HOURS,
    "Home Office Crime Recording Rules; National Crime Recording Standard",
    "Setting: confirm.",
)


# Who decides


class Body(StrEnum):
    NCA = "National Crime Agency, Modern Slavery and Human Trafficking Unit"
    UKVI = "UK Visas and Immigration"
    SCA = "Single Competent Authority"
    IECA = "Immigration Enforcement Competent Authority"


_SCA_FROM, _IECA_FROM = date(2019, 4, 29), date(2021, 11, 8)
DECIDING_BODIES: tuple[Rule[tuple[Body, ...]], ...] = (
    Rule(
        "bodies that decide",
        (Body.NCA, Body.UKVI),
        "NRM guidance before the reform of 2019",
        CHECKED,
        valid_to=_SCA_FROM - ONE_DAY,
    ),
    Rule("bodies that decide", (Body.SCA,), "NRM reform, April 2019", CHECKED, _SCA_FROM, _IECA_FROM - ONE_DAY),
    Rule(
        "bodies that decide",
        (Body.SCA, Body.IECA),
        "Home Office, November 2021; First Responder Toolkit, April 2026",
        CHECKED,
        valid_from=_IECA_FROM,
        note="Setting: the day in November 2021 is to be confirmed. The person is told which body would decide.",
    ),
)


def deciding_bodies(on: date) -> tuple[Body, ...]:
    return in_force(DECIDING_BODIES, on).value


# Which duty, and by whom


@dataclass(frozen=True, slots=True)
class FirstResponder:
    """An organisation, or a kind of organisation, that may refer. `notifies` marks those that section 52 binds."""

    code: str
    kind: str
    notifies: bool
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


NEVER_REFERS = Rule(
    "kinds of agency that are not first responders",
    frozenset({"redcross", "fire", "hmrc", "dwp", "nhs"}),
    "Home Office list of first responder organisations, April 2026",
    CHECKED,
    note="The British Red Cross gives neutral information and never refers.",
)
NOTIFY = Rule(
    "public authorities notify of a potential victim",
    True,
    "Modern Slavery Act 2015 s.52",
    CHECKED,
    valid_from=date(2015, 11, 1),
    note="Nothing that identifies an adult who has not agreed (s.52(3)). As soon as practicable; no number of days.",
)


class Duty(StrEnum):
    REFER = "NRM referral"
    NOTIFY = "duty to notify"
    WAIT = "wait for the person"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DutyDue:
    duty: Duty
    by: str
    reason: str


def may_refer(kind: str, on: date, responders: Iterable[FirstResponder]) -> bool:
    return kind not in NEVER_REFERS.value and any(one.kind == kind and one.holds(on) for one in responders)


def must_notify(kind: str, on: date, responders: Iterable[FirstResponder]) -> bool:
    bound = (one for one in responders if one.kind == kind and one.notifies and one.holds(on))
    return kind not in NEVER_REFERS.value and NOTIFY.holds(on) and any(bound)


def duty_of_person(age: AgeClass, answer: Answer, believed: bool, already_sent: bool = False) -> tuple[Duty, str]:
    """What is due for the person, whoever does it. A child, or not sure, is always a referral."""
    if not believed:
        return Duty.NONE, "Nobody has reasonable grounds to believe that this may be a victim."
    if already_sent:
        return Duty.NONE, "A referral or a notification has already gone: a second is not needed."
    if age.counts_as_child:
        return Duty.REFER, "A child, or somebody who may be one, is referred; no consent is needed."
    if answer is Answer.GIVEN:
        return Duty.REFER, "The person has agreed to be referred."
    if answer in {Answer.DECLINED, Answer.WITHDRAWN}:
        return Duty.NOTIFY, "The person said no: notify without anything that identifies them (s.52)."
    return Duty.WAIT, "The person has not decided. Nothing is sent until they have."


def overtaken(decided: Duty, age: AgeClass, answer: Answer, already_sent: bool) -> bool:
    """Whether another duty is due than was decided, now that the person has answered or their age is known."""
    if already_sent or decided is Duty.NONE:
        return False
    return duty_of_person(age, answer, believed=True)[0] is not decided


def duty_due(
    age: AgeClass,
    answer: Answer,
    believed: bool,
    agencies: Iterable[tuple[str, str]],
    on: date,
    responders: Iterable[FirstResponder],
    already_sent: bool = False,
) -> DutyDue:
    """The first of the agencies, given as (name, kind) in the order agreed locally, that may do it."""
    listed = tuple(responders)
    duty, reason = duty_of_person(age, answer, believed, already_sent)
    if duty in {Duty.WAIT, Duty.NONE}:
        return DutyDue(duty, "", reason)
    able = may_refer if duty is Duty.REFER else must_notify
    by = next((name for name, kind in agencies if able(kind, on, listed)), "")
    return DutyDue(
        duty, by, reason if by else f"{reason} None of these agencies may do it: ask the police or the council."
    )


def words_that_identify(text: str, reference: str) -> tuple[str, ...]:
    """What a program can find in a notification that would point to somebody. A second person reads it all the same."""
    found = [one.group() for pattern in IDENTIFIES.value for one in re.finditer(pattern, text, re.I)]
    return tuple(found + ([reference] if reference and reference.casefold() in text.casefold() else []))


IDENTIFIES = Rule(
    "marks of identity that a notification about an adult never carries",
    (
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        r"\+?\d[\d ()-]{8,}\d",
        r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
        r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}\b",
    ),
    "Modern Slavery Act 2015 s.52(3)",
    CHECKED,
    note="E-mail addresses, telephone numbers, postcodes, national insurance numbers and dates written in figures.",
)


# Duties follow place


class Tier(StrEnum):
    UNITARY = "unitary"
    TWO_TIER = "county and district"


class CouncilDuty(StrEnum):
    CHILDREN = "children's services"
    ADULT_CARE = "adult social care"
    HOUSING = "housing and homelessness"
    NOTIFY = "duty to notify"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person is. In a unitary area the one council has every duty."""

    tier: Tier
    upper: str
    district: str = ""


def council_for(place: Place, duty: CouncilDuty) -> str:
    if place.tier is Tier.TWO_TIER and duty is CouncilDuty.HOUSING:
        return place.district
    return place.upper


DUTIES_FOLLOW_PLACE = Rule(
    "the council of the place has the duty",
    True,
    "Children Act 1989 s.17, s.20 and s.47; Care Act 2014 s.42; Housing Act 1996 part 7; Local Government Act 1972",
    CHECKED,
)


# Clocks


def reasonable_grounds_due(received_at: datetime, holidays: Container[date]) -> Reckoning:
    return reckon(REASONABLE_GROUNDS, received_at, holidays, "received")


def recovery_ends(grounds_at: datetime, law_of: date | None = None) -> Reckoning:
    """The least it lasts. A conclusive decision does not come before it."""
    return reckon(RECOVERY, grounds_at, trigger="positive reasonable grounds", on=law_of)


def duty_due_at(decided_at: datetime, holidays: Container[date]) -> Reckoning:
    return reckon(SEND_SOON, decided_at, holidays, "decided")


def reconsideration_ends(refused_at: datetime, law_of: date | None = None) -> Reckoning:
    return reckon(RECONSIDERATION, refused_at, trigger="negative decision", on=law_of)


def support_ends(
    decided_at: datetime, positive: bool, holidays: Container[date], law_of: date | None = None
) -> Reckoning:
    rules = MOVE_ON_AFTER_POSITIVE if positive else EXIT_AFTER_NEGATIVE
    return reckon(rules, decided_at, holidays, "conclusive decision", law_of)


_WHO, _IDLE = "first_responder", timedelta(minutes=10)
DEADLINES = (
    DeadlineKind("referral-duty", "decided", "referral or notification", _WHO, Weight.POLICY, (SEND_SOON,)),
    DeadlineKind(
        "reasonable-grounds", "received", "reasonable grounds decision", _WHO, Weight.TARGET, REASONABLE_GROUNDS
    ),
    DeadlineKind("recovery", "positive reasonable grounds", "recovery ends", _WHO, Weight.FLOOR, RECOVERY),
    DeadlineKind(
        "reconsideration",
        "negative decision",
        "ask for reconsideration",
        _WHO,
        Weight.LIMIT,
        RECONSIDERATION,
        timedelta(days=7),
    ),
    DeadlineKind("exit-support", "negative conclusive", "support ends", _WHO, Weight.TARGET, EXIT_AFTER_NEGATIVE),
    DeadlineKind("move-on", "positive conclusive", "support ends", _WHO, Weight.TARGET, MOVE_ON_AFTER_POSITIVE),
    DeadlineKind("provider-contact", "positive grounds", "telephone", _WHO, Weight.PROMPT, (PROVIDER_CONTACT,)),
    DeadlineKind("portal-warning", "draft last changed", "send it", _WHO, Weight.PROMPT, (PORTAL_WARNING,)),
    DeadlineKind("portal-deleted", "draft last changed", "draft is gone", _WHO, Weight.LIMIT, (PORTAL_DELETES,)),
    DeadlineKind("portal-idle", "last answer", "save it", _WHO, Weight.LIMIT, (PORTAL_IDLE,), _IDLE, _IDLE),
    DeadlineKind("portal-link", "message sent", "open it", _WHO, Weight.LIMIT, (PORTAL_LINK,), _IDLE, _IDLE),
    DeadlineKind("turns-eighteen", "born", "ask again", _WHO, Weight.LIMIT, (TURNS_EIGHTEEN,), timedelta(days=28)),
    DeadlineKind("crime-recorded", "decided", "crime recorded", "investigator", Weight.TARGET, (CRIME_RECORDED,)),
)
