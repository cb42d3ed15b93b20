"""What is asked of whoever shares, asks or signs. Which kinds of things there are to share the matrix says."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.forms import DayField, KitForm, MomentField, NarrowingSelect, Option, radios, reason
from wilberforce.base.paging import Filters, choice_or_all
from wilberforce.concerns.models import YesNo
from wilberforce.survivors.lists import BASES, choices

from . import policy
from .rules import REFUSED_BECAUSE, SUCCEEDED

EMPTY = [("", "")]
SAFEGUARDING = ("child-protection", "adult-safeguarding", "vital-interests")
SHARED_CLASSES = ("intel", "suspect", "operation", "person_ref", "identity", "health", "support", "account")


def spoken(code: str) -> str:
    return code.replace("_ref", "").replace("_", " ").capitalize()


class SignForm(KitForm):
    submit = "Sign for your agency"


class CorrectTermsForm(KitForm):
    submit = "Put the terms right"

    basis = forms.CharField(label="By which law?", max_length=120, help_text="Act and section.")
    dpia_ref = forms.CharField(label="Reference of the impact assessment (DPIA)", max_length=40)
    starts = DayField(label="First day", what="The first day")
    ends = DayField(label="Last day, if there is one", what="The last day", required=False)
    why = reason()


class AgainForm(KitForm):
    submit = "Write the same terms with the successor"


class EndForm(KitForm):
    submit = "End this agreement now"


class ApproveForm(KitForm):
    submit = "Let it go"


class RefuseForm(KitForm):
    submit = "Refuse"

    reason = radios("Why not?", REFUSED_BECAUSE, "Whoever asked reads this.")


class RecallForm(KitForm):
    submit = "Call it back"


class CopiesGoneForm(KitForm):
    submit = "Our copies are gone"


class DisputeForm(KitForm):
    submit = "Dispute this answer"


class ProposeForm(KitForm):
    submit = "Write down this agreement"

    to_agency = forms.TypedChoiceField(label="With which agency?", coerce=UUID, widget=NarrowingSelect)
    data_class = forms.ChoiceField(label="What is shared?", choices=EMPTY + [(c, spoken(c)) for c in SHARED_CLASSES])
    fields_shared = forms.MultipleChoiceField(
        label="Which part of it?", help_text="The whole, or named parts. Choose all that fit.",
        error_messages={"required": "Choose the whole, or at least one part."},
    )  # fmt: skip
    used_for = forms.ChoiceField(label="For which purpose of theirs?")
    basis = forms.CharField(label="By which law?", max_length=120, help_text="Act and section.")
    dpia_ref = forms.CharField(label="Reference of the impact assessment (DPIA)", max_length=40)
    starts = DayField(label="First day", what="The first day")
    ends = DayField(label="Last day, if there is one", what="The last day", required=False)
    successor_rule = radios(
        "If another agency takes over from one of the two?", SUCCEEDED, "Nothing passes to a successor by itself."
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        today = clock.in_london(clock.now()).date()
        acting = Agency.objects.filter(Q(ends=None) | Q(ends__gt=today)).exclude(pk=actor.home)
        acting = acting.exclude(kind__in=("platform", "oversight")).order_by("name")
        self._offer("to_agency", EMPTY + [(str(one.pk), one.name) for one in acting])
        self._offer("used_for", EMPTY + [(code, spoken(code)) for code in matrix().purposes])
        named = sorted({part for data_class in SHARED_CLASSES for part in policy.projections_of(data_class)})
        whole = [(policy.WHOLE, "The whole")]
        self._offer("fields_shared", whole + [(part, spoken(part)) for part in named if part != policy.WHOLE])

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        self.fields[name].choices = offered  # type: ignore[attr-defined]


class ShareForm(KitForm):
    submit = "Ask your guardian to let it go"

    what = radios("What, and to whom?", [])
    basis = forms.ChoiceField(label="On which ground?", choices=EMPTY + choices(BASES))
    expires_at = MomentField(label="Until when may they read it?", what="The end", required=False)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        names = {agency.pk: agency.name for agency in Agency.objects.all()}
        self.offered = {f"{a.to_agency_id}/{kind.code}": (a.to_agency_id, kind) for a, kind in policy.may_go(actor)}
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (code, Option(f"{kind.words}, to {names[to]}", "Exactly: " + in_words(kind.fields)))
            for code, (to, kind) in self.offered.items()
        ]

    @property
    def chosen(self) -> tuple[UUID, policy.Kind]:
        return self.offered[self.cleaned_data["what"]]


def in_words(fields: list[str]) -> str:
    return ", ".join(name.replace("_id", "").replace("_", " ") for name in fields)


class AlertForm(KitForm):
    submit = "Alert the council now"

    to_agency = forms.TypedChoiceField(label="Which council?", coerce=UUID, help_text="Duties follow the place.")
    basis = radios("Why?", [(code, BASES[code].label) for code in SAFEGUARDING])
    person_agrees = radios("Do they agree?", YesNo.choices, "It goes whatever they answer; their answer is kept.")
    told = forms.TypedChoiceField(
        label="Were they told?", choices=[("yes", "Yes"), ("unsafe", "Telling them now is unsafe")],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        councils = Agency.objects.filter(kind__in=("city", "county"), ends=None).order_by("name")
        offered = EMPTY + [(str(one.pk), one.name) for one in councils]
        self.fields["to_agency"].choices = offered  # type: ignore[attr-defined]


class AskForm(KitForm):
    submit = "Ask for it"

    what = radios("What do you need?", [], "Asking tells nobody, and not you, whether there is any.")
    basis = forms.ChoiceField(label="On which ground?", choices=EMPTY + choices(BASES))

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = policy.kinds_for(actor.kind, actor.purpose, frozenset({actor.role}))
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (kind.code, Option(kind.words, in_words(kind.fields))) for kind in kinds
        ]


class DisclosureFilters(Filters):
    way = forms.ChoiceField(
        label="Way", choices=choice_or_all([("out", "From your agency"), ("in", "To your agency")]), required=False
    )
    what = forms.ChoiceField(
        label="What", choices=choice_or_all([(c, spoken(c)) for c in SHARED_CLASSES]), required=False
    )
    state = forms.ChoiceField(
        label="State",
        choices=choice_or_all([("waiting", "Waiting"), ("sent", "Sent"), ("stopped", "Refused or called back")]),
        required=False,
    )

    def where(self) -> Q:
        stopped = Q(refused_at__isnull=False) | Q(recalled_at__isnull=False)
        states = {
            "waiting": Q(completed_at=None) & ~stopped,
            "sent": Q(completed_at__isnull=False) & ~stopped,
            "stopped": stopped,
        }
        return self.equal(what="data_class") & states.get(self.answer("state"), Q())
