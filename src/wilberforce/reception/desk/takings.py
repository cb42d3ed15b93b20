"""An opened event becomes a row of its class, under the policy of whoever wrote it or takes it in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.together import together
from wilberforce.base.errors import Unreadable
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.rules import AgeClass
from wilberforce.reception import lists
from wilberforce.reception.actions import safety
from wilberforce.reception.actions.moves import AWAY
from wilberforce.reception.models import CareEvent, CentreEvent, PersonEvent, PictureEvent, Where
from wilberforce.reception.policy import PRESENCES
from wilberforce.survivors.lists import ON_THE_REFERENCE

from . import boxes, policy, rules
from .boxes import Opened

CELLS = ("person_ref:RW", "centre:RW", "support:RW:given")
MOST_PEOPLE = 1_000
STAYING = "person_id = ANY (%s::uuid[]) AND until IS NULL"
OF_THEM = "centre_id = %s AND (person_id = ANY (%s::uuid[]) OR reference = ANY (%s::varchar[]))"


@dataclass
class Letter:
    """One event on its way in. ``reason`` says why it waits for somebody; empty while nothing speaks against it."""

    id: UUID
    opened: Opened | None
    at: datetime
    claimed_at: datetime
    by: UUID | None = None
    tablet: UUID | None = None
    reason: str = ""
    person: UUID | None = None


@dataclass
class Known:
    """Who is or was at the centre, by id, by card and by the ids that tablets gave them."""

    until: dict[UUID, datetime | None] = field(default_factory=dict)
    by_card: dict[str, UUID] = field(default_factory=dict)
    alias: dict[UUID, UUID] = field(default_factory=dict)
    where: dict[UUID, str] = field(default_factory=dict)

    def add(self, person: UUID, card: str, until: datetime | None = None) -> None:
        self.until[person] = until
        self.by_card[card] = person

    def stays(self, rows: Sequence[dict[str, Any]]) -> None:
        for stay in rows:
            self.add(stay["person_id"], stay["reference"], stay["until"])
            self.where[stay["person_id"]] = stay["where"]

    def person(self, opened: Opened) -> UUID | None:
        if opened.entity is None:
            return self.by_card.get(opened.reference)
        return opened.entity if opened.entity in self.until else self.alias.get(opened.entity)


def take_in(actor: Actor, centre: UUID, letters: Sequence[Letter]) -> None:
    """Adds what can be added; the others get their reason. Raises NotAllowed where the actor may not."""
    known = _known(actor, centre, letters)
    records = [made for letter in letters if (made := _record(actor, known, centre, letter)) is not None]
    people = sorted({record.person_id for record in records})
    _add(actor, records)
    if people:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reception_project(%s, %s)", [centre, people])
    _watch(actor, known, [record.person_id for record in records if isinstance(record, CentreEvent)])


def _watch(actor: Actor, known: Known, moved: Sequence[UUID]) -> None:
    """Somebody whom a tablet saw missing is looked for as if the office had said so; not sure counts as at risk. That
    they went out ends no search: only somebody who is back in the house was found."""
    if not moved:
        return
    (stays,) = together(actor, PRESENCES.where(actor, STAYING, (list(moved),), order_by=("-id",), limit=MOST_PEOPLE))
    for stay in stays:
        before, now = known.where.get(stay["person_id"]), stay["where"]
        if now == Where.ABSENT and before != Where.ABSENT:
            safety.looked_for(actor, stay, stay["moved_at"], "not sure")
        elif before in AWAY and now not in AWAY:
            safety.found_again(actor, stay["person_id"], stay["moved_at"])


def _add(actor: Actor, records: Sequence[Any]) -> None:
    of_person = [one for one in records if isinstance(one, PersonEvent)]
    of_centre = [one for one in records if isinstance(one, CentreEvent)]
    of_care = [one for one in records if isinstance(one, CareEvent)]
    if of_person:
        policy.PERSON_EVENTS.add_many(actor, of_person)
    if of_centre:
        policy.CENTRE_EVENTS.add_many(actor, of_centre)
    of_pictures = [one for one in records if isinstance(one, PictureEvent)]
    if of_pictures:
        policy.PICTURES.add_many(actor, of_pictures, projection="given")
    if of_care:
        policy.CARE_EVENTS.add_many(actor, of_care, projection="given")


def _known(actor: Actor, centre: UUID, letters: Sequence[Letter]) -> Known:
    opened = [letter.opened for letter in letters if letter.opened]
    entities = {one.entity for one in opened if one.entity}
    cards = {one.reference for one in opened if one.reference}
    known = Known()
    words = (centre, list(entities), list(cards))
    known.stays(*together(actor, PRESENCES.where(actor, OF_THEM, words, order_by=("since",), limit=MOST_PEOPLE)))
    met_here = {one.entity for one in opened if one.kind == "registered"}
    strangers = entities - known.until.keys() - met_here
    if strangers:
        where = Q(centre_id=centre, entity__in=strangers, kind="registered")
        for event in policy.PERSON_EVENTS.many(actor, where, limit=MOST_PEOPLE):
            known.alias[event["entity"]] = event["person_id"]
        _remember(actor, known, centre)
    return known


def _remember(actor: Actor, known: Known, centre: UUID) -> None:
    missing = set(known.alias.values()) - known.until.keys()
    if missing:
        where = Q(centre_id=centre, person_id__in=missing)
        known.stays(PRESENCES.many(actor, where, order_by=("since",), limit=MOST_PEOPLE))


def _record(actor: Actor, known: Known, centre: UUID, letter: Letter) -> Any:
    opened = letter.opened
    if opened is None or letter.reason:
        return None
    try:
        letter.person = _whom(known, letter, opened)
        return _made(actor, centre, letter, opened)
    except Unreadable as why:
        letter.reason = why.reason
        return None


def _whom(known: Known, letter: Letter, opened: Opened) -> UUID:
    """Raises Unreadable."""
    if opened.kind == "registered" and opened.entity is not None:
        if not opened.reference:
            raise Unreadable("sense")
        met = known.by_card.get(opened.reference)
        if met is None:
            known.add(opened.entity, opened.reference)
            return opened.entity
        known.alias[opened.entity] = met
    person = known.person(opened)
    if person is None:
        raise Unreadable("reference")
    left = known.until.get(person)
    if left is not None and letter.at > left:
        raise Unreadable("left")
    return person


def _made(actor: Actor, centre: UUID, letter: Letter, opened: Opened) -> Any:
    """Raises Unreadable where a code is on no list."""
    try:
        model, said = SAYS[opened.kind](opened.body)
    except (KeyError, TypeError, ValueError, AttributeError) as nonsense:
        raise Unreadable("sense") from nonsense
    if model is PersonEvent:
        said |= {"entity": opened.entity, "reference": opened.reference}
    return model(
        id=opened.id,
        controller_id=actor.home,
        centre_id=centre,
        person_id=letter.person,
        kind=opened.kind,
        base=list(opened.base),
        at=letter.at,
        claimed_at=letter.claimed_at,
        hlc=opened.hlc,
        tablet_id=letter.tablet,
        by=letter.by or actor.me,
        taken_in_by=actor.me,
        **said,
    )


def _registered(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    says = [f"age={AgeClass(body['age']).value}"]
    if body["languages"]:
        says.append(f"language={_languages(body['languages'])}")
    return PersonEvent, {"says": says}


def _languages(codes: list[str]) -> str:
    if not codes or not all(code in LANGUAGES for code in codes) or len(codes) > 4:
        raise ValueError("language")
    return "+".join(sorted(set(codes)))


def _corrected(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    name, value = body["field"], body["value"]
    if name == "age":
        return PersonEvent, {"says": [f"age={AgeClass(value).value}"]}
    if name == "language":
        return PersonEvent, {"says": [f"language={_languages(value)}"]}
    if name.removeprefix("need:") in ON_THE_REFERENCE and value in ("yes", "no", "not sure"):
        return PersonEvent, {"says": [f"{name}={value}"]}
    raise ValueError("field")


def _moved(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    return CentreEvent, {"says": [f"where={Where(body['to']).value}"]}


def _gave(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    thing, quantity = lists.THINGS[body["thing"]], int(body["quantity"])
    if not 1 <= quantity <= rules.MOST_AT_ONCE or thing.kind in rules.NOT_AT_THE_DESK:
        raise ValueError("quantity")
    says = [f"thing={thing.code}", f"of={thing.kind}", f"stocked={'yes' if thing.stocked else 'no'}"]
    return CareEvent, {"says": says, "quantity": quantity, "detail": _short(body.get("detail", ""))}


def _took_back(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    """What of, and how much, stands in the event to which it points."""
    return CareEvent, {"says": ["thing=taken-back", "of=correction", "stocked=no", f"back={UUID(body['event'])}"]}


def _noted(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    text = _short(body["text"])
    if not text:
        raise ValueError("empty")
    return CareEvent, {"says": ["thing=note", "of=note", "stocked=no"], "detail": text}


def _pictured(body: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    size, count = int(body["size"]), int(body["chunks"])
    digest, key = boxes.bytes64(body["sha256"]), boxes.bytes64(body["key"])
    sound = len(digest) == len(key) == 32 and body["of"] in rules.PICTURED
    if not sound or not 0 < count <= rules.MOST_PIECES or count != -(-size // rules.PIECE):
        raise ValueError("picture")
    says = [f"of={body['of']}"]
    return PictureEvent, {"says": says, "size": size, "sha256": digest, "pieces": count, "key": boxes.text64(key)}


def _short(text: str) -> str:
    """Raises ValueError where it is too long, or no text at all; nothing is cut off."""
    words = text.replace("\x00", "").strip()
    words.encode()  # half a letter, as a script can cut one, has no bytes
    if len(words) > rules.LONGEST_NOTE:
        raise ValueError("long")
    return words


SAYS = {
    "registered": _registered, "corrected": _corrected, "moved": _moved, "gave": _gave, "took-back": _took_back,
    "noted": _noted, "pictured": _pictured,
}  # fmt: skip
