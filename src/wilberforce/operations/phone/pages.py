"""The pages beside the board: the phones of a site, and what they wrote that waits for somebody."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.base.forms import KitForm
from wilberforce.base.ids import uuid_of
from wilberforce.ledger.pages import attempt, page
from wilberforce.operations import policy
from wilberforce.operations.record import operation_of

from . import phones, views, waiting
from .words import SETTLED, clock_said

WRITES = ("operation:RW:day_log", "operation:RW:site_found", "operation:RW:site_hazard")


class PhoneForm(KitForm):
    submit = "Make this browser a phone of the site"
    label = forms.CharField(
        label="What is this phone called?", max_length=40, help_text="Such as Bronze B. Do this on the phone itself."
    )


class SettleForm(KitForm):
    submit = "Decide"
    seq = forms.IntegerField(widget=forms.HiddenInput)
    settled = forms.ChoiceField(label="What happens with it?", choices=list(SETTLED.items()), widget=forms.RadioSelect)
    why = forms.CharField(label="Why, if it is set aside", max_length=200, required=False)


@page(*WRITES)
def of_site(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    """With what each has not sent yet, when it was last heard and whether its clock is right."""
    site = policy.SITES.one(actor, site_id, projection="day_log")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and "lost" in request.POST:
        phones.lose(actor, site_id, phone_id=uuid_of(request.POST["lost"]))
        return redirect("op_safety:phones", site_id)
    if request.method == "POST" and "again" in request.POST:
        again = phones.enrol_again(actor, site_id, phone_id=uuid_of(request.POST["again"]))
        return views.with_cookie(redirect("site_shell"), again.secret)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            phones.free(request.COOKIES.get(phones.COOKIE), site_id)
            enrolled = phones.enrol(actor, site_id, label=form.cleaned_data["label"])
            return views.with_cookie(redirect("site_shell"), enrolled.secret)
    known = [(phone, clock_said(phone.offset_ms)) for phone in phones.of_site(actor, site_id)]
    return render(request, "operations/phones.html", {"site": site, "form": form, "phones": known})


@page(*WRITES)
def waiting_here(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    operation = operation_of(actor, operation_id)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            waiting.settle(actor, operation_id, **form.cleaned_data)
            return redirect("op_safety:waiting", operation_id)
    shown = {"operation": operation, "form": form, "rows": waiting.of_operation(actor, operation_id)}
    return render(request, "operations/waiting.html", shown)
