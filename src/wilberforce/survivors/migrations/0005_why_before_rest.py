"""Why an answer was written down before the person had rested or was told their choices."""

from django.db import migrations

import wilberforce.base.sealed

COLUMN = "ALTER TABLE survivors_answer ADD COLUMN sooner_because bytea"


class Migration(migrations.Migration):
    dependencies = [("survivors", "0004_known_already")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [migrations.RunSQL(COLUMN, "ALTER TABLE survivors_answer DROP COLUMN sooner_because")],
            [
                migrations.AddField(
                    model_name="answer",
                    name="sooner_because",
                    field=wilberforce.base.sealed.SealedField(blank=True, null=True),
                )
            ],
        )
    ]
