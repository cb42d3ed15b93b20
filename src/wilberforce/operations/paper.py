"""What goes on paper, as tagged PDF (PDF/UA-1)."""

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from wilberforce.base import clock
from wilberforce.base.ids import is_exercise
from wilberforce.deadlines.rules import clock_time


@cache
def _layout(name: str) -> bytes:
    return (files("wilberforce.operations") / "data" / name).read_bytes()


def order(copy: dict[str, Any], now: datetime) -> bytes:
    """What is typed reaches the layout as data, never as its source."""
    told = {
        "title": f"Operation order, version {copy['order']}" if copy["order"] else "Brief",
        "copy": copy["copy"],
        "agency": copy["agency"],
        "starts": clock_time(copy["starts"]) if copy.get("starts") else "",
        "printed": f"{clock.in_london(now):%d.%m.%Y, %H:%M}",
        "sections": copy["sections"],
        "exercise": is_exercise(copy.get("id")),
    }
    return _printed("order.typ", told)


def _printed(layout: str, told: dict[str, Any]) -> bytes:
    """PDF/UA-1 refuses letters for which this machine has no font; then it is tagged still, and says so."""
    try:
        return _compiled(layout, told, pdf_standards=["ua-1"])
    except typst.TypstError:
        return _compiled(layout, told | {"letters_missing": True})


def _compiled(layout: str, told: dict[str, Any], **options: Any) -> bytes:
    printed: bytes = typst.compile(_layout(layout), format="pdf", sys_inputs={"told": json.dumps(told)}, **options)
    return printed
