"""The whole day played once, with the id of every record that it left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wilberforce.access.protect import Protected
from wilberforce.base import clock
from wilberforce.reception import actions as reception
from wilberforce.web.demo import play, public
from wilberforce.web.demo.telling import Story

EIGHT_HOURS = timedelta(hours=8)


@dataclass
class Day:
    story: Story
    records: dict[str, list[UUID]] = field(default_factory=dict)
    """Table -> the records begun in it."""

    def one(self, table: str) -> UUID:
        return self.records[table][-1]


@pytest.fixture
def day(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Day:
    played = Day(Story(cast))
    add = Protected.add

    def noted(self: Any, actor: Any, record: Any, **kwargs: Any) -> Any:
        made = add(self, actor, record, **kwargs)
        played.records.setdefault(self.table, []).append(made.pk)
        return made

    monkeypatch.setattr(Protected, "add", noted)
    for scene in play.SCENES:
        scene(played.story)
    if "press_bulletin" not in played.records:
        public.the_bulletin(played.story)
    if "survivors_person" not in played.records:
        _somebody_arrives(played)
    return played


def _somebody_arrives(played: Day) -> None:
    now = clock.now()
    with played.story.door("reception_manager", "reception") as actor:
        centre = reception.open_centre(actor, name="Kingfisher", capacity=20).pk
        for part in ("reception_manager", "reception_worker"):
            post = played.story.post(part).pk
            reception.set_up_shift(actor, centre, post, now - timedelta(hours=1), now + EIGHT_HOURS)
    for part in ("reception_manager", "reception_worker"):
        with played.story.door(part, "reception") as actor:
            reception.sign_in_to_shift(actor, reception.own_shifts(actor)[0].pk)
    with played.story.door("reception_manager", "reception") as actor:
        reception.arrive(actor, centre, age="adult", languages=["ro"])
