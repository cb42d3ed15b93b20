"""What was written of a referral is put right: what it said before is kept, and every clock runs from what is true."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrected, reason
from wilberforce.access.protect import Row
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.doors import action

from . import policy, rules
from .actions import EXIT, GROUNDS, MOVE_ON, NARRATIVE, RECONSIDERATION, RECOVERY, ROLE, in_time, reference_of
from .models import Decision, Notification, NrmForm

CLOCKS = (GROUNDS, RECOVERY, RECONSIDERATION, EXIT, MOVE_ON)


OF_FORM: Shown = {
    "home_office_ref": ("Home Office reference", str),
    "submitted_at": ("Sent", kept_time),
    "grounds": ("Reasonable grounds", str),
    "grounds_at": ("Reasonable grounds decided", kept_time),
    "conclusive": ("Conclusive decision", str),
    "conclusive_at": ("Conclusive decision made", kept_time),
}
OF_NOTIFICATION: Shown = {
    "text": ("Text", str),
    "home_office_ref": ("Home Office reference", str),
    "sent_at": ("Sent", kept_time),
}


@action("immigration", "W", about={"person": "person_id"})
def correct_form(
    actor: Actor, person_id: UUID, *, home_office_ref: str, said: Mapping[str, Any], why: str, version: int
) -> NrmForm:
    """``said``: the other columns of ``OF_FORM``. A decision that was written by mistake is taken out again."""
    form = policy.form_of(actor, person_id)
    if form is None or not form["submitted_at"]:
        raise RuleBroken("Nothing has been sent yet, so there is nothing to put right.", field="home_office_ref")
    fresh = form | dict(said) | {"home_office_ref": reference_of(home_office_ref)}
    _makes_sense(fresh)
    changes = {name: fresh[name] for name in OF_FORM}
    put_right = corrected(
        actor, policy.FORMS, policy.FORMER_FORMS, form["id"], changes, version=version, why=reason(why)
    )
    _move_sent(actor, person_id, form["submitted_at"], fresh["submitted_at"])
    _run_clocks(actor, person_id, fresh)
    return put_right


def _makes_sense(form: Row) -> None:
    in_time(form["submitted_at"], form["begun_at"], field="submitted_at")
    for name in ("grounds", "conclusive"):
        if bool(form[name]) != bool(form[f"{name}_at"]):
            raise RuleBroken("Enter the decision and its time, or neither of the two.", field=f"{name}_at")
    if form["grounds"]:
        in_time(form["grounds_at"], form["submitted_at"], field="grounds_at")
    if form["conclusive"] and form["grounds"] != Decision.POSITIVE:
        raise RuleBroken("A conclusive decision follows positive reasonable grounds.", field="conclusive")
    if form["conclusive"]:
        in_time(form["conclusive_at"], form["grounds_at"], field="conclusive_at")
        if form["conclusive_at"] < rules.recovery_ends(form["grounds_at"]).due_at:
            raise RuleBroken(
                "The recovery period is not over then. Check the time of both decisions.", field="conclusive_at"
            )


def _run_clocks(actor: Actor, person_id: UUID, form: Row) -> None:
    running = _due(form)
    for rule in CLOCKS:
        if rule in running:
            deadlines.file(actor, person_id, rule=rule, due_at=running[rule], role=ROLE)
        else:
            deadlines.cancel(actor, person_id, rule)


def _due(form: Row) -> dict[str, datetime]:
    """What runs once the form says this."""
    if form["conclusive"]:
        at, positive = form["conclusive_at"], form["conclusive"] == Decision.POSITIVE
        ends = rules.support_ends(at, positive, bank_holidays()).due_at
        again = {} if positive else {RECONSIDERATION: rules.reconsideration_ends(at).due_at}
        return {MOVE_ON if positive else EXIT: ends} | again
    if form["grounds"] == Decision.POSITIVE:
        return {RECOVERY: rules.recovery_ends(form["grounds_at"]).due_at}
    if form["grounds"]:
        return {RECONSIDERATION: rules.reconsideration_ends(form["grounds_at"]).due_at}
    return {GROUNDS: rules.reasonable_grounds_due(form["submitted_at"], bank_holidays()).due_at}


def _move_sent(actor: Actor, person_id: UUID, before: datetime, at: datetime) -> None:
    """The duty says the same day as the form or the notification that met it."""
    where = Q(person_id=person_id, controller_id=actor.home, sent_at=before)
    for duty in policy.DUTIES.many(actor, where, projection="referral_duty") if before != at else ():
        policy.DUTIES.change(actor, duty["id"], {"sent_at": at}, projection="referral_duty")


@action("account", "W", about={"person": "person_id"}, projection=NARRATIVE)
def correct_sent(
    actor: Actor, person_id: UUID, *, home_office_ref: str, sent_at: datetime, why: str, version: int
) -> Notification:
    """The words went out as they were; what can be wrong here is when, and under which reference."""
    found = policy.notification_of(actor, person_id)
    if found is None or not found["sent_at"]:
        raise RuleBroken("The notification has not been sent yet. Change its words instead.", field="home_office_ref")
    in_time(sent_at, found["written_at"], field="sent_at")
    changes = {"home_office_ref": reference_of(home_office_ref), "sent_at": sent_at}
    put_right = corrected(
        actor, policy.NOTIFICATIONS, policy.FORMER_NOTIFICATIONS, found["id"], changes, version=version,
        why=reason(why), projection=NARRATIVE,
    )  # fmt: skip
    _move_sent(actor, person_id, found["sent_at"], sent_at)
    return put_right
