"""Reviews of detention, held or postponed, and the superintendent's extension."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import policy
from wilberforce.custody.clocks import away, no_grounds_since, reviewed_from
from wilberforce.custody.models import Decision, Detention, Held, Review
from wilberforce.custody.rules import (
    POSTPONED,
    RELEASE_NOW,
    WHO_REVIEWS,
    review_due,
    superintendent_may_extend,
)
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import Reckoning, clock_time
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.rules import Moment

from .detention import absences_of, detained
from .due import DETENTION, case_of, file_what_is_due, of_detention
from .entries import entries_of, indictable


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def review(
    actor: Actor, detention_id: UUID, *, at: datetime, decision: str, reason: str, version: int | None = None
) -> Review:
    """Held late, it needs a reason and stays late."""
    held, due = _due(actor, detention_id, at)
    known(decision, Decision.values, "decision")
    if not reason.strip():
        late = f" It was due at {clock_time(due.due_at)}, so say too why it is late." if at > due.due_at else ""
        raise RuleBroken(f"Write the reasons for the decision.{late}", field="reason")
    kept = _kept(actor, held, Held.HELD, due, at, reason, decision, version)
    deadlines.meet(actor, detention_id, "review", at)
    file_what_is_due(actor, detention_id)
    return kept


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def postpone_review(
    actor: Actor, detention_id: UUID, *, at: datetime, reason: str, version: int | None = None
) -> Review:
    """It is held as soon as it can be; the next one still counts from when this one was due."""
    held, due = _due(actor, detention_id, at)
    _grounds_stand(actor, detention_id)
    if not reason.strip():
        raise RuleBroken(f"Write why the review can't be held now ({POSTPONED.source}).", field="reason")
    return _kept(actor, held, Held.POSTPONED, due, at, reason, "", version)


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def extend(actor: Actor, detention_id: UUID, *, at: datetime, reason: str, version: int | None = None) -> Detention:
    """A superintendent, up to 36 hours from the relevant time."""
    held = reviewable(actor, detention_id, at)
    if held["extended_at"] is not None:
        raise RuleBroken("It has been extended already. Beyond 36 hours a court decides (PACE 1984 s.43).")
    _grounds_stand(actor, detention_id)
    entries = entries_of(actor, detention_id)
    answer = superintendent_may_extend(
        at,
        held["relevant_at"],
        reviews_held(actor, detention_id),
        indictable(actor, held, entries),
        away(absences_of(actor, detention_id), entries),
    )
    if not answer:
        raise RuleBroken(answer.reason, field="at")
    if not reason.strip():
        raise RuleBroken("Write the reasons and the representations that were made.", field="reason")
    changes = {"extended_at": at, "extended_by": actor.me, "extension_reason": reason.strip()}
    changed = policy.DETENTIONS.change(actor, detention_id, changes, version=version, projection=DETENTION)
    file_what_is_due(actor, detention_id)
    return changed


def _grounds_stand(actor: Actor, detention_id: UUID) -> None:
    over = no_grounds_since(of_detention(actor, policy.REVIEWS, detention_id, "at"))
    if over is not None:
        raise RuleBroken(
            f"A review found at {clock_time(over)} that the grounds are over. They are released without delay "
            f"({RELEASE_NOW.source})."
        )


def reviews_held(actor: Actor, detention_id: UUID) -> list[datetime]:
    rows = of_detention(actor, policy.REVIEWS, detention_id, "at")
    return [row["at"] for row in rows if row["kind"] == Held.HELD]


def reviewable(actor: Actor, detention_id: UUID, at: datetime) -> dict[str, Any]:
    if "review_officer" not in actor.roles:
        raise RuleBroken(f"A review before charge is held by an inspector outside the case ({WHO_REVIEWS.source}).")
    held = detained(actor, detention_id)
    if held["authorised_at"] is None:
        raise RuleBroken("Detention has not been authorised yet, so there is nothing to review.", field="at")
    in_order(Moment("authorisation", held["authorised_at"]), Moment("review", at))
    return held


def _due(actor: Actor, detention_id: UUID, at: datetime) -> tuple[dict[str, Any], Reckoning]:
    held = reviewable(actor, detention_id, at)
    before = reviews_held(actor, detention_id)
    if before:
        in_order(Moment("last review", before[-1]), Moment("review", at))
    return held, review_due(reviewed_from(held) or at, before)


def _kept(
    actor: Actor,
    held: dict[str, Any],
    kind: str,
    due: Reckoning,
    at: datetime,
    reason: str,
    decision: str,
    version: int | None,
) -> Review:
    """The custody record's version moves on, so that two reviewers don't hold the same review twice."""
    policy.DETENTIONS.change(actor, held["id"], {}, version=version, projection=DETENTION)
    made = Review(
        **case_of(held),
        kind=kind,
        due_at=due.due_at,
        at=at,
        by=actor.me,
        decision=decision,
        reason=reason.strip(),
    )
    return policy.REVIEWS.add(actor, made, projection=DETENTION)
