from typing import Any

from django import forms

from wilberforce.agencies.models import Area
from wilberforce.base.forms import KitForm, MomentField, Option, radios, reason
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.survivors.forms import sooner

from .models import Decision

REFERENCE = "Reference that the Home Office gave"
UNDECIDED = [("", "Not decided yet"), *Decision.choices]


class DutyForm(KitForm):
    submit = "Say which duty is due"
    found_in = forms.ChoiceField(label="Where was the person found?", help_text="Duties follow the place.")
    believed = forms.TypedChoiceField(
        label="Are there reasonable grounds to believe that they may be a victim?",
        choices=[("yes", "Yes"), ("no", "No, not as far as is known now")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Area.objects.live().values_list("place", flat=True)
        self.fields["found_in"].choices = [("", "Choose an area"), *((p, p) for p in places)]  # type: ignore[attr-defined]


class ConsentForm(KitForm):
    """The first step of every referral, and the only one until it is answered."""

    submit = "Write down the answer"
    answer = forms.ChoiceField(
        label="Does the person want to be referred?",
        choices=[
            ("given", "Yes, they want to be referred"),
            ("not now", Option("Not now", hint="They can take all the time they need. Nothing is sent.")),
            ("withdrawn", Option("They take back their yes", hint="It counts from the next moment. Nothing is asked.")),
            ("declined", Option("No", hint="Their care stays the same. A notification without their name is due.")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label="In which language did you talk?")
    interpreter = forms.TypedChoiceField(
        label="Was an interpreter there?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(
        label="I told them what the National Referral Mechanism is and which Home Office bodies decide",
        error_messages={"required": "Tell them first what it is and who decides. Then ask."},
    )
    sooner_because = sooner()

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [(code, LANGUAGES[code].label) for code in languages if code in LANGUAGES]
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]


class BeginForm(KitForm):
    submit = "Begin the form"


class SentForm(KitForm):
    submit = "Record that it was sent"
    home_office_ref = forms.CharField(label=REFERENCE, max_length=40)
    at = MomentField(label="When was it sent?")


class DecisionForm(KitForm):
    submit = "Record this decision"
    decision = radios("What was decided?", Decision.choices)
    at = MomentField(label="When was it decided?", what="The time of the decision")


class CorrectForm(KitForm):
    submit = "Save the correction"
    home_office_ref = forms.CharField(label=REFERENCE, max_length=40)
    submitted_at = MomentField(label="When was it sent?")
    grounds = radios("Reasonable grounds decision", UNDECIDED, required=False)
    grounds_at = MomentField(
        label="When was that decided?", what="The time of the reasonable grounds decision", required=False
    )
    conclusive = radios("Conclusive decision", UNDECIDED, required=False)
    conclusive_at = MomentField(
        label="When was the conclusive decision made?", what="The time of the conclusive decision", required=False
    )
    why = reason()


class CorrectSentForm(KitForm):
    submit = "Save the correction"
    home_office_ref = forms.CharField(label=REFERENCE, max_length=40)
    sent_at = MomentField(label="When was it sent?")
    why = reason()


class CloseForm(KitForm):
    submit = "Close this form"


class NarrativeForm(KitForm):
    submit = "Keep these words"
    text = forms.CharField(
        label="What happened, in words that point to nobody",
        help_text="No names, addresses, dates of birth, telephone numbers or references.",
        max_length=4_000,
        widget=forms.Textarea,
    )


class SupplementForm(KitForm):
    submit = "Keep this supplement"
    text = forms.CharField(
        label="What do they put right or add?",
        widget=forms.Textarea,
        max_length=4_000,
        help_text="In their words. It goes beside the form; what was sent stays as it was.",
    )


class RewriteSupplementForm(SupplementForm):
    why = reason()


class SupplementSentForm(KitForm):
    submit = "Record that it was sent"
    at = MomentField(label="When was it sent?")


class GiveUpForm(KitForm):
    submit = "Give it up: it is not sent"


class CheckForm(KitForm):
    submit = "I read it and found nothing that identifies the person"
