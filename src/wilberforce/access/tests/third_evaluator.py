"""A third reading of the statement, written apart from the other two and importing nothing of ours.

It expands the YAML into one flat table and answers from that; the golden file was made by it.
"""

import itertools
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent.parent / "data" / "matrix.yaml"


def load(path: Path = FILE) -> dict[str, Any]:
    with path.open(encoding="utf-8") as stream:
        document: dict[str, Any] = yaml.safe_load(stream)
    return document


def stops(
    document: dict[str, Any], kind: str, role: str, cls: str, action: str, projection: str | None
) -> list[dict[str, Any]]:
    found = []
    for entry in document["forbid"]:
        if cls not in entry["class"]:
            continue
        if "agency" in entry and kind not in entry["agency"]:
            continue
        if "role" in entry and role not in entry["role"]:
            continue
        if "action" in entry and action not in entry["action"]:
            continue
        if "fields" in entry and entry["fields"] != projection:
            continue
        found.append(entry)
    return found


def table(document: dict[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for rule in document["allow"]:
        for kind, role, cls, purpose, action in itertools.product(
            rule["agency"], rule["role"], rule["class"], rule["purpose"], rule["do"]
        ):
            if role not in document["agencies"][kind]["roles"]:
                continue
            fields = rule.get("fields", "").replace("{agency}", kind)
            if any("unless" not in stop for stop in stops(document, kind, role, cls, action, fields or None)):
                continue
            rows.append((kind, role, cls, purpose, action, fields, " ".join(sorted(rule["when"])), rule["id"]))
    return rows


def holds(entry: Any, facts: set[str]) -> bool:
    return entry in facts if isinstance(entry, str) else any(one in facts for one in entry)


class Evaluator:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.rows: dict[tuple[str, ...], list[tuple[str, set[str], str]]] = {}
        for *key, fields, facts, rule in table(document):
            self.rows.setdefault(tuple(key), []).append((fields, set(facts.split()), rule))

    def ask(
        self, kind: str, role: str, cls: str, purpose: str, action: str, projection: str | None, facts: set[str]
    ) -> tuple[bool, str]:
        d = self.document
        known = kind in d["agencies"] and role in d["agencies"][kind]["roles"] and cls in d["classes"]
        if not known or purpose not in d["purposes"] or action not in list("RWDA") or facts - d["facts"].keys():
            return False, ""
        for stop in stops(d, kind, role, cls, action, projection):
            if not stop.get("unless") or not all(holds(entry, facts) for entry in stop["unless"]):
                return False, stop["id"]
        for stop in d["dynamic_forbid"]:
            if stop["fact"] in facts and d["classes"][cls]["tier"] in stop.get("tiers", ["S", 1, 2, 3]):
                return False, stop["id"]
        for fields, needed, rule in self.rows.get((kind, role, cls, purpose, action), ()):
            if needed <= facts and (not fields or fields == projection):
                return True, rule
        return False, ""
