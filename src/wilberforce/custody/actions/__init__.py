"""What can happen: an arrest, a detention with its reviews and its absences, and how it ends."""

from .arrests import arrest, settle_age
from .detention import authorise, book_in, care, hospital_back, hospital_out
from .endings import outcome
from .reviews import extend, postpone_review, review

__all__ = [
    "arrest",
    "authorise",
    "book_in",
    "care",
    "extend",
    "hospital_back",
    "hospital_out",
    "outcome",
    "postpone_review",
    "review",
    "settle_age",
]
