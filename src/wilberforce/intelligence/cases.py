"""What two kinds of reader see of intelligence: a case team its case, an enforcement partner what was sent to it."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected, Row
from wilberforce.base.paging import PER_PAGE
from wilberforce.deadlines.policy import due_for
from wilberforce.ledger.pages import page

from .graded import in_words
from .policy import ITEMS, SUSPECTS

SENT, REFERENCE = "business_and_suspect", "material_reference"


@page("suspect:RW", "intel:R", "suspect:R:material_reference", "intel:R:material_reference")
def case(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A disclosure officer lists by reference alone what the investigators read."""
    by_reference = actor.role == "disclosure_officer"
    projection = REFERENCE if by_reference else ""
    shown = {
        "title": "Unused material, by reference" if by_reference else "Your cases",
        "by_reference": by_reference,
        "items": _latest(ITEMS, actor, projection),
        "people": _latest(SUSPECTS, actor, projection),
        "due": due_for(actor),
        "empty": "When an operation puts you on its case team, what is known stands here.",
    }
    return render(request, "intelligence/case.html", shown)


@page("intel:R:business_and_suspect", "suspect:R:business_and_suspect")
def sent(request: HttpRequest, actor: Actor) -> HttpResponse:
    shown = {
        "title": "Sent to your agency",
        "items": [_graded(item) for item in _latest(ITEMS, actor, SENT)],
        "people": _latest(SUSPECTS, actor, SENT, Q(ended_at=None)),
        "due": due_for(actor),
        "empty": "What a force discloses to your agency under an agreement stands here until it ends or is recalled.",
    }
    return render(request, "intelligence/case.html", shown)


def _latest(protected: Protected[Any], actor: Actor, projection: str, where: Q | None = None) -> list[Row]:
    return protected.many(actor, where, projection=projection, order_by=("-recorded_at", "-id"), limit=PER_PAGE)


def _graded(item: Row) -> Row:
    return item | {"grade_said": in_words(item)}
