"""What pages of an exercise show: every moment on the exercise's own clock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wilberforce.operations import rules

Row = dict[str, Any]
OWN = ("planned_for", "plays_from", "opens_at", "expires_at", "issued_at", "host_asked_at", "host_agreed_at")
"""Moments of the plan stay what they are."""


def moment(operation: Row, at: datetime) -> datetime:
    if not operation["exercise"]:
        return at
    return rules.exercise_time(operation["plays_from"], operation["started_at"], operation["pace"], at)


def on_its_clock(operation: Row, *tables: Iterable[Row]) -> None:
    """Changes the rows of an exercise in place; those of a real operation never."""
    if not operation["exercise"]:
        return
    for rows in tables:
        for row in rows:
            for name, value in row.items():
                if isinstance(value, datetime) and name not in OWN:
                    row[name] = moment(operation, value)


def began(operation: Row) -> Row:
    """The operation as its board shows it."""
    if not operation["exercise"]:
        return operation
    return operation | {"planned_for": operation["plays_from"], "started_at": operation["plays_from"]}
