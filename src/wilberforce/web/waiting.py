"""The lines of a person's own page: how much of something waits, since when, and how much is new. Never what it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.urls import reverse

from wilberforce.access.context import Actor, Note
from wilberforce.deadlines.policy import Due

from .ways import way_to


@dataclass(frozen=True, slots=True)
class Kind:
    """``places``: the addresses at which the first role that may go there deals with it."""

    one: str
    many: str
    places: tuple[str, ...]
    waits: bool = True
    """False for what the person only has in hand: it is listed last and never called waiting."""


KINDS = {
    "key_to_give": Kind("colleague who waits for a key that you can give",
                        "colleagues who wait for a key that you can give",
                        ("account_own_key",)),
    "key_mine": Kind("key of your own that waits for a colleague", "keys of your own that wait for a colleague",
                     ("account_own_key",)),
    "report_new": Kind("report that nobody has taken", "reports that nobody has taken", ("triage:index",)),
    "source_new": Kind("person who told us and waits for you", "people who told us and wait for you",
                       ("intelligence:sources",)),
    "alarm": Kind("record of somebody you work with, opened in an emergency",
                  "records of people you work with, opened in an emergency",
                  ("support:alarms", "reception:alarms", "nrm:alarms")),
    "police_ask": Kind("victim information request for you to answer", "victim information requests for you to answer",
                       ("support:victim_requests", "op_planning:victim_requests", "custody:victim_requests")),
    "refused": Kind("refusal in the last day", "refusals in the last day", ("oversight:ledger",)),
    "arrest": Kind("arrested person to book in", "arrested people to book in", ("custody:arrests",)),
    "on_the_way": Kind("person on the way to you", "people on the way to you", ("reception:index",)),
    "nobody_assigned": Kind("person with no worker yet", "people with no worker yet", ("reception:index",)),
    "to_refer": Kind("person to refer or notify", "people to refer or notify", ("nrm:index",)),
    "to_let_go": Kind("disclosure for you to approve", "disclosures for you to approve", ("oversight:index",)),
    "to_sign": Kind("agreement that your side has not signed", "agreements that your side has not signed",
                    ("oversight:index",)),
    "to_answer": Kind("bulletin for your yes or no", "bulletins for your yes or no", ("public_info:index",)),
    "sent_back": Kind("bulletin that an approver said no to", "bulletins that an approver said no to",
                      ("public_info:index",)),
    "to_write": Kind("fact sheet to write from", "fact sheets to write from", ("public_info:index",)),
    "lost_ground": Kind("bulletin whose facts were taken back", "bulletins whose facts were taken back",
                        ("public_info:index",)),
    "second_yes": Kind("request of another guardian for your yes", "requests of other guardians for your yes",
                       ("account_people",)),
    "area": Kind("area for your yes or no", "areas for your yes or no", ("account_areas",)),
    "sent_to_us": Kind("disclosure to your agency", "disclosures to your agency",
                       ("regulatory:index", "criminal_investigation:index", "support:index")),
    "answered": Kind("partner who has answered", "partners who have answered", ("op_planning:index",)),
    "brief": Kind("order or brief that you have not read", "orders or briefs that you have not read",
                  ("op_planning:index",)),
    "item_new": Kind("item from somebody else this week", "items from somebody else this week",
                     ("intelligence:index",)),
    "report_mine": Kind("report that you have in hand", "reports that you have in hand", ("triage:index",), False),
    "command": Kind("operation that you lead", "operations that you lead", ("op_safety:index",), False),
    "roster": Kind("operation that you are on", "operations that you are on", ("op_safety:index", "op_planning:index"),
                   False),
    "detained": Kind("person detained now", "people detained now", ("custody:index",), False),
    "case": Kind("case that you are on", "cases that you are on", ("criminal_investigation:index",), False),
    "here": Kind("person at your centre", "people at your centre", ("reception:index",), False),
    "assigned": Kind("person whom you work with", "people whom you work with", ("support:index",), False),
}  # fmt: skip


FOLLOW_UP = "follow-up"
CASE = "nrm:case"
DUE_AT = {
    **dict.fromkeys(("review", "release-now", "detention", "custody-rest"), "custody:detention"),
    **dict.fromkeys(
        ("referral-duty", "reasonable-grounds", "recovery", "reconsideration", "exit-support", "move-on"), CASE
    ),
    **dict.fromkeys(("hot-debrief", "structured-debrief"), "op_safety:debrief"),
    **dict.fromkeys(
        ("custody-time-limit", "summary-time-limit", "indictment-time-limit"), "criminal_investigation:proceeding"
    ),
    "safety-worry": "op_safety:worry",
    "custody-transfer": "custody:book_in",
    "victim-update": "criminal_investigation:telling",
    "record-review": "intelligence:item",
    "warrant-return": "op_planning:warrant_return",
    "decision-review": "op_safety:redecide",
    "missing-child": "reception:missing",
    FOLLOW_UP: "reception:followed_up",
    "agreement-review": "oversight:agreement",
    "pack": "support:pack nrm:pack criminal_investigation:pack",
    "victim-notice": "criminal_investigation:victim_request",
    "victim-request": "support:victim_request criminal_investigation:victim_request",
}
"""Deadlines whose subject has a page: where it is dealt with, by whoever may go there."""
DUE_IN = {
    "triage": "triage:index",
    "report-added": "triage:index",
    "bail": "criminal_investigation:proceedings",
    "warrant": "op_planning:index",
    "care-time": "reception:index",
    "same-person": "support:known",
    "emergency-review": "oversight:emergencies",
    "breach": "oversight:breaches",
    "breach-partner": "oversight:breaches",
    "paper-review": "oversight:papers",
    "hold-review": "oversight:retention",
    "withdrawal-told": "oversight:disclosures",
    "sharing-dispute": "oversight:disclosures",
    "canary": "oversight:canaries",
}
"""The others, by the list in which somebody finds them."""
OVER = "oversight:retention"


def with_ways(actor: Actor, due: Sequence[Due]) -> list[Due]:
    asked = [one.subject_id for one in due if one.kind.code == FOLLOW_UP]
    elsewhere = _elsewhere(actor, asked) if asked else {}
    shut = _colleagues([one.subject_id for one in due if DUE_AT.get(one.kind.code) == CASE])
    return [
        replace(one, colleagues=True)
        if one.subject_id in shut
        else replace(one, url=elsewhere.get(one.subject_id) or _way_of(actor, one))
        for one in due
    ]


def _colleagues(people: list[UUID]) -> set[UUID]:
    """The agency's duty is due about them, and a colleague works with them: that one alone may open it."""
    if not people:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact_assigned()")
        return set(people) - {row[0] for row in cursor.fetchall()}


def _elsewhere(actor: Actor, asked: list[UUID]) -> dict[UUID, str]:
    """Where a manager learns who asks after somebody, if it is not they: who was named, or who is on the roster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM web_follow_ups_elsewhere(%s)", [asked])
        found = cursor.fetchall()
    names = {True: "reception:keeper", False: "reception:roster"}
    return {one: _way_to(actor, names[closed], centre) for one, centre, closed in found}


def _way_to(actor: Actor, place: str, about: UUID | None = None) -> str:
    purpose, name = place.split(":")
    return way_to(actor, purpose, name, about)


def _way_of(actor: Actor, due: Due) -> str:
    code = due.kind.code
    if code in DUE_AT:
        ways = (_way_to(actor, place, due.subject_id) for place in DUE_AT[code].split())
        return next(filter(None, ways), "")
    place = OVER if code.startswith("retain-") else DUE_IN.get(code, "")
    return _way_to(actor, place) if place else ""


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    number: int
    newest: datetime
    fresh: int
    """How many came since the person looked before."""
    url: str

    @property
    def said(self) -> str:
        return f"{self.number} {self.kind.one if self.number == 1 else self.kind.many}"


def looked_before() -> datetime | None:
    """Says that the actor looks now. None at the first look: then everything is new, so nothing is called so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT web_look()")
        row = cursor.fetchone()
    return row[0] if row else None


def lines(actor: Actor, since: datetime | None) -> list[Line]:
    """In the order of ``KINDS``: what somebody else waits for first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, number, newest, fresh FROM web_waiting(%s)", [since])
        found = {code: rest for code, *rest in cursor.fetchall()}
    actor.note(Note("consultation", "waiting", "R", "", "own work", ()))
    known = [(kind, found[code]) for code, kind in KINDS.items() if code in found]
    return [Line(kind, number, newest, fresh, _way(actor, kind)) for kind, (number, newest, fresh) in known]


def _way(actor: Actor, kind: Kind) -> str:
    ways = (_way_to(actor, place) if ":" in place else reverse(place) for place in kind.places)
    return next(filter(None, ways), "")
