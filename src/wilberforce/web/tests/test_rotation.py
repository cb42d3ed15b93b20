"""Keys rotate while nobody looks at what they seal, and a rotation that dies is carried on."""

import subprocess
import sys

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base import clock, keyring
from wilberforce.base.ids import random_id
from wilberforce.base.sealed import Sealed, epoch_of, sealed_fields
from wilberforce.concerns import actions as concerns
from wilberforce.ledger.doors import at_public_door, at_work
from wilberforce.ledger.sequencer import connect
from wilberforce.sharing.models import VictimRequest
from wilberforce.web import rotation

from .rotating import killed_in

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
    killed_in("concerns_report", ring, batch=7)
    under = {epoch_of(box) for box in boxes()}
    assert len(under) == 2
    call_command("keys", "rotate")
    assert {epoch_of(box) for box in boxes()} == set(keyring.read(ring).epochs)
    assert read_as_the_desk(cast, reports[-1]) == f"{TOLD} 29"


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
    sealed = {model._meta.db_table for model in rotation.sealed_models()}
    assert sealed - {"sharing_victimrequest"} <= set(heard.stdout.split()) == set(PROTECTED)


def test_a_refused_request_of_the_police_goes_along_though_nobody_may_change_it(ring):
    one = VictimRequest(
        reference="P-1", operation_id=random_id(), from_agency_id=random_id(), to_agency_id=random_id(),
        data_class="support", covers_from="2026-11-01", covers_to="2026-11-02", line="Who drove them",
        said="I want it to stop", asked_by=random_id(), refused_at=clock.now(), refusal="line",
    )  # fmt: skip
    values = [(field.column, field.pre_save(one, add=True)) for field in VictimRequest._meta.concrete_fields]
    columns, given = ", ".join(f'"{name}"' for name, _ in values), [value for _, value in values]
    forced = "ALTER TABLE sharing_victimrequest {} ROW LEVEL SECURITY"
    with connect("owner") as at:
        at.execute(forced.format("NO FORCE"))
        try:
            marks = ", ".join(["%s"] * len(values))
            at.execute("ALTER TABLE sharing_victimrequest DISABLE TRIGGER USER")
            at.execute(f"INSERT INTO sharing_victimrequest ({columns}) VALUES ({marks})", given)
        finally:
            at.execute(forced.format("FORCE"))
            at.execute("ALTER TABLE sharing_victimrequest ENABLE TRIGGER USER")
    call_command("keys", "rotate")
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        (row,) = at.execute("SELECT * FROM sharing_victimrequest").fetchall()
    kept = VictimRequest(**{name: Sealed(bytes(v)) if isinstance(v, bytes) else v for name, v in row.items()})
    assert epoch_of(bytes(row["line"])) == keyring.keyring().current
    assert (kept.words()["line"], kept.words()["said"]) == ("Who drove them", "I want it to stop")


def test_the_application_itself_can_rewrap_nothing(cast):
    with connect("app") as at, pytest.raises(psycopg.errors.InsufficientPrivilege):
        at.execute("SET ROLE wb_search")
