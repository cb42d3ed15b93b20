"""Every single-edit mistake that somebody could make in the matrix, as a changed matrix and a sentence."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from wilberforce.access.matrix import ACTIONS, Matrix, Rule

Mistake = tuple[str, Matrix]


def mistakes(matrix: Matrix) -> Iterator[Mistake]:
    for place, rule in enumerate(matrix.rules):
        for what, wrong in _wrong(matrix, rule):
            rules = (*matrix.rules[:place], wrong, *matrix.rules[place + 1 :])
            yield f"{rule.id}: {what}", replace(matrix, rules=rules)
    for forbid in matrix.forbids:
        yield f"{forbid.id} deleted", replace(matrix, forbids=tuple(f for f in matrix.forbids if f is not forbid))
    for entry in matrix.dynamic:
        yield f"{entry.id} deleted", replace(matrix, dynamic=tuple(d for d in matrix.dynamic if d is not entry))


def _wrong(matrix: Matrix, rule: Rule) -> Iterator[tuple[str, Rule]]:
    for fact in rule.when:
        yield f"without {fact}", replace(rule, when=tuple(f for f in rule.when if f != fact))
    for kind in matrix.kinds.values():
        if kind.name not in rule.agencies and set(kind.roles) & set(rule.roles):
            yield f"also for {kind.name}", replace(rule, agencies=(*rule.agencies, kind.name))
    for cls in _without(matrix.classes, rule.classes):
        yield f"also {cls}", replace(rule, classes=(*rule.classes, cls))
    for purpose in _without(matrix.purposes, rule.purposes):
        yield f"also for {purpose}", replace(rule, purposes=(*rule.purposes, purpose))
    for action in _without(ACTIONS, rule.actions):
        yield f"also {action}", replace(rule, actions=rule.actions | {action})
    if rule.fields:
        yield "every column", replace(rule, fields=None)


def _without(words: Iterable[str], named: Container[str]) -> list[str]:
    return [word for word in words if word not in named]
