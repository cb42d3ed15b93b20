"""The forms of the desk's pages in the office."""

from django import forms

from wilberforce.base.forms import KitForm, MomentField
from wilberforce.base.references import ReferenceField
from wilberforce.reception.forms import NewcomerForm, RegisterForm


class TabletForm(KitForm):
    submit = "Make this browser a tablet of the centre"
    label = forms.CharField(
        label="What is written on the tablet?", max_length=40, help_text="Such as Tablet 3. Do this on the tablet."
    )


class RepairForm(NewcomerForm):
    submit = "Decide"
    seq = forms.IntegerField(widget=forms.HiddenInput)
    reference = ReferenceField(
        label="Who is meant? The reference on the card",
        required=False,
        help_text="Empty if what the tablet wrote is right now.",
    )
    taken_in = forms.ChoiceField(
        label="What happens with it?",
        choices=[("yes", "Take it in"), ("no", "Set it aside")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    why = forms.CharField(label="Why, if it is set aside", max_length=200, required=False)


class SheetForm(RegisterForm):
    submit = "Keep the sheet"
    reference = ReferenceField(label="Reference on the sheet")
    at = MomentField(label="When did they arrive?", what="The arrival", help_text="As on the sheet, like 14:05.")
    given = forms.CharField(
        label="What was done, and when?",
        widget=forms.Textarea,
        required=False,
        max_length=2_000,
        help_text="One line each as on the sheet, like 14:05 meal.",
    )


class AnswerForm(KitForm):
    submit = "Choose"
    event = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=2_000)
