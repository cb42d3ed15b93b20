"""Every page of the registry after the day was played, opened by somebody who may: read by axe, on a small screen,
by keyboard, in the reader's own colours, without movement and without script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from wilberforce.access.addresses import addresses
from wilberforce.web import chapter
from wilberforce.web.bench.walk import Opened, name_of, walk
from wilberforce.web.pictures import SIZES, Shown, file_of, folder, kept, shown, stale
from wilberforce.web.pictures import write as written

from . import centre, looking
from .people import Everybody, Person

pytestmark = pytest.mark.browser
NAMES = sorted({name_of(one) for one in addresses()})
FOR_THE_HANDBOOK = bool(os.environ.get("WB_PICTURES"))
ONLY_OLDER = os.environ.get("WB_PICTURES") == "old"
SHOWN_AS_IT_IS = {name for name, one in kept().items() if one} - set(stale()) if ONLY_OLDER else set()
"""Pages whose picture need not be taken again."""
FRESH = 150.0
"""Seconds for which a sitting is used."""
Seated = dict[tuple[str, bool], tuple[float, Person]]


@pytest.fixture(scope="module")
def opened(address: str, busy_day: Any) -> dict[str, Opened]:
    """Of each page the opening that showed most."""
    return {one.name: one for one in walk(busy_day.cast, busy_day.letters).worst() if one.kind == "text/html"}


@pytest.fixture(scope="module")
def seated(everybody: Everybody, opened: dict[str, Opened]) -> Seated:
    return {}


def _of(part: str, seated: Seated, everybody: Everybody, *, script: bool) -> Person:
    """Signed in afresh after a while: a proof lasts five minutes, and a slow machine takes longer for all pages."""
    since, person = seated.get((part, script), (0.0, None))
    if person is None or monotonic() - since > FRESH:
        comes = everybody.comes_in if part == "public" else lambda **how: everybody.sits_down(part, **how)
        seated[part, script] = monotonic(), (person := comes(java_script_enabled=script))
    return person


@pytest.fixture(scope="module")
def pictures(opened: dict[str, Opened]) -> Iterator[dict[str, Shown]]:
    """What was photographed, kept for the handbook when they were taken for it."""
    taken: dict[str, Shown] = {}
    yield taken
    if taken:
        written(taken, folder())


@pytest.mark.parametrize("name", NAMES)
def test_everybody_can_read_and_use(name, opened, seated, everybody, browser, pictures):
    if name in SHOWN_AS_IT_IS:
        pytest.skip("its picture shows today's page, and only older ones are being taken again")
    if name not in opened:
        pytest.skip("nobody of the cast opens it with a GET, or it is no page: test_budgets counts those")
    found = opened[name]
    page = _of(found.part, seated, everybody, script=True).page
    page.set_viewport_size({"width": SIZES["desktop"], "height": 800})
    answer = page.goto(everybody.address + found.url)
    assert answer is not None
    assert answer.status == 200, f"{found.part} gets {answer.status} at {found.url}"
    wrong = looking.lost_in_forced_colours(page) + looking.moves(page)
    for size, width in SIZES.items():
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"at {width} px: {one}" for one in looking.broken_rules(page) + looking.spills(page)]
        if FOR_THE_HANDBOOK:
            looking.picture(page, browser, folder() / file_of(name, size), most_wide=640)
    if name.startswith("reception:"):
        wrong += [f"in the dark: {one}" for one in looking.broken_in_the_dark(page)]
    heading = page.locator("h1").first.inner_text()
    wrong += looking.out_of_reach(page)
    plain = _of(found.part, seated, everybody, script=False).page
    wrong += looking.missing_without_script(plain, everybody.address + found.url, heading)
    assert wrong == []
    if FOR_THE_HANDBOOK:
        pictures[name] = shown(heading, found.part, list(found.templates))


@pytest.mark.parametrize("path", ["/", "/report/", "/news/", "/news/updates/"])
def test_a_public_page_runs_from_right_to_left_in_arabic(path, everybody, browser):
    reader = everybody.comes_in(locale="ar", viewport={"width": 320, "height": 800})
    page = reader.opens(path).page
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    heading, window = page.locator("h1").first.bounding_box(), page.viewport_size
    assert heading is not None
    assert window is not None
    assert window["width"] - (heading["x"] + heading["width"]) < 20, "the heading does not begin at the right"
    assert page.locator("h1").first.evaluate("h1 => getComputedStyle(h1).direction") == "rtl"
    assert [*looking.broken_rules(page), *looking.spills(page)] == []
    if FOR_THE_HANDBOOK:
        name = f"arabic{path}".strip("/").replace("/", "-")
        looking.picture(page, browser, folder() / f"{name}.webp", most_wide=320)


@pytest.fixture(scope="module")
def a_hall(opened: dict[str, Opened], everybody: Everybody) -> centre.Hall:
    return centre.hall(everybody, opened["reception:tablets"].url)


@pytest.fixture(scope="module")
def photographed() -> Iterator[dict[str, tuple[str, ...]]]:
    taken: dict[str, tuple[str, ...]] = {}
    yield taken
    if taken:
        chapter.write(taken)


@pytest.mark.parametrize("scene", chapter.SCENES, ids=[scene.code for scene in chapter.SCENES])
def test_the_centre_on_a_tablet_holds_in_the_light_and_in_the_dark(
    scene, opened, a_hall, seated, everybody, browser, photographed
):
    if scene.address:
        found = opened[scene.address]
        page, templates = _of(found.part, seated, everybody, script=True).page, found.templates
        page.set_viewport_size(centre.SIZE)
        page.goto(everybody.address + found.url)
    else:
        page, templates = a_hall.page, ()
        a_hall.shows(scene.code)
    wrong = []
    for light in chapter.LIGHTS:
        page.emulate_media(color_scheme=light)
        wrong += [f"in the {light}: {one}" for one in looking.broken_rules(page) + looking.spills(page)]
        if FOR_THE_HANDBOOK:
            looking.picture(page, browser, chapter.folder() / chapter.file_of(scene, light), most_wide=410)
    page.emulate_media(color_scheme="light")
    assert wrong == []
    if FOR_THE_HANDBOOK:
        photographed[scene.code] = shown("", "", list(templates)).templates
