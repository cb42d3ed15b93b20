"""The defence of somebody who was made to offend: what is weighed, by whom, and that it is weighed before a charge.

Nobody has to prove anything to have it weighed, and 'not sure' is an answer everywhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from wilberforce.base.lawrule import Rule

CHECKED = date(2026, 11, 30)
IN_FORCE = date(2015, 7, 31)
YES, NO, NOT_SURE = "yes", "no", "not sure"

DEFENCE = Rule(
    "somebody made to offend by slavery or exploitation has a defence",
    True,
    "Modern Slavery Act 2015 s.45(1) to (6)",
    CHECKED,
    valid_from=IN_FORCE,
    note="For acts since 31 July 2015. Of earlier acts, duress and the public interest are weighed all the same.",
)
SCHEDULE_4 = Rule(
    "offences to which the defence does not apply",
    True,
    "Modern Slavery Act 2015 s.45(7) and Sch 4",
    CHECKED,
    valid_from=IN_FORCE,
    note="Setting: data/schedule4.yaml names the groups; read the paragraph itself before relying on it.",
)
PUBLIC_INTEREST = Rule(
    "the public interest is weighed even where the defence does not apply",
    True,
    "Code for Crown Prosecutors, and the CPS's guidance on modern slavery offences and defences",
    CHECKED,
    note="Setting: who decides is the prosecutor of the nation; confirm the guidance of the day.",
)
IN_NORTHERN_IRELAND = Rule(
    "defence in Northern Ireland, with excluded offences of its own; the Public Prosecution Service decides",
    True,
    "Human Trafficking and Exploitation (Criminal Justice and Support for Victims) Act (Northern Ireland) 2015 s.22",
    CHECKED,
    note="Setting: section and excluded offences from general knowledge; confirm before relying on them.",
)
IN_SCOTLAND = Rule(
    "no such defence in Scotland: the Lord Advocate instructs prosecutors when not to prosecute a victim",
    True,
    "Human Trafficking and Exploitation (Scotland) Act 2015 s.8",
    CHECKED,
    note="Setting: from general knowledge; confirm the instructions of the day.",
)
ADULT_AT = Rule("from this age on, compulsion is asked", 18, "Modern Slavery Act 2015 s.45(1)(a) and (4)(a)", CHECKED)
WEIGHED_FIRST = Rule(
    "a charge of somebody who may be a victim waits for the weighing, or for a written reason",
    True,
    "Modern Slavery Act 2015 s.45; statutory guidance under s.49; PACE 1984 s.37 and s.37B",
    CHECKED,
    note="Setting: a custody clock never waits for it. Whoever must be released is released; a charge may go on for a "
    "written reason.",
)

INVESTIGATOR, PROSECUTOR = "investigator", "prosecutor"
WHOSE = ((INVESTIGATOR, "The investigator"), (PROSECUTOR, "The prosecutor"))
CHILD, ADULT = "child", "adult"
AGES = ((ADULT, "18 or over"), (CHILD, "Under 18"), (NOT_SURE, "Not sure: weighed as under 18"))
SCHEDULED = ((YES, "Yes, all of them"), ("some", "Some of them"), (NO, "None of them"), (NOT_SURE, "Not sure"))
NOT_ASKED = "not-asked"
COMPELLED = ((YES, "Yes"), (NO, "No"), (NOT_SURE, "Not sure"), (NOT_ASKED, "Not asked: they were, or may be, under 18"))
MAY_APPLY, DOES_NOT_APPLY, EXCLUDED, MORE = "may-apply", "does-not-apply", "excluded", "more-needed"
CONCLUSIONS = (
    (MAY_APPLY, "The defence may apply"),
    (DOES_NOT_APPLY, "The defence does not apply"),
    (EXCLUDED, "Schedule 4 excludes it: the public interest is weighed"),
    (MORE, "More is needed before it can be said"),
)
CHARGE, NO_CHARGE, LATER = "charge", "no-charge", "later"
CHARGING = ((CHARGE, "To charge"), (NO_CHARGE, "Not to charge"), (LATER, "Not decided yet"))


def must_be_weighed(possible_victim: str, ages: Sequence[int]) -> str:
    """Why; empty where nothing speaks for it. Who is not known to be an adult is treated as a child."""
    if possible_victim == YES:
        return "they may be a victim"
    if not ages or min(ages) < ADULT_AT.value:
        return "they are, or may be, under 18"
    return "it is not sure whether they are a victim" if possible_victim == NOT_SURE else ""


def not_weighed(by: Collection[str]) -> str:
    """Who has not, in words."""
    return " and ".join(label.lower() for code, label in WHOSE if code not in by)


def faults(said: Mapping[str, str], of_the_offences: Iterable[str]) -> dict[str, str]:
    """Field -> what is wrong. ``of_the_offences``: what Schedule 4 says of each."""
    found, listed = {}, list(of_the_offences)
    if said["scheduled"] == NO and YES in listed:
        found["scheduled"] = "At least one of these offences is in Schedule 4. Look at the list above."
    if said["scheduled"] == YES and NO in listed:
        found["scheduled"] = "At least one of these offences is not in Schedule 4. Look at the list above."
    if said["age"] == ADULT and said["compelled"] == NOT_ASKED:
        found["compelled"] = "They were 18 or over, so say whether they were compelled, or that it is not sure."
    if said["age"] == CHILD and said["compelled"] != NOT_ASKED:
        found["compelled"] = "Of somebody under 18 it is not asked whether they were compelled."
    return found | _conclusion(said)


def _conclusion(said: Mapping[str, str]) -> dict[str, str]:
    answers = {said["linked"], said["reasonable"], *({said["compelled"]} - {NOT_ASKED})}
    concluded, scheduled = said["conclusion"], said["scheduled"]
    sentence = ""
    if concluded == EXCLUDED and scheduled != YES:
        sentence = "Only where all the offences are in Schedule 4. Check the answer above, or choose another."
    elif concluded == MAY_APPLY and (NO in answers or scheduled == YES):
        sentence = "An answer above says that it can't apply. Check that answer, or choose another."
    elif concluded == DOES_NOT_APPLY and answers == {YES} and scheduled in (NO, "some"):
        sentence = "By the answers above it may apply. Check them, or choose another."
    return {"conclusion": sentence} if sentence else {}
