"""From graded intelligence to an operation: the desk gives it, the commander reads what the plan stands on."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.base.paging import listed
from wilberforce.intelligence.graded import grade_of, in_words
from wilberforce.intelligence.policy import ITEMS, SUSPECTS
from wilberforce.ledger.pages import page
from wilberforce.operations import actions, board, forms, policy

from .asking import ask

LATEST = ("-recorded_at", "-id")
LEAD = "From then on its commander reads it, and so does the case team. Ask the commander for the reference."


@page("intel:RW")
def item(request: HttpRequest, actor: Actor, item_id: UUID) -> HttpResponse:
    ITEMS.one(actor, item_id)
    return _gives(request, partial(actions.adopt_item, actor, item_id), "intelligence:item", item_id, "item ")


@page("suspect:RW")
def suspect(request: HttpRequest, actor: Actor, suspect_id: UUID) -> HttpResponse:
    SUSPECTS.one(actor, suspect_id)
    return _gives(request, partial(actions.adopt_suspect, actor, suspect_id), "intelligence:suspect", suspect_id)


def _gives(
    request: HttpRequest, act: Callable[..., object], address: str, record_id: UUID, what: str = ""
) -> HttpResponse:
    back = reverse(address, args=[record_id])
    return ask(request, forms.AdoptForm(request.POST or None), f"Give this {what}to an operation", act, back, LEAD)


@page("operation:R", "intel:R", "suspect:R")
def stands_on(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    operation = policy.OPERATIONS.one(actor, operation_id)
    found = listed(request, partial(ITEMS.many, actor, order_by=LATEST), where=board.of(operation_id))
    people = listed(request, partial(SUSPECTS.many, actor, order_by=LATEST), where=board.of(operation_id))
    shown = {"operation": operation, "listing": found.each(_graded).beside(people), "people": people.rows}
    return render(request, "operations/stands_on.html", shown)


def _graded(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"grade": grade_of(row), "grade_said": in_words(row), "false": row["assessment"] == "E"}
