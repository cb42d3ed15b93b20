"""What two kinds of reader see of intelligence: a case team its case, an enforcement partner what was sent to it."""

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected, Row
from wilberforce.base.paging import Listing, listed
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
        "due": due_for(actor),
        "empty": "When an operation puts you on its case team, what is known stands here.",
    }
    items, people = _latest(request, ITEMS, actor, projection), _latest(request, SUSPECTS, actor, projection)
    return render(request, "intelligence/case.html", shown | _lists(items, people))


@page("intel:R:business_and_suspect", "suspect:R:business_and_suspect")
def sent(request: HttpRequest, actor: Actor) -> HttpResponse:
    shown = {
        "title": "Sent to your agency",
        "due": due_for(actor),
        "empty": "What a force discloses to your agency under an agreement stands here until it ends or is recalled.",
    }
    items = _latest(request, ITEMS, actor, SENT).each(_graded)
    people = _latest(request, SUSPECTS, actor, SENT, Q(ended_at=None))
    return render(request, "intelligence/case.html", shown | _lists(items, people))


def _latest(
    request: HttpRequest, protected: Protected[Any], actor: Actor, projection: str, where: Q | None = None
) -> Listing:
    latest = partial(protected.many, actor, projection=projection, order_by=("-recorded_at", "-id"))
    return listed(request, latest, where=where)


def _lists(items: Listing, people: Listing) -> dict[str, Any]:
    return {"listing": items.beside(people), "people": people.rows}


def _graded(item: Row) -> Row:
    return item | {"grade_said": in_words(item)}
