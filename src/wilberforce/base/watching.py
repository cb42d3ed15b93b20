"""Hearing that something changed: a ticket for five minutes, and the name under which the database tells it.

Who holds a ticket learns that and when something changed, never what.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from . import clock

CHANNEL = "wb_changed"
LASTS = timedelta(minutes=5)
SALT = "wilberforce.watching"


def ticket(subject: UUID) -> str:
    return signing.dumps({"s": str(subject), "u": int((clock.now() + LASTS).timestamp())}, salt=SALT)


def admitted(given: str) -> tuple[UUID, datetime] | None:
    """What the ticket lets its holder watch, and until when; None for one that is forged or over."""
    try:
        told = signing.loads(given, salt=SALT, max_age=LASTS)
        until = datetime.fromtimestamp(told["u"], clock.now().tzinfo)
        return (UUID(told["s"]), until) if until > clock.now() else None
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
