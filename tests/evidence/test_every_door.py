"""Every address, knocked at in every way by a stranger and by somebody signed in: no error, no door left open, and
every answer carries the headers that keep a browser from being turned against its user."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from time import monotonic
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client, override_settings

from tests.test_every_address import filled
from wilberforce.access.addresses import Address, addresses
from wilberforce.agencies.demo import client_of
from wilberforce.base.ids import random_id
from wilberforce.web import settings

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
BODIES = (
    ("application/x-www-form-urlencoded", b"purpose=triage&version=%C2%B2&text=%00"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"\xff\xfe&=&==&;"),
    ("application/json", b'{"purpose": ["triage"], "id": {"$ne": null}}'),
    ("application/json", b"{" * 2000),
    ("application/xml", b'<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"; filename="../a"\r\n\r\n'),
    ("multipart/form-data", b"--x--"),
    ("text/plain; charset=none-such", "Ω".encode()),
)
EVERY = [*product(METHODS, BODIES)]
SAMPLE = 3
NOT_READY = "ready"
"""Its answer is 503 where no worker runs, as in a test."""

ONLY_IN = {"Content-Security-Policy": ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000",
}
OVER_HTTPS = (
    "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME",
)  # fmt: skip
WHO_SOMEBODY_IS = re.compile(r"session|csrf|wb_")
"""Cookies that a browser must refuse from a neighbouring host."""


@pytest.fixture(autouse=True)
def live() -> Iterator[None]:
    """The settings of a real service, as they stand where it serves."""
    with patch.dict(os.environ, {"WB_LIVE": "1", "WB_HOSTS": "testserver"}):
        asked = spec_from_file_location("wilberforce.web.served", str(settings.__file__))
        assert asked is not None
        assert asked.loader is not None
        served = module_from_spec(asked)
        asked.loader.exec_module(served)
    with override_settings(**{name: getattr(served, name) for name in OVER_HTTPS}):
        yield


def doors() -> list[Address]:
    return [a for a in addresses() if a.declaration]


def knock(client: Client, address: Address, way: tuple[str, tuple[str, bytes]]) -> Any:
    method, (kind, body) = way
    path = filled(address, lambda name: 7 if name == "pk" and "<int:" in address.route else random_id())
    with transaction.atomic():
        answer = client.generic(method, path, body, kind, secure=True)
        transaction.set_rollback(True)
    return answer


def amiss(address: Address, way: tuple[str, tuple[str, bytes]], answer: Any) -> list[tuple[Any, ...]]:
    broken = answer.status_code >= 500 and address.name != NOT_READY
    told: list[tuple[Any, ...]] = [(answer.status_code,)] if broken else []
    told += [(name, answer.headers.get(name)) for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    told += [("policy", part) for part in ONLY_IN["Content-Security-Policy"] if part not in policy]
    told += [("cookie", name) for name, cookie in answer.cookies.items() if not kept_close(name, cookie)]
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        told.append(("names what it runs on",))
    return [(address.route, way[0], way[1][0], *one) for one in told]


def kept_close(name: str, cookie: Any) -> bool:
    if not cookie.value:
        return True  # it is taken away
    named = name.startswith("__Host-") or not WHO_SOMEBODY_IS.search(name)
    host_only = cookie["path"] == "/" and not cookie["domain"]
    return bool(named and host_only and cookie["secure"] and cookie["httponly"] and cookie["samesite"])


def test_no_knock_breaks_anything_or_finds_a_door_open(cast: Any, long: bool, until: float, evidence: Any) -> None:
    drawn, wrong, knocks, done = random.Random(6), [], 0, 0  # noqa: S311 - a sample
    stranger = Client(raise_request_exception=False)
    inside = client_of(cast["op_commander"], Client(raise_request_exception=False))
    every = doors()
    drawn.shuffle(every)
    for address in every:
        if monotonic() > until:
            break
        done += 1
        for way in EVERY if long else drawn.sample(EVERY, SAMPLE):
            for client in (stranger, inside):
                answer = knock(client, address, way)
                knocks += 1
                wrong += amiss(address, way, answer)
                private = address.declaration and address.declaration.who in ("staff", "member")
                if client is inside and private and "no-store" not in answer.headers.get("Cache-Control", ""):
                    wrong.append((address.route, *way, answer.status_code, "may be kept by a browser"))
                if client is stranger and private and answer.status_code not in (302, 403, 404, 405, 429):
                    wrong.append((address.route, *way, answer.status_code))
            if address.name in ("account_logout", "account_login"):
                inside = client_of(cast["op_commander"], Client(raise_request_exception=False))
    evidence(
        "every address, knocked at in every way", addresses=done, wanted=len(every), knocks=knocks, wrong=len(wrong)
    )
    assert not wrong, "\n".join(map(str, wrong))
    assert done == len(every) or monotonic() > until
