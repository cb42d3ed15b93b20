"""What is written down: METHANE, the log, decisions."""

from django import forms

from wilberforce.base.forms import MomentField

from .forms import Asked, MomentForm, area, one_id, radio


class MethaneForm(Asked):
    """What is not known yet is left empty: the first message goes out without it."""

    submit = "Write it in the log"
    major = radio("Major incident?", [("standing by", "Standing by"), ("declared", "Declared"), ("no", "No")])
    exact = forms.CharField(label="Exact location", max_length=200, required=False)
    kind = forms.CharField(label="Type of incident", max_length=200, required=False)
    hazards = forms.CharField(label="Hazards, present or suspected", max_length=400, required=False)
    access = forms.CharField(label="Access: routes that are safe", max_length=400, required=False)
    number = forms.CharField(label="Number of casualties, and how badly hurt", max_length=200, required=False)
    services = forms.CharField(label="Emergency services, there and still needed", max_length=400, required=False)


class LogForm(MomentForm):
    submit = "Write it in the log"
    text = forms.CharField(
        label="What happened?",
        help_text="F2 takes the time now, Control and Enter writes it.",
        widget=forms.Textarea(attrs={"data-wb-log": "yes", "rows": 2}),
    )
    site_id = one_id("At which site?", required=False)


class CorrectForm(Asked):
    submit = "Add the correction"
    text = area("What is right?", "The earlier entry stays as it was.")


class DecideForm(MomentForm):
    submit = "Record the decision"
    information = area("What is known", required=False)
    threat = area("What threatens whom", required=False)
    powers = area("Powers and policy", required=False)
    options = area("Options", required=False)
    rejected = area("Options rejected, and why", required=False)
    decision = area("What was decided, and why")
    review_at = MomentField(label="Review at", required=False)
