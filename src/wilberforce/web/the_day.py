"""The handbook's chapter of the day: what each of nine agencies has before them while it runs, taken by the suite."""

import json
from pathlib import Path

from . import pictures
from .looks import look_of

SEEN = {
    "op_commander": ("The commander", "every site, counts first, who does what, what is overdue, and the decisions"),
    "op_member_a": ("The bronze of site A, on a phone", "the same board, one thumb wide"),
    "op_member_b": ("The bronze of site B, on a phone", "the people found, by reference"),
    "op_member_c": ("The bronze of site C, on a phone", "the same board, one thumb wide"),
    "custody_officer": ("Custody", "who is held, and what is due by which statute"),
    "reception_manager": ("The reception centre", "who was brought and who is here; no site and no suspect"),
    "op_member_fire": ("The fire service", "hazards and how many are inside; nobody by reference"),
    "op_member_city": ("The council", "which sites are safe, and its own people"),
    "op_member_hmrc": ("HM Revenue and Customs", "which sites are safe, and its own people"),
    "op_member_labour": ("The labour abuse authority", "which sites are safe, and its own people"),
    "op_member_dwp": ("The Department for Work and Pensions", "which sites are safe, and its own people"),
}
TEMPLATES = (
    "operations/day.html", "operations/picture.html", "custody/on_the_day.html", "custody/at_site.html",
    "custody/index.html", "reception/head_count.html", "reception/board.html",
)  # fmt: skip
MOST_BYTES = 1_000_000


def file_of(part: str) -> str:
    return f"the-day-{part.replace('_', '-')}.webp"


def _list() -> Path:
    return pictures.folder() / "the-day.json"


def taken() -> None:
    """Every picture is there: from now on they show the pages of this moment."""
    _list().write_text(json.dumps({"look": look_of(TEMPLATES)}) + "\n", encoding="utf-8")


def stale() -> list[str]:
    """A sentence for each thing that is wrong with them."""
    kept = json.loads(_list().read_text(encoding="utf-8")) if _list().exists() else {}
    files = [pictures.folder() / file_of(part) for part in SEEN]
    wrong = [f"the picture of the day {path.name} is missing" for path in files if not path.exists()]
    if not wrong and kept.get("look") != look_of(TEMPLATES):
        wrong = ["the pictures of the day are of an older board"]
    if not wrong and sum(path.stat().st_size for path in files) > MOST_BYTES:
        wrong = ["the pictures of the day are too large together"]
    return wrong


def page() -> str:
    """docs/handbook/the-day.md"""
    lines = [
        "# The day", "",
        "One operation, nine agencies, each at a browser of their own in the same minutes. Each sees what its part "
        "needs and nothing else; `tests/browser/test_the_board.py` plays it and takes these pictures.", "",
    ]  # fmt: skip
    for part, (who, what) in SEEN.items():
        lines += [f"## {who}", "", f"Sees {what}.", "", f'<img src="pages/{file_of(part)}" alt="{who}">', ""]
    return "\n".join(lines)
