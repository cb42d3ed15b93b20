"""What somebody says of their needs and risks, in any order and as much as they want. What the shift must know of a
clinician's answer becomes a care flag, and what has its time a reminder."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines.rules import reckon
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy, rules
from wilberforce.reception.care import Ending
from wilberforce.survivors import actions as survivors

from . import sense
from .health import answer_changed, remind

PERSON = {"person": "person_id"}
Said = Mapping[str, Any]
TABLES: dict[str, tuple[Any, Any, str]] = {
    "shift": (policy.PRACTICAL, policy.FORMER_PRACTICAL, "given"),
    "worker": (policy.STORIES, policy.FORMER_STORIES, ""),
    "clinician": (policy.SCREENINGS, policy.FORMER_SCREENINGS, ""),
}
SOON_FOR = {"stay-near": rules.STAY_NEAR, "midwife": rules.MIDWIFE}


@action("support", "W", about=PERSON, projection="given")
def note_practical(
    actor: Actor, person_id: UUID, group: str, said: Said, *, version: int | None = None, why: str = ""
) -> Any:
    return _kept(actor, person_id, _group(group, "shift"), said, version, why)


@action("support", "W", about=PERSON)
def note_story(
    actor: Actor, person_id: UUID, group: str, said: Said, *, version: int | None = None, why: str = ""
) -> Any:
    return _kept(actor, person_id, _group(group, "worker"), said, version, why)


@action("health", "W", about=PERSON)
def note_screening(
    actor: Actor, person_id: UUID, group: str, said: Said, *, version: int | None = None, why: str = ""
) -> Any:
    before = known(actor, person_id, _group(group, "clinician"))
    kept = _kept(actor, person_id, _group(group, "clinician"), said, version, why)
    was, now = json.loads(before["answers"]) if before else {}, _tidy(group, said)
    _no_old_times(actor, person_id, was, now)
    _tell_the_shift(actor, person_id, was, now)
    return kept


def _group(code: str, seen: str) -> lists.Group:
    group = lists.GROUPS[sense.known(code, lists.GROUPS, "group")]
    if group.seen != seen:
        raise RuleBroken("Choose one of the list.", field="group")
    return group


def known(actor: Actor, person_id: UUID, group: lists.Group) -> dict[str, Any] | None:
    """What this agency knows of a group, or nothing yet."""
    table, _, projection = TABLES[group.seen]
    mine = Q(person_id=person_id, controller_id=actor.home, group=group.code)
    found: list[dict[str, Any]] = table.many(actor, mine, projection=projection, limit=1)
    return found[0] if found else None


def _kept(actor: Actor, person_id: UUID, group: lists.Group, said: Said, version: int | None, why: str) -> Any:
    stay, before = sense.presence_of(actor, person_id), known(actor, person_id, group)
    table, former, projection = TABLES[group.seen]
    answers = json.dumps(_tidy(group.code, said), cls=DjangoJSONEncoder, ensure_ascii=False)
    if before:
        changes = {"answers": answers, "at": clock.now(), "by": actor.me}
        return corrected(actor, table, former, before["id"], changes, version=version, why=why, projection=projection)
    whose = {name: stay[name] for name in ("controller_id", "centre_id", "person_id")}
    fresh = table.model(group=group.code, answers=answers, at=clock.now(), by=actor.me, **whose)
    return table.add(actor, fresh, projection=projection)


def _tidy(group: str, said: Said) -> dict[str, Any]:
    """Without what stayed empty. Raises RuleBroken for an answer that is not one of the question's."""
    asked = {one.code: one for one in lists.asked_in(group)}
    if not set(said) <= set(asked):
        raise RuleBroken("This question is not part of these.")
    kept = {code: value for code, value in said.items() if value not in ("", None, [])}
    for code, value in kept.items():
        for one in value if isinstance(value, list) else [value]:
            if asked[code].options and one not in asked[code].options:
                raise RuleBroken("Choose one of the list.", field=code)
    return kept


def _tell_the_shift(actor: Actor, person_id: UUID, before: Said, now: Said) -> None:
    """Only what was not said before: saving twice tells once."""
    for code, value in now.items():
        question = lists.ASKED[code]
        if _same(before.get(code), value):
            continue
        if question.tells:
            survivors.care_flag(actor, person_id, kind=question.tells, detail=value)
        if question.reminds and (due := _due(question.reminds, value)):
            remind(actor, person_id, kind=question.reminds, due_at=due, answer=code)


def _no_old_times(actor: Actor, person_id: UUID, before: Said, now: Said) -> None:
    """A time that is put right leaves no reminder at the wrong one. Who is watched over for a yes stays watched over:
    a clinician ends that."""
    for code in (code for code in before if lists.ASKED[code].kind == "due" and lists.ASKED[code].reminds):
        if code not in now:
            why = "The time was taken out of what they said."
            answer_changed(actor, person_id, answer=code, ended=Ending.NOT_NEEDED, why=why)
        elif not _same(before[code], now[code]):
            answer_changed(actor, person_id, answer=code, ended=Ending.CHANGED)


def _same(before: Any, now: Any) -> bool:
    return before == now or json.dumps(before) == json.dumps(now, cls=DjangoJSONEncoder)


def _due(kind: str, value: Any) -> datetime | None:
    """A time as it was set; a yes, or not being sure, within the time of the rule."""
    if isinstance(value, datetime):
        return value
    if value in ("yes", lists.NOT_SURE):
        return reckon(SOON_FOR[kind], clock.now(), trigger="asked").due_at
    return None
