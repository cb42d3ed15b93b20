"""Play the day of the demonstration and say what happened."""

import json
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.web.demo.play import play


class Command(BaseCommand):
    help = "Plays the day through the same actions that the pages call. Only with demonstration settings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="play and stop, without serving")
        parser.add_argument("--json", action="store_true", help="print the day as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or settings.LIVE:
            raise CommandError("The demonstration never runs with live settings. Start it with: ./wb demo")
        began = time.monotonic()
        day = play()
        day["seconds"] = round(time.monotonic() - began, 1)
        if options["json"]:
            json.dump(day, sys.stdout, indent=2, ensure_ascii=False)
            self.stdout.write("")
