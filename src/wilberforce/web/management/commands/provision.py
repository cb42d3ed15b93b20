"""Roles, database and secrets on a real server. Safe to run again: what is there stays."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.base import keyring, locks, postgres, postgres_roles

NEXT = """
Give the processes these (docs/settings.md says what each is):
  WB_LIVE=1 WB_PG=url WB_PG_HOST={host} WB_PG_PORT={port} WB_DB_NAME={name}
Next, as whoever may read the owner's password: wilberforce migrate; then: wilberforce found; wilberforce doctor
"""


YOURS_TO_FILL = ("smtp_password", "witnesses")
"""The units ask for these files; provision makes them empty."""


class Command(BaseCommand):
    help = "Make the roles, the database and the secrets. WB_PROVISION_URL names a superuser of the server."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default=settings.DATABASES["default"]["NAME"], help="of the database")

    def handle(self, *_: Any, name: str, **__: Any) -> None:
        url = os.environ.get("WB_PROVISION_URL", "")
        if not url:
            raise CommandError("Set WB_PROVISION_URL to a superuser's URL; it is not taken from the command line.")
        before = set(settings.SECRETS.glob("*"))
        try:
            server = postgres.Server(postgres.clients(), postgres_roles.connection_of(url))
            already = server.has_database(name)
            server.ensure_roles()
            server.ensure_database(name)
        except (postgres.PostgresFailed, postgres.PostgresMissing) as refused:
            raise CommandError(str(refused)) from refused
        postgres_roles.keep(settings.SECRETS / "secret_key", secrets.token_urlsafe(48))
        for yours in YOURS_TO_FILL:
            postgres_roles.keep(settings.SECRETS / yours, "")
        if not Path(settings.KEYRING_FILE).exists() and locks.stored() is None:
            keyring.make(Path(settings.KEYRING_FILE), live=True)
        self._tell(server, name, already, before)

    def _tell(self, server: postgres.Server, name: str, already: bool, before: set[Path]) -> None:
        self.stdout.write(f"Roles: {', '.join(postgres_roles.ROLES)}; each that signs in has a password of its own.")
        self.stdout.write(f"Database {name}: {'was there and was left as it is' if already else 'made, empty'}.")
        for path in sorted(settings.SECRETS.glob("*")):
            yours = " (empty: yours to fill in)" if path.name in YOURS_TO_FILL and not path.stat().st_size else ""
            self.stdout.write(f"{'kept' if path in before else 'made'}  {path}{yours}")
        self.stdout.write(NEXT.format(host=server.host, port=server.port, name=name))
