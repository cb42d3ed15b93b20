"""Each minute the tree is signed, the witnesses cosign, and whoever falsified the ledger is told by them."""

import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tools import verify_ledger
from wilberforce.base import clock, postgres
from wilberforce.ledger import canonical, checkpoint, notes, sequencer
from wilberforce.ledger.checkpoint import Partner
from wilberforce.ledger.notes import Note, Signer
from wilberforce.ledger.witness import Witness, server

from .test_sequencer import as_role, settled, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_secrets(settings, tmp_path):
    settings.SECRETS = tmp_path / "secrets"


@pytest.fixture
def at():
    with as_role("app") as desk, sequencer.connect() as found:
        write(desk, 12)
        settled(found)
        yield found


def more(number=3):
    with as_role("app") as desk, sequencer.connect() as at:
        write(desk, number)
        settled(at)


@pytest.fixture
def partners(tmp_path):
    """Two partners' witnesses, each behind its own door."""
    log, found, doors = checkpoint.signer().verifier, [], []
    for name in ("redcross.example.org", "county.example.org"):
        signer = Signer.make(tmp_path / name / "witness_key", name, notes.COSIGNER)
        door = server(Witness(tmp_path / name / "checkpoint", signer, log), 0)
        threading.Thread(target=door.serve_forever, daemon=True).start()
        doors.append(door)
        found.append(Partner(signer.verifier, f"http://127.0.0.1:{door.server_address[1]}"))
    yield found
    for door in doors:
        door.shutdown()
        door.server_close()


def go(at, partners=(), now=None):
    settled(at)
    return checkpoint.go_round(at, checkpoint.signer(), partners, now or clock.now())


def as_superuser(sql):
    server = postgres.find()
    from django.db import connection

    server.sql(f"SET session_replication_role = replica; {sql}", connection.settings_dict["NAME"])


def test_a_minute_signs_the_tree_and_both_witnesses_cosign_it(at, partners):
    went = go(at, partners)
    assert went.wrong == ()
    note = checkpoint.with_cosignatures(at, went.note.size)
    assert note.signed_by(checkpoint.signer().verifier)
    assert all(note.signed_by(partner.verifier) for partner in partners)
    more()
    again = go(at, partners)
    assert (again.wrong, again.claimed, again.note.size) == ((), 3, went.note.size + 3)


def test_a_quiet_minute_renews_the_cosignatures(at, partners):
    size = go(at, partners).note.size
    before = checkpoint.with_cosignatures(at, size).signed_by(partners[0].verifier)
    go(at, partners, clock.now() + timedelta(minutes=1))
    assert checkpoint.with_cosignatures(at, size).signed_by(partners[0].verifier) >= before
    assert at.execute("SELECT count(*) AS n FROM ledger_checkpoint").fetchone()["n"] == 1
    assert at.execute("SELECT count(*) AS n FROM ledger_cosignature").fetchone()["n"] == 4


def test_ten_minutes_without_two_witnesses_are_an_alarm(at, partners):
    now = clock.now()
    assert "ALARM" in checkpoint.alarm(at, now)
    go(at, partners[:1])
    assert "ALARM" in checkpoint.alarm(at, now)
    go(at, partners)
    assert checkpoint.alarm(at, now) == ""
    assert "ALARM" in checkpoint.alarm(at, clock.now() + timedelta(minutes=11))


def test_a_witness_that_is_away_stops_nothing_and_is_named(at, partners):
    away = Partner(partners[0].verifier, "http://127.0.0.1:9")
    went = go(at, [away, partners[1]])
    assert went.wrong == ("redcross.example.org does not answer.",)
    more()
    assert go(at, partners).wrong == ()


def test_a_signature_of_somebody_else_is_not_taken_for_the_witness_s(at, partners):
    swapped = Partner(partners[0].verifier, partners[1].address)
    assert "no cosignature of its own" in go(at, [swapped]).wrong[0]
    assert at.execute("SELECT count(*) AS n FROM ledger_cosignature").fetchone()["n"] == 0


def test_a_database_put_back_to_an_earlier_day_is_refused_by_every_witness(at, partners):
    size = go(at, partners).note.size
    as_superuser(
        f"DELETE FROM ledger_leaf WHERE id IN (SELECT leaf_id FROM ledger_position WHERE position >= {size - 3}); "
        f"DELETE FROM ledger_position WHERE position >= {size - 3}; "
        "DELETE FROM ledger_checkpoint; DELETE FROM ledger_cosignature;"
    )
    assert [("rolled back" in said, f"seen {size}" in said) for said in go(at, partners).wrong] == [(True, True)] * 2


def test_a_tree_smaller_than_what_was_signed_is_not_signed(at):
    size = go(at).note.size
    as_superuser(f"DELETE FROM ledger_position WHERE position = {size - 1}; UPDATE ledger_horizon SET xact = '0'")
    as_superuser("DELETE FROM ledger_leaf WHERE id NOT IN (SELECT leaf_id FROM ledger_position)")
    with pytest.raises(LookupError, match="only"):
        go(at)


def test_a_rewritten_tree_is_refused_by_every_witness(at, partners):
    go(at, partners)
    more()
    as_superuser("UPDATE ledger_position SET hash = decode(repeat('00', 32), 'hex') WHERE position = 0; "
                 "UPDATE ledger_node SET hash = decode(repeat('00', 32), 'hex') WHERE number = 0")  # fmt: skip
    assert ["rewritten" in said for said in go(at, partners).wrong] == [True, True]


def exported(at, partners, tmp_path):
    go(at, partners)
    more()
    go(at, partners)
    call_command("export_ledger", out=tmp_path / "out", verbosity=0)
    words = [str(tmp_path / "out"), "--log", str(checkpoint.signer().verifier)]
    return words + [word for partner in partners for word in ("--witness", str(partner.verifier))]


def test_an_outsider_with_one_file_verifies_an_export(at, partners, tmp_path):
    words = exported(at, partners, tmp_path)
    alone = tmp_path / "alone" / "verify.py"
    alone.parent.mkdir()
    alone.write_text(Path(verify_ledger.__file__).read_text())
    done = subprocess.run([sys.executable, "-I", str(alone), *words, "--fresh", "5"], capture_output=True, text=True,
                          check=False, cwd=alone.parent)  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "The ledger is whole."), done


def test_a_leaf_changed_in_the_database_is_found_in_the_next_export(at, partners, tmp_path, capsys):
    go(at, partners)
    as_superuser("UPDATE ledger_leaf SET purpose = 'reception' WHERE id IN "
                 "(SELECT leaf_id FROM ledger_position WHERE position = 4)")  # fmt: skip
    assert verify_ledger.main(exported(at, partners, tmp_path)) == 1
    assert "changed" in capsys.readouterr().out


def test_an_export_never_overwrites_one(at, partners, tmp_path):
    exported(at, partners, tmp_path)
    with pytest.raises(CommandError, match="there already"):
        call_command("export_ledger", out=tmp_path / "out")


def test_a_receipt_proves_that_its_leaf_stands_in_the_ledger(at, partners, tmp_path, capsys):
    words = exported(at, partners, tmp_path)[1:]
    row = at.execute("SELECT l.* FROM ledger_leaf l JOIN ledger_position p ON p.leaf_id = l.id WHERE p.position = 7")
    leaf = row.fetchone()
    (tmp_path / "proof").write_text(checkpoint.inclusion_proof(at, leaf["id"]))
    (tmp_path / "leaf").write_text(canonical.text(leaf))
    words += ["--proof", str(tmp_path / "proof"), "--leaf", str(tmp_path / "leaf")]
    assert verify_ledger.main(words) == 0
    (tmp_path / "leaf").write_text(canonical.text(leaf | {"allowed": False}))
    assert verify_ledger.main(words) == 1
    assert "does not stand" in capsys.readouterr().out


def test_a_leaf_of_this_minute_has_no_receipt_yet(at):
    go(at)
    more(1)
    sequencer.sequence_all(at)
    newest = at.execute("SELECT leaf_id FROM ledger_position ORDER BY position DESC LIMIT 1").fetchone()["leaf_id"]
    with pytest.raises(LookupError, match="within a minute"):
        checkpoint.inclusion_proof(at, newest)


def test_in_live_use_the_key_is_never_made_by_itself(settings):
    settings.LIVE = True
    with pytest.raises(checkpoint.KeyMissing, match="--make-key"):
        checkpoint.signer()
    call_command("sequence", make_key="ledger.example.org/live", verbosity=0)
    assert checkpoint.signer().name == "ledger.example.org/live"
    with pytest.raises(CommandError, match="has a key already"):
        call_command("sequence", make_key="another.example.org")


def test_the_command_says_what_it_did_and_what_is_wrong(at, settings, partners, capsys):
    lines = [f"{partner.verifier} {partner.address}" for partner in partners]
    lines[1] = lines[1].rpartition(":")[0] + ":9"
    (settings.SECRETS / "witnesses").write_text("# our partners\n" + "\n\n".join(lines))
    call_command("sequence")
    said = capsys.readouterr()
    assert "entries numbered" in said.out
    assert "ALARM: county.example.org does not answer." in said.err


def test_only_the_sequencer_signs(at):
    go(at)
    with as_role("app") as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute("INSERT INTO ledger_checkpoint VALUES (1, now(), 'x')")


def test_every_checkpoint_of_an_export_is_a_note(at, partners, tmp_path):
    exported(at, partners, tmp_path)
    lines = (tmp_path / "out" / "checkpoints.jsonl").read_text().splitlines()
    assert [len(Note.parsed(json.loads(line)).lines) for line in lines] == [3, 3]


@pytest.mark.parametrize(
    "line", ["nonsense http://127.0.0.1:9", "{key}", "{key} ftp://127.0.0.1", "{key} http://127.0.0.1:99999"]
)
def test_a_mistake_in_the_list_of_witnesses_is_said_before_anything_is_signed(settings, tmp_path, line):
    key = Signer.make(tmp_path / "k", "redcross.example.org", notes.COSIGNER).verifier
    settings.SECRETS.mkdir(parents=True)
    (settings.SECRETS / "witnesses").write_text(line.replace("{key}", str(key)))
    with pytest.raises(CommandError):
        call_command("sequence")
