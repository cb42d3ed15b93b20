"""What an analyst and a guardian see of figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.ledger.pages import page


@page("statistic:R")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "statistics/index.html")
