"""Whether the machine can do its work: the database, its migrations, the worker, the disk. No record is read."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

FULL = 90
FILLING = 80
HEARTBEAT = "SELECT coalesce(max(last_heartbeat) > now() - interval '2 minutes', false) FROM procrastinate_workers"

MAIL = """
SELECT count(*), min(e.at) FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
WHERE j.queue_name = 'mail' AND j.status = 'todo' AND j.attempts > 0
"""


@dataclass(frozen=True)
class Part:
    name: str
    well: bool
    sentence: str


def parts() -> list[Part]:
    return [_asked(name, well, mend) for name, (well, mend) in PARTS.items()]


def disk_used() -> float:
    """Per cent, as ``df`` counts, of what we may use of the disk that holds our state; what is kept back for others is
    nobody's to fill. A database server elsewhere must watch its own."""
    there = next(folder for folder in (settings.STATE, *settings.STATE.parents) if folder.exists())
    disk = shutil.disk_usage(there)
    return 100 * disk.used / (disk.used + disk.free)


def _asked(name: str, well: Callable[[], bool], mend: str) -> Part:
    try:
        return Part(name, True, "") if well() else Part(name, False, mend)
    except (DatabaseError, OSError):
        return Part(name, False, mend)


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return ours() <= set(cursor.fetchall())


@lru_cache(maxsize=1)
def ours() -> frozenset[tuple[str, str]]:
    """The migrations of the installed program."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _worker() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HEARTBEAT)
        (fresh,) = cursor.fetchone() or (False,)
        return bool(fresh)


def mail_waits() -> str:
    """A sentence for the operator when messages were tried and could not be handed over; the pages go on without."""
    with connection.cursor() as cursor:
        cursor.execute(MAIL)
        number, since = cursor.fetchone() or (0, None)
    if not number:
        return ""
    messages = "1 message waits" if number == 1 else f"{number} messages wait"
    return f"{messages} for the mail server, the oldest since {since:%d %B %H:%M}. None is lost. Is WB_SMTP_HOST up?"


def _disk() -> bool:
    return disk_used() < FULL


PARTS: dict[str, tuple[Callable[[], bool], str]] = {
    "database": (_database, "The database does not answer. Is it running, and are WB_PG_HOST and its password right?"),
    "migrations": (_migrations, "The database is not that of this version. Run as the owner: migrate"),
    "worker": (_worker, "No worker has been heard of for two minutes: clocks are not watched. Start the worker."),
    "disk": (_disk, "The disk is nine tenths full. Free some before PostgreSQL stops: see docs/operating.md."),
}
