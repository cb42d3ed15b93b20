"""Databases of the bench's own: the day played once, then copies of it with few and with many people."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.db import connection
from django.test import override_settings

from wilberforce.access.protect import PROTECTED
from wilberforce.base import postgres
from wilberforce.reception.jobs import count_large_centres
from wilberforce.stewardship.jobs import look_at_what_is_over
from wilberforce.web.demo.afterwards import everything_waits
from wilberforce.web.demo.play import play_story

from .copies import CannotMeasure
from .people import fill

FEW, MANY = 100, 100_000
MAIL = "django.core.mail.backends.locmem.EmailBackend"


class Ground:
    """Clones that are dropped at the end; the command drops those of a process that died."""

    def __init__(self) -> None:
        if not settings.DEMO:
            raise CannotMeasure("The pages are measured on the demonstration's day. Start it with: ./wb bench pages")
        self.server = postgres.find()
        self.template = str(connection.settings_dict["NAME"])
        self.made: list[str] = []
        self.letters: list[str] = []

    def clone(self, of: str, name: str) -> str:
        made = f"wb_test_{os.getpid()}_{name}"
        connection.close()
        self.server.clone_database(of, made)
        self.made.append(made)
        return made

    def day(self) -> str:
        played = self.clone(self.template, "day")
        self.enter(played)
        with override_settings(EMAIL_BACKEND=MAIL):
            story = play_story()
            everything_waits(story)
        self.letters = story.letters
        connection.close()
        return played

    def with_people(self, day: str, name: str, people: int) -> str:
        made = self.clone(day, name)
        fill(self.server, made, people)
        self.enter(made)
        look_at_what_is_over()
        count_large_centres()
        connection.close()
        return made

    def without_policy(self, filled: str) -> str:
        """The second layer taken away; ``pages.unasked`` takes away the first."""
        made = self.clone(filled, "plain")
        self.server.sql("".join(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n" for table in PROTECTED), made)
        return made

    def enter(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def leave(self) -> None:
        self.enter(self.template)
        for name in self.made:
            self.server.drop_database(name)


@contextmanager
def ground() -> Iterator[Ground]:
    with ExitStack() as stack:
        made = Ground()
        stack.callback(made.leave)
        yield made
