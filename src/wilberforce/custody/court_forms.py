"""What is asked about one step of a case after custody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base import clock
from wilberforce.base.forms import DayField, KitForm, Option, radios

from .forms import area, moment
from .lists import OFFENCES
from .rules import court


class ProceedForm(KitForm):
    submit = "Write it down"

    kind = radios("What happened?", court.STEPS)
    at = moment("When?", "The time")
    spent = forms.IntegerField(
        label="If kept in custody: days already spent in custody of the court",
        min_value=0, max_value=999, required=False, help_text="For the same offence. They count towards the limit.",
    )  # fmt: skip
    until = DayField(label="If the limit was extended: its new last day", what="The last day", required=False)
    offences = forms.MultipleChoiceField(
        label="If charged by post: with what?", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(one.code, Option(one.label, one.citation)) for one in OFFENCES.values()],
    )  # fmt: skip
    text = forms.CharField(
        label="Which court or office, and its reference", required=False, max_length=1_000,
        help_text="No name of anybody who was found.",
    )  # fmt: skip
    unweighed = area(
        "If charged before the defence was weighed: why?",
        "Where they may be a victim, or under 18, the investigator and the prosecutor weigh it first.",
    )
    instead_of = forms.TypedChoiceField(
        label="Does it correct an earlier line?", coerce=UUID, empty_value=None, required=False,
        help_text="The earlier one stays, with its time.",
    )  # fmt: skip

    def __init__(self, *args: Any, earlier: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        corrects: Any = self.fields["instead_of"]
        corrects.choices = [("", "No, it is a new one"), *earlier]
        if not earlier:
            del self.fields["instead_of"]

    def clean_at(self) -> datetime:
        return self.cleaned_data["at"] or clock.now()

    def clean_spent(self) -> int:
        return self.cleaned_data["spent"] or 0
