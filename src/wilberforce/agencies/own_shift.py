"""The shift of whoever serves no centre: nobody plans it for them, and their desk opens while it lasts."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.forms import KitForm
from wilberforce.ledger.pages import attempt, page

from . import shifts


class ShiftForm(KitForm):
    submit = "Sign in to my shift"
    hours = forms.TypedChoiceField(
        label="How long is your shift?",
        coerce=int,
        choices=[(8, "8 hours"), (10, "10 hours"), (12, "12 hours")],
        initial=8,
        widget=forms.RadioSelect,
    )


class SignOutForm(KitForm):
    submit = "Sign out of my shift"


@page()
def custody(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _own(request, actor, part="custody")


@page()
def duty(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The council's duty team. The shifts of a centre are planned by its manager and stand in its own workspace."""
    if actor.kind == "redcross":
        return redirect("reception:shift")
    return _own(request, actor, part="duty")


def _own(request: HttpRequest, actor: Actor, *, part: str) -> HttpResponse:
    running = shifts.current(actor.membership)
    form: KitForm = SignOutForm(request.POST or None) if running else ShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and actor.agency:
        with attempt(form):
            if running:
                shifts.sign_out(actor)
                return redirect(f"{actor.purpose}:shift")
            until = clock.now() + timedelta(hours=form.cleaned_data["hours"])
            shifts.sign_in(actor, actor.agency, until=until, part=part)
            return redirect(f"{actor.purpose}:index")
    return render(request, "agencies/shift.html", {"form": form, "running": running})
