"""Every word of a grave record is a canary for a day; then whatever could have kept one is searched."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from wilberforce.base import clock, postgres
from wilberforce.web.bench.walk import Walk, client_of, walk
from wilberforce.web.demo.afterwards import everything_waits
from wilberforce.web.demo.play import play_story

from . import canaries
from .canaries import Heard, Planted

SOME = ("op_commander", "reception_worker", "reception_manager", "report_desk", "custody_officer")
CANARIES = 200


@dataclass
class Day:
    planted: Planted
    heard: Heard
    mails: Path
    scraps: Path
    began: str
    log_begins: int
    typed: set[tuple[str, str]] = field(default_factory=set)
    """Fields into which somebody of the story wrote words; the rest were written past every action."""


@pytest.fixture(scope="module")
def day(lasting_db: None, long: bool, tmp_path_factory: Any) -> Iterator[Day]:
    server, name = postgres.find(), canaries.current()
    server.sql(f'ALTER DATABASE "{name}" SET log_min_duration_statement = 0')
    for connection in connections.all():
        connection.close()
    scraps, kept = tmp_path_factory.mktemp("scraps"), tempfile.tempdir
    lived = Day(
        Planted(),
        Heard(),
        tmp_path_factory.mktemp("mail"),
        scraps,
        clock.now().isoformat(),
        canaries.size_of_log(server),
    )
    tempfile.tempdir = str(scraps)
    mail = "django.core.mail.backends.filebased.EmailBackend"
    try:
        with (
            override_settings(DEMO=True, EMAIL_BACKEND=mail, EMAIL_FILE_PATH=lived.mails),
            lived.heard.listening(),
            lived.planted.planting(),
        ):
            story = play_story()
            everything_waits(story)
            _walk(story.cast, long)
        lived.typed = set(lived.planted.where)
        canaries.write_the_rest(lived.planted)
        yield lived
    finally:
        tempfile.tempdir = kept


def _walk(cast: Any, long: bool) -> None:
    if long:
        walk(cast)
        return
    made = Walk()
    for part in SOME:
        made.follow(part, client_of(cast[part], canaries.Client()), ["/my-work/"])


def test_no_sink_keeps_a_word_of_a_grave_record(day: Day, evidence: Any) -> None:
    server, name = postgres.find(), canaries.current()
    hits = [
        *canaries.in_files(day.mails), *canaries.in_files(day.scraps), *canaries.in_files(settings.STATE / "logs"),
        *canaries.in_sheets(day.heard.sheets), *canaries.in_sessions(), *canaries.in_dump(name),
        *canaries.in_server(name, day.began), *canaries.in_statements(server, day.log_begins),
        *(f"header {line[:200]}" for line in day.heard.headers if canaries.MARK in line),
        *(f"log {line[:200]}" for line in day.heard.log.getvalue().splitlines() if canaries.MARK in line),
    ]  # fmt: skip
    planted = day.planted.where
    evidence(
        "canary strings in every sink", canaries=planted.total(), fields=len(planted), typed=len(day.typed),
        answers=len(day.heard.headers), sheets=len(day.heard.sheets), shown_to_those_who_may=day.heard.shown,
        hits=len(hits),
    )  # fmt: skip
    assert not hits, "\n".join(hits[:20])
    assert planted.total() >= CANARIES
    assert set(planted) >= canaries.fields()


def test_the_canaries_sing_where_somebody_may_read_them(day: Day) -> None:
    """Otherwise nothing would have been planted, and nothing found would mean nothing."""
    assert day.heard.shown > 50
    assert day.heard.sheets
    assert len(day.typed) > 30
