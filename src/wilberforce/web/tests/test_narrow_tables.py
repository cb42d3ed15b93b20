"""A rule for a whole class reaches each of its tables; where one is somebody's alone, the database says so too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from wilberforce.base.ids import random_id
from wilberforce.concerns.models import SourceNote
from wilberforce.intelligence.models import FormerItem
from wilberforce.ledger.doors import at_public_door

pytestmark = pytest.mark.django_db
Made = Callable[[UUID, UUID], Any]


def note(agency: UUID, about: UUID) -> SourceNote:
    return SourceNote(controller_id=agency, source_id=random_id(), what="reached", text="They lied", by=about)


def former_item(agency: UUID, about: UUID) -> FormerItem:
    given = {"controller_id": agency, "record_id": random_id(), "replaced_by": about}
    return FormerItem(**given, handling="P", handling_level=0, record_version=1, was="{}", why="")


def refused(make: Made, agency: UUID, about: UUID) -> None:
    made = make(agency, about)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        made.save(force_insert=True)


def test_whoever_tells_us_something_writes_no_note_of_its_keeper(cast: Any) -> None:
    with at_public_door("triage"):
        refused(note, cast["source_keeper"].agency_id, random_id())


def test_the_desk_that_passes_on_writes_no_history(at: Any, cast: Any) -> None:
    with at("report_desk", "triage") as actor:
        refused(former_item, actor.home, actor.me)
