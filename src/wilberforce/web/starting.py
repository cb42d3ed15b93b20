"""What live use refuses to start with. Each reason is one sentence and says the mend."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import DatabaseError, connections
from django.urls import get_resolver

from wilberforce.access import asking
from wilberforce.base import keyring, locks
from wilberforce.ledger import leaves

from . import logs, readiness
from .middleware import navigation

LIVE = "live"
WHO = """
SELECT current_user, rolsuper, rolbypassrls, current_database(),
       EXISTS (SELECT FROM pg_class WHERE relkind = 'r' AND relowner = current_user::regrole)
FROM pg_roles WHERE rolname = current_user
"""


def _refused(number: int, sentence: str) -> CheckMessage:
    return Error(sentence, id=f"live.E{number:03}")


@register(LIVE, deploy=True)
def settings_fit(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    wrong = {
        1: (settings.DEMO, "WB_DEMO=1 is set: the demonstration never runs on live data. Unset it."),
        2: (settings.DEBUG, "DEBUG is on and would show records in error pages. Set it to False."),
        3: (not settings.LIVE, "WB_LIVE is not 1. Set it, or cookies and redirects are those of development."),
        4: (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "WB_HOSTS does not name the hosts served. Set it to the address's host name.",
        ),
        5: (
            not settings.SITE_ADDRESS.startswith("https://"),
            "WB_SITE is not an https:// address, and links in letters begin with it. Set it.",
        ),
        6: (
            not settings.EMAIL_HOST or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"),
            "No mail server: invitations would reach nobody. Set WB_SMTP_HOST, and do not set WB_MAIL.",
        ),
        7: (
            os.environ.get("WB_PG", "url") != "url" or not os.environ.get("WB_PG_HOST"),
            "The database is not a named server. Set WB_PG=url and WB_PG_HOST; the development cluster is never live.",
        ),
    }
    return [_refused(number, sentence) for number, (is_wrong, sentence) in wrong.items() if is_wrong]


@register(LIVE, deploy=True)
def secrets_fit(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    return [*_secret_key_faults(), *_keyring_faults(), *_mode_faults(settings.SECRETS)]


def _secret_key_faults() -> Iterator[CheckMessage]:
    key = settings.SECRETS / "secret_key"
    if not os.access(key, os.R_OK) or len(key.read_text()) < 50:
        yield _refused(11, f"{key} is missing, unreadable or too short. Run: provision")
    elif key.read_text().startswith(settings.MADE_BY_ITSELF):
        yield _refused(12, f"{key} was made by a development machine. Remove it and run: provision")


def _keyring_faults() -> Iterator[CheckMessage]:
    path = Path(settings.KEYRING_FILE)
    if not path.exists() and (locks.stored() or path.parent != settings.SECRETS):
        yield _refused(18, "The keys are locked. Two of the three who hold the house's shares run: keys unlock")
        return
    try:
        kept = keyring.read(path)
        fits = kept.right_lengths()
    except (OSError, ValueError, AttributeError, TypeError, KeyError, StopIteration):
        yield _refused(13, f"{path} is missing or can't be read. Run: provision; or restore it if data were sealed.")
        return
    if not fits:
        yield _refused(14, f"{path} holds a key of the wrong length. Restore it from its own backup.")
    if any(name.startswith(keyring.MADE_BY_ITSELF) for name in kept.epochs):
        yield _refused(15, f"{path} was made by a development machine. Remove it and run: provision")


def _mode_faults(folder: Path) -> Iterator[CheckMessage]:
    """systemd hands credentials over as root's files with an access list, which shows as read for the group."""
    handed_over = folder == Path(os.environ.get("CREDENTIALS_DIRECTORY") or "/nowhere")
    others = 0o037 if handed_over else 0o077
    if folder.is_dir() and not handed_over and folder.stat().st_mode & others:
        yield _refused(16, f"{folder} is open to others. Run: chmod 700 {folder}")
    for path in sorted(folder.glob("*")):
        if path.stat().st_mode & others:
            yield _refused(17, f"{path} is open to others. Run: chmod 600 {path}")


@register(LIVE, Tags.database, deploy=True)
def database_fits(app_configs: Any = None, databases: Any = None, **_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(WHO)
            role, superuser, passes, database, owns = cursor.fetchone() or ("nobody", True, True, "", True)
        if superuser or passes or owns:
            found.append(
                _refused(21, f"Signed in as {role}, whom row policies don't bind. Unset WB_DB_ROLE: pages run as app.")
            )
        if database.endswith("_demo"):
            found.append(_refused(22, f"{database} holds the demonstration. Set WB_DB_NAME to the live database."))
    return found


def reasons() -> list[str]:
    """Every reason not to start, in plain sentences."""
    _ = get_resolver().url_patterns  # every address, so that every app's policy is known before it is compared
    told = _told(run_checks(tags=[LIVE], include_deployment_checks=True))
    first = [part for part in readiness.parts() if part.name in ("database", "migrations") and not part.well]
    if first:
        return [*told, first[0].sentence]
    try:
        found = run_checks(tags=[Tags.database], include_deployment_checks=True, databases=["default"])
    except DatabaseError:
        return [*told, "The rules in the database can't be read. Run as the owner: migrate"]
    return [*told, *_told(found)]


def _told(found: list[CheckMessage]) -> list[str]:
    """Django keeps its checks in a set, so their order is given here."""
    return [str(message.msg) for message in sorted(found, key=lambda one: str(one.id)) if message.is_serious()]


def read_ahead() -> None:
    """What every answer needs: else each thread of a fresh process works it out for itself, all at the same time."""
    _ = get_resolver().url_patterns
    asking.matrix()
    leaves.policy_version()
    navigation()
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look through all of it every few requests


def refuse_unless_fit() -> None:
    """Called where the pages and the worker begin. Outside live use everything may start."""
    if not settings.LIVE:
        return
    sys.excepthook = logs.last_words
    threading.excepthook = lambda given: logs.last_words(
        given.exc_type, given.exc_value or SystemExit(), given.exc_traceback
    )
    found = reasons()
    connections.close_all()
    if found:
        raise SystemExit("Wilberforce does not start:\n" + "\n".join(f"- {sentence}" for sentence in found))
