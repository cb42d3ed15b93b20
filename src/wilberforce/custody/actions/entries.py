"""What else happens in a detention: rest and visits, further offences, the court, what they are taken to be.

Each is written once and never changed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.base.lawrule import NoRuleInForce
from wilberforce.concerns.models import YesNo
from wilberforce.custody import policy
from wilberforce.custody.clocks import KINDS, away, warrants
from wilberforce.custody.lists import OFFENCES, SIGNS, offences_on
from wilberforce.custody.models import Ending, Entry, EntryKind, Happened, Standing
from wilberforce.custody.rules import Authority, BailCase, bail_end, further_detention_may_be_issued
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.policy import last_met
from wilberforce.deadlines.rules import clock_time, legal_day
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.rules import Moment

from .court import standing as as_they_stand
from .detention import absences_of, detained
from .due import DETENTION, case_of, file_what_is_due, of_detention
from .updates import victims_hear

CARE = (
    EntryKind.REST, EntryKind.MEAL, EntryKind.ADULT, EntryKind.INTERPRETER, EntryKind.SOLICITOR, EntryKind.HEALTH,
    EntryKind.INTERVIEW, EntryKind.QUESTIONED,
)  # fmt: skip
COUNTED = (EntryKind.REST, EntryKind.QUESTIONED)
"""Their end matters to a clock, so it is never left open."""
VICTIM_SAID = {
    Standing.SUSPECT: YesNo.NO,
    Standing.BOTH: YesNo.YES,
    Standing.POSSIBLE_VICTIM: YesNo.YES,
    Standing.NOT_SURE: YesNo.NOT_SURE,
}


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def looked_after(
    actor: Actor, detention_id: UUID, *, kind: str, at: datetime, until: datetime | None = None, text: str = ""
) -> Entry:
    held = detained(actor, detention_id)
    known(kind, CARE, "kind")
    if until is None and kind in COUNTED:
        raise RuleBroken("Write it down once it is over, with its end: a clock counts it.", field="until")
    in_order(Moment("arrival", held["arrived_at"]), Moment("beginning", at))
    in_order(Moment("beginning", at), Moment("end", until), field="until")
    if kind == EntryKind.QUESTIONED:
        _inside_an_absence(actor, detention_id, at, until)
    return _kept(actor, held, kind, at, until=until, text=text)


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def further_offence(
    actor: Actor, detention_id: UUID, *, at: datetime, offences: Sequence[str], reason: str = ""
) -> Entry:
    """No new clock starts: PACE 1984 s.41(4)."""
    held = detained(actor, detention_id)
    in_order(Moment("arrival", held["arrived_at"]), Moment("arrest", at))
    if not offences:
        raise RuleBroken("Choose at least one offence.", field="offences")
    if not set(offences) <= {one.code for one in offences_on(legal_day(at))}:
        raise RuleBroken("Choose offences from the list of that day.", field="offences")
    return _kept(actor, held, EntryKind.FURTHER_OFFENCE, at, codes=list(dict.fromkeys(offences)), text=reason)


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def court_warrant(actor: Actor, detention_id: UUID, *, at: datetime, hours: int, reason: str) -> Entry:
    """Issued or extended by magistrates: it runs from its issue, never beyond 96 hours in all."""
    held = detained(actor, detention_id)
    in_order(Moment("arrival", held["arrived_at"]), Moment("issue", at))
    entries = entries_of(actor, detention_id)
    answer = further_detention_may_be_issued(
        at,
        hours,
        held["relevant_at"],
        indictable(actor, held, entries),
        held["extended_at"],
        warrants(entries),
        away(absences_of(actor, detention_id), entries),
    )
    if not answer:
        raise RuleBroken(answer.reason, field="at")
    if not reason.strip():
        raise RuleBroken("Write which court issued it, and why.", field="reason")
    return _kept(actor, held, EntryKind.COURT_WARRANT, at, hours=hours, text=reason)


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def screen(
    actor: Actor,
    detention_id: UUID,
    *,
    at: datetime,
    signs: Sequence[str] = (),
    standing: str,
    reason: str,
    version: int | None = None,
) -> Entry:
    """What was seen or said unasked, and what they are taken to be from now on. After the detention too."""
    held = policy.DETENTIONS.one(actor, detention_id, projection=DETENTION)
    known(standing, Standing.values, "standing")
    if not set(signs) <= set(SIGNS):
        raise RuleBroken("Choose signs from the list.", field="signs")
    if not reason.strip():
        raise RuleBroken("Write why: this may be asked in court.", field="reason")
    in_order(Moment("arrival", held["arrived_at"]), Moment("screening", at))
    changes = {"possible_victim": VICTIM_SAID[Standing(standing)]}
    policy.DETENTIONS.change(actor, detention_id, changes, version=version, projection=DETENTION)
    codes = [standing, *dict.fromkeys(signs)]
    return _kept(actor, held, EntryKind.STANDING, at, codes=codes, text=reason)


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def extend_bail(actor: Actor, detention_id: UUID, *, at: datetime, authority: str, reason: str) -> Entry:
    """Each authority once, in rising order, before the bail that runs is over, by the law of the day of the arrest."""
    held = policy.DETENTIONS.one(actor, detention_id, projection=DETENTION)
    ended = as_they_stand(of_detention(actor, policy.OUTCOMES, detention_id, "recorded_at"))
    if not ended or ended[0]["kind"] != Ending.BAILED or ended[0]["bail_until"] is None:
        raise RuleBroken("They are not on bail with an end, so there is nothing to extend.")
    known(authority, [one.name for one in Authority], "authority")
    before = [row for row in entries_of(actor, detention_id) if row["kind"] == EntryKind.BAIL]
    runs_until = before[-1]["until"] if before else ended[0]["bail_until"]
    in_order(Moment("release on bail", ended[0]["at"]), Moment("decision", at))
    if at > runs_until:
        raise RuleBroken(f"Bail ended at {clock_time(runs_until)}, so it can't be extended.", field="at")
    over = _over(detention_id, at)
    until = _bail_of(held["arrested_at"], authority, ended[0]["bail_case"])
    if until <= runs_until:
        raise RuleBroken("Bail runs at least that long already. Choose a higher authority.", field="authority")
    if not reason.strip():
        raise RuleBroken("Write the reasons and the representations (PACE 1984 s.47ZA to s.47ZF).", field="reason")
    if not over:
        deadlines.file(actor, detention_id, rule="bail", due_at=until, role=KINDS["bail"].role)
    return _kept(actor, held, EntryKind.BAIL, at, until=until, codes=[authority], text=reason)


def entries_of(actor: Actor, detention_id: UUID) -> list[dict[str, Any]]:
    return of_detention(actor, policy.ENTRIES, detention_id, "at")


def indictable(actor: Actor, held: dict[str, Any], entries: Sequence[dict[str, Any]]) -> bool:
    arrest = policy.ARRESTS.one(actor, held["arrest_id"], projection="arrest")
    further = [code for row in entries if row["kind"] == EntryKind.FURTHER_OFFENCE for code in row["codes"]]
    return any(OFFENCES[code].indictable for code in (*arrest["offences"], *further))


def _over(detention_id: UUID, at: datetime) -> bool:
    """A charge by post ends bail, and so does what else comes after custody. What was decided before that is still
    written down, and is due no more."""
    over_at = last_met(detention_id, "bail")
    if over_at and at >= over_at:
        said = f"Bail was over at {clock_time(over_at)}: the case team wrote a charge by post, or what else ended it."
        raise RuleBroken(f"{said} There is nothing to extend. If that is wrong, ask the case team.", field="at")
    return over_at is not None


def _bail_of(arrested_at: datetime, authority: str, case: str) -> datetime:
    try:
        end = bail_end(arrested_at, Authority[authority], BailCase[case.upper()])
    except NoRuleInForce:
        raise RuleBroken("The law of that day knew no such extension. Choose another.", field="authority") from None
    if end.due_at is None:
        raise RuleBroken("The law of that day set no limit, so nothing is extended.", field="authority")
    return end.due_at


def _inside_an_absence(actor: Actor, detention_id: UUID, at: datetime, until: datetime | None) -> None:
    for row in absences_of(actor, detention_id):
        back = row["back_at"]
        if row["left_at"] <= at and (back is None or (until is not None and until <= back)):
            return
    raise RuleBroken("They were not in hospital at that time. Check both times.", field="at")


def _kept(actor: Actor, held: dict[str, Any], kind: str, at: datetime, **given: Any) -> Entry:
    text = given.pop("text", "").strip()
    made = Entry(**case_of(held), kind=kind, at=at, by=actor.me, text=text, **given)
    policy.ENTRIES.add(actor, made, projection=DETENTION)
    if kind in Happened.values:
        victims_hear(actor, held, kind, at, made.until if kind == EntryKind.BAIL else None)
    if held["ended_at"] is None:
        file_what_is_due(actor, held["id"])
    return made
