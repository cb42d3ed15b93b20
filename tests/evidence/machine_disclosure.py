"""What was sent opens a record while it is not recalled and both sides agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .ground import Seat
from .machines import LASTING, LONDON, START, Machine, Reader, Sent, disclose, on


@dataclass
class Agreed:
    id: UUID
    starts: date
    ends: date | None
    right: bool
    signatures: set[str] = field(default_factory=set)
    over: bool = False


class Disclosure(Machine):
    """HMRC reads what was sent to it while it is not recalled and an agreement of both sides lives."""

    def seats(self) -> list[Seat]:
        self.police = self.ground.seat("guardian_police", "data_guardian", "oversight")
        self.hmrc = self.ground.seat("partner_hmrc", "partner_investigator", "regulatory")
        return [self.hmrc]

    def __init__(self) -> None:
        super().__init__()
        self.item = uuid4()
        self.sent: list[Sent] = []
        self.agreed: list[Agreed] = []
        self.ground.do(
            "INSERT INTO intelligence_item (controller_id, handling, handling_level, handling_agencies, recorded_at,"
            " version, id, text, source_grade, assessment, conditions, priority, originator, sanitised_by,"
            " sanitised_at)"
            " VALUES (%s, 'P', 1, '{}', %s, 1, %s, '', 1, 'A', '', 1, %s, %s, %s)",
            self.police.agency,
            START,
            self.item,
            self.police.membership,
            self.police.membership,
            START,
        )
        self.opens()

    def opens(self) -> None:
        self.draws_up(0, 20, "all", "to them")
        self.signs(self.agreed[-1], "from")
        self.signs(self.agreed[-1], "to")
        self.offers(None, True, "business_and_suspect", "regulatory")
        self.lets_go(self.sent[-1])

    def looks(self) -> list[tuple[Reader, str, UUID, bool]]:
        today = self.now.astimezone(LONDON).date()
        sent = any(s.right and s.done and not s.over and on(s, self) for s in self.sent)
        agreed = any(
            a.right
            and len(a.signatures) == 2
            and not a.over
            and a.starts <= today
            and (a.ends is None or today <= a.ends)
            for a in self.agreed
        )
        reader = self.readers[0]
        return [(reader, "intelligence_item", self.item, sent and agreed and reader.device(self.now))]

    @rule(
        starts=st.integers(-1, 2),
        lasts=st.sampled_from([None, 0, 1, 20]),
        fields=st.sampled_from(["all", "business_and_suspect", "business_and_suspect", "something_else"]),
        way=st.sampled_from(["to them", "to them", "to them", "to us", "another purpose", "another class"]),
    )
    def an_agreement_is_drawn_up(self, starts: int, lasts: int | None, fields: str, way: str) -> None:
        self.draws_up(starts, lasts, fields, way)
        self.happened()

    def draws_up(self, starts: int, lasts: int | None, fields: str, way: str) -> None:
        begins = self.now.astimezone(LONDON).date() + timedelta(days=starts)
        ends = None if lasts is None else begins + timedelta(days=lasts)
        agreed = Agreed(uuid4(), begins, ends, way == "to them" and fields != "something_else")
        sides = (self.police.agency, self.hmrc.agency) if way != "to us" else (self.hmrc.agency, self.police.agency)
        self.ground.do(
            "INSERT INTO sharing_agreement (id, from_agency_id, to_agency_id, data_class, purpose, fields, basis,"
            " dpia_ref, starts, ends, begun_by, paper_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'A law', 'DPIA', %s, %s, %s, '')",
            agreed.id,
            *sides,
            "suspect" if way == "another class" else "intel",
            "intelligence" if way == "another purpose" else "regulatory",
            [fields],
            begins,
            ends,
            self.police.membership,
        )
        self.agreed.append(agreed)

    @precondition(lambda self: any(len(a.signatures) < 2 for a in self.agreed))
    @rule()
    def the_next_guardian_signs(self) -> None:
        agreed = next(a for a in self.agreed if len(a.signatures) < 2)
        self.signs(agreed, "to" if agreed.signatures else "from")
        self.happened()

    def signs(self, agreed: Agreed, side: str) -> None:
        agreed.signatures.add(side)
        self.ground.do(
            f"UPDATE sharing_agreement SET signed_by_{side} = %s, signed_at = %s WHERE id = %s",
            uuid4(),
            self.now,
            agreed.id,
        )

    @precondition(lambda self: any(not a.over for a in self.agreed))
    @rule(newest=st.booleans())
    def a_guardian_ends_one(self, newest: bool) -> None:
        agreed = [a for a in self.agreed if not a.over][-1 if newest else 0]
        agreed.over = True
        self.ground.do("UPDATE sharing_agreement SET ended_at = %s WHERE id = %s", self.now, agreed.id)
        self.happened()

    @rule(
        lasts=LASTING,
        to_hmrc=st.sampled_from([True, True, True, False]),
        projection=st.sampled_from(["business_and_suspect", "business_and_suspect", "queue"]),
        purpose=st.sampled_from(["regulatory", "regulatory", "intelligence"]),
    )
    def somebody_offers_it(self, lasts: Any, to_hmrc: bool, projection: str, purpose: str) -> None:
        self.offers(lasts, to_hmrc, projection, purpose)
        self.happened()

    def offers(self, lasts: Any, to_hmrc: bool, projection: str, purpose: str) -> None:
        right = to_hmrc and (projection, purpose) == ("business_and_suspect", "regulatory")
        sent = Sent(uuid4(), self.now + lasts if lasts else None, right=right)
        to = self.hmrc if to_hmrc else self.police
        disclose(self.ground, sent, self.item, self.police, to, ("intel", projection, purpose), self.now)
        self.sent.append(sent)

    @precondition(lambda self: any(not s.done and not s.over for s in self.sent))
    @rule()
    def a_second_person_lets_it_go(self) -> None:
        self.lets_go(next(s for s in self.sent if not s.done and not s.over))
        self.happened()

    def lets_go(self, sent: Sent) -> None:
        sent.done = True
        self.ground.do(
            "UPDATE sharing_disclosure SET approved_by = %s, approved_at = %s, completed_at = %s WHERE id = %s",
            uuid4(),
            self.now,
            self.now,
            sent.id,
        )

    @precondition(lambda self: any(not s.done and not s.over for s in self.sent))
    @rule()
    def a_second_person_refuses_it(self) -> None:
        sent = next(s for s in self.sent if not s.done and not s.over)
        sent.over = True
        self.ground.do("UPDATE sharing_disclosure SET refused_at = %s WHERE id = %s", self.now, sent.id)
        self.happened()

    @precondition(lambda self: any(s.done and not s.over for s in self.sent))
    @rule(newest=st.booleans())
    def it_is_called_back(self, newest: bool) -> None:
        sent = [s for s in self.sent if s.done and not s.over][-1 if newest else 0]
        sent.over = True
        self.ground.do("UPDATE sharing_disclosure SET recalled_at = %s WHERE id = %s", self.now, sent.id)
        self.happened()
