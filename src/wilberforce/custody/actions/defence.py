"""What investigator and prosecutor weigh of the defence, before somebody who may be a victim is charged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import RuleBroken
from wilberforce.base.once import once
from wilberforce.concerns.models import YesNo
from wilberforce.custody import policy
from wilberforce.custody.lists import excluded
from wilberforce.custody.models import Weighing
from wilberforce.custody.rules import defence
from wilberforce.deadlines.rules import legal_day
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.rules import Moment

DEFENCE, WEIGHED = "defence", "defence_weighed"
LONGEST = 500
TWICE = "Somebody has corrected this weighing already. Look at the newer one first."
CODES = {
    "may_be_victim": YesNo.values,
    "age": dict(defence.AGES),
    "scheduled": dict(defence.SCHEDULED),
    "compelled": dict(defence.COMPELLED),
    "linked": YesNo.values,
    "reasonable": YesNo.values,
    "conclusion": dict(defence.CONCLUSIONS),
}
WORDS = {
    "considered": "Write what was considered: what they said, who was asked, what the referral says.",
    "reason": "Write the reason for the decision.",
}


def weigh(actor: Actor, arrest_id: UUID, **told: Any) -> Weighing:
    arrest = policy.ARRESTS.one(actor, arrest_id, projection="arrest")
    return weighed(actor, arrest["operation_id"], arrest=arrest, **told)


@action("suspect", "W", about={"operation": "operation_id"}, projection=DEFENCE)
def weighed(
    actor: Actor,
    /,
    operation_id: UUID,
    *,
    arrest: Row,
    whose: str,
    at: datetime,
    offences: Sequence[str],
    instead_of: UUID | None = None,
    charging: str = "",
    decided_by: str = "",
    **said: str,
) -> Weighing:
    """``said``: the answers to the questions of the law, and the words. A prosecutor's are entered by the case team."""
    known(whose, dict(defence.WHOSE), "whose")
    _makes_sense(said, offences, arrest["arrested_at"])
    in_order(Moment("arrest", arrest["arrested_at"]), Moment("decision", at))
    if whose == defence.PROSECUTOR:
        known(charging, dict(defence.CHARGING), "charging")
        _written({"decided_by": decided_by}, {"decided_by": "Write who decided: office and reference, no name."})
    made = Weighing(
        controller_id=actor.home, operation_id=operation_id, arrested_by=arrest["arrested_by"], arrest_id=arrest["id"],
        taken_to=arrest["taken_to"], whose=whose, at=at, by=actor.me, offences=list(dict.fromkeys(offences)),
        charging=charging if whose == defence.PROSECUTOR else "", decided_by=decided_by.strip(),
        instead_of=_corrected(actor, arrest["id"], whose, instead_of), **said,
    )  # fmt: skip
    with once("custody_weighing_once", TWICE, field="instead_of"):
        return policy.WEIGHINGS.add(actor, made, projection=DEFENCE)


def _makes_sense(said: dict[str, str], offences: Sequence[str], arrested_at: datetime) -> None:
    for field, codes in CODES.items():
        known(said[field], codes, field)
    day = legal_day(arrested_at)
    for field, sentence in defence.faults(said, [excluded(code, day) for code in offences]).items():
        raise RuleBroken(sentence, field=field)
    _written(said, WORDS)


def _written(said: dict[str, str], sentences: dict[str, str]) -> None:
    for field, sentence in sentences.items():
        if not said[field].strip():
            raise RuleBroken(sentence, field=field)


def _corrected(actor: Actor, arrest_id: UUID, whose: str, instead_of: UUID | None) -> UUID | None:
    if instead_of is not None:
        was = policy.WEIGHINGS.one(actor, instead_of, projection=DEFENCE)
        if (was["arrest_id"], was["whose"]) != (arrest_id, whose):
            raise RuleBroken("Choose an earlier weighing of the same person, by the same.", field="instead_of")
    return instead_of


def weighings(actor: Actor, arrests: Sequence[UUID], projection: str) -> list[Row]:
    """The oldest first, with those that were corrected."""
    of = Q(arrest_id__in=list(arrests))
    return policy.WEIGHINGS.many(actor, of, projection=projection, order_by=("id",), limit=LONGEST)


def standing(rows: Sequence[Row]) -> dict[str, Row]:
    """Whose -> the newest that nobody has corrected."""
    replaced = {row["instead_of"] for row in rows}
    return {row["whose"]: row for row in rows if row["id"] not in replaced}


def charge_stands(
    actor: Actor, arrest_id: UUID, possible_victim: str, ages: Sequence[int], unweighed: str, projection: str = WEIGHED
) -> None:
    """A charge of somebody who may be a victim needs both weighings, or a reason. Nothing else ever waits for them."""
    why = defence.must_be_weighed(possible_victim, ages)
    if unweighed.strip():
        return
    found = standing(weighings(actor, [arrest_id], projection))
    missing = defence.not_weighed(found) if why else ""
    if missing:
        raise RuleBroken(
            f"Because {why}, the defence is weighed before a charge ({defence.DEFENCE.source}). Not yet weighed by: "
            f"{missing}. Ask the case team to write it, or write below why the charge goes on without it.",
            field="unweighed",
        )
    decided = found.get(defence.PROSECUTOR)
    if decided and decided["charging"] != defence.CHARGE:
        raise RuleBroken(
            f"The prosecutor’s decision is: {dict(defence.CHARGING)[decided['charging']].lower()}. "
            "Choose another outcome, or write below why the charge goes on all the same.",
            field="unweighed",
        )
