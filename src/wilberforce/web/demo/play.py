"""The day from the first report to the bulletin, and the proof that all of it is in the database."""

from typing import Any

from wilberforce.agencies.cast import found_cast

from . import before, centre, day, hands, proof, public
from .telling import Story

SCENES = (
    before.somebody_tells,
    before.the_desk_grades,
    before.agreements,
    before.a_place_is_known,
    before.the_plan,
    before.what_may_go_wrong,
    before.the_order,
    before.briefs_are_read,
    centre.stand_by,
    day.the_doors,
    day.arrests,
    day.people_found,
    day.exhibits,
    hands.the_desk_is_asked,
    hands.on_the_way,
    day.detention,
    hands.at_the_centre,
    centre.arrivals,
    centre.care,
    centre.told_and_asked,
    centre.duties,
    centre.leaving,
    centre.curiosity,
    public.the_bulletin,
    public.updates,
)


def play_story() -> Story:
    story = Story(found_cast())
    for scene in SCENES:
        scene(story)
    return story


def play() -> dict[str, Any]:
    """What the day left behind. Raises proof.Missing."""
    return proof.read_back(play_story())
