"""How long each class is kept, from when, and what may stop its end. The periods are the matrix's; agencies may keep
their own schedule, so every one of them is a setting until a records officer has signed it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight, reckon

CHECKED = date(2026, 11, 24)
STORAGE = "UK GDPR art.5(1)(e); Data Protection Act 2018 s.39"
_WHO = "data_guardian"


class End(StrEnum):
    """What the end of the period asks for."""

    ERASE = "erase"
    REVIEW = "review"


class Basis(StrEnum):
    CPIA = "cpia"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    ACCESS_REQUEST = "access request"


BASES = {
    Basis.CPIA: "May be relevant to a criminal case (CPIA 1996)",
    Basis.APPEAL: "An appeal or a reconsideration is open",
    Basis.COMPLAINT: "A complaint is open",
    Basis.ACCESS_REQUEST: "Somebody has asked for their data",
}


@dataclass(frozen=True, slots=True)
class Retention:
    data_class: str
    begins: str
    period: Rule[Period]
    end: End = End.ERASE


def _keep(data_class: str, count: int, unit: Unit, begins: str, source: str, end: End = End.ERASE) -> Retention:
    name = f"{data_class.replace('_', ' ')} kept"
    rule = Rule(name, Period(count, unit), f"{STORAGE}; {source}", CHECKED, note="Setting: each agency's own schedule.")
    return Retention(data_class, begins, rule, end)


_HOUSE = "period of this system's matrix"
_POLICE = "Police Information and Records Management Code of Practice 2023; group 3, six years clear"
_HEALTH = "NHS Records Management Code of Practice, adult records eight years"

RETENTIONS = {
    kept.data_class: kept
    for kept in (
        _keep("report_raw", 90, Unit.CALENDAR_DAYS, "judged", _HOUSE),
        _keep("source", 12, Unit.MONTHS, "told us", _HOUSE, End.REVIEW),
        _keep("intel", 72, Unit.MONTHS, "recorded", _POLICE, End.REVIEW),
        _keep("suspect", 72, Unit.MONTHS, "recorded", _POLICE, End.REVIEW),
        _keep("operation", 12, Unit.MONTHS, "case ended", _HOUSE, End.REVIEW),
        _keep("person_ref", 12, Unit.MONTHS, "support ended", f"{_HOUSE}; last, when nothing else of them is kept"),
        _keep("identity", 12, Unit.MONTHS, "support ended", _HOUSE),
        _keep("support", 12, Unit.MONTHS, "support ended", _HOUSE),
        _keep("location", 30, Unit.CALENDAR_DAYS, "person left", _HOUSE),
        _keep("health", 96, Unit.MONTHS, "support ended", _HEALTH),
        _keep("immigration", 28, Unit.CALENDAR_DAYS, "form closed", _HOUSE),
        _keep("account", 28, Unit.CALENDAR_DAYS, "form closed", _HOUSE),
        _keep("consent", 72, Unit.MONTHS, "answered", _HOUSE),
        _keep("centre", 12, Unit.MONTHS, "centre closed", _HOUSE, End.REVIEW),
    )
}
_ANSWERS = "Ids, codes and dates alone: who answered for it, and when."
STAYS = {
    **dict.fromkeys(
        (
            "concerns_claim", "operations_command", "operations_bronze", "operations_phone", "operations_roster",
            "operations_centrelink", "operations_casemember", "operations_orderreading", "survivors_assignment",
            "survivors_placement", "sharing_before", "sharing_disclosure", "sharing_request", "sharing_emergency",
            "sharing_accessrequest", "agencies_conflictdeclared",
            "agencies_subjectblock", "deadlines_deadline", "stewardship_hold", "stewardship_review", "stewardship_due",
        ),
        _ANSWERS,
    ),
    "reception_premises": "Belongs to no case; the council that keeps it gives it up.",
    "reception_formerpremises": "Belongs to no case; what the council wrote of a place before.",
    "sharing_victimrequest": (
        "Police, Crime, Sentencing and Courts Act 2022 s.44A to 44D: why records were asked for and what was answered "
        "belongs to the case; what was typed is sealed and names nobody, and it holds no record that it opened."
    ),
    "reception_standing": "Goes with the person, by a trigger.",
    "ledger_leaf": "Data Protection Act 2018 s.62: the log stays; it holds pseudonyms and codes, no content.",
    "statistics_figure": "Figures that identify nobody.",
    "statistics_quarter": "Figures that identify nobody.",
    "statistics_yes": "Who let a figure out.",
    "press_approval": "Who let a bulletin out.",
    "press_bulletin": "Public once released; it names nobody who was found.",
    "press_factsheet": "The counts that a released bulletin rests on.",
    "press_picture": "Goes with its bulletin's picture, press/migrations/0006.",
    "press_subscriber": "Goes when the address leaves, or unconfirmed after seven days: press/jobs.py.",
}  # fmt: skip
"""Tables of records of which nothing is erased here, each with the reason."""
PERIODS = tuple(kept.period for kept in RETENTIONS.values())
LONGEST_HOLD = Rule(
    "a hold is looked at again",
    Period(12, Unit.MONTHS),
    "Criminal Procedure and Investigations Act 1996 s.23, code of practice; Data Protection Act 2018 s.39(2)",
    CHECKED,
    note="Setting: no hold runs longer than this without somebody looking at it.",
)
PAPER_REVIEW = Rule(
    "a paper is looked at again",
    Period(12, Unit.MONTHS),
    "UK GDPR art.24(1) and art.35(11); Data Protection Act 2018 Sch 1 para 40",
    CHECKED,
    note="Setting: at least each year.",
)
DEADLINES = (
    *(
        DeadlineKind(
            f"retain-{kept.data_class.replace('_', '-')}",
            kept.begins,
            kept.end.value,
            _WHO,
            Weight.POLICY,
            (kept.period,),
        )
        for kept in RETENTIONS.values()
    ),
    DeadlineKind("hold-review", "held", "a hold is looked at again", _WHO, Weight.POLICY, (LONGEST_HOLD,)),
    DeadlineKind("paper-review", "signed", "a document is looked at again", _WHO, Weight.POLICY, (PAPER_REVIEW,)),
)


class Paper(StrEnum):
    DPIA = "dpia"
    JOINT_CONTROLLERS = "joint-controllers"
    APPROPRIATE_POLICY = "appropriate-policy"
    PRIVACY_NOTICE = "privacy-notice"
    BREACH_REGISTER = "breach-register"


@dataclass(frozen=True, slots=True)
class Needed:
    title: str
    law: Rule[bool]
    by_language: bool = False


def _needed(title: str, source: str, by_language: bool = False) -> Needed:
    return Needed(title, Rule(f"{title} exists before real data", True, source, CHECKED), by_language)


PAPERS = {
    Paper.DPIA: _needed("Data protection impact assessment", "UK GDPR art.35; Data Protection Act 2018 s.64"),
    Paper.JOINT_CONTROLLERS: _needed("Joint controllers' arrangement", "UK GDPR art.26; Data Protection Act 2018 s.58"),
    Paper.APPROPRIATE_POLICY: _needed(
        "Appropriate policy document", "Data Protection Act 2018 s.42 and Sch 1 paras 38 to 41"
    ),
    Paper.PRIVACY_NOTICE: _needed("Privacy notice", "UK GDPR art.12 to 14; Data Protection Act 2018 s.44", True),
    Paper.BREACH_REGISTER: _needed("Breach register", "UK GDPR art.33(5); Data Protection Act 2018 s.67(6)"),
}
LAWS = tuple(needed.law for needed in PAPERS.values())


def due(kept: Retention, began: datetime) -> datetime:
    return reckon(kept.period, began, trigger=kept.begins).due_at
