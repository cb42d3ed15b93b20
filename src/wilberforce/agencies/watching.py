"""What a data guardian sees of their own colleagues: who saw whom and why, and what somebody should ask about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor, Note
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.paging import listed
from wilberforce.ledger.leaves import pseudonym
from wilberforce.ledger.own import SPOKEN
from wilberforce.ledger.pages import page
from wilberforce.ledger.policy import LEAVES

from .models import Membership
from .rules import MANY_PEOPLE, MANY_REFUSALS

LATELY = timedelta(days=7)
ENTRIES = "own_agency_entries"
ODD = {
    "emergency": "opened something in an emergency",
    "many_people": "opened many different people in one day",
    "out_of_shift": "opened people's records outside their shifts",
    "refused": "was refused many times in one day",
    "self": "looked up themselves",
}
"""Each may have a good reason. The page asks the guardian to ask, and accuses nobody."""


@dataclass(frozen=True, slots=True)
class Oddity:
    code: str
    member: Membership
    who: UUID
    number: int
    latest: datetime

    @property
    def said(self) -> str:
        return ODD[self.code]


@page("audit:R:own_agency_entries")
def odd(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = oddities(actor)
    return render(
        request, "agencies/odd.html", {"found": found, "many": MANY_PEOPLE.value, "often": MANY_REFUSALS.value}
    )


@page("audit:R:own_agency_entries")
def seen(request: HttpRequest, actor: Actor) -> HttpResponse:
    people = members(actor)
    chosen, code = _chosen(request.GET.get("who", ""), people), request.GET.get("odd", "")
    entries = partial(LEAVES.many, actor, projection=ENTRIES, order_by=("-at", "-id"))
    shown = {
        "listing": listed(request, entries, where=_where(chosen, code)).each(lambda leaf: _in_words(leaf, people)),
        "people": sorted(people.items(), key=lambda one: str(one[1].user)),
        "chosen": chosen,
        "odd": code if code in ODD else "",
    }
    return render(request, "agencies/seen.html", shown)


def members(actor: Actor) -> dict[UUID, Membership]:
    """Everybody who ever worked in the actor's agency, by the pseudonym under which the ledger keeps them."""
    own = Membership.objects.filter(agency=actor.home).select_related("user")
    return {pseudonym(member.pk): member for member in own}


def oddities(actor: Actor) -> list[Oddity]:
    people = members(actor)
    given: list[Any] = [list(people), [member.pk for member in people.values()], list(emergency_rules())]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT odd, actor, number, latest FROM agencies_odd(%s::uuid[], %s::uuid[], %s::text[], %s, %s)"
            " ORDER BY latest DESC",
            [*given, MANY_PEOPLE.value, MANY_REFUSALS.value],
        )
        rows = cursor.fetchall()
    actor.note(Note("consultation", "audit", "R", ENTRIES, actor.rules_for("audit", "R"), ()))
    return [Oddity(code, people[who], who, number, latest) for code, who, number, latest in rows]


@lru_cache(maxsize=1)
def emergency_rules() -> tuple[str, ...]:
    facts = {"break_glass", "threat_to_life"}
    return tuple(rule.id for rule in matrix().rules if facts & set(rule.when))


def _chosen(typed: str, people: dict[UUID, Membership]) -> UUID | None:
    return next((who for who in people if str(who) == typed), None)


def _where(who: UUID | None, code: str) -> Q:
    where = Q(actor=who) if who else Q()
    if who and code in ODD:
        where &= Q(at__gt=clock.now() - LATELY)
    if code == "refused":
        where &= Q(allowed=False)
    elif code == "emergency":
        where &= Q(rule__in=emergency_rules())
    elif code == "self" and who:
        where &= Q(objects_seen__contains=[who])
    return where


def _in_words(leaf: Row, people: dict[UUID, Membership]) -> Row:
    member = people.get(leaf["actor"])
    whom = [str(subject)[:8] for subject in leaf["objects_seen"][:3]]
    return leaf | {
        "who": str(member.user) if member else "not of this agency",
        "spoken": SPOKEN.get(leaf["op"], leaf["op"].capitalize()),
        "whom": whom,
        "others": len(leaf["objects_seen"]) - len(whom),
        "why": _why(leaf["rule"]),
    }


def _why(rules: str) -> str:
    known = {rule.id: rule.why for rule in matrix().rules}
    return " ".join(known[rule] for rule in rules.split("|") if rule in known)
