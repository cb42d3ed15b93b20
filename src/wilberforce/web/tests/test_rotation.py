"""Keys rotate while nobody looks at what they seal, and a rotation that dies is carried on."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base import keyring
from wilberforce.base.sealed import epoch_of, sealed_fields
from wilberforce.concerns import actions as concerns
from wilberforce.ledger.doors import at_public_door, at_work
from wilberforce.ledger.sequencer import connect
from wilberforce.web import rotation

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = "A van brings them at five each morning"


@pytest.fixture
def ring(settings, tmp_path):
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    keyring.make(settings.KEYRING_FILE, live=True)
    return settings.KEYRING_FILE


def tell(times=1):
    with at_public_door("triage") as actor:
        return [concerns.report(actor, body=f"{TOLD} {n}", contact="07700 900123", identity_choice="share")[0]
                for n in range(times)]  # fmt: skip


def boxes():
    """Every box of every table, as the role that passes row policies sees it."""
    found = []
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        for model in rotation.sealed_models():
            for row in at.execute(f"SELECT * FROM {model._meta.db_table}").fetchall():
                found += [bytes(row[name]) for name in sealed_fields(model)]
    return found


def read_as_the_desk(cast, report):
    with at_work(seat_without_browser(cast["report_desk"]), "triage") as actor:
        concerns.claim(actor, report.pk)
        return concerns.REPORTS.one(actor, report.pk)["body"]


def test_rotation_takes_everything_over_and_destroys_the_earlier_epoch(ring, cast, capsys):
    (report,) = tell()
    before = keyring.keyring().current
    call_command("keys", "rotate")
    assert {epoch_of(box) for box in boxes()} == {keyring.keyring().current}
    assert list(keyring.read(ring).epochs) == [keyring.keyring().current] != [before]
    assert read_as_the_desk(cast, report) == f"{TOLD} 0"


def test_a_value_still_under_an_earlier_epoch_keeps_that_epoch_alive(ring, cast):
    tell()
    rotation.begin()
    with pytest.raises(rotation.NotYet, match=r"concerns_report \(1\)"):
        rotation.destroy_earlier()
    assert len(keyring.read(ring).epochs) == 2


def test_a_value_that_was_moved_stops_the_rotation_before_anything_is_destroyed(ring, cast):
    first, second = tell(2)
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        at.execute(
            "UPDATE concerns_report SET body = (SELECT body FROM concerns_report WHERE id = %s) WHERE id = %s",
            [first.pk, second.pk],
        )
    with pytest.raises(CommandError, match="does not open in its place"):
        call_command("keys", "rotate")
    assert len(keyring.read(ring).epochs) == 2


def test_a_rotation_killed_half_way_is_carried_on(ring, cast):
    reports = tell(30)
    environment = os.environ | {"WB_DB_NAME": str(connection.settings_dict["NAME"]), "WB_DB_ROLE": "owner"}
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED_AFTER_ONE_BATCH, str(ring)], env=environment, stdout=subprocess.PIPE
    )
    assert killed.wait() == -9
    under = {epoch_of(box) for box in boxes()}
    assert len(under) == 2
    call_command("keys", "rotate")
    assert {epoch_of(box) for box in boxes()} == set(keyring.read(ring).epochs)
    assert read_as_the_desk(cast, reports[-1]) == f"{TOLD} 29"


KILLED_AFTER_ONE_BATCH = """
import os, signal, sys, django
from pathlib import Path
django.setup()
from django.conf import settings
settings.KEYRING_FILE = Path(sys.argv[1])
from wilberforce.web import rotation
rotation.BATCH = 7
rotation.begin()
for done in rotation.wrap_afresh():
    if done.table == "concerns_report":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_second_factor_goes_along(ring, cast):
    from wilberforce.agencies.adapters import SecondFactorAdapter

    adapter = SecondFactorAdapter()
    with connect("owner") as at:
        (person,) = at.execute("SELECT id FROM agencies_user LIMIT 1").fetchall()
        at.execute(
            "INSERT INTO mfa_authenticator (type, data, created_at, user_id) VALUES ('totp', %s, now(), %s)",
            ['{"secret": "' + adapter.encrypt("ABCDEFGH") + '", "migrated_codes": ["1"]}', person["id"]],
        )
        call_command("keys", "rotate")
        (row,) = at.execute("SELECT data FROM mfa_authenticator WHERE user_id = %s", [person["id"]]).fetchall()
    assert adapter.decrypt(row["data"]["secret"]) == "ABCDEFGH"
    assert row["data"]["migrated_codes"] == ["1"]


def test_a_command_that_opens_no_address_knows_every_sealed_table_and_who_may(db):
    from wilberforce.access.protect import PROTECTED

    asked = "import django; django.setup(); from wilberforce.access.protect import PROTECTED; print(*PROTECTED)"
    heard = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert {model._meta.db_table for model in rotation.sealed_models()} <= set(heard.stdout.split()) == set(PROTECTED)


def test_the_application_itself_can_rewrap_nothing(cast):
    with connect("app") as at, pytest.raises(psycopg.errors.InsufficientPrivilege):
        at.execute("SET ROLE wb_search")
