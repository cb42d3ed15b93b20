"""A guardian answers somebody who asks for their own data."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.paging import listed, rows_of
from wilberforce.ledger.pages import attempt, page
from wilberforce.sharing import access_request_forms as forms
from wilberforce.sharing import access_requests as asked
from wilberforce.sharing import rules
from wilberforce.sharing.models import AccessRequest
from wilberforce.sharing.spoken import said

HELD = tuple(
    f"{name}:R:sar_bundle"
    for name in ("person_ref", "identity", "health", "account", "support", "consent", "immigration")
)
WAYS, CHECKS = dict(rules.COPY_GOES), dict(rules.CHECKED_WHO)


@page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = forms.ReceiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = asked.receive(actor, **form.cleaned_data)
            return redirect("oversight:access_request", made.pk)
    found = listed(request, rows_of(AccessRequest.objects.order_by("-received_at", "-id")))
    shown = found.each(lambda row: {"record": row["record"], "way": WAYS.get(row["record"].way, "open")})
    guards = actor.role == "data_guardian"
    return render(request, "sharing/access_requests.html", {"listing": shown, "form": form if guards else None})


@page(*HELD)
def one(request: HttpRequest, actor: Actor, access_request_id: UUID) -> HttpResponse:
    """First who they are; then what is about others; then that they have it."""
    found = asked.request_of(actor, access_request_id)
    verb = request.POST.get("verb", "")
    held = asked.bundle(actor, found) if found.verified_at and not found.closed_at else []
    offered = [(str(row["id"]), f"{title}: {_line(row)}") for title, rows in held for row in rows]
    every = {
        "check": forms.CheckForm(request.POST if verb == "check" else None),
        "leave": forms.LeaveOutForm(
            request.POST if verb == "leave" else None,
            offered=offered,
            initial={"records": [str(one) for one in found.left_out]},
        ),
        "give": forms.HandOverForm(request.POST if verb == "give" else None),
    }
    if request.method == "POST" and verb in every and every[verb].is_valid():
        with attempt(every[verb]):
            _done(actor, found, verb, every[verb])
            return redirect("oversight:access_request", access_request_id)
    state = "check" if found.verified_at is None else "leave"
    shown = (
        []
        if found.closed_at
        else [(name, every[name]) for name in ("check",) if state == "check"]
        or [(name, every[name]) for name in ("leave", "give")]
    )
    told = {"one": found, "forms": shown, "checked": CHECKS.get(found.verified_how, ""), "way": WAYS.get(found.way, "")}
    return render(request, "sharing/access_request.html", told)


def _done(actor: Actor, found: AccessRequest, verb: str, form: Any) -> None:
    if verb == "check":
        asked.check(actor, found.pk, **form.cleaned_data)
    elif verb == "leave":
        asked.leave_out(actor, found.pk, form.chosen)
    else:
        asked.hand_over(actor, found.pk, **form.cleaned_data)


@page(*HELD)
def copy(request: HttpRequest, actor: Actor, access_request_id: UUID) -> HttpResponse:
    """To print and hand over. Nothing is left of it here once they have it."""
    found = asked.request_of(actor, access_request_id)
    left_out = set(found.left_out)
    parts = [
        {"title": title, "rows": [_rows(row) for row in rows if row["id"] not in left_out]}
        for title, rows in asked.bundle(actor, found)
    ]
    shown = {"one": found, "parts": [part for part in parts if part["rows"]], "left": len(left_out)}
    return render(request, "sharing/access_copy.html", shown)


def _rows(row: Row) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in said(row).items()]


def _line(row: Row) -> str:
    return "; ".join(f"{key} {value}" for key, value in said(row).items())
