"""What a guardian is asked when somebody wants their own data."""

from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import KitForm, radios
from wilberforce.base.references import ReferenceField

from . import rules


class ReceiveForm(KitForm):
    submit = "Begin"
    reference = ReferenceField(
        label="The person's reference",
        help_text="The answer is the same whether or not you hold anything.",
    )


class CheckForm(KitForm):
    submit = "It is them"
    how = radios("How did you check who they are?", rules.CHECKED_WHO)


class LeaveOutForm(KitForm):
    submit = "Leave these out"
    records = forms.MultipleChoiceField(
        label="What names or is about somebody else?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Read each. Where they live is never in the copy.",
    )  # fmt: skip

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["records"].choices = offered  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["records"]]


class HandOverForm(KitForm):
    submit = "They have their copy"
    way = radios("How did they get it?", rules.COPY_GOES)
