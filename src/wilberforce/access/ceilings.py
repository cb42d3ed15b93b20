"""The second statement: who may at most, who never, what always stops; then the first is held against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wilberforce.access.matrix import ACTIONS, Groups, Matrix, groups, read
from wilberforce.access.rules import Question, decide


@dataclass(frozen=True, slots=True)
class Cell:
    """One grant: who, on what, for which purpose, doing what, once these facts hold."""

    kind: str
    role: str
    cls: str
    purpose: str
    action: str
    fields: str
    facts: tuple[str, ...]
    rule: str

    @property
    def at(self) -> str:
        return f"{self.cls}.{self.fields.split('.')[0]}" if self.fields else self.cls

    def __str__(self) -> str:
        return f"{self.rule}: {self.kind}/{self.role} {self.action} {self.at} for {self.purpose}"


@dataclass(frozen=True, slots=True)
class Never:
    who: tuple[str, ...]
    classes: tuple[str, ...]
    actions: tuple[str, ...]
    projection: str | None
    unless: Groups


Most = Mapping[str, Mapping[str, Mapping[str, Groups]]]


@dataclass(frozen=True, slots=True, eq=False)
class Ceilings:
    kinds: Mapping[str, tuple[str, ...]]
    most: Most
    never: tuple[Never, ...]
    stop: Mapping[str, frozenset[str]]
    role_purposes: Mapping[str, tuple[str, ...]]
    class_purposes: Mapping[str, tuple[str, ...]]

    def covers(self, pattern: str, kind: str, role: str) -> bool:
        wanted_kind, wanted_role = pattern.split("/")
        return (wanted_kind in ("*", kind) or kind in self.kinds.get(wanted_kind, ())) and wanted_role in ("*", role)


def parse_ceilings(document: dict[str, Any]) -> Ceilings:
    return Ceilings(
        kinds={name: tuple(kinds) for name, kinds in document["groups"].items()},
        most={
            at: {action: {who: groups(must) for who, must in people.items()} for action, people in actions.items()}
            for at, actions in document["most"].items()
        },
        never=tuple(
            Never(
                tuple(entry["who"]),
                tuple(entry["class"]),
                tuple(entry.get("action", ACTIONS)),
                entry.get("projection"),
                groups(entry.get("unless", [])),
            )
            for entry in document["never"]
        ),
        stop={fact: frozenset(str(tier) for tier in tiers) for fact, tiers in document["stop"].items()},
        role_purposes={role: tuple(purposes) for role, purposes in document["role_purposes"].items()},
        class_purposes={at: tuple(purposes) for at, purposes in document["class_purposes"].items()},
    )


@cache
def load_ceilings() -> Ceilings:
    return parse_ceilings(read("ceilings.yaml"))


def beyond_ceilings(matrix: Matrix, cells: tuple[Cell, ...], ceilings: Ceilings) -> list[str]:
    return [
        *_too_much(cells, ceilings),
        *_wrong_purpose(cells, ceilings),
        *_unguarded(matrix, ceilings),
        *_not_stopped(matrix, ceilings),
    ]


def _too_much(cells: tuple[Cell, ...], ceilings: Ceilings) -> Iterator[str]:
    for cell in cells:
        lines = ceilings.most.get(cell.at, ceilings.most.get(cell.cls, {})).get(cell.action, {})
        musts = [must for who, must in lines.items() if ceilings.covers(who, cell.kind, cell.role)]
        if not musts:
            yield f"{cell}: nobody granted this to them in the ceilings"
        elif not any(all(set(group) & set(cell.facts) for group in must) for must in musts):
            yield f"{cell}: asks for less than the ceilings do"


def _wrong_purpose(cells: tuple[Cell, ...], ceilings: Ceilings) -> Iterator[str]:
    for cell in cells:
        if cell.purpose not in ceilings.role_purposes.get(cell.role, ()):
            yield f"{cell}: not a purpose of this role"
        if cell.purpose not in ceilings.class_purposes.get(cell.at, ceilings.class_purposes.get(cell.cls, ())):
            yield f"{cell}: not a purpose of this class"


def _unguarded(matrix: Matrix, ceilings: Ceilings) -> Iterator[str]:
    """Forbids are proved by asking, so that a missing one shows even where nothing is granted yet."""
    for never in ceilings.never:
        allowed_to_lift = {fact for group in never.unless for fact in group}
        harmless = frozenset(matrix.facts) - allowed_to_lift - {entry.fact for entry in matrix.dynamic}
        for kind, role in people(matrix):
            if any(ceilings.covers(who, kind, role) for who in never.who):
                yield from _open_doors(matrix, never, kind, role, harmless)


def _open_doors(matrix: Matrix, never: Never, kind: str, role: str, facts: frozenset[str]) -> Iterator[str]:
    purpose = next(iter(matrix.purposes))
    for cls in never.classes:
        for action in never.actions:
            question = Question(kind, role, cls, purpose, action, never.projection)
            if not decide(matrix, question, facts).rule.startswith("F"):
                yield f"no forbid keeps {kind}/{role} from {action} {cls}"


def _not_stopped(matrix: Matrix, ceilings: Ceilings) -> Iterator[str]:
    stated = {entry.fact: entry for entry in matrix.dynamic}
    for fact, tiers in ceilings.stop.items():
        entry = stated.get(fact)
        covered = frozenset() if entry is None else frozenset(entry.tiers or ("S", "1", "2", "3"))
        if covered != tiers:
            yield f"{fact} does not stop exactly the tiers {', '.join(sorted(tiers))}"


def people(matrix: Matrix) -> list[tuple[str, str]]:
    return [(kind.name, role) for kind in matrix.kinds.values() for role in kind.roles]
