"""Two worlds: in one a record exists and is hidden from whoever asks, in the other there is none."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import mail
from django.db import connection, transaction
from django.test import Client

from tests.test_every_address import CONVERTER, TABLES, WHATS, filled, holds, ours
from wilberforce.access.addresses import Address
from wilberforce.access.asking import may
from wilberforce.access.context import Actor, expand
from wilberforce.access.protect import PROTECTED
from wilberforce.agencies.cast import PARTS, Cast
from wilberforce.agencies.demo import client_of, seat_without_browser
from wilberforce.base import left_lists
from wilberforce.base.errors import WilberforceError
from wilberforce.base.ids import random_id
from wilberforce.ledger.doors import at_work
from wilberforce.web.bench.walk import statements

TABLE_OF = TABLES | {
    "emergency_id": "sharing_emergency", "disclosure_id": "sharing_disclosure", "request_id": "sharing_request",
    "victim_request_id": "sharing_victimrequest", "alarm_id": "sharing_emergencyalarm",
    "access_request_id": "sharing_accessrequest", "outsider_id": "sharing_outsider",
    "agreement_id": "sharing_agreement", "membership_id": "agencies_membership", "answer_id": "survivors_consent",
    "flag_id": "survivors_careflag", "role_id": "survivors_categorisation", "picture_id": "reception_pictureevent",
    "worry_id": "operations_safetyworry", "shift_id": "agencies_shift",
}  # fmt: skip
RANDOM_BY_CONSTRUCTION = re.compile(
    r'name="csrfmiddlewaretoken" value="[\w-]*"'  # the token against forged forms
    r'|name="once" value="[\w-]*"'  # the token against a double click
    r'|nonce(="|-)[\w+/=-]*'  # of the page's own script, in the page and in its header
)
OWN_NUMBER = {"X-Request-Id"}
FRESH = 200
"""Seconds."""


@dataclass(frozen=True)
class Way:
    """A way of asking for an address."""

    method: str
    query: str = ""
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method}{self.query} {sorted(self.form)} {self.headers}"


WAYS = (
    Way("GET"),
    Way("HEAD"),
    Way("OPTIONS"),
    Way("GET", query="?page=2"),
    Way("GET", query="?q=Q7KM2&page=-1"),
    Way("GET", headers={"accept": "application/json"}),
    Way("GET", headers={"HX-Request": "true"}),
    Way("GET", headers={"if-none-match": '"x"', "if-modified-since": "Tue, 17 Apr 2018 09:00:00 GMT"}),
    Way("POST"),
    Way("POST", form={"version": "0", "text": "A line", "note": "A line", "reason": "A line", "said": "yes"}),
    Way("POST", form={"purpose": "another"}),
    Way("PUT"),
    Way("PATCH"),
    Way("DELETE"),
)


@dataclass(frozen=True)
class Heard:
    """Everything that reaches whoever asked, and the number of statements that it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: str
    mails: tuple[str, ...]
    statements: int


@dataclass
class World:
    cast: Cast
    records: dict[str, list[UUID]]
    clients: dict[str, Client] = field(default_factory=dict)
    sessions: dict[str, bytes] = field(default_factory=dict)
    seen: dict[tuple[str, ...], bool] = field(default_factory=dict)
    since: list[float] = field(default_factory=lambda: [monotonic()])
    before: dict[tuple[str, str], Heard] = field(default_factory=dict)
    """What outsiders heard of each list while there was nothing in the world."""

    def client(self, part: str) -> Client:
        """A browser that has been here before: its first page brings a cookie that no later one does."""
        if part not in self.clients:
            self.clients[part] = client_of(self.cast[part], Client(raise_request_exception=False))
            self.clients[part].get("/")
        return self.clients[part]

    def stay_fresh(self) -> None:
        """Between pairs. A proof lasts five minutes: a long run would else compare two pages that ask for a new one."""
        if monotonic() - self.since[0] > FRESH:
            self.since[0] = monotonic()
            self.clients.clear()
            self.sessions.clear()

    def ask(self, part: str, way: Way, address: str, purpose: str, names: dict[str, str]) -> Heard:
        """What is asked is undone afterwards. ``names``: what stands in the address -> what to write instead."""
        client, given = self.client(part), {"purpose": purpose, "once": str(UUID(int=7)), **way.form}
        client.cookies.pop(left_lists.cookie(), None)  # what their own browser remembers of the last time
        mail.outbox.clear()
        with transaction.atomic(), statements() as sent:
            answer = client.generic(
                way.method,
                address + way.query,
                _encoded(given) if way.method == "POST" else b"",
                "application/x-www-form-urlencoded",
                headers=way.headers,
            )
            transaction.set_rollback(True)
        return _heard(answer, len(sent), names)

    def hidden(self, part: str, address: Address, argument: str, record: UUID) -> bool:
        """Whether no row policy shows them anything of it here, and no rule lets them know of it before there is a row.

        Both are proven equal to the matrix elsewhere. A worker who is assigned to somebody may open their empty page.
        """
        cells = address.declaration.cells if address.declaration else ()
        purpose = str(address.arguments.get("purpose", ""))
        key = (part, purpose, *cells, argument, str(record))
        if key not in self.seen:
            self.seen[key] = any(
                self._shown(part, purpose, asked, argument, record)
                for asked in (list(cells), *([cell] for cell in cells), None)
            ) or self._related(part, purpose, list(cells), argument, record)
        return not self.seen[key]

    def _shown(self, part: str, purpose: str, cells: list[str] | None, argument: str, record: UUID) -> bool:
        if part not in self.sessions:
            self.sessions[part] = seat_without_browser(self.cast[part])
        try:
            with at_work(self.sessions[part], purpose, cells), connection.cursor() as cursor:
                return any(
                    _any_row(cursor, table, column, record) for table, column in _where_it_stands(argument, cells)
                )
        except WilberforceError:
            return False

    def _related(self, part: str, purpose: str, cells: list[str], argument: str, record: UUID) -> bool:
        """Whether a relation of theirs to exactly this record opens the address: an invented one opens to nobody."""
        try:
            with at_work(self.sessions[part], purpose, cells) as actor:
                return any(_opens(actor, cell, argument, record) for cell in expand(cells))
        except WilberforceError:
            return False


def _opens(actor: Actor, cell: str, argument: str, record: UUID) -> bool:
    data_class, action, projection = cell.split(":")
    kind = argument.removesuffix("_id")
    there, invented = (
        may(actor, data_class, action, {kind: asked}, projection).allowed for asked in (record, random_id())
    )
    return there and not invented


def _where_it_stands(argument: str, cells: list[str] | None) -> set[tuple[str, str]]:
    """Its own table, and each table of the classes that the address shows with a column for it."""
    kind = argument.removesuffix("_id")
    classes = {cell.split(":")[0] for cell in cells or ()}
    about = {(p.table, p.subjects[kind]) for p in PROTECTED.values() if p.data_class in classes and kind in p.subjects}
    return about | {(TABLE_OF[argument], "id")}


def _any_row(cursor: Any, table: str, column: str, record: UUID) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = %s)", [record])
    return bool(cursor.fetchone()[0])


def _encoded(form: dict[str, str]) -> bytes:
    return urlencode(form).encode()


def _heard(answer: Any, sent: int, names: dict[str, str]) -> Heard:
    def plain(text: str) -> str:
        for name, instead in names.items():
            text = text.replace(name, instead)
        return RANDOM_BY_CONSTRUCTION.sub("", text)

    headers = sorted((name, plain(value)) for name, value in answer.headers.items() if name not in OWN_NUMBER)
    cookies = sorted(
        _without_value(c) if c.key.endswith("csrftoken") else plain(str(c)) for c in answer.cookies.values()
    )
    mails = [f"{m.to} {m.subject} {m.body}" for m in mail.outbox]
    body = plain(answer.content.decode(errors="replace"))
    return Heard(answer.status_code, tuple(headers), tuple(cookies), body, tuple(mails), sent)


def _without_value(cookie: Any) -> str:
    """The token against forged forms, whose cookie lasts a year from the second in which it was set."""
    return str(cookie).replace(cookie.value, "").replace(str(cookie["expires"]), "")


@dataclass(frozen=True)
class Pair:
    part: str
    address: Address
    way: Way
    there: str
    nowhere: str
    names: dict[str, str]


def pairs(world: World, wanted: int, drawn: random.Random) -> Iterator[Pair]:
    """Every address with a record in it, asked by everybody in every way; a sample of as many as are wanted."""
    named = [a for a in ours() if set(arguments(a)) - {"what"}]
    every = [(a, part.key, way) for a in named for part in PARTS for way in WAYS]
    drawn.shuffle(every)
    made = 0
    for address, part, way in every:
        if made == wanted:
            return
        world.stay_fresh()
        pair = _pair(world, address, part, way, drawn)
        if pair is not None:
            made += 1
            yield pair


def arguments(address: Address) -> list[str]:
    return [found[1] for found in CONVERTER.findall(address.route)]


def _pair(world: World, address: Address, part: str, way: Way, drawn: random.Random) -> Pair | None:
    """None where nothing in the address is hidden from them, or no such record was made."""
    real: dict[str, str] = {}
    other: dict[str, str] = {}
    names: dict[str, str] = {}
    for argument in arguments(address):
        if argument == "what":
            real[argument] = other[argument] = WHATS.get(address.name or "", "site")
            continue
        found = world.records.get(TABLE_OF.get(argument, ""))
        if not found:
            return None
        record = drawn.choice(found)
        real[argument] = other[argument] = str(record)
        if world.hidden(part, address, argument, record):
            other[argument] = str(random_id())
            names |= {real[argument]: argument, other[argument]: argument}
    if not names:
        return None
    return Pair(part, address, way, filled(address, real.__getitem__), filled(address, other.__getitem__), names)


OUTSIDERS = (
    "partner_hmrc", "source_keeper", "emergency_duty", "safeguarding_lead", "housing_officer",
    "partner_labour", "partner_dwp", "first_responder", "sysadmin",
)  # fmt: skip
"""To whom nothing of the day was entrusted, though their agencies took part."""


FOR_THEM = ("account_", "news", "jobs")
"""The news are for all; that a job ran is for the operator, who hears nothing of what it was about."""


def heard_by_outsiders(world: World, long: bool) -> dict[tuple[str, str], Heard]:
    """Every list of their workspaces, its second page and what is searched for; not what FOR_THEM names."""
    world.stay_fresh()
    lists = [a for a in ours() if not arguments(a) and not (a.name or "").startswith(FOR_THEM)]
    return {
        (part, filled(a, str) + way.query): world.ask(part, way, filled(a, str), purpose, {})
        for part in (OUTSIDERS if long else OUTSIDERS[:3])
        for a in lists
        if not (purpose := str(a.arguments.get("purpose", ""))) or holds(world, part, purpose)
        for way in (WAYS[0], WAYS[3], WAYS[4])
    }
