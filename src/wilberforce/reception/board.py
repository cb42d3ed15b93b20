"""Who is here and where, and what needs somebody now: put together from rows that the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.references import nearly_the_same, plain
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import elapsed, reckon
from wilberforce.operations.policy import centres_of as linked_centres
from wilberforce.survivors.lists import CARE as KINDS
from wilberforce.survivors.lists import NEEDS
from wilberforce.survivors.policy import CARE, PEOPLE

from . import lists, policy, rules
from .actions.people import Expected
from .models import Envelope, Where

MOST = 200
MOST_HERE = 5_000
"""Far beyond any centre: whoever is here and not on the list would be looked after by nobody."""


@dataclass(frozen=True, slots=True)
class Here:
    person_id: UUID
    reference: str
    where: Where
    since: datetime
    moved_at: datetime
    version: int
    age: AgeClass
    languages: str
    needs: str

    @property
    def counts_as_child(self) -> bool:
        return self.age.counts_as_child


def centres_of(actor: Actor) -> list[dict[str, Any]]:
    """The open ones on whose roster the actor is."""
    mine = policy.ROSTER.many(actor, Q(membership_id=actor.membership, until=None), limit=MOST)
    where = Q(pk__in=[row["centre_id"] for row in mine], closed_at=None)
    return policy.CENTRES.many(actor, where, order_by=("name",), limit=MOST) if mine else []


def people_here(actor: Actor, centre_id: UUID) -> list[Here]:
    stays = policy.PRESENCES.many(actor, Q(centre_id=centre_id, until=None), order_by=("since",), limit=MOST_HERE)
    people = PEOPLE.many(actor, Q(pk__in=[stay["person_id"] for stay in stays]), limit=MOST_HERE)
    by_id = {person["id"]: person for person in people}
    return [here_of(stay, by_id[stay["person_id"]]) for stay in stays if stay["person_id"] in by_id]


def here_of(stay: dict[str, Any], person: dict[str, Any]) -> Here:
    return Here(
        person_id=stay["person_id"],
        reference=stay["reference"],
        where=Where(stay["where"]),
        since=stay["since"],
        moved_at=stay["moved_at"],
        version=stay["version"],
        age=AgeClass(person["age"]),
        languages=words(LANGUAGES, person["languages"]),
        needs=words(NEEDS, person["needs"]),
    )


def place(code: str) -> str:
    return Where(code).label if code else ""


def words(entries: Any, codes: list[str]) -> str:
    return ", ".join(entries[code].label if code in entries else code for code in codes)


def due(actor: Actor, centre_id: UUID, here: list[Here], sent: list[Expected]) -> list[dict[str, Any]]:
    """The most urgent first."""
    now = clock.now()
    cards = [card for person in here for card in _due_of(person, now)]
    cards += _care_times(actor, centre_id, {one.person_id: one for one in here}, now)
    cards += [_late(one) for one in sent if _is_late(one, now)]
    cards += _from_tablets(actor, centre_id)
    return sorted(cards, key=lambda card: ("overdue", "soon", "waiting").index(card["state"]))


def _from_tablets(actor: Actor, centre_id: UUID) -> list[dict[str, Any]]:
    """What came from tablets and waits until the manager decides."""
    if actor.role != "reception_manager":
        return []
    waits = Envelope.objects.filter(centre_id=centre_id, status=Envelope.Status.PARKED, settled=None).count()
    title = f"{waits} {'entry' if waits == 1 else 'entries'} from tablets could not be taken in"
    return [{"title": title, "state": "waiting", "detail": "Say who is meant, or set it aside."}] if waits else []


def _care_times(actor: Actor, centre_id: UUID, here: Mapping[UUID, Here], now: datetime) -> list[dict[str, Any]]:
    """As far as the shift looks ahead: a medicine, somebody who is not left alone."""
    if not actor.holds("health", "R"):
        return []
    until = reckon(rules.CARE_TIME, now, trigger="now").due_at
    waiting = Q(centre_id=centre_id, done_at=None, due_at__lt=until)
    rows = policy.REMINDERS.many(actor, waiting, projection="care_flags", order_by=("due_at",), limit=MOST)
    return [_care_card(here[row["person_id"]], row, now) for row in rows if row["person_id"] in here]


def _care_card(person: Here, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    state = "overdue" if row["due_at"] < now else "soon"
    card = _card(person, "", state, row["detail"], row["due_at"])
    return card | {"title": f"{person.reference}: {lists.TIMED[row['kind']].label}"}


def _due_of(person: Here, now: datetime) -> list[dict[str, Any]]:
    cards = []
    child = person.counts_as_child
    if person.where is Where.ABSENT or (person.where is Where.OUT and child):
        told = "Tell the police and the council's duty team now." if child else "Look for them; tell the manager."
        looked = person.where is Where.ABSENT
        cards.append(_card(person, "is looked for" if looked else "went out", "overdue", told) | {"looked_for": looked})
    if child and rules.is_watched(person.age, person.since, now):
        watch = rules.missing_watch(person.since).due_at
        said = "A child, or not sure. Tell the council's duty team at once; children go missing in the first days."
        cards.append(_card(person, "must not be lost from sight", "soon", said, watch))
    stay = reckon(rules.STAY, person.since, holidays=bank_holidays(), trigger="arrived").due_at
    if elapsed(now, 24) >= stay:
        cards.append(_card(person, "needs somewhere to go next", "overdue" if now > stay else "soon", "", stay))
    return cards


def _card(person: Here, title: str, state: str, detail: str, at: datetime | None = None) -> dict[str, Any]:
    return {
        "title": f"{person.reference} {title}",
        "state": state,
        "detail": detail,
        "due": at,
        "here": person.person_id,
    }


def _is_late(one: Expected, now: datetime) -> bool:
    return not one.arrived and one.set_off_at is not None and now > elapsed(one.set_off_at, rules.JOURNEY.value)


def _late(one: Expected) -> dict[str, Any]:
    return {
        "title": f"{one.reference} has not arrived",
        "state": "overdue",
        "detail": "Ask the operation where they are.",
        "found": one.found_id,
    }


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody here who may be the same person. Nobody outside this centre is ever among them."""

    person_id: UUID
    reference: str
    since: datetime
    left: bool
    said: str = ""


def near(actor: Actor, centre_id: UUID, reference: str) -> list[Near]:
    """Whose reference is nearly the one that was typed; not the very same, which is refused by itself."""
    if not reference.strip():
        return []
    stays = policy.PRESENCES.many(actor, Q(centre_id=centre_id), order_by=("-recorded_at",), limit=MOST)
    tidy = plain(reference)
    return [
        Near(one["person_id"], one["reference"], one["since"], one["until"] is not None)
        for one in stays
        if nearly_the_same(one["reference"], reference)
        and (one["until"] is not None or plain(one["reference"]) != tidy)
    ]


def alike(actor: Actor, centre_id: UUID, *, reference: str, age: str, language: str) -> list[Near]:
    """While somebody types: also those of one language and age who came at about this time."""
    found = {one.person_id: one for one in near(actor, centre_id, reference)}
    if language and age:
        here = people_here(actor, centre_id)
        spoken, since = words(LANGUAGES, [language]), clock.now() - rules.SAME_ARRIVAL.value
        for one in here:
            same = one.age.value in (age, "not sure") and spoken in one.languages.split(", ")
            if same and one.since >= since:
                said = f"{one.age.value}, {one.languages}"
                found.setdefault(one.person_id, Near(one.person_id, one.reference, one.since, False, said))
    return list(found.values())


def kept_apart(actor: Actor, centre_id: UUID, references: Mapping[UUID, str]) -> dict[UUID, list[str]]:
    """For each of those who are here the references of those beside whom they are not placed."""
    found: dict[UUID, list[str]] = {person: [] for person in references}
    apart = Q(centre_id=centre_id, ended_at=None)
    for row in policy.APARTS.many(actor, apart, projection="given", limit=MOST_HERE):
        one, other = row["person_id"], row["other_id"]
        if one in found and other in found:
            found[one].append(references[other])
            found[other].append(references[one])
    return found


def care_of(actor: Actor, person_id: UUID) -> list[tuple[str, str, datetime | None]]:
    """What whoever helps them must know to do no harm, and what has its time."""
    flags = CARE.many(actor, Q(person_id=person_id, ended_at=None), projection="care_flags", limit=50)
    waiting = Q(person_id=person_id, done_at=None)
    due = policy.REMINDERS.many(actor, waiting, projection="care_flags", order_by=("due_at",), limit=50)
    said: list[tuple[str, str, datetime | None]] = [(KINDS[row["kind"]].label, row["detail"], None) for row in flags]
    return said + [(lists.TIMED[row["kind"]].label, row["detail"], row["due_at"]) for row in due]


def head_counts(actor: Actor, operations: Sequence[UUID]) -> dict[UUID, int]:
    """For the commander: how many the linked centres have registered since the link, and nothing else about them.

    Records of people who do not exist are left out. Where rows are listed, what is counted is what is listed.
    """
    links = [(link.operation_id, link.centre_id, link.since) for link in linked_centres(operations)]
    asked = {link: Q(centre_id=link[1], recorded_at__gte=link[2]) for link in links}
    arrived = policy.PRESENCES.tally(actor, asked, projection="head_count")
    invented = _invented({link[1:] for link in links})
    counts = dict.fromkeys((operation for operation, _, _ in links), 0)
    for link, count in arrived.items():
        counts[link[0]] += count - invented.get(link[1:], 0)
    return counts


def _invented(links: set[tuple[UUID, datetime]]) -> dict[tuple[UUID, datetime], int]:
    if not links:
        return {}
    centres, since = zip(*links, strict=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reception_invented(%s::uuid[], %s::timestamptz[])", [list(centres), list(since)])
        return {(centre, at): n for centre, at, n in cursor.fetchall()}


def stock(actor: Actor, centre_id: UUID) -> list[tuple[str, int | str]]:
    """What is left of each thing. More than was counted in may have been given: nobody is refused over a count."""
    left = policy.STOCK.many(actor, Q(centre_id=centre_id, latest=True), order_by=("thing",), limit=MOST)
    return [(lists.THINGS[row["thing"]].label, _left(row["remaining"])) for row in left]


def _left(remaining: int) -> int | str:
    return remaining if remaining >= 0 else f"Count again: {-remaining} more given than counted in"
