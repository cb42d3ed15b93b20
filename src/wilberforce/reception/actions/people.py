"""Who is on the way, and their arrival: three facts are enough to begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import new_id, random_reference
from wilberforce.concerns.rules import AgeClass
from wilberforce.ledger.doors import action
from wilberforce.operations.models import Injury, Sex
from wilberforce.operations.policy import FOUND
from wilberforce.reception import policy
from wilberforce.reception.models import Presence
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.models import Person

from . import sense

MOST_SENT = 5_000
"""Far beyond any centre: whoever is on the way and not on the list would be waited for by nobody."""
LONGEST_REFERENCE = 20


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who was sent here. ``arrived`` is whether the centre has registered them."""

    found_id: UUID
    reference: str
    age: str
    sex: str
    languages: list[str]
    injury: str
    set_off_at: datetime | None
    arrived: bool

    @property
    def counts_as_child(self) -> bool:
        return AgeClass(self.age).counts_as_child

    @property
    def noted(self) -> str:
        """What else the site saw, so that a bed and first aid are ready."""
        sex = "" if self.sex == Sex.NOT_SURE else Sex(self.sex).label
        injury = "" if self.injury == Injury.NONE else f"Injury: {Injury(self.injury).label.lower()}"
        return ". ".join(filter(None, (sex, injury)))


def manifest(actor: Actor, centre_id: UUID) -> list[Expected]:
    """Those on the way first; then those of them who are here. The reference on the card reconciles the two lists."""
    arrived = policy.expected(centre_id)
    sent = FOUND.many(actor, Q(id__in=list(arrived)), projection="manifest", limit=MOST_SENT)
    rows = [_expected(row, arrived[row["id"]]) for row in sent]
    return sorted(rows, key=lambda row: (row.arrived, row.reference))


def expected(actor: Actor, centre_id: UUID, found_id: UUID) -> Expected:
    """Somebody who was sent to this centre; for whoever was not, the page is not there."""
    row = FOUND.one(actor, found_id, projection="manifest")
    if (row["centre_id"], row["heading_to"]) != (centre_id, "centre"):
        sense.absent(actor)
    return _expected(row, arrived=False)


def _expected(row: dict[str, Any], arrived: bool) -> Expected:
    return Expected(
        row["id"], row["reference"], row["age"], row["sex"], row["languages"], row["injury"], row["set_off_at"],
        arrived,
    )  # fmt: skip


@action("centre", "W", about={"centre": "centre_id"})
def arrive(
    actor: Actor,
    centre_id: UUID,
    *,
    age: str = "",
    languages: Sequence[str] = (),
    at: datetime | None = None,
    reference: str = "",
    found_id: UUID | None = None,
    interpreter: str = "not sure",
    interpreter_gender: str = "not sure",
    needs: Sequence[str] = (),
) -> Person:
    """The stay is written first: it is what lets its writer begin the person's record."""
    at = sense.past(at)
    sent: dict[str, Any] = {}
    if found_id is not None:
        sent = _sent_here(actor, centre_id, found_id)
        at = sense.not_before(at, sent["set_off_at"], "they set off from the site")
    reference = sent.get("reference") or _tidy(reference) or random_reference("P")
    age = age or sent.get("age", "")
    stay = _stay(actor, centre_id, reference, at, found_id)
    return survivors.begin(
        actor,
        centre_id=centre_id,
        person_id=stay.person_id,
        reference=reference,
        found_id=found_id,
        operation_id=sent.get("operation_id"),
        age=sense.known(age, [one.value for one in AgeClass], "age"),
        languages=list(languages or sent.get("languages", ())),
        interpreter=interpreter,
        interpreter_gender=interpreter_gender,
        needs=list(needs),
    )


def _sent_here(actor: Actor, centre_id: UUID, found_id: UUID) -> dict[str, Any]:
    sent = FOUND.one(actor, found_id, projection="manifest")
    if sent["centre_id"] != centre_id:
        raise RuleBroken("They were sent to another centre. Ask the operation before you register them here.")
    return sent


def _tidy(reference: str) -> str:
    """As it is read from a card: capitals, no blanks."""
    tidied = "".join(reference.split()).upper()
    if len(tidied) > LONGEST_REFERENCE:
        raise RuleBroken(f"A reference has {LONGEST_REFERENCE} characters at most. Check it.", field="reference")
    return tidied


def _stay(actor: Actor, centre_id: UUID, reference: str, at: datetime, found_id: UUID | None) -> Presence:
    """The database decides who is first, so that two tablets can't both be."""
    stay = Presence(
        controller_id=actor.home,
        centre_id=centre_id,
        person_id=new_id(),
        found_id=found_id,
        reference=reference,
        since=at,
        moved_at=at,
        recorded_by=actor.me,
    )
    try:
        return policy.PRESENCES.add(actor, stay)
    except IntegrityError as refused:
        if "centre is not open" in str(refused):
            raise RuleBroken("The centre is not open. Ask its manager to open it.") from refused
        sentence = f"{reference} is registered already. Search for the reference and open their page."
        raise RuleBroken(sentence, field="reference") from refused
