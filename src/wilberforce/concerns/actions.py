"""What can happen to a report: somebody tells us, an officer takes it, reads it, answers and judges it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Agency, Area
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.hands import Recipient, opened_with
from wilberforce.base.ids import new_id
from wilberforce.base.once import once
from wilberforce.base.sealed import THE_WRITER, the_house
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import action

from . import proofs, rules
from .lists import INDICATORS, LANGUAGES
from .models import Channel, Claim, Identity, Message, Report, Source, YesNo
from .policy import FORMER_REPORTS, MESSAGES, REPORTS, SOURCES

FLOODED = (
    "So many reports are arriving that this page can't take yours just now. Call 101, or 999 if somebody is in danger, "
    "or try again in an hour."
)


@dataclass(frozen=True)
class Told:
    """What somebody says they saw. ``area`` decides which force it goes to, and is the first word of where it is."""

    body: str
    where: str = ""
    when_seen: str = ""
    area: Area | None = None
    language: str = "en"
    danger_now: str = YesNo.NOT_SURE
    child: str = YesNo.NOT_SURE
    identity_choice: str = Identity.ANONYMOUS
    indicators: Iterable[str] = ()


@action("report_raw", "W")
def report(
    actor: Actor, /, *, contact: str = "", safe_times: str = "", token: UUID | None = None, **told: Any
) -> tuple[Report, str]:
    """A member of the public. The code is told once and kept only as a hash; the contact goes to another table."""
    said = Told(**told)
    code = proofs.code_for(token, said.body)
    _contact_fits(Identity(said.identity_choice), contact)
    if _flooded():
        raise RuleBroken(FLOODED)
    received = _received(said, Channel.WEB, _force_of(said.area))
    received.receipt_hash = proofs.receipt_hash(code)
    received.writer_key = bytes.fromhex(proofs.writer_key(code).public)
    received.marks_key = proofs.new_marks_key()
    received.contact_marks = proofs.contact_marks(contact, received.marks_key)
    _kept(actor, received)
    if contact:
        who = Source(
            controller_id=received.controller_id, report_id=received.pk, contact=contact, safe_times=safe_times
        )
        SOURCES.add(actor, who)
    return received, code


@action("report_raw", "W")
def take_report(actor: Actor, /, **told: Any) -> Report:
    """An officer who heard something. They can't read it back: the desk does."""
    said = Told(**told)
    force = _force_of(said.area) if said.area or actor.agency is None else actor.agency
    return _kept(actor, _received(said, Channel.OFFICER, force))


def _kept(actor: Actor, received: Report) -> Report:
    due = received.received_at + rules.READ_WITHIN[rules.Priority(received.priority)]
    deadlines.file(
        actor, received.pk, rule="triage", due_at=due, role="report_desk", agency_id=UUID(str(received.controller_id))
    )
    return REPORTS.add(actor, received)


def _contact_fits(choice: Identity, contact: str) -> None:
    if contact and not rules.may_ask_for_contact(rules.Identity(choice)):
        raise RuleBroken(
            "You chose that nobody may know who you are. Take out your contact, or choose another answer.",
            field="contact",
        )


def _flooded() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT concerns_flooded()")
        row = cursor.fetchone()
    return bool(row and row[0])


def _force_of(area: Area | None) -> UUID:
    """The force that polices the place; where none is named, the first that was founded here."""
    today = clock.in_london(clock.now()).date()
    force = area.police if area else Agency.objects.filter(kind="police").order_by("id").first()
    acting = force.acting_on(today) if force else None
    if acting is None:
        raise RuleBroken("No police force answers for this place here. Call 101, or 999 in an emergency.", field="area")
    return acting.pk


def _received(said: Told, channel: Channel, force: UUID) -> Report:
    if not said.body.strip():
        raise RuleBroken("Write what you have seen or heard.", field="body")
    seen = sorted(set(said.indicators))
    if unknown := [code for code in (*seen, said.language) if code not in INDICATORS and code not in LANGUAGES]:
        raise RuleBroken(f"{unknown[0]} is not on the list. Choose from the list.")
    youngest = {"yes": rules.AgeClass.CHILD, "no": rules.AgeClass.ADULT}.get(said.child, rules.AgeClass.NOT_SURE)
    danger, unsure = said.danger_now == YesNo.YES, said.danger_now == YesNo.NOT_SURE
    urgency = rules.priority(rules.Told(danger, youngest, frozenset(seen), moving_soon=unsure))
    return Report(
        controller_id=force,
        channel=channel,
        language=said.language,
        danger_now=said.danger_now,
        child=said.child,
        identity_choice=said.identity_choice,
        indicators=seen,
        body=said.body,
        where=", ".join(filter(None, (said.area.place if said.area else "", said.where))),
        when_seen=said.when_seen,
        priority=urgency,
    )


# The writer comes back


def thread(actor: Actor, code: str) -> tuple[Row, list[Row]] | None:
    """None whether the code is wrong or the report is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('wb.receipt', %s, true)", [proofs.receipt_hash(code).hex()])
    key = proofs.writer_key(code)
    with opened_with(lambda letterbox: key if letterbox == THE_WRITER else None):
        found = REPORTS.many(actor, projection="own_thread", limit=1)
        said = MESSAGES.many(actor, projection="own_thread", order_by=("at", "id"), limit=200)
    return (found[0], said) if found else None


@action("report_raw", "W")
def say_more(actor: Actor, code: str, text: str, *, token: UUID | None = None) -> None:
    """The same form, sent twice by a double click, says it once."""
    found = thread(actor, code)
    if found is None:
        raise NotAllowed(rule="receipt", reason="default")
    own, said = found
    if not any(one["id"] == token for one in said):
        _said(actor, Message(pk=token or new_id(), report_id=own["id"], body=text, from_desk=False), own)
        _waits_again(actor, own)


def _waits_again(actor: Actor, own: Row) -> None:
    """For the desk, whatever was judged before. The writer may not know how urgent it is, so it is taken to be."""
    force = own["controller_id"]
    due = clock.now() + rules.READ_WITHIN[rules.Priority.CHILD]
    deadlines.cancel(actor, own["id"], rules.ADDED, agency_id=force)
    deadlines.file(actor, own["id"], rule=rules.ADDED, due_at=due, role="report_desk", agency_id=force)


def _said(actor: Actor, message: Message, kept: Row) -> Message:
    if not str(message.body).strip():
        raise RuleBroken("Write something before you send it.", field="text")
    message.controller_id = kept["controller_id"]
    message.also_for = (_writer(kept["writer_key"]),)
    return MESSAGES.add(actor, message)


def _writer(key: bytes | memoryview | None) -> Recipient:
    """A thread whose code made no key yet is read through the house's, as it was before."""
    return Recipient(THE_WRITER, bytes(key).hex()) if key else the_house("report_raw")


# The desk


@action("report_raw", "R", about={"report": "report_id"}, projection="queue")
def claim(actor: Actor, report_id: UUID) -> Claim:
    """One officer opens one report, by name."""
    REPORTS.one(actor, report_id, projection="queue")
    held = _live_claims(actor).first()
    if held and held.record_id != report_id:
        raise RuleBroken("You are still reading another report. Judge it or put it back first.")
    return held or _claimed(Claim(record_id=report_id, membership_id=str(actor.membership)))


def _live_claims(actor: Actor) -> QuerySet[Claim]:
    return Claim.objects.filter(membership_id=str(actor.membership), released_at=None)


def _claimed(new: Claim) -> Claim:
    with once("claim_one_", "A colleague has just taken this report. Take the next one."):
        new.save(force_insert=True)
    return new


@action("report_raw", "R", about={"report": "report_id"}, projection="queue")
def release_claim(actor: Actor, report_id: UUID) -> None:
    _released(actor, report_id)


def _released(actor: Actor, report_id: UUID) -> None:
    """What the writer added since the report was taken may not have been on the page: it stays due."""
    for held in _live_claims(actor).filter(record_id=report_id):
        deadlines.meet(actor, report_id, rules.ADDED, filed_by=held.at)
        held.released_at = clock.now()
        held.save(update_fields=["released_at"])


@action("report_raw", "W", about={"report": "report_id"})
def reply(actor: Actor, report_id: UUID, text: str) -> Message:
    """The writer sees it when they come back with their code."""
    kept = REPORTS.one(actor, report_id)
    if kept["receipt_hash"] is None:
        raise RuleBroken("An officer brought this report: speak to them.", field="text")
    return _said(actor, Message(report_id=report_id, body=text, from_desk=True), kept)


@action("report_raw", "W", about={"report": "report_id"})
def triage(actor: Actor, report_id: UUID, *, outcome: str, priority: int, version: int, why: str = "") -> Report:
    """Judged and put back: whoever needs it again claims it again. ``why``: of what is judged anew."""
    if outcome not in Report.Outcome.values:
        raise RuleBroken("Choose what happens with this report.", field="outcome")
    if priority == rules.Priority.DANGER_NOW and outcome == Report.Outcome.NOTHING:
        raise RuleBroken("Somebody is in danger now: that is never nothing to act on.", field="outcome")
    judged = {
        "outcome": outcome,
        "priority": rules.Priority(priority),
        "state": Report.State.TRIAGED,
        "triaged_at": clock.now(),
    }
    before = REPORTS.one(actor, report_id)
    if before["outcome"]:
        told = reason(why) if before["version"] == version else why
        kept = corrected(actor, REPORTS, FORMER_REPORTS, report_id, judged, version=version, why=told)
    else:
        kept = REPORTS.change(actor, report_id, judged, version=version)
    deadlines.meet(actor, report_id, "triage")
    _released(actor, report_id)
    return kept


@action("report_raw", "W", about={"report": "report_id"})
def close_report(actor: Actor, report_id: UUID, *, version: int) -> Report:
    """Nothing more is expected of it; from now runs the time until it is erased."""
    kept = REPORTS.one(actor, report_id)
    if kept["state"] != Report.State.TRIAGED:
        raise RuleBroken("Judge it first. A report that nobody judged is never closed.")
    closed = REPORTS.change(actor, report_id, {"state": Report.State.CLOSED}, version=version)
    _released(actor, report_id)
    return closed
