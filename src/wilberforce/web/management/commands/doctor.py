"""Everything that live use needs, in plain sentences; ends with 1 if anything has to be mended."""

import json
import platform
import sys
from datetime import datetime, timedelta
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

import wilberforce
from wilberforce.agencies import readers
from wilberforce.base.clock import now
from wilberforce.stewardship import papers
from wilberforce.web import backups, locking, readiness, starting

OLDEST_BACKUP = timedelta(hours=26)


class Command(BaseCommand):
    help = "Say what is well and what to mend."
    requires_system_checks = []

    def handle(self, *_: Any, **__: Any) -> None:
        reasons = starting.reasons()
        parts = readiness.parts()
        wrong = [*reasons, *(part.sentence for part in parts if not part.well)]
        wrong += [sentence for sentence in (late_backup(), waiting_mail()) if sentence]
        wrong += [*missing_papers(), *locking.wanting(), *keys_of_readers()]
        self.stdout.write(versions())
        for part in parts:
            if part.well:
                self.stdout.write(f"well  {part.name}")
        for sentence in dict.fromkeys(wrong):
            self.stdout.write(f"mend  {sentence}")
        if wrong:
            sys.exit(1)
        self.stdout.write("Nothing to mend.")


def keys_of_readers() -> list[str]:
    try:
        return readers.wanting()
    except DatabaseError:
        return []  # said above: the database does not answer


def versions() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (server,) = cursor.fetchone() or ("unknown",)
    except DatabaseError:
        server = "not reached"
    ours = f"Wilberforce {wilberforce.__version__}, Python {platform.python_version()}"
    return f"{ours}, Django {django.get_version()}, PostgreSQL {server}"


def missing_papers() -> list[str]:
    """What must exist before real data, and does not, or was not looked at again when it should have been."""
    try:
        return papers.wanting()
    except DatabaseError:
        return ["Which papers exist can't be read. Run as the owner: migrate"]


def waiting_mail() -> str:
    try:
        return readiness.mail_waits()
    except DatabaseError:
        return ""


def late_backup() -> str:
    path = settings.STATE / backups.LAST
    try:
        made = datetime.fromisoformat(json.loads(path.read_text())["made"])
    except (OSError, ValueError, KeyError, TypeError):
        return "No backup was ever made from this machine. Start wilberforce-backup.timer, or run: backup"
    age = now() - made
    hours = int(age.total_seconds() // 3600)
    return f"The last backup is {hours} hours old. Look at wilberforce-backup.service." if age > OLDEST_BACKUP else ""
