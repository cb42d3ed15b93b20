"""Phones and who sits at them: enrolled for a site, unlocked, lost, closed down."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Count, Q

from wilberforce.access.context import Actor
from wilberforce.agencies import seats, sittings
from wilberforce.agencies.models import SignedIn
from wilberforce.base.cookies import host_only
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy
from wilberforce.operations.models import Phone, PhoneSeat, State

from . import sync

DAY_LOG = "day_log"
SITE = {"site": "site_id"}
COOKIE = host_only("wb_phone")


@dataclass(frozen=True, slots=True)
class Enrolled:
    phone: Phone
    secret: str


@action("operation", "W", about=SITE, projection=DAY_LOG)
def enrol(actor: Actor, site_id: UUID, *, label: str) -> Enrolled:
    """The browser in which somebody of the roster asks for it becomes a phone of this site."""
    site = policy.SITES.one(actor, site_id, projection=DAY_LOG)
    operation = policy.OPERATIONS.one(actor, site["operation_id"], projection=DAY_LOG)
    if operation["state"] not in (State.PLANNED, State.LIVE):
        raise RuleBroken("This operation is over.")
    if not label.strip():
        raise RuleBroken("Give the phone a name that its holder knows.", field="label")
    secret = sittings.new_secret()
    phone = Phone(
        controller_id=site["controller_id"], operation_id=site["operation_id"], site_id=site_id,
        label=label.strip()[:40], token_hash=sittings.hash_of(secret), enrolled_by=actor.me,
    )  # fmt: skip
    phone.save(force_insert=True)
    return Enrolled(phone, secret)


def of_site(actor: Actor, site_id: UUID) -> list[Phone]:
    policy.SITES.one(actor, site_id, projection=DAY_LOG)
    return list(Phone.objects.filter(site_id=site_id).order_by("enrolled_at"))


@action("operation", "W", about=SITE, projection=DAY_LOG)
def lose(actor: Actor, site_id: UUID, *, phone_id: UUID) -> Phone:
    """Its seats end and their shares are destroyed: what lies on it can't be read. What it sent stays."""
    phone = Phone.objects.filter(pk=phone_id, site_id=site_id).first()
    if phone is None:
        raise NotAllowed(rule=actor.rules_for("operation", "W"), reason="row")
    seats.lose(phone)
    return phone


@action("operation", "W", about=SITE, projection=DAY_LOG)
def enrol_again(actor: Actor, site_id: UUID, *, phone_id: UUID) -> Enrolled:
    """The browser has lost its cookie and nothing else, or the phone was lost and is found: what is unsent on it
    comes in under the same phone."""
    phone = Phone.objects.filter(pk=phone_id, site_id=site_id, wiped_at=None).first()
    if phone is None:
        raise NotAllowed(rule=actor.rules_for("operation", "W"), reason="row")
    return Enrolled(phone, seats.known_again(phone))


def of_cookie(secret: str | None) -> Phone | None:
    return seats.of_cookie(Phone, secret)


def free(secret: str | None, site_id: UUID) -> None:
    """Raises RuleBroken where this browser holds what was written for another site, in life or in an exercise, or
    before it was lost."""
    held = of_cookie(secret)
    if held is not None and held.site_id == site_id and held.lost_at:
        raise RuleBroken(
            f"This browser is “{held.label}” already. Say above that it is found, so that nothing on it is left.",
            field="label",
        )
    if held is not None and held.site_id != site_id and held.lost_at is None:
        raise RuleBroken(
            f"This browser is “{held.label}”, a phone of another site. Open its page, send what it holds, close it"
            " down there, then come back.",
            field="label",
        )


def beside(operation_id: UUID) -> list[Phone]:
    """For the board: how long since each was heard, what it has not sent, and how much of it waits for somebody."""
    return list(Phone.objects.raw(_beside(), [operation_id]))


@cache
def _beside() -> str:
    """The text of the question, made once: every open board asks it."""
    waits = Count("rows", filter=Q(rows__taken_in=False, rows__settled_at=None))
    rows = Phone.objects.filter(operation_id=UUID(int=0)).annotate(waits=waits).order_by("enrolled_at")
    return rows.query.sql_with_params()[0]


@action("operation", "W", about=SITE, projection="site_found")
def take_seat(actor: Actor, site_id: UUID, *, phone: Phone, sitting: SignedIn, proof_hash: bytes) -> PhoneSeat:
    """Whoever may write at this site."""
    if phone.site_id != site_id or phone.lost_at or len(proof_hash) != 32:
        raise RuleBroken("This phone can't be used here. Enrol it from the board.")
    made: PhoneSeat = seats.taken(actor, phone, sitting=sitting, proof_hash=proof_hash)
    return made


def close_down(phone: Phone, count: int, head: bytes) -> list[tuple[int, int]] | None:
    """None where everything is here and the phone may be wiped; else which numbers are missing."""
    held = sync.heard(phone, unsent=phone.unsent, offset_ms=phone.offset_ms)
    if held.count != count or held.highest != count or (count and head not in sync.head_of(phone, count)):
        return held.missing or [(held.highest + 1, count)]
    seats.wiped(phone)
    return None
