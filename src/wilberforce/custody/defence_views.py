"""The weighing of the defence, for the investigators of a case. No prosecutor signs in: theirs is entered here."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.pages import attempt, page

from . import actions, weighing_of
from .defence_forms import ProsecutorForm, WeighForm
from .filters import ArrestFilters
from .rules import defence

READS = ("suspect:R:arrest", "suspect:R:detention", "suspect:R:defence")
FORMS = {defence.INVESTIGATOR: WeighForm, defence.PROSECUTOR: ProsecutorForm}
LAW = (
    defence.DEFENCE, defence.SCHEDULE_4, defence.PUBLIC_INTEREST, defence.IN_NORTHERN_IRELAND, defence.IN_SCOTLAND,
)  # fmt: skip


@page(*READS)
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = listed(request, partial(weighing_of.listed, actor), ArrestFilters)
    return render(request, "custody/defences.html", {"listing": found, "leads_to": "criminal_investigation:defence"})


@page(*READS)
def one(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    return render(request, "custody/defence.html", weighing_of.one(actor, arrest_id) | {"law": LAW})


@page(*READS, "suspect:W:defence")
def weigh(request: HttpRequest, actor: Actor, arrest_id: UUID, what: str) -> HttpResponse:
    """``what``: whose weighing. One that is corrected fills the form in."""
    if what not in FORMS:
        raise NotAllowed(rule="address", reason="address")
    shown = weighing_of.one(actor, arrest_id)
    mine = [row for row in shown["history"] if row["whose"] == what and row["newest"]]
    earlier = [(str(row["id"]), f"Yes: that of {clock_time(row['at'])}") for row in mine]
    form = FORMS[what](
        request.POST or None, offences=shown["codes"], earlier=earlier, initial=_filled_in(request, shown["rows"])
    )
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.weigh(actor, arrest_id, whose=what, **form.cleaned_data)
            return redirect("criminal_investigation:defence", arrest_id)
    title = f"The weighing by {dict(defence.WHOSE)[what].lower()}"
    return render(request, "custody/weigh.html", shown | {"form": form, "title": title})


def _filled_in(request: HttpRequest, rows: list[Row]) -> dict[str, Any]:
    asked = request.GET.get("instead", "")
    return next((row | {"instead_of": row["id"]} for row in rows if str(row["id"]) == asked), {})
