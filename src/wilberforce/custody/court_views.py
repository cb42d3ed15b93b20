"""What happens after custody, for the investigators of a case."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.base.paging import listed
from wilberforce.ledger.pages import attempt, page

from . import actions, court_of
from .court_forms import ProceedForm
from .filters import ArrestFilters
from .rules import court

READS = ("suspect:R:arrest", "suspect:R:detention")


@page("suspect:R:arrest", "suspect:R:proceedings")
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = listed(request, partial(court_of.listed, actor), ArrestFilters)
    return render(
        request, "custody/proceedings.html", {"listing": found, "leads_to": "criminal_investigation:proceeding"}
    )


@page(*READS, "suspect:R:proceedings")
def one(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    return render(request, "custody/proceeding.html", court_of.one(actor, arrest_id))


@page(*READS, "suspect:R:defence", "suspect:RW:proceedings", "suspect:RW:victim_news")
def proceed(request: HttpRequest, actor: Actor, arrest_id: UUID) -> HttpResponse:
    form = ProceedForm(request.POST or None, earlier=court_of.earlier(actor, arrest_id))
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.proceed(actor, arrest_id, **form.cleaned_data)
            return redirect("criminal_investigation:proceeding", arrest_id)
    return render(request, "custody/proceed.html", {"form": form, "arrest_id": arrest_id, "by_post": court.BY_POST})
