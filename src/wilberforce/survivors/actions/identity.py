"""Who the person says they are: recorded once, corrected with what was there before kept."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.history import LONGEST_REASON
from wilberforce.ledger.doors import action
from wilberforce.survivors import policy, rules, sameness
from wilberforce.survivors.models import AgeConfidence, FormerIdentity, Identity, WhoTheyAre

from .writer import written

OF_IDENTITY = frozenset(f.name for f in WhoTheyAre._meta.fields) - {
    "id", "controller_id", "person_id", "recorded_by", "recorded_at", "version",
}  # fmt: skip
NATIONAL_INSURANCE = re.compile(r"[A-Z]{2}\d{6}[A-D]")


@action("identity", "W", about={"person": "person_id"})
def record_identity(actor: Actor, /, person_id: UUID, **said: str) -> Identity:
    """Any of the fields may stay empty: nobody has to have a name to be looked after."""
    if policy.IDENTITIES.many(actor, Q(person_id=person_id, controller_id=actor.home), limit=1):
        raise RuleBroken("Their identity is recorded already. Correct it instead, so that what was there is kept.")
    tidy = checked(said)
    recorded = policy.IDENTITIES.add(actor, Identity(**written(actor, person_id), **tidy))
    sameness.index(person_id, tidy)
    return recorded


@action("identity", "W", about={"person": "person_id"})
def correct_identity(actor: Actor, /, person_id: UUID, *, version: int, why: str = "", **said: str) -> Identity:
    """Raises Conflict where somebody else corrected it first."""
    mine = Q(person_id=person_id, controller_id=actor.home)
    found = policy.IDENTITIES.many(actor, mine, limit=1)
    if not found:
        raise RuleBroken("Nothing is recorded yet. Record who they are first.")
    before = found[0]
    tidy = checked(said)
    corrected = policy.IDENTITIES.change(actor, before["id"], tidy, version=version)
    sameness.index(person_id, {**before, **tidy})
    _keep(actor, before, why)
    return corrected


def _keep(actor: Actor, before: Mapping[str, Any], why: str) -> None:
    """Sealed anew, because a sealed value opens only in its own row."""
    kept = {name: before[name] for name in (*OF_IDENTITY, "version")}
    person_id = before["person_id"]
    former = FormerIdentity(identity_id=before["id"], why=_reason(why), **kept, **written(actor, person_id))
    policy.FORMER_IDENTITIES.add(actor, former)


def _reason(why: str) -> str:
    if len(why) > LONGEST_REASON:
        raise RuleBroken(f"Use {LONGEST_REASON} characters or fewer. You have used {len(why)}.", field="why")
    return why.strip()


def checked(said: Mapping[str, str]) -> dict[str, str]:
    """Raises RuleBroken with the field that can't be as it was typed."""
    if not set(said) <= OF_IDENTITY:
        raise RuleBroken("This question is not part of who they are.")
    tidy = {name: str(value or "").strip() for name, value in said.items()}
    for name, value in tidy.items():
        limit = Identity._meta.get_field(name).max_text  # type: ignore[union-attr]
        if len(value) > limit:
            raise RuleBroken(f"Use {limit} characters or fewer.", field=name)
    if tidy.get("date_of_birth"):
        _born(tidy["date_of_birth"])
    if tidy.get("stated_age"):
        _stated(tidy["stated_age"])
    if tidy.get("national_insurance"):
        tidy["national_insurance"] = _national_insurance(tidy["national_insurance"])
    if tidy.get("age_confidence") and tidy["age_confidence"] not in AgeConfidence.values:
        raise RuleBroken("Say how the age is known, or not sure.", field="age_confidence")
    return tidy


def _born(text: str) -> None:
    try:
        born = date.fromisoformat(text)
        age = rules.age_on(born, clock.in_london(clock.now()).date())
    except ValueError:
        raise RuleBroken("Enter a real date of birth that is not in the future.", field="date_of_birth") from None
    if age > rules.OLDEST_AGE:
        raise RuleBroken(f"That makes them {age}. Check the year of birth.", field="date_of_birth")


def _stated(text: str) -> None:
    if not text.isdecimal() or int(text) > rules.OLDEST_AGE:
        sentence = f"Enter the age that they gave as a number from 0 to {rules.OLDEST_AGE}, or leave it empty."
        raise RuleBroken(sentence, field="stated_age")


def _national_insurance(text: str) -> str:
    bare = text.upper().replace(" ", "")
    if not NATIONAL_INSURANCE.fullmatch(bare):
        raise RuleBroken("Enter two letters, six numbers and a letter, or leave it empty.", field="national_insurance")
    return bare
