"""What goes to a recipient that nobody signs in for: how its key is checked, and what it answers."""

from datetime import date, datetime
from hashlib import sha256

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import DeadlineKind, Period, Unit, Weight, reckon

CHECKED = date(2026, 11, 30)
KINDS = ("support_provider", "nhs", "solicitor", "other_council", "home_office_ca")
NUMBER_FROM = (
    ("published", "From their own published page or letter"),
    ("known", "We had it before, from other work"),
    ("met", "We were in the same room"),
)
ANSWERS = (
    ("deleted", "They deleted it"),
    ("keeps", "They keep it: a law of their own requires it"),
    ("not sure", "They are not sure what became of it"),
)
KEPT = Rule(
    "the readable bytes of a pack are kept here while it waits to be handed over",
    Period(14, Unit.CALENDAR_DAYS),
    "UK GDPR art.5(1)(e); own rule",
    CHECKED,
    note="Setting: after that it is begun anew.",
)
RULE = "pack"
DEADLINE = DeadlineKind(RULE, "begun", "a sealed pack is handed over", "reception_manager", Weight.POLICY, (KEPT,))
GROUP = 4


def kept_until(made_at: datetime, expires_at: datetime | None) -> datetime:
    """Then the bytes go, whether or not anybody handed them over."""
    due = reckon((KEPT,), made_at, trigger="begun").due_at
    return min(due, expires_at) if expires_at else due


def fingerprint(public_key: str) -> str:
    """Read out in groups of four: half of SHA-256, 128 bits."""
    digits = sha256(public_key.encode()).hexdigest()[:32]
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
