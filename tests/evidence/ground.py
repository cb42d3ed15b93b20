"""Where state machines walk: a copy of the database whose clock the test sets, seen through the application's own eyes.

What happens is written as the database's owner, so that a machine may do what no action would; what is seen is asked as
the application's role, through the row policies and the facts that stand in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection

from wilberforce.agencies.cast import Cast
from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base import postgres

CLOCK = """
CREATE OR REPLACE FUNCTION access_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('evidence.now', true), '')::timestamptz, statement_timestamp())
$$;
"""
EYES = """
CREATE FUNCTION evidence_sees_{table}(p_token uuid, p_record uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('wb.token', p_token::text, true);
    RETURN EXISTS (SELECT FROM {table} WHERE id = p_record);
END $$;
ALTER FUNCTION evidence_sees_{table}(uuid, uuid) OWNER TO wb_app;
"""
HANDS = """
CREATE FUNCTION evidence_does(p_token uuid, p_sql text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE done int;
BEGIN
    PERFORM set_config('wb.token', p_token::text, true);
    EXECUTE p_sql;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done = 1;
EXCEPTION WHEN insufficient_privilege OR integrity_constraint_violation THEN RETURN false;
END $$;
ALTER FUNCTION evidence_does(uuid, text) OWNER TO wb_app;
"""
SEAT = """
INSERT INTO access_context VALUES (%s, %s, %s, %s, %s, %s, ARRAY[%s], %s, %s, NULL, NULL, true,
    access_grants(%s, %s, %s, NULL), 'infinity')
"""
WATCHED = (
    "survivors_identity", "survivors_nextplace", "intelligence_item", "survivors_person", "operations_brief",
    "operations_siteplace", "concerns_report",
)  # fmt: skip


@dataclass(frozen=True)
class Seat:
    token: UUID
    session: bytes
    membership: UUID
    agency: UUID


class Ground:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.sessions: dict[str, bytes] = {}
        self.seats: dict[tuple[str, str, str], Seat] = {}
        known = postgres.find().connection
        self.at = psycopg.connect(
            host=known["PGHOST"], port=known.get("PGPORT", "5432"), user=known["PGUSER"],
            dbname=str(connection.settings_dict["NAME"]),
        )  # fmt: skip
        self.at.execute("SET plan_cache_mode = force_generic_plan")
        self.at.execute("SET jit = off")
        self.at.execute(CLOCK + HANDS + "".join(EYES.format(table=table) for table in WATCHED))  # type: ignore[arg-type]
        self.at.commit()
        self.asked: list[tuple[Any, Any, str]] = []
        self.pipeline: Any = None

    def seat(self, part: str, role: str, purpose: str) -> Seat:
        """Somebody of the cast at work, in a context that never ends by itself; their sitting does."""
        key = (part, role, purpose)
        if key not in self.seats:
            who = self.cast[part]
            session = self.sessions.setdefault(part, b"") or seat_without_browser(who)
            self.sessions[part] = session
            seat = Seat(uuid4(), session, who.pk, who.agency_id)
            kind = who.agency.kind
            given = (seat.token, session, who.pk, who.agency_id, kind, role, role, purpose, who.vetting)
            self.at.execute(SEAT, [*given, kind, role, purpose])
            self.at.commit()
            self.seats[key] = seat
        return self.seats[key]

    def begin(self, now: datetime) -> None:
        """Of one transaction that is undone. Nothing waits for an answer before its end."""
        if self.pipeline is None:
            self.pipeline = self.at.pipeline()
            self.pipeline.__enter__()
        self.asked.clear()
        self.at.rollback()
        self.set_clock(now)
        for session in self.sessions.values():
            self.prove(session, now)

    def set_clock(self, now: datetime) -> None:
        self.do("SELECT set_config('evidence.now', %s, true)", now.isoformat())

    def prove(self, session: bytes, now: datetime) -> None:
        """They signed in afresh, on a device that has just said how it is."""
        self.do("UPDATE agencies_signedin SET stepped_up_at = %s WHERE session_key_hash = %s", now, session)
        self.do(
            "UPDATE agencies_device SET posture_at = %s WHERE id = "
            "(SELECT device_id FROM agencies_signedin WHERE session_key_hash = %s)", now, session,
        )  # fmt: skip

    def lose(self, session: bytes, at: datetime | None) -> None:
        self.do(
            "UPDATE agencies_device SET revoked_at = %s WHERE id = "
            "(SELECT device_id FROM agencies_signedin WHERE session_key_hash = %s)", at, session,
        )  # fmt: skip

    def do(self, sql: str, *given: Any) -> None:
        self.at.execute(sql, given)  # type: ignore[arg-type]

    def must(self, answer: Any, words: str, sql: str, *given: Any) -> None:
        """What the database has to answer; it is read with all the others, at the end."""
        self.asked.append((self.at.execute(sql, given), answer, words))  # type: ignore[arg-type]

    def must_see(self, seat: Seat, table: str, record: UUID, may: bool, when: str) -> None:
        self.must(may, f"{when}: {table}", f"SELECT evidence_sees_{table}(%s, %s)", seat.token, record)

    def must_let(self, seat: Seat, sql: str, let: bool, when: str) -> None:
        """Whether the database lets them: one row, and no refusal."""
        self.must(let, when, "SELECT evidence_does(%s, %s)", seat.token, sql)

    def end(self) -> None:
        try:
            told = [(cursor.fetchone(), answer, words) for cursor, answer, words in self.asked]
        finally:
            self.asked.clear()
            self.at.rollback()
        wrong = [
            f"{words}: the database says {row[0]}, the model {answer}"
            for row, answer, words in told
            if row[0] != answer
        ]
        assert not wrong, wrong[0]

    def close(self) -> None:
        if self.pipeline is not None:
            self.pipeline.__exit__(None, None, None)
        self.at.rollback()
        self.at.close()
