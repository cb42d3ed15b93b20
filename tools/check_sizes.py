"""Functions of at most 35 lines and files of at most 400, so that each can be read at one sitting."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LONGEST_FUNCTION = 35
LONGEST_FILE = 400


def too_long(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(CHECKOUT)
    exempt = "migrations" in path.parts or "tests" in path.parts
    lines = text.count("\n")
    if lines > LONGEST_FILE and not exempt:
        yield f"{name}: {lines} lines, at most {LONGEST_FILE}"
    if "migrations" in path.parts:
        return
    try:
        tree = ast.parse(text)
    except SyntaxError as fault:
        yield f"{name}:{fault.lineno}: not Python {sys.version_info.major}.{sys.version_info.minor}: {fault.msg}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def main() -> int:
    files = [
        CHECKOUT / "wb",
        CHECKOUT / "conftest.py",
        *(p for folder in ("src", "tools", "tests") for p in (CHECKOUT / folder).rglob("*.py")),
    ]
    found = [line for path in sorted(files) for line in too_long(path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
