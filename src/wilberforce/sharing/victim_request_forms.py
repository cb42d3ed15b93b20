"""What police are asked before they may ask, and what whoever keeps the records says about each request."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.forms import DayField, KitForm, MomentField, radios
from wilberforce.base.references import ReferenceField
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.survivors.lists import choices

from .models import Outsider
from .rules import material

EMPTY = [("", "")]
USUAL = timedelta(days=28)


def _why(label: str, hint: str = "", limit: int = 1_000, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=limit, widget=forms.Textarea, required=required)


class AskMaterialForm(KitForm):
    submit = "Ask for these records"

    operation_id = forms.ChoiceField(label="For which case?")
    reference = ReferenceField(
        label="The person's reference",
        help_text="You get the same answer whether or not anybody is known by it. Name nobody on this page.",
    )  # fmt: skip
    to_agency = forms.ChoiceField(
        label="Who keeps the records?",
        help_text="A hospital, a council or a firm without a sign-in is asked by letter. Your data guardian adds them.",
    )  # fmt: skip
    data_class = radios("Which records?", material.KINDS)
    covers_from = DayField(label="From which day?", what="The first day")
    covers_to = DayField(label="Until which day?", what="The last day")
    line = _why("Which reasonable line of enquiry does it follow?")
    necessary = _why("Why is it necessary?")
    proportionate = _why("Why is this much, and no less, in proportion?")
    alternatives = _why("What else was considered, and why is it not enough?")
    counselling = radios(
        "Are counselling records asked for?", [("no", "No"), ("yes", "Yes")],
        "They are presumed not needed. A senior officer has to approve it.",
    )  # fmt: skip
    probative = _why("If so, why are they likely to have substantial probative value?", required=False)
    notice = _why(
        "The notice that the person is given",
        "In plain words: what is sought, why, how it will be dealt with, and that they may say what they think.",
        2_000,
    )
    notice_form = radios(
        "Are they given it?", material.NOTICES,
        "The Act lets you leave it out, or leave something out of it, on three grounds alone. A senior officer has to "
        "agree, and whoever keeps the records reads why.", initial="whole",
    )  # fmt: skip
    ground = radios("If not whole, on which ground?", material.GROUNDS, required=False)
    ground_why = _why("If not whole, why is that so here?", required=False)

    def __init__(self, *args: Any, actor: Actor, cases: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        signing_in = Agency.objects.filter(kind="redcross", ends=None).order_by("name")
        by_letter = (
            Outsider.objects.filter(agency_id=actor.home, ended_at=None).exclude(checked_at=None).order_by("name")
        )
        keepers = [(str(one.pk), one.name) for one in signing_in]
        keepers += [(str(one.pk), f"{one.name}, by letter") for one in by_letter]
        self.fields["operation_id"].choices = EMPTY + cases  # type: ignore[attr-defined]
        self.fields["to_agency"].choices = EMPTY + keepers  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        names = ("line", "necessary", "proportionate", "alternatives", "notice", "probative", *material.EXCEPTED)
        case = material.Case(counselling=said.pop("counselling") == "yes", **{name: said.pop(name) for name in names})
        ids = {name: UUID(said.pop(name)) for name in ("operation_id", "to_agency")}
        return {**said, **ids, "case": case}


class ToldForm(KitForm):
    submit = "They have the notice"

    given_to = radios(
        "Who was given it?", material.GIVEN_TO,
        "A child, and an adult who can't decide this now, have it through somebody for them. Never through anybody who "
        "may have harmed them.", initial="person",
    )  # fmt: skip
    given_because = radios("If somebody for them, why?", material.BECAUSE, required=False)
    given_who = forms.CharField(
        label="If somebody for them, what are they to the person, and why were they the right one?", required=False,
        max_length=300, widget=forms.Textarea, help_text="Name nobody.",
    )  # fmt: skip
    language = forms.ChoiceField(label="In which language did they get it?", choices=EMPTY + choices(LANGUAGES))
    view = radios("What does the person say?", material.VIEWS, "Their care stays the same whatever they answer.")
    said = forms.CharField(
        label="In their words, if they want that written down", required=False, max_length=500, widget=forms.Textarea
    )

    @property
    def told(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        to, because, who = (said.pop(f"given_{name}") for name in ("to", "because", "who"))
        return {**said, "given": material.Given(to, because, who)}


class LetterForm(KitForm):
    submit = "Ask your guardian to let the letter go"

    called = forms.CharField(
        label="Whom is it about, as they know them?", max_length=200,
        help_text="A name and a date of birth, or their own reference. It stands in the sealed letter alone.",
    )  # fmt: skip


class AnswerForm(KitForm):
    submit = "Write down their answer"
    answer = radios(
        "What did they answer?", material.ANSWERS, "What they sent is listed with the material of the case."
    )


class ExcuseForm(KitForm):
    submit = "Go on without the notice"


class NoticeMayGoForm(KitForm):
    submit = "The notice may be given now"


class ChooseForm(KitForm):
    submit = "These may go"

    records = forms.MultipleChoiceField(
        label="Which of them go?", widget=forms.CheckboxSelectMultiple, help_text="Only what the request needs.",
        error_messages={"required": "Choose the records that go, or refuse."},
    )  # fmt: skip
    until = MomentField(label="Until when may the case team read them?", what="The end")

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **options: Any) -> None:
        options.setdefault("initial", {"until": clock.now() + USUAL})
        super().__init__(*args, **options)
        self.fields["records"].choices = offered  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        return {"records": [UUID(one) for one in self.cleaned_data["records"]], "until": self.cleaned_data["until"]}


class RefuseMaterialForm(KitForm):
    submit = "Refuse"
    reason = radios("Why not?", material.REFUSALS)


class SendForm(KitForm):
    submit = "Ask the guardian to let them go"


class TakeBackForm(KitForm):
    submit = "Take the request back"


class SeniorYesForm(KitForm):
    submit = "Approve it as it is asked"


class SeniorNoForm(KitForm):
    submit = "Refuse it"
