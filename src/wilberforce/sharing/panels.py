"""Sharing's box on a person's page. It asks the matrix alone, so it never says whether there is anything."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from wilberforce.access.asking import opens
from wilberforce.access.context import Actor
from wilberforce.base.registries import Rows

from . import policy
from .views.people import ALERTS, SHARES

ELSEWHERE = (
    ("support", "Share with a council or a support service"),
    ("criminal_investigation", "Share with the police"),
)


def on_person(actor: Actor, people: Sequence[UUID]) -> Rows:
    kinds = policy.kinds_for(actor.kind, actor.purpose, frozenset({actor.role}))
    may_ask = [kind.words for kind in kinds]
    return {person: {"may_ask": may_ask, "links": _links(actor, person, bool(may_ask))} for person in people}


def _links(actor: Actor, person: UUID, asks: bool) -> list[tuple[str, str]]:
    wanted: list[tuple[str, str, str, bool]] = [
        (words, purpose, "share", opens(actor.kind, actor.roles, purpose, SHARES)) for purpose, words in ELSEWHERE
    ]
    alerts = opens(actor.kind, actor.roles, "support", ALERTS[:1])
    wanted += [("Alert the council at once", "support", "alert", alerts)]
    wanted += [("What was shared", actor.purpose, "shared", True)]
    wanted += [("Ask for something", actor.purpose, "request_for", asks)]
    found = [(words, _address(purpose, name, person)) for words, purpose, name, may in wanted if may]
    return [(words, url) for words, url in found if url]


def _address(purpose: str, name: str, person: UUID) -> str:
    try:
        return reverse(f"{purpose}:{name}", args=[person])
    except NoReverseMatch:
        return ""
