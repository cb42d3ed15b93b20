"""Expands the matrix into every single grant, proves it against the ceilings and compares it with the golden file."""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import product

from wilberforce.access.ceilings import Ceilings, Cell, beyond_ceilings, load_ceilings
from wilberforce.access.invariants import broken_invariants
from wilberforce.access.matrix import ACTIONS, DATA, Matrix, Rule, load_matrix, matrix_hash
from wilberforce.access.rules import Question, barred

GOLDEN = DATA / "golden.csv"
HEADER = ("kind", "role", "class", "purpose", "action", "fields", "facts", "rule")
Line = tuple[str, ...]


def cells(matrix: Matrix) -> tuple[Cell, ...]:
    return tuple(cell for rule in matrix.rules for cell in _cells_of(matrix, rule))


def _cells_of(matrix: Matrix, rule: Rule) -> Iterator[Cell]:
    actions = [action for action in ACTIONS if action in rule.actions]
    for kind, role, cls, purpose, action in product(rule.agencies, rule.roles, rule.classes, rule.purposes, actions):
        projection = rule.projection(kind)
        if not barred(matrix, Question(kind, role, cls, purpose, action, projection)):
            yield Cell(kind, role, cls, purpose, action, projection or "", tuple(sorted(rule.when)), rule.id)


def lines(granted: tuple[Cell, ...]) -> list[Line]:
    return sorted((c.kind, c.role, c.cls, c.purpose, c.action, c.fields, " ".join(c.facts), c.rule) for c in granted)


def golden() -> list[Line]:
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        rows = [tuple(row) for row in csv.reader(stream)]
    return rows[1:]


def write_golden(granted: list[Line]) -> None:
    with GOLDEN.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(granted)


def proof_failures(matrix: Matrix, ceilings: Ceilings) -> list[str]:
    """What the statements themselves say is wrong, before anybody looks at the golden file."""
    granted = cells(matrix)
    return [*beyond_ceilings(matrix, granted, ceilings), *broken_invariants(matrix, granted)]


def golden_differences(matrix: Matrix) -> list[str]:
    granted, agreed = set(lines(cells(matrix))), set(golden())
    new = [f"granted, not in the golden file: {','.join(line)}" for line in sorted(granted - agreed)]
    gone = [f"in the golden file, not granted: {','.join(line)}" for line in sorted(agreed - granted)]
    return new + gone


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write-golden", action="store_true", help="accept today's grants as the agreed ones")
    options = parser.parse_args(arguments)
    matrix = load_matrix()
    granted = cells(matrix)
    if options.write_golden:
        write_golden(lines(granted))
    wrong = proof_failures(matrix, load_ceilings()) + golden_differences(matrix)
    pairs = sum(len(kind.roles) for kind in matrix.kinds.values())
    possible = pairs * len(matrix.classes) * len(matrix.purposes) * len(ACTIONS)
    used = len({(c.kind, c.role, c.cls, c.purpose, c.action) for c in granted})
    print(f"{len(matrix.rules)} rules, {len(matrix.forbids)} forbids, {len(matrix.facts)} facts, {matrix_hash()[:16]}")
    print(f"{used} of {possible} cells have a grant ({100 * used / possible:.1f} %), {len(granted)} grants")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
