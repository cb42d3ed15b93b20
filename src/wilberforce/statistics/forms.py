"""Which quarter is drawn up. There is no other question: a figure can't be narrowed."""

from datetime import date

from django import forms

from wilberforce.base import clock
from wilberforce.base.forms import KitForm, radios

from . import rules


class QuarterForm(KitForm):
    submit = "Draw up this quarter"
    starts = radios("Which quarter?", ())

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        field: forms.ChoiceField = self.fields["starts"]  # type: ignore[assignment]
        today = clock.in_london(clock.now()).date()
        field.choices = [(str(starts), rules.in_words(starts)) for starts in rules.quarters_over(today)]

    def clean_starts(self) -> date:
        return date.fromisoformat(self.cleaned_data["starts"])
