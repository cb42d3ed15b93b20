"""Reference lists: YAML beside the app that owns them, read once and checked against a dataclass."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, TypeVar

import yaml

E = TypeVar("E", bound="Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list. A code is never used again for something else."""

    code: str
    label: str
    source: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


def read(app: str, name: str) -> Any:
    return parsed(files(f"wilberforce.{app}").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8"))


def parsed(text: str) -> Any:
    """With libyaml where PyYAML was built with it: seven times as fast, which every process feels when it begins."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are the safe one


def entries(app: str, name: str, kind: type[E]) -> dict[str, E]:
    """By code, in the order of the file. An unknown field or a code used twice is an error at start-up."""
    found: dict[str, E] = {}
    lines: list[dict[str, Any]] = read(app, name)
    for line in lines:
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in line.items()}
        entry = kind(**fields)
        if entry.code in found:
            raise ValueError(f"{app}/{name}: the code {entry.code} is used twice")
        found[entry.code] = entry
    return found
