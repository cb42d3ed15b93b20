"""What takes two guardians: a role that opens much, and a way back for somebody who lost their password or their proof.

A mailed link alone would make whoever reads the mailbox the person; so the mailbox is one half and two colleagues who
know the person's face are the other.
"""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from wilberforce.access.context import Actor, Note
from wilberforce.base import clock
from wilberforce.base.errors import Gone, NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.ledger import leaves

from . import policy, readers, sittings
from .actions import hold, must_be_here, must_be_strong
from .models import Device, Membership, SecondYes, SignedIn, User, Wanted
from .rules import GUARDIAN, WAY_BACK_LASTS

GONE = "This link can't be used. Ask your data guardians for a new one."


def waiting_in(agency: UUID) -> QuerySet[SecondYes]:
    waiting = SecondYes.objects.filter(answered_at=None, membership__agency=agency, membership__ends=None)
    return waiting.select_related("membership__user", "asked_by__user").order_by("asked_at")


def ask_way_back(actor: Actor, membership: Membership) -> SecondYes:
    me = policy.acting_guardian(actor, membership.agency_id, membership)
    must_be_here(membership)
    asked, _ = SecondYes.objects.get_or_create(
        membership=membership, wanted=Wanted.WAY_BACK, role="", answered_at=None, defaults={"asked_by": me}
    )
    policy.told(actor, membership.pk, asked.pk)
    return asked


def answer(actor: Actor, asked_id: UUID, yes: bool) -> tuple[SecondYes, str]:
    """With the secret for the mailed link, where that is what was asked. Raises NotAllowed for whoever asked."""
    asked = SecondYes.objects.select_for_update(of=("self",)).filter(pk=asked_id, answered_at=None).first()
    if asked is None:
        raise NotAllowed(rule="guardian", reason="default")
    me = policy.acting_guardian(actor, asked.membership.agency_id, asked.membership)
    if asked.asked_by.user_id == me.user_id:
        raise NotAllowed(rule="guardian", reason="default")
    secret = _settle(asked, me) if yes else ""
    asked.answered_by, asked.answered_at, asked.yes = me, clock.now(), yes
    asked.save(update_fields=["answered_by", "answered_at", "yes", "token_hash", "expires"])
    policy.told(actor, asked.membership_id, asked.pk)
    return asked, secret


@transaction.atomic
def answer_for_the_lone(code: str, email: str) -> SecondYes:
    """The operator's yes, for a second guardian alone and only where one guardian is left to ask for them."""
    guardians = Membership.objects.holding(GUARDIAN, clock.now()).filter(agency__code=code)
    if len(guardians) != 1:
        raise RuleBroken("That agency does not have exactly one data guardian. Two answer one another.")
    waiting = SecondYes.objects.select_for_update(of=("self",)).select_related("membership__user")
    named = waiting.filter(membership__agency__code=code, membership__user__email=email.strip().lower())
    asked = named.filter(role=GUARDIAN, answered_at=None, asked_by=guardians[0]).first()
    if asked is None:
        raise RuleBroken("Their guardian has not asked for that. They give this colleague the role under People first.")
    must_be_here(asked.membership)
    hold(asked.membership, GUARDIAN, asked.asked_by, asked.until, asked.why)
    asked.answered_at, asked.yes = clock.now(), True
    asked.save(update_fields=["answered_at", "yes"])
    subjects = (asked.membership_id, asked.pk)
    leaves.write(None, [Note("alteration", policy.ADMINISTRATION, "W", "", "found", subjects)], random_id())
    return asked


def _settle(asked: SecondYes, me: Membership) -> str:
    must_be_here(asked.membership)
    if asked.wanted == Wanted.ROLE:
        hold(asked.membership, asked.role, me, asked.until, asked.why)
        return ""
    secret = sittings.link_of(asked.pk)
    asked.token_hash, asked.expires = sittings.hash_of(secret), clock.now() + WAY_BACK_LASTS.value
    return secret


def open_way_back(token: str) -> SecondYes:
    """Raises Gone, with the same words for used, expired and unknown."""
    open_ones = SecondYes.objects.filter(used_at=None, yes=True, expires__gt=clock.now())
    found = open_ones.select_related("membership__user").filter(token_hash=sittings.hash_of(token)).first()
    if found is None or not sittings.live_memberships(found.membership.user).filter(pk=found.membership_id).exists():
        raise Gone(GONE, code="way_back")
    return found


@transaction.atomic
def take_way_back(token: str, password: str) -> User:
    """A new password; old proofs and devices are gone, because whoever lost one may have lost it to somebody. Without a
    device nothing grave opens, so that the guardians of another agency where they work see them too."""
    asked = open_way_back(token)
    if not SecondYes.objects.filter(pk=asked.pk, used_at=None).update(used_at=clock.now()):
        raise Gone(GONE, code="way_back")
    user = asked.membership.user
    must_be_strong(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    Device.objects.filter(membership__user=user, revoked_at=None).update(revoked_at=clock.now())
    sittings.end(SignedIn.objects.filter(user=user))
    readers.gone(user)
    note = Note("alteration", policy.ADMINISTRATION, "W", "", "way back", (asked.membership_id, asked.pk))
    leaves.write(None, [note], random_id())
    return user
