"""A time that a clinician set ends as done, as no longer needed, or because another was set; and a reminder knows the
answer from which it came."""

from django.db import migrations, models

import wilberforce.base.sealed

ENDED = [
    ("done", "Done"),
    ("not needed", "No longer needed"),
    ("mistake", "Entered by mistake"),
    ("changed", "Another time was set"),
]


def _why(model: str) -> migrations.SeparateDatabaseAndState:
    """A sealed column can't be filled by the database, so it begins empty."""
    table = f"ALTER TABLE reception_{model}"
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(f"{table} ADD COLUMN why bytea NULL", f"{table} DROP COLUMN why")],
        [migrations.AddField(model, "why", wilberforce.base.sealed.SealedField(blank=True, null=True))],
    )


def _ended(model: str) -> migrations.AddField:
    return migrations.AddField(model, "ended", models.CharField(blank=True, choices=ENDED, default="", max_length=10))


class Migration(migrations.Migration):
    dependencies = [("reception", "0033_one_at_the_shelf")]

    operations = [
        _ended("reminder"),
        _why("reminder"),
        migrations.AddField("reminder", "answer", models.CharField(blank=True, default="", max_length=20)),
        _ended("clinicalclock"),
        _why("clinicalclock"),
    ]
