"""What is asked for the operation order: its parts, what may go wrong, and who commands."""

from django import forms

from wilberforce.operations.forms import OPENS, Asked, OfCentre, area, ids, one_id, radio, why_corrected
from wilberforce.operations.models import Chance, Charge, Iimarch, Level

STAYS = "You find it later under what the plan said before."


class OrderPartForm(Asked):
    submit = "Keep this part"
    heading = forms.ChoiceField(label="Heading", choices=Iimarch.choices)
    text = area("What they need to know")
    agencies = ids("For whom?", "Nobody ticked: for everybody.")
    names_site = forms.BooleanField(label="It tells where a site is", required=False, help_text=OPENS)


class ChangePartForm(OrderPartForm):
    why = why_corrected("Why does it change?", required=False)


class TakeOutForm(Asked):
    submit = "Take it out of the order"
    why = why_corrected("Why is it taken out?")


class ContingencyForm(Asked):
    submit = "Keep it in the plan"
    chance = forms.ChoiceField(label="What may go wrong?", choices=Chance.choices)
    sign = area("How would somebody notice?", "The sign of it.")
    answer = area("What is done then?")
    decides = radio("Who decides?", Level.choices)
    resource = area("With what, and where does it come from?", required=False)
    agencies = ids("Who is told in the order?", "Nobody ticked: everybody.")


class ReplanForm(ContingencyForm):
    why = why_corrected("Why does it change?", required=False)


class EndContingencyForm(Asked):
    submit = "End it"
    used = forms.TypedChoiceField(
        label="What became of it?",
        choices=[("used", "It happened, and this was done"), ("gone", "It no longer applies")],
        coerce=lambda said: said == "used",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    why = why_corrected("Why does it end?")


class CommanderForm(Asked):
    submit = "Give them command"
    level = radio("At which level?", [(level.value, level.label) for level in (Level.GOLD, Level.SILVER)])
    membership_id = one_id("Who?")


class EndCommandForm(Asked):
    submit = "End their command"
    command_id = one_id("Whose command ends?")
    why = why_corrected("Why does it end?", STAYS)


class TakeOffForm(Asked):
    submit = "Take them off"
    membership_id = one_id("Who?")
    why = why_corrected("Why are they taken off?", STAYS)


class WithdrawBriefForm(Asked):
    submit = "Withdraw it"
    brief_id = one_id("Which copy?")
    why = why_corrected("Why is it withdrawn?", STAYS)


class UnlinkForm(Asked):
    submit = "Unlink it"
    centre_id = one_id("Which centre?")
    why = why_corrected("Why is it unlinked?", STAYS)


class ReadyForm(OfCentre):
    submit = "Tell the centre"
    field_order = ("centre_id",)
    centre_id = one_id("Which centre?")
    why = why_corrected("Why does it change?", required=False)


class BronzeForm(Asked):
    submit = "Name them"
    charge = radio("What do they command?", Charge.choices)
    site_id = one_id("Which site?", required=False)
    membership_id = one_id("Who of the roster?")


class IssueForm(Asked):
    submit = "Issue it"
