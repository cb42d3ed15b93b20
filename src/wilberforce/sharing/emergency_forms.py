"""What is asked in an emergency: as little as possible."""

from typing import Any

from django import forms

from wilberforce.base.forms import KitForm
from wilberforce.base.references import ReferenceField

from . import rules


class BreakGlassForm(KitForm):
    submit = "Open this person's record for four hours"
    reference = ReferenceField(label="The person's reference")
    reason = forms.ChoiceField(label="What is happening?", choices=rules.EMERGENCIES, widget=forms.RadioSelect)
    threat_reference = forms.CharField(
        label="The force's reference for the threat to life",
        max_length=30,
        required=False,
        help_text="Whoever needs a safe address gives it; leave it empty if there is none.",
    )

    def __init__(self, *given: Any, needs_threat: bool = False, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["threat_reference"].required = needs_threat


class YesForm(KitForm):
    submit = "Yes, open it to them"


class NoForm(KitForm):
    submit = "No, keep it shut"


class AgreeForm(KitForm):
    submit = "Agree as second officer"


class ReviewForm(KitForm):
    submit = "Record the review"
    verdict = forms.ChoiceField(
        label="Was it right to open this record?", choices=rules.VERDICTS, widget=forms.RadioSelect
    )


class SeenForm(KitForm):
    submit = "I have seen this"
    said = forms.ChoiceField(
        label="Does it fit what you know?", choices=rules.WORKERS_SAY, widget=forms.RadioSelect,
        help_text="Both agencies' guardians read your answer when they review it.",
    )  # fmt: skip
