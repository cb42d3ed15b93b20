"""The session and the sitting that it belongs to, read in one statement."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Kept
from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.utils import timezone

from . import sittings
from .models import SignedIn


class SessionStore(Kept):
    sitting: SignedIn | None = None
    """The live one, as it was when the session was read; the public and the half signed in have none."""

    def load(self) -> dict[str, Any]:
        key = str(self.session_key)
        session = Session.objects.filter(session_key=key, expire_date__gt=timezone.now())
        with_it = Subquery(session.values("session_data")[:1])
        self.sitting = sittings.live(sittings.hash_of(key)).annotate(session_data=with_it).first()
        told: str | None = getattr(self.sitting, "session_data", None)
        return self.decode(told) if told else super().load()
