"""What somebody sent, in the words in which they were asked: for pages that have no form any more."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from .forms import KitForm
from .unsent import CARRIED

PART = re.compile(r"_\d$")
CHOSEN = "what you chose from the list"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Sent = Iterable[tuple[str, str]]


def in_words(sent: Sent, app: str = "") -> list[tuple[str, str]]:
    """Question and answer, a date in one piece; a name that no form of ours asks stays as it is."""
    sent = [(PART.sub("", name), value) for name, value in sent if name not in CARRIED and "password" not in name]
    fields = asking({name for name, _ in sent}, app)
    answers: dict[str, list[str]] = {}
    for name, value in sent:
        answers.setdefault(name, []).append(_said(fields.get(name), value))
    return [(question(fields, name), " ".join(said)) for name, said in answers.items()]


def question(fields: dict[str, forms.Field], name: str) -> str:
    told = name in fields and fields[name].label
    return str(told or name.replace("_", " ").capitalize())


def asking(names: set[str], app: str = "") -> dict[str, forms.Field]:
    """The fields of the form that asks most of these, before others one of this app, then the shortest."""

    def fits(form: type[KitForm]) -> tuple[int, bool, int]:
        asked = names & set(form.base_fields)
        return len(asked), f".{app}." in form.__module__, -len(form.base_fields)

    best = max(_forms(KitForm), key=fits, default=KitForm)
    return {name: field for name, field in best.base_fields.items() if name in names}


def _forms(form: type[KitForm]) -> Iterator[type[KitForm]]:
    for below in form.__subclasses__():
        yield below
        yield from _forms(below)


def labels(form: forms.BaseForm) -> dict[str, dict[str, str]]:
    """Field -> code -> words, where an answer is chosen."""
    chosen = {name: field for name, field in form.fields.items() if isinstance(field, forms.ChoiceField)}
    return {name: _words(field) for name, field in chosen.items()}


def _words(field: forms.ChoiceField) -> dict[str, str]:
    return {str(code): str(label) for code, label in _flat(field.choices)}


def _said(field: forms.Field | None, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "Yes"
    if isinstance(field, forms.ChoiceField):
        return _words(field).get(value) or (CHOSEN if ID.fullmatch(value) else value)
    return CHOSEN if ID.fullmatch(value) else value


def _flat(choices: Any) -> Iterator[tuple[object, object]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label
