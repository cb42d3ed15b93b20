"""An agency's work passes to another on a day that a law or an order has set."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from wilberforce.agencies import actions
from wilberforce.base.errors import RuleBroken

WHAT_IT_DOES = """From that day nobody of {gone} signs in. Their agreements and what was let go by them or to them open
nothing, and nothing of it passes to {heir}: its guardians invite their own people, and each agreement that says so is
signed again by both sides. Records stay under {gone} and shut; holds stand, and nothing under them is
erased: the guardians of {heir} are reminded to look at them again, and nobody ends them.
"""


class Command(BaseCommand):
    help = "Say which agency takes over from another, and when. It may be said anew until that day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the agency that ends, by its short word")
        parser.add_argument("successor", help="the agency that takes over, by its short word")
        parser.add_argument("day", type=date.fromisoformat, help="its first day, such as 2027-04-01")

    def handle(self, *_: Any, code: str, successor: str, day: date, **__: Any) -> None:
        try:
            with transaction.atomic():
                gone = actions.succeed_agency(code, successor, day)
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from broken
        self.stdout.write(WHAT_IT_DOES.format(gone=gone, heir=gone.successor))
