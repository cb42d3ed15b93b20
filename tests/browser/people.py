"""People at their browsers: what they open, fill in, press and see, by the words that stand on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from wilberforce.agencies.cast import PARTS, cast_already_here
from wilberforce.web.bench.walk import HALFWAY
from wilberforce.web.demo.seldom import EVERY_WAY, PASSWORD

PICTURES = Path(settings.STATE) / "screenshots"
PATIENCE = 15_000
FRESH = 150.0
"""Seconds for which a sitting is used."""
LONDON = ZoneInfo("Europe/London")
NAMES = {part.key: part.name for part in PARTS}


@dataclass
class Person:
    page: Page
    address: str
    part_of_page: Locator | None = None

    @property
    def here(self) -> Locator:
        return self.part_of_page or self.page.locator("body")

    def opens(self, path: str) -> Person:
        self.page.goto(self.address + path)
        return self

    def within(self, label: str) -> Person:
        """One site among several, one card among many."""
        return replace(self, part_of_page=self.page.get_by_label(label, exact=True))

    def follows(self, words: str) -> Person:
        """The first link that begins so; a screen reader may hear more words after them."""
        self.here.get_by_role("link", name=re.compile(f"^{re.escape(words)}")).first.click()
        return self

    def presses(self, words: str) -> Person:
        self.here.get_by_role("button", name=re.compile(f"^{re.escape(words)}")).first.click()
        return self

    def writes(self, label: str, answer: str) -> Person:
        self.here.get_by_label(label, exact=True).fill(answer)
        return self

    def picks(self, label: str, *entries: str) -> Person:
        """From a list."""
        self.here.get_by_label(label, exact=True).select_option(label=list(entries))
        return self

    def ticks(self, question: str, *answers: str | re.Pattern[str]) -> Person:
        """A radio or boxes under one question."""
        for answer in answers:
            self.here.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
        return self

    def dates(self, question: str, moment: datetime) -> Person:
        local = moment.astimezone(LONDON)
        asked = self.here.get_by_role("group", name=question)
        for label, part in (("Day", local.day), ("Month", local.month), ("Year", local.year)):
            asked.get_by_label(label, exact=True).fill(str(part))
        asked.get_by_label("Time", exact=True).fill(f"{local:%H:%M}")
        return self

    def sees(self, *words: str) -> Person:
        for sentence in words:
            expect(self.here).to_contain_text(sentence, timeout=PATIENCE)
        return self

    def does_not_see(self, *words: str) -> Person:
        for sentence in words:
            expect(self.here).not_to_contain_text(sentence, timeout=PATIENCE)
        return self

    def finds_nothing_at(self, path: str) -> Person:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 404, f"{path} answered {answer.status}"
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)


@dataclass
class Everybody:
    browser: Browser
    address: str
    present: list[BrowserContext] = field(default_factory=list)
    seated: dict[tuple[str, bool], tuple[float, Person]] = field(default_factory=dict)

    def comes_in(self, **options: Any) -> Person:
        """Anybody, in a browser that has never been here; ``java_script_enabled=False`` for one without scripts."""
        context = self.browser.new_context(**({"locale": "en-GB", "timezone_id": "Europe/London"} | options))
        context.set_default_timeout(PATIENCE)
        self.present.append(context)
        return Person(context.new_page(), self.address)

    def sits_down(self, part: str, **options: Any) -> Person:
        """Signed in by the demonstration's door, which writes what a real sign-in writes."""
        person = self.comes_in(**options).opens("/demo/").presses(NAMES[part])
        return person.opens("/my-work/").sees(NAMES[part], "Your work")

    def gives_a_password(self, **options: Any) -> Person:
        """And is asked for the second proof."""
        person = self.comes_in(**options).opens("/sign-in/")
        person.page.get_by_label("Email").fill(cast_already_here()[EVERY_WAY].user.email)
        person.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        person.page.get_by_role("button", name="Continue").click()
        person.page.wait_for_url("**/proof/**")
        return person

    def sits(self, part: str, *, script: bool = True) -> Person:
        """Where they sat before; signed in afresh after a while, because a proof lasts five minutes."""
        since, person = self.seated.get((part, script), (0.0, None))
        if person is None or monotonic() - since > FRESH:
            began = monotonic()
            comes = {"public": self.comes_in, HALFWAY: self.gives_a_password}.get(part, partial(self.sits_down, part))
            person = comes(java_script_enabled=script)
            self.seated[part, script] = began, person
        return person

    def pictures(self, of: str) -> str:
        """Where they lie, with the words of each page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        said = []
        for number, page in enumerate(page for context in self.present for page in context.pages):
            picture = PICTURES / f"failed-{of}-{number}.png"
            page.screenshot(path=picture, full_page=True)
            said.append(f"{picture}: {page.url}\n{page.locator('body').inner_text()}")
        return "\n\n".join(said)

    def go_home(self) -> None:
        for context in self.present:
            context.close()
