"""What can be wrong with a page that somebody looks at: each check gives sentences, none where all is well."""

from __future__ import annotations

import base64
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

LONGEST_PICTURE = 1800
SHRINK = """async ([png, wide, high, most]) => {
  const picture = new Image(); picture.src = 'data:image/png;base64,' + png; await picture.decode();
  const scale = Math.min(1, most / wide), canvas = document.createElement('canvas');
  canvas.width = Math.round(wide * scale); canvas.height = Math.round(high * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/webp', 0.5).split(',')[1];
}"""
HIDDEN_FROM_FORCED_COLOURS = """() => [...document.querySelectorAll('main *, header *, nav *')]
  .filter(one => !one.closest('svg, img, picture, option, [aria-hidden=true]'))
  .filter(one => getComputedStyle(one).forcedColorAdjust === 'none')
  .map(one => one.outerHTML.slice(0, 120))"""
UNMARKED_FOCUS = """() => [...document.querySelectorAll(
    'main a[href], main button, main input:not([type=hidden]), main select, main textarea, main summary')]
  .filter(one => one.getClientRects().length).slice(0, 25).filter(one => {
    one.focus();
    if (document.activeElement !== one) return false;
    const next = one.nextElementSibling, box = next && getComputedStyle(next, '::before');
    const outlined = of => of.outlineStyle !== 'none' && parseFloat(of.outlineWidth) > 0;
    const marked = of => of && (outlined(of) || parseFloat(of.borderTopWidth) > 0);
    return !marked(getComputedStyle(one)) && !marked(box);
  }).map(one => one.outerHTML.slice(0, 120)).concat((document.activeElement.blur(), []))"""


def broken_rules(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]]


def broken_in_the_dark(page: Page) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = broken_rules(page)
    page.emulate_media(color_scheme="light")
    return found


def spills(page: Page) -> list[str]:
    """What would have to be scrolled sideways; a table's own scrolling box is allowed to."""
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"{wide} px wide in a window of {room}"] if wide > room else []


def out_of_reach(page: Page) -> list[str]:
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


def lost_in_forced_colours(page: Page) -> list[str]:
    """In the reader's own colours everything takes part in them, and whatever has the focus shows it."""
    page.emulate_media(forced_colors="active")
    kept, unmarked = page.evaluate(HIDDEN_FROM_FORCED_COLOURS), page.evaluate(UNMARKED_FOCUS)
    page.emulate_media(forced_colors="none")
    return [f"keeps its own colours: {one}" for one in kept] + [f"no mark of the focus: {one}" for one in unmarked]


def moves(page: Page) -> list[str]:
    """For a reader who asked for less movement nothing moves."""
    page.emulate_media(reduced_motion="reduce")
    running = page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length")
    page.emulate_media(reduced_motion="no-preference")
    return [f"{running} things move"] if running else []


def missing_without_script(plain: Page, url: str, heading: str) -> list[str]:
    """``plain`` runs no script: the same heading, and each form of the page has a button that shows."""
    plain.goto(url)
    wrong = [] if plain.locator("h1").first.inner_text() == heading else ["without script the heading is another"]
    hidden = [
        one for one in plain.locator("main form button[type=submit]").all() if not one.is_visible() and not _folded(one)
    ]
    return wrong + (["without script a form's button does not show"] if hidden else [])


def _folded(button: Locator) -> bool:
    return bool(button.evaluate("one => one.closest('details:not([open])') !== null"))


def picture(page: Page, browser: Browser, to: Path, *, most_wide: int) -> None:
    """A small WebP of the top of the page, at most ``most_wide`` px wide, for the handbook."""
    size = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    high = min(size[1], LONGEST_PICTURE)
    png = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": size[0], "height": high})
    table = browser.new_page()
    made = table.evaluate(SHRINK, [base64.b64encode(png).decode(), size[0], high, most_wide])
    table.close()
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(base64.b64decode(made))
