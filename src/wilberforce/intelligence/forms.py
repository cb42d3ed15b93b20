"""What an officer is asked about a piece of information, and about somebody under suspicion."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

from wilberforce.agencies.models import Agency
from wilberforce.base.forms import DayField, KitForm, radios, reason
from wilberforce.base.paging import Filters, choice_or_all

from .lists import FUNCTIONS
from .models import Assessment, Grade, Handling, Link, Priority


class ItemForm(KitForm):
    submit = "Keep this item"

    text = forms.CharField(
        label="What is known?",
        widget=forms.Textarea({"rows": 6}),
        help_text="One piece of information, one grade. Nothing that shows who told us.",
    )
    source_grade = forms.TypedChoiceField(
        label="The source is", choices=Grade, coerce=int, widget=forms.RadioSelect, initial=Grade.UNTESTED
    )
    assessment = radios("The information is", Assessment.choices, initial=Assessment.NOT_KNOWN)
    handling = radios("Handling", Handling.choices, initial=Handling.LAWFUL_SHARING)
    conditions = forms.CharField(
        label="Conditions under C", required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int, initial=Priority.MEDIUM)


class TellForm(KitForm):
    """A partner tells; which force depends on the agreements of the partner's agency."""

    submit = "Tell the force"

    to_force = forms.TypedChoiceField(label="Which force?", coerce=UUID)
    text = forms.CharField(
        label="What is known?",
        widget=forms.Textarea({"rows": 6}),
        help_text="One piece of information. Nothing that shows who told you. You can't open it again.",
    )
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int, initial=Priority.MEDIUM)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        forces = Agency.objects.filter(kind="police", ends=None).order_by("name")
        offered = [("", "Choose a force"), *((str(one.pk), one.name) for one in forces)]
        self.fields["to_force"].choices = offered  # type: ignore[attr-defined]


class DevelopForm(ItemForm):
    submit = "Save this development"
    why = reason()


class SuspectForm(KitForm):
    submit = "Keep this"

    name = forms.CharField(label="Name, if it is known", required=False, help_text="In any script. Empty: unknown.")
    description = forms.CharField(label="What is known of the person?", widget=forms.Textarea, max_length=5_000)
    ages_known = forms.CharField(
        label="Age, or ages that were reported",
        required=False,
        help_text="More than one where nobody knows which is right, like 27, 32.",
    )
    functions = forms.MultipleChoiceField(
        label="What are they suspected to do?",
        choices=[(code, entry.label) for code, entry in FUNCTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean_ages_known(self) -> list[int]:
        typed: str = self.cleaned_data["ages_known"]
        parts = [part for part in re.split(r"[,;\s]+|\bor\b", typed) if part]
        if not all(re.fullmatch(r"[0-9]{1,3}", part) for part in parts):
            raise forms.ValidationError("Write ages as numbers, like 27, 32.")
        return [int(part) for part in parts]


class CorrectSuspectForm(SuspectForm):
    submit = "Save the correction"
    why = reason()


class LinkForm(KitForm):
    submit = "Keep this tie"

    item_id = forms.TypedChoiceField(label="Which item?")
    kind = radios("The person", Link.Kind.choices)
    on = DayField(label="On which day?", what="The day", required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        missing = {"required": "Choose the item on which it rests."}
        self.fields["item_id"] = forms.TypedChoiceField(
            label="Which item?", choices=items, coerce=UUID, error_messages=missing
        )


STAYS = "It stays in the person's history."


class EndSuspicionForm(KitForm):
    submit = "End the suspicion"
    why = reason("Why does nobody suspect them any more?", STAYS, required=True)


class SuspectAgainForm(KitForm):
    submit = "Suspect them again"
    why = reason("Why are they suspected again?", STAYS, required=True)


class UntieForm(KitForm):
    submit = "End this tie"
    why = reason("Why was it wrong?", STAYS, required=True)


ADOPTED = [("yes", "Adopted by an operation"), ("no", "Not adopted")]


class AdoptedFilters(Filters):
    adopted = forms.ChoiceField(label="Operation", choices=choice_or_all(ADOPTED), required=False)

    def where(self) -> Q:
        asked = self.answer("adopted")
        return Q(operation_id__isnull=asked == "no") if asked else Q()


class ItemFilters(AdoptedFilters):
    source = forms.TypedChoiceField(
        label="Source", choices=choice_or_all(Grade.choices), coerce=int, required=False, empty_value=""
    )
    assessment = forms.ChoiceField(label="Information", choices=choice_or_all(Assessment.choices), required=False)
    priority = forms.TypedChoiceField(
        label="Priority", choices=choice_or_all(Priority.choices), coerce=int, required=False, empty_value=""
    )
    field_order = ("source", "assessment", "priority", "adopted")

    def where(self) -> Q:
        return super().where() & self.equal(source="source_grade", assessment="assessment", priority="priority")


class SuspectFilters(AdoptedFilters):
    function = forms.ChoiceField(
        label="Suspected as",
        choices=choice_or_all([(code, entry.label) for code, entry in FUNCTIONS.items()]),
        required=False,
    )
    over = forms.ChoiceField(label="Which", required=False, choices=[("", "Suspected now"), ("yes", "No longer")])
    field_order = ("function", "adopted", "over")

    def where(self) -> Q:
        asked = self.answer("function")
        which = Q(ended_at__isnull=self.answer("over") != "yes")
        return super().where() & which & (Q(functions__contains=[asked]) if asked else Q())
