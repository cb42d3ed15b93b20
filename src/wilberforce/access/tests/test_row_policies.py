"""The row policies that stand in the database let through exactly what the matrix allows.

Each policy is read back from the database and put to random rows, as each of the cast, in each of their purposes,
after the day of the demonstration; the facts are those that the database's own functions name.
"""

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from wilberforce.access.arms import CELL_FACTS
from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.access.protect import PROTECTED, Protected
from wilberforce.access.rules import Question, decide, facts_needed, permitted_purposes
from wilberforce.agencies.cast import PARTS, Cast
from wilberforce.agencies.models import ConflictDeclared, Device, SignedIn
from wilberforce.base import clock
from wilberforce.web.demo import play
from wilberforce.web.demo.telling import Story

SEED = 1807
ROWS = 6
FIELDS = {rule.fields for rule in matrix().rules}
STOPS = frozenset(stop.fact for stop in matrix().dynamic)


@dataclass
class Draw:
    """Random rows whose ids are often those of the day, so that facts are often true of them."""

    drawn: random.Random
    ids: list[uuid.UUID]
    homes: list[uuid.UUID]
    members: list[uuid.UUID]

    def row(self, model: Any, actor: Actor) -> dict[str, Any]:
        return {field.column: self.value(field, actor) for field in model._meta.concrete_fields}

    def value(self, field: Any, actor: Actor) -> Any:
        kind = field.get_internal_type()
        if kind in ("UUIDField", "ForeignKey"):
            return str(self.id(field.column, actor))
        if field.choices:
            return self.drawn.choice([value for value, _ in field.choices])
        if kind == "DateTimeField":
            return self.drawn.choice([None, (clock.now() + timedelta(hours=self.drawn.randint(-400, 4))).isoformat()])
        if kind == "BooleanField":
            return self.drawn.random() < 0.5
        if kind == "ArrayField":
            return [str(actor.agency)] if self.drawn.random() < 0.3 and "agenc" in field.column else []
        return self.drawn.randint(0, 3) if "Integer" in kind else None

    def id(self, column: str, actor: Actor) -> uuid.UUID:
        if column == "controller_id" or column.endswith("agency_id"):
            return self.drawn.choice([actor.agency or uuid.uuid4(), *self.homes])
        if column.endswith("_by") or column == "membership_id":
            return self.drawn.choice([actor.membership or uuid.uuid4(), *self.members])
        return self.drawn.choice([*self.ids, uuid.uuid4()])


def told(cast: Cast) -> Story:
    story = Story(cast)
    for scene in play.SCENES:
        scene(story)
    return story


def contexts(at: Any, cast: Any, drawn: random.Random) -> Iterator[Actor]:
    """Everybody in each of their purposes; a third without a fresh proof, some on a device that was lost."""
    for part in PARTS:
        kind = cast[part.key].agency.kind
        for purpose in permitted_purposes(matrix(), kind, part.roles[0]):
            with at(part.key, purpose):
                pass
            sittings = SignedIn.objects.filter(membership=cast[part.key])
            sittings.update(stepped_up_at=None if drawn.random() < 0.3 else clock.now())
            lost = clock.now() if drawn.random() < 0.2 else None
            Device.objects.filter(membership=cast[part.key]).update(revoked_at=lost)
            with at(part.key, purpose) as actor:
                yield actor


def policies(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT polname, coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid))"
            " FROM pg_policy WHERE polrelid = %s::regclass",
            [table],
        )
        return dict(cursor.fetchall())


def let_through(table: str, expressions: list[str], rows: list[dict[str, Any]]) -> list[list[bool]]:
    """What each expression says of each row, in the rows' order, under the context that is open."""
    named = ", ".join(f"coalesce(({sql})::boolean, false)" for sql in expressions)
    numbered = (
        f"jsonb_array_elements(%s) WITH ORDINALITY AS e(j, n), jsonb_populate_record(NULL::{table}, e.j) AS {table}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {numbered} ORDER BY e.n", [json.dumps(rows)])
        return [list(row) for row in cursor.fetchall()]


def subject_fact(name: str, data_class: str, projection: str) -> set[str]:
    given = [data_class, projection] if name in CELL_FACTS else []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT fact_{name}({', '.join(['%s'] * len(given))})", given)
        return {str(row[0]) for row in cursor.fetchall()}


class Oracle:
    """What the matrix says of a row, from the facts alone."""

    def __init__(self, protected: Protected[Any], actor: Actor, vetting: int) -> None:
        self.protected, self.actor, self.vetting = protected, actor, vetting
        self.known: dict[tuple[str, str], set[str]] = {}

    def _true(self, name: str, row: dict[str, Any], own: dict[str, bool], projection: str) -> bool:
        if name in own:
            return own[name]
        fact = matrix().facts[name]
        if fact.kind == "person":
            return name in self.actor.ready
        if fact.kind == "row":
            return self._of_the_row(name, row)
        return self._of_a_subject(name, fact.about, row, projection)

    def _of_the_row(self, name: str, row: dict[str, Any]) -> bool:
        if name == "own_agency":
            return bool(row.get("controller_id", "") == str(self.actor.agency))
        level = row.get("handling_level")
        return name == "vetted" and level is not None and int(level) <= self.vetting

    def _of_a_subject(self, name: str, about: tuple[str, ...], row: dict[str, Any], projection: str) -> bool:
        kinds = [kind for kind in about if kind in self.protected.subjects]
        wanted = kinds if name in STOPS else kinds[:1]
        if (name, projection) not in self.known:
            self.known[name, projection] = subject_fact(name, self.protected.data_class, projection)
        return any(row[self.protected.subjects[kind]] in self.known[name, projection] for kind in wanted)

    def allows(self, action: str, row: dict[str, Any], own: dict[str, bool]) -> bool:
        return any(self._allows_as(action, row, own, name) for name in self._projections(action))

    def _projections(self, action: str) -> set[str]:
        named = {name for name in self.protected.projections if action == "R" or name not in self.protected.reads_only}
        whole = {forbid.fields for forbid in matrix().forbids if forbid.fields in named} or {""}
        own = {f"{name}.{self.actor.kind}" for name in named if f"{name}.{{agency}}" in FIELDS}
        return named | {str(name) for name in whole} | own

    def _allows_as(self, action: str, row: dict[str, Any], own: dict[str, bool], projection: str) -> bool:
        asked = Question(
            self.actor.kind, self.actor.role, self.protected.data_class, self.actor.purpose, action, projection or None
        )
        needed = facts_needed(matrix(), asked)
        true = frozenset(name for name in needed if self._true(name, row, own, projection))
        return decide(matrix(), asked, true).allowed


def worth_asking(protected: Protected[Any], actor: Actor, drawn: random.Random) -> bool:
    """Always where some rule could apply, and of the rest a few."""
    return any(grant.split("/")[1] == protected.data_class for grant in actor.grants) or drawn.random() < 0.05


def vetting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(ctx_vetting(), 0)")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_row_policies_and_the_matrix_never_differ(at: Any, cast: Any) -> None:
    drawn, story = random.Random(SEED), told(cast)  # noqa: S311 - a sample, not a secret
    ConflictDeclared.objects.create(membership=cast["op_member_a"], subject_id=story.ids["site_A"])
    draw = Draw(
        drawn, list(story.ids.values()), [a.pk for a in cast.agencies.values()], [m.pk for m in cast.people.values()]
    )
    texts, asked, yeses, different = {table: policies(table) for table in PROTECTED}, 0, 0, []
    for actor in contexts(at, cast, drawn):
        level = vetting()
        for table, protected in PROTECTED.items():
            if protected.writes == "append" or not worth_asking(protected, actor, drawn):
                continue
            rows = [draw.row(protected.model, actor) for _ in range(ROWS)]
            oracle = Oracle(protected, actor, level)
            own = let_through(table, list(protected.facts.values()) or ["true"], rows)
            said = let_through(table, [texts[table]["reads"], texts[table]["adds"]], rows)
            for row, facts, (reads, adds) in zip(rows, own, said, strict=True):
                named = dict(zip(protected.facts, facts, strict=False))
                expected = (oracle.allows("R", row, named), oracle.allows(protected.writes, row, named))
                asked, yeses = asked + 2, yeses + sum(expected)
                if (reads, adds) != expected:
                    different.append((table, actor.kind, actor.role, actor.purpose, (reads, adds), expected, row))
    assert different[:3] == [], f"{len(different)} of {asked}"
    assert asked > 2000
    assert yeses > 100
