"""A law that a step rests on, somebody's part in the case and a care flag say who ended them, and why."""

from django.db import migrations, models

import wilberforce.base.sealed

ENDS = ("legalbasis", "personrole", "careflag")


class Migration(migrations.Migration):
    dependencies = [("survivors", "0008_what_was_before_a_correction")]

    operations = [
        *(migrations.AddField(model, "ended_by", models.UUIDField(null=True)) for model in ENDS),
        *(
            migrations.SeparateDatabaseAndState(
                # A sealed column can't be filled by the database, so it begins empty.
                [
                    migrations.RunSQL(
                        f"ALTER TABLE survivors_{model} ADD COLUMN ended_why bytea NULL",
                        f"ALTER TABLE survivors_{model} DROP COLUMN ended_why",
                    )
                ],
                [migrations.AddField(model, "ended_why", wilberforce.base.sealed.SealedField(blank=True, null=True))],
            )
            for model in ENDS
        ),
    ]
