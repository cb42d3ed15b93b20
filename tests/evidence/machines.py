"""Five things that open a record for a while, walked at random: nothing is ever seen without a live fact.

Each machine keeps a small model of its own, written from what the law and the doctrine say and not from the SQL.
After every step the application's role looks, and must see exactly what the model allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from .ground import Ground, Seat

START = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)
"""A Saturday evening, three hours before a legal midnight and five before the clocks go forward."""

LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PASSING = st.sampled_from(
    [timedelta(minutes=minutes) for minutes in (1, 1, 2, 2, 4, 9)]
    + [HOUR, HOUR, 3 * HOUR, 11 * HOUR, 2 * DAY, 15 * DAY]
)
WHICH = st.integers(0, 1)
LASTING = st.sampled_from([None, HOUR, 5 * HOUR, DAY])


@dataclass
class Reader:
    """Somebody who looks, with the proof and the device that they have just now."""

    seat: Seat
    proved_at: datetime = START
    posture_at: datetime = START
    lost: bool = False

    def device(self, now: datetime) -> bool:
        return not self.lost and now - self.posture_at < DAY

    def fresh(self, now: datetime) -> bool:
        return now - self.proved_at < timedelta(minutes=5)


class Machine(RuleBasedStateMachine):
    ground: ClassVar[Ground]
    steps: ClassVar[int] = 0
    seen: ClassVar[int] = 0
    """How often something was rightly seen: a machine that never opens anything would show nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.readers = [Reader(seat) for seat in self.seats()]
        self.ground.begin(START)

    def seats(self) -> list[Seat]:
        raise NotImplementedError

    def looks(self) -> list[tuple[Reader, str, UUID, bool]]:
        """Who looks at what, and whether they may."""
        raise NotImplementedError

    def happened(self) -> None:
        """Each step takes a second, so that no two things happen at once; then everybody looks."""
        type(self).steps += 1
        for reader, table, record, may in self.looks():
            self.ground.must_see(reader.seat, table, record, may, f"step {self.steps} at {self.now}")
            type(self).seen += may
        self.passes(timedelta(seconds=1))

    def passes(self, time: timedelta) -> None:
        self.now += time
        self.ground.set_clock(self.now)

    @rule(time=PASSING)
    def time_passes(self, time: timedelta) -> None:
        self.passes(time)
        self.happened()

    def opens(self) -> None:
        """Whatever a reader needs is put right at once, so that a walk often stands where something is open."""
        raise NotImplementedError

    @rule()
    def all_is_in_order_again(self) -> None:
        for reader in self.readers:
            self.has_device(reader, True)
            self.proves(reader)
        self.opens()
        self.happened()

    def proves(self, reader: Reader) -> None:
        reader.proved_at = reader.posture_at = self.now
        self.ground.prove(reader.seat.session, self.now)

    def has_device(self, reader: Reader, has: bool) -> None:
        if reader.lost == has:
            reader.lost = not has
            self.ground.lose(reader.seat.session, None if has else self.now)

    @rule(which=WHICH)
    def somebody_signs_in_afresh(self, which: int) -> None:
        self.proves(self.readers[which % len(self.readers)])
        self.happened()

    @rule(which=WHICH, lost=st.booleans())
    def a_device_is_lost_or_found(self, which: int, lost: bool) -> None:
        self.has_device(self.readers[which % len(self.readers)], not lost)
        self.happened()

    def teardown(self) -> None:
        self.ground.end()


@dataclass
class Answer:
    id: UUID
    said_at: datetime
    about: str
    to: UUID
    said: str
    language: str
    ends: datetime | None


@dataclass
class Sent:
    id: UUID
    ends: datetime | None
    answer: Answer | None = None
    done: bool = False
    over: bool = False
    right: bool = True


def on(thing: Answer | Sent, machine: Machine) -> bool:
    return thing.ends is None or thing.ends > machine.now


def begin_person(ground: Ground, person: UUID, by: Seat, language: str, reference: str = "") -> None:
    ground.do(
        "INSERT INTO survivors_person (id, controller_id, centre_id, reference, age, languages, interpreter,"
        " interpreter_gender, needs, access_needs, begun_at, version)"
        " VALUES (%s, %s, %s, %s, 'adult', %s, 'yes', 'any', '{}', '{}', %s, 1)",
        person,
        by.agency,
        uuid4(),
        reference or person.hex[:8],
        [language],
        START,
    )


def begin_identity(ground: Ground, record: UUID, person: UUID, by: Seat) -> None:
    sealed = (
        "given_names",
        "family_name",
        "also_known_as",
        "date_of_birth",
        "stated_age",
        "age_confidence",
        "sex",
        "nationality",
        "care_of",
        "national_insurance",
        "contact",
        "contact_is_safe",
    )
    ground.do(
        f"INSERT INTO survivors_identity (id, controller_id, person_id, recorded_by, recorded_at, version,"
        f" {', '.join(sealed)}) VALUES (%s, %s, %s, %s, %s, 1, {', '.join(chr(39) * 2 for _ in sealed)})",
        record,
        by.agency,
        person,
        by.membership,
        START,
    )


def disclose(
    ground: Ground, sent: Sent, subject: UUID, by: Seat, to: Seat, cell: tuple[str, str, str], now: datetime
) -> None:
    data_class, projection, purpose = cell
    done = (uuid4(), now, now) if sent.done else (None, None, None)
    ground.do(
        "INSERT INTO sharing_disclosure (id, subject_id, from_agency_id, to_agency_id, data_class, projection, fields,"
        " purpose, basis, answer_id, at_once, initiated_by, asked_at, approved_by, approved_at, completed_at,"
        " expires_at, payload_digest, refusal)"
        " VALUES (%s, %s, %s, %s, %s, %s, '{a}', %s, %s, %s, false, %s, %s, %s, %s, %s, %s, '', '')",
        sent.id,
        subject,
        by.agency,
        to.agency,
        data_class,
        projection,
        purpose,
        "consent" if sent.answer else "statute",
        sent.answer.id if sent.answer else None,
        by.membership,
        now,
        *done,
        sent.ends,
    )
