"""Whether a clock tells a hidden record from one that is not there: each pair asked for in turn, compared by Welch's t.

Asked as somebody who may never see this record, on the day of the demonstration: by page, through all the application,
and of the database, as the application's role with a key that was guessed.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from statistics import fmean, variance
from time import perf_counter_ns
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test import Client, override_settings

from wilberforce.access.protect import PROTECTED
from wilberforce.agencies.cast import Cast, found_cast
from wilberforce.agencies.demo import client_of, seat_without_browser
from wilberforce.base.ids import random_id
from wilberforce.ledger.doors import at_work

from .copies import copied

LIMIT = 4.5
PAGES, ROWS, WARM = 200, 2_000, 20
SEED = 1833
FRESH_EVERY = 50
"""Pairs; a proof of who is at the screen lasts five minutes."""

PAGES_OF = (
    # whose browser, whose record, where
    ("reception_worker_2", "survivors_person", "/support/person/{}/"),
    ("housing_officer", "survivors_person", "/support/person/{}/"),
    ("op_member_fire", "operations_operation", "/op-planning/{}/"),
    ("intel_officer", "concerns_report", "/triage/reports/{}/"),
)
ROWS_OF = (
    ("comms_officer", "public_info"),
    ("partner_hmrc", "regulatory"),
    ("housing_officer", "support"),
)
TABLES = ("survivors_person", "survivors_identity", "survivors_nextplace", "concerns_report", "intelligence_item")
Took = tuple[list[float], list[float]]


def measure() -> dict[str, Any]:
    """``worst_t``: the largest of all; ``told``: how many pairs a clock tells apart at all."""
    load = os.getloadavg()[0]
    with copied(), _played() as (cast, records):
        rows = [_of_page(cast, records, *asked) for asked in PAGES_OF if records[asked[1]]]
        rows += [one for part, purpose in ROWS_OF for one in _of_rows(cast, records, part, purpose)]
    worst = max(rows, key=lambda row: abs(row["t"]))
    return {
        "worst_t": worst["t"],
        "worst_us": worst["difference_us"],
        "told": sum(abs(row["t"]) >= LIMIT for row in rows),
        "limit": LIMIT,
        "pages": PAGES,
        "rows": ROWS,
        "load": round(load, 1),
        "asked": rows,
    }


@contextmanager
def _played() -> Iterator[tuple[Cast, dict[str, list[UUID]]]]:
    from wilberforce.web.demo.play import play_story

    made: dict[str, list[UUID]] = defaultdict(list)

    def noted(sender: Any, instance: Any, created: bool, **_: Any) -> None:
        if created and isinstance(instance.pk, UUID):
            made[sender._meta.db_table].append(instance.pk)

    mail = "django.core.mail.backends.filebased.EmailBackend"
    found_cast()
    with tempfile.TemporaryDirectory() as kept, override_settings(EMAIL_BACKEND=mail, EMAIL_FILE_PATH=kept):
        post_save.connect(noted)
        story = play_story()
        post_save.disconnect(noted)
        yield story.cast, made


def _of_page(cast: Cast, records: dict[str, list[UUID]], part: str, table: str, path: str) -> dict[str, Any]:
    there = records[table][0]
    browsers: list[Client] = []

    def renew() -> None:
        browsers[:] = [client_of(cast[part], Client())]

    def ask(record: UUID) -> None:
        with transaction.atomic():
            browsers[0].get(path.format(record))
            transaction.set_rollback(True)

    took = _in_turn(PAGES, there, ask, renew)
    return {"name": f"{path} as {part}"} | _welch(took)


def _of_rows(cast: Cast, records: dict[str, list[UUID]], part: str, purpose: str) -> Iterator[dict[str, Any]]:
    session = seat_without_browser(cast[part])
    for table in (name for name in TABLES if records[name] and name in PROTECTED):
        with at_work(session, purpose), connection.cursor() as cursor:
            cursor.execute(f"PREPARE asked AS SELECT 1 FROM {table} WHERE id = $1")
            cursor.execute("EXECUTE asked (%s)", [records[table][0]])
            hidden = cursor.fetchone() is None
            if hidden:

                def ask(record: UUID, cursor: Any = cursor) -> None:
                    cursor.execute("EXECUTE asked (%s)", [record])

                took = _in_turn(ROWS, records[table][0], ask, lambda: None)
            cursor.execute("DEALLOCATE asked")
        if hidden:
            yield {"name": f"{table} as {part}"} | _welch(took)


def _in_turn(pairs: int, there: UUID, ask: Callable[[UUID], None], renew: Callable[[], object]) -> Took:
    """Which of the two goes first is drawn each time, so that no habit of the machine favours one."""
    took: Took = ([], [])
    drawn = Random(SEED)  # noqa: S311 - an order, not a secret
    for number in range(WARM + pairs):
        if number % FRESH_EVERY == 0:
            renew()
        both = [(there, took[0]), (random_id(), took[1])]
        for record, kept in both if drawn.random() < 0.5 else both[::-1]:
            began = perf_counter_ns()
            ask(record)
            kept.append((perf_counter_ns() - began) / 1000)
    return took[0][WARM:], took[1][WARM:]


def _welch(took: Took) -> dict[str, Any]:
    """The slowest twentieth of each is left out: it tells of other work on the machine."""
    hidden, absent = (sorted(side)[: len(side) * 19 // 20] for side in took)
    apart = fmean(hidden) - fmean(absent)
    spread = (variance(hidden) / len(hidden) + variance(absent) / len(absent)) ** 0.5
    return {"t": round(apart / spread, 1), "difference_us": round(apart, 1), "of_us": round(fmean(absent), 1)}
