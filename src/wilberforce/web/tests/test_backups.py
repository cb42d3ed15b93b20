"""A backup opens for either recipient and for nobody else, and brings back the same ledger."""

import os
import secrets

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command

from wilberforce.base import postgres
from wilberforce.web import backups

pytestmark = pytest.mark.django_db(transaction=True)
RESTORED = f"wb_test_{os.getpid()}_restored"


@pytest.fixture
def holders(tmp_path):
    """Two people who keep a key each, away from the machine."""
    kept = []
    for name in ("records", "auditor"):
        identity = pyrage.x25519.Identity.generate()
        file = tmp_path / f"{name}.key"
        file.write_text(f"# kept offline\n{identity}\n")
        kept.append((str(identity.to_public()), file))
    return kept


@pytest.fixture
def made(settings, tmp_path, holders, signed_in):
    """A backup of a database in which somebody has looked at something."""
    settings.STATE = tmp_path / "state"
    signed_in("guardian_police").get("/oversight/ledger/")
    file = tmp_path / "day.age"
    call_command("backup", "--to", str(file), *[w for key, _ in holders for w in ("--recipient", key)])
    yield file
    postgres.find().drop_database(RESTORED)


def leaves(database):
    with psycopg.connect(**{k: v for k, v in _known("backup", database).items() if v}) as reading:
        return reading.execute("SELECT l::text FROM ledger_leaf l ORDER BY id").fetchall()


RIGHTS = """
    SELECT 'table', c.relname::text, a::text
    FROM pg_class c, unnest(coalesce(c.relacl,
        acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'S')
    UNION ALL SELECT 'column', attrelid::regclass || '.' || attname, a::text FROM pg_attribute, unnest(attacl) a
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT 'function', oid::regprocedure::text, a::text
    FROM pg_proc, unnest(coalesce(proacl, acldefault('f', proowner))) a WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'default', defaclobjtype::text, a::text FROM pg_default_acl, unnest(defaclacl) a
"""


def rights(database):
    with psycopg.connect(**_known("owner", database)) as reading:
        return set(reading.execute(RIGHTS).fetchall())


def _known(role, database):
    known = postgres.django_database(role, database)
    return {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "dbname": database}


def test_either_holder_restores_a_ledger_with_the_same_leaves_still_under_its_policies(made, holders, capsys):
    before, allowed = leaves(backups._database()), rights(backups._database())
    call_command("restore", str(made), "--identity", str(holders[1][1]), "--into", RESTORED)
    assert before
    assert leaves(RESTORED) == before
    assert rights(RESTORED) ^ allowed == set()
    with psycopg.connect(**_known("app", RESTORED)) as reading:
        assert reading.execute("SELECT count(*) FROM ledger_leaf").fetchone() == (0,)
        assert reading.execute("SELECT count(*) FROM agencies_agency").fetchone() != (0,)
        assert reading.execute("SELECT count(*) FROM reception_epoch").fetchone() == (2,)
    assert f"{len(before)} leaves" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("restore", str(made), "--identity", str(holders[0][1]), "--into", RESTORED)


def test_the_file_is_for_its_holders_alone(made, tmp_path):
    assert made.stat().st_mode & 0o777 == 0o600
    assert b"ledger" not in made.read_bytes()
    stranger = tmp_path / "stranger.key"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(CommandError, match="does not open"):
        call_command("restore", str(made), "--identity", str(stranger), "--into", RESTORED)
    assert not postgres.find().has_database(RESTORED)


@pytest.mark.parametrize("damage", [lambda b: b[:-20], lambda b: b[: len(b) // 2], lambda b: b[:-9] + bytes(9)])
def test_a_damaged_backup_leaves_no_database_behind(made, holders, damage):
    made.write_bytes(damage(made.read_bytes()))
    with pytest.raises(CommandError, match="not whole"):
        call_command("restore", str(made), "--identity", str(holders[0][1]), "--into", RESTORED)
    assert not postgres.find().has_database(RESTORED)


def test_a_backup_whose_ledger_differs_is_refused(settings, tmp_path, holders, monkeypatch):
    settings.STATE = tmp_path
    monkeypatch.setattr(backups, "_leaves", lambda reading, counted=[]: counted.append(0) or (len(counted), "0"))
    wanted = backups.recipients([key for key, _ in holders])
    backups.write(tmp_path / "edited.age", wanted)
    with pytest.raises(backups.BackupFailed, match="leaves differ"):
        backups.read(tmp_path / "edited.age", backups.identities(holders[0][1]), RESTORED)
    assert not postgres.find().has_database(RESTORED)


@pytest.mark.parametrize("named", [0, 1])
def test_one_recipient_is_not_enough(tmp_path, holders, named):
    words = [word for key, _ in holders[:named] for word in ("--recipient", key, "--recipient", key)]
    with pytest.raises(CommandError, match="at least two"):
        call_command("backup", "--to", str(tmp_path / "one.age"), *words)
    assert not (tmp_path / "one.age").exists()


def test_the_keyring_goes_and_comes_back_on_its_own(settings, tmp_path, holders):
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    settings.KEYRING_FILE.write_text(secrets.token_hex(32))
    listed = tmp_path / "recipients.txt"
    listed.write_text("# who may open\n" + "\n".join(key for key, _ in holders))
    sealed, back = tmp_path / "keys.age", tmp_path / "back.json"
    call_command("backup", "--keys", "--to", str(sealed), "--recipients", str(listed))
    call_command("restore", str(sealed), "--identity", str(holders[0][1]), "--keys-to", str(back))
    assert back.read_text() == settings.KEYRING_FILE.read_text()
    assert back.stat().st_mode & 0o777 == 0o600
