"""The way out for an agency that has one guardian left, who alone could never make another (docs/adr)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.agencies import second
from wilberforce.base.errors import RuleBroken


class Command(BaseCommand):
    help = "Say yes to the second guardian for whom an agency's only guardian has asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the agency's short word, such as derbyshire-police")
        parser.add_argument("email", help="the colleague's work address")

    def handle(self, *_: Any, code: str, email: str, **__: Any) -> None:
        try:
            asked = second.answer_for_the_lone(code, email)
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from broken
        self.stdout.write(f"{asked.membership.user} is a data guardian now. The ledger says that the operator agreed.")
