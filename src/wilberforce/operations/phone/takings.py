"""What a phone wrote becomes what the board shows, by the same verbs and under the grants of whoever wrote it.

A verb that refuses refuses here too: the row then waits with the verb's own sentence, and nothing of it is lost.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base.errors import Conflict, RuleBroken, Unreadable
from wilberforce.operations import actions, policy
from wilberforce.operations.models import Phone, Place

from .boxes import Opened

CELLS = ("operation:RW:day_log", "operation:RW:site_found", "operation:RW:site_hazard")
FOUND = "site_found"
PEOPLE = ("age", "sex", "injury")
CLAIMED = "Somebody else recorded {reference} already: {said}."


@dataclass
class Letter:
    """One event on its way in. ``reason`` and ``why`` say why it waits; empty while nothing speaks against it."""

    id: UUID
    opened: Opened | None
    at: datetime
    reason: str = ""
    why: str = ""


def take_in(actor: Actor, phone: Phone, letters: list[Letter]) -> None:
    """Each by itself: what can't be taken in waits, and holds up nothing that follows."""
    for letter in letters:
        take_one(actor, phone, letter)


def take_one(actor: Actor, phone: Phone, letter: Letter, *, settling: str = "") -> None:
    """``settling``: what somebody decided about a row that waited."""
    told, before = letter.opened, len(actor.notes)
    try:
        with transaction.atomic():
            if told is None:
                raise Unreadable("seal")
            WRITES[told.kind](actor, phone, told, letter.at, settling)
        return
    except Unreadable as why:
        letter.reason = why.reason
    except RuleBroken as broken:
        letter.reason, letter.why = "rule", broken.sentence[:200]
    except Conflict as clash:
        letter.reason, letter.why = "claimed", clash.sentence[:200]
    except (KeyError, TypeError, ValueError):
        letter.reason = "sense"
    actor.notes[before:] = [note for note in actor.notes[before:] if note.op in ("consultation", "denied")]


def _found(actor: Actor, phone: Phone, told: Opened, at: datetime, settling: str) -> None:
    """Raises Conflict where another phone, or the board, has recorded this reference."""
    if told.entity is None or not told.reference:
        raise Unreadable("sense")
    met = _by_reference(actor, phone, told.reference)
    facts = {name: str(told.body[name]) for name in PEOPLE}
    if met and settling == "same":
        words = f"{told.reference} was recorded twice. The second account: {', '.join(facts.values())}."
        actions.log(actor, phone.operation_id, text=words, site_id=phone.site_id)
        return
    if met and settling != "other":
        raise Conflict(CLAIMED.format(reference=told.reference, said=", ".join(str(met[name]) for name in PEOPLE)))
    languages = [str(code) for code in told.body.get("languages", [])]
    actions.record_found(
        actor, phone.site_id, **facts, languages=languages, note=told.text("note"), at=at, found_id=told.entity,
        reference="" if met else told.reference,
    )  # fmt: skip


def _by_reference(actor: Actor, phone: Phone, reference: str) -> Row | None:
    where = Q(operation_id=phone.operation_id, reference=reference)
    return next(iter(policy.FOUND.many(actor, where, projection=FOUND, limit=1)), None)


def _handed(actor: Actor, phone: Phone, told: Opened, at: datetime, settling: str) -> None:
    person = _whom(actor, phone, told, settling)
    to = str(told.body["to"])
    target = UUID(str(told.body["to_id"])) if told.body.get("to_id") else None
    where = {Place.VEHICLE: "vehicle_id", Place.CENTRE: "centre_id"}.get(Place(to))
    actions.hand_over(actor, person["id"], to=to, at=at, **({where: target} if where else {}))


def _whom(actor: Actor, phone: Phone, told: Opened, settling: str) -> Row:
    """By the id that the phone gave. By the reference alone only where nobody else claims it, or somebody decided."""
    if told.entity:
        where = Q(pk=told.entity, operation_id=phone.operation_id)
        if rows := policy.FOUND.many(actor, where, projection=FOUND, limit=1):
            return rows[0]
    person = _by_reference(actor, phone, told.reference)
    if person is None:
        raise Unreadable("reference")
    if told.entity and not settling:
        raise Unreadable("claimed")
    return person


def _moved(actor: Actor, phone: Phone, told: Opened, at: datetime, settling: str) -> None:
    actions.move_site(actor, phone.site_id, state=str(told.body["state"]), at=at, power=str(told.body.get("power", "")))


def _counted(actor: Actor, phone: Phone, told: Opened, at: datetime, settling: str) -> None:
    inside = told.body.get("inside")
    count = None if inside in (None, "") else int(str(inside))
    if count is not None and not 0 <= count <= 2_000:
        raise Unreadable("sense")
    actions.note_hazard(actor, phone.site_id, text=told.text("text"), inside=count, at=at)


def _logged(actor: Actor, phone: Phone, told: Opened, at: datetime, settling: str) -> None:
    actions.log(actor, phone.operation_id, text=told.text("text"), at=at, site_id=phone.site_id)


WRITES = {"found": _found, "handed": _handed, "moved": _moved, "counted": _counted, "logged": _logged}
