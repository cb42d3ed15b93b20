"""What victims hear of a suspect, and within which time: Code of Practice for Victims of Crime, Right 6."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import policy
from wilberforce.custody.models import Heard, News, Telling
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.models import Standing
from wilberforce.operations.policy import CLASSIFIED, FOUND, lead_force
from wilberforce.operations.rules import Moment
from wilberforce.survivors.rules import VICTIM_UPDATE

NEWS, UPDATE = "victim_news", "victim-update"
HEARD = (Heard.TOLD, Heard.NOT_NOW, Heard.NOBODY)
WITH_WORDS = (Heard.NOT_REACHED, Heard.WAITS)
LONGEST = 500


def victims_hear(actor: Actor, case: Mapping[str, Any], kind: str, at: datetime, until: datetime | None = None) -> News:
    """Every victim here has enhanced rights: they are victims of the most serious crime, and intimidated.

    ``until``: when bail ends, so that one extension is told from the next."""
    arrest = policy.ARRESTS.one(actor, case["arrest_id"], projection="arrest")
    news = News(
        controller_id=actor.home, operation_id=case["operation_id"], arrested_by=case["arrested_by"],
        arrest_id=case["arrest_id"], reference=arrest["reference"], kind=kind, at=at, until=until,
    )  # fmt: skip
    policy.NEWS.add(actor, news, projection=NEWS)
    due = reckon(VICTIM_UPDATE, at, bank_holidays()).due_at
    lead = lead_force(case["operation_id"]) or actor.home
    deadlines.file(actor, news.pk, rule=UPDATE, due_at=due, role="investigator", agency_id=lead)
    return news


def tell(actor: Actor, news_id: UUID, **said: Any) -> None:
    news = policy.NEWS.one(actor, news_id, projection=NEWS)
    told(actor, news["operation_id"], news=news, **said)


@action("suspect", "W", about={"operation": "operation_id"}, projection=NEWS)
def told(
    actor: Actor,
    operation_id: UUID,
    *,
    news: Row,
    answer: str,
    at: datetime,
    people: Sequence[UUID] = (),
    words: str = "",
) -> None:
    """Met once everybody who may be a victim was told, or said that they do not want to hear."""
    victims = victims_of(actor, [operation_id]).get(operation_id, {})
    _makes_sense(known(answer, Heard.values, "answer"), people, victims, words)
    in_order(Moment("event", news["at"]), Moment("telling", at))
    asked: Sequence[UUID | None] = people or [None]
    for person in asked:
        line = Telling(
            controller_id=actor.home, operation_id=operation_id, news_id=news["id"], found_id=person, answer=answer,
            person="" if person is None else victims[person], at=at, by=actor.me, words=words.strip(),
        )  # fmt: skip
        policy.TELLINGS.add(actor, line, projection=NEWS)
    if everybody_heard(tellings(actor, [news["id"]]), victims):
        deadlines.meet(actor, news["id"], UPDATE, at)


def _makes_sense(answer: str, people: Sequence[UUID], victims: Mapping[UUID, str], words: str) -> None:
    if answer == Heard.NOBODY and victims:
        raise RuleBroken("People were found who may be victims. Choose whom you told.", field="answer")
    if answer != Heard.NOBODY and not people:
        raise RuleBroken("Choose at least one person.", field="people")
    if not set(people) <= set(victims):
        raise RuleBroken("Choose from the people of this operation who may be victims.", field="people")
    if answer in WITH_WORDS and not words.strip():
        raise RuleBroken("Write why, and when it is tried again.", field="words")


def victims_of(actor: Actor, operations: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Operation -> everybody found there whom nobody looks upon as a suspect alone, by reference."""
    here = Q(operation_id__in=list(operations))
    history = CLASSIFIED.many(actor, here, order_by=("at", "id"), limit=LONGEST)
    standing = {row["found_id"]: row["standing"] for row in history}
    victims: dict[UUID, dict[UUID, str]] = {}
    for row in FOUND.many(actor, here, order_by=("found_at", "id"), limit=LONGEST):
        if standing.get(row["id"]) not in (Standing.SUSPECT, Standing.WITNESS):
            victims.setdefault(row["operation_id"], {})[row["id"]] = row["reference"]
    return victims


def tellings(actor: Actor, news: Sequence[UUID]) -> list[Row]:
    about = Q(news_id__in=list(news))
    return policy.TELLINGS.many(actor, about, projection=NEWS, order_by=("at", "id"), limit=LONGEST)


def left_to_tell(lines: Sequence[Row], victims: Mapping[UUID, str]) -> dict[UUID, str]:
    """Of one piece of news."""
    heard = {line["found_id"] for line in lines if line["answer"] in HEARD}
    return {key: name for key, name in victims.items() if key not in heard}


def everybody_heard(lines: Sequence[Row], victims: Mapping[UUID, str]) -> bool:
    return any(line["answer"] in HEARD for line in lines) and not left_to_tell(lines, victims)
