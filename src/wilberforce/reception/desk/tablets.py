"""Tablets and who sits at them: enrolled, unlocked, lost, closed down."""

from dataclasses import dataclass
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.agencies import seats, sittings
from wilberforce.agencies.models import SignedIn
from wilberforce.base.cookies import host_only
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.reception.models import Seat, Tablet
from wilberforce.reception.policy import CENTRES

from . import sync

CENTRE = {"centre": "centre_id"}
COOKIE = host_only("wb_tablet")


@dataclass(frozen=True, slots=True)
class Enrolled:
    tablet: Tablet
    secret: str


@action("centre", "W", about=CENTRE)
def enrol(actor: Actor, centre_id: UUID, *, label: str, held: Tablet | None = None) -> Enrolled:
    """The browser in which the manager asks for it becomes a tablet of this centre. ``held``: what it is already."""
    _managed(actor, centre_id)
    if held is not None:
        first = "Say above that it is found" if held.lost_at else "Open its desk and close it down there"
        raise RuleBroken(
            f"This browser is “{held.label}” already. {first}, so that nothing on it is left.", field="label"
        )
    if not label.strip():
        raise RuleBroken("Give the tablet a name that is written on it.", field="label")
    secret = sittings.new_secret()
    tablet = Tablet(
        controller_id=actor.home,
        centre_id=centre_id,
        label=label.strip()[:40],
        token_hash=sittings.hash_of(secret),
        enrolled_by=actor.me,
    )
    tablet.save(force_insert=True)
    return Enrolled(tablet, secret)


def _managed(actor: Actor, centre_id: UUID) -> None:
    """Raises NotAllowed for whoever does not manage this centre."""
    if actor.role != "reception_manager":
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="cell")
    CENTRES.one(actor, centre_id)


def of_centre(actor: Actor, centre_id: UUID) -> list[Tablet]:
    _managed(actor, centre_id)
    return list(Tablet.objects.filter(centre_id=centre_id).order_by("label", "enrolled_at"))


@action("centre", "W", about=CENTRE)
def lose(actor: Actor, centre_id: UUID, tablet_id: UUID) -> Tablet:
    """Its seats end and their shares are destroyed: what lies on it can't be read, even if it is never seen again."""
    _managed(actor, centre_id)
    tablet = Tablet.objects.filter(pk=tablet_id, centre_id=centre_id).first()
    if tablet is None:
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="row")
    seats.lose(tablet)
    return tablet


@action("centre", "W", about=CENTRE)
def enrol_again(actor: Actor, centre_id: UUID, tablet_id: UUID) -> Enrolled:
    """The browser has lost its cookie and nothing else, or the tablet was lost and is found: what is unsent on it
    comes in under the same tablet."""
    _managed(actor, centre_id)
    tablet = Tablet.objects.filter(pk=tablet_id, centre_id=centre_id, wiped_at=None).first()
    if tablet is None:
        raise NotAllowed(rule=actor.rules_for("centre", "W"), reason="row")
    return Enrolled(tablet, seats.known_again(tablet))


def of_cookie(secret: str | None) -> Tablet | None:
    return seats.of_cookie(Tablet, secret)


@action("person_ref", "W", about=CENTRE)
def take_seat(actor: Actor, centre_id: UUID, *, tablet: Tablet, sitting: SignedIn, proof_hash: bytes) -> Seat:
    if tablet.centre_id != centre_id or tablet.lost_at or len(proof_hash) != 32:
        raise RuleBroken("This tablet can't be used here. Ask the manager to enrol it.")
    made: Seat = seats.taken(actor, tablet, sitting=sitting, proof_hash=proof_hash)
    return made


def close_down(tablet: Tablet, count: int, head: bytes) -> list[tuple[int, int]] | None:
    """None where everything is here and the tablet may be wiped; else which numbers are missing."""
    held = sync.heard(tablet, unsent=tablet.unsent, offset_ms=tablet.offset_ms, app_version=tablet.app_version)
    if held.count != count or held.highest != count or (count and head not in sync.head_of(tablet, count)):
        return held.missing or [(held.highest + 1, count)]
    seats.wiped(tablet)
    return None
