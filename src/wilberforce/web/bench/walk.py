"""Walk through every page that the cast can open, by the links that a person would follow."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from itertools import islice, product
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse

from wilberforce.access.addresses import Address, addresses
from wilberforce.agencies.cast import Cast
from wilberforce.agencies.demo import client_of
from wilberforce.web.demo import seldom

LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)"')
GIVEN = re.compile(r"<\w+:(\w+)>")
PER_PERSON, PER_ADDRESS = 2, 4
GUESSES = 6
OWN = [
    "/my-work/", "/sign-in/sessions/", "/sign-in/agency/", "/sign-in/again/", "/sign-in/password/",
    "/sign-in/password/none/", "/sign-in/password-again/", "/sign-in/proof/", "/people/",
]  # fmt: skip
"""Where everybody who is signed in begins."""
HALFWAY, AUTHENTICATE = "halfway", ("/sign-in/proof/authenticate/", ("", "mfa_authenticate"))
ENDS_THE_SITTING = {"account_logout", "account_login", "demo_sign_in", "demo_renew"}
TAKES_A_FORM, LEADS_ON = "takes a form", "leads to another page"
Key = tuple[str, str]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that PostgreSQL receives meanwhile: BEGIN, SAVEPOINT and COMMIT are statements too."""
    sent: list[str] = []
    connection.queries_log.clear()  # it keeps the last few thousand; a full one would miscount
    with CaptureQueriesContext(connection) as caught:
        yield sent
    sent += [query["sql"] for query in caught.captured_queries]


@dataclass(frozen=True, slots=True)
class Opened:
    key: Key
    part: str
    url: str
    sent: tuple[str, ...]
    size: int
    kind: str
    templates: tuple[str, ...] = ()
    """Only where templates say that they are rendered: under the test runner."""

    @property
    def name(self) -> str:
        return ":".join(filter(None, self.key))


@dataclass
class Walk:
    """``opened``: for each address, each opening of it that showed a page."""

    opened: dict[Key, list[Opened]] = field(default_factory=lambda: defaultdict(list))
    answers_only: dict[Key, str] = field(default_factory=dict)
    """Addresses that are no page of their own: what each does instead."""
    guessed: set[Key] = field(default_factory=set)
    """Addresses to which no link led."""
    seen: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """Values of the parts of addresses that the links held, by their names: what a guess is made of."""

    def worst(self) -> list[Opened]:
        """The opening that cost most, of each address."""
        return [
            max(found, key=lambda one: (len(one.sent), one.size)) for _, found in sorted(self.opened.items()) if found
        ]

    def missing(self) -> list[Address]:
        return [one for one in addresses() if not self.opened[key_of(one)] and key_of(one) not in self.answers_only]

    def works_in(self, part: str, purpose: str) -> bool:
        return any(one.part == part for key, found in self.opened.items() if key[0] == purpose for one in found)

    def follow(self, part: str, client: Client, starts: list[str], *, sees_all: bool = True) -> None:
        """``sees_all``: opens each address once although others have opened it often enough."""
        times: dict[Key, int] = defaultdict(int)
        waiting, known = deque(starts), set(starts)
        while waiting:
            url = waiting.popleft()
            match = _match(url)
            if match is None or match.url_name in ENDS_THE_SITTING:
                continue
            self._remember(match)
            key = _key(match)
            enough = _inner(match) and len(self.opened[key]) >= PER_ADDRESS
            if times[key] >= (int(sees_all and bool(match.namespace)) if enough else PER_PERSON):
                continue
            page = self.open(part, client, url, key)
            times[key] += page.status_code == 200
            fresh = [link for link in _links(page) if link not in known]
            known.update(fresh)
            waiting.extend(fresh)

    def open(self, part: str, client: Client, url: str, key: Key) -> Any:
        with statements() as sent:
            response = client.get(url)
        if said := _instead(response):
            self.answers_only[key] = said
        if response.status_code != 200:
            return response
        kind = response.headers.get("Content-Type", "").split(";")[0]
        used = tuple(str(one.name) for one in getattr(response, "templates", ()))
        self.opened[key].append(Opened(key, part, url, tuple(sent), len(response.content), kind, used))
        return response

    def guess(self, part: str, client: Client, address: Address) -> None:
        """For a page that no link of theirs leads to: fill its address from what other links held."""
        values = [self.seen[given][:GUESSES] or [UUID(int=0)] for given in GIVEN.findall(address.route)]
        for chosen in islice(product(*values), GUESSES):
            try:
                url = reverse(name_of(address), args=chosen)
            except NoReverseMatch:
                return
            if self.open(part, client, url, key_of(address)).status_code == 200:
                self.guessed.add(key_of(address))
                return

    def _remember(self, match: ResolverMatch) -> None:
        for name, value in match.kwargs.items():
            if value not in self.seen[name]:
                self.seen[name].append(value)


def walk(cast: Cast, letters: Sequence[str] = ()) -> Walk:
    """The public first, then each of the cast from their own page; then what links did not reach. ``letters``: the
    addresses that came by e-mail."""
    made = Walk()
    public = ["/", "/report/", "/news/", "/sign-in/forgotten/", "/sign-in/by-invitation/", "/sign-in/closed/"]
    made.follow("public", Client(), [*public, *letters])
    made.open("public", Client(), "/sign-in/", ("", "account_login"))
    for address in (one for one in made.missing() if not key_of(one)[0] and not GIVEN.findall(one.route)):
        made.open("public", Client(raise_request_exception=False), f"/{address.route}", key_of(address))
    made.open(HALFWAY, halfway(cast), *AUTHENTICATE)
    first, clients = one_of_each(cast), {}
    for part in sorted(one_of_each(cast, 2), key=lambda part: not cast[part].user.has_usable_password()):
        client = clients[part] = client_of(cast[part], Client())
        made.follow(part, client, OWN, sees_all=part in first)
        made.open(part, client, "/sign-out/", ("", "account_logout"))
    for address in (one for one in made.missing() if key_of(one)[0]):
        for part, client in clients.items():
            found = made.opened[key_of(address)] or key_of(address) in made.answers_only
            if made.works_in(part, key_of(address)[0]) and not found:
                made.guess(part, client, address)
    return made


def one_of_each(cast: Cast, many: int = 1) -> list[str]:
    """The first of those who hold the same roles in agencies of one kind; the second is often no party to it."""
    alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for part, post in cast.people.items():
        alike[(post.agency.kind, *sorted(held.role for held in post.roles_held.all()))].append(part)
    return [part for parts in alike.values() for part in parts[:many]]


def halfway(cast: Cast) -> Client:
    """Somebody whose password was right and whose second proof is asked for now."""
    client = Client()
    client.post("/sign-in/", {"login": cast[seldom.EVERY_WAY].user.email, "password": seldom.PASSWORD})
    return client


def key_of(address: Address) -> Key:
    """Only a staff address has its purpose as the first part of its name."""
    staff = address.declaration is not None and address.declaration.who == "staff"
    return (str(address.arguments["purpose"]) if staff else "", address.name or "")


def name_of(address: Address) -> str:
    return ":".join(filter(None, key_of(address)))


def _instead(response: Any) -> str:
    """Nothing for a page, nor where somebody is sent to sign in."""
    if response.status_code == 405:
        return TAKES_A_FORM
    sent_on = response.status_code == 302 and not response.headers["Location"].startswith("/sign-in/?")
    return LEADS_ON if sent_on else ""


def _match(url: str) -> ResolverMatch | None:
    try:
        return resolve(url.split("?", maxsplit=1)[0])
    except Resolver404:
        return None


def _inner(match: ResolverMatch) -> bool:
    """Not the first page of a workspace nor one of its lists, from which everybody's own links go out."""
    return bool(match.kwargs.keys() - {"purpose"}) or (not match.namespace and match.url_name != "desk")


def _key(match: ResolverMatch) -> Key:
    return match.namespace, match.url_name or ""


def _links(page: HttpResponse) -> list[str]:
    """Where it sends whoever asked, or what it shows them."""
    if page.status_code == 302:
        return [page.headers["Location"]]
    shows = page.status_code == 200 and page.headers.get("Content-Type", "").startswith("text/html")
    return [unescape(link) for link in LINK.findall(page.content.decode(errors="replace"))] if shows else []
