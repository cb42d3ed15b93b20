"""Whoever left nothing but a screening, an interpreter or a picture of belongings becomes due as everybody does, and a
reference stays while any of these is kept."""

from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("wilberforce.stewardship.migrations.0004_every_table_goes").CLOCKS

SUPPORT = ("reception_practical", "reception_story", "reception_interpreting", "reception_pictureevent")
HEALTH = ("reception_screening",)
NOT_ASKED_BEFORE = ("reception_careevent", "reception_apart", "reception_clinicalclock", "reception_reminder")


def _after(said: str, before: str, more: str) -> str:
    if said.count(before) != 1:
        raise ValueError(f"Not once in the view: {before}")
    return said.replace(before, before + more)


def _also(tables: tuple[str, ...]) -> str:
    return "".join(f" UNION SELECT person_id, controller_id FROM {table}" for table in tables)


def _now() -> str:
    said = _after(BEFORE, "FROM (SELECT person_id, controller_id FROM survivors_note", _also(SUPPORT))
    said = _after(said, "FROM (SELECT person_id, controller_id FROM survivors_careflag", _also(HEALTH))
    while_kept = "".join(
        f"\n      AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.person_id = p.id)"
        for table in (*SUPPORT, *HEALTH, *NOT_ASKED_BEFORE)
    )
    return _after(said, "AND NOT EXISTS (SELECT 1 FROM survivors_note o WHERE o.person_id = p.id)", while_kept)


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0010_corrections_of_custody_go")]

    operations = [migrations.RunSQL(_now(), BEFORE)]
