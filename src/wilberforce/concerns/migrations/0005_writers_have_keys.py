"""A key that only the writer's code opens, and a key of its own for the marks of each report's contact."""

from django.db import migrations, models

import wilberforce.base.sealed

COLUMN = "ALTER TABLE concerns_report ADD COLUMN marks_key bytea"


class Migration(migrations.Migration):
    dependencies = [("concerns", "0004_sources_are_kept")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [migrations.RunSQL(COLUMN, "ALTER TABLE concerns_report DROP COLUMN marks_key")],
            [
                migrations.AddField(
                    model_name="report",
                    name="marks_key",
                    field=wilberforce.base.sealed.SealedField(blank=True, null=True),
                )
            ],
        ),
        migrations.AddField(model_name="report", name="writer_key", field=models.BinaryField(null=True)),
    ]
