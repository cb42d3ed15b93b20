"""The matrix's rules as SQL over the rows of one table.

Facts about the row are inline expressions; facts about a subject are ``id = ANY(ARRAY(SELECT fact_x()))``;
facts about the person are ``(SELECT fact_y())``. None is ever called once per row.
"""

from functools import lru_cache
from typing import Any

from .context import Actor
from .matrix import DynamicForbid, Forbid, Matrix, Rule

CELL_FACTS = frozenset({"agreement", "consent", "legal_basis", "disclosed", "withdrawn"})
ROW_FACTS = {
    "own_agency": "controller_id = (SELECT ctx_agency())",
    "vetted": "handling_level <= (SELECT ctx_vetting())",
}


class Arms:
    """The arms of one table: one for each rule that can let a row of it through."""

    def __init__(self, matrix: Matrix, protected: Any) -> None:
        self.matrix = matrix
        self.protected = protected
        self.columns = {f.attname for f in protected.model._meta.concrete_fields}
        self._narrowed = lru_cache(maxsize=256)(self._told)

    def fact(self, name: str, projection: str) -> str:
        """SQL that is true where the fact holds for the row; false where this table can't know it."""
        if name in self.protected.facts:
            return f"({self.protected.facts[name]})"
        fact = self.matrix.facts[name]
        if fact.kind == "person":
            return f"(SELECT fact_{name}())"
        if fact.kind == "row":
            return self._row_fact(name)
        return self._subject_fact(name, fact.about, projection)

    def _row_fact(self, name: str) -> str:
        sql = ROW_FACTS.get(name, "false")
        column = sql.split(" ")[0]
        return f"({sql})" if sql == "false" or column in self.columns else "false"

    def _subject_fact(self, name: str, about: tuple[str, ...], projection: str) -> str:
        column = next((self.protected.subjects[kind] for kind in about if kind in self.protected.subjects), None)
        if column is None:
            return "false"
        arguments = f"'{self.protected.data_class}', '{projection}'" if name in CELL_FACTS else ""
        return f"{column} = ANY (ARRAY(SELECT fact_{name}({arguments})))"

    def arm(self, rule: Rule, action: str) -> str:
        gate = f"'{rule.id}/{self.protected.data_class}/{action}' = ANY ((SELECT ctx_grants())::text[])"
        facts = [self.fact(name, rule.fields or "") for name in rule.when]
        return " AND ".join([gate, *facts])

    def applies(self, rule: Rule, action: str) -> bool:
        if self.protected.data_class not in rule.classes or action not in rule.actions:
            return False
        if not rule.fields:
            return True
        name = rule.fields.split(".")[0]
        return name in self.names and (action == "R" or name not in self.protected.reads_only)

    @property
    def names(self) -> set[str]:
        return {name.split(".")[0] for name in self.protected.projections}

    def forbidden(self, action: str) -> list[str]:
        stops = [self.dynamic(forbid) for forbid in self.matrix.dynamic if self._concerns(forbid)]
        for forbid in self.matrix.forbids:
            if self._binds(forbid, action):
                lifted = " AND ".join(self._any_of(group) for group in forbid.unless) or "false"
                stops.append(f"({self._who(forbid.agencies, forbid.roles)}) AND NOT ({lifted})")
        return [stop for stop in stops if stop != "false"]

    def _binds(self, forbid: Forbid, action: str) -> bool:
        """Forbids of a whole class that nothing lifts never reach the grants; the others bind here."""
        if self.protected.data_class not in forbid.classes or (forbid.actions and action not in forbid.actions):
            return False
        return bool(forbid.unless) if forbid.fields is None else forbid.fields in self.names

    def _any_of(self, group: tuple[str, ...]) -> str:
        return "(" + " OR ".join(self.fact(name, "") for name in group) + ")"

    def _who(self, agencies: tuple[str, ...] | None, roles: tuple[str, ...] | None) -> str:
        tests = []
        if agencies:
            tests.append(f"(SELECT ctx_kind()) IN ({_quoted(agencies)})")
        if roles:
            tests.append(f"(SELECT ctx_role()) IN ({_quoted(roles)})")
        return " AND ".join(tests) or "true"

    def _concerns(self, forbid: DynamicForbid) -> bool:
        tier = self.matrix.classes[self.protected.data_class].tier
        return not forbid.tiers or tier in forbid.tiers

    def dynamic(self, forbid: DynamicForbid) -> str:
        fact = self.matrix.facts[forbid.fact]
        if forbid.fact in self.protected.facts or fact.kind == "person":
            return self.fact(forbid.fact, "")
        arguments = f"'{self.protected.data_class}', ''" if forbid.fact in CELL_FACTS else ""
        columns = [column for kind, column in self.protected.subjects.items() if kind in fact.about]
        # "IS TRUE" lets the planner estimate what it can't of coalesce(): it then reads an index and not the table.
        tests = [f"({c} = ANY (ARRAY(SELECT fact_{forbid.fact}({arguments})))) IS TRUE" for c in columns]
        return " OR ".join(tests) or "false"

    def expression(self, action: str) -> str:
        if action == "append":
            return "true"
        arms = [self.arm(rule, action) for rule in self.matrix.rules if self.applies(rule, action)]
        if not arms:
            return "false"
        allowed = " OR ".join(f"({arm})" for arm in arms)
        stops = [f"NOT ({stop})" for stop in self.forbidden(action)]
        return " AND ".join([f"({allowed})", *stops])

    def narrowed(self, action: str, projection: str, actor: Actor) -> str:
        """True for the rows that some rule for exactly this projection lets through; empty if there is none.

        A row policy can't know which columns were asked for: without this, whoever may see the queue of
        reports and open the one they claimed could open them all. What the actor holds and which facts about
        them are true was read when the context opened; the row policy asks for both again.
        """
        return self._narrowed(action, projection, actor.kind, actor.grants, actor.ready)

    def _told(self, action: str, projection: str, kind: str, grants: frozenset[str], ready: frozenset[str]) -> str:
        fitting = [rule for rule in self.matrix.rules if self._fits(rule, action, projection, kind)]
        held = [rule for rule in fitting if f"{rule.id}/{self.protected.data_class}/{action}" in grants]
        arms = [self._of_rows(rule) for rule in held if self._ready(rule) <= ready]
        return " OR ".join(arms) or ("false" if fitting else "")

    def _fits(self, rule: Rule, action: str, projection: str, kind: str) -> bool:
        return self.applies(rule, action) and rule.projection(kind) in (None, projection)

    def _ready(self, rule: Rule) -> set[str]:
        """Facts about the person, unless this table knows them by its rows."""
        return {
            name for name in rule.when if self.matrix.facts[name].kind == "person" and name not in self.protected.facts
        }

    def _of_rows(self, rule: Rule) -> str:
        asked = [name for name in rule.when if name not in self._ready(rule)]
        return "(" + (" AND ".join(self.fact(name, rule.fields or "") for name in asked) or "true") + ")"


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
