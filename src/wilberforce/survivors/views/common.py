"""What the person's pages have in common."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access import asking
from wilberforce.access.context import Actor
from wilberforce.base.forms import KitForm
from wilberforce.ledger.pages import attempt

Row = dict[str, Any]


def must_open(actor: Actor, person_id: UUID, data_class: str, does: str = "R", projection: str = "") -> None:
    """Raises NotAllowed before a page says that nothing is recorded."""
    asking.must(actor, data_class, does, {"person": person_id}, projection)


def added(
    request: HttpRequest,
    actor: Actor,
    person_id: UUID,
    maker: type[KitForm] | None,
    act: Callable[..., object],
    title: str,
    name: str,
    entries: list[Row],
    **shown: Any,
) -> HttpResponse:
    """A list to which one more may be added."""
    form = maker(request.POST or None) if maker else None
    if form is not None and request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:{name}", person_id)
    return kept_page(request, person_id, title, form=form, entries=entries, entries_title="What is written", **shown)


def asked(
    request: HttpRequest,
    actor: Actor,
    person_id: UUID,
    maker: type[KitForm],
    act: Callable[..., object],
    title: str,
    lead: str,
    *,
    back: str,
    version: str | int = "",
) -> HttpResponse:
    form = maker(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            act(actor, person_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:{back}", person_id)
    return form_page(request, person_id, form, title, lead)


def how_it_ended(row: Row, what: str, at: datetime) -> Row:
    """An entry of a timeline."""
    why = f"Why: {row['ended_why']}" if row["ended_why"] else ""
    return {"at": at, "title": f"{what}: no longer", "by": row["ended_by"], "text": why}


def form_page(
    request: HttpRequest, person_id: UUID, form: KitForm, title: str, lead: str = "", **shown: Any
) -> HttpResponse:
    return kept_page(request, person_id, title, form=form, lead=lead, only_form=True, **shown)


def kept_page(request: HttpRequest, person_id: UUID, title: str, **shown: Any) -> HttpResponse:
    return render(request, "survivors/kept.html", {"person_id": person_id, "title": title, **shown})
