"""What is asked about one line of the schedule of unused material."""

from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import KitForm, radios, reason

from .rules import schedule


class UnusedForm(KitForm):
    submit = "Put it on the schedule"

    operation_id = forms.TypedChoiceField(label="Of which case?", coerce=UUID)
    description = forms.CharField(
        label="What is it?", max_length=1_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="So that somebody who never saw it can decide. No names: a person is their reference.",
    )  # fmt: skip
    held_at = forms.CharField(label="Where is it kept?", max_length=300, help_text="Its reference, store or file.")
    exhibit_id = forms.TypedChoiceField(
        label="If it is an exhibit, which?", coerce=UUID, empty_value=None, required=False,
        help_text="By its reference. Whoever may read the exhibit gets to it from the schedule.",
    )  # fmt: skip
    inspected = radios("Was it inspected?", schedule.INSPECTED)
    sensitive = radios("Is it sensitive?", schedule.SENSITIVE)  # type: ignore[assignment]
    decision = radios("What was decided?", schedule.DECISIONS, initial=schedule.WAITS)
    decided_by = forms.ChoiceField(
        label="By whom, if it was decided", choices=[("", ""), *schedule.DECIDED_BY], required=False
    )

    def __init__(
        self, *args: Any, cases: list[tuple[str, str]], exhibits: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["exhibit_id"].choices = [("", ""), *exhibits]  # type: ignore[attr-defined]
        self.fields["operation_id"].choices = [("", ""), *cases]  # type: ignore[attr-defined]


class CorrectUnusedForm(UnusedForm):
    submit = "Write the corrected line"

    why = reason()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, cases=[], **options)
        del self.fields["operation_id"]
