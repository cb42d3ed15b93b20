"""What is kept and erased: two guardians, after the time, and never under a hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .ground import Seat
from .machines import DAY, START, Machine, Reader


@dataclass
class Look:
    """A guardian's review of the report whose time is over."""

    id: UUID
    by: UUID
    kept: bool


class Retention(Machine):
    """A report that was judged goes after ninety days, by two guardians, never under a hold; until then it waits."""

    def seats(self) -> list[Seat]:
        purpose = ("data_guardian", "oversight")
        self.guardians = [self.ground.seat(part, *purpose) for part in ("guardian_police", "guardian_police_2")]
        self.stranger = self.ground.seat("guardian_city", *purpose)
        return [self.ground.seat("report_desk", "report_desk", "triage")]

    def __init__(self) -> None:
        super().__init__()
        self.report = uuid4()
        self.home = self.guardians[0].agency
        self.judged_at: datetime | None = None
        self.gone = False
        self.holds: list[tuple[UUID, bool]] = []
        self.reviews: list[Look] = []
        self.begins_report()

    def begins_report(self) -> None:
        self.ground.do(
            "INSERT INTO concerns_report (id, controller_id, received_at, channel, language, danger_now, child,"
            ' identity_choice, indicators, body, "where", when_seen, contact_marks, priority, state, outcome, version)'
            " VALUES (%s, %s, %s, 'web', 'en', 'no', 'no', 'anonymous', '{}', '', '', '', '{}', 1, 'waiting', '', 1)",
            self.report,
            self.home,
            START,
        )

    def opens(self) -> None:
        """A report erased before comes back for the walk as a new one."""
        if self.gone:
            self.report, self.gone, self.judged_at = uuid4(), False, None
            self.holds, self.reviews = [], []
            self.begins_report()

    def looks(self) -> list[tuple[Reader, str, UUID, bool]]:
        reader = self.readers[0]
        return [(reader, "concerns_report", self.report, reader.device(self.now) and not self.gone)]

    @rule(ago=st.sampled_from([0, 80, 89, 90, 91]))
    def the_desk_judges_it(self, ago: int) -> None:
        self.judged_at = self.now - ago * DAY
        self.ground.do("UPDATE concerns_report SET triaged_at = %s WHERE id = %s", self.judged_at, self.report)
        self.happened()

    @rule(data_class=st.sampled_from(["", "report_raw", "identity"]), home=st.sampled_from([True, True, False]))
    def somebody_holds_it(self, data_class: str, home: bool) -> None:
        hold = uuid4()
        agency = self.home if home else self.stranger.agency
        self.ground.do(
            "INSERT INTO stewardship_hold VALUES (%s, %s, %s, %s, 'cpia', 'R', %s, '2027-01-01', %s, NULL, NULL)",
            hold,
            agency,
            self.report,
            data_class,
            uuid4(),
            self.now,
        )
        self.holds.append((hold, home and data_class != "identity"))
        self.happened()

    @precondition(lambda self: self.holds)
    @rule()
    def a_hold_ends(self) -> None:
        hold, _ = self.holds.pop()
        self.ground.do("UPDATE stewardship_hold SET ended_at = %s WHERE id = %s", self.now, hold)
        self.happened()

    @rule(which=st.integers(0, 1), kept=st.sampled_from([False, False, True]))
    def a_guardian_looks_at_it(self, which: int, kept: bool) -> None:
        look = Look(uuid4(), self.guardians[which].membership, kept)
        self.ground.do(
            "INSERT INTO stewardship_review VALUES (%s, %s, %s, 'report_raw', %s, %s, %s, '', NULL, NULL, NULL)",
            look.id,
            self.home,
            self.report,
            look.by,
            self.now,
            "2027-06-01" if kept else None,
        )
        self.reviews.append(look)
        self.happened()

    @precondition(lambda self: self.reviews)
    @rule(which=st.integers(0, 2))
    def somebody_erases_it(self, which: int) -> None:
        seat, look = [*self.guardians, self.stranger][which], self.reviews[-1]
        over = self.judged_at is not None and self.judged_at <= self.now - 90 * DAY
        held = any(stands for _, stands in self.holds)
        goes = which < 2 and seat.membership != look.by and not look.kept and over and not held and not self.gone
        self.ground.do("SELECT set_config('wb.token', %s, true)", str(seat.token))
        self.ground.must(
            goes, f"erases at {self.now}", "SELECT stewardship_erase(%s, %s) IS NOT NULL", look.id, self.now - 90 * DAY
        )
        if goes:
            self.gone, self.reviews = True, []
        self.happened()
