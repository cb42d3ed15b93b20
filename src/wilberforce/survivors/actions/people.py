"""A person's record begins, is corrected and ends; somebody is named for them; their roles are told apart."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count, Max, Min, Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected
from wilberforce.agencies.models import Area, Membership, RoleHeld, not_over
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.registries import blockers
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.rules import AgeClass
from wilberforce.ledger.doors import action
from wilberforce.survivors import lists, policy, rules
from wilberforce.survivors.models import LONGEST_ASSIGNMENT, Assignment, Person, PersonRole, Placement

from .writer import ended, written

WORKS_WITH_PEOPLE = frozenset(
    {"reception_worker", "health_worker", "first_responder", "housing_officer", "safeguarding_lead", "emergency_duty",
     "benefit_support"}
)  # fmt: skip
CORRECTABLE = frozenset(
    {"age", "languages", "interpreter", "interpreter_gender", "needs", "household_size", "access_needs",
     "avoid_area_id"}
)  # fmt: skip


@action("person_ref", "W", about={"person": "person_id", "centre": "centre_id"})
def begin(
    actor: Actor,
    centre_id: UUID,
    *,
    person_id: UUID,
    reference: str,
    age: str,
    languages: Sequence[str],
    operation_id: UUID | None = None,
    found_id: UUID | None = None,
    interpreter: str = "not sure",
    interpreter_gender: str = "not sure",
    needs: Sequence[str] = (),
) -> Person:
    """The person's presence at the centre is written first: it is what lets anybody there begin the record."""
    said = {"age": age, "languages": languages, "needs": needs}
    person = Person(
        pk=person_id,
        controller_id=actor.home,
        centre_id=centre_id,
        operation_id=operation_id,
        found_id=found_id,
        reference=_reference(reference),
        interpreter=interpreter,
        interpreter_gender=interpreter_gender,
        **_checked(said),
    )
    try:
        return policy.PEOPLE.add(actor, person)
    except IntegrityError as twice:
        # the database decides: whoever has it may be somebody whom the actor can't see
        sentence = "This reference is in use for somebody here. Check the card."
        raise RuleBroken(sentence, field="reference") from twice


def _reference(reference: str) -> str:
    wanted = reference.strip().upper()
    if not wanted or len(wanted) > 20:
        raise RuleBroken("Enter the reference on the card, 20 characters or fewer.", field="reference")
    return wanted


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Codes from our lists only. Raises RuleBroken."""
    checked = dict(changes)
    for name, within in (
        ("languages", LANGUAGES),
        ("needs", lists.ON_THE_REFERENCE),
        ("access_needs", lists.ACCESS_NEEDS),
    ):
        if name in checked:
            checked[name] = lists.known(checked[name], within, name)
    if "age" in checked:
        checked["age"] = _age(checked["age"])
    area = checked.get("avoid_area_id")
    if area is not None and not Area.objects.filter(pk=area).exists():
        raise RuleBroken("Choose an area from the list.", field="avoid_area_id")
    size = checked.get("household_size")
    if size is not None and not 1 <= size <= rules.LARGEST_HOUSEHOLD:
        raise RuleBroken(f"A household is 1 to {rules.LARGEST_HOUSEHOLD} people.", field="household_size")
    return checked


def _age(said: str) -> str:
    try:
        return AgeClass(said).value
    except ValueError:
        raise RuleBroken("Choose adult, child or not sure.", field="age") from None


@action("person_ref", "W", about={"person": "person_id"})
def correct_person(actor: Actor, person_id: UUID, changes: Mapping[str, Any], *, version: int, why: str = "") -> Person:
    """Raises Conflict where somebody else changed it since the page was opened."""
    if not set(changes) <= CORRECTABLE:
        raise NotAllowed(rule="projection", reason="default")
    checked = _checked(changes)
    return corrected(actor, policy.PEOPLE, policy.FORMER_PEOPLE, person_id, checked, version=version, why=why)


@action("person_ref", "W", about={"person": "person_id"})
def note_needs(actor: Actor, person_id: UUID, *, needs: Sequence[str], version: int | None = None) -> Person:
    said = _checked({"needs": needs})
    return corrected(actor, policy.PEOPLE, policy.FORMER_PEOPLE, person_id, said, version=version)


@action("person_ref", "W", about={"person": "person_id"})
def assign(actor: Actor, person_id: UUID, membership_id: UUID, until: datetime | None = None) -> Assignment:
    """At most 30 days; naming the same worker again renews it. Whoever names them opens the person's story to them,
    so the manager does, and never to themselves."""
    _names_workers(actor)
    if membership_id == actor.me:
        raise RuleBroken(
            "Nobody names themselves. Choose the colleague who will work with them.", field="membership_id"
        )
    now = clock.now()
    ends = until or now + LONGEST_ASSIGNMENT
    if not now < ends <= now + LONGEST_ASSIGNMENT + timedelta(minutes=1):
        raise RuleBroken(f"Choose an end within {rules.ASSIGNMENT_DAYS.value} days.", field="until")
    if not _may_be_assigned(membership_id):
        raise RuleBroken("Choose somebody who works with people and has not left.", field="membership_id")
    _live_assignments(person_id, membership_id).update(ended_at=now)
    ends = min(ends, now + LONGEST_ASSIGNMENT)
    assignment = Assignment(
        person_id=person_id, membership_id=membership_id, starts=now, until=ends, assigned_by=actor.me
    )
    assignment.save(force_insert=True)
    return assignment


@action("person_ref", "W", about={"person": "person_id"})
def end_assignment(actor: Actor, person_id: UUID, membership_id: UUID) -> None:
    _names_workers(actor)
    if not _live_assignments(person_id, membership_id).update(ended_at=clock.now()):
        raise RuleBroken("They are not working with this person now.", field="membership_id")


def _names_workers(actor: Actor) -> None:
    if actor.role != "reception_manager":
        raise NotAllowed(rule="cell", reason="cell")


def works_with(person_id: UUID, membership_id: UUID) -> bool:
    """So that a page leads nobody to what they can't open yet; the rules themselves ask the database."""
    return bool(_live_assignments(person_id, membership_id).filter(until__gt=clock.now()).exists())


def until_when(actor: Actor, members: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """How many people each of these members is named to work with, and when the first and the last of it ends."""
    del actor  # whoever asks for their own alone is asked by the page
    live = Assignment.objects.filter(membership_id__in=members, ended_at=None, until__gt=clock.now())
    counted = live.values("membership_id").annotate(people=Count("id"), first=Min("until"), last=Max("until"))
    return {row["membership_id"]: {**row} for row in counted}


def _live_assignments(person_id: UUID, membership_id: UUID) -> Any:
    return Assignment.objects.filter(person_id=person_id, membership_id=membership_id, ended_at=None)


def _may_be_assigned(membership_id: UUID) -> bool:
    now = clock.now()
    post = Membership.objects.live(now).filter(pk=membership_id)
    held = RoleHeld.objects.filter(not_over(now), membership__in=post, role__in=WORKS_WITH_PEOPLE, starts__lte=now)
    return held.exists()


@action("person_ref", "W", about={"person": "person_id"})
def categorise(actor: Actor, person_id: UUID, role: str, basis: str, from_: datetime | None = None) -> PersonRole:
    """Adds a role beside those that the person has already; none is overwritten."""
    if role in rules.WRITTEN_BY_POLICE_ONLY:
        raise RuleBroken("Suspicion is not kept here. Pass a safety worry to the police liaison.", field="role")
    if role not in set(rules.Role):
        raise RuleBroken("Choose a role from the list.", field="role")
    since = from_ or clock.now()
    if since > clock.now():
        raise RuleBroken("A role begins now or earlier, not in the future.", field="from_")
    held = policy.ROLES.many(actor, Q(person_id=person_id, role=role, until=None), limit=1)
    if held:
        raise RuleBroken("They have this role already.", field="role")
    return policy.ROLES.add(
        actor,
        PersonRole(role=role, basis=basis, since=since, **written(actor, person_id)),
    )  # fmt: skip


@action("person_ref", "W", about={"person": "person_id"})
def end_role(actor: Actor, person_id: UUID, role_id: UUID, *, why: str, version: int) -> PersonRole:
    held = policy.ROLES.one(actor, role_id)
    if held["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    return policy.ROLES.change(actor, role_id, {"until": clock.now(), **ended(actor, why)}, version=version)


@action("person_ref", "W", about={"person": "person_id"})
def close(actor: Actor, person_id: UUID, *, version: int) -> Person:
    waiting = blockers("survivors.close", actor, person_id)
    if waiting:
        raise RuleBroken(" ".join(waiting))
    return policy.PEOPLE.change(actor, person_id, {"ended_at": clock.now()}, version=version)


def _takes_on(projection: str) -> Callable[[Actor, UUID], Placement]:
    @action("person_ref", "R", about={"person": "person_id"}, projection=projection)
    def take_on_placement(actor: Actor, person_id: UUID) -> Placement:
        if actor.kind not in rules.FIND_HOMES:
            raise NotAllowed(rule="cell", reason="cell")
        live = Placement.objects.filter(person_id=person_id, agency_id=actor.home, ended_at=None).first()
        if live is not None:
            return live
        placement = Placement(person_id=person_id, agency_id=actor.home, begun_by=actor.me)
        placement.save(force_insert=True)
        return placement

    return take_on_placement


TAKES_ON = {projection: _takes_on(projection) for projection in ("", *policy.NARROW.values())}
"""Whoever finds a home, by night too, reads the reference as far as their own role may: no further is asked."""


def take_on_placement(actor: Actor, person_id: UUID) -> Placement:
    """The authority that finds the home; from then on its workers may write down where it is."""
    return TAKES_ON[policy.NARROW.get(actor.role, "")](actor, person_id)
