"""Drawings made on the server, each with its table: a clock face and a day in lanes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django import template

register = template.Library()
LONDON = ZoneInfo("Europe/London")
TONES = ("plain", "soon", "overdue", "done")


@register.inclusion_tag("base/clock.html")
def clock_face(
    title: str,
    started: dt.datetime,
    now: dt.datetime,
    hours: int,
    marks: Iterable[Mapping[str, Any]] = (),
    stopped: bool = False,
) -> dict[str, Any]:
    """A limit of `hours` from `started`. Each mark: {at, label, tone}, tone being plain, soon, overdue or done.

    `stopped`: it stood still at `now`, so that nothing is left of it.
    """
    limit = dt.timedelta(hours=hours)
    used = max(now - started, dt.timedelta())
    share = min(used / limit, 1.0)
    return {
        "title": title,
        "percent": round(share * 100, 1),
        "tone": "overdue" if share >= 1 else "soon" if share >= 0.75 else "plain",
        "used": _length(used),
        "left": _length(limit - used) if used < limit else "",
        "over": _length(used - limit) if used > limit else "",
        "hours": hours,
        "started": started,
        "ends": started + limit,
        "stopped": now if stopped else None,
        "marks": [
            {**mark, "tone": _tone(mark), "angle": round((mark["at"] - started) / limit * 360, 1)} for mark in marks
        ],
    }


@register.inclusion_tag("base/clock_small.html")
def small_clock(started: dt.datetime, now: dt.datetime, hours: int) -> dict[str, Any]:
    """For a list: the face and its hours in words; what falls due stands beside it."""
    return clock_face("", started, now, hours)


def _length(span: dt.timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h {minutes:02} min"


def _tone(mark: Mapping[str, Any]) -> str:
    tone = str(mark.get("tone", "plain"))
    return tone if tone in TONES else "plain"


LEFT, RIGHT, ROW, HEAD, DATES = 150, 950, 30, 28, 16
"""``DATES``: what a second line above takes, where more than one day is drawn."""


@dataclass
class Lane:
    label: str
    top: int
    marks: list[dict[str, Any]] = field(default_factory=list)
    # Where each row of the lane is taken up to, so that marks close in time stand below one another.
    rows: list[float] = field(default_factory=list)

    @property
    def height(self) -> int:
        return ROW * max(len(self.rows), 1) + 8

    @property
    def middle(self) -> int:
        return self.top + self.height // 2

    def put(self, left: float, width: float) -> int:
        row = next((n for n, taken in enumerate(self.rows) if taken <= left - 12), len(self.rows))
        self.rows[row : row + 1] = [left + width + 12]
        return self.top + 4 + row * ROW + ROW // 2


@register.inclusion_tag("base/timeline.svg")
def day_drawing(
    title: str,
    lanes: Iterable[Mapping[str, Any]],
    begins: dt.datetime | None = None,
    ends: dt.datetime | None = None,
) -> dict[str, Any]:
    """Lanes: [{label, marks: [{at, until (or none), label, tone}]}]. The table says what each number is."""
    given = [{**lane, "marks": sorted(lane["marks"], key=lambda mark: mark["at"])} for lane in lanes]
    moments = [m for lane in given for mark in lane["marks"] for m in (mark["at"], mark.get("until")) if m]
    if not moments:
        return {"title": title, "rows": [], "lanes": []}
    first = _hour(begins or min(moments))
    last = _hour(ends or max(moments)) + dt.timedelta(hours=1)
    days = len({moment.astimezone(LONDON).date() for moment in moments}) > 1
    drawn, number = _draw(given, first, last, HEAD + (DATES if days else 0))
    rows = [{**mark, "lane": lane.label} for lane in drawn for mark in lane.marks]
    return {
        "title": title,
        "lanes": drawn,
        "rows": sorted(rows, key=lambda row: row["number"]),
        "ticks": _ticks(first, last, days=days),
        "days": days,
        "head": HEAD - 6 + (DATES if days else 0),
        "height": drawn[-1].top + drawn[-1].height + 8,
        "count": number,
    }


def _hour(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def _place(moment: dt.datetime, first: dt.datetime, last: dt.datetime) -> float:
    share = (moment - first) / (last - first)
    return round(LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT), 1)


def _draw(given: list[dict[str, Any]], first: dt.datetime, last: dt.datetime, top: int) -> tuple[list[Lane], int]:
    order = sorted((m["at"], n, k) for n, lane in enumerate(given) for k, m in enumerate(lane["marks"]))
    numbers = {(n, k): place for place, (_, n, k) in enumerate(order, start=1)}
    drawn: list[Lane] = []
    for n, lane in enumerate(given):
        row = Lane(str(lane["label"]), top)
        for k, mark in enumerate(lane["marks"]):
            left = _place(mark["at"], first, last)
            width = _place(mark["until"], first, last) - left if mark.get("until") else 0.0
            y = row.put(left, max(width, 12.0))
            drawing = {"x": left, "y": y, "width": round(max(width, 0.0), 1), "number": numbers[n, k]}
            row.marks.append({**mark, **drawing, "tone": _tone(mark)})
        drawn.append(row)
        top += row.height + 4
    return drawn, len(order)


def _ticks(first: dt.datetime, last: dt.datetime, *, days: bool) -> list[dict[str, Any]]:
    """``day``: where one begins, if there is more than one."""
    hours = int((last - first).total_seconds() // 3600)
    step = next((s for s in (1, 2, 3, 6, 12, 24) if hours / s <= 12), 24)
    moments = [(first + dt.timedelta(hours=n)).astimezone(LONDON) for n in range(0, hours + 1, step)]
    began = {moment.date(): moment for moment in reversed(moments)} if days else {}
    return [
        {
            "x": _place(moment, first, last),
            "label": f"{moment:%H:%M}",
            "day": f"{moment.day} {moment:%b}" if began.get(moment.date()) == moment else "",
        }
        for moment in moments
    ]
