"""Two answers to one question: shown with who gave each and when, until a person chooses one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age
from wilberforce.ledger.doors import action
from wilberforce.reception.models import CentreEvent, PersonEvent, Standing, Where
from wilberforce.survivors.lists import NEEDS

from . import policy, roster

PERSON = {"person": "person_id"}
MOST = 50


@dataclass(frozen=True, slots=True)
class Clash:
    field: str
    question: str
    answers: list[dict[str, Any]]

    @property
    def seen(self) -> str:
        """Every answer that the page shows: what comes later is not answered by a choice among these."""
        return " ".join(one["event"] for one in self.answers)


def of_person(actor: Actor, person_id: UUID) -> list[Clash]:
    clashing = list(Standing.objects.filter(person_id=person_id, clash=True).order_by("field"))
    shown = roster.clashes(actor, clashing).get(person_id, {})
    return [Clash(name, question(name), [_shown(name, one) for one in answers]) for name, answers in shown.items()]


def _shown(name: str, one: dict[str, str]) -> dict[str, Any]:
    return one | {"words": in_words(name, one["value"]), "when": datetime.fromisoformat(one["at"])}


def question(field: str) -> str:
    code = field.removeprefix("need:")
    if code in NEEDS:
        return f"Do they need this: {NEEDS[code].label}?"
    asked = {"age": "Adult or child?", "where": "Where are they?", "language": "Which language?"}
    return asked.get(field, field)


def in_words(field: str, value: str) -> str:
    if field == "age":
        return str(Age(value).label)
    if field == "where":
        return str(Where(value).label)
    codes = value.split("+") if value else []
    return ", ".join(LANGUAGES[code].label if code in LANGUAGES else code for code in codes) or "None"


@action("person_ref", "W", about=PERSON)
def choose(actor: Actor, person_id: UUID, *, event: UUID, seen: list[UUID]) -> PersonEvent | CentreEvent:
    """What was chosen becomes an event that answers to everything that was seen; nothing is taken away."""
    table: Any
    for table in (policy.PERSON_EVENTS, policy.CENTRE_EVENTS):
        found = table.many(actor, Q(pk=event, person_id=person_id), limit=1)
        if found:
            break
    standing = Standing.objects.filter(person_id=person_id, clash=True, events__contains=[event]).order_by("field")
    if not found or not standing:
        raise RuleBroken("Somebody has chosen since you opened this page. Look again.")
    fields = {one.field for one in standing if set(one.events) & set(seen) - {event}}
    says = [say for say in found[0]["says"] if say.split("=")[0] in fields]
    if not says:
        raise RuleBroken("Choose one of the answers.")
    chosen: PersonEvent | CentreEvent = table.add(actor, _event(actor, table.model, found[0], says, seen))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_project(%s, %s)", [chosen.centre_id, [person_id]])
    return chosen


def _event(actor: Actor, model: type[Any], chosen: dict[str, Any], says: list[str], seen: list[UUID]) -> Any:
    now = clock.now()
    same = {name: chosen[name] for name in ("controller_id", "centre_id", "person_id")}
    more = {"reference": chosen["reference"]} if model is PersonEvent else {}
    hlc = f"{round(now.timestamp() * 1000):012x}-0000-office"
    return model(
        id=new_id(), kind="chosen", says=says, base=seen, at=now, claimed_at=now, hlc=hlc, by=actor.me,
        taken_in_by=actor.me, **same, **more,
    )  # fmt: skip
