"""One form on one page, tried and answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.agencies.policy import named
from wilberforce.base.forms import KitForm
from wilberforce.ledger.pages import attempt
from wilberforce.reception import lists
from wilberforce.reception.actions import sense

FORM = "reception/form.html"


def ask(
    request: HttpRequest,
    form: KitForm | None,
    title: str,
    act: Callable[..., object],
    back: tuple[Any, ...],
    template: str = FORM,
    **shown: Any,
) -> HttpResponse:
    """``back``: the name and the arguments of the page to which it leads when it worked."""
    if form is not None and request.method == "POST" and form.is_valid():
        with attempt(form):
            act(**form.cleaned_data)
            return redirect(*back)
    return render(request, template, {"form": form, "title": title} | shown)


def ask_again(
    request: HttpRequest,
    actor: Actor,
    form: KitForm | None,
    title: str,
    act: Callable[..., object],
    back: tuple[Any, ...],
    before: list[dict[str, Any]],
    lead: str = "",
) -> HttpResponse:
    """To put right what is written, with what was written there before. Without a form it is only read."""
    shown = {"entries": named(actor, before), "leads_back": reverse(back[0], args=back[1:]), "lead": lead}
    return ask(request, form, title, act, back, "reception/corrected.html", **shown)


def may_go_back(given: dict[str, Any]) -> bool:
    """Whether a page leads to where it is taken back."""
    return given["stands"] and given["kind"] not in lists.NOT_CHOSEN


def of_person(actor: Actor, person_id: UUID, title: str) -> tuple[dict[str, Any], str]:
    """The stay, and the title of a page about somebody who is here."""
    stay = sense.presence_of(actor, person_id)
    return stay, f"{stay['reference']}: {title}"
