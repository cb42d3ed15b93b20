"""The centre on a tablet, for its chapter of the handbook: what staff see and what the person sees."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from .people import NAMES, Everybody
from .tablet import PATIENCE, PIN

SIZE = {"width": 820, "height": 1180}
"""A tablet held upright."""
TABS = ("give", "move", "note", "picture", "tablet")
FULL = """() => {
    IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError') }
}"""


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
        self.page.context.set_offline(False)
        if code == "locked":
            self.page.reload()
            expect(self.page.get_by_role("heading", name="Locked")).to_be_visible(timeout=PATIENCE)
        elif code in ("languages", "arabic", "tigrinya"):
            self.welcomes({"arabic": "ar", "tigrinya": "ti"}.get(code, ""))
        else:
            self.unlocks()
            self.turns(code)

    def unlocks(self) -> None:
        self.page.reload()
        self.page.get_by_label(NAMES["reception_worker"]).check()
        self.page.get_by_label("PIN", exact=True).fill(PIN)
        self.page.get_by_role("button", name="Unlock").click()
        expect(self.page.get_by_role("region", name="Who is here").get_by_role("listitem").first).to_be_visible(
            timeout=PATIENCE
        )

    def turns(self, code: str) -> None:
        """To the page of that name, or to what the first of them says."""
        if code in TABS:
            self.page.get_by_role("navigation").get_by_role("button", name=code.capitalize(), exact=True).click()
            expect(self.page.get_by_role("heading", name=code.capitalize(), exact=True)).to_be_visible()
        if code == "give":
            self.page.get_by_label("What?").select_option(label="Shower")
        if code == "wrong":
            self.page.get_by_label("Reference on the card").fill("P-7K3MQO")
            self.page.get_by_label("Adult", exact=True).check()
            expect(self.page.locator("#reference-said")).not_to_be_empty()
        if code in ("unsent", "not-saved"):
            self.page.context.set_offline(True)
            self.page.evaluate(FULL if code == "not-saved" else "() => {}")
            self.page.get_by_label("Reference on the card").fill("P-9HWX3T" if code == "not-saved" else "P-7K3MQX")
            self.page.get_by_label("Adult", exact=True).check()
            self.page.get_by_role("button", name="Register", exact=True).last.click()
            said = "NOT SAVED" if code == "not-saved" else "Saved: P-7K3MQX"
            expect(self.page.locator("#notice")).to_contain_text(said, timeout=PATIENCE)


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
