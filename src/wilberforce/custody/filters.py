"""By what the lists of arrests, of detained people and of exhibits are narrowed."""

from django import forms
from django.db.models import Q

from wilberforce.base.paging import Filters, choice_or_all

from .lists import OFFENCES, STATIONS
from .models import ExhibitKind
from .rules import CRIMINAL_RESPONSIBILITY


class ArrestFilters(Filters):
    offence = forms.ChoiceField(
        label="Offence", required=False, choices=choice_or_all((code, one.label) for code, one in OFFENCES.items())
    )
    age = forms.ChoiceField(
        label="Age", required=False, choices=choice_or_all([("young", "May be under 18"), ("unsettled", "Not settled")])
    )

    def where(self) -> Q:
        offence, age = self.answer("offence"), self.answer("age")
        young = Q(age_one_of=[]) | Q(age_one_of__overlap=list(range(CRIMINAL_RESPONSIBILITY.value, 18)))
        chosen = {"young": young, "unsettled": Q(age_one_of__len__gt=1)}.get(age, Q())
        return chosen & (Q(offences__contains=[offence]) if offence else Q())


class DetainedFilters(Filters):
    over = forms.ChoiceField(
        label="Whose detention",
        required=False,
        choices=[("", "Has not ended"), ("yes", "Has ended, the latest first")],
    )
    station = forms.ChoiceField(
        label="Custody suite",
        required=False,
        choices=choice_or_all((code, station.label) for code, station in STATIONS.items()),
    )

    def where(self) -> Q:
        return Q(ended_at__isnull=self.answer("over") != "yes") & self.equal(station="station")


class ExhibitFilters(Filters):
    kind = forms.ChoiceField(label="Kind", choices=choice_or_all(ExhibitKind.choices), required=False)

    def where(self) -> Q:
        return self.equal(kind="kind")
