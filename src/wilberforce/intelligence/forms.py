"""What an officer is asked about a piece of information, and about somebody under suspicion."""

import re
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import DayField, KitForm

from .lists import FUNCTIONS
from .models import Assessment, Grade, Handling, Link, Priority


class ItemForm(KitForm):
    submit = "Keep this item"

    text = forms.CharField(
        label="What is known?",
        widget=forms.Textarea({"rows": 6}),
        help_text="One piece of information, one grade. Nothing that shows who told us.",
    )
    source_grade = forms.TypedChoiceField(
        label="The source is", choices=Grade, coerce=int, widget=forms.RadioSelect, initial=Grade.UNTESTED
    )
    assessment = forms.ChoiceField(
        label="The information is", choices=Assessment, widget=forms.RadioSelect, initial=Assessment.NOT_KNOWN
    )
    handling = forms.ChoiceField(
        label="Handling", choices=Handling, widget=forms.RadioSelect, initial=Handling.LAWFUL_SHARING
    )
    conditions = forms.CharField(
        label="Conditions under C", required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int, initial=Priority.MEDIUM)


class SuspectForm(KitForm):
    submit = "Keep this"

    name = forms.CharField(label="Name, if it is known", required=False, help_text="In any script. Empty: unknown.")
    description = forms.CharField(label="What is known of the person?", widget=forms.Textarea, max_length=5_000)
    ages_known = forms.CharField(
        label="Age, or ages that were reported",
        required=False,
        help_text="More than one where nobody knows which is right, like 27, 32.",
    )
    functions = forms.MultipleChoiceField(
        label="What are they suspected to do?",
        choices=[(code, entry.label) for code, entry in FUNCTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean_ages_known(self) -> list[int]:
        typed: str = self.cleaned_data["ages_known"]
        parts = [part for part in re.split(r"[,;\s]+|\bor\b", typed) if part]
        if not all(re.fullmatch(r"[0-9]{1,3}", part) for part in parts):
            raise forms.ValidationError("Write ages as numbers, like 27, 32.")
        return [int(part) for part in parts]


class LinkForm(KitForm):
    submit = "Keep this tie"

    item_id = forms.TypedChoiceField(label="Which item?")
    kind = forms.ChoiceField(label="The person", choices=Link.Kind, widget=forms.RadioSelect)
    on = DayField(label="On which day?", what="The day", required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        missing = {"required": "Choose the item on which it rests."}
        self.fields["item_id"] = forms.TypedChoiceField(
            label="Which item?", choices=items, coerce=UUID, error_messages=missing
        )
