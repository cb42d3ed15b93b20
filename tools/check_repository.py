"""What must never be in the repository: a machine's paths, registry hosts in locks, secrets, unfinished notes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CHECKOUT = Path(__file__).resolve().parents[1]
PICTURES = "docs/handbook/*/*.webp"
"""Taken by ./wb docs --pictures, which no checkout could take anew in a minute."""


@dataclass(frozen=True)
class Forbidden:
    pattern: re.Pattern[str]
    reason: str
    only: tuple[str, ...] = ("**",)


FORBIDDEN = (
    Forbidden(re.compile(r"(?<![\w.<}])/(?:work|root|home/\w+|Users/\w+)/\w"), "a path of one machine"),
    Forbidden(re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b"), "an unfinished note: finish it or say it in an issue"),
    Forbidden(re.compile(r"://|file:|--index-url|--find-links"), "a host or a path in a lock", ("requirements/*.txt",)),
    Forbidden(
        re.compile('"resolved"'),
        "an address in the npm lock: --omit-lockfile-registry-resolved",
        ("package-lock.json",),
    ),
    Forbidden(re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    Forbidden(
        re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|timezone\.now\("),
        "a clock inside the law: rules are given `now`",
        ("src/wilberforce/*/rules.py", "src/wilberforce/*/rules/*.py"),
    ),
    Forbidden(
        re.compile(r"datetime\.utcnow\(|datetime\.now\(\)|date\.today\(\)"),
        "a naive or local clock: use base.clock.now()",
        ("src/wilberforce/**/*.py",),
    ),
    Forbidden(
        re.compile(r"style=\"|onclick=|<script>|https?://(?:fonts|cdn|unpkg)"),
        "against the strict content security policy",
        ("src/**/*.html",),
    ),
)


def tracked() -> Iterator[PurePosixPath]:
    """Tracked files and those about to be; a folder without git is checked whole by the list git would use."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    yield from (PurePosixPath(name) for name in done.stdout.split("\0") if name)


def faults(name: PurePosixPath) -> Iterator[str]:
    path = CHECKOUT / name
    if path.is_symlink():
        yield f"{name}: a link, which may replace a folder or lead nowhere on another machine"
        return
    if not path.is_file() or _matches(name, PICTURES):
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        yield f"{name}: a binary file; build it or fetch it instead"
        return
    rules = [rule for rule in FORBIDDEN if any(_matches(name, glob) for glob in rule.only)]
    for number, line in enumerate(lines, 1):
        for rule in rules:
            if rule.pattern.search(line):
                yield f"{name}:{number}: {rule.reason}"


def _matches(name: PurePosixPath, glob: str) -> bool:
    """`**` for any folders, `*` within one: PurePath.match knows no `**` before Python 3.13."""
    parts = re.split(r"(\*\*/|\*\*|\*)", glob)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.fullmatch("".join(meaning.get(part, re.escape(part)) for part in parts), str(name)) is not None


def main() -> int:
    found = [line for name in tracked() for line in faults(name)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
