"""The list of everything that can fall due, gathered from the stages that own it."""

from collections.abc import Iterator
from functools import cache

from wilberforce.base.lawrule import rule_modules
from wilberforce.deadlines.rules import DeadlineKind


@cache
def all_deadlines() -> dict[str, DeadlineKind]:
    kinds: dict[str, DeadlineKind] = {}
    for kind in _declared():
        if kind.code in kinds:
            raise ValueError(f"two deadlines are called {kind.code}")
        kinds[kind.code] = kind
    return kinds


def _declared() -> Iterator[DeadlineKind]:
    for _, module in rule_modules():
        yield from getattr(module, "DEADLINES", ())
