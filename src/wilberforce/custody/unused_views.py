"""The schedule of unused material, for the disclosure officers of a case team."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.asking import opens
from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed
from wilberforce.ledger.pages import attempt, page
from wilberforce.operations.policy import OPERATIONS

from . import actions, policy
from .rules import schedule
from .unused_forms import CorrectUnusedForm, UnusedForm

LISTS = ("suspect:RW:unused_schedule", "operation:R:material_reference", "suspect:R:material_reference")
EXHIBIT = ("suspect:R:exhibit",)
REFERENCE = "material_reference"
SCHEDULE = "unused_schedule"
MANY = 100


@page(*LISTS)
def unused(request: HttpRequest, actor: Actor) -> HttpResponse:
    cases = _cases(actor)

    def rows(where: Q, *, limit: int, offset: int) -> list[Row]:
        newest = where & Q(replaced_at=None)
        order = ("operation_id", "number")
        return policy.UNUSED.many(actor, newest, projection=SCHEDULE, order_by=order, limit=limit, offset=offset)

    listing = listed(request, rows)
    links = _opens_exhibits(actor)
    shown = {"listing": listing.each(lambda row: _said(row, cases, links)), "writes": _writes(actor)}
    return render(request, "custody/unused.html", shown)


@page(*LISTS)
def unused_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    if not _writes(actor):
        raise NotAllowed(rule="schedule", reason="role")
    cases = [(str(key), said) for key, said in _cases(actor).items()]
    form = UnusedForm(request.POST or None, cases=cases, exhibits=_exhibits(actor))
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.list_unused(actor, **form.cleaned_data)
            return redirect("criminal_investigation:unused")
    shown = {"form": form, "title": "Unused material", "back": "criminal_investigation:unused"}
    return render(request, "custody/form.html", shown)


@page(*LISTS)
def unused_line(request: HttpRequest, actor: Actor, unused_id: UUID) -> HttpResponse:
    """One line with what stood there before; a correction is written on the newest."""
    row = policy.UNUSED.one(actor, unused_id, projection=SCHEDULE)
    here = Q(operation_id=row["operation_id"], number=row["number"])
    every = policy.UNUSED.many(actor, here, projection=SCHEDULE, order_by=("-recorded_at", "-id"), limit=MANY)
    offered = _exhibits(actor, row["operation_id"]) if _writes(actor) else []
    form = CorrectUnusedForm(request.POST or None, initial=row | {"why": ""}, exhibits=offered)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = actions.correct_unused(actor, row["operation_id"], line_id=unused_id, **form.cleaned_data)
            return redirect("criminal_investigation:unused_line", made.pk)
    cases, links = _cases(actor), _opens_exhibits(actor)
    shown = {"one": _said(row, cases, links), "form": form if _writes(actor) and not row["replaced_at"] else None}
    return render(request, "custody/unused_line.html", shown | {"every": [_said(each, cases, links) for each in every]})


def _writes(actor: Actor) -> bool:
    """The case's team reads it; the database lets nobody else write (CPIA code of practice)."""
    return actor.role == "disclosure_officer"


def _cases(actor: Actor) -> dict[UUID, str]:
    rows = OPERATIONS.many(actor, Q(exercise=False), projection=REFERENCE, limit=MANY)
    return {row["id"]: row["reference"] for row in rows}


def _exhibits(actor: Actor, operation_id: UUID | None = None) -> list[tuple[str, str]]:
    of_case = Q(operation_id=operation_id) if operation_id else Q()
    rows = policy.EXHIBITS.many(actor, of_case, projection=REFERENCE, order_by=("reference",), limit=MANY)
    return [(str(row["id"]), row["reference"]) for row in rows]


def _opens_exhibits(actor: Actor) -> bool:
    """Of the matrix alone: whether there still is such an exhibit is asked where it is opened."""
    return opens(actor.kind, actor.roles, actor.purpose, EXHIBIT)


def _said(row: Row, cases: dict[UUID, str], links: bool) -> dict[str, Any]:
    exhibit = row["exhibit_id"] if links else None
    return row | {
        "exhibit_url": reverse("criminal_investigation:exhibit", args=[exhibit]) if exhibit else "",
        "case": cases.get(row["operation_id"], ""),
        "inspected_said": dict(schedule.INSPECTED)[row["inspected"]],
        "sensitive_said": dict(schedule.SENSITIVE)[row["sensitive"]],
        "decision_said": dict(schedule.DECISIONS)[row["decision"]],
        "decided_by_said": dict(schedule.DECIDED_BY).get(row["decided_by"], ""),
    }
