"""Several class tables in one statement: each with its own row policy, its own columns and its own leaf."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from wilberforce.base.sealed import SealedField

from .context import Actor
from .protect import Asked, Row


def together(actor: Actor, *asked: Asked) -> list[list[Row]]:
    """What ``many`` would show of each, in the same order."""
    parts = [_part(one) for one in asked]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sql for sql, _ in parts), [word for _, words in parts for word in words])
        found = cursor.fetchone() or ()
    return [
        one.table.shown(actor, [_row(one.table.model, row) for row in rows], one.projection)
        for one, rows in zip(asked, found, strict=True)
    ]


def _part(one: Asked) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, arguments = one.rows.query.sql_with_params()
    except EmptyResultSet:
        return "'[]'::json", ()
    return f"(SELECT coalesce(json_agg(t), '[]') FROM ({sql}) AS t)", tuple(arguments)


def _row(model: type[models.Model], row: Row) -> Row:
    return {name: _value(model._meta.get_field(name), value) for name, value in row.items()}


def _value(field: Any, value: Any) -> Any:
    """What JSON has only text for, as the field itself would have read it."""
    if value is None:
        return None
    if isinstance(field, ArrayField):
        return [_value(field.base_field, item) for item in value]
    if isinstance(field, SealedField):
        return field.from_db_value(bytes.fromhex(value.removeprefix("\\x")), None, connection)
    for kind, read in READ.items():
        if isinstance(field, kind):
            return read(value)
    return value


READ: dict[type, Callable[[str], Any]] = {
    models.UUIDField: UUID,
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
}
"""A moment is a date too, so it comes first."""
