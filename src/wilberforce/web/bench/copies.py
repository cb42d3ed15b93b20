"""A copy of the database for a measurement, dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from wilberforce.base import postgres


class CannotMeasure(RuntimeError):
    """The sentence says what to do."""


@contextmanager
def copied() -> Iterator[str]:
    """Its name; meanwhile this process asks it too."""
    server, source = postgres.find(), str(connection.settings_dict["NAME"])
    name = f"wb_bench_{os.getpid()}"
    connection.close()
    try:
        server.clone_database(source, name)
    except postgres.PostgresFailed:
        raise CannotMeasure("Somebody uses the database. Stop ./wb run and measure again.") from None
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = source
        server.drop_database(name)
