"""Write the handbook's made pages, or say which are stale."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wilberforce.web import chapter, pictures, the_day
from wilberforce.web.handbook import pages


class Command(BaseCommand):
    help = "Writes docs/handbook from the rules, the deadlines and the matrix."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where a page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.CHECKOUT) / "docs" / "handbook"
        stale = [path for path, text in pages().items() if _kept(folder / path) != text]
        if options["check"]:
            if stale:
                raise CommandError(f"Stale: {', '.join(stale)}. Run: ./wb docs")
            if old := [*pictures.stale().values(), *the_day.stale(), *chapter.stale().values()]:
                raise CommandError("\n".join([*old, "Take them again: ./wb docs --pictures"]))
            return
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in pages().items():
            (folder / path).write_text(text, encoding="utf-8")
        self.stderr.write(f"{len(stale)} pages of the handbook are new or changed.")


def _kept(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
