"""How a detention ends. Afterwards the clocks stand still."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
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

from .defence import charge_stands
from .detention import absences_of, detained
from .due import DETENTION, case_of, file_what_is_due, of_detention
from .entries import entries_of
from .updates import victims_hear


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
    _in_time_or_why(actor, held, known(kind, Ending.values, "kind"), at, reason)
    charged = _charged(actor, held, kind, offences, unweighed)
    ended = Outcome(
        **case_of(held),
        kind=kind,
        at=at,
        by=actor.me,
        offences=charged,
        bail_case=bail_case,
        bail_until=_bail_until(held, kind, bail_case),
        reason=reason.strip(),
        unweighed=unweighed.strip() if charged else "",
    )
    changes = {"ended_at": at} | ({"possible_victim": YesNo.YES} if kind == Ending.RECLASSIFIED else {})
    policy.DETENTIONS.change(actor, detention_id, changes, version=version, projection=DETENTION)
    policy.OUTCOMES.add(actor, ended, projection=DETENTION)
    _what_follows(actor, held, ended)
    return ended


def _may_end(actor: Actor, detention_id: UUID, at: datetime) -> dict[str, Any]:
    if "custody_officer" not in actor.roles:
        raise RuleBroken(f"Only a custody officer ends a detention ({WHO_AUTHORISES.source}).")
    held = detained(actor, detention_id)
    in_order(
        Moment("arrival", held["arrived_at"]), Moment("authorisation", held["authorised_at"]), Moment("outcome", at)
    )
    return held


def _what_follows(actor: Actor, held: dict[str, Any], ended: Outcome) -> None:
    file_what_is_due(actor, ended.detention_id)
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
