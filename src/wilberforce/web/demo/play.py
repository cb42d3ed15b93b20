"""The day from the first report to the bulletin, and the proof that all of it is in the database."""

from typing import Any

from wilberforce.agencies.cast import found_cast

from . import before, day
from .telling import Story

SCENES = (
    before.somebody_tells,
    before.the_desk_grades,
    before.the_plan,
    day.the_doors,
    day.people_found,
    day.arrests,
    day.detention,
)


def play() -> dict[str, Any]:
    story = Story(found_cast())
    for scene in SCENES:
        scene(story)
    return {}
