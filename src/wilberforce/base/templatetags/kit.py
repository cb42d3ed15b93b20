"""The page kit's tags, and what its pages read from the context.

A page works with none of these set; a context processor of `web` sets them.

actor       access's Actor; its role is shown. No actor, no marking and no staff header.
who         .name .agency: who is signed in, in words
workspace   .code .why; .label and .purpose if there are better words; .nav: [{label, url, current: bool, count}],
            or in groups: [{label, entries: [...]}]
purpose     the page's, carried by every form that names none
demo        true; demo_url (who can sign in), demo_renew_url (a POST that renews devices and step-ups)
marking     the handling marking of staff pages; "OFFICIAL-SENSITIVE" unless said otherwise
breadcrumbs [(label, url)], without the page itself
account_url, sign_out_url (POST)
languages   [{code, label, url, current: bool}] on public pages
exit_url    where "Leave this site" goes
"""

import datetime as dt
import re
from calendar import month_name
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from wilberforce.base import forms as kit_forms
from wilberforce.base import left_lists, questions, words
from wilberforce.base.moments import DayWidget, TimeField
from wilberforce.base.unsent import CARRIED

register = template.Library()
LONDON = ZoneInfo("Europe/London")
MONTHS = tuple(month_name)

TONES = {
    "overdue": "red",
    "urgent": "red",
    "soon": "yellow",
    "waiting": "yellow",
    "open": "teal",
    "current": "teal",
    "done": "green",
    "given": "green",
    "closed": "grey",
    "withdrawn": "grey",
    "declined": "grey",
}
COLOURS = {"red", "orange", "yellow", "green", "teal", "blue", "purple", "magenta", "grey"}
KINDS: list[tuple[type[forms.Widget], str, str]] = [
    (DayWidget, "parts", "govuk-input"),
    # Before RadioSelect, from which Django derives it.
    (forms.CheckboxSelectMultiple, "checkboxes", "govuk-checkboxes__input"),
    (forms.RadioSelect, "radios", "govuk-radios__input"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.Textarea, "textarea", "govuk-textarea govuk-js-character-count"),
    (forms.Select, "select", "govuk-select"),
    (forms.PasswordInput, "password", "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (forms.FileInput, "file", "govuk-file-upload"),
]


def _kind(widget: forms.Widget) -> tuple[str, str]:
    for cls, kind, css in KINDS:
        if isinstance(widget, cls):
            return kind, css
    return "input", "govuk-input"


@register.inclusion_tag("base/forms/control.html")
def kit_field(field: BoundField, size: str = "s", heading: bool = False) -> dict[str, Any]:
    """A field as the GOV.UK pattern has it; `heading` makes the question the page's h1."""
    kind, css = _kind(field.field.widget)
    limit = getattr(field.field, "max_length", None) if kind == "textarea" else None
    described = [
        f"{field.auto_id}{part}"
        # The character count's script looks for "-info".
        for part, there in (("_hint", field.help_text), ("_error", field.errors), ("-info", limit))
        if there
    ]
    shown: dict[str, Any] = {
        "field": field,
        "kind": kind,
        "size": "l" if heading else size,
        "heading": heading,
        "limit": limit,
        "described_by": " ".join(described),
    }
    if kind == "parts":
        shown["parts"] = _parts(field)
    elif kind not in ("radios", "checkboxes", "checkbox"):
        shown["control"] = field.as_widget(attrs=_attributes(field, css, shown["described_by"]))
    return shown


@register.filter
def mistakes(form: object) -> list[kit_forms.Mistake]:
    return kit_forms.mistakes(form) if isinstance(form, forms.BaseForm) and form.is_bound else []


def _attributes(field: BoundField, css: str, described_by: str) -> dict[str, Any]:
    own = field.field.widget.attrs
    if isinstance(field.field, TimeField):
        css += " govuk-input--width-5"
    wrong = f"{css.split()[0]}--error" if field.errors else ""
    # Left to itself a browser cuts a pasted text at maxlength without a word.
    attributes: dict[str, Any] = {"class": " ".join(filter(None, [css, own.get("class"), wrong])), "maxlength": False}
    attributes["aria-describedby"] = described_by or False
    attributes["aria-invalid"] = "true" if field.errors else False
    if isinstance(field.field.widget, forms.Select) and get_language() not in ("en-gb", None):
        attributes |= {"lang": "en-GB", "dir": "ltr"}  # an option can't hold a mark of its own
    if isinstance(field.field.widget, forms.Textarea):
        attributes["rows"] = own.get("rows") if own.get("rows") not in (None, "10") else "5"
    return attributes


def _parts(field: BoundField) -> list[dict[str, Any]]:
    widget = cast(DayWidget, field.field.widget)
    drawn = widget.get_context(field.html_name, field.value(), {"id": field.auto_id})["widget"]["subwidgets"]
    widths = {"Day": 2, "Month": 2, "Year": 4, "Time": 5}
    return [
        {"label": label, "width": widths[label], "numeric": label != "Time", "widget": part}
        for label, part in zip(widget.labels, drawn, strict=True)
    ]


@register.filter
def when(moment: dt.datetime | dt.date | None, form: str = "") -> str:
    """London time as people say it, with UTC on hover; `when:"time"` and `when:"date"` give half of it.

    `when:"bare"`, for long lists, leaves the hover out.
    """
    if moment is None:
        return "not recorded"
    if not isinstance(moment, dt.datetime):
        return format_html('<time datetime="{}"{}>{}</time>', moment.isoformat(), _as_english(), _day(moment))
    utc, local = moment.astimezone(dt.UTC), moment.astimezone(LONDON)
    words = {"time": _time(local), "date": _day(local)}.get(form) or f"{_day(local)}, {_time(local)}"
    there = f"{utc.date().isoformat()}T{_time(utc)}:{utc.second:02}Z"
    title = "" if form == "bare" else f' title="{_time(utc)} UTC on {_day(utc)}"'
    return mark_safe(f'<time datetime="{there}"{title}{_as_english()}>{words}</time>')  # noqa: S308 - ours


def _as_english() -> SafeString:
    """A day is written in English; among Arabic words it would otherwise be read in the wrong order."""
    return mark_safe("" if get_language() in ("en-gb", None) else ' lang="en-GB" dir="ltr"')  # noqa: S308 - ours


def _day(day: dt.date) -> str:
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def _time(at: dt.datetime) -> str:
    return f"{at.hour:02}:{at.minute:02}"


@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    """A state in a word; the colour only repeats what the word says."""
    colour = tone if tone in COLOURS else TONES.get(tone or text.lower(), "grey")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


@register.filter
def plural(number: int, words: str) -> str:
    """`{{ 3|plural:"person,people" }}` is "3 people"."""
    one, _, many = words.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.simple_tag(takes_context=True)
def query_without(context: Context, *names: str, **values: Any) -> str:
    """The page's own query without these names and with these values: for filters and pages of a list."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name in (*names, *values):
        query.pop(name, None)
    for name, value in values.items():
        query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def back_to(context: Context, name: str, *args: object) -> str:
    """The address of a list, as it was left."""
    address, request = reverse(name, args=args), context.get("request")
    return left_lists.back_to(request, address) if request is not None else address


@register.filter
def spoken(code: object) -> str:
    """`custody_officer` as people read it."""
    return words.spoken(code)


@register.simple_tag(takes_context=True)
def in_words(context: Context, sent: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return questions.in_words(sent, _app(context))


def _app(context: Context) -> str:
    match = getattr(context.get("request"), "resolver_match", None)
    return match.func.__module__.split(".")[1] if match else ""


@dataclass(frozen=True)
class Difference:
    name: str
    question: str
    typed: str
    kept: str

    @property
    def differs(self) -> bool:
        return self.typed != self.kept


@register.simple_tag(takes_context=True)
def compare(
    context: Context,
    typed: Iterable[tuple[str, str]],
    theirs: Mapping[str, object],
    labels: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Difference]:
    """What a second writer typed beside what the first one saved, field by field; what was chosen, in its words."""
    chosen, mine = labels or {}, dict[str, str]()
    for sent, value in typed:
        whole = re.sub(r"_\d$", "", sent)
        name = whole if whole in theirs else sent
        words, between = chosen.get(name, {}).get(value, value), ", " if name in chosen else " "
        mine[name] = f"{mine[name]}{between}{words}" if name in mine else words
    shown = [name for name in (*mine, *(name for name in theirs if name not in mine)) if name not in CARRIED]
    fields = questions.asking(set(shown), _app(context))
    return [
        Difference(
            name,
            questions.question(fields, name),
            _as_kept(mine.get(name, ""), theirs.get(name)),
            _in_words(theirs.get(name), chosen.get(name, {})),
        )
        for name in shown
        if "password" not in name
    ]


def _as_kept(typed: str, kept: object) -> str:
    return _in_words(typed == "on") if isinstance(kept, bool) else typed


def _in_words(value: object, labels: Mapping[str, str] | None = None) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        local = value.astimezone(LONDON)
        return f"{local.day} {local.month} {local.year} {local:%H:%M}"
    if isinstance(value, dt.date):
        return f"{value.day} {value.month} {value.year}"
    if isinstance(value, list | tuple):
        return (", " if labels else " ").join(_in_words(one, labels) for one in value)
    said = "" if value is None else str(value)
    return (labels or {}).get(said, said)


@register.filter
def said(text: object) -> str:
    """In the reader's language; what is not translated says that it is English."""
    english = str(text)
    told = gettext(english) if english.strip() else english
    if told != english or not told.strip() or get_language() in ("en-gb", None):
        return told if told != english or not isinstance(text, SafeString) else text
    return format_html('<span lang="en-GB" dir="ltr">{}</span>', text)
