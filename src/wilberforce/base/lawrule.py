"""What the law or doctrine says, as data: each rule with its source, the day it was checked and its period of validity.

A case is judged by the rules of its own day, so a rule that changed is kept beside the one that replaced it:

    RECOVERY = (Rule("recovery period", 45, …, valid_to=date(2022, 12, 12)),
                Rule("recovery period", 30, …, valid_from=date(2022, 12, 13)))
    in_force(RECOVERY, on=date(2018, 4, 17)).value  # 45
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

import wilberforce

T = TypeVar("T")


class NoRuleInForce(LookupError):
    """Nothing in the list was law on that day. The message names the rule and the day, never a person."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """valid_from and valid_to are the first and the last day in force; None means open."""

    name: str
    value: T
    source: str
    checked_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.name or not self.source:
            raise ValueError("a rule has a name and a source")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"{self.name}: the last day in force is before the first")

    def holds(self, on: date) -> bool:
        after_start = self.valid_from is None or self.valid_from <= on
        before_end = self.valid_to is None or on <= self.valid_to
        return after_start and before_end

    @property
    def is_a_setting(self) -> bool:
        """The source was not seen in full or may have moved: whoever runs the system confirms the value."""
        return self.note.startswith("Setting:")


def in_force(rules: Iterable[Rule[T]], on: date) -> Rule[T]:
    """The one rule that held on that day."""
    candidates = tuple(rules)
    held = [rule for rule in candidates if rule.holds(on)]
    if len(held) == 1:
        return held[0]
    names = ", ".join(sorted({rule.name for rule in candidates})) or "an empty list"
    if held:
        raise ValueError(f"{len(held)} rules hold on {on:%d %B %Y}: {names}")
    raise NoRuleInForce(f"no rule was in force on {on:%d %B %Y}: {names}")


def rule_modules() -> Iterator[tuple[str, ModuleType]]:
    """Each app's rules, as (app, module)."""
    for app in pkgutil.iter_modules(wilberforce.__path__):
        name = f"{wilberforce.__name__}.{app.name}.rules"
        if app.ispkg and _exists(name):
            yield app.name, importlib.import_module(name)


def all_rules() -> dict[str, tuple[Rule[Any], ...]]:
    """Every rule of every app, for the handbook's table, in whichever of its modules of rules it stands."""
    found: dict[str, tuple[Rule[Any], ...]] = {}
    for app in pkgutil.iter_modules(wilberforce.__path__):
        values = [
            value for name in _modules_of_rules(app.name) for value in vars(importlib.import_module(name)).values()
        ]
        found[app.name] = tuple({id(rule): rule for rule in _rules_in(values)}.values())
    return found


def _modules_of_rules(app: str) -> list[str]:
    """Its parts and those of the app's own packages, each in its own order, then what only ``rules`` itself says."""
    root = Path(wilberforce.__path__[0])
    paths = [*(root / app).glob("rules.py"), *(root / app).glob("rules/*.py"), *(root / app).glob("*/rules.py")]
    names = [
        ".".join(path.relative_to(root.parent).with_suffix("").parts)
        for path in sorted(paths, key=lambda path: (path.stem == "__init__", path))
    ]
    return [name.removesuffix(".__init__") for name in names]


def _exists(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _rules_in(values: Iterable[object]) -> Iterator[Rule[Any]]:
    for value in values:
        if isinstance(value, Rule):
            yield value
        elif isinstance(value, tuple):
            yield from _rules_in(value)
        elif isinstance(value, dict):
            yield from _rules_in(value.values())
