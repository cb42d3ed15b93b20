"""Key pages after the day was played, signed in as the right person: read by axe, on a small screen, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .people import PICTURES, Everybody, Person

pytestmark = pytest.mark.browser
WIDTHS = {"wide": 1280, "narrow": 320}
PAGES = [
    # who, address; {…} is a record of the story
    ("", "/"),
    ("", "/report/"),
    ("", "/report/again/"),
    ("", "/sign-in/"),
    ("", "/news/"),
    ("", "/news/{bulletin}/"),
    ("", "/news/updates/"),
    ("", "/demo/"),
    ("report_desk", "/my-work/"),
    ("report_desk", "/triage/"),
    ("report_desk", "/triage/?judged=yes"),
    ("intel_officer", "/intelligence/"),
    ("op_commander", "/op-planning/"),
    ("op_commander", "/op-planning/{operation}/"),
    ("op_commander", "/op-planning/{operation}/add/site/"),
    ("op_commander", "/op-safety/{operation}/"),
    ("op_member_b", "/op-safety/"),
    ("op_member_b", "/op-safety/sites/{site_B}/found/"),
    ("op_member_b", "/op-safety/arrests/"),
    ("op_member_fire", "/op-planning/"),
    ("custody_officer", "/custody/"),
    ("custody_officer", "/custody/{detention_1}/"),
    ("custody_officer", "/custody/{detention_1}/care/"),
    ("reception_manager", "/reception/"),
    ("reception_manager", "/reception/centre/{centre}/register/"),
    ("reception_manager", "/reception/centre/{centre}/set-up/"),
    ("reception_manager", "/reception/here/{person_1}/"),
    ("reception_manager", "/reception/here/{person_1}/give/"),
    ("reception_manager", "/reception/people/{person_1}/"),
    ("first_responder_city", "/nrm/"),
    ("first_responder_city", "/nrm/cases/{person_1}/"),
    ("first_responder_city", "/nrm/cases/{person_1}/asked/"),
    ("comms_officer", "/public-info/"),
    ("guardian_police", "/oversight/ledger/"),
    ("guardian_police", "/people/"),
]


@pytest.fixture(scope="module")
def records(address: str) -> dict[str, str]:
    """The whole day, played once through the actions, but for the post that goes out; what it left behind."""
    from wilberforce.agencies.cast import cast_already_here
    from wilberforce.web.demo import public
    from wilberforce.web.demo.play import SCENES
    from wilberforce.web.demo.telling import Story

    story = Story(cast_already_here())
    for scene in SCENES:
        if scene is not public.updates:
            scene(story)
    return {name: str(value) for name, value in (story.ids | story.words).items()}


@pytest.fixture(scope="module")
def seated(everybody: Everybody, records: dict[str, str]) -> dict[str, Person]:
    return {}


def _of(who: str, seated: dict[str, Person], everybody: Everybody) -> Person:
    if who not in seated:
        seated[who] = everybody.sits_down(who) if who else everybody.comes_in()
    return seated[who]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_can_be_read_used_and_tabbed_through(who, path, seated, everybody, records):
    person = _of(who, seated, everybody)
    person.page.set_viewport_size({"width": WIDTHS["wide"], "height": 800})
    answer = person.page.goto(person.address + path.format(**records))
    assert answer is not None
    assert answer.status == 200, f"{who} gets {answer.status} at {path}"
    wrong = []
    for name, width in WIDTHS.items():
        person.page.set_viewport_size({"width": width, "height": 800})
        _picture(person.page, f"{who or 'anybody'}{path}", name)
        wrong += [f"at {width} px: {sentence}" for sentence in [*_broken_rules(person.page), *_spills(person.page)]]
    wrong += _out_of_reach(person.page)
    assert wrong == []


@pytest.mark.parametrize("path", ["/", "/report/", "/news/", "/news/updates/"])
def test_a_public_page_runs_from_right_to_left_where_arabic_is_offered(path, everybody, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]
    reader = everybody.comes_in(locale="ar", viewport={"width": 320, "height": 800})
    page = reader.opens(path).page
    _picture(page, f"arabic{path}", "narrow")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    heading, window = page.locator("h1").first.bounding_box(), page.viewport_size
    assert heading is not None
    assert window is not None
    assert window["width"] - (heading["x"] + heading["width"]) < 20, "the heading does not begin at the right"
    assert page.locator("h1").first.evaluate("h1 => getComputedStyle(h1).direction") == "rtl"
    assert [*_broken_rules(page), *_spills(page)] == []


def _broken_rules(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]]


def _spills(page: Page) -> list[str]:
    """What would have to be scrolled sideways; a table's own scrolling box is allowed to."""
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"{wide} px wide in a window of {room}"] if wide > room else []


def _out_of_reach(page: Page) -> list[str]:
    """Tab from the top leads to the main form's button and shows where one is."""
    buttons = page.locator("main form button[type=submit]")
    if buttons.count() == 0:
        return []
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.keyboard.press("Home")
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main form button[type=submit]')"):
            return []
    return ["Tab does not reach the form's button"]


def _picture(page: Page, name: str, size: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    plain = "".join(letter if letter.isalnum() else "-" for letter in name)[:80]
    page.screenshot(path=PICTURES / f"{plain}-{size}.png", full_page=True)
