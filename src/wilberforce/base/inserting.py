"""Many rows in one statement whose text does not grow with them.

The rows travel as one JSON text that the database takes apart: for a batch of a tablet, writing out a place for every
value of every row costs more than all else that is done with the batch.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Field, Model


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


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} has no place in a row of JSON")


def insert(records: Sequence[Model], returning: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    """All or none, in this order; one kind of record. Answers with the named columns of every row."""
    if not records:
        return []
    model = type(records[0])
    fields = _fields(model)
    rows = [{field.column: field.pre_save(record, add=True) for field in fields} for record in records]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, returning), [json.dumps(rows, default=_plain)])
        return cursor.fetchall() if returning else []
