"""Forms about the house, its beds and its safety."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import DayField, KitForm, MomentField, NarrowingSelect, radios, reason
from wilberforce.base.references import ReferenceField
from wilberforce.concerns.lists import LANGUAGES

from . import lists
from .care import Ending
from .house import Done, HandedBy
from .interpreting import By, CalledOff, Is
from .models import State

Choices = list[tuple[str, str]]


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=200, initial=0)


def _codes(label: str, entries: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=lists.choices(entries), widget=forms.CheckboxSelectMultiple, required=False
    )


class TurnForm(KitForm):
    submit = "Change it"
    to = radios("The centre is now", [choice for choice in State.choices if choice[0] != State.CLOSED])


class _Beds(KitForm):
    beds = forms.IntegerField(label="Beds", min_value=0, max_value=100, initial=0)
    blocked = forms.IntegerField(
        label="Of them, blocked", min_value=0, max_value=100, initial=0, help_text="Broken, kept free, or not made."
    )


class RoomForm(_Beds):
    submit = "Add the room"
    kind = forms.ChoiceField(label="Room", choices=lists.choices(lists.ROOMS))
    field_order = ["kind", "beds", "blocked"]


def _still_used() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Is it still used?",
        choices=[("yes", "Yes"), ("no", "No, it was given up")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )


class CorrectRoomForm(RoomForm):
    submit = "Change it"
    used = _still_used()
    why = reason()
    field_order = ["kind", "beds", "blocked", "used", "why"]


class CorrectCentreForm(KitForm):
    submit = "Correct it"
    name = forms.CharField(label="Code name", max_length=40, help_text="Say nothing about the place.")
    capacity = forms.IntegerField(label="How many people can it take?", min_value=1, max_value=200)
    why = reason(required=True)


class BedForm(KitForm):
    submit = "Give them this bed"
    room_id = forms.TypedChoiceField(
        label="In which room do they sleep?", coerce=UUID, empty_value=None, required=False
    )
    asked = forms.BooleanField(
        label="If the room is not for people like them: we asked them, and it is right for them", required=False
    )

    def __init__(self, *args: Any, rooms: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["room_id"].choices = [("", "In none yet"), *rooms]  # type: ignore[attr-defined]


class RosterForm(KitForm):
    submit = "Put them on the roster"
    membership_id = forms.TypedChoiceField(label="Who?", coerce=UUID, widget=NarrowingSelect)

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["membership_id"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


class OffRosterForm(KitForm):
    submit = "Take them off the roster"


class OffShiftForm(KitForm):
    submit = "Call it off"


class CheckForm(KitForm):
    submit = "Record it"
    item = forms.ChoiceField(label="What")
    answer = radios("Is it so?", Done.choices)
    note = forms.CharField(
        label="Note",
        max_length=200,
        required=False,
        help_text="What is done about it, and by whom. Nothing about a person.",
    )

    def __init__(self, *args: Any, items: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].choices = items  # type: ignore[attr-defined]


class ApartForm(KitForm):
    submit = "Keep them apart"
    reference = ReferenceField(label="From whom? Their reference", help_text="Never why.")


class EndApartForm(KitForm):
    submit = "They need not be kept apart"


class WorryForm(KitForm):
    submit = "Tell the police liaison"
    text = forms.CharField(
        label="What worries you?",
        widget=forms.Textarea,
        max_length=2_000,
        help_text="What you saw and heard. It goes to the police liaison; nothing of it stays here.",
    )


class TapForm(KitForm):
    submit = "Done"
    thing = forms.ChoiceField(
        label="What was done?",
        choices=[(t.code, t.label) for t in lists.THINGS.values() if t.kind not in lists.NOT_CHOSEN],
    )


class TakeBackForm(KitForm):
    submit = "It was not given"
    why = forms.CharField(
        label="Why?", max_length=200, required=False, help_text="Within ten minutes nobody has to say why."
    )


class TimedForm(KitForm):
    submit = "Set it"
    kind = forms.ChoiceField(label="What", choices=lists.choices(lists.TIMED))
    due_at = MomentField(label="By when?", what="The time")
    detail = forms.CharField(label="What is to be done?", max_length=500, required=False)


class TimeKeptForm(KitForm):
    submit = "End it"
    ended = radios("What happened?", [(one.value, one.label) for one in Ending if one != Ending.CHANGED])
    why = forms.CharField(label="Why, if it is no longer needed", max_length=200, required=False)


class CardsForm(KitForm):
    submit = "Print the cards"
    number = forms.IntegerField(label="How many cards?", min_value=2, max_value=80)
    tablet = forms.CharField(
        label="For which tablet?", max_length=20, required=False, help_text="Each tablet has cards of its own."
    )


class PremisesForm(KitForm):
    submit = "Add this place"
    name = forms.CharField(label="What you call it", max_length=60)
    district = forms.CharField(label="District", max_length=60)
    address = forms.CharField(label="Address", widget=forms.Textarea, max_length=500)
    contact = forms.CharField(
        label="Who opens the door, by day and by night?", widget=forms.Textarea, max_length=300, required=False
    )
    capacity = forms.IntegerField(label="How many people can it take?", min_value=1, max_value=200)
    beds_women = _count("Beds in a room for women")
    beds_men = _count("Beds in a room for men")
    toilets = _count("Toilets")
    showers = _count("Showers")
    rooms = _codes("Rooms", lists.ROOMS)
    features = _codes("What it has", lists.FEATURES)
    note = forms.CharField(label="Note", widget=forms.Textarea, max_length=500, required=False)
    looked_on = DayField(label="When did somebody last look at it?", what="The day", required=False)


class ChangePremisesForm(PremisesForm):
    submit = "Change it"
    still_there = radios("May it still be used?", [("yes", "Yes"), ("no", "No, it was given up")])
    why = reason()


class WhereForm(KitForm):
    submit = "Tell those on the shift"
    centre_id = forms.TypedChoiceField(label="Which centre?", coerce=UUID)
    premises_id = forms.TypedChoiceField(label="Place of the directory", coerce=UUID, empty_value=None, required=False)
    address = forms.CharField(
        label="Or its address", widget=forms.Textarea, max_length=500, required=False, help_text="It comes first."
    )
    why = reason("Why does it change?", required=False)

    def __init__(self, *args: Any, centres: Choices, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["centre_id"].choices = centres  # type: ignore[attr-defined]
        self.fields["premises_id"].choices = [("", "None of these"), *places]  # type: ignore[attr-defined]


class InterpreterForm(KitForm):
    submit = "Book or ask for one"
    language = forms.ChoiceField(label="Language", choices=lists.choices(LANGUAGES), widget=NarrowingSelect)
    way = radios("How?", By.choices)
    gender = radios("The interpreter is", Is.choices, initial=Is.NOT_SURE)
    agreed = forms.BooleanField(label="They said that this is all right", required=False)
    who = forms.CharField(
        label="Who?",
        max_length=100,
        required=False,
        help_text="The agency's number is enough. Never somebody who came with them.",
    )
    booked_for = MomentField(label="For when?", what="The time", required=False)


class BookOtherwiseForm(KitForm):
    submit = "Keep it"
    who = forms.CharField(label="Who?", max_length=100, required=False, help_text="The agency's number is enough.")
    booked_for = MomentField(label="For when?", what="The time", required=False)
    why = reason()


class CallOffForm(KitForm):
    submit = "Call it off"
    called_off = radios("Why?", [choice for choice in CalledOff.choices if choice[0]])
    why = forms.CharField(label="Anything that whoever books next should know", required=False, max_length=500)


class MinutesForm(KitForm):
    submit = "Keep the times"
    began_at = MomentField(label="When did it begin?", what="The beginning")
    ended_at = MomentField(label="When was it over?", what="The end")
    why = reason(required=True)


class SessionForm(KitForm):
    submit = "Begin"
    with_id = forms.TypedChoiceField(
        label="Who of the shift stays in the room?", coerce=UUID, empty_value=None, required=False
    )
    does = forms.ChoiceField(choices=[(code, code) for code in ("arrived", "begin", "end", "distress", "left")])

    def __init__(self, *args: Any, staff: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["with_id"].choices = [("", "Choose"), *staff]  # type: ignore[attr-defined]


class HandOverForm(KitForm):
    submit = "Record the handover"
    what = forms.ChoiceField(label="Which records, and to whom?")
    way = radios("How?", HandedBy.choices)
    taken_by = forms.CharField(label="Who took them?", max_length=100, help_text="Their name and post.")

    def __init__(self, *args: Any, waiting: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = waiting  # type: ignore[attr-defined]


class RecordingForm(KitForm):
    submit = "Keep this recording"
    sentence = forms.ChoiceField(label="Which sentence?")
    sound = forms.FileField(label="Recording", help_text="OGG, WEBM, MP3, M4A or WAV, below two megabytes.")

    def __init__(self, *args: Any, sentences: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sentence"].choices = sentences  # type: ignore[attr-defined]


class FeedbackForm(KitForm):
    submit = "OK"

    def __init__(self, *args: Any, questions: Sequence[tuple[str, str, str]], answers: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, question, beside in questions:
            self.fields[code] = radios(question, answers, beside, required=False)
