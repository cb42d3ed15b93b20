"""What can happen: an arrest, a seizure, a detention with its reviews and its absences, and how it ends."""

from .arrests import arrest, correct_arrest, settle_age
from .court import proceed
from .defence import weigh
from .detention import authorise, book_in, care, correct_booking, hospital_back, hospital_out
from .endings import correct_outcome, how_it_ended, outcome
from .entries import court_warrant, extend_bail, further_offence, looked_after, screen
from .exhibits import correct_exhibit, hand_on, seize
from .reviews import extend, postpone_review, review
from .transfer import hand_to_force
from .unused import correct_unused, list_unused
from .updates import tell

__all__ = [
    "arrest",
    "authorise",
    "book_in",
    "care",
    "correct_arrest",
    "correct_booking",
    "correct_exhibit",
    "correct_outcome",
    "correct_unused",
    "court_warrant",
    "extend",
    "extend_bail",
    "further_offence",
    "hand_on",
    "hand_to_force",
    "hospital_back",
    "hospital_out",
    "how_it_ended",
    "list_unused",
    "looked_after",
    "outcome",
    "postpone_review",
    "proceed",
    "review",
    "screen",
    "seize",
    "settle_age",
    "tell",
    "weigh",
]
