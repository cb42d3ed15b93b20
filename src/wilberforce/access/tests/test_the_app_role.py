"""What somebody could do who had the application's own connection to the database and nothing else."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.models import Field

from wilberforce.access.protect import PROTECTED

pytestmark = pytest.mark.django_db

TABLES = sorted(PROTECTED)
DEFINERS_OWNERS = {"wb_owner", "wb_search"}
ONLY_FOR_THE_OWNERS = ("access_seat",)
APPEND_ONLY_WITHOUT_CONTEXT = {"ledger_leaf"}
"""A stranger's refusal leaves its leaf before anybody's context is open."""


def asked(sql: str, *arguments: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        found: list[Any] = cursor.fetchall()
    return found


@contextmanager
def refused(why: str = "permission denied") -> Iterator[None]:
    with pytest.raises(Error, match=why), transaction.atomic():
        yield


def invented(field: "Field[Any, Any]") -> object:
    """Any value that the column takes."""
    kind = field.get_internal_type()
    if field.null:
        return None
    given = {
        "UUIDField": uuid.uuid4(), "ForeignKey": uuid.uuid4(), "DateTimeField": "2026-01-01T00:00Z",
        "DateField": "2026-01-01", "BooleanField": False, "ArrayField": [], "JSONField": "{}", "BinaryField": b"x",
    }  # fmt: skip
    if kind in given:
        return given[kind]
    return 1 if "Integer" in kind else "x"


def insert(table: str) -> None:
    fields = PROTECTED[table].model._meta.concrete_fields
    columns = ", ".join(f'"{f.column}"' for f in fields)
    places = ", ".join("%s" for _ in fields)
    asked(f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING 1", *(invented(f) for f in fields))


@pytest.mark.parametrize("table", TABLES)
def test_a_class_table_is_guarded_even_from_its_owner_and_the_app_owns_none(table: str) -> None:
    owner, enabled, forced = asked(
        "SELECT pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
        table,
    )[0]
    assert (owner, enabled, forced) == ("wb_owner", True, True)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("token", ["", "0190cafe-0000-7000-8000-000000000000"], ids=["none", "forged"])
def test_without_a_context_of_its_own_the_app_reads_and_writes_nothing(table: str, token: str) -> None:
    asked("SELECT set_config('wb.token', %s, true)", token)
    assert asked(f"SELECT count(*) FROM {table}") == [(0,)]
    if table in APPEND_ONLY_WITHOUT_CONTEXT:
        return
    with refused("row-level security|the centre is not open"):
        insert(table)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE"])
def test_no_record_is_deleted_by_the_app(table: str, verb: str) -> None:
    with refused():
        asked(f"{verb} {table}")


def test_the_app_never_reads_who_else_is_at_work() -> None:
    with refused():
        asked("SELECT count(*) FROM access_context")


def test_the_app_writes_none_of_the_rules() -> None:
    written = asked(
        "SELECT c.relname, p.priv FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p(priv)"
        " WHERE c.relkind IN ('r', 'v', 'm', 'p') AND c.relname LIKE 'access\\_%%'"
        " AND has_table_privilege(c.oid, p.priv)"
    )
    assert written == []


@pytest.mark.parametrize("role", ["wb_owner", "wb_search", "wb_sequencer", "wb_backup", "wb_super", "postgres"])
def test_the_app_can_t_become_somebody_else(role: str) -> None:
    with refused("permission denied|does not exist"):
        asked(f"SET ROLE {role}")


def test_the_app_can_t_make_a_table_that_shadows_one_of_ours() -> None:
    with refused():
        asked("CREATE TEMPORARY TABLE access_context (token uuid)")
    with refused():
        asked("CREATE TABLE public.shadow (token uuid)")


def test_the_search_role_can_t_sign_in_and_nobody_else_passes_row_policies() -> None:
    assert asked("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'wb_search'") == [(False,)]
    powerful = "SELECT rolname FROM pg_roles WHERE rolbypassrls AND NOT rolsuper ORDER BY 1"
    assert asked(powerful) == [("wb_backup",), ("wb_search",)]
    assert asked("SELECT pg_has_role('wb_app', r.rolname, 'MEMBER') FROM pg_roles r WHERE r.rolname = 'wb_search'") == [
        (False,)
    ]


def definers() -> list[Any]:
    return asked(
        "SELECT p.oid::regprocedure::text, p.proname, pg_get_userbyid(p.proowner), p.proconfig, p.provolatile,"
        " has_function_privilege('public', p.oid, 'EXECUTE'), p.prorettype = 'trigger'::regtype"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname = 'public'"
    )


def test_a_definer_function_names_where_it_looks_and_belongs_to_one_of_two_roles() -> None:
    odd = [
        signature
        for signature, _, owner, config, *_ in definers()
        if owner not in DEFINERS_OWNERS
        or not any(str(c).startswith("search_path=pg_catalog, public") for c in config or [])
    ]
    assert odd == []


def test_only_our_own_processes_call_a_definer_function_that_changes_something() -> None:
    open_to_all = [
        s for s, _, _, _, volatile, public, trigger in definers() if volatile == "v" and public and not trigger
    ]
    assert open_to_all == []


def test_nobody_seats_a_context_by_hand() -> None:
    with refused():
        who = "NULL, NULL, NULL, 'police', 'op_commander', '{}', 'op_safety'"
        asked(f"SELECT access_seat({who}, 9, NULL, NULL, true, NULL)")


SUBJECT_FACTS = (
    "assigned", "case_member", "claimed", "conflict", "nrm_consent", "nrm_refused", "op_lead", "op_linked", "op_member",
    "op_window", "pending", "placing", "receipt", "same_centre", "subject_block",
)  # fmt: skip


@pytest.mark.parametrize("fact", SUBJECT_FACTS)
def test_a_fact_is_true_of_nothing_without_a_context(fact: str) -> None:
    assert asked(f"SELECT count(*) FROM fact_{fact}()") == [(0,)]


def test_a_context_is_gone_with_its_transaction(at: Any) -> None:
    with at("op_commander", "op_safety"):
        assert asked("SELECT count(*) FROM ctx()") == [(1,)]
        token = asked("SELECT current_setting('wb.token')")[0][0]
    asked("SELECT set_config('wb.token', %s, true)", token)
    assert asked("SELECT count(*) FROM ctx()") == [(0,)]
