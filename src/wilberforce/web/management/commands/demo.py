"""Play the day of the demonstration and say what happened."""

import json
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.agencies.cast import cast_already_here
from wilberforce.web.demo.play import play
from wilberforce.web.demo.proof import Missing


class Command(BaseCommand):
    help = "Plays the day through the same actions that the pages call. Only with demonstration settings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="play and stop, without serving")
        parser.add_argument("--json", action="store_true", help="print the day as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or settings.LIVE:
            raise CommandError("The demonstration never runs with live settings. Start it with: ./wb demo")
        began = time.monotonic()
        try:
            day = play()
        except Missing as missing:
            raise CommandError(str(missing)) from None
        self._write_the_cast()
        day["seconds"] = round(time.monotonic() - began, 1)
        if options["json"]:
            json.dump(day, sys.stdout, indent=2, ensure_ascii=False)
            self.stdout.write("")
        else:
            self.stderr.write(
                f"\nThe day is played in {day['seconds']} s; {day['ledger']['leaves']} entries in the ledger."
            )

    def _write_the_cast(self) -> None:
        """Who can sign in, kept for the next start; the command fills in the port."""
        lines = ["Sign in as anybody of the cast with one click: http://localhost:{port}/demo/"]
        for post in cast_already_here().people.values():
            roles = ", ".join(held.role.replace("_", " ") for held in post.roles_held.all())
            lines.append(f"  {post.user.display_name:28} {roles:24} {post.agency.short_name}")
        lines.append("The public's pages: http://localhost:{port}/")
        lines.append(f"E-mails of the demonstration: {settings.EMAIL_FILE_PATH}")
        (settings.STATE / "cast.txt").write_text("\n".join(lines) + "\n")
