"""Every address, asked for by everybody and by those who no longer may: nothing that the golden file does not grant."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from tests.test_every_address import TABLES, WHATS, filled
from wilberforce.access.addresses import Address, addresses
from wilberforce.access.checker import golden
from wilberforce.access.context import expand
from wilberforce.access.matrix import load_matrix
from wilberforce.agencies.cast import PARTS, Cast
from wilberforce.agencies.models import Device, SignedIn
from wilberforce.base import clock
from wilberforce.base.ids import random_id

from .worlds import World

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SHOWN = 200
SHARES = 12
"""With ``--long``: each a row of its own, so that a machine of two cores may take them one at a time, on any day."""
LONG_AGO = clock.now().replace(year=2020)


def _over(post: Any, cast: Cast) -> None:
    SignedIn.objects.filter(membership=post, ended_at=None).update(ended_at=clock.now())


def _expired(post: Any, cast: Cast) -> None:
    Session.objects.update(expire_date=LONG_AGO)


def _revoked(post: Any, cast: Cast) -> None:
    Device.objects.filter(membership=post, revoked_at=None).update(revoked_at=clock.now())


def _stale(post: Any, cast: Cast) -> None:
    Device.objects.filter(membership=post).update(posture_at=LONG_AGO)


def _wrong_device(post: Any, cast: Cast) -> None:
    SignedIn.objects.filter(membership=post, ended_at=None).update(device=None)


def renewed() -> None:
    """Everybody has just proved who they are, on a device that has just said how it is: a proof lasts five minutes, and
    to sign in anew each time was a fifth of what this test took."""
    SignedIn.objects.filter(ended_at=None).update(stepped_up_at=clock.now())
    Device.objects.filter(revoked_at=None).update(posture_at=clock.now())


NO_LONGER: dict[str, Callable[[Any, Cast], None]] = {
    "over": _over, "expired": _expired, "revoked": _revoked, "stale": _stale, "wrong device": _wrong_device,
}  # fmt: skip
GONE, UNTRUSTED = ("over", "expired"), ("revoked", "stale", "wrong device")
"""Nobody is at the screen; or somebody is, at one that nobody vouches for."""


def granted() -> set[tuple[str, ...]]:
    return {(kind, role, cls, purpose, action) for kind, role, cls, purpose, action, *_ in golden()}


def granted_anywhere() -> set[tuple[str, ...]]:
    """On a device that nobody vouches for: nothing grave, and no rule that asks for a managed one."""
    grave = {name for name, cls in load_matrix().classes.items() if cls.tier in ("S", "1")}
    return {
        (kind, role, cls, purpose, action)
        for kind, role, cls, purpose, action, _, facts, *_ in golden()
        if cls not in grave and "managed_device" not in facts.split()
    }


class Asking:
    """``may``: what somebody with a live sitting may be shown; ``anywhere``: on whatever device they sit."""

    def __init__(self, world: World, drawn: random.Random) -> None:
        self.world, self.drawn = world, drawn
        self.may, self.anywhere = granted(), granted_anywhere()
        self.stranger = Client(raise_request_exception=False)
        self.asked: Counter[str] = Counter()
        self.shown: Counter[str] = Counter()
        self.wrong: list[tuple[Any, ...]] = []

    def entitled(self, address: Address, part: str, grants: set[tuple[str, ...]]) -> bool:
        """Of anything in its workspace where an address declares nothing: its lists ask the row policies."""
        post, roles = self.world.cast[part], next(p.roles for p in PARTS if p.key == part)
        purpose, kind = str(address.arguments.get("purpose", "")), post.agency.kind
        cells = expand(address.declaration.cells if address.declaration else ())
        if not cells:
            return any(grant[:2] == (kind, role) and grant[3] == purpose for grant in grants for role in roles)
        parts = [cell.replace("{agency}", kind).split(":") for cell in cells]
        return any((kind, role, cls, purpose, action) in grants for role in roles for cls, action, _ in parts)

    def path(self, address: Address, there: bool) -> str:
        def known(argument: str) -> object:
            records = self.world.records.get(TABLES.get(argument, ""), [])
            if argument == "what":
                return WHATS.get(address.name or "", "site")
            return self.drawn.choice(records) if there and records else random_id()

        return filled(address, known)

    def ask(self, address: Address, part: str, state: str, method: str, there: bool) -> None:
        client = self.world.client(part) if part else self.stranger
        purpose = str(address.arguments.get("purpose", ""))
        form = urlencode({"purpose": purpose, "once": str(UUID(int=9))}).encode() if method == "POST" else b""
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            if state in NO_LONGER:
                NO_LONGER[state](self.world.cast[part], self.world.cast)
            answer = client.generic(method, self.path(address, there), form, "application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        client.cookies = cookies  # a sitting that was over for a moment takes its cookie with it
        self.asked[state] += 1
        self.shown[state] += answer.status_code == SHOWN
        if self._amiss(address, part, state, method, answer):
            self.wrong.append((address.route, part, state, method, answer.status_code))

    def _amiss(self, address: Address, part: str, state: str, method: str, answer: Any) -> bool:
        if answer.status_code >= 500:
            return True
        who = address.declaration.who if address.declaration else ""
        if who not in ("staff", "member"):
            return False
        signed_out = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")
        if state == "anonymous" or state in GONE:
            return not (signed_out or answer.status_code in (403, 404, 405, 409, 429))
        if who == "member" or answer.status_code != SHOWN or method == "OPTIONS":
            return False
        return not self.entitled(address, part, self.may if state == "live" else self.anywhere)


def private() -> list[Address]:
    return [a for a in addresses() if a.declaration and a.declaration.who in ("staff", "member", "public")]


def who_asks(asking: Asking, address: Address, long: bool) -> Iterator[tuple[str, str]]:
    """With ``--long`` everybody in every state; else a stranger, somebody of the address, whoever, and two states."""
    everybody = [part.key for part in PARTS]
    theirs = [part for part in everybody if asking.entitled(address, part, asking.may)] or everybody
    draw = asking.drawn.choice
    yield "", "anonymous"
    for state in NO_LONGER if long else (draw(GONE), draw(UNTRUSTED)):
        for part in theirs if long else [draw(theirs)]:
            yield part, state
    for part in everybody if long else (draw(theirs), draw(everybody)):
        yield part, "live"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "share" in metafunc.fixturenames:
        metafunc.parametrize("share", range(SHARES) if metafunc.config.getoption("--long") else (None,))


def test_nobody_is_shown_at_any_address_what_the_golden_file_does_not_grant(
    lived: World, long: bool, until: float, evidence: Any, share: int | None
) -> None:
    asking = Asking(lived, random.Random(8))  # noqa: S311 - a sample
    every, done = private(), 0
    asking.drawn.shuffle(every)
    every = every if share is None else every[share::SHARES]
    for address in every:
        if monotonic() > until:
            break
        renewed()
        done += 1
        for part, state in who_asks(asking, address, long):
            asking.ask(address, part, state, "GET", there=True)
            for method in METHODS if long else ():
                asking.ask(address, part, state, method, there=False)
        if not long:
            asking.ask(address, asking.drawn.choice(PARTS).key, "live", asking.drawn.choice(METHODS), there=True)
    which = "" if share is None else f", share {share + 1} of {SHARES}"
    evidence(
        f"every address, everybody, in every state{which}", addresses=done, wanted=len(every), asked=dict(asking.asked),
        shown=dict(asking.shown), wrong=len(asking.wrong),
    )  # fmt: skip
    assert not asking.wrong, "\n".join(map(str, asking.wrong))
    assert asking.shown["live"] > done / 20
    assert done == len(every) or monotonic() > until
