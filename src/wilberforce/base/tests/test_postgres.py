"""The local cluster as it really stands: reached only by a socket, by people the operating system vouches for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from wilberforce.base import postgres, postgres_roles


@pytest.fixture
def cluster() -> Iterator[postgres.LocalServer]:
    server = postgres.find()
    if not isinstance(server, postgres.LocalServer):
        pytest.skip("the server of DATABASE_URL is not ours to look into")
    with server.in_use():
        yield server


def test_the_cluster_listens_on_no_network_port(cluster: postgres.LocalServer) -> None:
    assert cluster.sql("SHOW listen_addresses") == ""
    process = (cluster.data / "postmaster.pid").read_text().split("\n", 1)[0]
    held = {os.readlink(fd) for fd in Path(f"/proc/{process}/fd").iterdir() if fd.is_symlink()}
    tables = "".join(Path(f"/proc/{process}/net/{table}").read_text() for table in ("tcp", "tcp6"))
    listening = {f"socket:[{line.split()[9]}]" for line in tables.splitlines() if len(line.split()) > 9}
    assert any(name.startswith("socket:") for name in held)
    assert not held & listening


def test_only_people_the_operating_system_knows_may_sign_in(cluster: postgres.LocalServer) -> None:
    methods = cluster.sql("SELECT type, auth_method FROM pg_hba_file_rules").split()
    assert methods == ["local|peer"]
    assert cluster.sockets.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_pages_on_disk_carry_checksums_and_text_sorts_the_same_everywhere(cluster: postgres.LocalServer) -> None:
    assert cluster.sql("SHOW data_checksums") == "on"
    assert cluster.sql("SELECT 'Z' < 'a' AND lower('ÀÉ') = 'àé'") == "t"


def test_no_role_that_works_is_a_superuser_and_only_two_pass_row_level_security(cluster: postgres.LocalServer) -> None:
    asked = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'wb\\_%' AND rolname <> 'wb_super' AND {} ORDER BY 1"
    assert cluster.sql(asked.format("(rolsuper OR rolcreaterole OR rolreplication)")) == ""
    assert cluster.sql(asked.format("rolbypassrls")).split() == ["wb_backup", "wb_search"]
    assert set(cluster.sql(asked.format("rolcanlogin")).split()) == set(postgres_roles.LOGIN)


@pytest.mark.django_db
def test_the_tests_themselves_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role('wb_owner', 'MEMBER'), pg_has_role('wb_search', 'MEMBER')")
        assert cursor.fetchone() == ("wb_app", False, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "forbidden", ["CREATE TABLE public.mine ()", "CREATE TEMPORARY TABLE mine ()", "SET ROLE wb_owner"]
)
def test_the_application_makes_no_tables_and_becomes_nobody_else(forbidden: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute(forbidden)


@pytest.fixture
def spare(cluster: postgres.LocalServer) -> Iterator[str]:
    name = f"wb_test_{os.getpid()}_spare"
    cluster.ensure_database(name)
    yield name
    cluster.drop_database(name)


def test_the_owner_gives_a_function_to_search_without_passing_row_level_security(
    cluster: postgres.LocalServer, spare: str
) -> None:
    cluster.sql(
        """
        CREATE TABLE seen (id int); INSERT INTO seen VALUES (1);
        ALTER TABLE seen ENABLE ROW LEVEL SECURITY; ALTER TABLE seen FORCE ROW LEVEL SECURITY;
        GRANT SELECT ON seen TO wb_search;
        CREATE FUNCTION found() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 0::bigint';
        ALTER FUNCTION found() OWNER TO wb_search;
        CREATE OR REPLACE FUNCTION found() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            SET search_path = public AS 'SELECT count(*) FROM seen';
        """,
        spare,
        role="wb_owner",
    )
    assert cluster.sql("SELECT count(*) FROM seen", spare, role="wb_owner") == "0"
    assert cluster.sql("SELECT count(*) FROM seen", spare, role="wb_app") == "0"
    assert cluster.sql("SELECT found()", spare, role="wb_app") == "1"


def test_a_later_table_is_open_to_the_application_and_readable_for_the_backup(
    cluster: postgres.LocalServer, spare: str
) -> None:
    cluster.sql("CREATE TABLE later (id int)", spare, role="wb_owner")
    assert cluster.sql("INSERT INTO later VALUES (1) RETURNING id", spare, role="wb_app") == "1"
    assert cluster.sql("SELECT count(*) FROM later", spare, role="wb_backup") == "1"
    with pytest.raises(postgres.PostgresFailed, match="failed for user"):
        cluster.sql("SELECT 1", spare, role="wb_search")
    with pytest.raises(postgres.PostgresFailed, match="permission denied"):
        cluster.sql("SET ROLE wb_search; SELECT count(*) FROM later", spare)


def test_a_hostile_database_name_never_reaches_the_server(cluster: postgres.LocalServer) -> None:
    with pytest.raises(postgres.PostgresFailed, match="no name for a database"):
        cluster.drop_database('x"; DROP ROLE wb_app; --')


def test_the_password_of_the_provisioning_url_stays_off_the_command_line() -> None:
    found = postgres_roles.connection_of("postgresql://chief:p%40ss@db.example.org:6432/x?sslmode=verify-full")
    assert found == {
        "PGHOST": "db.example.org",
        "PGPORT": "6432",
        "PGUSER": "chief",
        "PGPASSWORD": "p@ss",
        "PGSSLMODE": "verify-full",
    }


def test_passwords_are_kept_for_one_user_and_told_to_the_server_only_as_verifiers(tmp_path: Path) -> None:
    script = postgres_roles.passwords(tmp_path / "secrets")
    kept = list((tmp_path / "secrets").iterdir())
    assert {path.name for path in kept} == {f"{role}.password" for role in postgres_roles.LOGIN}
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert script.count("PASSWORD 'SCRAM-SHA-256$4096:") == len(postgres_roles.LOGIN)
    assert not any(path.read_text() in script for path in kept)
