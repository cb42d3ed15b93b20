"""How the story is told: a clock for the day, doors for its people, and a line for each thing that happens."""

import sys
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from rich.console import Console

from wilberforce.agencies.cast import Cast
from wilberforce.agencies.demo import seat_without_browser
from wilberforce.agencies.models import Agency, Membership
from wilberforce.base import clock
from wilberforce.ledger.doors import at_public_door, at_work

DOORS_WERE = timedelta(hours=5)
"""The doors went in five hours before the story is told, so that custody's first review is still to come."""


def doors_open() -> datetime:
    """On the last quarter of an hour."""
    moment = clock.now() - DOORS_WERE
    return moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)


@dataclass
class Story:
    cast: Cast
    doors: datetime = field(default_factory=doors_open)
    ids: dict[str, UUID] = field(default_factory=dict)
    """What later scenes need of earlier ones: the operation, its sites, the centre, the people."""
    words: dict[str, str] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    """Addresses that only an e-mail leads to."""
    counts: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, bool] = field(default_factory=dict)
    languages: tuple[str, ...] = ("sq", "sq", "ro", "ro", "vi")
    console: Console = field(default_factory=lambda: Console(file=sys.stderr, highlight=False, soft_wrap=True))

    def at(self, *, hours: float = 0, minutes: float = 0) -> datetime:
        """Before the doors where negative."""
        return self.doors + timedelta(hours=hours, minutes=minutes)

    @property
    def day(self) -> date:
        return clock.in_london(self.doors).date()

    def door(self, part: str, purpose: str) -> Any:
        """Somebody of the cast sits down to one purpose, with their device, having proved who they are."""
        return at_work(seat_without_browser(self.cast[part]), purpose)

    def public_door(self, purpose: str) -> Any:
        return at_public_door(purpose)

    def agency(self, code: str) -> Agency:
        """The one that acts today: "labour" is the Fair Work Agency since April 2026."""
        return self.post("op_member_labour").agency if code == "labour" else self.cast.agencies[code]

    def post(self, part: str) -> Membership:
        return self.cast[part]

    def name(self, part: str) -> str:
        post = self.cast[part]
        return f"{post.user.display_name}, {post.agency.short_name}"

    def scene(self, title: str) -> None:
        self.console.print(f"\n[bold]{title}[/bold]")

    def tell(self, moment: datetime, who: str, what: str) -> None:
        spoken = clock.in_london(moment).strftime("%H:%M")
        self.console.print(f"  {spoken}  [cyan]{self.name(who) if who in self.cast.people else who}[/cyan]  {what}")
