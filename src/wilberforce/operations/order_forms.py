"""What is asked for the operation order: its parts, what may go wrong, and who commands."""

from django import forms

from wilberforce.operations.forms import OPENS, Asked, _area, _ids, _one_id, _radio, why_corrected
from wilberforce.operations.models import Chance, Charge, Iimarch, Level


class OrderPartForm(Asked):
    submit = "Keep this part"
    heading = forms.ChoiceField(label="Heading", choices=Iimarch.choices)
    text = _area("What they need to know")
    agencies = _ids("For whom?", "Nobody ticked: for everybody.")
    names_site = forms.BooleanField(label="It tells where a site is", required=False, help_text=OPENS)


class ContingencyForm(Asked):
    submit = "Keep it in the plan"
    chance = forms.ChoiceField(label="What may go wrong?", choices=Chance.choices)
    sign = _area("How would somebody notice?", "The sign of it.")
    answer = _area("What is done then?")
    decides = _radio("Who decides?", Level.choices)
    resource = _area("With what, and where does it come from?", required=False)
    agencies = _ids("Who is told in the order?", "Nobody ticked: everybody.")


class ReplanForm(ContingencyForm):
    why = why_corrected("Why does it change?", required=False)


class CommanderForm(Asked):
    submit = "Give them command"
    level = _radio("At which level?", [(level.value, level.label) for level in (Level.GOLD, Level.SILVER)])
    membership_id = _one_id("Who?")


class EndCommandForm(Asked):
    submit = "End their command"
    command_id = _one_id("Whose command ends?")


class BronzeForm(Asked):
    submit = "Name them"
    charge = _radio("What do they command?", Charge.choices)
    site_id = _one_id("Which site?", required=False)
    membership_id = _one_id("Who of the roster?")


class IssueForm(Asked):
    submit = "Issue it"
