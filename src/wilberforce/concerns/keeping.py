"""The keeper of the sources: takes one by name, reaches them, writes down what was said, and thinks of them again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action

from .actions import _claimed, _live_claims, _released
from .models import Claim, SourceNote
from .policy import SOURCE_NOTES, SOURCES
from .rules import SOURCE_REVIEWED_WITHIN


@action("source", "R", about={"source": "source_id"}, projection="queue")
def take(actor: Actor, source_id: UUID) -> Claim:
    """One keeper opens one source, by name."""
    SOURCES.one(actor, source_id, projection="queue")
    held = _live_claims(actor).first()
    if held and held.record_id != source_id:
        raise RuleBroken("You still have somebody else's record open. Put it back first.")
    return held or _claimed(Claim(record_id=source_id, membership_id=str(actor.membership)))


@action("source", "R", about={"source": "source_id"}, projection="queue")
def put_back(actor: Actor, source_id: UUID) -> None:
    _released(actor, source_id)


@action("source", "W", about={"source": "source_id"})
def note(actor: Actor, source_id: UUID, *, what: str, text: str, review_in: int) -> SourceNote:
    """What was said stays as it was written; from it follows when they are thought of again."""
    kept = SOURCES.one(actor, source_id)
    _still_kept(kept)
    ended = what == SourceNote.What.ENDED
    again = clock.now() + min(timedelta(days=review_in), timedelta(days=SOURCE_REVIEWED_WITHIN.value))
    SOURCES.change(actor, source_id, {"ended_at": clock.now()} if ended else {"review_at": again})
    return _noted(actor, kept, what, text)


@action("source", "W", about={"source": "source_id"})
def correct(actor: Actor, source_id: UUID, *, contact: str, safe_times: str, why: str, version: int) -> SourceNote:
    """What was there before is kept in a note."""
    kept = SOURCES.one(actor, source_id)
    _still_kept(kept)
    if (contact, safe_times) == (kept["contact"], kept["safe_times"]):
        raise RuleBroken("Nothing is different from what is kept.", field="contact")
    SOURCES.change(actor, source_id, {"contact": contact, "safe_times": safe_times}, version=version)
    was = "\n".join(filter(None, [f"Before: {kept['contact']}", kept["safe_times"], why]))
    return _noted(actor, kept, SourceNote.What.CORRECTED, was)


def _still_kept(kept: dict[str, Any]) -> None:
    if kept["ended_at"]:
        raise RuleBroken("Nothing more is asked of them. Their record waits to be erased.")


def _noted(actor: Actor, kept: dict[str, Any], what: str, text: str) -> SourceNote:
    written = SourceNote(
        controller_id=kept["controller_id"],
        source_id=kept["id"],
        by=actor.me,
        what=what,
        text=text,
        handling_level=kept["handling_level"],
    )
    return SOURCE_NOTES.add(actor, written)
