"""``evidence("two worlds", pairs=500)``: what a test has shown, kept in docs/evidence.json by ``./wb test --long``."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import cast

import pytest

KEPT = Path(__file__).parents[2] / "docs" / "evidence.json"
SHOWN_ON: dict[str, str] = {}


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture
def until() -> float:
    """``WB_EVIDENCE_MINUTES``: a test that takes longer stops, and its row says how far it came of what was wanted."""
    return monotonic() + 60 * float(os.environ.get("WB_EVIDENCE_MINUTES", "inf"))


@pytest.fixture
def evidence(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Say it before the assertion, so that a failure is kept too."""

    def said(name: str, **counts: object) -> None:
        record_property("evidence", [name, counts])

    return said


def pytest_sessionstart(session: pytest.Session) -> None:
    """What runs is what stood here when it began: whoever lands something meanwhile changes nothing about that."""
    if session.config.getoption("--long") and not hasattr(session.config, "workerinput"):
        SHOWN_ON.update(commit=_commit(), machine=_machine())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """At once, so that a run that is stopped keeps what it has shown. Rows of tests that did not run this time stay,
    each with the commit and machine that it was shown on."""
    if report.when != "call" or not SHOWN_ON:
        return
    for key, told in report.user_properties:
        if key == "evidence":
            name, counts = cast(tuple[str, dict[str, object]], told)
            row = {"result": report.outcome, **counts, "seconds": round(report.duration)}
            before = json.loads(KEPT.read_text()) if KEPT.exists() else {}
            KEPT.write_text(json.dumps(dict(sorted((before | {name: row | SHOWN_ON}).items())), indent=1) + "\n")


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=KEPT.parent, capture_output=True, text=True, check=False
        ).stdout.strip()

    changed = (
        " with changes" if git("status", "--porcelain", "--untracked-files=no", "--", "..", ":!evidence.json") else ""
    )
    return git("rev-parse", "--short=12", "HEAD") + changed


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
