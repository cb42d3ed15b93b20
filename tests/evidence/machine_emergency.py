"""The glass that is broken opens one record for four hours, and an address only with a second yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .ground import Seat
from .machines import HOUR, START, Machine, Reader, begin_identity, begin_person

MINUTE = timedelta(minutes=1)
THREAT = "TTL-2026-1"


@dataclass
class Call:
    """One emergency: who broke the glass over the person, and who answered."""

    id: UUID
    by_police: bool
    right_reference: bool
    threat: bool
    at: datetime
    peer: str = ""
    peer_at: datetime | None = None
    second_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        return self.right_reference and self.at <= now < self.at + 4 * HOUR

    def address_opens(self, now: datetime) -> bool:
        """The holder's yes within ten minutes; or nobody's answer for two, then another command's yes, until a no."""
        if not (self.live(now) and self.threat):
            return False
        agreed = self.peer == "yes" and self.peer_at is not None and self.peer_at - self.at <= 10 * MINUTE
        return agreed or (self.second_at is not None and self.peer != "no")


class Emergency(Machine):
    """The glass over one person's record: four hours, and the address only with a threat and a second yes."""

    def seats(self) -> list[Seat]:
        self.manager = self.ground.seat("reception_manager", "reception_manager", "support")
        self.police = self.ground.seat("op_commander", "op_commander", "op_safety")
        self.other = self.ground.seat("review_officer", "review_officer", "custody")
        return [self.police, self.manager]

    def __init__(self) -> None:
        super().__init__()
        self.person, self.record, self.place = uuid4(), uuid4(), uuid4()
        self.reference = self.person.hex[:8]
        self.calls: list[Call] = []
        begin_person(self.ground, self.person, self.manager, "ro", self.reference)
        begin_identity(self.ground, self.record, self.person, self.manager)
        self.ground.do(
            "INSERT INTO survivors_nextplace (id, controller_id, person_id, recorded_by, recorded_at, kind, address,"
            " from_at, version) VALUES (%s, %s, %s, %s, %s, 'safe-house', '', %s, 0)",
            self.place,
            self.manager.agency,
            self.person,
            self.manager.membership,
            START,
            START,
        )

    def opens(self) -> None:
        self.breaks_it(True, True, True)
        self.answers(self.calls[-1], "yes")

    def looks(self) -> list[tuple[Reader, str, UUID, bool]]:
        police, manager = self.readers
        address = any(call.by_police and call.address_opens(self.now) for call in self.calls)
        record = any(not call.by_police and call.live(self.now) for call in self.calls)
        able = [reader.device(self.now) and reader.fresh(self.now) for reader in self.readers]
        return [
            (police, "survivors_nextplace", self.place, address and able[0]),
            (manager, "survivors_identity", self.record, record and able[1]),
        ]

    @rule(
        by_police=st.booleans(),
        right=st.sampled_from([True, True, True, False]),
        threat=st.sampled_from([True, True, False]),
    )
    def somebody_breaks_the_glass(self, by_police: bool, right: bool, threat: bool) -> None:
        self.breaks_it(by_police, right, threat)
        self.happened()

    def breaks_it(self, by_police: bool, right: bool, threat: bool) -> None:
        call = Call(uuid4(), by_police, right, threat, self.now)
        seat = self.police if by_police else self.manager
        purpose = "op_safety" if by_police else "support"
        asked = (
            "INSERT INTO sharing_emergency (id, reference, subject_id, holder_id, membership_id, agency_id, purpose,"
            " reason, threat_reference, opened_at, expires_at, peer_said, own_review, holder_review) VALUES"
            f" ('{call.id}', '{self.reference if right else 'R-NOBODY'}', '{uuid4()}', '{uuid4()}',"
            f" '{seat.membership}',"
            f" '{seat.agency}', '{purpose}', 'danger', '{THREAT if threat else ''}', access_now(),"
            " access_now() + interval '4 hours', '', '', '')"
        )
        self.ground.must_let(seat, asked, True, f"breaks the glass at {self.now}")
        self.calls.append(call)

    @precondition(lambda self: self.calls)
    @rule(newest=st.booleans(), said=st.sampled_from(["yes", "no"]))
    def whoever_holds_the_record_answers(self, newest: bool, said: str) -> None:
        self.answers(self.calls[-1 if newest else 0], said)
        self.happened()

    def answers(self, call: Call, said: str) -> None:
        """Only a threat is theirs to answer, only another agency's, and once."""
        mine_to_answer = call.by_police and call.right_reference and call.threat and not call.peer
        self.ground.must_let(
            self.manager,
            f"UPDATE sharing_emergency SET peer_by = '{self.manager.membership}', peer_said = '{said}',"
            f" peer_at = access_now() WHERE id = '{call.id}'",
            mine_to_answer,
            f"answers {call} at {self.now}",
        )
        if mine_to_answer:
            call.peer, call.peer_at = said, self.now

    @precondition(lambda self: self.calls)
    @rule(newest=st.booleans())
    def an_officer_of_another_command_agrees(self, newest: bool) -> None:
        call = self.calls[-1 if newest else 0]
        able = call.threat and not call.peer and call.second_at is None and self.now - call.at >= 2 * MINUTE
        self.ground.must_let(
            self.other,
            f"UPDATE sharing_emergency SET second_by = '{self.other.membership}', second_at = access_now()"
            f" WHERE id = '{call.id}'",
            able,
            f"agrees to {call} at {self.now}",
        )
        if able:
            call.second_at = self.now
        self.happened()
