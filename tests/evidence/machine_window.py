"""The days of an operation open a brief, and its last hours an address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .ground import Seat
from .machines import DAY, HOUR, START, Machine, Reader


class Window(Machine):
    """A partner's brief and a site's address: from fourteen days before to three days after; the address later."""

    def seats(self) -> list[Seat]:
        self.lead = self.ground.seat("op_commander", "op_commander", "op_planning")
        return [self.ground.seat("op_member_fire", "op_member", p) for p in ("op_planning", "op_safety")]

    def __init__(self) -> None:
        super().__init__()
        self.operation, self.site, self.place, self.brief = (uuid4() for _ in range(4))
        self.planned, self.stood_down = START + DAY, False
        self.site_opens, self.brief_opens = self.planned - 12 * HOUR, self.planned - 2 * DAY
        self.superseded, self.agreement = False, False
        self.named: list[datetime | None] = []
        """When the sites open to them early; empty while they are not on the roster."""
        self.begins()
        self.opens()

    def begins(self) -> None:
        lead = (self.lead.agency, START, self.operation)
        self.ground.do(
            "INSERT INTO operations_operation VALUES (%s, %s, %s, 'R', '', '', 'pursue', 'planned', %s, NULL, NULL, 1,"
            " false, 1, NULL)",
            self.operation,
            self.lead.agency,
            START,
            self.planned,
        )
        self.ground.do(
            "INSERT INTO operations_site (id, controller_id, recorded_at, operation_id, ref, premises, expected,"
            " languages, opens_at, host_agreed_by, entry_power, version)"
            " VALUES (%s, %s, %s, %s, 'A', 'flat', '1-5', '{}', %s, '', '', 1)",
            self.site,
            *lead,
            self.site_opens,
        )
        self.ground.do(
            "INSERT INTO operations_siteplace VALUES (%s, %s, %s, %s, %s, '', '')", self.place, *lead, self.site
        )
        self.ground.do(
            "INSERT INTO operations_brief VALUES (%s, %s, %s, %s, %s, 'site', 1, %s, '', '', 1, NULL)",
            self.brief,
            *lead,
            self.readers[0].seat.agency,
            self.brief_opens,
        )

    def opens(self) -> None:
        self.plans(self.now + 3 * HOUR, False)
        self.supersedes(False)
        self.names(None)
        self.agrees(True)

    def looks(self) -> list[tuple[Reader, str, UUID, bool]]:
        able = bool(self.named) and self.readers[0].device(self.now)
        inside = not self.stood_down and self.planned - 14 * DAY <= self.now <= self.planned + 3 * DAY
        early = any(since is not None and since <= self.now for since in self.named)
        address = self.now >= self.site_opens or early
        brief = not self.superseded and self.agreement and (self.brief_opens <= self.now or early)
        planning, safety = self.readers
        return [
            (planning, "operations_brief", self.brief, able and inside and brief),
            (safety, "operations_siteplace", self.place, able and inside and address),
        ]

    def proves(self, reader: Reader) -> None:
        """Both contexts are one person's, at one device."""
        for one in self.readers:
            one.proved_at = one.posture_at = self.now
        self.ground.prove(reader.seat.session, self.now)

    def has_device(self, reader: Reader, has: bool) -> None:
        for one in self.readers:
            one.lost = not has
        self.ground.lose(reader.seat.session, None if has else self.now)

    @rule(
        hours=st.sampled_from([-80, -70, -3, 3, 11, 13, 40, 13 * 24, 15 * 24]),
        stood_down=st.sampled_from([False, False, True]),
    )
    def the_commander_moves_it_or_stands_it_down(self, hours: int, stood_down: bool) -> None:
        self.plans(self.now + hours * HOUR, stood_down)
        self.happened()

    def plans(self, planned: datetime, stood_down: bool) -> None:
        self.planned, self.stood_down = planned, stood_down
        self.site_opens, self.brief_opens = planned - 12 * HOUR, planned - 2 * DAY
        state = "stood-down" if stood_down else "planned"
        self.ground.do(
            "UPDATE operations_operation SET planned_for = %s, state = %s WHERE id = %s", planned, state, self.operation
        )
        self.ground.do("UPDATE operations_site SET opens_at = %s WHERE id = %s", self.site_opens, self.site)
        self.ground.do("UPDATE operations_brief SET opens_at = %s WHERE id = %s", self.brief_opens, self.brief)

    @rule(hours=st.sampled_from([None, None, -1, 2, 24]))
    def somebody_is_named_on_it(self, hours: int | None) -> None:
        """``hours``: a planner whom the commander lets see the sites early."""
        self.names(None if hours is None else self.now + hours * HOUR)
        self.happened()

    def names(self, sites_from: datetime | None) -> None:
        self.takes_off()
        seat = self.readers[0].seat
        self.ground.do(
            "INSERT INTO operations_roster VALUES (%s, %s, %s, %s, 'crew', %s, %s, NULL)",
            uuid4(),
            self.operation,
            seat.membership,
            seat.agency,
            sites_from,
            self.now,
        )
        self.named.append(sites_from)

    @rule()
    def they_are_taken_off_it(self) -> None:
        self.takes_off()
        self.happened()

    def takes_off(self) -> None:
        self.named.clear()
        self.ground.do(
            "UPDATE operations_roster SET until = %s WHERE operation_id = %s AND until IS NULL",
            self.now,
            self.operation,
        )

    @rule(superseded=st.booleans())
    def a_newer_brief_takes_its_place(self, superseded: bool) -> None:
        self.supersedes(superseded)
        self.happened()

    def supersedes(self, superseded: bool) -> None:
        self.superseded = superseded
        at = self.now if superseded else None
        self.ground.do("UPDATE operations_brief SET superseded_at = %s WHERE id = %s", at, self.brief)

    @rule(agreed=st.booleans())
    def the_agreement_is_signed_or_ended(self, agreed: bool) -> None:
        self.agrees(agreed)
        self.happened()

    def agrees(self, agreed: bool) -> None:
        to = self.readers[0].seat.agency
        self.agreement = agreed
        self.ground.do("DELETE FROM sharing_agreement WHERE to_agency_id = %s", to)
        if agreed:
            self.ground.do(
                "INSERT INTO sharing_agreement (id, from_agency_id, to_agency_id, data_class, purpose, fields, basis,"
                " dpia_ref, starts, begun_by, signed_by_from, signed_by_to, signed_at, paper_by) VALUES (%s, %s, %s,"
                " 'operation', 'op_planning', '{brief}', 'A law', 'D', '2026-01-01', %s, %s, %s, %s, '')",
                uuid4(),
                self.lead.agency,
                to,
                uuid4(),
                uuid4(),
                uuid4(),
                self.now,
            )
