"""The pages, without Node, without a checkout. TLS is the proxy's."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wilberforce.web.starting import refuse_unless_fit


class Command(BaseCommand):
    help = "Serve the pages on this machine, for a proxy in front."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *_: Any, port: int, workers: int, threads: int, **__: Any) -> None:
        refuse_unless_fit()
        os.environ.setdefault("WB_DB_POOL", str(2 * threads))
        numbers = {"--port": port, "--workers": workers, "--blocking-threads": threads, "--workers-kill-timeout": 5}
        chosen = [word for name, number in numbers.items() for word in (name, str(number))]
        command = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--log-level", "warning", *chosen]
        os.execv(sys.executable, [sys.executable, *command, "wilberforce.web.wsgi:application"])  # noqa: S606
