"""What is asked of whoever and whatever has a task on the day."""

from django import forms

from wilberforce.base.forms import MomentField

from .forms import Asked, languages_known, one_id, radio, why_corrected
from .models import Doing, UnitKind


class OfUnit(Asked):
    agency_id = one_id("Whose?")
    label = forms.CharField(label="What is it called?", max_length=60, help_text="Such as Minibus 1. No names.")
    seats = forms.IntegerField(label="Seats, of a vehicle", min_value=1, max_value=100, required=False)
    languages = languages_known()


class NewUnitForm(OfUnit):
    submit = "Add it"
    field_order = ("kind",)
    kind = radio("What is it?", [choice for choice in UnitKind.choices if choice[0] != UnitKind.AGENCY])


class CorrectUnitForm(OfUnit):
    submit = "Correct it"
    why = why_corrected()


class UnitForm(Asked):
    submit = "Tell everybody on the board"
    doing = radio("What is it doing?", Doing.choices)
    site_id = one_id("At which site?", required=False)
    note = forms.CharField(label="In a few words", help_text="No names.", max_length=120, required=False)
    next_word_at = MomentField(label="When do you speak again?", required=False)
