"""Sharing's box on a person's page. It asks the matrix alone, so it never says whether there is anything."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.base.registries import Rows

from . import policy
from .actions import ALERT, OF_A_PERSON

ELSEWHERE = (
    ("support", "Share with a council or a support service"),
    ("criminal_investigation", "Share with the police"),
)
OUTSIDE = (
    ("support", "Send to somebody without a sign-in"),
    ("nrm", "Send to somebody without a sign-in, for the referral"),
    ("criminal_investigation", "Send to somebody without a sign-in, for the investigation"),
)
HEALTH = frozenset({"health"})


def on_person(actor: Actor, people: Sequence[UUID]) -> Rows:
    kinds = policy.kinds_for(actor.kind, actor.purpose, frozenset({actor.role}))
    may_ask = [kind.words for kind in kinds]
    return {person: {"may_ask": may_ask, "links": _links(actor, person, bool(may_ask))} for person in people}


def _links(actor: Actor, person: UUID, asks: bool) -> list[tuple[str, str]]:
    wanted: list[tuple[str, str, str, bool]] = [
        (words, purpose, "share", _offers(actor, purpose)) for purpose, words in ELSEWHERE
    ]
    wanted += [
        (words, purpose, "send_outside", _offers(actor, purpose, classes=OF_A_PERSON)) for purpose, words in OUTSIDE
    ]
    wanted += [("Share care needs", "support", "share_health", _offers(actor, "support", classes=HEALTH))]
    wanted += [("Share urgent needs, for the referral", "nrm", "share_health", _offers(actor, "nrm", classes=HEALTH))]
    wanted += [("Alert the council at once", "support", "alert", _offers(actor, "support", ALERT))]
    wanted += [("What was shared", actor.purpose, "shared", True)]
    wanted += [("Ask for something", actor.purpose, "request_for", asks)]
    found = [(words, _address(purpose, name, person)) for words, purpose, name, may in wanted if may]
    return [(words, url) for words, url in found if url]


def _offers(
    actor: Actor, purpose: str, fields: str | None = None, classes: frozenset[str] = OF_A_PERSON - HEALTH
) -> bool:
    """Whether some rule lets one of this person's roles begin a disclosure for that purpose."""
    return any(
        "D" in rule.actions and actor.kind in rule.agencies and purpose in rule.purposes and rule.fields == fields
        for rule in matrix().rules
        if set(actor.roles) & set(rule.roles) and classes & set(rule.classes)
    )


def _address(purpose: str, name: str, person: UUID) -> str:
    try:
        return reverse(f"{purpose}:{name}", args=[person])
    except NoReverseMatch:
        return ""
