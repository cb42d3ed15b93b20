"""The centre's forms. Three facts are enough to register somebody; the rest can wait until they have rested."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import DayField, KitForm, MomentField, NarrowingSelect, radios, reason
from wilberforce.base.references import ReferenceField
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age, YesNo
from wilberforce.survivors.lists import ON_THE_REFERENCE

from . import lists
from .actions.moves import CARD
from .care import Outcome, Way
from .models import Part, Where

THINGS = [
    (kind, [(t.code, t.label) for t in lists.THINGS.values() if t.kind == kind])
    for kind in dict.fromkeys(t.kind for t in lists.THINGS.values())
    if kind not in lists.NOT_CHOSEN
]


def _at(label: str, what: str) -> MomentField:
    return MomentField(
        label=label, what=what, required=False, help_text="Leave it empty for now. Use the 24-hour clock, like 14:05."
    )


class OpenForm(KitForm):
    submit = "Open the centre"
    name = forms.CharField(
        label="Code name", max_length=40, help_text="Say nothing about the place: the address belongs to the operation."
    )
    premises_id = forms.TypedChoiceField(
        label="From the directory of places",
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text="It brings its size and its rooms. Where it is, the commander tells those named on a shift.",
    )
    capacity = forms.IntegerField(
        label="How many people can it take?", min_value=1, max_value=200, required=False,
        help_text="Empty: as many as the directory says.",
    )  # fmt: skip
    rooms = forms.MultipleChoiceField(
        label="Rooms", choices=lists.choices(lists.ROOMS), widget=forms.CheckboxSelectMultiple, required=False
    )
    beds = forms.IntegerField(label="Beds in each sleeping room", min_value=0, max_value=100, initial=0, required=False)
    standby = forms.BooleanField(label="On standby: it is not used yet", required=False)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["premises_id"].choices = [("", "Somewhere else"), *places]  # type: ignore[attr-defined]

    def rooms_with_beds(self) -> list[tuple[str, int]]:
        beds = self.cleaned_data["beds"] or 0
        return [(kind, beds if kind.startswith("sleeping") else 0) for kind in self.cleaned_data["rooms"]]


class ShiftForm(KitForm):
    submit = "Set up the shift"
    membership_id = forms.TypedChoiceField(
        label="Who works it?",
        coerce=UUID,
        widget=NarrowingSelect,
        help_text="Whoever has a role at a centre. A driver or an interpreter is invited as a reception worker.",
    )
    part = forms.ChoiceField(label="As", choices=Part.choices, initial=Part.STAFF)
    starts = MomentField(label="It starts", what="The start")
    ends = MomentField(label="It ends", what="The end")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["membership_id"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


class SignInForm(KitForm):
    submit = "Sign in to this shift"


class SignOutForm(KitForm):
    submit = "Sign out"


class StockForm(KitForm):
    submit = "Record it"
    thing = forms.ChoiceField(label="What", choices=[(t.code, t.label) for t in lists.THINGS.values() if t.stocked])
    change = forms.IntegerField(
        label="How many came in?",
        help_text="With a minus, how many a count found missing.",
        min_value=-999,
        max_value=999,
    )


class FindForm(KitForm):
    submit = "Find or register"
    reference = ReferenceField(label="Reference on the card", help_text="The whole reference, like P-7K3MQX.")


class NewcomerForm(KitForm):
    @property
    def somebody_else(self) -> bool:
        """They looked at whom we meant, and it is nobody of them."""
        return self.data.get("somebody_else") == "yes"


class RegisterForm(NewcomerForm):
    submit = "Register"
    reference = ReferenceField(label="Reference", required=False, help_text="From the card. Empty: a new one is made.")
    age = forms.ChoiceField(label="Adult or child?", choices=Age.choices, widget=forms.RadioSelect)
    languages = forms.ChoiceField(
        label="Language",
        choices=[("", "Not known yet"), *((code, one.label) for code, one in LANGUAGES.items() if code != "und")],
        widget=NarrowingSelect,
        required=False,
    )
    interpreter = forms.ChoiceField(
        label="Do they want an interpreter?", choices=YesNo.choices, widget=forms.RadioSelect, initial=YesNo.NOT_SURE
    )
    at = _at("When did they arrive?", "The arrival")

    def clean_languages(self) -> list[str]:
        chosen: str = self.cleaned_data["languages"]
        return [chosen] if chosen else []


class RegisterFoundForm(RegisterForm):
    """The site gave them their reference: it is what the manifest knows them by."""

    reference = None  # type: ignore[assignment]


class NeedsForm(KitForm):
    submit = "Record what they need"
    needs = forms.MultipleChoiceField(
        label="What do they need?",
        choices=lists.choices(ON_THE_REFERENCE),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What, never why: everybody on the shift can see this.",
    )


class GiveForm(KitForm):
    submit = "Given"
    thing = forms.ChoiceField(label="What was given?", choices=THINGS)
    quantity = forms.IntegerField(label="How many?", min_value=1, max_value=20, initial=1)
    detail = forms.CharField(label="Size or detail", max_length=200, required=False)
    at = _at("When?", "The time")


class MoveForm(KitForm):
    submit = "Moved"
    to = forms.ChoiceField(label="Where are they now?", choices=Where.choices, widget=forms.RadioSelect)
    at_risk = radios(
        "If they are looked for: is this an adult at risk?",
        YesNo.choices,
        "For a child, and if nobody is sure, the search begins at once.",
        initial=YesNo.NOT_SURE,
        required=False,
    )
    at = _at("Since when?", "The time")


class HowTheyLeftForm(KitForm):
    destination = forms.ChoiceField(
        label="Where do they go?",
        choices=[("", "Choose, or write their choice below"), *lists.choices(lists.DESTINATIONS)],
        required=False,
        help_text="The kind of place only. The address is kept apart, by those who may see it.",
    )
    choice = forms.CharField(
        label="What did they choose?",
        widget=forms.Textarea,
        max_length=2_000,
        required=False,
        help_text="In their words.",
    )
    transport = forms.ChoiceField(
        label="How do they travel?", choices=lists.choices(lists.TRANSPORT), initial="not-known"
    )
    card = radios("Do they have their information card?", CARD.items())


class CorrectLeavingForm(HowTheyLeftForm):
    submit = "Correct it"
    why = reason(required=True)


class LeaveForm(HowTheyLeftForm):
    submit = "They leave"
    way = radios(
        "How may somebody ask after them?", Way.choices, "Their number or address is kept on their own page, not here."
    )
    on = DayField(label="On which day?", what="The day", required=False, help_text="Empty: after three working days.")
    contact = forms.CharField(
        label="Whom can they ask for?",
        max_length=200,
        required=False,
        help_text="A colleague and a number of ours that is safe to call. It is printed on their card."
        " Empty only if they do not want to be asked after.",
    )
    at = _at("When do they leave?", "The departure")

    def left(self) -> dict[str, Any]:
        """How they left, and how they are asked after."""
        said = dict(self.cleaned_data)
        return said | {"follow_up": {name: said.pop(name) for name in ("way", "on", "contact")}}


class SearchEndedForm(KitForm):
    submit = "The search has ended"
    outcome = radios("How did it end?", [(t.code, t.label) for t in lists.THINGS.values() if t.kind == "search"])
    told = forms.CharField(
        label="Who told you, and what did they say?",
        widget=forms.Textarea,
        max_length=200,
        help_text="For the police: their reference. Never where somebody is in safety.",
    )
    at = _at("When?", "The time")


class DecideForm(KitForm):
    submit = "They are asked what they want to do next"
    sooner_because = forms.CharField(
        label="If it is before rest and information: why?",
        widget=forms.Textarea,
        max_length=200,
        required=False,
        help_text="For example: they asked to. In their words.",
    )


class CardForm(KitForm):
    submit = "Show the card"
    language = forms.ChoiceField(label="Language", choices=lists.choices(lists.CARD), required=False)
    contact = forms.CharField(
        label="Whom can they ask for?", max_length=200, required=False, help_text="A colleague and a number of ours."
    )
    on = DayField(label="Asked after on", what="The day", required=False)


class BelongingForm(KitForm):
    submit = "Take it in"
    bag = forms.CharField(label="Number on the bag", max_length=20)
    what = forms.CharField(label="What is in it?", widget=forms.Textarea, max_length=500, required=False)
    at = _at("When?", "The time")


class CorrectBelongingForm(KitForm):
    submit = "Correct it"
    what = forms.CharField(label="What is in it?", widget=forms.Textarea, max_length=500, required=False)
    why = reason(required=True)


class GiveBackForm(KitForm):
    submit = "Given back"
    receipt = forms.CharField(
        label="Receipt",
        max_length=20,
        help_text="From their slip, like R-7K3MQX. Is the slip lost? It stands beside the bag on the page before.",
    )


class FollowUpForm(KitForm):
    submit = "Correct it"
    on = DayField(label="On which day?", what="The day")
    way = radios("How?", [choice for choice in Way.choices if choice[0] != Way.NONE])
    contact = forms.CharField(label="Whom can they ask for?", max_length=200)
    why = reason()


class FollowedUpForm(KitForm):
    submit = "Record it"
    outcome = radios("How was it?", Outcome.choices)


class CloseForm(KitForm):
    submit = "Close the centre"
    keeper_id = forms.TypedChoiceField(
        label="Who asks after those who left?",
        coerce=UUID,
        widget=NarrowingSelect,
        help_text="They alone open when and how each is asked after, until the last was asked. Nothing else opens.",
    )

    def __init__(self, *args: Any, keepers: Sequence[tuple[str, str]] | None, **options: Any) -> None:
        """``keepers`` is None where nobody is to be asked after."""
        super().__init__(*args, **options)
        if keepers is None:
            del self.fields["keeper_id"]
        else:
            self.fields["keeper_id"].choices = [("", "Choose"), *keepers]  # type: ignore[attr-defined]


class KeeperForm(KitForm):
    submit = "They ask from now on"
    membership_id = forms.TypedChoiceField(
        label="Who asks after those who left?", coerce=UUID, widget=NarrowingSelect,
        help_text="In place of whoever asked before. Nobody names themselves.",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["membership_id"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


def people_choices(people: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(person.pk), f"{person.user.display_name}, {person.agency.short_name}") for person in people]
