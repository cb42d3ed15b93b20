"""The statement of who may, read from data/matrix.yaml into frozen values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from wilberforce.base.lists import parsed

DATA = Path(__file__).parent / "data"
ACTIONS = ("R", "W", "D", "A")
FACT_KINDS = ("row", "subject", "person")
SUBJECTS = ("report", "source", "person", "operation", "site", "centre", "agency", "release", "record", "material")

FactKind = Literal["row", "subject", "person"]
Groups = tuple[tuple[str, ...], ...]
"""Every group must hold; a group holds when one of its facts does."""


class MatrixError(ValueError):
    """A statement names something that it does not define."""


@dataclass(frozen=True, slots=True)
class AgencyKind:
    name: str
    regime: str
    nrm: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataClass:
    name: str
    tier: str
    key: str
    offline: str
    search: str
    retain: str


@dataclass(frozen=True, slots=True)
class Purpose:
    name: str
    regime: str
    why: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    kind: FactKind
    about: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    agencies: tuple[str, ...]
    roles: tuple[str, ...]
    classes: tuple[str, ...]
    purposes: tuple[str, ...]
    actions: frozenset[str]
    fields: str | None
    when: tuple[str, ...]
    why: str

    def projection(self, kind: str) -> str | None:
        return self.fields.replace("{agency}", kind) if self.fields else None


@dataclass(frozen=True, slots=True)
class Forbid:
    id: str
    agencies: tuple[str, ...] | None
    roles: tuple[str, ...] | None
    classes: tuple[str, ...]
    actions: frozenset[str] | None
    fields: str | None
    unless: Groups
    why: str


@dataclass(frozen=True, slots=True)
class DynamicForbid:
    id: str
    fact: str
    tiers: tuple[str, ...] | None
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    kinds: Mapping[str, AgencyKind]
    classes: Mapping[str, DataClass]
    purposes: Mapping[str, Purpose]
    banned_purposes: tuple[str, ...]
    facts: Mapping[str, Fact]
    forbids: tuple[Forbid, ...]
    dynamic: tuple[DynamicForbid, ...]
    rules: tuple[Rule, ...]

    def roles(self) -> frozenset[str]:
        return frozenset(role for kind in self.kinds.values() for role in kind.roles)


def groups(entries: list[Any]) -> Groups:
    return tuple(tuple(entry) if isinstance(entry, list) else (entry,) for entry in entries)


def _optional(entry: dict[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(str(word) for word in entry[key]) if key in entry else None


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        agencies=tuple(entry["agency"]),
        roles=tuple(entry["role"]),
        classes=tuple(entry["class"]),
        purposes=tuple(entry["purpose"]),
        actions=frozenset(entry["do"]),
        fields=entry.get("fields"),
        when=tuple(entry["when"]),
        why=entry["why"],
    )


def _forbid(entry: dict[str, Any]) -> Forbid:
    return Forbid(
        id=entry["id"],
        agencies=_optional(entry, "agency"),
        roles=_optional(entry, "role"),
        classes=tuple(entry["class"]),
        actions=frozenset(entry["action"]) if "action" in entry else None,
        fields=entry.get("fields"),
        unless=groups(entry.get("unless", [])),
        why=entry["why"],
    )


def parse(document: dict[str, Any]) -> Matrix:
    matrix = Matrix(
        kinds={
            name: AgencyKind(name, entry["regime"], entry["nrm"], tuple(entry["roles"]))
            for name, entry in document["agencies"].items()
        },
        classes={
            name: DataClass(name, **(entry | {"tier": str(entry["tier"])}))
            for name, entry in document["classes"].items()
        },
        purposes={name: Purpose(name, **entry) for name, entry in document["purposes"].items()},
        banned_purposes=tuple(document["banned_purposes"]),
        facts={
            name: Fact(name, entry["kind"], tuple(entry.get("about", ())), entry["meaning"])
            for name, entry in document["facts"].items()
        },
        forbids=tuple(_forbid(entry) for entry in document["forbid"]),
        dynamic=tuple(
            DynamicForbid(entry["id"], entry["fact"], _optional(entry, "tiers"), entry["why"])
            for entry in document["dynamic_forbid"]
        ),
        rules=tuple(_rule(entry) for entry in document["allow"]),
    )
    refuse_unknown_words(matrix)
    return matrix


def refuse_unknown_words(matrix: Matrix) -> None:
    """A misspelt fact would otherwise deny for ever without anybody noticing."""
    known = {
        "agency": set(matrix.kinds),
        "role": matrix.roles(),
        "class": set(matrix.classes),
        "purpose": set(matrix.purposes),
        "fact": set(matrix.facts),
        "action": set(ACTIONS),
        "kind of fact": set(FACT_KINDS),
        "subject": set(SUBJECTS),
    }
    for where, sort, word in _words(matrix):
        if word not in known[sort]:
            raise MatrixError(f"{where} names an unknown {sort}: {word}")
    ids = [*(r.id for r in matrix.rules), *(f.id for f in matrix.forbids), *(d.id for d in matrix.dynamic)]
    if len(ids) != len(set(ids)):
        raise MatrixError("two rules share an id")


def _words(matrix: Matrix) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = [(fact.name, "kind of fact", fact.kind) for fact in matrix.facts.values()]
    found += [(fact.name, "subject", subject) for fact in matrix.facts.values() for subject in fact.about]
    found += [(entry.id, "fact", entry.fact) for entry in matrix.dynamic]
    for rule in matrix.rules:
        found += _named(rule.id, rule.agencies, rule.roles, rule.classes, rule.actions)
        found += [(rule.id, "purpose", purpose) for purpose in rule.purposes]
        found += [(rule.id, "fact", fact) for fact in rule.when]
    for forbid in matrix.forbids:
        agencies, roles, actions = forbid.agencies or (), forbid.roles or (), forbid.actions or frozenset()
        found += _named(forbid.id, agencies, roles, forbid.classes, actions)
        found += [(forbid.id, "fact", fact) for group in forbid.unless for fact in group]
    return found


def _named(
    where: str, agencies: tuple[str, ...], roles: tuple[str, ...], classes: tuple[str, ...], actions: frozenset[str]
) -> list[tuple[str, str, str]]:
    sorts = (("agency", agencies), ("role", roles), ("class", classes), ("action", sorted(actions)))
    return [(where, sort, word) for sort, words in sorts for word in words]


def read(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], parsed((DATA / name).read_text(encoding="utf-8")))


@cache
def load_matrix() -> Matrix:
    return parse(read("matrix.yaml"))


@cache
def matrix_hash() -> str:
    """Of what both statements say, not of how they are laid out."""
    both = {name: read(name) for name in ("matrix.yaml", "ceilings.yaml")}
    return hashlib.sha256(json.dumps(both, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
