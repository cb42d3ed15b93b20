"""Before a centre closes: whoever controls records has them, with a receipt; and how it went, in times and counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Asked, Row
from wilberforce.access.together import together
from wilberforce.agencies.models import Agency
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.reception import lists, policy
from wilberforce.reception.house import HandedBy, HandedOver, Recording
from wilberforce.reception.models import RAN_OUT

from . import sense

CENTRE = {"centre": "centre_id"}
LARGEST_SOUND = 2_000_000
SOUNDS = {b"OggS": "audio/ogg", b"\x1aE\xdf\xa3": "audio/webm", b"ID3": "audio/mpeg", b"RIFF": "audio/wav"}
CLASSES = {
    "person_ref": "References and needs",
    "identity": "Names and contacts",
    "support": "Care, things and stories",
    "health": "Health",
    "location": "Where people went next",
    "consent": "What people were told and answered",
}


@dataclass(frozen=True, slots=True)
class ToHandOver:
    data_class: str
    controller_id: UUID
    records: int
    counted_at: datetime | None = None
    """None where it was counted just now."""

    @property
    def label(self) -> str:
        return CLASSES[self.data_class]


def to_hand_over(centre_id: UUID, *, now: bool = True) -> list[ToHandOver]:
    """What this centre's people left in each class, by the agency that controls it. Counts alone; where it need not
    be ``now``, a large centre's are last night's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_class, controller_id, records, counted_at FROM reception_records_of(%s, %s)", [centre_id, now]
        )
        return [ToHandOver(*row) for row in cursor.fetchall()]


@action("centre", "W", about=CENTRE)
def hand_over_records(
    actor: Actor, centre_id: UUID, *, about_class: str, recipient_id: UUID, way: str, taken_by: str
) -> HandedOver:
    waiting = {(one.data_class, one.controller_id): one.records for one in to_hand_over(centre_id)}
    if (about_class, recipient_id) not in waiting:
        raise RuleBroken("Choose one of the list.", field="what")
    if not taken_by.strip():
        raise RuleBroken("Enter who took them.", field="taken_by")
    here = policy.CENTRES.one(actor, centre_id)
    handed = HandedOver(
        controller_id=here["controller_id"], centre_id=centre_id, about_class=about_class, recipient_id=recipient_id,
        records=waiting[about_class, recipient_id], way=sense.known(way, HandedBy.values, "way"),
        taken_by=taken_by.strip(), by=actor.me,
    )  # fmt: skip
    return policy.HANDED_OVER.add(actor, handed)


def asked_of_handed_over(actor: Actor, centre_id: UUID) -> Asked:
    return policy.HANDED_OVER.asked(actor, Q(centre_id=centre_id), order_by=("-at", "-id"), limit=100)


def handed_over(actor: Actor, centre_id: UUID) -> list[Row]:
    return together(actor, asked_of_handed_over(actor, centre_id))[0]


def still_to_hand_over(actor: Actor, centre_id: UUID, *, now: bool = True) -> list[ToHandOver]:
    return _still_waiting(centre_id, handed_over(actor, centre_id), now)


def _still_waiting(centre_id: UUID, handed: list[Row], now: bool) -> list[ToHandOver]:
    """Without what was handed over, unless more was written since."""
    taken = {(row["about_class"], row["recipient_id"]): row["records"] for row in reversed(handed)}
    waiting = to_hand_over(centre_id, now=now)
    return [one for one in waiting if taken.get((one.data_class, one.controller_id), -1) < one.records]


def not_handed_over(centre_id: UUID, handed: list[Row], *, now: bool = True) -> str:
    """In words; empty where all were."""
    left = _still_waiting(centre_id, handed, now)
    names = {agency.pk: agency.short_name for agency in Agency.objects.all()} if left else {}
    said = "; ".join(f"{one.label.lower()}, {names.get(one.controller_id, '')}" for one in left)
    return said and f"Records were not handed over to who controls them: {said}."


@action("centre", "W", about=CENTRE)
def record_sentence(actor: Actor, centre_id: UUID, *, sentence: str, language: str, sound: bytes) -> Recording:
    """A recording in place of the one before it, which stays as it was spoken."""
    sense.known(sentence, lists.SPOKEN, "sentence")
    sense.known(language, lists.OWN_NAMES, "language")
    if len(sound) > LARGEST_SOUND:
        raise RuleBroken("This recording is too long. Use one below two megabytes.", field="sound")
    here = policy.CENTRES.one(actor, centre_id)
    spoken = Recording(
        controller_id=here["controller_id"], centre_id=centre_id, sentence=sentence, language=language,
        kind=_kind(sound), sound=sound, by=actor.me,
    )  # fmt: skip
    return policy.RECORDINGS.add(actor, spoken)


def _kind(sound: bytes) -> str:
    """By how it begins, never by what it is called."""
    if sound[4:8] == b"ftyp":
        return "audio/mp4"
    kind = next((kind for begins, kind in SOUNDS.items() if sound.startswith(begins)), "")
    if not kind and sound[:1] == b"\xff" and sound[1:2] in (b"\xfb", b"\xf3", b"\xf2"):
        kind = "audio/mpeg"
    if not kind:
        raise RuleBroken("This is no recording that a tablet can play. Use OGG, WEBM, MP3, M4A or WAV.", field="sound")
    return kind


def recorded(actor: Actor, language: str) -> dict[str, UUID]:
    """The latest recording of each sentence. The sounds themselves are not read."""
    rows = policy.RECORDINGS.many(actor, Q(language=language), projection="spoken", order_by=("id",), limit=200)
    return {row["sentence"]: row["id"] for row in rows}


@action("centre", "W", about=CENTRE)
def give_feedback(actor: Actor, centre_id: UUID, *, answers: dict[str, str]) -> None:
    """Counted and forgotten: no row, no time and no order of it is kept, so that it leads to nobody."""
    del actor
    said = {code: answer for code, answer in answers.items() if answer}
    for code, answer in said.items():
        sense.known(code, lists.FEEDBACK, code)
        sense.known(answer, lists.FACES, code)
    if not said:
        raise RuleBroken("Nothing was answered, so nothing is kept.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_count_feedback(%s, %s, %s)", [centre_id, list(said), list(said.values())])


def feedback_of(centre_id: UUID) -> dict[tuple[str, str], int]:
    """Once the centre closes, and of at least as many people as hide each of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT question, answer, said FROM reception_feedback_of(%s)", [centre_id])
        return {(question, answer): said for question, answer, said in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Step:
    """How long people waited for something after they arrived."""

    step: str
    people: int
    had: int
    usual: int | None
    longest: int | None
    minutes: int = 0
    """That interpreters worked for everybody together."""
    counted_at: datetime | None = None
    """None where it was counted just now."""


def waited(centre_id: UUID) -> list[Step]:
    """Counts and minutes of a centre of the actor's agency, also when it has closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reception_waited(%s)", [centre_id])
        return [Step(*row) for row in cursor.fetchall()]


def ran_out(actor: Actor, centre_id: UUID) -> list[dict[str, Any]]:
    """Each time when the last of a thing was given."""
    return policy.STOCK.many(actor, Q(centre_id=centre_id) & RAN_OUT, order_by=("at", "id"), limit=50)
