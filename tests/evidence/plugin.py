"""``evidence("two worlds", pairs=500)``: what a test has shown, kept in docs/evidence.json by ``./wb test --long``."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, cast

import pytest

KEPT = Path(__file__).parents[2] / "docs" / "evidence.json"
SHOWN: dict[str, dict[str, Any]] = {}
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
    if report.when != "call":
        return
    for key, told in report.user_properties:
        if key == "evidence":
            name, counts = cast(tuple[str, dict[str, object]], told)
            SHOWN[name] = {"result": report.outcome, **counts, "seconds": round(report.duration)}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Rows of tests that did not run this time stay, each with the commit and machine that it was shown on."""
    if not SHOWN or not session.config.getoption("--long") or hasattr(session.config, "workerinput"):
        return
    before = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept = before | {name: row | SHOWN_ON for name, row in SHOWN.items()}
    KEPT.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")


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
