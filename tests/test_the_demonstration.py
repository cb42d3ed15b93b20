"""The day is played through the same actions as in life, and every fact of it is read back or the command fails."""

import io
import json
from contextlib import redirect_stdout

import pytest
from django.core.management import CommandError, call_command

from wilberforce.web.demo import proof
from wilberforce.web.management.commands import demo as command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMO, settings.STATE = True, tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


def test_the_day_is_played_and_told_as_json(demonstration):
    told = io.StringIO()
    with redirect_stdout(told):
        call_command("demo", "--once", "--json", stdout=io.StringIO())
    day = json.loads(told.getvalue())
    assert [site["ref"] for site in day["sites"]] == ["A", "B", "C"]
    assert day["potential_victims"] == 5
    assert len(day["partners"]) == 7
    assert day["ledger"]["denied"] == 2
    assert "Kingfisher" not in day["bulletin"]


def test_a_fact_that_is_not_in_the_database_fails_the_command(demonstration, monkeypatch):
    wanted = proof.expected()
    wanted["partners"] = [*wanted["partners"], "An agency that nobody asked"]
    monkeypatch.setattr(proof, "expected", lambda: wanted)
    with pytest.raises(CommandError, match="partners"):
        call_command("demo", "--once")


def test_it_never_runs_with_live_settings(settings):
    settings.DEMO, settings.LIVE = True, True
    with pytest.raises(CommandError, match="never runs with live settings"):
        call_command("demo", "--once")


def test_it_never_runs_outside_the_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        command.Command().handle(json=False)
