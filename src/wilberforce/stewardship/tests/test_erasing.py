"""Every table of every class ends with its record or says why it stays, and what was erased opens no more."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from tools import verify_ledger
from wilberforce.access.protect import PROTECTED
from wilberforce.agencies.demo import seat_without_browser
from wilberforce.agencies.models import Membership, RoleHeld
from wilberforce.base import clock, keyring
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealBroken, open_sealed, place_of, sealed_fields
from wilberforce.concerns import actions as concerns
from wilberforce.ledger import checkpoint
from wilberforce.ledger.doors import at_public_door, at_work
from wilberforce.ledger.sequencer import connect
from wilberforce.ledger.tests.test_sequencer import settled
from wilberforce.stewardship import actions, jobs, rules
from wilberforce.stewardship.models import Due, Review

POINTS = {"person_id", "subject_id", "record_id", "operation_id", "report_id", "arrest_id"}
AFTER = timedelta(days=365 * 20)


class Later(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + AFTER


def asked(sql: str, values: Any = None) -> list[dict[str, Any]]:
    """As the role that passes row policies."""
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        return at.execute(sql, values).fetchall()


def going() -> list[tuple[str, str, str]]:
    rows = asked("SELECT data_class, name, rows FROM stewardship_goes ORDER BY place")
    return [(row["data_class"], row["name"], row["rows"]) for row in rows]


@pytest.mark.django_db
def test_every_class_table_goes_with_a_record_or_says_why_it_stays() -> None:
    goes = {name for _, name, _ in going()}
    assert goes.isdisjoint(rules.STAYS)
    assert set(PROTECTED) - goes - set(rules.STAYS) == set(), "add its line to stewardship_goes in a migration"


@pytest.mark.django_db
def test_whatever_else_points_at_a_record_says_why_it_stays() -> None:
    every = {model._meta.db_table: {f.attname for f in model._meta.concrete_fields} for model in apps.get_models()}
    others = {table for table, columns in every.items() if columns & POINTS and table not in PROTECTED}
    assert others - set(rules.STAYS) == set()


@pytest.mark.django_db
def test_what_goes_is_of_that_class_and_the_database_can_take_it_away() -> None:
    with_the_operation = {"press_guard", "press_formerbulletin", "custody_unused"}
    for data_class, table, rows in going():
        assert PROTECTED[table].data_class == data_class or table in with_the_operation
        right = asked("SELECT has_table_privilege('wb_search', %s, 'DELETE') AS may", [table])
        asked(f"SELECT 1 FROM {table} WHERE ({rows.replace('$1', 'gen_random_uuid()')}) AND controller_id IS NULL")
        assert right == [{"may": True}], table


FILLED = {
    "uuid": "gen_random_uuid()", "timestamp with time zone": "now()", "date": "current_date", "integer": "1",
    "smallint": "1", "bigint": "1", "boolean": "false", "bytea": "''", "jsonb": "'{}'", "ARRAY": "'{}'",
}  # fmt: skip


def bare(at: Any, table: str, **values: str) -> None:
    """A row with nothing in it but what it must have."""
    must = at.execute("SELECT column_name AS name, data_type AS kind FROM information_schema.columns"
                      " WHERE table_name = %s AND is_nullable = 'NO' AND is_identity = 'NO'", [table])  # fmt: skip
    row = {one["name"]: FILLED.get(one["kind"], "''") for one in must} | values
    names = ", ".join(f'"{name}"' for name in row)
    at.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(row.values())})")


@pytest.mark.django_db
def test_whoever_left_one_record_alone_becomes_due_with_it_and_their_reference_waits() -> None:
    of_a_person = [
        (data_class, table) for data_class, table, rows in going()
        if rows.startswith("person_id = $1") and data_class in ("identity", "support", "location", "health")
        and "former" not in table
    ]  # fmt: skip
    assert len(of_a_person) > 15
    with connect("owner") as at, at.transaction(force_rollback=True):
        tables = ", ".join(table for _, table in of_a_person)
        at.execute(f"GRANT INSERT ON survivors_person, {tables} TO wb_search")
        at.execute("SET ROLE wb_search")
        for data_class, table in of_a_person:
            person, agency = str(new_id()), str(new_id())
            with at.transaction(force_rollback=True):
                bare(at, "survivors_person", id=f"'{person}'", controller_id=f"'{agency}'", ended_at="now()")
                bare(at, table, person_id=f"'{person}'", controller_id=f"'{agency}'")
                begun = at.execute(
                    "SELECT data_class FROM stewardship_clock WHERE subject_id = %s", [person]
                ).fetchall()
                assert [row["data_class"] for row in begun] == [data_class], table


@pytest.fixture
def years_later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What was open has ended, and every period is over."""

    def pass_by() -> None:
        with connect("owner") as at:
            at.execute("GRANT UPDATE ON reception_presence, operations_operation, reception_centre, referrals_nrmform,"
                       " referrals_notification, concerns_report, stewardship_hold TO wb_search")  # fmt: skip
            at.execute("SET ROLE wb_search")
            at.execute("UPDATE reception_presence SET until = now() WHERE until IS NULL")
            at.execute("UPDATE operations_operation SET ended_at = now()")
            at.execute("UPDATE reception_centre SET closed_at = now()")
            at.execute("UPDATE referrals_nrmform SET closed_at = now()")
            at.execute("UPDATE referrals_notification SET checked_by = gen_random_uuid(), sent_at = now()")
            at.execute("UPDATE stewardship_hold SET ended_at = now()")
            at.execute("UPDATE concerns_report SET triaged_at = now()")
            at.execute("RESET ROLE")
            at.execute("CREATE OR REPLACE FUNCTION access_now() RETURNS timestamptz LANGUAGE sql STABLE AS"
                       f" 'SELECT statement_timestamp() + interval ''{AFTER.days} days'''")  # fmt: skip
        for module in (clock, timezone):
            monkeypatch.setattr(module, "datetime", Later)

    return pass_by


def two_guardians(agency: Any) -> list[Membership]:
    members = list(Membership.objects.filter(agency_id=agency, ends=None).order_by("pk"))
    held = RoleHeld.objects.filter(membership__in=members, role="data_guardian", ends=None)
    guardians = {one.membership_id for one in held}
    for member in members:
        if len(guardians) < 2 and member.pk not in guardians:
            RoleHeld.objects.create(membership=member, role="data_guardian")
            guardians.add(member.pk)
    return [member for member in members if member.pk in guardians][:2]


def begin(actor: Any, data_class: str, subject: Any) -> Any:
    """Or what a guardian began on the day itself."""
    open_ = {"agency_id": actor.home, "keep_until": None, "erased_at": None}
    begun = Review.objects.filter(data_class=data_class, subject_id=subject, **open_).first()
    if begun:
        return begun
    if rules.RETENTIONS[data_class].end is rules.End.REVIEW:
        with pytest.raises(RuleBroken, match="who of those who work with it looked"):
            actions.begin_erasure(actor, data_class, subject)
    return actions.begin_erasure(actor, data_class, subject, why="Head of the unit; MoPI group 3")


def erase_all_that_is_over() -> int:
    jobs.look_at_what_is_over()
    found = asked("SELECT agency_id, data_class, subject_id FROM stewardship_due ORDER BY agency_id")
    for agency in dict.fromkeys(row["agency_id"] for row in found):
        first, second = two_guardians(agency)
        mine = [row for row in found if row["agency_id"] == agency]
        with at_work(seat_without_browser(first), "oversight") as actor:
            begun = [begin(actor, row["data_class"], row["subject_id"]) for row in mine]
        for other in (second, first):
            with at_work(seat_without_browser(other), "oversight") as actor:
                for review in begun:
                    if (review.begun_by == first.pk) is (other == second):
                        actions.erase(actor, review.pk)
    return len(found)


def rows_left() -> dict[str, int]:
    tables = {name for _, name, _ in going()}
    counts = {table: asked(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in sorted(tables)}
    return {table: count for table, count in counts.items() if count}


def every_box() -> list[tuple[bytes, Any]]:
    """What a thief may have kept: every sealed value that goes, with the place in which it opened."""
    kept = []
    for table in {name for _, name, _ in going()}:
        model = PROTECTED[table].model
        for row in asked(f"SELECT * FROM {table}") if sealed_fields(model) else []:
            at = {name: row[name] for name in ("controller_id", "version") if name in row}
            kept += [(bytes(row[name]), place_of(model(pk=row["id"], **at), name)) for name in sealed_fields(model)]
    return kept


def opens(box: bytes, place: Any) -> bool:
    try:
        open_sealed(box, place)
    except SealBroken:
        return False
    return True


def test_when_all_times_are_over_everything_of_the_day_can_be_erased_and_nothing_of_it_opens(
    busy_day: Any, settings: Any, tmp_path: Path, years_later: Any
) -> None:
    settings.KEYRING_FILE = _copied(settings.KEYRING_FILE, tmp_path)
    filled, kept = rows_left(), every_box()
    assert len(filled) > 40
    assert all(opens(*one) for one in kept)
    years_later()
    while erase_all_that_is_over():
        pass
    assert rows_left() == {}
    assert not Due.objects.exists()
    assert asked("SELECT count(*) AS n FROM reception_envelope WHERE length(box) > 0") == [{"n": 0}]
    assert asked("SELECT count(*) AS n FROM operations_phonerow") == [{"n": 0}]
    call_command("keys", "rotate")
    assert [place for box, place in kept if opens(box, place)] == []


@pytest.fixture
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.KEYRING_FILE, settings.SECRETS = tmp_path / "keyring.json", tmp_path / "secrets"
    keyring.make(settings.KEYRING_FILE, live=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [100, pytest.param(1_000, marks=pytest.mark.long)])
def test_of_so_many_erased_reports_none_opens_after_rotation_and_the_ledger_is_whole(
    many: int, cast: Any, own_keys: None, partners: list[Any], tmp_path: Path
) -> None:
    with at_public_door("triage") as actor:
        for number in range(many):
            concerns.report(actor, body=f"A van brings them at {number}")
    with connect("owner") as owner:
        owner.execute("GRANT UPDATE (triaged_at) ON concerns_report TO wb_search")
        owner.execute("SET ROLE wb_search")
        owner.execute("UPDATE concerns_report SET triaged_at = now() - interval '100 days'")
    kept = [one for one in every_box() if one[1].data_class == "report_raw"]
    assert erase_all_that_is_over() == many
    assert all(opens(*one) for one in kept), "until the epoch goes, a stolen copy still opens"
    call_command("keys", "rotate")
    assert (len(kept) >= many, [place for box, place in kept if opens(box, place)]) == (True, [])
    assert verified(tmp_path, partners) == 0


def verified(folder: Path, partners: list[Any]) -> int:
    """What the outside verifier says of the whole ledger."""
    by = checkpoint.signer()
    with connect() as sequencer:
        settled(sequencer)
        checkpoint.go_round(sequencer, by, partners, clock.now())
    call_command("export_ledger", out=folder / "out", verbosity=0)
    trusted = [word for partner in partners for word in ("--witness", str(partner.verifier))]
    return verify_ledger.main([str(folder / "out"), "--log", str(by.verifier), *trusted])


def _copied(ring: Any, folder: Path) -> Path:
    fresh = folder / "keyring.json"
    fresh.write_bytes(Path(ring).read_bytes())
    return fresh
