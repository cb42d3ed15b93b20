"""What is asked after the day."""

from django import forms

from .forms import Asked, MomentForm, area, ids, one_id, radio, why_corrected
from .models import DebriefKind, Topic, Verdict


class OwnLessonForm(Asked):
    submit = "Say it"
    kind = radio("When is it said?", DebriefKind.choices, initial=DebriefKind.HOT)
    topic = forms.ChoiceField(label="What is it about?", choices=Topic.choices)
    verdict = radio("Keep it or change it?", Verdict.choices)
    text = area("What happened, and why does it matter?", "No names.")
    follows = area("What should follow?", required=False)


class LessonForm(OwnLessonForm):
    agency_id = one_id("Which agency says so, if not yours?", required=False)
    owner_id = one_id("Which agency does what follows?", required=False)


class HeldForm(MomentForm):
    submit = "Record it"
    kind = radio("Which debrief?", DebriefKind.choices)
    agencies = ids("Who was there?", "Your own force too.")


class CorrectHeldForm(HeldForm):
    submit = "Correct the debrief"
    why = why_corrected()
