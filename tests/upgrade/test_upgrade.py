"""A database that an earlier release left behind is brought up to date and loses nothing.

A release writes the dump that the next one is tested with: WB_RELEASE=0.2.0 ./wb test tests/upgrade
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from wilberforce.base import postgres

from . import release

DATABASE = f"wb_test_{os.getpid()}_upgraded"
KEPT = sorted(path.stem for path in release.RELEASES.glob("*.json"))


@pytest.fixture(scope="module")
def ring(tmp_path_factory: Any) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("ring") / "keyring.json"
    release.open_keyring(path)
    with override_settings(KEYRING_FILE=path):
        yield path


@pytest.fixture(scope="module")
def today(ring: Path, played_day: Any, tmp_path_factory: Any) -> Path:
    """What this release would leave behind."""
    to = tmp_path_factory.mktemp("release")
    release.write("today", str(connection.settings_dict["NAME"]), to)
    if name := os.environ.get("WB_RELEASE"):
        release.write(name, str(connection.settings_dict["NAME"]), release.RELEASES)
    return to


@pytest.fixture
def emptied() -> Iterator[str]:
    yield DATABASE
    postgres.find().drop_database(DATABASE)


def migrate(database: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--noinput", "--verbosity=0"]
    known = {"WB_DB_NAME": database, "WB_DB_ROLE": "owner"}
    done = subprocess.run(command, env=os.environ | known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def unchanged(database: str, told: release.Told) -> None:
    now = release.look_at(database, told.leaf_columns)
    assert (now.leaves, now.digest) == (told.leaves, told.digest)
    assert {table: now.records.get(table) for table in told.records} == told.records
    assert now.sealed >= told.sealed > 0


def test_what_this_release_leaves_behind_can_be_loaded_and_read(ring: Path, today: Path, emptied: str) -> None:
    told = release.load("today", today, emptied)
    migrate(emptied)
    unchanged(emptied, told)
    assert told.leaves > 100


@pytest.mark.parametrize("name", KEPT)
def test_an_earlier_releases_database_comes_up_to_date_with_every_leaf_and_record(
    name: str, ring: Path, emptied: str
) -> None:
    told = release.load(name, release.RELEASES, emptied)
    migrate(emptied)
    unchanged(emptied, told)
    started = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--check"],
        env=os.environ | {"WB_DB_NAME": emptied, "WB_DB_ROLE": "owner"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stdout[-2000:]
