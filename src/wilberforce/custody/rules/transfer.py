"""A person handed over between forces: on which terms, what their clocks do, and how long nobody may not know where."""

from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import Period, Unit

from .detention import CHECKED, Brought


class Terms(StrEnum):
    """Why they go; it decides which clocks go on."""

    THEIR_OFFENCE = "their-offence"
    ARRESTED_FOR = "arrested-for"
    SAME = "same"


TERMS_SAID = {
    Terms.SAME: "The same investigation, or questioned here about theirs: both clocks go on as they are",
    Terms.ARRESTED_FOR: "Arrested here for that force, and not questioned here about it: PACE 1984 s.41(2)(a) and (3)",
    Terms.THEIR_OFFENCE: "Another offence, in that force's area, and not questioned here about it: PACE 1984 s.41(5)",
}
BROUGHT = {
    Terms.SAME: Brought.GOES_ON,
    Terms.ARRESTED_FOR: Brought.FOR_ANOTHER_FORCE,
    Terms.THEIR_OFFENCE: Brought.AFTER_ANOTHER_FORCE,
}
ARRIVES = Rule(
    "booked in by the force to which they were handed",
    Period(4, Unit.HOURS),
    "PACE 1984 s.39(1) and (3): each force answers for whoever it holds; s.30(1A), as soon as practicable",
    CHECKED,
    note="Setting: the law gives no hours; nobody is on the road so long that no force knows where they are.",
)
CLOCKS_GO_ON = Rule(
    "a move for the same investigation starts no new clock",
    True,
    "PACE 1984 s.41(2)(d) and s.40(3): from the first station, and from when detention was first authorised",
    CHECKED,
)
