"""The worker for the jobs: clocks, mail, the machine's own watch."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from wilberforce.web.starting import refuse_unless_fit


class Command(BaseCommand):
    help = "Work off the jobs until stopped."

    def handle(self, *_: Any, **__: Any) -> None:
        refuse_unless_fit()
        call_command("procrastinate", "worker")
