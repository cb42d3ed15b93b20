"""The operator's chapter types only what the program, its units and its proxy understand."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from wilberforce.base.postgres_roles import ROLES
from wilberforce.web.management.commands import provision

CHECKOUT = Path(__file__).resolve().parents[1]
CHAPTER = (CHECKOUT / "docs" / "operating.md").read_text()
TYPED = re.findall(r"^ {4,}(.+)$", CHAPTER, re.MULTILINE) + re.findall(r"`([^`\n]+)`", CHAPTER)
OURS = sorted({line for line in TYPED if re.match(r"(WB_\w+=\S+ )*wilberforce [a-z]", line)})
UNITS = sorted((CHECKOUT / "deploy").glob("*.service"))


def words_of(line: str) -> list[str]:
    """What follows ``wilberforce``, without the settings before it."""
    return shlex.split(line)[[*shlex.split(line)].index("wilberforce") + 1 :]


@pytest.mark.parametrize("line", OURS)
def test_a_command_of_the_chapter_is_understood(line):
    name, *given = words_of(line)
    command = load_command_class(get_commands()[name], name)
    if given:
        command.create_parser("wilberforce", name).parse_args(given)


def test_the_chapter_types_every_command_that_an_operator_needs():
    assert {words_of(line)[0] for line in OURS} >= {
        "provision", "migrate", "found", "first_device", "doctor", "backup", "restore", "keys", "who", "sequence",
    }  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_what_exists_with_secrets_that_are_made_and_as_its_own_user(unit):
    told = unit.read_text()
    (started,) = re.findall(r"/opt/wilberforce/bin/wilberforce ([^'\n]+)", told)
    name, *given = shlex.split(re.sub(r'"[^"]*"', "there.age", started))
    load_command_class(get_commands()[name], name).create_parser("wilberforce", name).parse_args(given)
    made = {"secret_key", "keyring.json", "ledger_key", *provision.YOURS_TO_FILL}
    made |= {f"{role}.password" for role in ROLES}
    for credential, path in re.findall(r"^LoadCredential=(\S+?):(\S+)$", told, re.MULTILINE):
        assert path == f"/etc/wilberforce/secrets/{credential}"
        assert credential in made
    assert ("keyring.json" in told) is (name not in ("sequence", "backup"))
    (user,) = re.findall(r"^User=(\S+)$", told, re.MULTILINE)
    assert f" {user}" in next(line for line in TYPED if "adduser" in line).replace(";", " ")


def test_once_locked_a_unit_loads_what_it_did_but_the_open_keys():
    """The file on the disk is gone then, and systemd starts nothing whose credential is missing."""
    named = re.compile(r"^LoadCredential=(\S*)$", re.MULTILINE)
    forgotten, *locked = named.findall((CHECKOUT / "deploy" / "locked.conf.example").read_text())
    assert forgotten == ""
    (units,) = re.findall(r"for unit in ([a-z ]+); do install", CHAPTER)
    opened = [unit for unit in UNITS if "keyring.json" in unit.read_text()]
    assert {unit.stem for unit in opened} == {f"wilberforce-{name}" for name in units.split()}
    for unit in opened:
        assert [one for one in named.findall(unit.read_text()) if "keyring.json" not in one] == locked


def test_no_two_roles_of_the_database_sign_in_from_one_user():
    roles: dict[str, set[str]] = {}
    for unit in UNITS:
        (user,) = re.findall(r"^User=(\S+)$", unit.read_text(), re.MULTILINE)
        roles.setdefault(user, set()).update(re.findall(r"^LoadCredential=(\w+)\.password:", unit.read_text(), re.M))
    assert len(roles) == 3
    assert all(len(held) == 1 for held in roles.values()), roles
    assert "wb_owner" not in set.union(*roles.values())


@pytest.mark.parametrize("unit", [one for one in UNITS if "backup" not in one.name], ids=lambda unit: unit.stem)
def test_a_unit_comes_back_also_when_it_ended_in_peace(unit):
    assert "\nRestart=always\n" in unit.read_text()


def test_every_unit_is_started_or_timed_by_the_chapter():
    for unit in UNITS:
        assert re.search(rf"(enable --now|start) [^\n]*{unit.stem}\b", CHAPTER), unit.name


def test_the_proxy_takes_a_little_more_than_the_program(settings):
    (most,) = re.findall(r"max_size (\d+)MB", (CHECKOUT / "deploy" / "Caddyfile.example").read_text())
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < int(most) * 1_000_000 < 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
