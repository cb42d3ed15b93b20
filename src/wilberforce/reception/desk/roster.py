"""Who is here, for a tablet that somebody has unlocked: references, never names of the people."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Membership
from wilberforce.reception import board
from wilberforce.reception.models import Standing, Tablet

from . import policy

MOST = 1_000


def of_centre(actor: Actor, centre_id: UUID) -> list[dict[str, Any]]:
    """``heads`` names the events that a change of the field answers to; ``clash`` each value with who and when."""
    standings: dict[UUID, dict[str, list[str]]] = defaultdict(dict)
    clashing: list[Standing] = []
    for one in Standing.objects.filter(centre_id=centre_id):
        standings[one.person_id][one.field] = [str(event) for event in one.events]
        clashing += [one] if one.clash else []
    shown, people = clashes(actor, clashing), board.people_here(actor, centre_id)
    apart = board.kept_apart(actor, centre_id, {one.person_id: one.reference for one in people})
    return [
        {
            "id": str(here.person_id),
            "ref": here.reference,
            "age": here.age.value,
            "languages": here.languages,
            "where": here.where.value,
            "needs": here.needs,
            "apart": apart[here.person_id],
            "heads": standings[here.person_id],
            "clash": shown.get(here.person_id, {}),
        }
        for here in people
    ]


def clashes(actor: Actor, clashing: list[Standing]) -> dict[UUID, dict[str, list[dict[str, str]]]]:
    """For each person and field the values that clash, with who said each, when, and on which tablet."""
    if not clashing:
        return {}
    ids = [event for one in clashing for event in one.events]
    events = [
        *policy.PERSON_EVENTS.many(actor, Q(pk__in=ids), limit=MOST),
        *policy.CENTRE_EVENTS.many(actor, Q(pk__in=ids), limit=MOST),
    ]
    by_id = {event["id"]: event for event in events}
    names = _names(events)
    return {
        person: {
            one.field: [_said(by_id[event], one.field, names) for event in one.events if event in by_id]
            for one in clashing
            if one.person_id == person
        }
        for person in {one.person_id for one in clashing}
    }


def _said(event: dict[str, Any], field: str, names: dict[UUID | None, str]) -> dict[str, str]:
    value = next((say.split("=", 1)[1] for say in event["says"] if say.startswith(f"{field}=")), "")
    return {
        "event": str(event["id"]),
        "value": value,
        "by": names.get(event["by"], ""),
        "on": names.get(event["tablet_id"], ""),
        "at": event["at"].isoformat(),
    }


def _names(events: list[dict[str, Any]]) -> dict[UUID | None, str]:
    people = Membership.objects.filter(pk__in={event["by"] for event in events}).select_related("user")
    tablets = Tablet.objects.filter(pk__in={event["tablet_id"] for event in events if event["tablet_id"]})
    names: dict[UUID | None, str] = {one.pk: one.user.display_name for one in people}
    return names | {one.pk: one.label for one in tablets}
