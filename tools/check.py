"""Every check that is not a test: one line for each, and at the end what failed and how to mend it."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]
    mend: str


def steps() -> list[Step]:
    templates = [str(path.relative_to(CHECKOUT)) for path in (CHECKOUT / "src").glob("wilberforce/*/templates")]
    found = [
        Step("ruff", (PYTHON, "-m", "ruff", "check", "--quiet", "."), "ruff check --fix mends most of it"),
        Step("format", (PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."), "run: .venv/bin/ruff format"),
        Step("types", (PYTHON, "-m", "mypy", "src/wilberforce", "tools"), "give it the type it has"),
        Step("imports", ("lint-imports", "--no-logo"), "a later stage may look back; use base.registries for the rest"),
        Step("repository", (PYTHON, "-m", "tools.check_repository"), "see each line"),
        Step("sizes", (PYTHON, "-m", "tools.check_sizes"), "split it where the work has a seam"),
        Step(
            "migrations",
            (PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"),
            "run: ./wb manage makemigrations",
        ),
        Step("handbook", (PYTHON, "-m", "django", "handbook", "--check"), "run: ./wb docs"),
        Step("django", (PYTHON, "-m", "django", "check", "--fail-level=WARNING"), "see each line"),
    ]
    if templates:
        found.insert(5, Step("templates", ("djlint", "--lint", "--quiet", *templates), "see each line"))
    return found


def run(step: Step) -> str | None:
    """One line on how it went; the step's own words if it failed."""
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    took = time.monotonic() - began
    print(f"{'failed' if done.returncode else 'passed'}  {step.name:<11} {took:5.1f} s", flush=True)
    return done.stdout.strip() if done.returncode else None


def main(names: list[str]) -> int:
    chosen = [step for step in steps() if not names or step.name in names]
    if not chosen:
        print(f"No such check. There are: {', '.join(step.name for step in steps())}")
        return 2
    failed = [(step, words) for step in chosen if (words := run(step)) is not None]
    for step, words in failed:
        print(f"\n--- {step.name} ({step.mend})\n{words}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
