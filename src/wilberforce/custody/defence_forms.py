"""What is asked of whoever weighs the defence, in the order in which the law asks it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wilberforce.base.forms import MomentField, Option, radios
from wilberforce.concerns.models import YesNo

from .earlier_forms import CorrectsEarlier, in_place_of
from .lists import OFFENCES
from .rules import defence


def _area(label: str, hint: str) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}))


class WeighForm(CorrectsEarlier):
    submit = "Write the weighing"

    instead_of = in_place_of("Does it correct an earlier one?")
    may_be_victim = radios(
        "Is there a reason to think that they may be a victim?",
        YesNo.choices,
        "What custody noticed, what they said, a referral. Nobody has to prove it.",
    )
    age = radios("How old were they when they did it?", defence.AGES)
    offences = forms.MultipleChoiceField(label="Which offences were weighed?", widget=forms.CheckboxSelectMultiple)
    scheduled = radios("Are these offences in Schedule 4?", defence.SCHEDULED, "The defence does not apply to those.")
    compelled = radios(
        "18 or over: were they compelled to do it?",
        defence.COMPELLED,
        "By another person or by their circumstances (s.45(2)).",
    )
    linked = radios(
        "18 or over: did the compulsion come from slavery or exploitation? Under 18: did they do it as a direct "
        "consequence of being, or having been, a victim?",
        YesNo.choices,
        "s.45(1)(c) and (3); s.45(4)(b).",
    )
    reasonable = radios(
        "Would a reasonable person in their situation, of their age, sex, health and disability, have had no realistic "
        "alternative? Under 18: would they have done it?",
        YesNo.choices,
        "s.45(1)(d); s.45(4)(c) and (5).",
    )
    considered = _area("What was considered?", "What they said, who was asked, what the referral says.")
    conclusion = radios("What is concluded?", defence.CONCLUSIONS)
    reason = _area("Why?", "This may be asked in court.")
    at = MomentField(
        label="When was this decided?",
        what="The decision",
        required=False,
        help_text="Leave all four empty if it is now.",
    )

    def __init__(self, *args: Any, offences: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        of: Any = self.fields["offences"]
        of.choices = [(code, Option(OFFENCES[code].label, OFFENCES[code].citation)) for code in offences]
        if len(offences) == 1:
            of.initial = list(offences)


class ProsecutorForm(WeighForm):
    decided_by = forms.CharField(
        label="Who decided?", max_length=200,
        help_text="The office and its reference, such as “CPS East Midlands, 26/0417”. No name.",
    )  # fmt: skip
    charging = radios("What did the prosecutor decide of the charge?", defence.CHARGING)
