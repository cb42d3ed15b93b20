"""The reference names every setting that the program reads, and no other."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
READ = ("src/wilberforce/web/settings.py", "src/wilberforce/web/signin.py", "src/wilberforce/base/postgres.py",
        "src/wilberforce/base/postgres_roles.py", "src/wilberforce/web/management/commands/provision.py")  # fmt: skip
INSIDE = {"WB_TEST_TEMPLATE", "WB_PICTURES", "WB_RELEASE"}
"""Given by the command to the tests; nobody sets it."""


def named(path: str) -> set[str]:
    return set(re.findall(r"\bWB_[A-Z_]+\b", (CHECKOUT / path).read_text()))


def test_every_setting_is_in_the_reference():
    everywhere = {name for file in (CHECKOUT / "src").rglob("*.py") if "tests" not in file.parts for name in
                  re.findall(r"environ[^\n]*?\"(WB_[A-Z_]+)\"", file.read_text())}  # fmt: skip
    reference = named("docs/settings.md")
    assert set.union(everywhere, *map(named, READ)) - INSIDE == reference


def test_the_units_and_the_example_set_only_what_exists():
    reference = named("docs/settings.md")
    for file in (CHECKOUT / "deploy").iterdir():
        assert named(f"deploy/{file.name}") <= reference, file.name
