"""The device from which an agency's guardians enrol everybody else's. Nobody inside can enrol the first one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.agencies import actions
from wilberforce.base.errors import RuleBroken


class Command(BaseCommand):
    help = "Print the code for a guardian's device, while no guardian of the agency has one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the agency's short word, such as derbyshire-police")
        parser.add_argument("email", help="the guardian's work address")
        parser.add_argument("label", help="what is on the device's label, such as 'Laptop 1'")

    def handle(self, *_: Any, code: str, email: str, label: str, **__: Any) -> None:
        try:
            enrolled = actions.enrol_first_device(code, email, label)
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from broken
        self.stdout.write(f"The code, for 30 minutes: {enrolled.code}")
