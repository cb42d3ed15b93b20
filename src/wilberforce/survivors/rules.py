"""The person first: their age, what they were asked and answered, and care that never depends on the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight, instant

CHECKED = date(2026, 11, 23)


def age_on(born: date, day: date) -> int:
    """A person reaches an age at the start of the birthday; one born on 29 February does so on 1 March."""
    if day < born:
        raise ValueError("the day is before the birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


ADULT_AT = Rule(
    "age of majority", 18, "Family Law Reform Act 1969 s.1 and s.9; Modern Slavery Act 2015 s.56(3)", CHECKED
)
OLDEST_AGE = 120
LARGEST_HOUSEHOLD = 30


ASSIGNMENT_DAYS = Rule(
    "an assignment to a person lasts at most this many days and is then renewed or over",
    30,
    "Data Protection Act 2018 s.39 and UK GDPR art.5(1)(c): access for no longer than needed",
    CHECKED,
    note="Setting: the law asks for a limit; its length is the agencies' choice.",
)


# Consent


class Answer(StrEnum):
    NOT_ASKED = "not asked"
    ASKED = "asked"
    NOT_NOW = "not now"
    DECLINED = "declined"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Consent(StrEnum):
    """Several separate consents; one says nothing about another."""

    NRM = "referral to the NRM"
    SUPPORT = "support"
    SHARE_POLICE = "sharing with the police"
    SHARE_COUNCIL = "sharing with the council"
    SHARE_HEALTH = "sharing with health services"
    SHARE_CHARITY = "sharing with the charity"
    INVESTIGATION = "helping the investigation"
    CONTACT_PHONE = "being telephoned"
    CONTACT_EMAIL = "being e-mailed"
    CONTACT_POST = "being written to"
    DECISION_TO_OTHER = "somebody else receiving the decision"


CONSENTS_ARE_SEPARATE = Rule(
    "each consent is asked and answered on its own",
    tuple(Consent),
    "Home Office NRM form, April 2026; UK GDPR art.7(2) and recital 43",
    CHECKED,
)
MAY_CHANGE_MIND = Rule(
    "consent may be withdrawn at any time",
    True,
    "UK GDPR art.7(3); First Responder Toolkit, April 2026, p.12",
    CHECKED,
)
TRANSITIONS: dict[Answer, frozenset[Answer]] = {
    Answer.NOT_ASKED: frozenset({Answer.ASKED}),
    Answer.ASKED: frozenset({Answer.NOT_NOW, Answer.DECLINED, Answer.GIVEN}),
    Answer.NOT_NOW: frozenset({Answer.ASKED, Answer.DECLINED, Answer.GIVEN}),
    Answer.DECLINED: frozenset({Answer.ASKED, Answer.GIVEN}),
    Answer.GIVEN: frozenset({Answer.WITHDRAWN}),
    Answer.WITHDRAWN: frozenset({Answer.ASKED, Answer.GIVEN}),
}


DECIDES = frozenset({Answer.GIVEN, Answer.DECLINED})
"""Answers that come after rest and information."""


def may_become(current: Answer, following: Answer) -> bool:
    """A consent given is taken back by withdrawing it, never by asking again or rewriting the answer."""
    return following in TRANSITIONS[current]


def is_open(answer: Answer) -> bool:
    """Nothing has been decided: silence and 'not now' are not refusals."""
    return answer in {Answer.NOT_ASKED, Answer.ASKED, Answer.NOT_NOW}


def blocks(consent: Consent, answer: Answer) -> str:
    """What must not be done, or nothing once consent is given. Care is not among it."""
    if answer is Answer.GIVEN:
        return ""
    return f"Without a yes there is no {_WITHOUT[consent]}; the answer is: {answer}."


_WITHOUT = {
    Consent.NRM: "referral of an adult",
    Consent.SUPPORT: "request for support under the victim care contract",
    Consent.SHARE_POLICE: "passing to the police on the ground of consent",
    Consent.SHARE_COUNCIL: "passing to the council on the ground of consent",
    Consent.SHARE_HEALTH: "passing to health services on the ground of consent",
    Consent.SHARE_CHARITY: "passing to the charity on the ground of consent",
    Consent.INVESTIGATION: "name or contact in a notification for the investigation",
    Consent.CONTACT_PHONE: "telephone call",
    Consent.CONTACT_EMAIL: "e-mail",
    Consent.CONTACT_POST: "letter",
    Consent.DECISION_TO_OTHER: "sending of the decision to somebody else",
}


def consent_needed(consent: Consent, age: AgeClass) -> bool:
    """A child, or somebody who may be one, is referred without it, and the council looks after them."""
    return not (consent in {Consent.NRM, Consent.SUPPORT} and age.counts_as_child)


class Care(StrEnum):
    FOOD = "refreshments"
    CLOTHING = "clothing"
    FIRST_AID = "first aid"
    EMOTIONAL_SUPPORT = "emotional support"
    PRACTICAL_HELP = "practical help"
    REST = "rest"
    INTERPRETER = "interpreter"


CARE_IS_UNCONDITIONAL = Rule(
    "care does not depend on any answer",
    True,
    "British Red Cross, modern slavery and trafficking: help whatever the person decides",
    CHECKED,
)


# Roles over time


class Role(StrEnum):
    """A person can be more than one of these, at once and over time."""

    REPORTER = "reporter"
    WITNESS = "witness"
    POTENTIAL_VICTIM = "potential victim"
    CONFIRMED_VICTIM = "confirmed victim"
    SUSPECT = "suspect"
    CHARGED = "charged"
    ASSOCIATE = "associate"
    CONTROLLER = "controller"
    UNKNOWN = "unknown"


ROLES_KEPT_APART = Rule(
    "suspects, convicted people, victims and witnesses are told apart where possible",
    True,
    "Data Protection Act 2018 s.38(3)",
    CHECKED,
    valid_from=date(2018, 5, 25),
)
WRITTEN_BY_POLICE_ONLY = frozenset({Role.SUSPECT, Role.CHARGED, Role.ASSOCIATE, Role.CONTROLLER})


@dataclass(frozen=True, slots=True)
class Held:
    """A role held for a time. It ends; it is never overwritten."""

    role: Role
    since: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None and instant(self.until) < instant(self.since):
            raise ValueError("a role ends before it begins")

    def holds(self, at: datetime) -> bool:
        ended = self.until is not None and instant(self.until) <= instant(at)
        return instant(self.since) <= instant(at) and not ended


def roles_at(history: Sequence[Held], at: datetime) -> frozenset[Role]:
    return frozenset(held.role for held in history if held.holds(at))


def both_victim_and_suspect(history: Sequence[Held], at: datetime) -> bool:
    """The statutory defence is then thought of: Modern Slavery Act 2015 s.45."""
    roles = roles_at(history, at)
    return bool(roles & {Role.POTENTIAL_VICTIM, Role.CONFIRMED_VICTIM}) and bool(roles & {Role.SUSPECT, Role.CHARGED})


FIND_HOMES = frozenset({"county", "city"})
"""Kinds of agency whose duty a home is; duties follow the place."""

OFFER_OF_SUPPORT = Rule(
    "a victim is offered a support service",
    Period(2, Unit.WORKING_DAYS),
    "Code of Practice for Victims of Crime, Right 4",
    CHECKED,
    note="Setting: two working days from the report, as practised; confirm in the current Code.",
)
VICTIM_UPDATE = Rule(
    "a victim with enhanced rights hears of an arrest, an interview, a release, bail or a charge",
    Period(1, Unit.WORKING_DAYS),
    "Code of Practice for Victims of Crime, Right 6 (enhanced rights)",
    CHECKED,
    note="Five working days without enhanced rights; every victim here has them.",
)
VICTIM_UPDATE_PLAIN = Rule(
    "a victim hears of an arrest, an interview, a release, bail or a charge",
    Period(5, Unit.WORKING_DAYS),
    "Code of Practice for Victims of Crime, Right 6",
    CHECKED,
    note="Without enhanced rights; for offences beside slavery and trafficking.",
)
SAME_PERSON_RULE = "same-person"
SAME_PERSON = Rule(
    "two managers speak about somebody whom both may know",
    Period(1, Unit.WORKING_DAYS),
    "UK GDPR art.5(1)(d): kept accurate; no person has to tell their story twice",
    CHECKED,
    note="Setting: by telephone; nothing crosses until a disclosure is made.",
)
DEADLINES = (
    DeadlineKind(
        SAME_PERSON_RULE, "found", "the two managers speak", "reception_manager", Weight.TARGET, (SAME_PERSON,)
    ),
    DeadlineKind("support-offer", "reported", "support is offered", "investigator", Weight.TARGET, (OFFER_OF_SUPPORT,)),
    DeadlineKind("victim-update", "it happened", "the victim is told", "investigator", Weight.LIMIT, (VICTIM_UPDATE,)),
    DeadlineKind(
        "victim-told", "it happened", "the victim is told", "investigator", Weight.LIMIT, (VICTIM_UPDATE_PLAIN,)
    ),
)
