"""What can happen, the actor first: to the person's record, to who they are, to what they answered, in their care."""

from .care import (
    care_flag,
    correct_account,
    correct_next_place,
    end_care_flag,
    note_clinical,
    note_support,
    record_account,
    record_next_place,
)
from .consents import answer, end_legal_basis, record_legal_basis, tell, withdraw
from .identity import correct_identity, record_identity
from .people import (
    assign,
    begin,
    categorise,
    close,
    correct_person,
    end_assignment,
    end_role,
    note_needs,
    take_on_placement,
)

__all__ = [
    "answer",
    "assign",
    "begin",
    "care_flag",
    "categorise",
    "close",
    "correct_account",
    "correct_identity",
    "correct_next_place",
    "correct_person",
    "end_assignment",
    "end_care_flag",
    "end_legal_basis",
    "end_role",
    "note_clinical",
    "note_needs",
    "note_support",
    "record_account",
    "record_identity",
    "record_legal_basis",
    "record_next_place",
    "take_on_placement",
    "tell",
    "withdraw",
]
