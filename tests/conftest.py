"""The whole day played once, with the id of every record that it left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from wilberforce.access.protect import Protected
from wilberforce.web.demo import play, public
from wilberforce.web.demo.telling import Story


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
        if scene is not public.updates:  # its post goes out from a worker of its own
            scene(played.story)
    return played
