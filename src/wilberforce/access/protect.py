"""The policy object of a class table: who may, which ones, and why.

An app names each of its class tables once, in ``policy.py``: its data class, which of its columns
are what kind of subject, its projections. From that come the row policies in the database
(``access.rls``), the column lists that Python reads, and the notes for the ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.db.utils import ProgrammingError

from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.base.ids import is_exercise
from wilberforce.base.inserting import insert
from wilberforce.base.sealed import Sealed, open_sealed, place_of, sealed_fields

from .arms import Arms
from .context import Actor, Note
from .matrix import load_matrix

Record = TypeVar("Record", bound=models.Model)
Key = TypeVar("Key")
Row = dict[str, Any]
WHOLE = ""
SEEN_BY_A_SHIFT = frozenset({"care_flags", "given", "follow_up"})
PLAYED_IN = "operation"
SOMETHING = UUID(int=0)
"""Stands for the subject in a text that is kept."""


@dataclass(frozen=True)
class Protected(Generic[Record]):
    """``subjects``: subject kind -> column. ``facts``: fact -> SQL over the row, for row facts of this table.
    ``writes``: the action that adding or changing a row is (an approval's table says A).
    ``reads_only``: projections that show columns here and never let their holder write a row here."""

    data_class: str
    model: type[Record]
    subjects: Mapping[str, str]
    projections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    writes: str = "W"
    reads_only: frozenset[str] = frozenset()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def columns(self, projection: str) -> list[str]:
        every = [f.attname for f in self.model._meta.concrete_fields]
        if projection == WHOLE:
            return every
        named = self.projections.get(projection.split(".", maxsplit=1)[0]) or self.projections.get(projection)
        if named is None:
            raise NotAllowed(rule="projection", reason=f"{self.table} has no projection {projection}")
        always = [name for name in ("id", "controller_id", "version") if name in every]
        return list(dict.fromkeys([*always, *named]))

    def many(
        self,
        actor: Actor,
        where: Q | None = None,
        *,
        projection: str = WHOLE,
        order_by: Sequence[str] = ("-id",),
        limit: int = 25,
        offset: int = 0,
    ) -> list[Row]:
        """The rows that this actor may see, opened. Evaluated at once; one note for all ids, even for none."""
        asked = self.asked(actor, where, projection=projection, order_by=order_by, limit=limit, offset=offset)
        return self.shown(actor, asked.rows, projection)

    def asked(
        self,
        actor: Actor,
        where: Q | None = None,
        *,
        projection: str = WHOLE,
        order_by: Sequence[str] = ("-id",),
        limit: int = 25,
        offset: int = 0,
    ) -> "Asked":
        """What ``many`` would show, not yet read: ``together`` reads several in one statement."""
        rows = self._narrowed(actor, "R", projection).filter(where or Q()).order_by(*order_by)
        return Asked(self, projection, rows.values(*self.columns(projection))[offset : offset + limit])

    def belonging(
        self, actor: Actor, column: str, subject: UUID, *, projection: str, order_by: tuple[str, ...], limit: int
    ) -> "Written":
        """What ``asked`` would ask of the rows that belong to one subject: the same text, made once and kept."""
        where = f'"{self.table}"."{column}" = %s'
        return self.where(actor, where, (subject,), projection=projection, order_by=order_by, limit=limit)

    def where(
        self, actor: Actor, said: str, words: tuple[Any, ...], *, projection: str = WHOLE,
        order_by: tuple[str, ...], limit: int,
    ) -> "Written":  # fmt: skip
        """The same by a condition in our own SQL, with a place for each word."""
        arms = self._arms_for(actor, "R", projection)
        return Written(self, projection, *_text(self.table, arms, projection, order_by, limit, said), words)

    def shown(self, actor: Actor, rows: Iterable[Row], projection: str) -> list[Row]:
        found = [self.opened(row) for row in rows]
        ids, people = [row["id"] for row in found], self._people(found, projection)
        self._note(actor, "consultation", "R", ids, projection, people)
        return found

    def _people(self, found: list[Row], projection: str) -> tuple[UUID, ...]:
        """Whose name, story, health or place was opened; what a whole shift sees of everybody is not counted."""
        column = self.subjects.get("person", "")
        if self.data_class not in _grave() or projection in SEEN_BY_A_SHIFT:
            return ()
        return tuple(dict.fromkeys(row[column] for row in found if row.get(column)))

    def one(self, actor: Actor, record: UUID, *, projection: str = WHOLE) -> Row:
        """Raises NotAllowed whether the record is absent or hidden."""
        found = self.many(actor, Q(pk=record), projection=projection, limit=1)
        if not found:
            raise NotAllowed(rule=actor.rules_for(self.data_class, "R"), reason="absent or hidden")
        return found[0]

    def count(self, actor: Actor, where: Q | None = None) -> int:
        """How many rows the row policy shows this actor. The leaf names none of them."""
        self._must_hold(actor, "R")
        self._note(actor, "consultation", "R", (), WHOLE)
        return self.model._default_manager.filter(where or Q()).count()

    def tally(self, actor: Actor, each: Mapping[Key, Q], *, projection: str = WHOLE) -> dict[Key, int]:
        """How many rows fit each question, in one statement and one leaf."""
        if not each:
            return {}
        counts = {f"n{place}": Count("pk", filter=asked) for place, asked in enumerate(each.values())}
        any_of = reduce(or_, each.values())
        found = self._narrowed(actor, "R", projection).filter(any_of).aggregate(**counts)
        self._note(actor, "consultation", "R", (), projection)
        return {key: found[f"n{place}"] for place, key in enumerate(each)}

    def add(self, actor: Actor, record: Record, *, projection: str = WHOLE) -> Record:
        """Raises NotAllowed where the row's own policy refuses it."""
        self._must_hold(actor, self.writes)
        self._keeps_apart(record)
        try:
            record.save(force_insert=True)
        except ProgrammingError as refused:
            raise self._refusal(refused) from refused
        self._note(actor, "collection", self.writes, [record.pk], projection)
        return record

    def add_many(self, actor: Actor, records: Sequence[Record], *, projection: str = WHOLE) -> None:
        """All or none, in one statement. Raises NotAllowed where a row's own policy refuses it."""
        self._must_hold(actor, self.writes)
        try:
            insert(records)
        except ProgrammingError as refused:
            raise self._refusal(refused) from refused
        self._note(actor, "collection", self.writes, [record.pk for record in records], projection)

    def _keeps_apart(self, record: Record) -> None:
        """Nothing real ever points at an exercise: what is played stays in the class that plans."""
        if self.data_class == PLAYED_IN:
            return
        if any(isinstance(value, UUID) and is_exercise(value) for value in vars(record).values()):
            raise RuleBroken("This belongs to an exercise, so nothing real is recorded about it.")

    def change(
        self,
        actor: Actor,
        record: UUID,
        changes: Mapping[str, Any],
        *,
        version: int | None = None,
        projection: str = WHOLE,
    ) -> Record:
        """Change one row in place. Raises NotAllowed, or Conflict with the newer values if ``version`` is old."""
        self._must_hold(actor, self.writes)
        allowed = set(self.columns(projection))
        if not {self._attname(name) for name in changes} <= allowed:
            raise NotAllowed(rule="projection", reason="field outside the projection")
        mine = self._narrowed(actor, self.writes, projection)
        fetched = sorted(allowed.union(sealed_fields(self.model)))  # a new version seals every value again
        found = mine.select_for_update().only(*fetched).filter(pk=record).first()
        if found is None:
            raise NotAllowed(rule=actor.rules_for(self.data_class, self.writes), reason="absent or hidden")
        self._same_version(actor, found, version, changes, projection)
        self._save(found, changes)
        self._note(actor, "alteration", self.writes, [record], projection)
        return found

    def _narrowed(self, actor: Actor, action: str, projection: str) -> models.QuerySet[Record]:
        """Only the rows that a rule for exactly this projection lets through; the row policy knows no columns."""
        return self._let_through(self._arms_for(actor, action, projection))

    def _arms_for(self, actor: Actor, action: str, projection: str) -> str:
        self._must_hold(actor, action)
        arms = _arms(self.table).narrowed(action, projection, actor)
        if not arms:
            raise NotAllowed(rule="projection", reason=f"no rule for {projection or 'the whole class'}")
        return arms

    def _let_through(self, arms: str) -> models.QuerySet[Record]:
        return self.model._default_manager.extra(where=[arms.replace("%", "%%")])  # noqa: S610 from the matrix alone

    def _save(self, found: Record, changes: Mapping[str, Any]) -> None:
        opened = {name: self._value(found, name) for name in self._sealed_again()}
        for name, value in (opened | dict(changes)).items():
            setattr(found, name, value)
        if hasattr(found, "version"):
            found.version += 1
            opened["version"] = found.version
        try:
            found.save(update_fields=list(opened | dict(changes)))
        except ProgrammingError as refused:
            raise self._refusal(refused) from refused

    def _sealed_again(self) -> list[str]:
        """A sealed value is bound to the record's version; where there is none, it stays as it is."""
        return sealed_fields(self.model) if hasattr(self.model, "version") else []

    def _attname(self, name: str) -> str:
        found: models.Field[Any, Any] = self.model._meta.get_field(name)  # type: ignore[assignment]
        return found.attname

    def _same_version(
        self, actor: Actor, found: Record, version: int | None, changes: Mapping[str, Any], projection: str
    ) -> None:
        if version is None or getattr(found, "version", version) == version:
            return
        self._note(actor, "consultation", "R", [found.pk], projection)
        theirs = {name: self._value(found, name) for name in changes}
        raise Conflict(theirs=theirs | {"version": getattr(found, "version", 0)})

    def _value(self, record: Record, name: str) -> Any:
        value = getattr(record, name)
        return open_sealed(value.box, place_of(record, name)) if isinstance(value, Sealed) else value

    def opened(self, row: Row) -> Row:
        closed = [name for name in _sealed(self.table) if isinstance(row.get(name), Sealed)]
        if closed:
            where = {name: row[name] for name in ("controller_id", "version") if name in row}
            shell = self.model(pk=row["id"], **where)
            row |= {name: open_sealed(row[name].box, place_of(shell, name)) for name in closed}
        return row

    def _must_hold(self, actor: Actor, action: str) -> None:
        if not actor.holds(self.data_class, action):
            raise NotAllowed(rule="cell", reason=f"{actor.role} holds no {action} of {self.data_class} here")

    def _note(
        self,
        actor: Actor,
        op: str,
        action: str,
        ids: Sequence[UUID],
        projection: str,
        people: tuple[UUID, ...] = (),
    ) -> None:
        rule = actor.rules_for(self.data_class, action)
        actor.note(Note(op, self.data_class, action, projection, rule, tuple(ids), people=people))

    def _refusal(self, refused: ProgrammingError) -> Exception:
        if "row-level security" in str(refused):
            return NotAllowed(rule="row", reason=f"row policy of {self.table}")
        return refused


@dataclass(frozen=True)
class Asked:
    table: Protected[Any]
    projection: str
    rows: "models.QuerySet[Any, Row]"

    def sql(self) -> tuple[str, tuple[Any, ...]]:
        """Raises EmptyResultSet where no row can fit."""
        text, words = self.rows.query.sql_with_params()
        return text, tuple(words)


@dataclass(frozen=True)
class Written:
    """A text that was made once, and what it is asked of now."""

    table: Protected[Any]
    projection: str
    text: str
    words: tuple[Any, ...]
    subjects: tuple[Any, ...]

    def sql(self) -> tuple[str, tuple[Any, ...]]:
        given = iter(self.subjects)
        return self.text, tuple(next(given) if word == SOMETHING else word for word in self.words)


@lru_cache(maxsize=512)
def _text(
    table: str, arms: str, projection: str, order_by: tuple[str, ...], limit: int, said: str
) -> tuple[str, tuple[Any, ...]]:
    """Without a value: nothing of whoever asked first is in it, and their arms are part of the question."""
    protected = PROTECTED[table]
    rows = protected._let_through(arms).extra(where=[said], params=[SOMETHING] * said.count("%s")).order_by(*order_by)  # noqa: S610
    text, words = rows.values(*protected.columns(projection))[:limit].query.sql_with_params()
    return text, tuple(words)


PROTECTED: dict[str, Protected[Any]] = {}


@cache
def _grave() -> frozenset[str]:
    return frozenset(name for name, entry in load_matrix().classes.items() if entry.tier in ("S", "1"))


@cache
def _sealed(table: str) -> tuple[str, ...]:
    return tuple(sealed_fields(PROTECTED[table].model))


@cache
def _arms(table: str) -> Arms:
    return Arms(load_matrix(), PROTECTED[table])


def protect(protected: Protected[Record]) -> Protected[Record]:
    """Register a class table. A table is protected once, by the app that owns it."""
    if protected.table in PROTECTED and PROTECTED[protected.table] != protected:
        raise RuntimeError(f"{protected.table} is protected twice")
    PROTECTED[protected.table] = protected
    return protected
