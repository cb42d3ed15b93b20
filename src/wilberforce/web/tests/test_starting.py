"""Live use refuses to start with what would put people at risk, and says how to mend it."""

import os
import secrets
import subprocess
import sys

import pytest
from django.db import connections

from wilberforce.base import keyring
from wilberforce.base.postgres import django_database
from wilberforce.web import readiness, starting

pytestmark = pytest.mark.django_db


@pytest.fixture
def fit(settings, tmp_path, monkeypatch):
    """A machine as it should be."""
    settings.LIVE, settings.DEMO, settings.DEBUG = True, False, False
    settings.ALLOWED_HOSTS, settings.SITE_ADDRESS = ["cases.example.org"], "https://cases.example.org"
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "mail.example.org", "django.core.mail.backends.smtp.EmailBackend"
    settings.SECRETS = tmp_path / "secrets"
    settings.KEYRING_FILE = settings.SECRETS / "keyring.json"
    keyring.make(settings.KEYRING_FILE, live=True)
    key = settings.SECRETS / "secret_key"
    key.touch(0o600)
    key.write_text(secrets.token_urlsafe(48))
    monkeypatch.setenv("WB_PG", "url")
    monkeypatch.setenv("WB_PG_HOST", "db.example.org")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return settings


def one(words):
    (reason,) = starting.reasons()
    assert words in reason
    return True


def test_a_machine_as_it_should_be_starts(fit):
    assert starting.reasons() == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEMO", True, "WB_DEMO"),
        ("DEBUG", True, "DEBUG is on"),
        ("LIVE", False, "WB_LIVE is not 1"),
        ("ALLOWED_HOSTS", [], "WB_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "WB_HOSTS"),
        ("SITE_ADDRESS", "http://cases.example.org", "WB_SITE"),
        ("EMAIL_HOST", "", "WB_SMTP_HOST"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "WB_MAIL"),
    ],
)
def test_a_setting_of_development_refuses_the_start(fit, name, value, words):
    setattr(fit, name, value)
    assert one(words)


@pytest.mark.parametrize("kind", ["debian", "wheel"])
def test_the_development_cluster_is_never_live(fit, monkeypatch, kind):
    monkeypatch.setenv("WB_PG", kind)
    assert one("development cluster")


def test_a_missing_secret_refuses_the_start(fit):
    (fit.SECRETS / "secret_key").unlink()
    assert one("secret_key is missing")


def test_a_missing_keyring_refuses_the_start(fit):
    fit.KEYRING_FILE.unlink()
    assert one("keyring.json is missing")


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"aa": 3}'])
def test_a_broken_keyring_refuses_the_start(fit, broken):
    fit.KEYRING_FILE.write_text(broken)
    assert one("keyring.json")


def test_the_secrets_that_a_development_machine_made_for_itself_refuse_the_start(fit):
    (fit.SECRETS / "secret_key").write_text(fit.MADE_BY_ITSELF + secrets.token_urlsafe(48))
    fit.KEYRING_FILE.unlink()
    keyring.make(fit.KEYRING_FILE)
    assert [reason.split(" was ")[1] for reason in starting.reasons()] == [
        "made by a development machine. Remove it and run: provision"
    ] * 2


def test_a_secret_that_others_may_read_refuses_the_start(fit):
    fit.KEYRING_FILE.chmod(0o640)
    assert one("chmod 600")


def test_a_folder_of_secrets_that_others_may_enter_refuses_the_start(fit):
    fit.SECRETS.chmod(0o750)
    assert one("chmod 700")


def test_credentials_that_systemd_handed_over_may_carry_its_access_list(fit, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(fit.SECRETS))
    fit.KEYRING_FILE.chmod(0o440)
    assert starting.reasons() == []


def test_a_new_epoch_keeps_the_earlier_ones(fit):
    before = keyring.read(fit.KEYRING_FILE)
    added = keyring.begin_epoch(fit.KEYRING_FILE)
    after = keyring.read(fit.KEYRING_FILE)
    assert list(after.epochs) == [*before.epochs, added]
    assert after.secret == before.secret
    assert fit.KEYRING_FILE.stat().st_mode & 0o777 == 0o600
    assert starting.reasons() == []


@pytest.mark.parametrize(("role", "power"), [("owner", "owns its tables"), ("backup", "passes row policies")])
def test_a_role_that_row_policies_do_not_bind_refuses_the_start(fit, role, power):
    connection = connections["default"]
    settings = connection.settings_dict | {"USER": django_database(role)["USER"]}
    stranger = type(connection)(settings, "default")
    kept, connections["default"] = connection, stranger
    try:
        reasons = [str(found.msg) for found in starting.database_fits(databases=["default"])]
    finally:
        stranger.close()
        connections["default"] = kept
    assert reasons == [f"Signed in as wb_{role}, whom row policies don't bind. Unset WB_DB_ROLE: pages run as app."]


def test_stale_rules_refuse_the_start(fit, monkeypatch):
    monkeypatch.setattr("wilberforce.access.checks.policy_hash", lambda: "newer")
    assert one("rules in the database")


def test_a_table_without_forced_policies_refuses_the_start(fit, monkeypatch):
    monkeypatch.setattr("wilberforce.access.checks.PROTECTED", {"django_migrations": None})
    assert one("django_migrations has no forced row policy")


def test_a_database_that_gives_the_pages_more_than_they_need_refuses_the_start(fit, monkeypatch):
    monkeypatch.setattr("wilberforce.access.checks.PROTECTED", {"web_cache": None})
    assert any("The pages could delete records" in reason for reason in starting.reasons())


def test_a_database_of_another_version_refuses_the_start(fit, monkeypatch):
    monkeypatch.setattr(readiness, "ours", lambda: frozenset({("survivors", "9999_later")}))
    assert one("migrate")


def test_outside_live_use_everything_may_start(settings):
    settings.LIVE = False
    starting.refuse_unless_fit()


@pytest.mark.parametrize("begin", [["-c", "import wilberforce.web.wsgi"], ["-m", "django", "work"]])
def test_the_pages_and_the_worker_end_with_the_reasons(tmp_path, begin):
    live = {**os.environ, "WB_LIVE": "1", "WB_STATE": str(tmp_path), "WB_HOSTS": "", "WB_SECRETS": str(tmp_path / "s")}
    done = subprocess.run([sys.executable, *begin], env=live, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    reasons = done.stderr.split("Wilberforce does not start:\n")[1]
    assert reasons.startswith("- WB_HOSTS")
    assert "secret_key is missing" in reasons
