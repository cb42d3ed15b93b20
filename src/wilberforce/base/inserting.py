"""Many rows in one statement whose text does not grow with them.

The rows travel as one JSON text that the database takes apart: for a batch of a tablet, writing out a place for every
value of every row costs more than all else that is done with the batch.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, DateField, Field, Model


@cache
def _fields(model: type[Model]) -> list["Field[Any, Any]"]:
    """All but those that the database counts itself."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


@cache
def _statement(model: type[Model], returning: tuple[str, ...]) -> str:
    quoted, fields = connection.ops.quote_name, _fields(model)
    names = ", ".join(quoted(str(field.column)) for field in fields)
    typed = ", ".join(f"{quoted(str(field.column))} {_unlimited(field)}" for field in fields)
    table, back = quoted(model._meta.db_table), ", ".join(map(quoted, returning))
    said = f"INSERT INTO {table} ({names}) SELECT {names} FROM json_to_recordset(%s) AS told ({typed})"
    return f"{said} RETURNING {back}" if back else said


def _unlimited(field: "Field[Any, Any]") -> str:
    """Without its length: the column itself refuses what is too long."""
    return re.sub(r"\(\d+\)", "", str(field.db_type(connection)))


TEXT: dict[type, Callable[[Any], str]] = {
    UUID: lambda value: value.hex,
    datetime: lambda value: value.isoformat(),
    bytes: lambda value: "\\x" + value.hex(),
    memoryview: lambda value: "\\x" + value.hex(),
}
"""PostgreSQL reads an id without its hyphens too, and Python writes it so in a fifth of the time."""


def _plain(value: object) -> str:
    try:
        return TEXT[type(value)](value)
    except KeyError:
        raise TypeError(f"{type(value).__name__} has no place in a row of JSON") from None


@cache
def _as_they_are(model: type[Model]) -> Callable[[Model], tuple[Any, ...]]:
    return attrgetter(*(field.attname for field in _fields(model)))


@cache
def _made_first(model: type[Model]) -> list["Field[Any, Any]"]:
    """What is only made when it is written: a sealed value, an instant of its own."""
    own = [field for field in _fields(model) if type(field).pre_save is not Field.pre_save]
    return [field for field in own if not (isinstance(field, DateField) and not (field.auto_now or field.auto_now_add))]


def insert(records: Sequence[Model], returning: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    """All or none, in this order; one kind of record. Answers with the named columns of every row."""
    if not records:
        return []
    model = type(records[0])
    columns, values, first = [str(field.column) for field in _fields(model)], _as_they_are(model), _made_first(model)
    made = [{str(field.column): field.pre_save(record, add=True) for field in first} for record in records]
    rows = [dict(zip(columns, values(record), strict=True)) | own for record, own in zip(records, made, strict=True)]
    return insert_rows(model, rows, returning)


def insert_rows(
    model: type[Model], rows: Sequence[Mapping[str, object]], returning: tuple[str, ...] = ()
) -> list[tuple[Any, ...]]:
    """``rows``: a value for every column, where nothing has to be sealed or made."""
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, returning), [json.dumps(rows, default=_plain)])
        return cursor.fetchall() if returning else []
