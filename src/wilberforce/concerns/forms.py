"""What we ask of whoever tells us, and of the desk that judges it. Nothing but the account itself must be answered."""

from django import forms
from django.db.models import Q

from wilberforce.agencies.models import Area
from wilberforce.base.forms import KitForm, NarrowingSelect, Option, radios, reason
from wilberforce.base.paging import Filters, choice_or_all
from wilberforce.deadlines.policy import subjects_of

from .lists import INDICATORS, LANGUAGES
from .models import Identity, Report, YesNo
from .rules import ADDED, Priority

LONGEST = 20_000
LINE = 500
URGENCY = {
    Priority.DANGER_NOW: "Somebody is in danger now",
    Priority.CHILD: "A child, or not sure",
    Priority.HELD_OR_HURT: "Held or hurt",
    Priority.TIME_CRITICAL: "Time matters",
    Priority.ORDINARY: "Ordinary",
}
IDENTITY = [
    (Identity.ANONYMOUS, Option("Nobody", "Leave no contact. You get a code with which you can come back.")),
    (Identity.CONFIDENTIAL, Option("Only a few officers", "They keep it apart from what you tell us.")),
    (Identity.SHARE, Option("Also the organisations that help")),
]


class SeenForm(KitForm):
    danger_now = radios(
        "Is somebody in danger now?",
        YesNo.choices,
        "If yes, call 999 first. If you can't speak, press 55 when you are asked.",
        initial=YesNo.NOT_SURE,
    )
    body = forms.CharField(
        label="What have you seen or heard?",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 10}),
        help_text="In any language. Do not go back to look or ask people questions: it may put them in danger.",
    )
    area = forms.ModelChoiceField(
        Area.objects.live(),
        label="In which area is it?",
        required=False,
        empty_label="Somewhere else, or not sure",
    )
    where = forms.CharField(
        label="Where exactly?",
        max_length=LINE,
        required=False,
        help_text="An address, business, website or vehicle.",
    )
    when_seen = forms.CharField(label="When, and how often?", max_length=LINE, required=False)
    child = radios("Is anybody there under 18?", YesNo.choices, initial=YesNo.NOT_SURE)
    indicators = forms.MultipleChoiceField(
        label="What made you worry?",
        choices=[(code, entry.question) for code, entry in INDICATORS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Choose all that fit, or none.",
    )
    language = forms.ChoiceField(
        label="In which language should we answer you?",
        choices=[(code, entry.label) for code, entry in LANGUAGES.items()],
        widget=NarrowingSelect,
        initial="en",
    )


class TellForm(SeenForm):
    """The public page."""

    submit = "Send it"

    identity_choice = radios("Who may know who you are?", IDENTITY, initial=Identity.ANONYMOUS)
    contact = forms.CharField(
        label="How can we reach you?",
        max_length=LINE,
        required=False,
        help_text="Only if you want: name, phone or e-mail.",
    )
    safe_times = forms.CharField(label="When is it safe to reach you?", max_length=LINE, required=False)

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        if "\n" in contact:
            raise forms.ValidationError("Write your contact on one line.")
        return contact


class OfficerForm(SeenForm):
    """An officer tells the desk what they heard; who told them stays with them until the source keeper asks."""

    submit = "Give it to the desk"


class AgainForm(KitForm):
    submit = "Open it"

    code = forms.CharField(label="Your code", max_length=100, help_text="28 letters and figures, capital or small.")


class MoreForm(KitForm):
    submit = "Send it"

    text = forms.CharField(label="Is there something to add?", max_length=5_000, widget=forms.Textarea)


class ReplyForm(KitForm):
    submit = "Leave this answer"

    text = forms.CharField(
        label="Answer to the writer",
        max_length=5_000,
        widget=forms.Textarea,
        help_text="They see it when they come back with their code. Somebody else may be looking on: name nobody.",
    )


class CloseForm(KitForm):
    submit = "Close this report"


class TriageForm(KitForm):
    submit = "Judge it and put it back"

    outcome = radios("What happens with it?", Report.Outcome.choices)
    priority = forms.TypedChoiceField(
        label="How urgent is it?", choices=[(int(p), words) for p, words in URGENCY.items()], coerce=int
    )


class JudgeAnewForm(TriageForm):
    submit = "Judge it anew and put it back"

    why = reason(required=True)


class QueueFilters(Filters):
    """Only what the queue shows: to find out more by choosing than by looking would be a way round it."""

    state = forms.ChoiceField(
        label="Which reports?",
        choices=[
            ("", "Those that wait"),
            (Report.State.TRIAGED, "Those that were judged"),
            (Report.State.CLOSED, "Those that are closed"),
        ],
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label="Urgency",
        choices=choice_or_all([(int(p), words) for p, words in URGENCY.items()]),
        coerce=int,
        required=False,
        empty_value="",
    )
    language = forms.ChoiceField(
        label="Language",
        choices=choice_or_all([(code, entry.label) for code, entry in LANGUAGES.items()]),
        required=False,
        widget=NarrowingSelect,
    )

    def where(self) -> Q:
        """One to which the writer added something waits again, whatever was judged."""
        state = self.answer("state")
        which = Q(state=state) if state else Q(state=Report.State.NEW) | Q(pk__in=subjects_of(ADDED))
        return which & self.equal(urgency="priority", language="language")
