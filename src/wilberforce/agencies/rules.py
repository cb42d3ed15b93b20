"""How long a sign-in, an invitation and an enrolled device last. Doctrine, not statute."""

from datetime import date, timedelta
from fractions import Fraction

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight

CHECKED = date(2026, 11, 23)

INVITATION_LASTS = Rule(
    "An invitation may be taken up for this long",
    timedelta(hours=72),
    source="Own rule: long enough for a weekend, short enough that a forgotten e-mail opens nothing",
    checked_on=CHECKED,
)
STEP_UP_LASTS = Rule(
    "A fresh proof of who is at the screen counts for this long",
    timedelta(minutes=5),
    source="Access matrix, fact step_up",
    checked_on=CHECKED,
    note="The same five minutes stand in the function fact_step_up.",
)
POSTURE_LASTS = Rule(
    "An enrolled device must have been seen in order within this long",
    timedelta(hours=24),
    source="Access matrix, fact managed_device",
    checked_on=CHECKED,
    note="The same day stands in the function fact_managed_device.",
)
DEVICE_CODE_LASTS = Rule(
    "A new device must be opened with its code within this long",
    timedelta(minutes=30),
    source="Own rule: the guardian and the person sit together",
    checked_on=CHECKED,
)
WRONG_PINS = Rule(
    "wrong PINs before a seat is given up",
    5,
    source="NCSC password guidance: throttle or lock",
    checked_on=date(2026, 11, 24),
    note="Setting.",
)
CLINICIAN_CHECK_LASTS = Rule(
    "A clinician's registration must have been checked within this long",
    timedelta(days=365),
    source="Access matrix, fact clinical: checked this year",
    checked_on=CHECKED,
    note="The same year stands in the function fact_clinical.",
)

SHIFT_LASTS = Rule(
    "A shift lasts at most this long",
    timedelta(hours=16),
    source="Own rule: a double shift; Working Time Regulations 1998 reg.10 gives 11 hours of rest in a day",
    checked_on=CHECKED,
    note="The same 16 hours stand in the table's constraint.",
)
SHIFT_LINGERS = Rule(
    "A shift still counts for this long after it",
    timedelta(hours=2),
    source="Access matrix, fact on_shift",
    checked_on=CHECKED,
    note="The same two hours stand in the function fact_on_shift.",
)

PASSPHRASE_LENGTH = Rule(
    "The passphrase of somebody's own key has at least this many characters",
    20,
    source="Own rule: whoever carries the server away may guess for years, at 128 MiB a guess (Argon2id, RFC 9106)",
    checked_on=CHECKED,
)
WRONG_PASSPHRASES = Rule(
    "After this many wrong passphrases somebody waits a quarter of an hour",
    5,
    source="Own rule: the same as for signing in",
    checked_on=CHECKED,
)

STEP_UP_METHODS = frozenset({"webauthn", "totp"})
"""A password alone, or a recovery code, proves too little. Only a passkey withstands phishing; a code
from an authenticator app is accepted because not every agency issues keys."""

GUARDIAN = "data_guardian"

TWO_GUARDIANS = frozenset(
    {
        "report_desk", "source_keeper", "intel_officer", "op_commander", "reception_manager", "disclosure_officer",
        GUARDIAN,
    }
)  # fmt: skip
"""Roles that open much by themselves, or let others in: one guardian asks and another says yes."""

WAY_BACK_LASTS = Rule(
    "The link by which somebody comes back into their account works for this long",
    timedelta(hours=2),
    source="Own rule: the two guardians and the person speak to one another meanwhile",
    checked_on=CHECKED,
)

MANY_PEOPLE = Rule(
    "A guardian is shown who opened this many different people in a day",
    20,
    source="Own rule: more than one shift at a centre usually meets; a figure to ask about, not a limit",
    checked_on=CHECKED,
)
PEOPLE_A_DAY = Rule(
    "Somebody opens at most this many different people in a day, or as many as are registered where they work",
    20,
    source="UK GDPR art.5(1)(c) and art.32; Data Protection Act 2018 s.37 and s.66",
    checked_on=CHECKED,
    note="Setting: the floor is the agencies' choice. It stands in the function agencies_rate_of too.",
)
WARNS_AT = Rule(
    "Somebody is warned at this part of the cap",
    Fraction(4, 5),
    source="Own rule: time to ask a guardian before the work stops",
    checked_on=CHECKED,
    note="The same four fifths stand in the function agencies_rate_of.",
)


def rate(opened: int, registered: int) -> str:
    """``registered``: at the largest centre or operation where they work, or by name assigned to them."""
    cap = max(PEOPLE_A_DAY.value, registered)
    if opened > cap:
        return "tripped"
    return "near" if opened >= WARNS_AT.value * cap else ""


MANY_REFUSALS = Rule(
    "A guardian is shown who was refused this often in a day",
    10,
    source="Own rule: more than anybody's slips",
    checked_on=CHECKED,
)

CANARY = Rule(
    "Guardians ask whoever opened a record of somebody who does not exist",
    Period(1, Unit.HOURS),
    source="Own rule: nobody has a reason to open it, so the question can't wait",
    checked_on=CHECKED,
    note="The same hour stands in the function agencies_canary_sings.",
)
DEADLINES = (
    DeadlineKind(
        "canary", "opened", "whoever opened an invented record is asked why", GUARDIAN, Weight.LIMIT, (CANARY,)
    ),
)
