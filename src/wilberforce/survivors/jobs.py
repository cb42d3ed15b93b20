"""After the answer: is somebody whose name an agency holds known to another? The managers of both are told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import as_system

from . import sameness
from .rules import SAME_PERSON, SAME_PERSON_RULE


@app.task(queue="watch")
def look(asked: str) -> int:
    with as_system("platform_ops") as actor:
        found = sameness.found(UUID(asked))
        due_at = reckon((SAME_PERSON,), clock.now(), bank_holidays(), "found").due_at
        for likeness, agency, kind in found:
            role = sameness.MANAGERS.get(kind, "data_guardian")
            deadlines.file(actor, likeness, rule=SAME_PERSON_RULE, due_at=due_at, role=role, agency_id=agency)
    return len(found)


def look_later(actor: Actor, told: Mapping[str, Any]) -> None:
    look.defer(asked=str(told["result"]))
