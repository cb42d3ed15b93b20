"""What can happen to people, roles and devices. Guardians act in their own agency only, and never on themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from wilberforce.access.context import Actor, Note
from wilberforce.access.history import reason
from wilberforce.base import clock
from wilberforce.base.errors import Gone, NotAllowed, RuleBroken
from wilberforce.base.ids import new_id, random_id, random_reference
from wilberforce.ledger import leaves

from . import keys, policy, readers, sittings
from .models import Agency, Device, Invitation, Membership, RoleHeld, SecondYes, SignedIn, User, Wanted, not_over
from .rules import DEVICE_CODE_LASTS, GUARDIAN, INVITATION_LASTS, TWO_GUARDIANS

CODE_LENGTH = 12
WAITING = Q(accepted_at=None, withdrawn_at=None)
"""Invitations."""


@dataclass(frozen=True)
class Invited:
    invitation: Invitation
    token: str
    """Goes into the e-mail and nowhere else: the database keeps its hash."""


@dataclass(frozen=True)
class Enrolled:
    device: Device
    code: str


def invite(actor: Actor, agency: Agency, email: str, roles: Sequence[str]) -> Invited:
    me = policy.acting_guardian(actor, agency)
    address = email.strip().lower()
    if Membership.objects.live(clock.now()).filter(agency=agency, user__email=address).exists():
        raise RuleBroken("They work here already. Give them the role on their own line.", field="email")
    invited = write_invitation(agency, address, roles, me)
    policy.told(actor, invited.invitation.pk)
    return invited


@transaction.atomic
def found_agency(kind: str, code: str, name: str, guardians: Sequence[str]) -> list[Invited]:
    """By the operator, from the command line: the only invitations that nobody inside has sent."""
    if GUARDIAN not in policy.roles_of(kind):
        raise RuleBroken("No kind of agency with guardians is called that. The kinds are listed in the handbook.")
    if len({email.strip().lower() for email in guardians}) < 2:
        raise RuleBroken("An agency needs two guardians, because nobody administers themselves.")
    if Agency.objects.filter(code=code).exists():
        raise RuleBroken("There is an agency with that code already.")
    today = clock.in_london(clock.now()).date()
    agency = Agency.objects.create(kind=kind, code=code, name=name, short_name=name[:40], starts=today)
    made = [write_invitation(agency, email.strip().lower(), [GUARDIAN], None) for email in guardians]
    subjects = (agency.pk, *(invited.invitation.pk for invited in made))
    leaves.write(None, [Note("alteration", policy.ADMINISTRATION, "W", "", "found", subjects)], random_id())
    return made


def succeed_agency(code: str, successor: str, day: date) -> Agency:
    """By the operator. Nothing passes by itself: no membership, no agreement, no record."""
    gone, heir = (Agency.objects.filter(code=one).first() for one in (code, successor))
    if gone is None or heir is None or gone == heir:
        raise RuleBroken("Give the short words of two agencies that are here.")
    today = clock.in_london(clock.now()).date()
    if day < today or (gone.ends and gone.ends <= today):
        raise RuleBroken("Give a day that has not passed, of an agency that still acts.")
    if heir.starts > day or heir.acting_on(day) != heir:
        raise RuleBroken("The successor does not act on that day.")
    gone.ends, gone.successor = day, heir
    gone.save(update_fields=["ends", "successor"])
    subjects = (gone.pk, heir.pk)
    leaves.write(None, [Note("alteration", policy.ADMINISTRATION, "W", "", "succeeded", subjects)], random_id())
    return gone


def write_invitation(agency: Agency, email: str, roles: Sequence[str], by: Membership | None) -> Invited:
    """Without an inviter only for the first guardians of a new agency."""
    if not roles:
        raise RuleBroken("Choose at least one role.", field="roles")
    for role in roles:
        _must_fit(agency, role)
    number = new_id()
    token = sittings.link_of(number)
    invitation = Invitation.objects.create(
        id=number,
        agency=agency,
        email=email,
        roles=sorted(set(roles)),
        invited_by=by,
        token_hash=sittings.hash_of(token),
        expires=clock.now() + INVITATION_LASTS.value,
    )
    return Invited(invitation, token)


def open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(WAITING, expires__gt=clock.now())


def lapsed_invitations() -> QuerySet[Invitation]:
    """Nobody took them up in time."""
    return Invitation.objects.filter(WAITING, expires__lte=clock.now())


def withdraw_invitation(actor: Actor, pk: UUID) -> Invitation:
    """Its link opens nothing from now on."""
    asked = Invitation.objects.filter(WAITING, pk=pk, agency_id=actor.home).select_related("agency").first()
    if asked is None:
        raise NotAllowed(rule="guardian", reason="default")
    policy.acting_guardian(actor, asked.agency)
    asked.withdrawn_at = clock.now()
    asked.save(update_fields=["withdrawn_at"])
    policy.told(actor, asked.pk)
    return asked


def invite_again(actor: Actor, pk: UUID) -> Invited:
    """A fresh link, for as long as a first one; the old one opens nothing."""
    asked = withdraw_invitation(actor, pk)
    return invite(actor, asked.agency, asked.email, asked.roles)


def open_invitation(token: str) -> Invitation:
    """Raises Gone, with the same words for used, expired and unknown."""
    found = open_invitations().select_related("agency", "invited_by").filter(token_hash=sittings.hash_of(token)).first()
    if found is None or found.agency.acting_on(clock.in_london(clock.now()).date()) != found.agency:
        raise Gone("This invitation can't be used. Ask whoever invited you for a new one.", code="invitation")
    return found


@transaction.atomic
def accept_invitation(token: str, name: str, password: str) -> Membership:
    now = clock.now()
    invitation = open_invitation(token)
    if not Invitation.objects.filter(WAITING, pk=invitation.pk).update(accepted_at=now):
        raise Gone("This invitation can't be used. Ask whoever invited you for a new one.", code="invitation")
    user = _account_for(invitation.email, name, password)
    membership, _ = Membership.objects.get_or_create(
        user=user, agency=invitation.agency, ends=None, defaults={"starts": now}
    )
    for role in invitation.roles:
        give(membership, role, invitation.invited_by)
    note = Note("alteration", policy.ADMINISTRATION, "W", "", "invitation", (membership.pk, invitation.pk))
    leaves.write(None, [note], random_id())
    return membership


def grant_role(actor: Actor, membership: Membership, role: str, last_day: date | None = None) -> RoleHeld | SecondYes:
    """At once, or for a role of ``TWO_GUARDIANS`` when a second guardian has said yes."""
    me = policy.acting_guardian(actor, membership.agency_id, membership)
    must_be_here(membership)
    _must_fit(membership.agency, role)
    given = give(membership, role, me, end_of(last_day))
    policy.told(actor, membership.pk, given.pk)
    return given


def end_of(last_day: date | None) -> datetime | None:
    if last_day is None:
        return None
    if last_day < clock.in_london(clock.now()).date():
        raise RuleBroken("Enter a day that has not passed.", field="last_day")
    return datetime.combine(last_day, time(23, 59, 59), clock.LONDON)


def give(
    membership: Membership, role: str, by: Membership | None, ends: datetime | None = None, why: str = ""
) -> RoleHeld | SecondYes:
    if by is None or role not in TWO_GUARDIANS:
        return hold(membership, role, by, ends, why)
    already = membership.roles_held.filter(not_over(clock.now()), role=role).first()
    if already is not None and already.ends == ends:
        return already
    told = {"asked_by": by, "until": ends, "why": why}
    asked, fresh = SecondYes.objects.get_or_create(
        membership=membership, wanted=Wanted.ROLE, role=role, answered_at=None, defaults=told
    )
    if not fresh and asked.until != ends:
        raise RuleBroken("A second guardian was asked for this role with another end. They answer first.", field="role")
    return asked


def end_role(actor: Actor, held: RoleHeld, *, why: str, last_day: date | None = None) -> None:
    """Now, or sooner than it would."""
    me = policy.acting_guardian(actor, held.membership.agency_id, held.membership)
    ends = end_of(last_day) or clock.now()
    if held.ends is not None and held.ends <= ends:
        raise RuleBroken("It ends no later than that already.", field="last_day")
    _end_held(held, ends, me, reason(why))
    if last_day is None:
        readers.taken_from(held.membership, keys.classes_of([held.role]))
    policy.told(actor, held.membership_id, held.pk)


def prolong_role(actor: Actor, held: RoleHeld, *, why: str, last_day: date | None = None) -> RoleHeld | SecondYes:
    """Until a later day, or without an end: given anew, by as many as give it."""
    me = policy.acting_guardian(actor, held.membership.agency_id, held.membership)
    ends = end_of(last_day)
    if held.ends is None or ends == held.ends:
        raise RuleBroken("That is so already.", field="last_day")
    given = give(held.membership, held.role, me, ends, reason(why))
    policy.told(actor, held.membership_id, given.pk)
    return given


def _end_held(held: RoleHeld, ends: datetime, by: Membership | None, why: str) -> None:
    still = RoleHeld.objects.filter(not_over(clock.now()), pk=held.pk)
    still.update(ends=ends, ended_by=by, why_ended=why)


def end_membership(actor: Actor, membership: Membership) -> None:
    """Leaving ends everything at once: roles, devices and whatever screen is still open."""
    policy.acting_guardian(actor, membership.agency_id, membership)
    _end(membership)
    policy.told(actor, membership.pk)


def leave(actor: Actor) -> None:
    """By the person themselves. Raises RuleBroken for the last guardian, without whom nobody could be let in."""
    mine = Membership.objects.select_for_update().get(pk=actor.me)
    guardians = Membership.objects.holding(GUARDIAN, clock.now()).filter(agency=mine.agency_id)
    if GUARDIAN in actor.roles and not guardians.exclude(pk=mine.pk).exists():
        raise RuleBroken("You are your agency's last data guardian. Invite another one first, then leave.")
    _end(mine)
    actor.note(Note("alteration", policy.ADMINISTRATION, "W", "", "own membership", (mine.pk,)))


def _end(membership: Membership) -> None:
    now = clock.now()
    Membership.objects.filter(pk=membership.pk, ends=None).update(ends=now)
    membership.roles_held.filter(not_over(now)).update(ends=now)
    membership.devices.filter(revoked_at=None).update(revoked_at=now)
    sittings.end(SignedIn.objects.filter(membership=membership))
    readers.taken_from(membership)


def record_checks(actor: Actor, membership: Membership, vetting: int, clinician_checked_on: date | None) -> None:
    policy.acting_guardian(actor, membership.agency_id, membership)
    if clinician_checked_on and clinician_checked_on > clock.in_london(clock.now()).date():
        raise RuleBroken("The check can't be in the future.", field="clinician_checked_on")
    Membership.objects.filter(pk=membership.pk).update(vetting=vetting, clinician_checked_on=clinician_checked_on)
    policy.told(actor, membership.pk)


def enrol_device(actor: Actor, membership: Membership, label: str) -> Enrolled:
    """The code is typed on the device itself; only then does the device get its own secret."""
    me = policy.acting_guardian(actor, membership.agency_id, membership)
    must_be_here(membership)
    enrolled = _wait_for_code(membership, label, me)
    policy.told(actor, membership.pk, enrolled.device.pk)
    return enrolled


def _wait_for_code(membership: Membership, label: str, by: Membership | None) -> Enrolled:
    code = random_reference("D", CODE_LENGTH)
    device = Device.objects.create(
        membership=membership, token_hash=sittings.hash_of(code), label=label, enrolled_by=by
    )
    return Enrolled(device, code)


@transaction.atomic
def enrol_first_device(agency: str, email: str, label: str) -> Enrolled:
    """By the operator, from the command line, only while no guardian of the agency has a device to do it from."""
    guardians = Membership.objects.holding(GUARDIAN, clock.now()).filter(agency__code=agency)
    membership = guardians.filter(user__email__iexact=email.strip()).first()
    if membership is None:
        raise RuleBroken("Nobody with that address is a data guardian there. They open their invitation first.")
    if Device.objects.filter(membership__in=guardians, posture_at__isnull=False, revoked_at=None).exists():
        raise RuleBroken("A guardian of that agency has a device already, and enrols the others from it.")
    enrolled = _wait_for_code(membership, label, None)
    subjects = (membership.pk, enrolled.device.pk)
    leaves.write(None, [Note("alteration", policy.ADMINISTRATION, "W", "", "first device", subjects)], random_id())
    return enrolled


def open_device(actor: Actor, session: bytes, code: str) -> str:
    """The secret for the device's cookie. The code is spent, so whoever handed it over holds nothing."""
    now = clock.now()
    secret = sittings.new_secret()
    waiting = Device.objects.filter(
        membership=actor.membership,
        token_hash=sittings.hash_of(code.strip().upper()),
        posture_at=None,
        revoked_at=None,
        enrolled_at__gt=now - DEVICE_CODE_LASTS.value,
    )
    device = waiting.first()
    if device is None or not waiting.update(token_hash=sittings.hash_of(secret), posture_at=now):
        raise RuleBroken("That code can't be used here. Ask your data guardian for a new one.", field="code")
    SignedIn.objects.filter(session_key_hash=session, ended_at=None).update(device=device)
    actor.note(Note("alteration", policy.ADMINISTRATION, "W", "", "own_device", (device.pk,)))
    return secret


def revoke_device(actor: Actor, device: Device) -> None:
    """A guardian of the agency, or the person whose device it is: losing a phone must be quick to say."""
    if device.membership_id != actor.membership:
        policy.acting_guardian(actor, device.membership.agency_id, device.membership)
    Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=clock.now())
    policy.told(actor, device.pk)


def _must_fit(agency: Agency, role: str) -> None:
    if role not in policy.roles_of(agency.kind):
        raise RuleBroken("This kind of agency does not hold that role. Choose one from the list.", field="roles")


def must_be_here(membership: Membership) -> None:
    if not Membership.objects.live(clock.now()).filter(pk=membership.pk).exists():
        raise RuleBroken("They no longer work here. Invite them again first.")


def hold(
    membership: Membership, role: str, by: Membership | None, ends: datetime | None = None, why: str = ""
) -> RoleHeld:
    """What they hold until another day ends now and begins anew."""
    now = clock.now()
    held = membership.roles_held.filter(not_over(now), role=role).first()
    if held is not None and held.ends == ends:
        return held
    if held is not None:
        _end_held(held, now, by, why)
    return RoleHeld.objects.create(membership=membership, role=role, granted_by=by, starts=now, ends=ends)


def _account_for(email: str, name: str, password: str) -> User:
    """Somebody who works elsewhere too keeps their account and proves it with their password."""
    user = User.objects.filter(email__iexact=email).first()
    if user is not None:
        if not user.is_active or not user.check_password(password):
            raise RuleBroken("Enter the password that you already use here.", field="password")
        return user
    must_be_strong(password, User(email=email, display_name=name))
    return User.objects.join(email, name, password)


def must_be_strong(password: str, user: User) -> None:
    """Raises RuleBroken."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise RuleBroken(" ".join(weak.messages), field="password") from weak
