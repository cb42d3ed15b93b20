"""Questions about a person. Not sure and not now are always possible, and nothing is chosen beforehand."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

from wilberforce.agencies.models import Agency, Area, Membership
from wilberforce.base import clock
from wilberforce.base.forms import DayField, KitForm, MomentField, NarrowingSelect, radios, reason
from wilberforce.base.paging import Filters, choice_or_all
from wilberforce.base.references import searched
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age, YesNo

from . import lists, models, rules
from .actions.consents import CONTACT, OUTSIDE
from .actions.people import WORKS_WITH_PEOPLE

Choices = list[tuple[str, str]]
EMPTY = [("", "")]
SPOKEN_YES_NO = [("yes", "Yes, a professional interpreter"), ("no", "No, none was needed")]
ANSWERS = [
    (rules.Answer.ASKED.value, "Asked, no answer yet"),
    (rules.Answer.NOT_NOW.value, "Not now"),
    (rules.Answer.DECLINED.value, "Declined"),
    (rules.Answer.GIVEN.value, "Given"),
]
MATTERS = ["identity", "person_ref", "support", "health", "account"]
PURPOSES = ["nrm", "support", "criminal_investigation", *CONTACT]


def spoken_codes(codes: Iterable[str]) -> Choices:
    return [
        (code, code.replace("_ref", "").replace("_", " ").replace("nrm", "referral").capitalize()) for code in codes
    ]


class PeopleFilters(Filters):
    """A reference is the one thing by which a person may be searched for."""

    reference = forms.CharField(label="Reference", required=False, max_length=20)
    language = forms.ChoiceField(
        label="Language", choices=choice_or_all(lists.choices(LANGUAGES)), required=False, widget=NarrowingSelect
    )

    def where(self) -> Q:
        reference, language = searched(self.answer("reference")), self.answer("language")
        named = Q(reference__icontains=reference) if reference else Q()
        return named & (Q(languages__contains=[language]) if language else Q())


def recipients() -> Choices:
    """Those outside, then every agency."""
    agencies = Agency.objects.exclude(kind__in=("platform", "oversight")).order_by("name")
    return [*OUTSIDE.items(), *((str(agency.pk), agency.name) for agency in agencies)]


def recipient(said: str) -> UUID | str:
    return said if said in OUTSIDE else UUID(said)


class CorrectForm(KitForm):
    submit = "Save the correction"
    age = radios("Adult or child?", Age.choices)
    languages = forms.MultipleChoiceField(
        label="Languages", choices=lists.choices(LANGUAGES), required=False, widget=forms.SelectMultiple
    )
    interpreter = radios("Do they need an interpreter?", YesNo.choices)
    interpreter_gender = radios("Which interpreter would they rather have?", models.Interpreter.choices)
    needs = forms.MultipleChoiceField(
        label="Needs", choices=lists.choices(lists.ON_THE_REFERENCE), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    household_size = forms.IntegerField(
        label="How many people live with them?", required=False, min_value=1, max_value=rules.LARGEST_HOUSEHOLD,
        help_text="Themselves included. Leave it empty if nobody knows.",
    )  # fmt: skip
    access_needs = forms.MultipleChoiceField(
        label="What must a home have?", choices=lists.choices(lists.ACCESS_NEEDS), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    avoid_area_id = forms.TypedChoiceField(
        label="Area to keep away from", required=False, coerce=UUID, empty_value=None, widget=NarrowingSelect
    )
    why = reason()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = Q(pk=self.initial.get("avoid_area_id"))  # it may have ended since
        found = Area.objects.filter(Q(ended_at=None) | named).order_by("place")
        areas = [(str(pk), place) for pk, place in found.values_list("pk", "place")]
        self.fields["avoid_area_id"].choices = [("", "None"), *areas]  # type: ignore[attr-defined]


class IdentityForm(KitForm):
    submit = "Save who they are"
    given_names = forms.CharField(label="Given names, as they say them", required=False, max_length=200)
    family_name = forms.CharField(label="Family name", required=False, max_length=200)
    also_known_as = forms.CharField(label="Other names they were made to use", required=False, max_length=200)
    date_of_birth = DayField(label="Date of birth, if they know it", what="The date of birth", required=False)
    stated_age = forms.CharField(label="Age that they gave", required=False, max_length=3)
    age_confidence = radios("How is the age known?", models.AgeConfidence.choices)
    sex = forms.CharField(label="Sex or gender, in their words", required=False, max_length=12)
    nationality = forms.CharField(label="Nationality, if they wish to say", required=False, max_length=60)
    other_nationality = forms.CharField(label="Another nationality", required=False, max_length=60)
    place_of_birth = forms.CharField(label="Where they were born", required=False, max_length=100)
    ethnicity = forms.CharField(label="Ethnicity, in their words, if they wish to say", required=False, max_length=60)
    care_of = forms.CharField(label="Care-of address", required=False, max_length=500, widget=forms.Textarea)
    national_insurance = forms.CharField(label="National Insurance number", required=False, max_length=13)
    contact = forms.CharField(label="How to reach them", required=False, max_length=200)
    contact_is_safe = radios("Is it safe to reach them there?", YesNo.choices)

    def clean_date_of_birth(self) -> str:
        born = self.cleaned_data["date_of_birth"]
        return born.isoformat() if born else ""


class CorrectIdentityForm(IdentityForm):
    submit = "Save the correction"
    why = reason()


class InTheirLanguage(KitForm):
    """``spoken``: the languages on the person's record."""

    language = forms.ChoiceField(label="In which language?")
    interpreter = radios("Did an interpreter help?", SPOKEN_YES_NO)

    def __init__(self, *args: Any, spoken: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        labels = [(code, LANGUAGES[code].label) for code in spoken]
        self.fields["language"].choices = EMPTY + labels  # type: ignore[attr-defined]

    def clean_interpreter(self) -> bool:
        return bool(self.cleaned_data["interpreter"] == "yes")


class TellForm(InTheirLanguage):
    submit = "Record that they were told"
    step = radios("What were they told?", lists.choices(lists.TOLD))
    field_order = ("step", "language", "interpreter")


def sooner() -> forms.CharField:
    return forms.CharField(
        label="If it is before rest and information: why now?", required=False, max_length=200,
        help_text="For example: they asked to. In their words. Otherwise choose not now.",
    )  # fmt: skip


class AnswerForm(InTheirLanguage):
    submit = "Record the answer"
    data_class = forms.ChoiceField(label="What is it about?", choices=EMPTY + spoken_codes(MATTERS))
    used_for = forms.ChoiceField(label="What would it be used for?", choices=EMPTY + spoken_codes(PURPOSES))
    recipient = forms.ChoiceField(label="Who would receive it?", widget=NarrowingSelect)
    answer = radios("What did they answer?", ANSWERS, "Whatever they answer, their care stays the same.")
    legal_basis = forms.ChoiceField(label="Which law does it rest on?", choices=EMPTY + lists.choices(lists.BASES))
    explained = radios("How was it explained?", models.Answer._meta.get_field("explained").choices)
    expires_at = MomentField(label="Until when does it count?", what="The end", required=False)
    sooner_because = sooner()
    field_order = (
        "data_class",
        "used_for",
        "recipient",
        "language",
        "interpreter",
        "explained",
        "answer",
        "legal_basis",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["recipient"].choices = [*EMPTY, *recipients()]  # type: ignore[attr-defined]

    def clean_recipient(self) -> UUID | str:
        return recipient(str(self.cleaned_data["recipient"]))


def _in_counselling() -> forms.BooleanField:
    return forms.BooleanField(
        label="They said it in counselling", required=False,
        help_text="Tick it too if you are not sure. Police are presumed not to need what was said there.",
    )  # fmt: skip


class NoteForm(KitForm):
    submit = "Save the note"
    text = forms.CharField(label="What helps them, in plain words", widget=forms.Textarea)
    counselling = _in_counselling()


class CareForm(KitForm):
    submit = "Add to the care flags"
    kind = radios("What must carers know?", lists.choices(lists.CARE))
    detail = forms.CharField(label="What to do or avoid, without the diagnosis", max_length=500, widget=forms.Textarea)


class PlaceForm(KitForm):
    submit = "Record where they go next"
    kind = radios("What kind of place?", lists.choices(lists.PLACES))
    address = forms.CharField(label="Address", max_length=500, widget=forms.Textarea)


class CorrectPlaceForm(PlaceForm):
    submit = "Save the correction"
    why = reason(required=True)


class AccountForm(KitForm):
    submit = "Save their account"
    text = forms.CharField(label="Their account, in their own words", max_length=15_000, widget=forms.Textarea)
    present = forms.CharField(label="Who was present?", required=False, max_length=500)


class CorrectAccountForm(AccountForm):
    submit = "Save the correction"
    why = reason()


class AssignForm(KitForm):
    submit = "Name this worker"
    membership_id = forms.ChoiceField(label="Who works with this person?", widget=NarrowingSelect)
    until = MomentField(label="Until when?", what="The end", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        posts = Membership.objects.with_roles(clock.now()).filter(roles_held__role__in=WORKS_WITH_PEOPLE).distinct()
        named = [(str(post.pk), str(post)) for post in posts]
        self.fields["membership_id"].choices = EMPTY + named  # type: ignore[attr-defined]

    def clean_membership_id(self) -> UUID:
        return UUID(str(self.cleaned_data["membership_id"]))


class ClinicalForm(KitForm):
    submit = "Save the clinical note"
    text = forms.CharField(label="For the clinicians who treat them", widget=forms.Textarea)
    counselling = _in_counselling()


class NoLongerForm(KitForm):
    submit = "End it"
    why = reason("Why does it end?", "Kept beside it.", required=True)


class EndForm(KitForm):
    submit = "End this record"


class PlacementForm(KitForm):
    submit = "Take it on for your council"


class RoleForm(KitForm):
    submit = "Add this part"
    role = radios("What are they in this case?", [(code, words.capitalize()) for code, words in models.ROLES])
    ground = radios("How is it known?", models.PersonRole._meta.get_field("basis").choices)


class BasisForm(KitForm):
    submit = "Record this law"
    basis = forms.ChoiceField(
        label="Which law?", choices=EMPTY + [c for c in lists.choices(lists.BASES) if c[0] != "consent"]
    )
    data_classes = forms.MultipleChoiceField(
        label="What may go?", choices=spoken_codes(MATTERS), widget=forms.CheckboxSelectMultiple
    )
    recipient = forms.ChoiceField(label="To whom?", widget=NarrowingSelect)
    person_agrees = radios("Do they agree?", YesNo.choices, "It is kept beside the law and never instead of it.")
    told = forms.ChoiceField(
        label="Were they told?", choices=[("yes", "Yes"), ("unsafe", "Telling them is unsafe")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    ends_at = MomentField(label="Until when?", what="The end", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["recipient"].choices = [*EMPTY, *recipients()]  # type: ignore[attr-defined]

    def clean_recipient(self) -> UUID | str:
        return recipient(str(self.cleaned_data["recipient"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = cleaned.get("told")
        return cleaned | ({"told": said == "yes", "unsafe_to_tell": said == "unsafe"} if said else {})
