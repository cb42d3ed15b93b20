"""In an emergency: one person's record opens at once for four hours; both agencies are alarmed and review it.

A safe address opens to police only with a reference for the threat to life and a yes of the agency that holds it, or,
where that agency leaves the call unanswered for two minutes, of an officer of another command.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.utils import ProgrammingError

from wilberforce.access import asking
from wilberforce.access.context import Actor, Note
from wilberforce.agencies.policy import seats_of
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import reckon

from . import policy, rules
from .models import Emergency, EmergencyAlarm

LEDGER = "emergency"
REVIEW = "emergency-review"
ON_CALL = ("reception_manager", "safeguarding_lead", "emergency_duty")
SECONDS = ("op_commander", "review_officer")


def rules_of(actor: Actor) -> list[str]:
    """The matrix's rules for emergencies that this actor could use at this address."""
    held = {grant.split("/")[0] for grant in actor.grants}
    return [rule.id for rule in asking.matrix().rules if "break_glass" in rule.when and rule.id in held]


def needs_threat(actor: Actor) -> bool:
    """Whether all that this actor could open asks for the force's reference."""
    mine = rules_of(actor)
    return all("threat_to_life" in rule.when for rule in asking.matrix().rules if rule.id in mine)


def break_glass(actor: Actor, *, reference: str, reason: str, threat_reference: str = "") -> Emergency:
    """The answer is the same whether or not anybody is known by this reference."""
    if not rules_of(actor):
        raise NotAllowed(rule="emergency", reason="cell")
    if needs_threat(actor) and not threat_reference.strip():
        raise RuleBroken("Give the force's reference for the threat to life.", field="threat_reference")
    _not_suspended(actor)
    now = clock.now()
    made = Emergency(
        reference="".join(reference.split()).upper()[:20], membership_id=actor.me, agency_id=actor.home,
        purpose=actor.purpose, reason=reason, threat_reference=threat_reference.strip().upper()[:30],
        opened_at=now, expires_at=now + rules.GLASS.value,
    )  # fmt: skip
    made.save(force_insert=True)
    made.refresh_from_db()
    _alarm(actor, made)
    _note(actor, made, "alteration", "break glass")
    return made


def _not_suspended(actor: Actor) -> None:
    now = clock.now()
    waiting = Emergency.objects.filter(membership_id=actor.me, own_review_at=None).order_by("opened_at").first()
    if waiting and rules.suspends(waiting.opened_at, None, now):
        raise RuleBroken("You opened a record that nobody reviewed within three days. Ask your data guardian first.")


def _alarm(actor: Actor, made: Emergency) -> None:
    due = reckon((rules.REVIEWED,), made.opened_at, trigger="opened").due_at
    for agency_id in {made.agency_id, made.holder_id}:
        deadlines.file(actor, made.pk, rule=REVIEW, due_at=due, role="data_guardian", agency_id=agency_id)


def answer_call(actor: Actor, emergency_id: UUID, *, said: str) -> Emergency:
    """Somebody on call in the agency that holds the record."""
    found = _locked(actor, emergency_id, Q(holder_id=actor.home) & ~Q(agency_id=actor.home) & _of_another(actor))
    if actor.role not in ON_CALL:
        raise NotAllowed(rule="emergency", reason="cell")
    if found.peer_at:
        raise RuleBroken("Somebody of your agency answered this call already.")
    found.peer_by, found.peer_said, found.peer_at = actor.me, said, clock.now()
    return _kept(actor, found, "peer_by", "peer_said", "peer_at")


def agree_as_second(actor: Actor, emergency_id: UUID) -> Emergency:
    """An officer of another command, once the call has been left unanswered for two minutes."""
    if actor.kind != "police" or actor.role not in SECONDS:
        raise NotAllowed(rule="emergency", reason="cell")
    found = _locked(actor, emergency_id, ~Q(threat_reference="") & _of_another(actor))
    if found.second_at:
        raise RuleBroken("Another officer agreed already.")
    if policy.same_command(found.membership_id):
        raise RuleBroken("You work in the same operation as whoever asks. An officer of another command has to agree.")
    now = clock.now()
    if not rules.second_may_agree(found.opened_at, found.peer_at, now):
        raise RuleBroken("Wait for the other agency: it has two minutes to answer, and its answer counts.")
    found.second_by, found.second_at = actor.me, now
    return _kept(actor, found, "second_by", "second_at")


def review(actor: Actor, emergency_id: UUID, *, verdict: str) -> Emergency:
    """Each agency's guardian for their own agency; never whoever opened it."""
    if actor.role != "data_guardian":
        raise NotAllowed(rule="guardian", reason="cell")
    found = _locked(actor, emergency_id, _of_another(actor))
    side = "own_review" if found.agency_id == actor.home else "holder_review"
    if not found.unreviewed(actor.home):
        raise RuleBroken("Your agency has reviewed this already.")
    if {found.own_review_by, found.holder_review_by} & set(seats_of(actor)):
        raise RuleBroken("You reviewed this for your other agency. Another guardian has to.")
    for name, value in ((f"{side}_by", actor.me), (side, verdict), (f"{side}_at", clock.now())):
        setattr(found, name, value)
    deadlines.meet(actor, found.pk, REVIEW)
    return _kept(actor, found, f"{side}_by", side, f"{side}_at")


def alarms(actor: Actor) -> list[dict[str, Any]]:
    """To a worker: who of which agency opened the record of somebody they work with, when and why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, reference, opened_at, reason, agency, role, seen_at, said FROM sharing_alarms()")
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    actor.note(Note("consultation", LEDGER, "R", "", "alarm", tuple(row["id"] for row in rows)))
    return rows


def seen(actor: Actor, alarm_id: UUID, *, said: str) -> None:
    fresh = {"seen_at": clock.now(), "said": said}
    if not EmergencyAlarm.objects.filter(pk=alarm_id, membership_id=actor.me, seen_at=None).update(**fresh):
        raise NotAllowed(rule="emergency", reason="row")
    actor.note(Note("alteration", LEDGER, "W", "", "alarm seen", (alarm_id,)))


def mine(actor: Actor) -> list[Emergency]:
    """Those that the actor opened in this workspace and that are still open."""
    live = Emergency.objects.filter(membership_id=actor.me, purpose=actor.purpose, expires_at__gt=clock.now())
    return list(live.order_by("-opened_at")[:10])


def own(actor: Actor, emergency_id: UUID) -> Emergency:
    found = next((one for one in mine(actor) if one.pk == emergency_id), None)
    if found is None:
        raise NotAllowed(rule="emergency", reason="row")
    return found


def calls(actor: Actor) -> list[Emergency]:
    """What rings in the actor's agency, or waits for a second officer."""
    live = Emergency.objects.filter(_of_another(actor), expires_at__gt=clock.now(), peer_at=None)
    live = live.exclude(threat_reference="").order_by("opened_at")
    if actor.role in ON_CALL:
        return list(live.filter(holder_id=actor.home).exclude(agency_id=actor.home)[:10])
    if actor.kind == "police" and actor.role in SECONDS:
        return list(live.filter(second_at=None)[:10])
    return []


def for_guardian(actor: Actor) -> list[Emergency]:
    """The latest of the guardian's agency, on either side."""
    if actor.role != "data_guardian":
        return []
    sides = Q(agency_id=actor.home) | Q(holder_id=actor.home)
    return list(Emergency.objects.filter(sides).order_by("-opened_at")[:50])


def _of_another(actor: Actor) -> Q:
    return ~Q(membership_id__in=seats_of(actor))


def _locked(actor: Actor, emergency_id: UUID, where: Q) -> Emergency:
    found = Emergency.objects.select_for_update().filter(where, pk=emergency_id).first()
    if found is None:
        raise NotAllowed(rule="emergency", reason="row")
    return found


def _kept(actor: Actor, found: Emergency, *fields: str) -> Emergency:
    try:
        found.save(update_fields=fields)
    except ProgrammingError as refused:
        raise NotAllowed(rule="emergency", reason="row") from refused
    _note(actor, found, "approval", fields[0])
    return found


def _note(actor: Actor, one: Emergency, op: str, rule: str) -> None:
    recipient = one.holder_id if one.holder_id != one.agency_id else None
    actor.note(Note(op, LEDGER, "W", "", rule, (one.subject_id, one.pk), recipient=recipient))
