"""The forms of the desk's pages in the office."""

from django import forms

from wilberforce.base.forms import KitForm


class TabletForm(KitForm):
    submit = "Make this browser a tablet of the centre"
    label = forms.CharField(
        label="What is written on the tablet?", max_length=40, help_text="Such as Tablet 3. Do this on the tablet."
    )


class RepairForm(KitForm):
    submit = "Decide"
    seq = forms.IntegerField(widget=forms.HiddenInput)
    reference = forms.CharField(label="Who is meant? The reference on the card", max_length=20, required=False)
    taken_in = forms.ChoiceField(
        label="What happens with it?",
        choices=[("yes", "Take it in"), ("no", "Set it aside")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    why = forms.CharField(label="Why, if it is set aside", max_length=200, required=False)


class AnswerForm(KitForm):
    submit = "Choose"
    event = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=2_000)
