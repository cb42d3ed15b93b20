"""The first agency and its two guardians, who then invite everybody else."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from wilberforce.agencies import actions
from wilberforce.agencies.jobs import send_invitation
from wilberforce.base.errors import RuleBroken


class Command(BaseCommand):
    help = "Found an agency and send its two guardians their invitations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="a kind of the access matrix, such as police or redcross")
        parser.add_argument("code", help="a short word for it, such as derbyshire-police")
        parser.add_argument("name", help="its full name")
        parser.add_argument("guardians", nargs=2, metavar="email", help="the two guardians' work addresses")

    def handle(self, *_: Any, kind: str, code: str, name: str, guardians: list[str], **__: Any) -> None:
        try:
            with transaction.atomic():
                for invited in actions.found_agency(kind, code, name, guardians):
                    send_invitation.defer(invitation=str(invited.invitation.pk))
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from broken
        self.stdout.write("Founded. The worker sends both guardians their invitation; it works once, for 72 hours.")
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            self.stdout.write(f"No mail is sent from here; it lies in {settings.EMAIL_FILE_PATH}.")
