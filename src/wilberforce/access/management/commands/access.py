"""``access check``: every decision of the matrix, proved. ``access explain``: one cell, in words."""

import json as as_json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from wilberforce.access import explain, proof, standing


class Command(BaseCommand):
    help = "Proves the matrix (access check) or explains one cell of it (access explain AGENCY ROLE CLASS PURPOSE)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="ask every decision of three evaluators and of the row policies")
        check.add_argument("--json", action="store_true", help="print JSON and nothing else")
        cell = verbs.add_parser("explain", help="say which rules apply, why, and which facts they need")
        for word in ("agency", "role", "class", "purpose"):
            cell.add_argument(word, metavar=word.upper())

    def handle(self, *_: Any, verb: str, **words: Any) -> None:
        if verb == "explain":
            return self._explain(words)
        found = _proved(quiet=words["json"])
        self.stdout.write(as_json.dumps(found[-1][1].as_json())) if words["json"] else _show(found)
        if found[-1][1].wrong or found[-1][1].differences:
            sys.exit(1)

    def _explain(self, words: dict[str, Any]) -> None:
        try:
            told = explain.cell(words["agency"], words["role"], words["class"], words["purpose"])
        except explain.UnknownWord as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write("\n".join(told))


def _proved(*, quiet: bool) -> list[tuple[str, proof.Proof]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        decisions = bar.add_task("Three evaluators", total=proof.questions())
        by_three = proof.prove(lambda asked: bar.advance(decisions, asked))
        rows = bar.add_task("Row policies", total=None)
        by_rows = standing.prove_standing(lambda asked: bar.advance(rows, asked))
    return [("three evaluators", by_three), ("row policies", by_rows), ("together", by_three + by_rows)]


def _show(found: list[tuple[str, proof.Proof]]) -> None:
    table = Table("", "decisions", "wrong", "differences", "seconds", title="Who may see what")
    for name, one in found:
        table.add_row(name, *(f"{value:,}" for value in one.as_json().values()))
    console = Console()
    console.print(table)
    for sentence in found[-1][1].sentences:
        console.print(sentence, style="red", markup=False)
