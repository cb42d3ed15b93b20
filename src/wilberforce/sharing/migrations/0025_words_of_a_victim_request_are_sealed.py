"""What was typed in a victim information request is sealed; what stood there in the clear is sealed on the way."""

from typing import Any
from uuid import UUID

from django.db import migrations

import wilberforce.base.sealed
from wilberforce.base.sealed import Place, seal

TABLE = "sharing_victimrequest"
WORDS = ("line", "necessary", "proportionate", "alternatives", "probative", "notice", "said")
BYTES = "; ".join(
    f"ALTER TABLE {TABLE} ALTER COLUMN {name} TYPE bytea USING convert_to({name}, 'UTF8')" for name in WORDS
)
PAUSED = f"""
ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} DISABLE TRIGGER USER;
"""
AGAIN = f"""
ALTER TABLE {TABLE} ENABLE TRIGGER USER;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
GRANT UPDATE ({", ".join(WORDS)}) ON {TABLE} TO wb_search;
"""


def seal_what_stands(apps: Any, schema_editor: Any) -> None:
    del apps
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT id, data_class, from_agency_id, {', '.join(WORDS)} FROM {TABLE}")
        for record, data_class, controller, *texts in cursor.fetchall():
            boxes = [
                sealed(name, bytes(text), data_class, record, controller)
                for name, text in zip(WORDS, texts, strict=True)
            ]
            into = ", ".join(f"{name} = %s" for name in WORDS)
            cursor.execute(f"UPDATE {TABLE} SET {into} WHERE id = %s", [*boxes, record])


def sealed(name: str, text: bytes, data_class: str, record: UUID, controller: UUID) -> bytes:
    return seal(text.decode(), Place(data_class, record, name, controller))


class Migration(migrations.Migration):
    """Not reversible: what is sealed is not put in the clear again."""

    dependencies = [("sharing", "0024_the_latest_and_of_whom")]

    operations = [
        migrations.RemoveConstraint("victimrequest", "victim_request_counselling_has_value"),
        migrations.RunSQL(PAUSED),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(BYTES)],
            state_operations=[
                migrations.AlterField("victimrequest", name, wilberforce.base.sealed.SealedField(blank=True))
                for name in WORDS
            ],
        ),
        migrations.RunPython(seal_what_stands),
        migrations.RunSQL(AGAIN),
    ]
