"""What is asked at the arrest and at the custody desk. The choices that turn on the case are given by the page."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from wilberforce.base import clock
from wilberforce.base.forms import KitForm, MomentField, NarrowingSelect, Option
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import YesNo
from wilberforce.operations.models import Sex

from .actions.entries import CARE
from .lists import OFFENCES, SEIZED_UNDER, SIGNS, STATIONS, offences_on
from .models import Decision, Ending, ExhibitKind, Heard, MoveKind, Right, Standing
from .rules import CRIMINAL_RESPONSIBILITY, OLDEST_AGE, Authority, BailCase, Brought

Choices = Iterable[tuple[str, str]]
NO_OFFENCE = "Choose at least one offence."
NOW = "Leave all four empty if it is now. Use the 24-hour clock, like 14:05."


def _radio(label: str, choices: Any, hint: str = "", **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, help_text=hint, widget=forms.RadioSelect, **options)


def _ticks(label: str, choices: Any, hint: str = "", missing: str = "") -> forms.MultipleChoiceField:
    """``missing``: what is said where it has to be answered."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=hint, required=bool(missing), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": missing} if missing else None,
    )  # fmt: skip


def area(label: str, hint: str = "", missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=bool(missing), max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing} if missing else None,
    )  # fmt: skip


def moment(label: str, what: str) -> MomentField:
    return MomentField(label=label, what=what, help_text=NOW, required=False)


class AgesField(forms.CharField):
    """``27 or 32`` is two ages, either of which may be theirs."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        words = re.sub(r"\b(or|and)\b|[,;/]", " ", text, flags=re.I).split()
        if not all(re.fullmatch(r"\d{1,9}", word, re.A) for word in words):
            raise ValidationError("Write ages in numbers, like 32, or 27 or 32.")
        ages = [int(word) for word in words]
        if any(not CRIMINAL_RESPONSIBILITY.value <= age <= OLDEST_AGE for age in ages):
            raise ValidationError(
                f"An age is between {CRIMINAL_RESPONSIBILITY.value} and {OLDEST_AGE}. Check it, or leave it empty."
            )
        return ages


def offer_todays_offences(form: forms.Form) -> None:
    offences: Any = form.fields["offences"]
    day = clock.in_london(clock.now()).date()
    offences.choices = [(one.code, Option(one.label, one.citation)) for one in offences_on(day)]


class AskedNow(KitForm):
    """``choices``: field -> what can be chosen here."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in (choices or {}).items():
            field: Any = self.fields[name]
            field.choices = list(offered)

    def clean_at(self) -> datetime:
        return self.cleaned_data["at"] or clock.now()


class ArrestForm(AskedNow):
    submit = "Record the arrest"
    where = _radio("Where in the operation?", [])
    place = forms.CharField(label="Place of the arrest", max_length=300, help_text="Street, room, or what is near.")
    label = forms.CharField(
        label="Name, or what to call them",
        help_text="Where the name is not known, a label that nobody else has here, such as “man 1”.",
    )
    sex = _radio("Sex", Sex.choices, initial=Sex.NOT_SURE)
    ages = AgesField(
        label="Age",
        required=False,
        help_text="Leave it empty if it is not known. Where one of several ages is theirs, write all: 27 or 32.",
    )
    ages_shared_with = forms.TypedChoiceField(
        label="Do they share these ages with somebody else?",
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text="Where the ages of several people are known, but not which is whose.",
    )
    offences = _ticks("Offences", [], missing=NO_OFFENCE)
    at = moment("When were they arrested?", "The arrest")
    grounds = area("Grounds", "Why they are suspected, and why the arrest is necessary (PACE 1984 Code G).")
    taken_to = forms.TypedChoiceField(label="To which force's station are they taken?", coerce=UUID)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_todays_offences(self)


class CorrectArrestForm(ArrestForm):
    """Ages have their own page, because those of several people can hang together."""

    submit = "Save the correction"
    why = area("Why is it corrected?", "What was there before stays beside it.", "Write why it is corrected.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["ages"], self.fields["ages_shared_with"]


class AgeForm(KitForm):
    submit = "Record the age"
    age = forms.TypedChoiceField(label="Which age is theirs?", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ages: Iterable[int] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["age"]
        field.choices = [(age, str(age)) for age in ages]


class BookInForm(AskedNow):
    submit = "Book in"
    station = _radio("Custody suite", [])
    arrived_at = moment("When did they arrive at the station?", "The arrival")
    brought = _radio(
        "How did they come?",
        [(str(one), str(one).capitalize()) for one in Brought if one is not Brought.GOES_ON],
        initial=str(Brought.TAKEN_AFTER_ARREST),
    )
    left_at = MomentField(
        label="If another force held them for another offence: when did they leave its station?",
        what="The departure",
        required=False,
        help_text="The clock of this offence starts at arrival, or 24 hours after this (PACE 1984 s.41(5)).",
    )

    def clean_arrived_at(self) -> datetime:
        return self.cleaned_data["arrived_at"] or clock.now()


class CorrectBookingForm(BookInForm):
    submit = "Save the correction"
    why = area("Why is it corrected?", "What was there before stays beside it.", "Write why it is corrected.")

    def __init__(self, *args: Any, **options: Any) -> None:
        stations = {"station": [(code, station.label) for code, station in STATIONS.items()]}
        super().__init__(*args, choices=stations, **options)
        if self.initial.get("brought") == Brought.GOES_ON:
            brought: Any = self.fields["brought"]
            brought.choices = [*brought.choices, (str(Brought.GOES_ON), str(Brought.GOES_ON).capitalize())]


class DecideForm(AskedNow):
    submit = "Authorise detention"
    at = moment("When was detention authorised?", "The authorisation")
    grounds = area("Grounds", "To secure or preserve evidence, or to obtain it by questioning (PACE 1984 s.37(2)).")


class CareForm(KitForm):
    submit = "Save"
    rights = _ticks("Rights given", Right.choices)
    at = moment("When were the rights given?", "The time")
    language = forms.ChoiceField(
        label="Language they understand best",
        required=False,
        choices=[("", "Not known"), *((code, entry.label) for code, entry in LANGUAGES.items())],
        widget=NarrowingSelect,
    )
    interpreter = _radio("Do they need an interpreter?", YesNo.choices)
    appropriate_adult = _radio(
        "Do they need an appropriate adult?", YesNo.choices, "Under 18, perhaps under 18, or vulnerable."
    )
    possible_victim = _radio(
        "Could they be a victim themselves?",
        YesNo.choices,
        "A suspect can be a victim too (Modern Slavery Act 2015 s.45). If yes, tell a first responder.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("rights") and not cleaned.get("at") and "at" not in self.errors:
            cleaned["at"] = clock.now()
        return cleaned


class ReviewForm(AskedNow):
    submit = "Record the review"
    at = moment("When was the review held?", "The review")
    decision = _radio("Decision", Decision.choices)
    reason = area("Reasons, and the representations made", "Where the review is late, say too why.")


class PostponeForm(AskedNow):
    submit = "Postpone the review"
    at = moment("When was this decided?", "The decision")
    reason = area("Why can't it be held now?", "The review stays due. Late is recorded as late.")


class ExtendForm(AskedNow):
    submit = "Extend to 36 hours"
    at = moment("When did the superintendent decide?", "The decision")
    reason = area("Reasons, and the representations made")


class HospitalForm(AskedNow):
    submit = "Save"
    at = moment("When?", "The time")


class LookedAfterForm(AskedNow):
    submit = "Save"
    kind = _radio("What was it?", [(str(one), one.label) for one in CARE])
    at = moment("When did it begin?", "The beginning")
    until = MomentField(
        label="When did it end?", what="The end", required=False, help_text="Rest and questions need their end."
    )
    text = area("Note", "Who was there, what was offered or declined.")


class FurtherOffenceForm(AskedNow):
    submit = "Record the further arrest"
    offences = _ticks("For what?", [], missing=NO_OFFENCE)
    at = moment("When were they arrested for it?", "The arrest")
    reason = area("Grounds", "No new clock starts (PACE 1984 s.41(4)): the relevant time stays that of the first.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_todays_offences(self)


class CourtWarrantForm(AskedNow):
    submit = "Record the warrant"
    at = moment("When did the court issue or extend it?", "The issue")
    hours = forms.IntegerField(
        label="For how many hours?", min_value=1, max_value=36, help_text="At most 36, counted from the issue."
    )
    reason = area("Court, grounds and representations", "PACE 1984 s.43 and s.44.")


class ScreenForm(AskedNow):
    submit = "Save"
    signs = _ticks(
        "What was seen, or said without being asked?",
        [(one.code, one.label) for one in SIGNS.values()],
        "Don't ask about the offence: that would be an interview (PACE 1984 Code C 11.1A). Don't ask anybody "
        "to prove anything.",
    )
    standing = _radio("What are they taken to be from now on?", Standing.choices)
    at = moment("When was this decided?", "The screening")
    reason = area(
        "Why?",
        "Kept for the investigator and the prosecutor, who weigh the Modern Slavery Act 2015 s.45 and Schedule 4.",
    )


class ExtendBailForm(AskedNow):
    submit = "Extend bail"
    authority = _radio(
        "Who decided?", [(one.name, one.value.capitalize()) for one in Authority if one is not Authority.FIRST]
    )
    at = moment("When was this decided?", "The decision")
    reason = area("Reasons, and the representations made")


NEVER_CHOSEN = (Ending.TRANSFERRED, Ending.MISTAKEN)
"""The one is written by handing over, the other only when an ending is put right."""


class OutcomeForm(AskedNow):
    submit = "End the detention"
    kind = _radio("How does it end?", [one for one in Ending.choices if one[0] not in NEVER_CHOSEN])
    at = moment("When?", "The outcome")
    offences = _ticks("If charged: with what?", [(o.code, Option(o.label, o.when_law)) for o in OFFENCES.values()])
    bail_case = _radio(
        "If bailed: whose case is it?",
        [(one.name.lower(), one.value[0].upper() + one.value[1:]) for one in BailCase],
        "It decides how long bail may run (PACE 1984 s.47ZB).",
        required=False,
        initial="standard",
    )
    reason = area("Reasons", "Needed where the time had run out, or where they are no longer a suspect.")
    unweighed = area(
        "If charged before the defence was weighed: why?",
        "Where they may be a victim, or under 18, the investigator and the prosecutor weigh it first (Modern Slavery "
        "Act 2015 s.45). No clock waits for it: somebody who must be released is released.",
    )

    def clean_bail_case(self) -> str:
        return self.cleaned_data["bail_case"] or "standard"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == Ending.CHARGED and not cleaned.get("offences") and "offences" not in self.errors:
            self.add_error("offences", "Choose the offences charged.")
        if kind == Ending.RECLASSIFIED and not cleaned.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", "Write why they are no longer a suspect: this may be asked in court.")
        return cleaned


class CorrectOutcomeForm(OutcomeForm):
    submit = "Correct how it ended"
    kind = _radio("How did it end?", [one for one in Ending.choices if one[0] != Ending.TRANSFERRED])
    why = area("Why is it corrected?", "What was there before stays beside it.", "Write why it is corrected.")


def stations_of(force: str) -> list[tuple[str, str]]:
    return [(code, station.label) for code, station in STATIONS.items() if station.force == force]


# Exhibits


class ExhibitForm(AskedNow):
    submit = "Record the exhibit"
    where = _radio("Where in the operation?", [])
    mark = forms.CharField(label="Exhibit mark", max_length=40, help_text="Initials and a number, such as AB/1.")
    kind = _radio("What is it?", ExhibitKind.choices)
    description = area("Describe it", "Colour, maker, number on it. No names: a person is their reference below.")
    place = forms.CharField(label="Where exactly was it?", max_length=300, help_text="Room, drawer, pocket.")
    power = _radio("Under which power?", [(one.code, Option(one.label, one.source)) for one in SEIZED_UNDER.values()])
    owner_id = forms.TypedChoiceField(label="Whose is it?", coerce=UUID, empty_value=None, required=False)
    control_id = forms.TypedChoiceField(
        label="In whose control was it?",
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text="Who had it on them, or held the key. A passport that somebody else keeps is a sign of control.",
    )
    bag = forms.CharField(label="Number of the bag or seal", required=False, max_length=40)
    seized_by = forms.CharField(label="Who seized it, if not you?", required=False, max_length=120)
    at = moment("When was it seized?", "The seizure")

    def clean_description(self) -> str:
        if not self.cleaned_data["description"].strip():
            raise ValidationError("Enter an answer: Describe it")
        return str(self.cleaned_data["description"])


class CorrectExhibitForm(ExhibitForm):
    submit = "Put it right"
    why = area("Why is it corrected?", "What was there before stays beside it.", "Write why it is corrected.")


class ExhibitMoveForm(AskedNow):
    submit = "Record it"
    kind = _radio("What happens with it?", MoveKind.choices, initial=MoveKind.HANDED_OVER)
    received_by = forms.CharField(
        label="Who receives it?",
        required=False,
        max_length=120,
        help_text="An officer, a store, a laboratory, its owner.",
    )
    place = forms.CharField(label="Where is it now?", required=False, max_length=200)
    bag = forms.CharField(label="Number of the bag or seal, if it is a new one", required=False, max_length=40)
    why = area("Why?", "Needed where it is disposed of.")
    at = moment("When?", "The handover")


class TellingForm(AskedNow):
    submit = "Record it"
    people = forms.TypedMultipleChoiceField(
        label="Who?", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple, help_text="Those not told yet."
    )
    answer = _radio("What happened?", Heard.choices, initial=Heard.TOLD)
    words = area(
        "How were they told, or why not yet?",
        "In which language, by whom, through whom; when it is tried again. No names.",
    )
    at = moment("When?", "The telling")
