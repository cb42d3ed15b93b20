from django import forms

from wilberforce.base.forms import DayField, KitForm, MomentField

from . import rules


class KeepForm(KitForm):
    submit = "Keep it"
    until = DayField(label="Until when is it kept?")
    why = forms.CharField(label="Why is it still needed?", max_length=40, help_text="The rule or the case; no name.")


class BeginErasureForm(KitForm):
    submit = "Begin to erase"


class ReviewedForm(BeginErasureForm):
    """Of what those who work with it review before it goes."""

    why = forms.CharField(
        label="Who looked, and why is it needed no longer?", max_length=40, help_text="The role and the rule; no name."
    )


class EraseForm(KitForm):
    submit = "Erase"


class HoldForm(KitForm):
    submit = "Hold"
    subject_id = forms.UUIDField(label="Which record?", help_text="Its whole code, as its page shows it.")
    basis = forms.ChoiceField(
        label="Why must it stay?", choices=[(basis.value, words) for basis, words in rules.BASES.items()]
    )
    reference = forms.CharField(label="Reference", max_length=40, help_text="Of the case, appeal, complaint or request")
    review_on = DayField(label="When is the hold looked at again?")


class LookAgainForm(KitForm):
    submit = "It has been looked at"
    review_on = DayField(label="When is it looked at again?")


class EndHoldForm(KitForm):
    submit = "End the hold"


class PaperForm(KitForm):
    submit = "Sign"
    kind = forms.ChoiceField(
        label="Which paper?", choices=[(kind.value, needed.title) for kind, needed in rules.PAPERS.items()]
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        label="Language",
        initial="en",
        help_text="The code of a privacy notice's language, such as ti",
    )
    text = forms.CharField(
        label="The paper", widget=forms.Textarea, max_length=40_000, help_text="Or where its signed original is kept."
    )
    review_on = DayField(label="When is it looked at again?")


class BreachForm(KitForm):
    submit = "Record the breach"
    found_at = MomentField(label="When was it found?")
    what = forms.CharField(
        label="What happened?", widget=forms.Textarea, max_length=1_000, help_text="In words that name nobody."
    )
    people = forms.IntegerField(label="How many people does it touch?", min_value=0, max_value=1_000_000)
    high_risk = forms.BooleanField(label="It puts somebody at high risk: they must be told", required=False)


class ToldForm(KitForm):
    submit = "The Commissioner has been told"
