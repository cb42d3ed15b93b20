"""No leaf, no bytes; and nothing that somebody typed stands anywhere but under its seal."""

from __future__ import annotations

import logging
import re
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test import Client

from wilberforce.agencies.models import SignedIn
from wilberforce.base.ids import random_id
from wilberforce.base.postgres import django_database
from wilberforce.concerns import actions as concerns
from wilberforce.ledger import leaves
from wilberforce.ledger.doors import at_public_door
from wilberforce.ledger.policy import LEAVES
from wilberforce.operations import actions as operations

from .conftest import Day

CANARY = "ZQXCANARY"


def kept(at: Any, part: str = "guardian_police") -> list[dict[str, Any]]:
    with at(part, "oversight") as actor:
        found: list[dict[str, Any]] = LEAVES.many(
            actor, projection="own_agency_entries", order_by=("-at", "-id"), limit=500
        )
    return found


@pytest.mark.django_db
def test_where_no_leaf_can_be_written_nothing_is_shown(
    day: Day, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = signed_in("op_commander"), f"/op-safety/{day.one('operations_operation')}/log/"
    assert b"Briefing held" in client.get(path).content

    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(leaves, "insert", full)
    refused = client.get(path)
    assert (refused.status_code, b"Briefing held" in refused.content) == (503, False)


@pytest.mark.django_db
def test_a_change_that_cannot_be_recorded_is_not_made(
    day: Day, signed_in: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = day.one("operations_operation")
    before = lines(at, operation)
    with monkeypatch.context() as broken:
        broken.setattr(leaves, "insert", lambda *_, **__: (_ for _ in ()).throw(DatabaseError()))
        form = {"purpose": "op_safety", "text": "Never kept", "once": str(random_id())}
        assert signed_in("op_commander").post(f"/op-safety/{operation}/log/", form).status_code == 503
    assert lines(at, operation) == before


def lines(at: Any, operation: Any) -> int:
    from wilberforce.operations.policy import LOG

    with at("op_commander", "op_safety") as actor:
        return LOG.count(actor)


@pytest.mark.django_db
def test_whoever_is_shown_another_person_s_version_left_a_leaf_of_reading_it(day: Day, signed_in: Any, at: Any) -> None:
    operation = day.one("operations_operation")
    client = signed_in("op_commander")
    form = {
        "purpose": "op_planning", "name": "Another name", "objectives": "Others", "version": "0",
        "once": str(random_id()),
    }  # fmt: skip
    page = client.get(f"/op-planning/{operation}/change/").content.decode()
    assert "Operation Wilberforce" in page
    before = len(read_of(at, "operation"))
    answer = client.post(f"/op-planning/{operation}/change/", form | moments(page))
    assert answer.status_code == 409
    assert len(read_of(at, "operation")) == before + 1


def moments(page: str) -> dict[str, str]:
    """The date and time as the page's own form offers them."""
    return dict(re.findall(r'name="(planned_for[^"]*)"[^>]*value="([^"]*)"', page))


def read_of(at: Any, data_class: str) -> list[dict[str, Any]]:
    return [one for one in kept(at) if (one["subject_class"], one["op"], one["purpose"]) == (
        data_class, "consultation", "op_planning")]  # fmt: skip


@pytest.mark.django_db
def test_what_a_broken_rule_undid_left_no_leaf_of_having_been_written(day: Day, signed_in: Any, at: Any) -> None:
    """The same agency asked twice: nothing is written, and the ledger says so."""
    asked = str(day.story.agency("dwp").pk)
    form = {"purpose": "op_planning", "agency_id": asked, "brings": "x", "power": "x", "once": str(random_id())}
    before = [one for one in kept(at) if one["op"] in ("collection", "alteration")]
    signed_in("op_commander").post(f"/op-planning/{day.one('operations_operation')}/add/partner/", form)
    assert [one for one in kept(at) if one["op"] in ("collection", "alteration")] == before


@pytest.mark.django_db
def test_whoever_lacks_a_fresh_proof_is_refused_and_the_refusal_is_kept(signed_in: Any, at: Any, cast: Any) -> None:
    client = signed_in("op_commander")
    SignedIn.objects.filter(membership=cast["op_commander"]).update(stepped_up_at=None)
    assert client.get("/op-planning/new/").status_code == 403
    assert [one["allowed"] for one in kept(at)][:1] == [False]


@pytest.mark.django_db(transaction=True)
def test_what_is_typed_into_grave_records_stands_in_the_clear_nowhere(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    word = iter(f"{CANARY}{number}" for number in range(40))
    with at_public_door("triage") as reporter:
        concerns.report(
            reporter, body=next(word), where=next(word), when_seen=next(word), contact=next(word),
            safe_times=next(word), identity_choice="confidential",
        )  # fmt: skip
    client = Client()
    client.post(
        "/report/", {"purpose": "triage", "body": next(word), "where": next(word), "danger_now": "no", "child": "no"}
    )
    client.post("/report/again/", {"purpose": "triage", "code": next(word)})
    with day.story.door("op_commander", "op_planning") as actor:
        other = operations.plan(
            actor, name=next(word), objectives=next(word), strand="pursue", planned_for=day.story.at(hours=8)
        )
        operations.add_site(
            actor, other.pk, ref="Z", place="Derby", premises="suspected-brothel", address=next(word),
            expected="1-5", languages=["sq"], hazards=next(word),
        )  # fmt: skip
    with day.story.door("op_commander", "op_safety") as actor:
        operations.log(actor, day.one("operations_operation"), text=next(word))
    with day.story.door("op_member_b", "op_safety") as actor:
        operations.record_found(
            actor, day.story.ids["site_B"], age="adult", sex="female", languages=["sq"], injury="none", note=next(word)
        )
    assert in_the_clear() == []
    assert CANARY not in caplog.text


def in_the_clear() -> list[str]:
    """Every column of every table, as text and as bytes, read as the role that makes the backups."""
    given = django_database(role="backup", name=connection.settings_dict["NAME"])
    wanted = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"] or None}
    if given.get("PASSWORD"):
        wanted["password"] = given["PASSWORD"]
    found = []
    with psycopg.connect(**wanted) as whole:
        tables = whole.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT')"
        ).fetchall()
        assert len(tables) > 50
        assert whole.execute("SELECT count(*) > 1 FROM concerns_report").fetchone() == (True,)
        for (table,) in tables:
            patterns = (f"%{CANARY}%", f"%{CANARY.encode().hex()}%")
            row = whole.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE ANY (%s)", [list(patterns)]
            ).fetchone()
            if row and row[0]:
                found.append(table)
    return found
