"""How a site is laid out and entered: kept with its address, so that it opens with it."""

from django.db import migrations

import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [("operations", "0017_worries_are_told_on_the_board")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [
                migrations.RunSQL(
                    "ALTER TABLE operations_siteplace ADD COLUMN plan bytea NULL",
                    "ALTER TABLE operations_siteplace DROP COLUMN plan",
                )
            ],
            [migrations.AddField("siteplace", "plan", wilberforce.base.sealed.SealedField(blank=True, null=True))],
        ),
    ]
