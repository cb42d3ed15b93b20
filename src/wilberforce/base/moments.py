"""Asking for a day, a time, or both, in the way people write them; law and pages are in London time."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

LONDON = ZoneInfo("Europe/London")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = ("day", "month", "year")
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>bst|gmt)?", re.I)
TIME_HINT = "Use the 24-hour clock, like 14:05."


class DayWidget(forms.MultiWidget):
    """Day, month and year; with a time, a fourth box."""

    def __init__(self, with_time: bool = False, attrs: dict[str, Any] | None = None) -> None:
        self.with_time = with_time
        self.labels = [*(part.capitalize() for part in PARTS), *(["Time"] if with_time else [])]
        super().__init__([forms.TextInput() for _ in self.labels], attrs)

    def decompress(self, value: Any) -> list[Any]:
        if value is None or value == "":
            return [None] * len(self.labels)
        if isinstance(value, dt.datetime):
            local = value.astimezone(LONDON) if value.tzinfo else value
            parts: list[Any] = [local.day, local.month, local.year]
            return [*parts, _clock_words(local)] if self.with_time else parts
        return [value.day, value.month, value.year, *([""] if self.with_time else [])]

    def first_wrong(self, value: Any) -> int:
        """The box to put the reader in: the first empty one, else the first."""
        values = value if isinstance(value, list | tuple) else []
        blank = [n for n, part in enumerate(values) if part in (None, "")]
        return blank[0] if blank else 0


def _clock_words(local: dt.datetime) -> str:
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M}" + (f" {local.tzname()}" if twice and _exists(local) else "")


def _exists(local: dt.datetime) -> bool:
    return local.astimezone(dt.UTC).astimezone(LONDON).replace(tzinfo=None) == local.replace(tzinfo=None)


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text, re.A):
        raise ValueError(text)
    return int(text)


def read_day(parts: list[Any], what: str) -> dt.date:
    texts = [str(part or "").strip() for part in (*parts, "", "", "")[:3]]
    missing = [name for name, text in zip(PARTS, texts, strict=True) if not text]
    if missing:
        raise ValidationError(f"{what} must include a {' and a '.join(missing)}.", code="incomplete")
    day, month, year = texts
    if len(year) != 4:
        raise ValidationError(f"{what}: the year must have 4 numbers, like 2018.", code="invalid")
    try:
        return dt.date(_number(year), _month(month), _number(day))
    except ValueError:
        raise ValidationError(f"{what} must be a real date, like 17 4 2018.", code="invalid") from None


def _month(text: str) -> int:
    word = text[:3].lower()
    return MONTHS.index(word) + 1 if word in MONTHS else _number(text)


def read_time(text: str) -> tuple[dt.time, str]:
    """The time, and BST or GMT where somebody wrote it."""
    found = CLOCK.fullmatch(text.strip())
    try:
        if not found or (len(text.strip()) < 3 and not found["half"]):
            raise ValueError(text)
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            if not 1 <= hour <= 12:
                raise ValueError(text)
            hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
        return dt.time(hour, minute), (found["zone"] or "").upper()
    except ValueError:
        raise ValidationError("Write the time as hours and minutes, like 14:05.", code="invalid") from None


def london(day: dt.date, time: dt.time, zone: str = "") -> dt.datetime:
    """The moment in UTC; a time that the clocks skip or repeat is asked about, never guessed."""
    local = dt.datetime.combine(day, time, LONDON)
    candidates = {local.replace(fold=fold).tzname() or "": local.replace(fold=fold) for fold in (0, 1)}
    if not _exists(local):
        raise ValidationError("The clocks went forward that night, so this time never was. Check it.", code="skipped")
    if zone and zone not in candidates:
        raise ValidationError(f"The clocks were not on {zone} that day. Leave it out or check the date.", code="zone")
    if not zone and len(candidates) == 2:
        raise ValidationError(
            f"The clocks went back that night, so {time:%H:%M} came twice. "
            f"Write {time:%H:%M} BST for the first or {time:%H:%M} GMT for the second.",
            code="twice",
        )
    return candidates.get(zone, local).astimezone(dt.UTC)


class DayField(forms.Field):
    """A day in three boxes. `what` begins the sentence of a mistake: "Date of arrest must include a year"."""

    widget = DayWidget

    def __init__(self, *, what: str = "The date", **options: Any) -> None:
        self.what = what
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if not value or not any(str(part or "").strip() for part in value):
            return None
        return self.read(list(value))

    def read(self, parts: list[Any]) -> Any:
        return read_day(parts, self.what)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class MomentField(DayField):
    """A day and a time in London, kept in UTC."""

    def __init__(self, *, what: str = "The date", **options: Any) -> None:
        options.setdefault("widget", DayWidget(with_time=True))
        options.setdefault("help_text", TIME_HINT)
        super().__init__(what=what, **options)

    def read(self, parts: list[Any]) -> dt.datetime:
        day = read_day(parts, self.what)
        text = str(parts[3] or "").strip() if len(parts) > 3 else ""
        if not text:
            raise ValidationError(f"{self.what} must include a time.", code="incomplete")
        return london(day, *read_time(text))


class TimeField(forms.Field):
    """A time of day, written 14:05, 1405, 14.05 or 2:05pm."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", TIME_HINT)
        super().__init__(**options)

    def to_python(self, value: Any) -> dt.time | None:
        text = str(value or "").strip()
        return read_time(text)[0] if text else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value
