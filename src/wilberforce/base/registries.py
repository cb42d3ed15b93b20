"""The only three ways in which a later stage of the journey reaches an earlier one.

Filled in each app's ``ready()``; the earlier stage asks by name and never imports the later one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Rows = Mapping[UUID, Any]


@dataclass(frozen=True)
class Panel:
    """A later app's box on an earlier page, fetched by one query for all rows. ``inner``: its line on a part of it."""

    page: str
    cells: tuple[str, ...]
    template: str
    fetch: Callable[[Any, Sequence[UUID]], Rows]
    inner: str = ""


Blocker = Callable[[Any, UUID], str | None]
Follower = Callable[[Any, Mapping[str, Any]], None]

_panels: dict[str, list[Panel]] = defaultdict(list)
_blockers: dict[str, list[Blocker]] = defaultdict(list)
_followers: dict[str, list[Follower]] = defaultdict(list)


def add_panel(panel: Panel) -> None:
    if panel not in _panels[panel.page]:
        _panels[panel.page].append(panel)


def panels(page: str) -> list[Panel]:
    return list(_panels[page])


def add_blocker(verb: str, blocker: Blocker) -> None:
    """``blocker(actor, id)`` answers a sentence that says why ``verb`` must wait, or None."""
    if blocker not in _blockers[verb]:
        _blockers[verb].append(blocker)


def blockers(verb: str, actor: Any, subject: UUID) -> list[str]:
    found: Iterable[str | None] = (blocker(actor, subject) for blocker in _blockers[verb])
    return [sentence for sentence in found if sentence]


def add_follower(verb: str, follower: Follower) -> None:
    """``follower`` defers a job in the transaction of the action ``verb``."""
    if follower not in _followers[verb]:
        _followers[verb].append(follower)


def follow(verb: str, actor: Any, facts: Mapping[str, Any]) -> None:
    for follower in _followers[verb]:
        follower(actor, facts)
