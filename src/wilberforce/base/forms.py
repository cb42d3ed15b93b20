"""Forms in the GOV.UK pattern.

    class ArrivalForm(KitForm):
        submit = "Record the arrival"
        arrived = MomentField(label="When did they arrive?")
        language = forms.ChoiceField(label="Language", choices=..., widget=NarrowingSelect)

    form = ArrivalForm(request.POST or None, version=centre.version)
    {% include "base/kit/form.html" %}

Every form carries three hidden values: `purpose` (the workspace's), `version` (what the page was made from, so that a
second writer is told of the first) and `once` (a token that is used up, so that a double click acts once). They are
not fields: `cleaned_data` holds the answers alone. Without a `purpose` of its own a form carries the page's.

Settings: FORM_RENDERER = "wilberforce.base.forms.Renderer", "django.forms" in INSTALLED_APPS, and
DATA_UPLOAD_MAX_MEMORY_SIZE well above 2 MB, so that a text that is too long is refused beside its own field.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict, pretty_name
from django.http import QueryDict

from wilberforce.base import unsent
from wilberforce.base.moments import DayField, DayWidget, MomentField, TimeField
from wilberforce.base.unsent import CARRIED

__all__ = [
    "DayField",
    "KitForm",
    "MomentField",
    "NarrowingSelect",
    "Option",
    "Renderer",
    "TimeField",
    "radios",
    "reason",
]

LINE_LENGTH = 200
TEXT_LENGTH = 10_000
# Control characters but tab and newline; and the marks that turn text round to disguise it. Joiners and
# the plain left-to-right and right-to-left marks stay: Persian, Arabic and Hebrew are written with them.
UNSEEN = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ud800-\udfff]")


class Renderer(TemplatesSetting):
    form_template_name = "base/forms/form.html"
    field_template_name = "base/forms/field.html"


class Option(str):
    """A choice's label with a hint below it, or one that excludes the others ("None of these")."""

    hint: str
    exclusive: bool

    def __new__(cls, label: str, hint: str = "", exclusive: bool = False) -> Self:
        option = super().__new__(cls, label)
        option.hint, option.exclusive = hint, exclusive
        return option


class NarrowingSelect(forms.Select):
    """A long list; with JavaScript a box above it narrows it as one types."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-wb-narrow": "Type to narrow the list", **(attrs or {})}, choices)


def radios(label: str, choices: Any, hint: str = "", **options: Any) -> forms.ChoiceField:
    """One of a few, all of them seen at once."""
    return forms.ChoiceField(label=label, choices=choices, help_text=hint, widget=forms.RadioSelect, **options)


def reason(
    label: str = "Why is it corrected?", hint: str = "Kept beside what was there before.", *, required: bool = False
) -> forms.CharField:
    """Kept beside what was there before a correction, or beside what ended."""
    return forms.CharField(label=label, required=required, max_length=500, help_text=hint)


@dataclass(frozen=True)
class Carried:
    purpose: str
    version: str
    once: str


@dataclass(frozen=True)
class Mistake:
    sentence: str
    href: str


def tidy(text: str) -> str:
    """Any script as it was typed, without what cannot be seen; newlines counted once."""
    return UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


class KitForm(forms.Form):
    submit: ClassVar[str] = "Save and continue"
    # Browsers keep nothing of a form about a person; sign-in forms set this to False.
    sensitive: ClassVar[bool] = True
    use_required_attribute = False
    error_css_class = "govuk-form-group--error"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        purpose: str = "",
        version: str | int = "",
        **options: Any,
    ) -> None:
        self._with_nul: set[str] = set()
        super().__init__(data, files, **options)
        if clash := set(CARRIED) & set(self.fields):
            raise ImproperlyConfigured(f"{type(self).__name__} names a field {clash.pop()}, which every form carries.")
        self._offered = Carried(purpose, str(version), str(uuid4()))
        if data is not None:
            self.data = self._tidied(data)
        elif typed := unsent.taken_by(map(self.add_prefix, self.fields)):
            self._come_back(typed)
        for name, field in self.fields.items():
            label = str(field.label or pretty_name(name))
            _limit(field, label)
            _say_what_is_missing(field, label)
            _say_how_many(field, label)

    def _come_back(self, typed: QueryDict) -> None:
        """Filled with what could not be sent, and with a mistake of its own: such a form is never valid."""
        self.is_bound, self.data = True, self._tidied(typed)
        sentence = unsent.GIVEN_BACK + (" Choose the file again." if self.is_multipart() else "")
        self._errors = ErrorDict({NON_FIELD_ERRORS: self.error_class([sentence], error_class="nonfield")})

    @property
    def carried(self) -> Carried:
        """What the page was made with, as it came back."""
        return Carried(*(str(self.data.get(name, "")) for name in CARRIED))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        offered = self._offered
        once = self.carried.once or offered.once
        # A form that comes back with mistakes keeps the version it was made from: the other writer is not yet shown.
        version = self.carried.version or offered.version
        return [("purpose", offered.purpose or self.carried.purpose), ("version", version), ("once", once)]

    @property
    def autocomplete(self) -> str:
        return "off" if self.sensitive else "on"

    @property
    def mistakes(self) -> list[Mistake]:
        return mistakes(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self._with_nul & set(self.fields):
            self.add_error(name, "A hidden character was removed from this answer. Check it and send it again.")
        return cleaned

    def _tidied(self, data: Mapping[str, Any]) -> QueryDict:
        secret = {self.add_prefix(n) for n, f in self.fields.items() if isinstance(f.widget, forms.PasswordInput)}
        tidied = QueryDict(mutable=True)
        for name in data:
            values = _values(data, name)
            if name not in secret and any("\x00" in value for value in values if isinstance(value, str)):
                self._with_nul.update(self._fields_of(name))
                values = [value.replace("\x00", "") if isinstance(value, str) else value for value in values]
            keep = name in secret
            tidied.setlist(name, [v if keep or not isinstance(v, str) else tidy(v) for v in values])
        tidied._mutable = False
        return tidied

    def _fields_of(self, posted: str) -> Iterator[str]:
        for name in self.fields:
            html_name = self.add_prefix(name)
            if posted == html_name or posted.startswith(f"{html_name}_"):
                yield name


def _values(data: Mapping[str, Any], name: str) -> list[Any]:
    if isinstance(data, QueryDict):
        return data.getlist(name)
    value = data[name]
    return list(value) if isinstance(value, list | tuple) else [value]


def _limit(field: forms.Field, label: str) -> None:
    """No text without a limit, and a sentence that says by how much it was passed."""
    if not isinstance(field, forms.CharField) or isinstance(field, forms.UUIDField):
        return
    if field.max_length is None:
        field.max_length = TEXT_LENGTH if isinstance(field.widget, forms.Textarea) else LINE_LENGTH
    field.validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    label = label.replace("%", "%%")
    sentence = f"{label}: use {field.max_length:,} characters or fewer. You have used %(show_value)d."
    field.validators.append(MaxLengthValidator(field.max_length, message=sentence))


def _say_what_is_missing(field: forms.Field, label: str) -> None:
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        verb = "Choose" if isinstance(field, forms.ChoiceField | forms.BooleanField) else "Enter"
        field.error_messages["required"] = f"{verb} an answer: {label}"
    if isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = f"That is not offered, or no longer. Choose an answer: {label}"


def _say_how_many(field: forms.Field, label: str) -> None:
    """New validators: those of a class are shared by all its forms."""
    label = label.replace("%", "%%")
    for n, bound in enumerate(field.validators):
        if isinstance(bound, MinValueValidator):
            field.validators[n] = MinValueValidator(bound.limit_value, f"Enter %(limit_value)s or more: {label}")
        elif isinstance(bound, MaxValueValidator):
            field.validators[n] = MaxValueValidator(bound.limit_value, f"Enter %(limit_value)s or less: {label}")


def mistakes(form: forms.BaseForm) -> list[Mistake]:
    """Each mistake with the control to go to."""
    return [
        Mistake(str(sentence), first_control(form, name))
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def first_control(form: forms.BaseForm, name: str) -> str:
    """Where an error summary's link goes: a group has no id of its own, so its first control."""
    if name not in form.fields:
        return ""
    bound = form[name]
    widget = bound.field.widget
    grouped = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget)
    wrong = widget.first_wrong(bound.value()) if isinstance(widget, DayWidget) else 0
    return f"#{bound.auto_id}_{wrong}" if grouped else f"#{bound.auto_id}"
