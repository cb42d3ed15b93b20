"""The stream of changes, beside the pages; the proxy brings /stream/ to it."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wilberforce.web.starting import refuse_unless_fit


class Command(BaseCommand):
    help = "Tell open pages that something changed, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *_: Any, port: int, **__: Any) -> None:
        refuse_unless_fit()
        command = ["-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        command += ["--log-level", "warning", "wilberforce.web.stream:application"]
        os.execv(sys.executable, [sys.executable, *command])  # noqa: S606
