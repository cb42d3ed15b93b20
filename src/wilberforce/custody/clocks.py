"""What is due for a detained person, computed from the dates that are kept. Nothing here is stored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wilberforce.deadlines.rules import DeadlineKind, Reckoning, State, clock_time, reckon, state

from .models import Decision, EntryKind, Held
from .rules import (
    DEADLINES,
    PROMPTLY,
    RELEASE_NOW,
    WARRANT,
    Absence,
    Brought,
    FurtherDetention,
    Span,
    detention_limit,
    rest_due,
    review_due,
)

Row = dict[str, Any]
KINDS: dict[str, DeadlineKind] = {kind.code: kind for kind in DEADLINES}
BY_COURT = "Time under the court's warrant"
TONES = {State.LATE: "overdue", State.DUE: "urgent", State.DUE_SOON: "soon", State.NOT_DUE: "open"}


@dataclass(frozen=True)
class Due:
    """One thing that has to happen, by when, under which law and by which sum."""

    code: str
    """The code of the kind of deadline; none where the law gives no time."""
    what: str
    at: datetime
    why: str
    state: State

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def words(self) -> str:
        return {"late": "Late", "due": "Due now", "due soon": "Due soon", "not due": "Not due yet"}[self.state]


@dataclass(frozen=True)
class Clocks:
    due: tuple[Due, ...]
    hours: int
    """Of the face: 24, 36 once extended, or as many as the court gave."""
    starts: datetime
    """Of the face: the relevant time moved on by the time away, so that its end is the limit."""
    title: str
    """Of the face: a court's hours run from the issue of its warrant."""

    @property
    def by_court(self) -> bool:
        return self.title == BY_COURT

    @property
    def next(self) -> Due:
        return self.due[0]

    @property
    def pressing(self) -> list[Due]:
        """For a list of many: what falls due first, and whatever else is no longer far off."""
        return [due for number, due in enumerate(self.due) if number == 0 or due.state != State.NOT_DUE]

    @property
    def marks(self) -> list[dict[str, Any]]:
        """What falls due before the face itself ends."""
        end = self.starts + timedelta(hours=self.hours)
        within = [due for due in self.due if self.starts <= due.at <= end and due.code != "detention"]
        tones = {"overdue": "overdue", "urgent": "soon", "soon": "soon", "open": "plain"}
        return [{"at": due.at, "label": due.what, "tone": tones[due.tone]} for due in within]


def spans(entries: Iterable[Row], kind: str) -> tuple[Span, ...]:
    return tuple(Span(row["at"], row["until"]) for row in entries if row["kind"] == kind)


def away(absences: Iterable[Row], entries: Sequence[Row] = ()) -> list[Absence]:
    questioned = spans(entries, EntryKind.QUESTIONED)
    return [Absence(Span(row["left_at"], row["back_at"]), questioned) for row in absences]


def warrants(entries: Iterable[Row]) -> list[FurtherDetention]:
    return [FurtherDetention(row["at"], row["hours"]) for row in entries if row["kind"] == EntryKind.COURT_WARRANT]


def limit_of(held: Row, absences: Iterable[Row], entries: Sequence[Row], now: datetime) -> Reckoning:
    gone = away(absences, entries)
    return detention_limit(held["relevant_at"], now, held["extended_at"], warrants(entries), gone)


def clocks(
    held: Row, reviews: Sequence[Row], absences: Sequence[Row], now: datetime, entries: Sequence[Row] = ()
) -> Clocks:
    """Sorted by what falls due first."""
    limit = limit_of(held, absences, entries, now)
    hours = limit.rule.value.count
    came = held["relevant_at"] if held["brought"] == Brought.GOES_ON else held["arrived_at"]
    rest = rest_due(came, spans(entries, EntryKind.REST))
    due = [
        _due("Charge or release", limit.due_at, limit.calculation, "detention", now),
        *_decided_or_reviewed(held, reviews, now),
        _due("8 hours of rest given", rest.due_at, rest.calculation, "custody-rest", now),
    ]
    ordered = tuple(sorted(due, key=lambda one: one.at))
    title = BY_COURT if limit.rule.name == WARRANT.name else "Time without charge"
    return Clocks(ordered, hours, limit.due_at - timedelta(hours=hours), title)


def no_grounds_since(reviews: Iterable[Row]) -> datetime | None:
    """When the last review that was held found that the grounds are over."""
    held = sorted((row for row in reviews if row["kind"] == Held.HELD), key=lambda row: (row["at"], row["recorded_at"]))
    at: datetime | None = held[-1]["at"] if held and held[-1]["decision"] == Decision.RELEASE else None
    return at


def reviewed_from(held: Row) -> datetime | None:
    """When detention was first authorised, here or by the force that held them before (PACE 1984 s.40(3))."""
    at: datetime | None = held["first_authorised_at"] or held["authorised_at"]
    return at


def _decided_or_reviewed(held: Row, reviews: Sequence[Row], now: datetime) -> Iterator[Due]:
    if held["authorised_at"] is None:
        why = f"arrived {clock_time(held['arrived_at'])}, {PROMPTLY.value}: {PROMPTLY.source}"
        yield Due("", "Decide on detention", held["arrived_at"], why, State.DUE)
    over, first = no_grounds_since(reviews), reviewed_from(held)
    if over is not None:
        release = reckon(RELEASE_NOW, over, trigger="reviewed")
        yield _due("Release without delay", release.due_at, release.calculation, "release-now", now)
    elif first is not None:
        review = review_due(first, [row["at"] for row in reviews if row["kind"] == Held.HELD])
        yield _due("Review", review.due_at, review.calculation, "review", now)


def _due(what: str, at: datetime, why: str, kind: str, now: datetime) -> Due:
    return Due(kind, what, at, why, state(at, now, KINDS[kind].soon, KINDS[kind].due))


def urgency(found: Clocks) -> tuple[int, datetime]:
    """Late first, then what is due now; among equals the earliest."""
    order = (State.LATE, State.DUE, State.DUE_SOON, State.NOT_DUE)
    return min((order.index(due.state), due.at) for due in found.due)
