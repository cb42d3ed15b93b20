"""Where somebody was born, another nationality and their ethnicity, as they say it."""

from django.db import migrations

import wilberforce.base.sealed

COLUMNS = ("other_nationality", "place_of_birth", "ethnicity")
TABLES = ("identity", "formeridentity")


class Migration(migrations.Migration):
    dependencies = [("survivors", "0005_why_before_rest")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [
                migrations.RunSQL(
                    f"ALTER TABLE survivors_{table} ADD COLUMN {column} bytea",
                    f"ALTER TABLE survivors_{table} DROP COLUMN {column}",
                )
            ],
            [
                migrations.AddField(
                    model_name=table, name=column, field=wilberforce.base.sealed.SealedField(blank=True, null=True)
                )
            ],
        )
        for table in TABLES
        for column in COLUMNS
    ]
