"""How a detention ends. Afterwards the clocks stand still."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.history import reason as reason_of
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.once import once
from wilberforce.concerns.models import YesNo
from wilberforce.custody import policy
from wilberforce.custody.clocks import KINDS, limit_of
from wilberforce.custody.lists import OFFENCES
from wilberforce.custody.models import Ending, Entry, EntryKind, Outcome, Standing
from wilberforce.custody.rules import WHO_AUTHORISES, BailCase, bail_end
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.rules import Moment

from .court import standing
from .defence import charge_stands
from .detention import absences_of, detained
from .due import DETENTION, case_of, file_what_is_due, of_detention
from .entries import entries_of
from .updates import victims_hear

TWICE = "Somebody has put this right already. Look at the record again."
BOOKED_AGAIN = "They have been booked in again since, so this detention did end. Choose how."


@dataclass(frozen=True, slots=True)
class Said:
    kind: str
    at: datetime
    offences: Sequence[str] = ()
    bail_case: str = "standard"
    reason: str = ""
    unweighed: str = ""


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def outcome(
    actor: Actor,
    detention_id: UUID,
    *,
    kind: str,
    at: datetime,
    offences: Sequence[str] = (),
    bail_case: str = "standard",
    reason: str = "",
    unweighed: str = "",
    version: int | None = None,
) -> Outcome:
    """The end of bail is computed from the day of the arrest by the law of that day.

    ``unweighed``: why a charge goes on before the defence was weighed.
    """
    held = _may_end(actor, detention_id, at)
    if kind == Ending.MISTAKEN:
        raise RuleBroken("It has not ended yet, so there is nothing to put right.", field="kind")
    told = Said(kind, at, offences, bail_case, reason, unweighed)
    return _ended(actor, held, told, version, instead_of=_latest(actor, detention_id))


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def correct_outcome(
    actor: Actor, /, detention_id: UUID, *, kind: str, at: datetime, why: str, version: int | None = None, **told: Any
) -> Outcome:
    """What was written first stays in the record. One that had not ended at all runs on: its clocks never stopped."""
    held = policy.DETENTIONS.one(actor, detention_id, projection=DETENTION)
    before = _latest(actor, detention_id)
    if held["ended_at"] is None or before is None:
        raise RuleBroken("This detention has not ended. Record its outcome.")
    if Ending.TRANSFERRED in (before["kind"], kind):
        raise RuleBroken("They were handed over to another force, and its record goes on. Speak to that force.")
    _only_custody(actor)
    said = Said(kind, clock.now() if kind == Ending.MISTAKEN else at, **told)
    if kind != Ending.MISTAKEN:
        _after_arrival(held, at)
    deadlines.cancel(actor, detention_id, "bail")
    return _ended(
        actor, held, replace(said, reason=f"{said.reason}\nWhy it is put right: {reason_of(why)}"), version, before
    )


def how_it_ended(actor: Actor, detention_id: UUID) -> dict[str, Any]:
    """For the form that puts it right. Why it was put right before is not said again."""
    latest = _latest(actor, detention_id) or {}
    return latest | {"reason": ""} if latest.get("instead_of") else latest


def _latest(actor: Actor, detention_id: UUID) -> Row | None:
    return next(reversed(standing(of_detention(actor, policy.OUTCOMES, detention_id, "recorded_at"))), None)


def _ended(actor: Actor, held: Row, told: Said, version: int | None, instead_of: Row | None) -> Outcome:
    _in_time_or_why(actor, held, known(told.kind, Ending.values, "kind"), told.at, told.reason)
    charged = _charged(actor, held, told.kind, told.offences, told.unweighed)
    ended = Outcome(
        **case_of(held),
        kind=told.kind,
        at=told.at,
        by=actor.me,
        offences=charged,
        bail_case=told.bail_case,
        bail_until=_bail_until(held, told.kind, told.bail_case),
        reason=told.reason.strip(),
        unweighed=told.unweighed.strip() if charged else "",
        instead_of=instead_of["id"] if instead_of else None,
    )
    changes: dict[str, Any] = {"ended_at": None if told.kind == Ending.MISTAKEN else told.at}
    if told.kind == Ending.RECLASSIFIED:
        changes["possible_victim"] = YesNo.YES
    with once("custody_held_in_one_place", BOOKED_AGAIN), once("custody_ending_corrected_once", TWICE):
        policy.DETENTIONS.change(actor, held["id"], changes, version=version, projection=DETENTION)
        policy.OUTCOMES.add(actor, ended, projection=DETENTION)
    _what_follows(actor, held, ended, news=instead_of is None or instead_of["kind"] != told.kind)
    return ended


def _may_end(actor: Actor, detention_id: UUID, at: datetime) -> dict[str, Any]:
    _only_custody(actor)
    held = detained(actor, detention_id)
    _after_arrival(held, at)
    return held


def _only_custody(actor: Actor) -> None:
    if "custody_officer" not in actor.roles:
        raise RuleBroken(f"Only a custody officer ends a detention ({WHO_AUTHORISES.source}).")


def _after_arrival(held: Row, at: datetime) -> None:
    in_order(
        Moment("arrival", held["arrived_at"]), Moment("authorisation", held["authorised_at"]), Moment("outcome", at)
    )


def _what_follows(actor: Actor, held: dict[str, Any], ended: Outcome, *, news: bool) -> None:
    """``news``: where another ending is put right by the same kind, victims have nothing new to hear."""
    file_what_is_due(actor, ended.detention_id)
    if news:
        victims_hear(actor, held, ended.kind, ended.at, ended.bail_until)
    if ended.kind == Ending.RECLASSIFIED:
        stands = {"kind": EntryKind.STANDING, "codes": [Standing.POSSIBLE_VICTIM], "at": ended.at, "by": actor.me}
        policy.ENTRIES.add(actor, Entry(**case_of(held), **stands, text=ended.reason), projection=DETENTION)
    if ended.bail_until:
        role = KINDS["bail"].role
        deadlines.file(actor, ended.detention_id, rule="bail", due_at=ended.bail_until, role=role)


def _bail_until(held: dict[str, Any], kind: str, case: str) -> datetime | None:
    known(case, [one.name.lower() for one in BailCase], "bail_case")
    return bail_end(held["arrested_at"], case=BailCase[case.upper()]).due_at if kind == Ending.BAILED else None


def _in_time_or_why(actor: Actor, held: dict[str, Any], kind: str, at: datetime, reason: str) -> None:
    if kind == Ending.MISTAKEN:
        return
    if kind == Ending.TRANSFERRED and not of_detention(actor, policy.TRANSFERS, held["id"], "id"):
        raise RuleBroken("Choose Hand over to another force: that says to whom, and what the clocks do.", field="kind")
    if kind == Ending.RECLASSIFIED and not reason.strip():
        raise RuleBroken("Write why they are no longer a suspect: this may be asked in court.", field="reason")
    absences = absences_of(actor, held["id"])
    if absences and absences[-1]["back_at"] is None:
        raise RuleBroken("They are in hospital. Record when they came back first.", field="at")
    limit = limit_of(held, absences, entries_of(actor, held["id"]), at)
    if at > limit.due_at and not reason.strip():
        raise RuleBroken(
            f"The time ran out at {clock_time(limit.due_at)} ({limit.rule.source}). Write why they were held longer.",
            field="reason",
        )


def _charged(actor: Actor, held: dict[str, Any], kind: str, offences: Sequence[str], unweighed: str) -> list[str]:
    if kind != Ending.CHARGED:
        return []
    if not offences:
        raise RuleBroken("Choose the offences charged.", field="offences")
    if not set(offences) <= set(OFFENCES):
        raise RuleBroken("Choose offences from the list.", field="offences")
    ages = policy.ARRESTS.one(actor, held["arrest_id"], projection="arrest")["age_one_of"]
    charge_stands(actor, held["arrest_id"], held["possible_victim"], ages, unweighed)
    return list(dict.fromkeys(offences))
