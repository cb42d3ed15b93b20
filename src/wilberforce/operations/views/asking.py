"""One form on one page, tried and answered; and what can be chosen in it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.agencies.models import Agency, Membership
from wilberforce.base import clock
from wilberforce.base.forms import KitForm
from wilberforce.ledger.pages import attempt
from wilberforce.operations import policy
from wilberforce.operations.board import agencies

Choices = list[tuple[str, str]]


def ask(
    request: HttpRequest, form: KitForm, title: str, act: Callable[..., Any], back: str, lead: str = ""
) -> HttpResponse:
    """``back``: where it leads when it worked, or when somebody thinks better of it."""
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            act(**form.cleaned_data)
            return redirect(back)
    return render(request, "operations/form.html", {"form": form, "title": title, "back": back, "lead": lead})


def agencies_of(kinds: Iterable[str] = (), without: Iterable[UUID | None] = ()) -> Choices:
    """Those that act today."""
    today = clock.in_london(clock.now()).date()
    found = Agency.objects.filter(starts__lte=today).exclude(ends__lte=today).order_by("name")
    found = found.filter(kind__in=kinds) if kinds else found.exclude(kind__in=("platform", "oversight"))
    return [(str(agency.pk), agency.name) for agency in found.exclude(pk__in=[i for i in without if i])]


def named(ids: Iterable[UUID | None]) -> Choices:
    return sorted(((str(i), name) for i, name in agencies(ids).items()), key=lambda choice: choice[1])


def holding(roles: Iterable[str], of_agencies: Iterable[UUID | None]) -> Choices:
    ids = [i for i in of_agencies if i]
    found: dict[str, str] = {}
    for role in roles:
        members = Membership.objects.holding(role, clock.now()).filter(agency__in=ids).select_related("user", "agency")
        found |= {str(member.pk): str(member) for member in members}
    return sorted(found.items(), key=lambda choice: choice[1])


def centres(operation_id: UUID) -> Choices:
    links = policy.centres_of([operation_id])
    names = agencies(link.agency_id for link in links)
    return [
        (str(link.centre_id), f"Centre {link.code or number}, {names[link.agency_id]}")
        for number, link in enumerate(links, start=1)
    ]
