"""The areas: which force and which council answer for a place. Two agencies agree before one counts.

Where an area points decides who gets a report from the public and who has the duty to refer, so that no agency writes
another's name beside a place without its yes.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken

from . import policy
from .models import Agency, Area, AreaAsked, Membership

COUNCILS = ("city", "county")
KINDS = ("police", *COUNCILS)
"""Who an area names, and so whose guardians may ask for one."""
PLACE, REASON = 120, 300
OVERTAKEN = "The areas have changed since this was asked. Say no to it, and ask again."


def choices(*kinds: str) -> list[tuple[str, str]]:
    """The agencies of these kinds that act today."""
    today = clock.in_london(clock.now()).date()
    acting = Agency.objects.filter(Q(ends=None) | Q(ends__gt=today), kind__in=kinds, starts__lte=today)
    return [(str(pk), name) for pk, name in acting.order_by("name").values_list("pk", "name")]


def asked_of(agency: UUID) -> QuerySet[AreaAsked]:
    """What waits for an answer and names this agency, the oldest first."""
    waiting = AreaAsked.objects.filter(Q(police=agency) | Q(council=agency), answered_at=None)
    return waiting.select_related("area", "police", "council", "asked_by__user", "asked_by__agency").order_by(
        "asked_at"
    )


def ask(actor: Actor, *, place: str, police: UUID, council: UUID, why: str, area: Area | None = None) -> AreaAsked:
    """For a new area, or for a correction of ``area``. Raises RuleBroken."""
    tidy = " ".join(place.split())
    if not tidy or len(tidy) > PLACE:
        raise RuleBroken(f"Enter the place, {PLACE} characters or fewer.", field="place")
    same = Area.objects.live().filter(place__iexact=tidy).first()
    if same and same != area:
        raise RuleBroken("There is an area of that name. Correct that one instead.", field="place")
    if area and (tidy, police, council) == (area.place, area.police_id, area.council_id):
        raise RuleBroken("Nothing is changed. Change what is wrong, or go back.", field="place")
    return _asked(
        actor, AreaAsked(area=area, place=tidy, police=_of(police, "police"), council=_of(council, "council"), why=why)
    )


def ask_to_end(actor: Actor, area: Area, *, why: str) -> AreaAsked:
    return _asked(
        actor,
        AreaAsked(area=area, ends=True, place=area.place, police=area.police, council=area.council, why=why),
    )


def _of(pk: UUID, what: str) -> Agency:
    kinds = COUNCILS if what == "council" else ("police",)
    found = Agency.objects.filter(pk=pk, kind__in=kinds).first()
    if found is None or found.acting_on(clock.in_london(clock.now()).date()) != found:
        raise RuleBroken("Choose one from the list.", field=what)
    return found


def _asked(actor: Actor, asked: AreaAsked) -> AreaAsked:
    me = policy.acting_guardian(actor, actor.home)
    if actor.home not in _named(asked):
        raise RuleBroken("An area is asked for by an agency that it names. Choose your own as one of the two.")
    asked.why = asked.why.strip()
    if not asked.why or len(asked.why) > REASON:
        raise RuleBroken(f"Say why, {REASON} characters or fewer.", field="why")
    if asked.area and asked.area.ended_at:
        raise RuleBroken("This area has ended. Make a new one.")
    if asked.area and AreaAsked.objects.filter(area=asked.area, answered_at=None).exists():
        raise RuleBroken("Somebody has asked about this area already. Wait for the answer.")
    asked.asked_by = me
    asked.save(force_insert=True)
    policy.told(actor, asked.pk)
    return asked


def _named(asked: AreaAsked) -> set[UUID]:
    return {asked.police_id, asked.council_id}


def may_answer(asked: AreaAsked, me: Membership) -> bool:
    return me.agency_id in _named(asked) - {asked.asked_by.agency_id} and me.user_id != asked.asked_by.user_id


@transaction.atomic
def answer(actor: Actor, asked_id: UUID, yes: bool) -> AreaAsked:
    """By a guardian of the agency that did not ask. Raises NotAllowed for everybody else."""
    me = policy.acting_guardian(actor, actor.home)
    open_ones = AreaAsked.objects.select_for_update(of=("self",)).select_related("asked_by", "area")
    asked = open_ones.filter(pk=asked_id, answered_at=None).first()
    if asked is None or not may_answer(asked, me):
        raise NotAllowed(rule="guardian", reason="default")
    asked.answered_by, asked.answered_at, asked.yes = me, clock.now(), yes
    asked.save(update_fields=["answered_by", "answered_at", "yes"])
    if yes:
        _settle(asked)
    policy.told(actor, asked.pk)
    return asked


def _settle(asked: AreaAsked) -> None:
    """Raises Conflict where another area has taken the name, or this one has ended, meanwhile."""
    live = Area.objects.live()
    if asked.area and not live.filter(pk=asked.area.pk).update(ended_at=clock.now()):
        raise Conflict(OVERTAKEN)
    if asked.ends:
        return
    if live.filter(place__iexact=asked.place).exists():
        raise Conflict(OVERTAKEN)
    Area.objects.create(place=asked.place, police=asked.police, council=asked.council, replaces=asked.area)


def story_of(area: Area) -> list[dict[str, object]]:
    """The timeline of a place, the newest first: what was asked and answered, and what it said before."""
    line = [area]
    while line[-1].replaces:
        line.append(line[-1].replaces)
    about = Q(area__in=line) | Q(area=None, place__iexact=line[-1].place, yes=True)
    asked = AreaAsked.objects.filter(about).select_related(
        "police", "council", "asked_by__agency", "answered_by__agency", "area__police", "area__council"
    )
    entries: list[dict[str, object]] = []
    for one in asked:
        entries.append(
            {"at": one.asked_at, "title": f"Asked: {one.said}", "by": one.asked_by.agency, "text": _text(one)}
        )
        if one.answered_at and one.answered_by:
            title = "Agreed" if one.yes else "Said no"
            entries.append({"at": one.answered_at, "title": title, "by": one.answered_by.agency, "text": ""})
    if not any(one.area_id is None for one in asked):
        entries.append({"at": line[-1].begins_at, "title": "Made with the system", "by": "", "text": ""})
    return sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)


def _text(asked: AreaAsked) -> str:
    lines = [f"Why: {asked.why}"]
    if asked.ends:
        return lines[0]
    before = asked.area
    for label, name in (("Place", "place"), ("Police", "police"), ("Council", "council")):
        now = getattr(asked, name)
        if before is None:
            lines.append(f"{label}: {now}")
        elif getattr(before, name) != now:
            lines.append(f"{label} was {getattr(before, name)}, now {now}")
    return "\n".join(lines)
