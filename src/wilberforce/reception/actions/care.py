"""What somebody needs and what they were given. Care depends on no answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.once import once
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy, rules
from wilberforce.reception.models import Given, StockChange
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.models import Person
from wilberforce.survivors.policy import PEOPLE

from . import sense

PERSON = {"person": "person_id"}
MOST_AT_ONCE = 20
EXAMINATION = (
    "Offer them an examination first, with or without the police: washing loses what it could show. "
    "Record that it was offered; whatever they answer, this is given."
)
SOONER = "decision-sooner"
ALREADY = "It was taken back already."


@action("support", "W", about=PERSON, projection="given")
def give(
    actor: Actor,
    person_id: UUID,
    *,
    kind: str,
    thing: str = "",
    detail: str = "",
    quantity: int = 1,
    at: datetime | None = None,
    from_paper: bool = False,
) -> Given:
    """What was stocked goes down by as much, without a word about who it was for. What stands on paper has happened
    and is kept as it was."""
    stay = sense.presence_of(actor, person_id)
    entry = _thing(kind, thing)
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise RuleBroken(f"Enter a number from 1 to {MOST_AT_ONCE}.", field="quantity")
    if entry.washing and not from_paper and not _offered(actor, person_id):
        raise RuleBroken(EXAMINATION, field="thing")
    at = sense.not_before(sense.past(at), stay["since"], "they arrived")
    given = Given(
        controller_id=stay["controller_id"],
        centre_id=stay["centre_id"],
        person_id=person_id,
        kind=entry.kind,
        thing=entry.code,
        detail=detail,
        quantity=quantity,
        at=at,
        by=actor.me,
    )
    policy.GIVEN.add(actor, given, projection="given")
    if entry.stocked:
        _stock(actor, given, given.thing, -given.quantity)
    return given


@action("support", "W", about=PERSON, projection="given")
def take_back(actor: Actor, person_id: UUID, given_id: UUID, *, why: str = "") -> Given:
    """It was not given, or not to them. Both entries stay, and what was stocked is there again."""
    stay = sense.presence_of(actor, person_id)
    wrong = policy.GIVEN.one(actor, given_id, projection="given")
    if wrong["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    _may_be_taken_back(wrong, why)
    taken = Given(
        controller_id=stay["controller_id"],
        centre_id=stay["centre_id"],
        person_id=person_id,
        kind="correction",
        thing="taken-back",
        detail=why.strip(),
        quantity=wrong["quantity"],
        corrects=given_id,
        at=clock.now(),
        by=actor.me,
    )
    with once("given_taken_back_once", ALREADY):
        policy.GIVEN.add(actor, taken, projection="given")
    if lists.THINGS[wrong["thing"]].stocked:
        _stock(actor, taken, wrong["thing"], wrong["quantity"])
    return taken


def _may_be_taken_back(wrong: dict[str, Any], why: str) -> None:
    if wrong["kind"] in lists.NOT_CHOSEN:
        raise RuleBroken("This is not taken back. Record what happened instead.")
    if not wrong["stands"]:
        raise RuleBroken(ALREADY)
    if not why.strip() and clock.now() > reckon(rules.TAKEN_BACK_AT_ONCE, wrong["at"]).due_at:
        raise RuleBroken("Write why: it was written down more than ten minutes ago.", field="why")


def _offered(actor: Actor, person_id: UUID) -> bool:
    offered = Q(person_id=person_id, thing="examination-offered", stands=True)
    return bool(policy.GIVEN.many(actor, offered, projection="given", limit=1))


def _thing(kind: str, thing: str) -> lists.Thing:
    """The first of its kind where nothing finer is said."""
    of_kind = [entry for entry in lists.THINGS.values() if entry.kind == kind]
    if thing:
        of_kind = [entry for entry in of_kind or lists.THINGS.values() if entry.code == thing]
    if not of_kind:
        raise RuleBroken("Choose what was given.", field="thing" if thing else "kind")
    return of_kind[0]


def _stock(actor: Actor, entry: Given, thing: str, change: int) -> None:
    moved = StockChange(
        controller_id=entry.controller_id,
        centre_id=entry.centre_id,
        thing=thing,
        change=change,
        at=entry.at,
        by=entry.by,
    )
    policy.STOCK.add(actor, moved)


def note_need(actor: Actor, person_id: UUID, *, needs: Sequence[str], version: int | None = None) -> Person:
    """Flags that everybody on the shift may see; why somebody needs a thing is not among them."""
    if version is None:
        version = PEOPLE.one(actor, person_id)["version"]
    return survivors.correct_person(actor, person_id, {"needs": list(needs)}, version=version)


def rest_recorded(actor: Actor, person_id: UUID, *, at: datetime | None = None) -> Given:
    return give(actor, person_id, kind="rest", at=at)


def information_given(actor: Actor, person_id: UUID, *, language: str, at: datetime | None = None) -> Given:
    """Every choice was explained, with an interpreter. Explaining may come at any time; deciding comes after rest."""
    return give(actor, person_id, kind="information", detail=language, at=at)


def not_yet_decide(actor: Actor, person_id: UUID) -> str:
    """A sentence that says why no decision may be written down yet, or nothing. Asked at every door where one is: by
    whoever cares for them here, and by whoever works with them in another agency."""
    del actor  # the database knows who asks
    with connection.cursor() as cursor:
        cursor.execute("SELECT since, rested, told, sooner FROM reception_before_deciding(%s)", [person_id])
        found = cursor.fetchone()
    if found is None:
        return ""
    since, rested, told, sooner = found
    return rules.decision_may_be_asked(since, clock.now(), sooner, rested=rested, told=told)


def offer_decision(actor: Actor, person_id: UUID, *, sooner_because: str = "") -> Given:
    """They are asked what they want to do next; before rest and information only for a reason that is kept."""
    waits = not_yet_decide(actor, person_id)
    if waits and not sooner_because.strip():
        raise RuleBroken(f"{waits} If they must decide now, write why.", field="sooner_because")
    if waits:
        give(actor, person_id, kind="decision", thing=SOONER, detail=sooner_because.strip())
    return give(actor, person_id, kind="decision", thing="decision-offered")
