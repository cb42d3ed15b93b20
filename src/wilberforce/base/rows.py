"""Records by a question whose text is made once.

What a device asks at every knock is the same each time: to put it together cost more than to answer it.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


@cache
def _named(model: type[Model]) -> tuple[list[str], str]:
    fields, quoted = model._meta.concrete_fields, connection.ops.quote_name
    return [field.attname for field in fields], ", ".join(f"one.{quoted(str(field.column))}" for field in fields)


def read(model: type[M], source: str, words: list[Any]) -> list[M]:
    """``source`` follows FROM and calls the model's table ``one``; where an outer join finds none, there is none."""
    names, columns = _named(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {source}", words)
        found = cursor.fetchall()
    key = names.index(str(model._meta.pk.attname))
    return [model.from_db(connection.alias, names, row) for row in found if row[key] is not None]
