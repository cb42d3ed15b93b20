"""Reads a chapter of the handbook as a person would, and does what it says.

A line "As Ash:" or "In the terminal:" says who acts; the numbered steps below it are sentences of the shapes in
``STEPS``.
A sentence of any other shape is an error, so that nothing in a step goes unfollowed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from playwright.sync_api import expect

from wilberforce.agencies.tests.conftest import code_now
from wilberforce.base import clock
from wilberforce.web.demo.public import the_post_goes_out

from .people import PATIENCE, Everybody, Person

TERMINAL = "the terminal"
NUMBERS = {"one": 1, "two": 2, "five": 5, "nine": 9}
SENTENCE = re.compile(r'(?:`[^`]*`|\*\*.+?\*\*|"[^"]*"|[^.`*"])+?(?:\.|(?<=\.")(?= )|$)')
Spoken = Callable[..., None]
STEPS: list[tuple[re.Pattern[str], Spoken]] = []


def step(shape: str) -> Callable[[Spoken], Spoken]:
    """``_`` stands for whatever is said there."""
    pattern = re.compile(re.escape(shape).replace("_", "(.+?)") + r"\.?", re.DOTALL)

    def kept(meaning: Spoken) -> Spoken:
        STEPS.append((pattern, meaning))
        return meaning

    return kept


@dataclass
class Reader:
    """``codes``: the last one that somebody was told to keep."""

    everybody: Everybody
    mail: Path
    chapter: str
    name: str = ""
    code: str = ""
    printed: str = ""
    present: dict[str, Person] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def reads(self) -> None:
        for name, sentence in steps(self.chapter):
            self.name = name
            self.does(sentence)

    def does(self, sentence: str) -> None:
        for shape, meaning in STEPS:
            if said := shape.fullmatch(sentence):
                meaning(self, *said.groups())
                return
        raise AssertionError(f"Nobody can follow this sentence: {sentence}")

    @property
    def person(self) -> Person:
        if self.name not in self.present:
            self.present[self.name] = self.everybody.comes_in()
        return self.present[self.name]

    def told(self, text: str) -> str:
        """What a word such as ``your address`` means for whoever acts."""
        row = next((row for row in rows(self.chapter) if row[0] == self.name), ["", "", ""])
        return {"your name": row[1], "your address": row[2]}.get(text, text)


def steps(chapter: str) -> Iterator[tuple[str, str]]:
    """Who does what, sentence by sentence. What follows "To come in:" is done by whoever is told to come in."""
    recipe: list[str] = []
    name = ""
    for line in chapter.splitlines():
        if speaks := re.fullmatch(r"As (\w+):|In (the terminal):|(To come in):", line):
            name = next(filter(None, speaks.groups()))
        elif (numbered := re.fullmatch(r"\d+\. (.+)", line)) and name == "To come in":
            recipe += sentences(numbered[1])
        elif numbered:
            for sentence in sentences(numbered[1]):
                yield from ((name, each) for each in (recipe if sentence == "Come in." else [sentence]))


def sentences(text: str) -> list[str]:
    """Apart at full stops, but for those inside `...`, **...** and quotation marks."""
    return [said[0].strip() for said in SENTENCE.finditer(text)]


def rows(chapter: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in chapter.splitlines() if line[:1] == "|"]


@step("Run `./wb manage _`")
def run(reader: Reader, command: str) -> None:
    said = StringIO()
    call_command(*shlex.split(command), stdout=said)
    reader.printed = said.getvalue()


@step("Open the link in the mail to `_`")
def open_mail(reader: Reader, address: str) -> None:
    with ThreadPoolExecutor(1) as worker:  # the browser has this thread's event loop
        worker.submit(the_post_goes_out).result()
    texts = [body for to, body in letters(reader.mail) if to == reader.told(address)]
    link = next(line for line in texts[-1].splitlines() if line.startswith(reader.person.address))
    reader.person.opens(link.removeprefix(reader.person.address))


def letters(mail: Path) -> Iterator[tuple[str, str]]:
    """The development set-up writes each into a file, with a line of dashes below it."""
    for file in sorted(mail.iterdir(), key=lambda path: path.stat().st_mtime):
        for text in filter(bytes.strip, re.split(rb"\n-{70,}\n", file.read_bytes())):
            letter: Any = message_from_bytes(text, policy=default)
            yield str(letter["To"]), letter.get_content()


@step("Open `_`")
def opens(reader: Reader, path: str) -> None:
    reader.person.opens(path)


@step("Follow **_**")
@step("When they have answered you: follow **_**")
def follows(reader: Reader, words: str) -> None:
    reader.person.follows(words)


@step("Press **_**")
def presses(reader: Reader, words: str) -> None:
    reader.person.presses(words)


@step("Write `_` into **_**")
def writes(reader: Reader, text: str, label: str) -> None:
    reader.person.writes(label, reader.told(text))


@step("Write the code into **_**")
def writes_the_code(reader: Reader, label: str) -> None:
    reader.person.writes(label, reader.code)


@step("Write the time in _ _ into **_**")
def writes_later(reader: Reader, number: str, unit: str, question: str) -> None:
    reader.person.dates(question, clock.now() + span(number, unit))


@step("Write the time _ _ ago into **_**")
def writes_earlier(reader: Reader, number: str, unit: str, question: str) -> None:
    reader.person.dates(question, clock.now() - span(number, unit))


def span(number: str, unit: str) -> timedelta:
    return timedelta(**{unit.rstrip("s") + "s": NUMBERS[number]})


@step("Choose the line with the code under **_**")
def chooses_by_code(reader: Reader, question: str) -> None:
    lines = reader.person.page.get_by_label(question).locator("option")
    reader.person.picks(question, lines.filter(has_text=reader.code).inner_text())


@step("Choose **_** under **_**")
def chooses(reader: Reader, answer: str, question: str) -> None:
    """From a list or among buttons, whichever stands there."""
    if reader.person.page.get_by_role("group", name=question).count():
        reader.person.ticks(question, answer)
    else:
        reader.person.picks(question, answer)


@step("Tick **_**")
def ticks(reader: Reader, answer: str) -> None:
    reader.person.page.get_by_label(answer, exact=True).check()


@step('You see "_"')
def sees(reader: Reader, words: str) -> None:
    if reader.name == TERMINAL:
        assert words in reader.printed
    else:
        reader.person.sees(words)


@step("Keep the code")
def keeps(reader: Reader) -> None:
    secret = reader.person.page.locator(".wb-secret") if reader.name != TERMINAL else None
    reader.code = secret.inner_text() if secret else reader.printed.split()[-1]


@step("Scan the square with your app, or type the key into it")
def scans(reader: Reader) -> None:
    reader.keys[reader.name] = reader.person.page.locator(".wb-secret").inner_text()


@step("Type the code that your app shows into **_**")
def types(reader: Reader, label: str) -> None:
    reader.person.writes(label, code_now(reader.keys[reader.name], lasting=10))


@step("Write the recovery codes down")
def writes_down(reader: Reader) -> None:
    expect(reader.person.page.locator(".wb-codes li")).to_have_count(10, timeout=PATIENCE)
