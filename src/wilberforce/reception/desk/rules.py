"""What the desk's protocol holds to, whatever the tablet and the server say."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from wilberforce.base.errors import Unreadable
from wilberforce.base.lawrule import Rule

CHECKED = date(2026, 11, 24)

PROTOCOL = 1
SCHEMA = 3
"""The newest way of writing an event; the two before it are still read."""
OLDEST_READ = SCHEMA - 2
MOST_EVENTS, MOST_BYTES = 200, 256 * 1024
LONGEST_NOTE = 200
PIECE = 64 * 1024
MOST_PIECES = 32
"""Of one picture: two megabytes, after the tablet has drawn it anew."""
MOST_OPEN = 200 * 1024 * 1024
"""Bytes of pictures that one tablet may leave here."""
PICTURED = ("belongings",)
"""What a picture may show: never a face, never a paper with a name, which are of another class."""
MOST_AT_ONCE = 20
NOT_AT_THE_DESK = frozenset({"decision", "missing", "search", "correction"})
"""What is asked for in the office alone, where it is seen whether they have rested and were told."""

SKEW_SHOWN = Rule(
    "a tablet's clock is called wrong beyond",
    timedelta(minutes=2),
    "Wilberforce practice: people write whole minutes",
    CHECKED,
    note="Setting.",
)

CLASS_OF = {
    "registered": "person_ref",
    "corrected": "person_ref",
    "moved": "centre",
    "gave": "support",
    "took-back": "support",
    "noted": "support",
    "pictured": "support",
}
"""Every event has exactly one data class."""

REASONS = {
    "sequence": "The tablet used this number twice. Check whether it was copied or restored.",
    "tamper": "The same event came twice with different content. Ask who held the tablet.",
    "chain": "It does not follow from what the tablet sent before. Ask who held the tablet.",
    "signature": "It is not signed by the tablet that it names.",
    "seal": "It could not be opened: the seal is broken or the key unknown.",
    "newer": "The tablet is newer than this server. Update the server, then take it in.",
    "older": "The tablet is too old. Update it; take this in by hand.",
    "sense": "Something in it is on no list. Take it in by hand.",
    "centre": "It was written for another centre.",
    "author": "Nobody by this seat was at this tablet.",
    "proof": "It was written under a wrong PIN. Ask the person named whether it is theirs.",
    "lost": "The tablet was lost and found again. Ask the person named whether this is theirs.",
    "shift": "Whoever wrote it was no longer on shift when it came. Take it in for them.",
    "reference": "Nobody here has this reference. Say who is meant.",
    "left": "The person had left by then. Check the times.",
    "closed": "The centre is not open.",
}


def _gave_one(body: dict[str, Any]) -> dict[str, Any]:
    return {"quantity": 1} | body if "thing" in body else body


def _languages(body: dict[str, Any]) -> dict[str, Any]:
    if "language" not in body:
        return body
    kept = {name: value for name, value in body.items() if name != "language"}
    return kept | {"languages": [body["language"]] if body["language"] else []}


TO_NEXT: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _gave_one, 2: _languages}
"""Schema -> what makes a body of it one of the next: things had no number at first, people one language."""


def newest(body: dict[str, Any], schema: int) -> dict[str, Any]:
    """Raises Unreadable."""
    if schema > SCHEMA:
        raise Unreadable("newer")
    if schema < OLDEST_READ:
        raise Unreadable("older")
    for step in range(schema, SCHEMA):
        body = TO_NEXT[step](body)
    return body


def clock_is_wrong(offset_ms: int) -> bool:
    return abs(offset_ms) > SKEW_SHOWN.value.total_seconds() * 1000


def words_for_offset(offset_ms: int) -> str:
    if not clock_is_wrong(offset_ms):
        return ""
    minutes = round(abs(offset_ms) / 60_000)
    far = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"tablet clock {far} {'slow' if offset_ms > 0 else 'fast'}"
