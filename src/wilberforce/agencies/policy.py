"""Who may administer people: an agency's own data guardians, never for another agency and never for themselves.

The matrix speaks of records; these are the few questions about the people who read them.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from wilberforce.access.context import Actor, Note
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed

from .models import Agency, Membership, RoleHeld, not_over
from .rules import GUARDIAN

ADMINISTRATION = "members"
"""The name under which the ledger keeps what guardians do."""


def roles_of(kind: str) -> tuple[str, ...]:
    """The roles that the matrix lets this kind of agency hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agencies_roles_of(%s)", [kind])
        return tuple(row[0] for row in cursor.fetchall())


def guardian(actor: Actor, agency: Agency | UUID, about: Membership | None = None) -> Membership:
    """The actor's own membership. Raises NotAllowed."""
    agency_id = agency if isinstance(agency, UUID) else agency.pk
    guardians = Membership.objects.holding(GUARDIAN, clock.now()).select_related("user", "agency")
    mine = guardians.filter(pk=actor.membership or UUID(int=0), agency=agency_id).first()
    if mine is None or (about is not None and (about.agency_id != agency_id or about.user_id == mine.user_id)):
        raise NotAllowed(rule="guardian", reason="default")
    return mine


def seats_of(actor: Actor) -> QuerySet[Membership, UUID]:
    """Every membership of whoever acts, in each agency that they work or worked for: one person is never two."""
    return Membership.objects.filter(user__memberships=actor.me).values_list("pk", flat=True)


READINESS = ("managed_device", "step_up")


def lacking(actor: Actor) -> str:
    """What a guardian must put right before they act: whoever lets others in shows afresh who they are."""
    return next((fact for fact in READINESS if fact not in actor.ready), "")


def acting_guardian(actor: Actor, agency: Agency | UUID, about: Membership | None = None) -> Membership:
    """A guardian at an enrolled device with a fresh proof. Raises NotAllowed."""
    mine = guardian(actor, agency, about)
    if lacking(actor):
        raise NotAllowed(rule="guardian", reason="default")
    return mine


def told(actor: Actor, *subjects: UUID) -> None:
    """One leaf for an act of administration."""
    actor.note(Note("alteration", ADMINISTRATION, "W", "", "guardian", subjects))


def names_of(actor: Actor, memberships: Iterable[UUID]) -> dict[UUID, str]:
    """A colleague by name; somebody of another agency by their agency alone."""
    found = Membership.objects.select_related("user", "agency").filter(pk__in=set(memberships))
    return {one.pk: str(one.user) if one.agency_id == actor.agency else one.agency.short_name for one in found}


def parts_of(memberships: Iterable[UUID]) -> dict[UUID, str]:
    """For paper that leaves the house: as what somebody works there, and not who they are."""
    parts: dict[UUID, str] = {}
    now = RoleHeld.objects.filter(not_over(clock.now()), membership__in=set(memberships)).exclude(role=GUARDIAN)
    for held in now.order_by("role"):
        before = parts.get(held.membership_id)
        parts[held.membership_id] = f"{before} and {held}" if before else str(held)
    return parts


def named(actor: Actor, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A timeline's entries, the newest first, each with its ``by`` in words instead of a membership."""
    names = names_of(actor, [entry["by"] for entry in entries if entry.get("by")])
    spoken = [entry | {"by": names.get(entry.get("by") or UUID(int=0), "")} for entry in entries]
    return sorted(spoken, key=lambda entry: entry["at"], reverse=True)
