"""Who reads what the public tells, each with a key of their own: colleagues give it on, guardians decide it, and
whoever leaves loses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from wilberforce.access.context import Actor
from wilberforce.base import clock, hands, locks
from wilberforce.base.errors import NotAllowed, NotOpened, RuleBroken
from wilberforce.base.keyring import POSTED, Letterbox

from . import keys, policy
from .models import HeldLetterbox, KeysAsked, Membership, OpenKey, OwnKey, User, Wrap, not_over


@dataclass(frozen=True)
class Waiting:
    key: OwnKey
    classes: list[str]

    @property
    def heard(self) -> str:
        return keys.heard(self.key)


@dataclass(frozen=True)
class Reader:
    membership: Membership
    key: OwnKey | None

    def holds(self, data_class: str) -> bool:
        return keys.holders()[data_class] in _roles(self.membership)


def _roles(membership: Membership) -> set[str]:
    return {held.role for held in membership.live_roles}  # type: ignore[attr-defined]


def readers_in(agency: UUID) -> list[Reader]:
    """Everybody who may read one of the classes, with their key if they have made it."""
    members = Membership.objects.with_roles(clock.now()).filter(agency=agency)
    found = [one for one in members if keys.classes_of(_roles(one))]
    made = {key.membership_id: key for key in OwnKey.objects.filter(membership__in=found)}
    return [Reader(one, made.get(one.pk)) for one in found]


def waiting_in(agency: UUID, classes: Iterable[str] = POSTED) -> list[Waiting]:
    """Who has a key, holds the role and was given nothing yet of a class that persons hold."""
    found = []
    wanted = _newest(agency, classes)
    for key in _keys_in(agency):
        held = {wrap.letterbox_id for wrap in key.wraps.all()}
        lacks = [
            name for name in keys.classes_of(_roles(key.membership)) if name in wanted and wanted[name].pk not in held
        ]
        if lacks:
            found.append(Waiting(key, lacks))
    return found


def _keys_in(agency: UUID) -> list[OwnKey]:
    members = {one.pk: one for one in Membership.objects.with_roles(clock.now()).filter(agency=agency)}
    found = list(OwnKey.objects.filter(membership__in=members).prefetch_related("wraps").order_by("made_at"))
    for key in found:
        key.membership = members[key.membership_id]
    return found


def _newest(agency: UUID, classes: Iterable[str]) -> dict[str, HeldLetterbox]:
    held = HeldLetterbox.objects.filter(agency=agency, data_class__in=list(classes))
    return {one.data_class: one for one in held.order_by("data_class", "-began_at", "-id").distinct("data_class")}


def give(actor: Actor, request: HttpRequest, key: UUID) -> None:
    """Everything that both may hold, the earlier letterboxes too. Raises NotOpened, and
    NotAllowed for nobody who waits."""
    opened, may = keys.opened_in(request), set(keys.classes_of(actor.roles))
    if not opened:
        raise NotOpened
    waits = next((one for one in waiting_in(actor.home) if one.key.pk == key and may & set(one.classes)), None)
    if waits is None or waits.key.membership_id == actor.me:
        raise NotAllowed(rule="own_key", reason="default")
    _wrap_all(opened, [waits.key], [name for name in waits.classes if name in may])
    keys.told(actor, waits.key.membership_id, waits.key.pk)


def _wrap_all(opened: keys.Opened, to: Iterable[OwnKey], classes: Iterable[str]) -> None:
    letterboxes = HeldLetterbox.objects.filter(pk__in=opened, data_class__in=list(classes))
    Wrap.objects.bulk_create(
        [
            Wrap(
                letterbox=one,
                key=key,
                box=hands.wrapped(opened[one.pk], key.public, keys.wrap_bound(one, key.pk)),
            )
            for one in letterboxes
            for key in to
        ],
        ignore_conflicts=True,
    )


# The guardians' decision, and every new epoch


def ask(actor: Actor, data_class: str) -> KeysAsked:
    me = policy.acting_guardian(actor, actor.home)
    _could_begin(actor.home, data_class)
    asked, fresh = KeysAsked.objects.get_or_create(agency_id=actor.home, data_class=data_class, defaults={"by": me})
    if not fresh:
        raise RuleBroken("That was asked already.", field="data_class")
    policy.told(actor, asked.pk)
    return asked


def agree(actor: Actor, asked_id: UUID) -> KeysAsked:
    """The second guardian's yes: a letterbox begins whose private half only its readers hold."""
    me = policy.acting_guardian(actor, actor.home)
    asked = KeysAsked.objects.select_for_update().filter(pk=asked_id, agency_id=actor.home, second=None).first()
    if asked is None or asked.by_id == me.pk:
        raise RuleBroken("Another guardian than the one who asked says yes.", field="asked")
    ready = _could_begin(actor.home, asked.data_class)
    begin(actor.home, asked.data_class, ready)
    asked.second, asked.answered_at = me, clock.now()
    asked.save(update_fields=["second", "answered_at"])
    policy.told(actor, asked.pk)
    return asked


def _could_begin(agency: UUID, data_class: str) -> list[OwnKey]:
    """Raises RuleBroken while a forgotten passphrase would lose what is told."""
    if data_class not in keys.holders():
        raise NotAllowed(rule="own_key", reason="default")
    ready = ready_for(agency, data_class)
    if not ready:
        raise RuleBroken("Nobody who reads this has a key yet. They make it under Your account, Your own key.")
    if locks.public_of(str(agency)) is None and (settings.LIVE or len(ready) < 2):
        raise RuleBroken("Forgotten passphrases would lose everything. Your operator locks the keys away first.")
    return ready


def ready_for(agency: UUID, data_class: str) -> list[OwnKey]:
    role = keys.holders()[data_class]
    return [key for key in _keys_in(agency) if role in _roles(key.membership)]


def begin(agency: UUID, data_class: str, to: Iterable[OwnKey]) -> HeldLetterbox:
    """What is posted from now on opens to these alone, and to the holders of the lock."""
    fresh, lock = Letterbox.fresh(), locks.public_of(str(agency)) or ""
    made = HeldLetterbox(agency_id=agency, data_class=data_class, public=fresh.public, lock=lock)
    if lock:
        made.recovery = hands.wrapped(fresh, lock, keys.wrap_bound(made, "recovery"))
    made.save(force_insert=True)
    _wrap_all({made.pk: fresh}, to, [data_class])
    return made


@transaction.atomic
def taken_from(membership: Membership, classes: Iterable[str] = POSTED) -> None:
    """Whoever leaves, or loses the role, loses the wraps, and an epoch begins: what is posted later is not for them."""
    own = OwnKey.objects.filter(membership=membership).first()
    if own is None:
        return
    held = Wrap.objects.filter(key=own, letterbox__data_class__in=list(classes))
    lost = set(held.values_list("letterbox__data_class", flat=True))
    held.delete()
    OpenKey.objects.filter(key=own).delete()
    for data_class, newest in _newest(membership.agency_id, lost).items():
        held_by = set(newest.wraps.values_list("key", flat=True))
        left = [key for key in ready_for(membership.agency_id, data_class) if key.pk in held_by]
        if left or newest.lock:
            begin(membership.agency_id, data_class, left)


def lapsed() -> int:
    """Whose role ran out on its day, as if a guardian had ended it that moment."""
    now, taken = clock.now(), 0
    for own in OwnKey.objects.select_related("membership"):
        roles = own.membership.roles_held.filter(not_over(now), starts__lte=now).values_list("role", flat=True)
        lost = set(POSTED) - set(keys.classes_of(roles))
        if own.wraps.filter(letterbox__data_class__in=lost).exists():
            taken_from(own.membership, lost)
            taken += 1
    return taken


def forget(actor: Actor) -> None:
    """A passphrase that is gone, or known to another: a new key, and a colleague gives again what they hold. Raises
    RuleBroken for the last one who holds a letterbox that no lock's holders could open either."""
    own = keys.mine(actor)
    if own is None:
        return
    for letterbox in HeldLetterbox.objects.filter(wraps__key=own, recovery=b""):
        if not letterbox.wraps.exclude(key=own).exists():
            raise RuleBroken("Nobody else could open what you hold. Keep the key until a colleague holds it too.")
    taken_from(own.membership)
    own.delete()
    keys.told(actor, actor.me)


def gone(user: User) -> None:
    """Whoever lost their proof may have lost it to somebody: their keys open nothing any more."""
    for own in OwnKey.objects.filter(membership__user=user).select_related("membership"):
        taken_from(own.membership)
        own.delete()


def wanting() -> list[str]:
    """What the doctor says of them."""
    told = []
    if KeysAsked.objects.filter(second__isnull=False, taken_over_at=None).exists():
        told.append("What was told before readers held their own keys still lies with the house's. Run: keys rotate")
    for agency in HeldLetterbox.objects.values_list("agency", flat=True).distinct():
        newest = _newest(agency, POSTED)
        if any(not one.wraps.exists() for one in newest.values()):
            told.append("An agency has nobody left who opens what it is told. Two holders of its lock: keys recover")
        if any(one.lock != (locks.public_of(str(agency)) or "") for one in newest.values()):
            told.append("A lock has new holders. Ask one of the agency's readers to open their own key today.")
    return told


def recover(one: str, other: str) -> list[Waiting]:
    """By two holders of the lock: whoever waits is given what it kept. Raises WrongShares or NoLock."""
    _, key = locks.opened(one, other)
    helped = []
    for agency in HeldLetterbox.objects.filter(lock=key.public).values_list("agency", flat=True).distinct():
        kept = HeldLetterbox.objects.filter(agency=agency, lock=key.public)
        found = {
            box.pk: hands.unwrapped(bytes(box.recovery), key, box.public, keys.wrap_bound(box, "recovery"))
            for box in kept
        }
        opened = {pk: half for pk, half in found.items() if half}
        for waits in waiting_in(agency):
            _wrap_all(opened, [waits.key], waits.classes)
            helped.append(waits)
    return helped
