"""What is asked of the commander, the writer, the approver and the subscriber."""

import re

from django import forms

from wilberforce.base.forms import KitForm, MomentField, Option, reason

from .lists import patterns


def listed(text: str) -> list[str]:
    """One to a line, empty lines left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class CutForm(KitForm):
    submit = "Cut the fact sheet"
    facts = forms.CharField(
        label="What may be said",
        widget=forms.Textarea,
        help_text="The facts in plain sentences. The writer sees nothing else of the case.",
    )
    places = forms.CharField(label="Places that may be named", widget=forms.Textarea, help_text="Towns, one to a line.")
    counts = forms.CharField(
        label="Figures that may be given",
        widget=forms.Textarea,
        required=False,
        help_text="A word and its figure, one to a line, such as “women 5”.",
    )
    arrested_ages = forms.CharField(
        label="Ages of those arrested",
        required=False,
        help_text="Separated by commas. Never the age of a person found.",
    )
    doors_in = forms.TypedChoiceField(
        label="Have all sites been entered?",
        choices=[("yes", "Yes"), ("no", Option("Not yet", hint="The bulletin then waits."))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    names = forms.CharField(
        label="Names that must never appear", widget=forms.Textarea, required=False, help_text="One to a line. Sealed."
    )
    streets = forms.CharField(
        label="Streets and buildings that must never appear", widget=forms.Textarea, required=False, help_text="Sealed."
    )
    centre = forms.CharField(
        label="Words that would lead to the centre", widget=forms.Textarea, required=False, help_text="Sealed."
    )

    def clean_counts(self) -> dict[str, list[int]]:
        """“women 5” and “woman 5” are the same figure."""
        same = {form: person for person, forms_of in patterns().people.items() for form in forms_of}
        found: dict[str, list[int]] = {}
        for line in listed(self.cleaned_data["counts"]):
            match = re.fullmatch(r"(\D+?)\s+(\d{1,4})", line)
            if not match:
                raise forms.ValidationError(f"“{line[:40]}” is not a word and a figure, such as “women 5”.")
            found.setdefault(same.get(match[1].lower(), match[1]), []).append(int(match[2]))
        return found

    def clean_arrested_ages(self) -> list[int]:
        ages = [part.strip() for part in self.cleaned_data["arrested_ages"].split(",") if part.strip()]
        if not all(age.isdigit() and 10 <= int(age) <= 120 for age in ages):
            raise forms.ValidationError("Enter ages between 10 and 120, separated by commas.")
        return [int(age) for age in ages]

    def clean_places(self) -> list[str]:
        return listed(self.cleaned_data["places"])

    @property
    def never(self) -> dict[str, list[str]]:
        return {kind: listed(self.cleaned_data[kind]) for kind in ("names", "streets", "centre")}


class DoorsForm(KitForm):
    submit = "All sites have been entered"


class TakeBackForm(KitForm):
    submit = "Take it back"
    warn = True
    why = reason("Why is it taken back?", "The writer reads it. No names.", required=True)


class DraftForm(KitForm):
    submit = "Save the draft"
    title = forms.CharField(label="Headline", max_length=160)
    text = forms.CharField(label="Bulletin", widget=forms.Textarea, max_length=10_000)


class CorrectForm(DraftForm):
    submit = "Save the correction"
    correction = forms.CharField(
        label="What was wrong?",
        widget=forms.Textarea,
        max_length=500,
        help_text="The public reads this beside the new text. Don’t repeat what would give somebody away.",
    )


class RedraftForm(DraftForm):
    why = reason()


class RedraftCorrectionForm(CorrectForm):
    why = reason()


class PictureForm(KitForm):
    submit = "Save the picture"
    picture = forms.FileField(
        label="Picture",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPEG, PNG or WebP, at most 10 MB. No face of a person found, no street sign, no number plate, "
        "no door that somebody would know. What the camera wrote into the file is taken out.",
    )
    alt = forms.CharField(
        label="What does it show?",
        max_length=250,
        help_text="A sentence for people who can’t see it. It is read before release as the text is.",
    )

    @property
    def raw(self) -> bytes:
        chosen = self.cleaned_data["picture"]
        return chosen.read() if chosen else b""


class NoPictureForm(KitForm):
    submit = "Take the picture away"


class WithdrawForm(KitForm):
    submit = "Withdraw it"
    why = reason("Why is it withdrawn?", "Kept with what was written.")


class SubmitForm(KitForm):
    submit = "Send for approval"
    embargo_until = MomentField(
        label="Hold back until",
        required=False,
        help_text="Leave empty to publish at once. What was saved last is sent: save what you changed first.",
    )


class AnswerForm(KitForm):
    submit = "Give your answer"
    yes = forms.TypedChoiceField(
        label="May it go out?",
        choices=[("yes", "Yes, it gives nobody away"), ("no", "No, or not sure")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="If not, what would give somebody away?", widget=forms.Textarea, required=False, max_length=500
    )


class UpdatesForm(KitForm):
    submit = "Ask for updates"
    sensitive = False
    address = forms.CharField(
        label="Your e-mail address",
        max_length=400,
        help_text="We write to you once so that you can confirm. We use it for nothing else.",
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "spellcheck": "false"}),
    )


class ConfirmForm(KitForm):
    submit = "Yes, send me updates"


class LeaveForm(KitForm):
    submit = "Stop the updates"
