"""One cell of the matrix in words: which rules could allow it, why, and which facts each needs; what stops it."""

from collections.abc import Iterator

from .ceilings import Cell
from .checker import cells
from .matrix import ACTIONS, Forbid, Matrix, load_matrix

DOES = {"R": "read", "W": "write", "D": "begin a disclosure", "A": "approve"}


class UnknownWord(ValueError):
    """The sentence says what may be asked instead."""


def cell(kind: str, role: str, cls: str, purpose: str) -> list[str]:
    matrix = load_matrix()
    _refuse_unknown(matrix, kind, role, cls, purpose)
    asked = (kind, role, cls, purpose)
    granted = [one for one in cells(matrix) if (one.kind, one.role, one.cls, one.purpose) == asked]
    heading = f"{kind}/{role}, class {cls} (tier {matrix.classes[cls].tier}), for {purpose}"
    allowed = [line for one in granted for line in _grant(matrix, one)]
    nothing = [] if granted else ["  Nothing: no rule allows it, and what no rule allows is denied."]
    return [heading, *nothing, *allowed, *_stops(matrix, kind, role, cls, bool(granted))]


def _refuse_unknown(matrix: Matrix, kind: str, role: str, cls: str, purpose: str) -> None:
    roles = matrix.kinds[kind].roles if kind in matrix.kinds else ()
    asked = (
        ("kind of agency", kind, tuple(matrix.kinds)),
        (f"role of {kind}", role, roles),
        ("class", cls, tuple(matrix.classes)),
        ("purpose", purpose, tuple(matrix.purposes)),
    )
    for sort, word, known in asked:
        if word not in known:
            raise UnknownWord(f"There is no {sort} called {word}. There are: {', '.join(known)}.")


def _grant(matrix: Matrix, one: Cell) -> Iterator[str]:
    why = next(rule.why for rule in matrix.rules if rule.id == one.rule)
    fields = f"the fields of {one.fields}" if one.fields else "every field"
    yield f"  {one.rule} {DOES[one.action]}, {fields}. {why}"
    for name in one.facts:
        yield f"      needs {name}: {matrix.facts[name].meaning}"
    if not one.facts:
        yield "      needs nothing more"


def _stops(matrix: Matrix, kind: str, role: str, cls: str, granted: bool) -> Iterator[str]:
    for forbid in matrix.forbids:
        if _binds(forbid, kind, role, cls):
            actions = " and ".join(DOES[action] for action in ACTIONS if action in (forbid.actions or ACTIONS))
            yield f"  {forbid.id} forbids {actions}{_where(forbid)}. {forbid.why}"
    if granted:
        for stop in matrix.dynamic:
            if stop.tiers is None or matrix.classes[cls].tier in stop.tiers:
                yield f"  {stop.id} stops it while {stop.fact} holds: {matrix.facts[stop.fact].meaning}"


def _binds(forbid: Forbid, kind: str, role: str, cls: str) -> bool:
    of_them = (forbid.agencies is None or kind in forbid.agencies) and (forbid.roles is None or role in forbid.roles)
    return of_them and cls in forbid.classes


def _where(forbid: Forbid) -> str:
    fields = f" of the fields of {forbid.fields}" if forbid.fields else ""
    lifted = [" or ".join(group) for group in forbid.unless]
    return fields + (f", unless {' and '.join(lifted)}" if lifted else "")
