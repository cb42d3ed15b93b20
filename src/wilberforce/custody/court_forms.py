"""What is asked about one step of a case after custody."""

from django import forms

from wilberforce.base.forms import DayField, Option, radios

from .earlier_forms import CorrectsEarlier, in_place_of
from .forms import area, moment
from .lists import OFFENCES
from .rules import court


class ProceedForm(CorrectsEarlier):
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
        choices=[(one.code, Option(one.label, one.when_law)) for one in OFFENCES.values()],
    )  # fmt: skip
    text = forms.CharField(
        label="Which court or office, and its reference", required=False, max_length=1_000,
        help_text="No name of anybody who was found.",
    )  # fmt: skip
    unweighed = area(
        "If charged before the defence was weighed: why?",
        "Where they may be a victim, or under 18, the investigator and the prosecutor weigh it first.",
    )
    instead_of = in_place_of("Does it correct an earlier line?")

    def clean_spent(self) -> int:
        return self.cleaned_data["spent"] or 0
