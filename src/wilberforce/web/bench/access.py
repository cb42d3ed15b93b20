"""What need to know costs a request, with 100,000 people: the centre's board and the search by exact reference.

Each request is sent twice in turn through the same browser, door, page and ledger: once with the matrix's policy
and row-level security, once over views that no row policy guards, with the condition that a programmer would have
written by hand and the session looked up without grants or facts.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connection
from django.test import Client

from wilberforce.access import context
from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected
from wilberforce.agencies.cast import found_cast
from wilberforce.agencies.demo import client_of
from wilberforce.agencies.models import Membership
from wilberforce.base import postgres

PEOPLE, CENTRES = 100_000, 2_000
ROUNDS, WARM = 60, 5
GUARDED = ("reception_centre", "reception_centreroster", "reception_presence", "survivors_person", "ledger_leaf")
BY_HAND = "; ".join(
    ["CREATE SCHEMA by_hand", "GRANT USAGE ON SCHEMA by_hand TO wb_app"]
    + [f"CREATE VIEW by_hand.{table} AS SELECT * FROM public.{table}" for table in GUARDED]
    + ["GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA by_hand TO wb_app"]
)
MINE = (
    "IN (SELECT r.centre_id FROM by_hand.reception_centreroster r WHERE r.membership_id = '{me}' AND r.until IS NULL)"
)
WRITTEN = {
    "reception_centre": f"id {MINE}",
    "reception_centreroster": f"centre_id {MINE}",
    "reception_presence": f"centre_id {MINE}",
    "survivors_person": f"centre_id {MINE}",
}
FILL = """
INSERT INTO reception_centre (id, controller_id, recorded_at, name, code, state, capacity, opened_at, version)
SELECT {each}, '{agency}', now(), 'Centre ' || n, '', 'open', 60, now(), 1
FROM generate_series(1, {centres}) n;
INSERT INTO reception_centreroster (id, controller_id, recorded_at, centre_id, membership_id)
VALUES (gen_random_uuid(), '{agency}', now(), '{here}', '{me}');
INSERT INTO agencies_shift (id, place_id, part, starts, ends, signed_in_at, membership_id)
VALUES (gen_random_uuid(), '{here}', '', now() - interval '1 hour', now() + interval '7 hours', now(), '{me}');
INSERT INTO survivors_person (id, controller_id, centre_id, reference, age, languages, interpreter,
    interpreter_gender, needs, access_needs, begun_at, version)
SELECT md5('person' || n)::uuid, '{agency}', {centre}, 'R' || n, 'adult', '{{ro}}',
    'yes', 'any', '{{}}', '{{}}', now(), 1 FROM generate_series(1, {people}) n;
SET session_replication_role = replica;
INSERT INTO reception_presence (id, controller_id, recorded_at, centre_id, person_id, reference, since, "where",
    moved_at, recorded_by, version)
SELECT md5('stay' || n)::uuid, '{agency}', now(), {centre}, md5('person' || n)::uuid,
    'R' || n, now(), 'room', now(), '{me}', 1 FROM generate_series(1, {people}) n;
ANALYZE;
"""
SESSION = """
SELECT m.id, m.agency_id, a.kind,
       ARRAY(SELECT r.role::text FROM agencies_roleheld r WHERE r.membership_id = m.id AND r.ends IS NULL)
FROM agencies_signedin s
JOIN agencies_membership m ON m.id = s.membership_id JOIN agencies_agency a ON a.id = m.agency_id
WHERE s.session_key_hash = %s AND s.ended_at IS NULL AND s.second_factor AND m.ends IS NULL
"""
CENTRE, HERE = UUID("c0000000-0000-4000-8000-000000000007"), "R4006"


class CannotMeasure(RuntimeError):
    """The sentence says what to do."""


def measure() -> dict[str, Any]:
    with _full_database() as me:
        browser = client_of(me, Client())
        board = _compare(str(me.pk), lambda: _get(browser, f"/reception/centre/{CENTRE}/", 200))
        search = _compare(str(me.pk), lambda: _get(browser, f"/reception/centre/{CENTRE}/find/?reference={HERE}", 302))
    return {
        "over_where": round(board[0] / board[1], 2),
        "search_over_where": round(search[0] / search[1], 2),
        "page_ms": round(1000 * board[0], 1),
        "page_by_hand_ms": round(1000 * board[1], 1),
        "search_ms": round(1000 * search[0], 1),
        "search_by_hand_ms": round(1000 * search[1], 1),
        "people": PEOPLE,
        "rounds": ROUNDS,
    }


@contextmanager
def _full_database() -> Iterator[Membership]:
    """A clone with all those people, dropped afterwards; the worker whose centre has fifty of them."""
    server, source = postgres.find(), str(connection.settings_dict["NAME"])
    name = f"wb_bench_{os.getpid()}"
    connection.close()
    try:
        server.clone_database(source, name)
    except postgres.PostgresFailed:
        raise CannotMeasure("Somebody uses the database. Stop ./wb run and measure again.") from None
    connection.settings_dict["NAME"] = name
    try:
        me = found_cast()["reception_worker"]
        server.sql(_fill(me), name)
        server.sql(BY_HAND, name)
        yield me
    finally:
        connection.close()
        connection.settings_dict["NAME"] = source
        server.drop_database(name)


def _fill(me: Membership) -> str:
    numbered = "('c0000000-0000-4000-8000-' || lpad(({n})::text, 12, '0'))::uuid"
    each, centre = numbered.format(n="n"), numbered.format(n=f"1 + n % {CENTRES}")
    given = {"agency": me.agency_id, "me": me.pk, "people": PEOPLE, "centres": CENTRES, "here": CENTRE}
    return FILL.format(each=each, centre=centre, **given)


def _get(browser: Client, url: str, status: int) -> bytes:
    answer = browser.get(url)
    if answer.status_code != status:
        raise CannotMeasure(f"{url} answered {answer.status_code}.")
    return answer.content


def _compare(me: str, request: Callable[[], bytes]) -> tuple[float, float]:
    """The median seconds under the policy and by hand, taken in turn; both must have shown the same."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(WARM + ROUNDS):
        guarded = _timed(request, took[0])
        with _by_hand(me):
            written = _timed(request, took[1])
        if len(guarded) != len(written):
            raise CannotMeasure("The two ways do not show the same page.")
    return median(took[0][WARM:]), median(took[1][WARM:])


def _timed(request: Callable[[], bytes], took: list[float]) -> bytes:
    began = perf_counter()
    shown = request()
    took.append(perf_counter() - began)
    return shown


@contextmanager
def _by_hand(me: str) -> Iterator[None]:
    def narrowed(protected: Protected[Any], actor: Actor, action: str, projection: str) -> Any:
        condition = WRITTEN[protected.table].format(me=me)
        return protected.model._default_manager.extra(where=[condition])  # noqa: S610 - written above

    _search_path("by_hand, public")
    try:
        with patch.object(Protected, "_narrowed", narrowed), patch.object(context, "_open", _looked_up):
            yield
    finally:
        _search_path("public")


def _search_path(path: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {path}")


def _looked_up(function: str, arguments: Sequence[Any], cells: Iterable[str] | None) -> Actor:
    """Who it is by one plain query; what they may do is not asked of the database."""
    session, purpose = arguments
    with connection.cursor() as cursor:
        cursor.execute(SESSION, [session])
        membership, agency, kind, roles = cursor.fetchone()
    grants = frozenset(f"{cell}/{action}" for cell in ("A68/centre", "A15/person_ref") for action in "RW")
    ready = frozenset({"on_shift", "managed_device", "step_up"})
    return Actor(membership, agency, kind, roles[0], tuple(roles), purpose, grants, ready)
