"""Every page of the registry after the day was played, opened by somebody who may: read by axe, on a small screen,
by keyboard, in the reader's own colours, without movement and without script."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from typing import Any

import pytest

from wilberforce.access.addresses import addresses
from wilberforce.web import chapter
from wilberforce.web.bench.walk import Opened, Walk, name_of, walk
from wilberforce.web.pictures import PAGE, SIZES, file_of, folder, keep, no_pages, own_templates, shown, stale

from . import centre, looking
from .people import Everybody

pytestmark = pytest.mark.browser
NAMES = sorted({name_of(one) for one in addresses()} - {""})
WANTED = os.environ.get("WB_PICTURES", "")
"""Whose pictures are to be taken: of pages that changed ("old"), of "all", or names and patterns; else none, and
the pages are looked at."""
FOR_THE_HANDBOOK = bool(WANTED)
NEEDS_SCRIPT = {"site_shell", "tablet_shell"}
"""What works without a network is a script; the office's pages do the same without one."""


def _to_take() -> list[str]:
    if WANTED in ("", "old"):
        return sorted(stale()) if WANTED else []
    patterns = ["*"] if WANTED == "all" else WANTED.split(",")
    return [name for name in NAMES if any(fnmatch(name, pattern) for pattern in patterns)]


@pytest.fixture(scope="module")
def walked(address: str, busy_day: Any) -> Walk:
    return walk(busy_day.cast, busy_day.letters)


@pytest.fixture(scope="module")
def opened(walked: Walk) -> dict[str, Opened]:
    """Of each page the opening that showed most."""
    return {one.name: one for one in walked.worst() if one.kind == PAGE}


@pytest.mark.parametrize("name", [] if FOR_THE_HANDBOOK else NAMES)
def test_everybody_can_read_and_use(name, opened, everybody):
    if name not in opened:
        pytest.skip("nobody of the cast opens it with a GET, or it is no page: test_budgets counts those")
    found = opened[name]
    page = everybody.sits(found.part).page
    page.set_viewport_size({"width": SIZES["desktop"], "height": 800})
    answer = page.goto(everybody.address + found.url)
    assert answer is not None
    assert answer.status == 200, f"{found.part} gets {answer.status} at {found.url}"
    wrong = looking.lost_in_forced_colours(page) + looking.moves(page)
    for width in SIZES.values():
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"at {width} px: {one}" for one in looking.broken_rules(page) + looking.spills(page)]
    if name.startswith("reception:"):
        wrong += [f"in the dark: {one}" for one in looking.broken_in_the_dark(page)]
    heading = page.locator("h1").first.inner_text()
    wrong += looking.out_of_reach(page)
    if name not in NEEDS_SCRIPT:
        plain = everybody.sits(found.part, script=False).page
        wrong += looking.missing_without_script(plain, everybody.address + found.url, heading)
    assert wrong == []


@pytest.mark.parametrize("name", _to_take())
def test_its_picture_is_taken(name, walked, opened, everybody, browser):
    """Kept at once: what was taken stays when the taking stops, and the next time begins after it."""
    if name not in opened:
        keep({one: said for one, said in no_pages(walked).items() if one == name})
        return
    found = opened[name]
    page = everybody.sits(found.part).page
    answer = page.goto(everybody.address + found.url)
    assert answer is not None
    assert answer.status == 200, f"{found.part} gets {answer.status} at {found.url}"
    for size, width in SIZES.items():
        page.set_viewport_size({"width": width, "height": 800})
        looking.picture(page, browser, folder() / file_of(name, size), most_wide=640)
    keep({name: shown(page.locator("h1").first.inner_text(), found)})


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
    if WANTED in ("all", "old"):
        name = f"arabic{path}".strip("/").replace("/", "-")
        looking.picture(page, browser, folder() / f"{name}.webp", most_wide=320)


@pytest.fixture(scope="module")
def a_hall(opened: dict[str, Opened], everybody: Everybody) -> centre.Hall:
    return centre.hall(everybody, opened["reception:tablets"].url)


def _scenes() -> list[chapter.Scene]:
    old = chapter.stale() if WANTED == "old" else {}
    wanted = [scene for scene in chapter.SCENES if scene.code in old or WANTED == "all"]
    return wanted if FOR_THE_HANDBOOK else list(chapter.SCENES)


@pytest.mark.parametrize("scene", _scenes(), ids=lambda scene: scene.code)
def test_the_centre_on_a_tablet_holds_in_the_light_and_in_the_dark(scene, opened, a_hall, everybody, browser):
    if scene.address:
        found = opened[scene.address]
        page, templates = everybody.sits(found.part).page, own_templates(found)
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
        chapter.write({scene.code: templates})
