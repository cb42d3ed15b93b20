"""The day from the first report to the bulletin, and the proof that all of it is in the database."""

from typing import Any

from wilberforce.agencies.cast import found_cast

from . import before
from .telling import Story


def play() -> dict[str, Any]:
    story = Story(found_cast())
    before.somebody_tells(story)
    before.the_desk_grades(story)
    before.the_plan(story)
    return {}
