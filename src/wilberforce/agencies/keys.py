"""Keys in persons' hands: somebody makes their own, and opens it for a sitting. ``readers`` says to whom what is given.

What an agency's desk and its keepers of sources read is posted to letterboxes. Two guardians decide that the private
halves belong to those people alone: from then on each half exists only wrapped to their own keys, and to the lock that
two of three holders open, so that nobody's forgotten passphrase loses a report.
"""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor, Note
from wilberforce.base import hands, locks
from wilberforce.base.cookies import host_only
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.keyring import KEY, POSTED, Letterbox

from . import policy
from .models import HeldLetterbox, OpenKey, OwnKey, SignedIn, Unlocking, User, Wrap
from .rules import PASSPHRASE_LENGTH, WRONG_PASSPHRASES

A_QUARTER_OF_AN_HOUR = 15 * 60
Opened = dict[UUID, Letterbox]
"""Private halves by letterbox."""


def holders() -> dict[str, str]:
    """Which role holds the key of each class that is posted: the matrix says so."""
    return {name: matrix().classes[name].key for name in POSTED}


def classes_of(roles: Iterable[str]) -> list[str]:
    return [name for name, role in holders().items() if role in set(roles)]


def posted_to(data_class: str, controller: UUID | None) -> hands.Recipient | None:
    """Where it is posted now; None while the agency's keys lie with the house."""
    newest = HeldLetterbox.objects.filter(agency=controller, data_class=data_class).order_by("-began_at", "-id")
    found = newest.values_list("id", "public").first() if controller else None
    return hands.Recipient(*found) if found else None


# A person and their own key


def heard(own: OwnKey) -> str:
    return hands.heard(own.public)


def mine(actor: Actor) -> OwnKey | None:
    return OwnKey.objects.filter(membership=actor.me).first()


def make(actor: Actor, passphrase: str, user: User) -> OwnKey:
    """It opens nothing until a colleague gives them what they hold."""
    if not classes_of(actor.roles):
        raise NotAllowed(rule="own_key", reason="default")
    if mine(actor):
        raise RuleBroken("You have a key already. Forget it first if you can't open it any more.", field="password")
    _strong(passphrase, user)
    fresh = Letterbox.fresh()
    made = OwnKey.objects.create(membership_id=actor.me, public=fresh.public)
    salt = secrets.token_bytes(16)
    _add_way(made, fresh, Unlocking.Way.PASSPHRASE, salt, hands.stretched(passphrase, salt))
    told(actor, made.pk)
    return made


def _strong(passphrase: str, user: User) -> None:
    if len(passphrase) < PASSPHRASE_LENGTH.value:
        raise RuleBroken(
            f"Use at least {PASSPHRASE_LENGTH.value} characters: five or six random words.", field="password"
        )
    if len(set(passphrase.lower())) < PASSPHRASE_LENGTH.value // 2:
        raise RuleBroken("That repeats itself. Use five or six random words.", field="password")
    if user.check_password(passphrase):
        raise RuleBroken("That is your password here. Choose other words.", field="password")


def _add_way(key: OwnKey, pair: Letterbox, way: str, salt: bytes, secret: bytes, credential: bytes = b"") -> None:
    box = hands.shut(pair, secret, _bound(key, way))
    Unlocking.objects.create(key=key, way=way, salt=salt, credential=credential, box=box)


def add_passkey(actor: Actor, request: HttpRequest, *, credential: bytes, salt: bytes, secret: bytes) -> None:
    """Only while the key is open: whoever adds a way in can open it already."""
    own, pair = mine(actor), open_pair(request)
    if own is None or pair is None:
        raise RuleBroken("Open your key with its passphrase first.")
    if len(secret) != KEY or not 0 < len(credential) <= 1_024 or len(salt) != KEY:
        raise RuleBroken("This passkey holds no secret of its own. Use the passphrase, or another passkey.")
    _add_way(own, pair, Unlocking.Way.PASSKEY, salt, secret, credential)
    told(actor, own.pk)


def open_for_sitting(actor: Actor, sitting: SignedIn, *, passphrase: str = "", passkey: bytes = b"") -> str:
    """The secret for the browser's cookie, kept nowhere else. Raises RuleBroken."""
    own = mine(actor)
    if own is None:
        raise RuleBroken("You have no key yet. Make one first.", field="password")
    pair = _pair(own, passphrase, passkey)
    if pair is None:
        raise RuleBroken("That does not open your key. Try again.", field="password")
    secret = secrets.token_urlsafe(KEY)
    box = hands.shut(pair, secret.encode(), _bound(own, f"sitting {sitting.pk}"))
    OpenKey.objects.update_or_create(sitting=sitting, defaults={"key": own, "box": box})
    _keep_recovery(_opened(own, pair))
    cache.delete(f"own-key:{actor.me}")
    told(actor, own.pk)
    return secret


def too_many_tries(actor: Actor) -> bool:
    """Counted outside of what a wrong passphrase undoes."""
    key = f"own-key:{actor.me}"
    if cache.add(key, 1, A_QUARTER_OF_AN_HOUR):
        return False
    with suppress(ValueError):
        return cache.incr(key) > WRONG_PASSPHRASES.value
    return False


def _pair(own: OwnKey, passphrase: str, passkey: bytes) -> Letterbox | None:
    for one in own.ways.all():
        typed = one.way == Unlocking.Way.PASSPHRASE
        if not (passphrase if typed else passkey):
            continue
        secret = hands.stretched(passphrase, bytes(one.salt)) if typed else passkey
        if found := hands.opened(bytes(one.box), secret, own.public, _bound(own, one.way)):
            return found
    return None


def _bound(own: OwnKey, what: str) -> str:
    return f"wilberforce own key 1|{own.pk}|{own.membership_id}|{what}"


def wrap_bound(letterbox: HeldLetterbox | UUID, to: object) -> str:
    return f"wilberforce wrap 1|{getattr(letterbox, 'pk', letterbox)}|{to}"


def shut_for_sitting(actor: Actor, sitting: SignedIn) -> None:
    OpenKey.objects.filter(sitting=sitting).delete()
    told(actor, sitting.pk)


def cookie() -> str:
    return host_only("wb_key")


def open_pair(request: HttpRequest) -> Letterbox | None:
    """This sitting's own private half, where the browser holds its secret."""
    found = _open_key(request)
    return _of_sitting(found, request) if found else None


def _open_key(request: HttpRequest) -> OpenKey | None:
    sitting = getattr(request, "sitting", None)
    if sitting is None or cookie() not in request.COOKIES:
        return None
    opened = OpenKey.objects.select_related("key")
    return opened.filter(sitting=sitting, key__membership=sitting.membership_id).first()


def _of_sitting(found: OpenKey, request: HttpRequest) -> Letterbox | None:
    secret, bound = request.COOKIES[cookie()].encode(), _bound(found.key, f"sitting {found.sitting_id}")
    return hands.opened(bytes(found.box), secret, found.key.public, bound)


def lacking(actor: Actor, request: HttpRequest, data_class: str) -> str:
    """Why this sitting opens nothing of a class whose keys persons hold: none, waits or shut. Empty where it does, and
    where the keys lie with the house."""
    newest = posted_to(data_class, actor.home)
    if newest is None or _open_key(request):
        return ""
    own = mine(actor)
    if own is None:
        return "none"
    return "shut" if Wrap.objects.filter(key=own, letterbox_id=newest.id).exists() else "waits"


def opened_in(request: HttpRequest) -> Opened:
    """What this sitting opens; nothing without the cookie's secret."""
    found = _open_key(request)
    pair = _of_sitting(found, request) if found else None
    return _opened(found.key, pair) if found and pair else {}


def finder(request: HttpRequest) -> hands.Find:
    """Asks the database only when something that persons hold is to be opened, and then once."""
    kept: list[Opened] = []

    def find(letterbox: UUID) -> Letterbox | None:
        if not kept:
            kept.append(opened_in(request))
        return kept[0].get(letterbox)

    return find


def _opened(own: OwnKey, pair: Letterbox) -> Opened:
    halves = {
        wrap.letterbox_id: hands.unwrapped(
            bytes(wrap.box), pair, wrap.letterbox.public, wrap_bound(wrap.letterbox_id, own.pk)
        )
        for wrap in own.wraps.select_related("letterbox")
    }
    return {letterbox: half for letterbox, half in halves.items() if half}


def _keep_recovery(opened: Opened) -> None:
    """A lock that has new shares since: its holders could not open what was sealed to the earlier ones."""
    for one in HeldLetterbox.objects.filter(pk__in=opened):
        lock = locks.public_of(str(one.agency_id)) or ""
        if lock and lock != one.lock:
            box = hands.wrapped(opened[one.pk], lock, wrap_bound(one, "recovery"))
            HeldLetterbox.objects.filter(pk=one.pk).update(lock=lock, recovery=box)


def told(actor: Actor, *subjects: UUID) -> None:
    actor.note(Note("alteration", policy.ADMINISTRATION, "W", "", "own key", subjects))
