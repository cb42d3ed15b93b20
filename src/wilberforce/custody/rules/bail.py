"""Bail before charge, by the law of the day of the arrest. It is counted in legal days."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wilberforce.base.lawrule import Rule, in_force
from wilberforce.deadlines.rules import (
    ONE_DAY,
    Period,
    Unit,
    in_words,
    legal_day,
    reckon,
    start_of_legal_day,
)

CHECKED = date(2026, 11, 23)


class BailCase(StrEnum):
    STANDARD = "standard"
    SPECIAL = "National Crime Agency, HM Revenue and Customs, Financial Conduct Authority or Serious Fraud Office"


class Authority(StrEnum):
    """Who decided, in rising order."""

    FIRST = "custody officer"
    INSPECTOR = "inspector"
    SUPERINTENDENT = "superintendent"
    SENIOR_OFFICIAL = "senior official of the agency"
    COURT = "magistrates' court"
    COURT_COMPLEX = "magistrates' court, exceptionally complex"


POLICING_AND_CRIME_ACT = date(2017, 4, 3)
PCSC_ACT = date(2022, 10, 28)
STANDARD, SPECIAL = BailCase.STANDARD, BailCase.SPECIAL
_DAYS, _MONTHS = Unit.DAYS_BEGINNING_WITH, Unit.MONTHS_BEGINNING_WITH
NO_BAIL_LIMIT = Rule(
    "bail before charge had no limit in law",
    None,
    "PACE 1984 s.47 before the Policing and Crime Act 2017",
    CHECKED,
    valid_to=POLICING_AND_CRIME_ACT - ONE_DAY,
)
_SFO = "Setting: a Serious Fraud Office case had 3 months at once; confirm for the case in hand."
_SEEN = "Setting: from general knowledge of the Act as made; confirm before relying on it for a case of those years."


def _bail(count: int, unit: Unit, section: str, note: str = "") -> Rule[Period]:
    source = f"PACE 1984 {section} (Policing, Crime, Sentencing and Courts Act 2022 Sch 4)"
    return Rule("bail before charge", Period(count, unit), source, CHECKED, valid_from=PCSC_ACT, note=note)


def _old_bail(count: int, unit: Unit, section: str, note: str = "") -> Rule[Period]:
    source = f"PACE 1984 {section} (Policing and Crime Act 2017 s.63)"
    first, last = POLICING_AND_CRIME_ACT, PCSC_ACT - ONE_DAY
    return Rule("bail before charge", Period(count, unit), source, CHECKED, first, last, note=note)


BAIL: dict[tuple[BailCase, Authority], tuple[Rule[Period], ...]] = {
    (STANDARD, Authority.FIRST): (_old_bail(28, _DAYS, "s.47ZB"), _bail(3, _MONTHS, "s.47ZB")),
    (STANDARD, Authority.INSPECTOR): (_bail(6, _MONTHS, "s.47ZC"),),
    (STANDARD, Authority.SUPERINTENDENT): (_old_bail(3, _MONTHS, "s.47ZD"), _bail(9, _MONTHS, "s.47ZD")),
    (STANDARD, Authority.COURT): (_old_bail(6, _MONTHS, "s.47ZF", _SEEN), _bail(12, _MONTHS, "s.47ZF")),
    (STANDARD, Authority.COURT_COMPLEX): (_old_bail(9, _MONTHS, "s.47ZF", _SEEN), _bail(18, _MONTHS, "s.47ZF")),
    (SPECIAL, Authority.FIRST): (_old_bail(28, _DAYS, "s.47ZB", _SFO), _bail(6, _MONTHS, "s.47ZB")),
    (SPECIAL, Authority.SUPERINTENDENT): (_old_bail(3, _MONTHS, "s.47ZD", _SFO),),
    (SPECIAL, Authority.SENIOR_OFFICIAL): (_bail(12, _MONTHS, "s.47ZDA"),),
    (SPECIAL, Authority.COURT): (_old_bail(6, _MONTHS, "s.47ZF", _SEEN), _bail(18, _MONTHS, "s.47ZF")),
    (SPECIAL, Authority.COURT_COMPLEX): (_old_bail(9, _MONTHS, "s.47ZF", _SEEN), _bail(24, _MONTHS, "s.47ZF")),
}


@dataclass(frozen=True, slots=True)
class BailEnd:
    """No instant where the law of the day set no limit."""

    due_at: datetime | None
    rule: Rule[Period] | Rule[None]
    calculation: str

    @property
    def last_day(self) -> date | None:
        return legal_day(self.due_at) if self.due_at else None


def bail_end(
    arrested_at: datetime,
    authority: Authority = Authority.FIRST,
    case: BailCase = BailCase.STANDARD,
    law_of: date | None = None,
) -> BailEnd:
    """The day of the arrest decides the law; law_of asks what another day's law would say (s.47ZB: bail start date)."""
    arrested_on = legal_day(arrested_at)
    on = law_of or arrested_on
    if NO_BAIL_LIMIT.holds(on):
        return BailEnd(None, NO_BAIL_LIMIT, f"arrested {in_words(arrested_on)}, no limit: {NO_BAIL_LIMIT.source}")
    rule = in_force(BAIL.get((case, authority), ()), on)
    start = arrested_on + ONE_DAY
    text = f"arrested {in_words(arrested_on)}, so bail starts {in_words(start)}, {rule.value}: {rule.source}"
    return BailEnd(reckon(rule, start_of_legal_day(start)).due_at, rule, text)
