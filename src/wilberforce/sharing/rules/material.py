"""Police ask whoever cares for a victim for records about them: the steps of a victim information request."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight, instant

CHECKED = date(2026, 11, 30)
IN_FORCE = date(2026, 1, 12)
_ACT = "Police, Crime, Sentencing and Courts Act 2022"
_CODE = "Victim information requests: code of practice, in force 12 January 2026"

MADE = Rule(
    "records about a victim are asked for only along a reasonable line of enquiry, if necessary and proportionate",
    True,
    f"{_ACT} s.44A(3); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
)
NOTICE = Rule(
    "the victim has written notice: what is sought, why, and how it will be dealt with",
    True,
    f"{_ACT} s.44B(2); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
)
EXCEPTION = Rule(
    "the notice need not be given, or may leave something out: not reasonably practicable, it might interfere with the "
    "investigation, or it might put somebody at risk of serious harm",
    "a senior officer agrees, whoever keeps the records is told, and the case team asks itself again",
    f"{_ACT} s.44B(3) and s.44B(5); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
    note="Setting: the Act asks for no senior officer here; without one, whoever asks could always say that it is so. "
    "Compared with the published Act on the day checked: subsections (1) to (4) and how (5) begins. The grounds in (5) "
    "were not to be had, so a lawyer reads them.",
)
FOR_THEM = Rule(
    "for a child, or an adult who can't decide this, somebody else has the notice",
    "a parent or guardian, or whoever represents those who care for them; where none can be had, another adult",
    f"{_ACT} s.44B(4); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
    note="Never somebody who may have harmed them: whoever gives it writes down who it was and why.",
)
COUNSELLING = Rule(
    "counselling records are presumed neither necessary nor proportionate",
    "a senior officer approves, and the request says why they are likely to have substantial probative value",
    f"{_ACT} s.44A(4), s.44A(5) and s.44D(2); {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
)
ANSWERED = Rule(
    "whoever is asked for records about a victim answers",
    Period(10, Unit.WORKING_DAYS),
    f"{_ACT} s.44C; {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
    note="Setting: the Act sets no period.",
)
LONGEST = Rule(
    "what a request obtained can be read",
    Period(90, Unit.CALENDAR_DAYS),
    "Data Protection Act 2018 s.39; own rule",
    CHECKED,
    note="Setting: at most; whoever sends it may say less.",
)
AGAIN = Rule(
    "a notice that need not be given yet is thought of again",
    Period(28, Unit.CALENDAR_DAYS),
    f"{_ACT} s.44B(3)(b), as soon as is reasonably practicable; {_CODE}",
    CHECKED,
    valid_from=IN_FORCE,
    note="Setting: the Act sets no period.",
)
LAWS = (MADE, NOTICE, EXCEPTION, FOR_THEM, COUNSELLING)
NOTICE_RULE = "victim-notice"
NOTICE_DEADLINE = DeadlineKind(
    NOTICE_RULE, "excused", "notice of a victim information request is given", "investigator", Weight.POLICY, (AGAIN,)
)
DEADLINE = DeadlineKind(
    "victim-request",
    "asked",
    "a victim information request is answered",
    "reception_manager",
    Weight.POLICY,
    (ANSWERED,),
)

KINDS = (("support", "Support notes"), ("health", "Care needs and clinical notes"))
REFUSALS = (
    ("line", "It does not follow a reasonable line of enquiry"),
    ("needed", "It is not needed, or can be had in another way"),
    ("too wide", "It asks for more than the case needs"),
    ("counselling", "It asks for counselling records, which are presumed out of reach"),
    ("notice", "The notice has to be given first, and whole"),
    ("harm", "It would harm the person"),
    ("not answerable", "We can't answer this request"),
)
VIEWS = (
    ("agrees", "They agree"),
    ("objects", "They object"),
    ("not sure", "They are not sure"),
    ("not now", "They did not want to say now"),
)
ANSWERS = (
    ("all", "They sent what was asked for"),
    ("part", "They sent some of it"),
    ("none", "They hold nothing of the kind"),
    ("refused", "They refused"),
)
EXCEPTED = ("notice_form", "ground", "ground_why")
NOTICES = (
    ("whole", "They are given it as it stands below"),
    ("part", "They are given it, and it leaves something out"),
    ("none", "They are not given it for now"),
)
GROUNDS = (
    ("practicable", "Giving it is not reasonably practicable"),
    ("interfere", "It might interfere with preventing, detecting, investigating or prosecuting crime"),
    ("harm", "It might put them or somebody else at risk of serious harm"),
)
GIVEN_TO = (
    ("person", "The person themselves"),
    ("parent", "A parent or guardian of theirs"),
    ("carer", "Somebody for the council or the organisation that cares for them"),
    ("adult", "Another adult, because none of these could be had"),
)
BECAUSE = (
    ("child", "They are under 18, or may be"),
    ("capacity", "They are an adult who can't decide this now"),
)


class Stage(StrEnum):
    SENIOR = "waits for a senior officer"
    ASKED = "waits for whoever keeps the records"
    EXCUSED = "goes on without the notice"
    TOLD = "the notice was given"
    CHOSEN = "chosen, and not yet sent"
    SENT = "waits for the keeper's guardian"
    NOTICE = "waits for the notice"
    LETTER = "the letter waits for your guardian"
    TO_HAND = "the letter may go"
    ANSWERED = "answered"
    OPEN = "open"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"
    OVER = "over"


ENDED = frozenset({Stage.REFUSED, Stage.TAKEN_BACK, Stage.OVER, Stage.ANSWERED})
NO_NOTICE = (ENDED - {Stage.ANSWERED}) | {Stage.SENIOR}
TO_CHOOSE = frozenset({Stage.EXCUSED, Stage.TOLD, Stage.CHOSEN})


@dataclass(frozen=True, slots=True)
class Steps:
    """Everything is a date. ``opened_at``: the guardian's yes; ``recalled_at``: whoever keeps it called it back."""

    asked_at: datetime
    needs_senior: bool = False
    senior_at: datetime | None = None
    noticed_at: datetime | None = None
    excused_at: datetime | None = None
    chosen_at: datetime | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    refused_at: datetime | None = None
    recalled_at: datetime | None = None
    taken_back_at: datetime | None = None
    expires_at: datetime | None = None


def stage(steps: Steps, now: datetime) -> Stage:
    """What ends it is asked first; then the latest step, and none counts before the one that it needs."""
    ends = (
        (steps.taken_back_at, Stage.TAKEN_BACK),
        (steps.refused_at or steps.recalled_at, Stage.REFUSED),
        (steps.expires_at, Stage.OVER),
    )
    for at, ended in ends:
        if at is not None and instant(at) <= instant(now):
            return ended
    if steps.needs_senior and steps.senior_at is None:
        return Stage.SENIOR
    reached = Stage.ASKED
    in_turn = (
        (steps.noticed_at or steps.excused_at, Stage.TOLD if steps.noticed_at else Stage.EXCUSED),
        (steps.chosen_at, Stage.CHOSEN),
        (steps.sent_at, Stage.SENT),
        (steps.opened_at, Stage.OPEN),
    )
    for at, step in in_turn:
        if at is None:
            return reached
        reached = step
    return reached


@dataclass(frozen=True, slots=True)
class Posted:
    """Of a keeper without a sign-in: what became of the letter. ``approved_at``: our own guardian's yes."""

    written_at: datetime | None = None
    approved_at: datetime | None = None
    handed_at: datetime | None = None
    answered_at: datetime | None = None


def stage_by_letter(steps: Steps, posted: Posted, now: datetime) -> Stage:
    """The notice comes first here too; then the letter, a second person's yes, and what the keeper answers."""
    before = stage(steps, now)
    if before not in (Stage.ASKED, Stage.TOLD, Stage.EXCUSED):
        return before
    if before is Stage.ASKED:
        return Stage.NOTICE
    in_turn = (
        (posted.answered_at, Stage.ANSWERED),
        (posted.handed_at, Stage.ASKED),
        (posted.approved_at, Stage.TO_HAND),
        (posted.written_at, Stage.LETTER),
    )
    return next((step for at, step in in_turn if at is not None), before)


@dataclass(frozen=True, slots=True)
class Case:
    """Why police ask, in the Act's own questions."""

    line: str
    necessary: str
    proportionate: str
    alternatives: str
    notice: str
    counselling: bool = False
    probative: str = ""
    notice_form: str = "whole"
    ground: str = ""
    ground_why: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Who had the notice; for a child, or an adult who can't decide this, somebody for them (s.44B(4))."""

    to: str = "person"
    because: str = ""
    who: str = ""


TO_THEM = Given()
SENTENCES = {
    "line": "Say which reasonable line of enquiry it follows.",
    "necessary": "Say why the case can't go on without it.",
    "proportionate": "Say why this much, and no less, is in proportion.",
    "alternatives": "Say what else was tried or considered, and why it is not enough.",
    "notice": "Write the notice that the person is given.",
}
PROBATIVE = "Counselling records are presumed not needed. Say why they are likely to have substantial probative value."


def faults(case: Case) -> dict[str, str]:
    """Field -> what is missing. A request that leaves one open is no request under the Act."""
    missing = {name: sentence for name, sentence in SENTENCES.items() if not getattr(case, name).strip()}
    if case.counselling and not case.probative.strip():
        missing["probative"] = PROBATIVE
    if case.notice_form != "whole":
        if case.ground not in dict(GROUNDS):
            missing["ground"] = "Say on which ground of the Act the notice is not given whole."
        if not case.ground_why.strip():
            missing["ground_why"] = "Say why that is so here. A senior officer and the keeper read it."
    return missing


def given_faults(given: Given, child: bool) -> dict[str, str]:
    """``child``: known to be under 18."""
    if given.to not in dict(GIVEN_TO):
        return {"given_to": "Say who had the notice."}
    if given.to == "person":
        alone = "A child has the notice through somebody who cares for them. Choose who that was."
        return {"given_to": alone} if child else {}
    missing = {}
    if given.because not in dict(BECAUSE):
        missing["given_because"] = "Say why somebody else had it for them."
    if not given.who.strip():
        missing["given_who"] = "Say what they are to the person, and why they were the right one. Name nobody."
    return missing
