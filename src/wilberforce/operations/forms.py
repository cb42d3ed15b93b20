"""What is asked. The choices that turn on the operation are given by the page."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.base.forms import KitForm, MomentField
from wilberforce.base.history import LONGEST_REASON
from wilberforce.concerns.lists import LANGUAGES, PREMISES
from wilberforce.concerns.models import Age, YesNo
from wilberforce.operations import rules
from wilberforce.operations.lists import BY_WARRANT, WITHOUT_WARRANT
from wilberforce.operations.models import (
    Answer,
    Band,
    Entries,
    Heading,
    Injury,
    Part,
    Place,
    Sex,
    Standing,
    Strand,
    Task,
)

Choices = Iterable[tuple[str, str]]
OPENS = "It opens 12 hours before the start, earlier for planners whom you name."
NOW = "Leave it empty if it is now."


def _of(entries: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(code, entry.label) for code, entry in entries.items()]


def area(label: str, hint: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, widget=forms.Textarea)


def radio(label: str, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)


def one_id(label: str, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=UUID, empty_value=None, required=required)


def ids(label: str, hint: str = "") -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, help_text=hint, coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )


def languages_known() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Languages",
        help_text="Choose all that you know of; none if you are not sure.",
        choices=_of(LANGUAGES),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )


class Asked(KitForm):
    """``choices``: field -> what can be chosen here."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in (choices or {}).items():
            field: Any = self.fields[name]
            single = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField)
            field.choices = [("", "Choose one"), *offered] if single else list(offered)


# The plan


def why_corrected(
    label: str = "Why is it corrected?", hint: str = "What stood there stays beside it.", *, required: bool = True
) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=LONGEST_REASON, widget=forms.Textarea
    )


class OfPlan(Asked):
    name = forms.CharField(label="Name of the operation", max_length=200)
    objectives = area("Objectives", "What it is for, with the welfare of the people found first.")
    threat = area(
        "What threatens whom?", "The people found first, then those who go in, and everybody near.", required=False
    )
    proportionality = area(
        "Why is what you do proportionate?", "What else could be done, and why it is not enough.", required=False
    )
    planned_for = MomentField(label="When does it start?")


class ChangeForm(OfPlan):
    submit = "Save the plan"
    why = why_corrected("Why does it change?", required=False)


class PlanForm(OfPlan):
    submit = "Begin the plan"
    strand = radio("Strand", Strand.choices)


class OfPartner(Asked):
    brings = area("What it brings", required=False)
    power = area("By which powers it acts", required=False)
    own_entry = forms.BooleanField(label="It goes in by a power of its own", required=False)


class PartnerForm(OfPartner):
    submit = "Ask this agency"
    field_order = ("agency_id",)
    agency_id = one_id("Agency")


class CorrectPartnerForm(OfPartner):
    submit = "Correct it"
    why = why_corrected()


class AnswerForm(Asked):
    submit = "Record the answer"
    agency_id = one_id("Agency")
    answer = radio("Answer", [choice for choice in Answer.choices if choice[0] != Answer.ASKED])


class AdoptForm(Asked):
    submit = "Give it to this operation"
    reference = forms.CharField(
        label="Reference of the operation",
        help_text="Such as OP-7K3MQX.",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class RosterForm(Asked):
    submit = "Put them on the roster"
    membership_id = one_id("Person")
    part = forms.ChoiceField(label="Task", choices=Task.choices)
    sites_from = MomentField(
        label="Sees the addresses from", help_text="Only for a named planner; else 12 hours before.", required=False
    )


class CaseForm(Asked):
    submit = "Put them on the case team"
    membership_id = one_id("Person")


class OfSite(Asked):
    place = forms.CharField(label="Town, or the part of it", max_length=120)
    address = area("Address", "The roster sees it from 12 hours before the start.", required=False)
    plan = area(
        "How is it laid out, and how is it entered?",
        "Floors, doors, stairs, where people sleep, who goes where. It opens with the address.",
        required=False,
    )
    premises = forms.ChoiceField(label="Kind of premises", choices=_of(PREMISES))
    expected = forms.ChoiceField(label="People expected", choices=Band.choices, initial=Band.NOT_SURE)
    languages = languages_known()
    host_force = one_id("Force of the area, if the place does not tell", required=False)


class SiteForm(OfSite):
    submit = "Add the site"
    field_order = ("ref", "place", "address", "plan", "premises", "expected", "languages", "hazards")
    ref = forms.CharField(label="Letter", max_length=2)
    hazards = area("Hazards", "Fire sees these too. No names.", required=False)


class CorrectSiteForm(OfSite):
    submit = "Correct the site"
    why = why_corrected()


class SiteOutForm(Asked):
    submit = "Take it out of the plan"
    why = why_corrected("Why is it taken out?", "Its address closes to everybody but you. What stands about it stays.")


class SiteBackForm(Asked):
    submit = "Put it back into the plan"
    why = why_corrected("Why is it put back?", "Its bronze is named anew.")


class HostForm(Asked):
    submit = "Record the agreement"
    agreed_by = forms.CharField(label="Who agreed for the force of the area?", max_length=200)
    at = MomentField(label="When?")


class WarrantForm(Asked):
    submit = "Record the warrant"
    power = forms.ChoiceField(label="Power", choices=_of(BY_WARRANT))
    court = forms.CharField(label="Court", max_length=200)
    grounds = area("Grounds")
    issued_at = MomentField(label="When was it issued?")
    entries = radio("Entries", Entries.choices, initial=Entries.ONE)
    named_agencies = ids("Named on it beside the police", rules.NAMED_ON_WARRANT.source)


class CorrectWarrantForm(WarrantForm):
    submit = "Correct the warrant"
    returned_at = MomentField(label="When did it go back to the court?", help_text="Only if it has.", required=False)
    why = why_corrected()


class BriefForm(Asked):
    submit = "Give this brief"
    agency_id = one_id("For which agency?")
    part = radio("What it tells", Part.choices, initial=Part.FULL)
    text = area("What they need to know", "Information, intent, method, administration, risks, communications, people.")


class OfCentre(Asked):
    ready_by = MomentField(label="Ready by", required=False)
    expected = forms.ChoiceField(label="People expected", choices=Band.choices, initial=Band.NOT_SURE)
    languages = languages_known()
    children = radio("Children among them?", YesNo.choices, initial=YesNo.NOT_SURE)
    danger = radio("Danger to the centre?", YesNo.choices, initial=YesNo.NOT_SURE)


class CentreForm(OfCentre):
    submit = "Link this centre"
    field_order = ("code",)
    code = forms.CharField(
        label="Code of the centre",
        max_length=20,
        help_text="Six letters and numbers, such as K7M4PH. Its manager says it to you, or you scan it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class RehearseForm(Asked):
    submit = "Begin the exercise"
    players = ids("Who plays?", "You do. Of the roster, those at the table.")
    pace = forms.TypedChoiceField(
        label="How fast does its clock run?",
        choices=[(n, f"{n} minutes in each" if n > 1 else "As fast as it is") for n in rules.PACES],
        coerce=int,
        initial=10,
        widget=forms.RadioSelect,
    )


class EndForm(Asked):
    submit = "End the exercise"


# The day


class MomentForm(Asked):
    at = MomentField(label="When?", help_text=NOW, required=False)


class HostAskedForm(MomentForm):
    submit = "Record that it was asked"


class ReturnForm(MomentForm):
    submit = "Record the return"


class StartForm(MomentForm):
    submit = "Start the operation"


class ReadForm(KitForm):
    submit = "I have read it"


class CloseForm(MomentForm):
    submit = "Close the operation"


class MoveForm(MomentForm):
    submit = "Record it"
    state = radio(
        "What happened?",
        [
            ("entered", "We went in"),
            ("secured", "It is secured"),
            ("searching", "The search began"),
            ("left", "We left"),
        ],
    )
    power = forms.ChoiceField(
        label="If you went in without a warrant, under which power?",
        choices=[("", "Under the warrant"), *_of(WITHOUT_WARRANT)],
        required=False,
    )
    entering = ids("Partners who went in with you")


class HazardForm(Asked):
    submit = "Tell everybody on site"
    text = area("What could hurt somebody?", "No names.", required=False)
    inside = forms.IntegerField(label="How many people are inside?", min_value=0, max_value=2000, required=False)


class PersonForm(Asked):
    submit = "Put it right"
    age = radio("Adult or child?", Age.choices)
    sex = radio("Sex", Sex.choices, initial=Sex.NOT_SURE)
    languages = languages_known()
    injury = radio("Injury", Injury.choices, initial=Injury.NOT_SURE)
    note = area("What helps those who look after them next", "Never a name.", required=False)


class CorrectPersonForm(PersonForm):
    why = why_corrected(required=False)


class FoundForm(PersonForm, MomentForm):
    submit = "Record the person"


class SendForm(MomentForm):
    submit = "Record where they go"
    to = radio("Where are they going?", [choice for choice in Heading.choices if choice[0] != Heading.NONE])
    centre_id = one_id("Which centre?", required=False)


class SendElsewhereForm(SendForm):
    why = why_corrected("Why do they go somewhere else, or what was wrong?")


class HandOverForm(MomentForm):
    submit = "Hand them over"
    to = radio("Into whose hands?", [choice for choice in Place.choices if choice[0] != Place.SITE])
    vehicle_id = one_id("Which vehicle?", required=False)
    centre_id = one_id("Which centre?", required=False)


class ReceiveForm(MomentForm):
    submit = "They are with us"


class HospitalForm(ReceiveForm):
    submit = "They are received"
    received_words = forms.CharField(label="Who received them there?", help_text="A post, not a name.", max_length=120)


class UndoForm(Asked):
    submit = "It did not happen"
    why = area("Why not?", "They are where they were before.")


class StandingForm(Asked):
    submit = "Keep it"
    standing = radio("How are they looked upon now?", Standing.choices)
    why = area("Why?", "What was thought before stays in their history.")


class CheckForm(Asked):
    submit = "Ask the desk"
    question = area("What do you need to know?")
    site_id = one_id("At which site?", required=False)


class AnswerSiteForm(Asked):
    submit = "Answer the site"
    answer = area("What may the site know?", "They see this answer and never the file.")
