"""Several class tables in one statement: each with its own row policy, its own columns and its own leaf."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from wilberforce.base.sealed import SealedField

from .context import Actor
from .protect import Asked, Protected, Row, Written


def together(actor: Actor, *asked: Asked | Written) -> list[list[Row]]:
    """What ``many`` would show of each, in the same order."""
    parts = [_part(one) for one in asked]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sql for sql, _ in parts), [word for _, words in parts for word in words])
        found = cursor.fetchone() or ()
    return [
        one.table.shown(actor, [_row(one.table.model, row) for row in rows], one.projection)
        for one, rows in zip(asked, found, strict=True)
    ]


def read_back(table: Protected[Any], row: Row) -> Row:
    """One row that the database gave as JSON, opened."""
    return table.opened(_row(table.model, row))


def _part(one: Asked | Written) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, arguments = one.sql()
    except EmptyResultSet:
        return "'[]'::json", ()
    return f"(SELECT coalesce(json_agg(t), '[]') FROM ({sql}) AS t)", arguments


def _row(model: type[models.Model], row: Row) -> Row:
    for name, read in _readers(model).items():
        if row.get(name) is not None:
            row[name] = read(row[name])
    return row


@cache
def _readers(model: type[models.Model]) -> dict[str, Callable[[Any], Any]]:
    """Of each field for which JSON has only text: how the field itself would have read it."""
    found = {field.attname: _reader(field) for field in model._meta.concrete_fields}
    return {name: read for name, read in found.items() if read is not None}


def _reader(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, ArrayField):
        item = _reader(field.base_field)
        return item and (lambda values: [None if value is None else item(value) for value in values])
    if isinstance(field, SealedField):
        return lambda value: field.from_db_value(bytes.fromhex(value.removeprefix("\\x")), None, connection)
    return next((read for kind, read in READ.items() if isinstance(field, kind)), None)


READ: dict[type, Callable[[str], Any]] = {
    models.UUIDField: UUID,
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
}
"""A moment is a date too, so it comes first."""
