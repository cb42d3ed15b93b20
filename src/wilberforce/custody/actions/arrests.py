"""Somebody is arrested at a site or elsewhere in the operation."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.agencies.models import Agency
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import new_id, random_reference
from wilberforce.base.once import once
from wilberforce.custody import policy, sameness
from wilberforce.custody.lists import offences_on
from wilberforce.custody.models import Arrest, Happened
from wilberforce.custody.rules import AgesKnown, check_age
from wilberforce.deadlines.rules import legal_day
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import known, past
from wilberforce.operations.models import Sex
from wilberforce.operations.policy import OPERATIONS, SITES

from .updates import victims_hear

ARREST = "arrest"
TWICE = (
    "Somebody is recorded under this name or label in this operation already. If it is the same person, they are "
    "not arrested twice: open that arrest. If it is somebody else, give them another label, such as “man 2”."
)


@action("suspect", "W", about={"operation": "operation_id"}, projection=ARREST)
def arrest(
    actor: Actor,
    operation_id: UUID,
    *,
    site_id: UUID | None,
    label: str,
    sex: str,
    ages: Sequence[int],
    offences: Sequence[str],
    at: datetime,
    place: str,
    grounds: str = "",
    taken_to: UUID | None = None,
    ages_shared_with: UUID | None = None,
) -> Arrest:
    """``ages``: every age that may be theirs. ``ages_shared_with``: another arrest, if nobody knows whose is which."""
    _where(actor, operation_id, site_id)
    made = Arrest(
        controller_id=actor.home,
        operation_id=operation_id,
        arrested_by=actor.me,
        reference=random_reference("A"),
        site_id=site_id,
        label=_written(label, "Write a name, or a label such as “man 1”.", "label"),
        label_digest=sameness.digest(operation_id, label),
        sex=known(sex, Sex.values, "sex"),
        age_one_of=_ages(ages),
        ages_group=_group(actor, operation_id, ages, ages_shared_with),
        offences=_offences(offences, at),
        arrested_at=past("arrest", at),
        place=_written(place, "Write where they were arrested.", "place"),
        grounds=grounds,
        taken_to=_force(taken_to or actor.home),
    )
    return _once(actor, made)


def _once(actor: Actor, made: Arrest) -> Arrest:
    with _one_label_each():
        policy.ARRESTS.add(actor, made, projection=ARREST)
    case = {"operation_id": made.operation_id, "arrested_by": made.arrested_by, "arrest_id": made.pk}
    victims_hear(actor, case, Happened.ARRESTED, made.arrested_at)
    return made


def _one_label_each() -> AbstractContextManager[None]:
    return once("custody_arrested_once", TWICE, field="label", code="arrested_twice")


def correct_arrest(actor: Actor, arrest_id: UUID, **told: Any) -> Arrest:
    operation = policy.ARRESTS.one(actor, arrest_id, projection=ARREST)["operation_id"]
    return put_right(actor, arrest_id, operation_id=operation, **told)


@action("suspect", "W", about={"operation": "operation_id", "record": "arrest_id"}, projection=ARREST)
def put_right(
    actor: Actor,
    arrest_id: UUID,
    *,
    operation_id: UUID,
    site_id: UUID | None,
    label: str,
    sex: str,
    offences: Sequence[str],
    at: datetime,
    place: str,
    grounds: str,
    taken_to: UUID,
    why: str,
    version: int | None,
) -> Arrest:
    """What was there before stays beside it. A custody record that has begun keeps the time it was begun with."""
    _where(actor, operation_id, site_id)
    changes = {
        "site_id": site_id,
        "label": _written(label, "Write a name, or a label such as “man 1”.", "label"),
        "sex": known(sex, Sex.values, "sex"),
        "offences": _offences(offences, at),
        "arrested_at": past("arrest", at),
        "place": _written(place, "Write where they were arrested.", "place"),
        "grounds": grounds.strip(),
        "taken_to": _force(taken_to),
    }
    corrected(
        actor, policy.ARRESTS, policy.FORMER_ARRESTS, arrest_id, changes,
        version=version, why=reason(why), projection=ARREST,
    )  # fmt: skip
    with _one_label_each():
        digest = {"label_digest": sameness.digest(operation_id, label)}
        return policy.ARRESTS.change(actor, arrest_id, digest, projection=ARREST)


def settle_age(actor: Actor, arrest_id: UUID, *, age: int, version: int | None = None) -> Arrest:
    """Once it is known which age is theirs, the ages left are the others'."""
    mine = policy.ARRESTS.one(actor, arrest_id, projection=ARREST)
    return settle_age_of(actor, arrest_id, operation_id=mine["operation_id"], age=age, version=version)


@action("suspect", "W", about={"operation": "operation_id", "record": "arrest_id"}, projection=ARREST)
def settle_age_of(actor: Actor, arrest_id: UUID, *, operation_id: UUID, age: int, version: int | None) -> Arrest:
    mine = policy.ARRESTS.one(actor, arrest_id, projection=ARREST)
    together = [row for row in _together(actor, mine["ages_group"]) if row["id"] != arrest_id]
    if age not in mine["age_one_of"]:
        raise RuleBroken("This is not one of the ages that were given. Check it.", field="age")
    if len(together) + 1 == len(mine["age_one_of"]):
        people = (str(arrest_id), *(str(row["id"]) for row in together))
        _, rest = AgesKnown(people, tuple(mine["age_one_of"])).settle(str(arrest_id), age)
        for row in together:
            group = row["ages_group"] if len(together) > 1 else None
            _settled(actor, row["id"], {"age_one_of": sorted(rest.ages), "ages_group": group}, row["version"])
    return _settled(actor, arrest_id, {"age_one_of": [age], "ages_group": None}, version)


def _settled(actor: Actor, arrest_id: UUID, changes: dict[str, Any], version: int | None) -> Arrest:
    return corrected(
        actor, policy.ARRESTS, policy.FORMER_ARRESTS, arrest_id, changes, version=version, projection=ARREST
    )


def _where(actor: Actor, operation_id: UUID, site_id: UUID | None) -> None:
    OPERATIONS.one(actor, operation_id, projection="site_found")
    if site_id and SITES.one(actor, site_id, projection="site_found")["operation_id"] != operation_id:
        raise RuleBroken("Choose a site of this operation.", field="site_id")


def _written(text: str, sentence: str, field: str) -> str:
    if not text.strip():
        raise RuleBroken(sentence, field=field)
    return text.strip()


def _ages(ages: Sequence[int]) -> list[int]:
    for age in ages:
        try:
            check_age(age)
        except ValueError as wrong:
            raise RuleBroken(f"{str(wrong).capitalize()}. Check it, or leave it empty.", field="ages") from None
    return sorted(ages)


def _offences(codes: Sequence[str], at: datetime) -> list[str]:
    if not codes:
        raise RuleBroken("Choose at least one offence.", field="offences")
    lawful = {offence.code for offence in offences_on(legal_day(at))}
    if not set(codes) <= lawful:
        raise RuleBroken("Choose offences from the list of the day of the arrest.", field="offences")
    return list(dict.fromkeys(codes))


def _force(agency_id: UUID) -> UUID:
    if not Agency.objects.filter(pk=agency_id, kind="police").exists():
        raise RuleBroken("Choose the force to whose station they are taken.", field="taken_to")
    return agency_id


def _together(actor: Actor, group: UUID | None) -> list[dict[str, Any]]:
    return policy.ARRESTS.many(actor, Q(ages_group=group), projection=ARREST) if group else []


def _group(actor: Actor, operation_id: UUID, ages: Sequence[int], other_id: UUID | None) -> UUID | None:
    """One group for those who share the ages between them; never more people than ages."""
    if other_id is None:
        return new_id() if len(ages) > 1 else None
    other = policy.ARRESTS.one(actor, other_id, projection=ARREST)
    if other["operation_id"] != operation_id or other["ages_group"] is None:
        raise RuleBroken(
            "Choose somebody arrested in this operation whose age is not settled.", field="ages_shared_with"
        )
    if sorted(ages) != sorted(other["age_one_of"]):
        raise RuleBroken("People who share their ages have the same ages. Write the same ones.", field="ages")
    if len(_together(actor, other["ages_group"])) >= len(ages):
        raise RuleBroken("There are already as many people as ages. Check who shares them.", field="ages_shared_with")
    group: UUID = other["ages_group"]
    return group
