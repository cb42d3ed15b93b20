"""Whoever is on the way to a reception centre is told that its address changed, when, and what it was."""

from django.db import migrations, models

import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [("operations", "0021_a_lost_phone_is_found")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [
                migrations.RunSQL(
                    "ALTER TABLE operations_centreaddress ADD COLUMN before bytea NULL",
                    "ALTER TABLE operations_centreaddress DROP COLUMN before",
                )
            ],
            [
                migrations.AddField(
                    "centreaddress", "before", wilberforce.base.sealed.SealedField(blank=True, null=True)
                )
            ],
        ),
        migrations.AddField("centreaddress", "changed_at", models.DateTimeField(blank=True, null=True)),
    ]
