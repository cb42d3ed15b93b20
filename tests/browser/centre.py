"""The centre on a tablet, for its chapter of the handbook: what staff see and what the person sees."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from .people import NAMES, Everybody
from .tablet import PATIENCE, PIN

SIZE = {"width": 820, "height": 1180}
"""A tablet held upright."""


@dataclass
class Hall:
    """``page`` is a tablet at which a worker sits."""

    page: Page

    def welcomes(self, code: str) -> None:
        if self.page.get_by_role("button", name="Welcome", exact=True).count():
            self.page.get_by_role("button", name="Welcome", exact=True).click()
        else:
            self.page.reload()
            self.page.get_by_role("button", name="Welcome somebody in their language").click()
        expect(self.page.get_by_role("heading", name="Point to your language")).to_be_visible(timeout=PATIENCE)
        if code:
            self.page.locator(f".tongues > [lang={code}]").click()
        self.page.evaluate("async () => { await document.fonts.load('1rem Desk Ethiopic', 'ት') }")

    def shows(self, code: str) -> None:
        if code == "register":
            self.page.reload()
            self.page.get_by_label(NAMES["reception_worker"]).check()
            self.page.get_by_label("PIN", exact=True).fill(PIN)
            self.page.get_by_role("button", name="Unlock").click()
            expect(self.page.get_by_role("heading", name="Here:")).to_be_visible(timeout=PATIENCE)
        elif code == "locked":
            self.page.reload()
            expect(self.page.get_by_role("heading", name="Locked")).to_be_visible(timeout=PATIENCE)
        else:
            self.welcomes({"arabic": "ar", "tigrinya": "ti"}.get(code, ""))


def hall(everybody: Everybody, tablets: str) -> Hall:
    """Enrolled by the manager on the page of the tablets, and taken by a worker."""
    page = everybody.sits_down("reception_manager", viewport=SIZE).opens(tablets).page
    page.get_by_label("What is written on the tablet?").fill("Tablet 7")
    page.get_by_role("button", name="Make this browser a tablet").click()
    expect(page.locator("#label")).to_have_text("Tablet 7", timeout=PATIENCE)
    page.goto(everybody.address + "/demo/")
    page.get_by_role("button", name=NAMES["reception_worker"]).first.click()
    page.goto(everybody.address + "/desk/")
    page.get_by_role("button", name="Sit down at this tablet").click()
    page.get_by_label("A PIN of six digits").fill(PIN)
    page.get_by_label("The same again").fill(PIN)
    page.get_by_role("button", name="Sit down", exact=True).click()
    expect(page.get_by_role("heading", name="Here:")).to_be_visible(timeout=PATIENCE)
    return Hall(page)
