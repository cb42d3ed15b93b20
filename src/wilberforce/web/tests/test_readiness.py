"""The machine says whether it lives and whether it is ready, and nothing else."""

import json
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from wilberforce.base.clock import now
from wilberforce.web import backups, jobs, readiness
from wilberforce.web.management.commands import doctor
from wilberforce.web.middleware import behind_the_proxy


def beat(age):
    """As the worker does, but with a heartbeat of our choosing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - %s::interval WHERE id = %s", [age, worker]
        )


def test_it_lives_without_asking_the_database(client):
    assert client.get("/live/").content == b"live\n"


@pytest.mark.django_db
def test_it_is_ready_when_a_worker_was_just_heard_of(client):
    beat("5 seconds")
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (
        200,
        {"database": True, "migrations": True, "worker": True, "disk": True},
    )


@pytest.mark.django_db
def test_a_worker_silent_for_two_minutes_is_not_there(client):
    beat("121 seconds")
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert [part for part, well in answer.json().items() if not well] == ["worker"]


@pytest.mark.django_db
def test_a_database_of_an_older_version_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(readiness, "ours", lambda: frozenset({("survivors", "9999_later")}))
    assert client.get("/ready/").json()["migrations"] is False


def test_without_a_database_it_says_so(client, monkeypatch):
    def refuses():
        raise DatabaseError("password authentication failed for user")

    monkeypatch.setattr(readiness.connection, "cursor", refuses)
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert answer.json() | {"disk": True} == {"database": False, "migrations": False, "worker": False, "disk": True}
    assert b"password" not in answer.content


def disk(monkeypatch, free):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=105, used=100 - free, free=free))


@pytest.mark.django_db
@pytest.mark.parametrize(("free", "well"), [(11, True), (10, False), (0, False)])
def test_a_disk_nine_tenths_full_is_not_ready(client, monkeypatch, free, well):
    disk(monkeypatch, free)
    assert client.get("/ready/").json()["disk"] is well


@pytest.mark.parametrize(("free", "alarms"), [(21, 0), (20, 1), (5, 1)])
def test_four_fifths_full_is_an_alarm_in_the_log(monkeypatch, caplog, free, alarms):
    disk(monkeypatch, free)
    jobs.look_at_the_disk()
    said = [record.msg for record in caplog.records]
    assert [line["event"] for line in said] == ["disk_filling"] * alarms
    assert all(line["percent"] == 100 - free for line in said)


def last_backup(settings, age):
    (settings.STATE / backups.LAST).write_text(json.dumps({"made": (now() - age).isoformat()}))


@pytest.mark.parametrize(("hours", "late"), [(1, False), (25, False), (27, True)])
def test_a_backup_older_than_a_day_is_late(settings, tmp_path, hours, late):
    settings.STATE = tmp_path
    assert "No backup was ever made" in doctor.late_backup()
    last_backup(settings, timedelta(hours=hours))
    assert bool(doctor.late_backup()) is late


@pytest.mark.django_db
def test_the_doctor_says_what_is_well_and_what_to_mend(settings, tmp_path, monkeypatch, capsys):
    settings.STATE = tmp_path
    monkeypatch.setattr("wilberforce.web.starting.reasons", lambda: ["WB_HOSTS does not name the hosts served."])
    monkeypatch.setattr("wilberforce.stewardship.papers.wanting", lambda: ["Derby lacks papers."])
    monkeypatch.setattr("wilberforce.web.locking.wanting", lambda: ["The keys lie open."])
    disk(monkeypatch, 50)
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    said = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert "PostgreSQL 1" in said[0]
    assert [line for line in said if line.startswith("well")] == ["well  database", "well  migrations", "well  disk"]
    assert [line.split("  ")[1].split(" ")[0] for line in said if line.startswith("mend")] == [
        "WB_HOSTS",
        "No",
        "No",
        "Derby",
        "The",
    ]


@pytest.mark.django_db
def test_the_doctor_is_content_with_a_machine_as_it_should_be(settings, tmp_path, monkeypatch, capsys):
    settings.STATE = tmp_path
    monkeypatch.setattr("wilberforce.web.starting.reasons", list)
    monkeypatch.setattr("wilberforce.stewardship.papers.wanting", list)
    monkeypatch.setattr("wilberforce.web.locking.wanting", list)
    disk(monkeypatch, 50)
    beat("1 second")
    last_backup(settings, timedelta(hours=1))
    call_command("doctor")
    assert capsys.readouterr().out.endswith("Nothing to mend.\n")


@pytest.mark.parametrize(
    ("told", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "127.0.0.1"),
        ("nobody", "127.0.0.1"),
    ],
)
def test_behind_the_proxy_it_is_the_last_address_that_knocked(rf, told, who):
    request = rf.get("/", HTTP_X_FORWARDED_FOR=told)
    assert behind_the_proxy(lambda asked: asked.META["REMOTE_ADDR"])(request) == who
