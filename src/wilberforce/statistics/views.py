"""What analysts, guardians and the public see of figures: whole quarters, never a part of one."""

import csv
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.ledger.pages import attempt, page

from . import actions, forms, policy, table
from .rules import FEWEST, FROZEN_AFTER, HIDDEN_BELOW, ROUNDED_TO


@page("statistic:R", "statistic:A")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A guardian of a force draws a quarter up here; nobody chooses what is counted."""
    draws = actor.role == "data_guardian" and actor.kind == "police"
    form = forms.QuarterForm(request.POST or None) if draws else None
    if form and request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.draw_up(actor, **form.cleaned_data)
            return redirect("statistics:index")
    shown = {"quarters": table.quarters(actor), "form": form, "approves": actor.role == "data_guardian"}
    return render(request, "statistics/index.html", shown | {"how": HOW})


@page("statistic:RA")
def say_yes(request: HttpRequest, actor: Actor, quarter_id: UUID) -> HttpResponse:
    """A button beside the quarter; opened by itself it leads back there."""
    if request.method == "POST":
        actions.say_yes(actor, quarter_id)
    else:
        policy.QUARTERS.one(actor, quarter_id)
    return redirect("statistics:index")


@page("statistic:R")
def export(request: HttpRequest, actor: Actor) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="figures.csv"'
    lines = csv.writer(answer)
    lines.writerow(["Force", "Quarter", "Figure", "Shown"])
    for quarter in table.quarters(actor):
        lines.writerows([quarter["force"], quarter["words"], q.label, said] for q, said in quarter["lines"])
    return answer


@page("statistic:R", who="public")
def published(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "statistics/published.html", {"quarters": table.quarters(actor), "how": HOW})


HOW = (
    f"A quarter is drawn up once, {FROZEN_AFTER.value} days after its end, and does not change any more. "
    f"Behind it stand at least {FEWEST.value} people found. Counts under {HIDDEN_BELOW.value}, nought among them, are "
    f"hidden as {table.HIDDEN}; every other figure is rounded to {ROUNDED_TO.value}: parts and totals need not add up, "
    "and 15 may be anything from 13 to 17. Only 10 people found are 10, 11 or 12."
)
