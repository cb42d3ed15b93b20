"""What is asked about a recipient without a sign-in, and of whoever sends it something."""

from typing import Any

from django import forms

from wilberforce.access.context import Actor
from wilberforce.base.forms import DayField, KitForm, MomentField, Option, radios, reason
from wilberforce.survivors.actions.consents import OUTSIDE
from wilberforce.survivors.lists import BASES, choices

from . import policy
from .forms import EMPTY, ProposeForm, in_words
from .models import Outsider
from .rules import packs


class OutsiderForm(KitForm):
    submit = "Write it down"

    code = radios("What is it?", [(code, OUTSIDE[code]) for code in packs.KINDS])
    name = forms.CharField(label="Its name", max_length=120, help_text="Of the office or firm, not of a person.")
    reached = forms.CharField(label="Where do packs go?", max_length=120, help_text="An office's address or mailbox.")
    public_key = forms.CharField(
        label="Its public key", max_length=80,
        help_text="They make it with age-keygen, keep the private half, and send you the line that begins with age1.",
    )  # fmt: skip


class HeardForm(KitForm):
    submit = "They read out the same"

    number_from = radios(
        "Where did their number come from?", packs.NUMBER_FROM, "Never from the message that brought the key."
    )


class CorrectOutsiderForm(KitForm):
    submit = "Put it right"

    name = forms.CharField(label="Its name", max_length=120, help_text="Of the office or firm, not of a person.")
    reached = forms.CharField(label="Where do packs go?", max_length=120, help_text="An office's address or mailbox.")
    why = reason()


class GiveUpForm(KitForm):
    submit = "Send nothing more to it"


class PaperAgreementForm(ProposeForm):
    """With exactly one recipient, whose page it was opened from."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["to_agency"], self.fields["successor_rule"]


class PaperForm(KitForm):
    submit = "They have signed"

    office = forms.CharField(label="Which office of theirs signed?", max_length=80, help_text="The office, not a name.")
    on = DayField(label="On which day did they sign?", what="The day")


class SendOutsideForm(KitForm):
    submit = "Ask your guardian to let it go"

    what = radios("What, and to whom?", [])
    fields_sent = forms.MultipleChoiceField(
        label="Exactly which fields?", widget=forms.CheckboxSelectMultiple, choices=(),
        help_text="Only what they need. Those of the choice above go; others are refused.",
    )  # fmt: skip
    basis = forms.ChoiceField(label="On which ground?", choices=EMPTY + choices(BASES))
    until = MomentField(label="By when must they delete it?", what="The end")

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = {f"{to.pk}/{kind.code}": (to, kind) for to, kind in policy.may_go_outside(actor)}
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (code, Option(f"{kind.words}, to {to.name}", in_words(kind.fields)))
            for code, (to, kind) in self.offered.items()
        ]
        names = dict.fromkeys(name for _, kind in self.offered.values() for name in kind.fields)
        self.fields["fields_sent"].choices = [(name, in_words([name])) for name in names]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[Outsider, policy.Kind]:
        return self.offered[self.cleaned_data["what"]]


class HandedForm(KitForm):
    submit = "It was handed over"


class ToldForm(KitForm):
    submit = "We told them to delete it"


class AnsweredForm(KitForm):
    submit = "Keep their answer"

    gone = radios("What did they say became of it?", packs.ANSWERS)
