"""What is asked where one force hands somebody over to another, and where the other receives them."""

from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import radios

from .board import forces
from .forms import AskedNow, BookInForm, area, moment
from .rules.transfer import TERMS_SAID


class TransferForm(AskedNow):
    submit = "Hand them over"

    to_force = forms.TypedChoiceField(label="To which force?", coerce=UUID)
    terms = radios("Why do they go there?", [(str(code), said) for code, said in TERMS_SAID.items()])
    at = moment("When do they leave?", "The departure")
    reason = area("What should be known?", "Needed where the time had run out.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        to_force: Any = self.fields["to_force"]
        own = str(self.initial.get("controller_id", ""))
        to_force.choices = [("", ""), *(force for force in forces() if force[0] != own)]


class ReceiveForm(BookInForm):
    """Whoever handed them over has said how they come."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["brought"], self.fields["left_at"]
