"""A phone's rows are found by phone and number: an index of the phone alone was written for nothing at each row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operations", "0023_a_unit_does_not_come")]

    operations = [
        migrations.AlterField(
            "phonerow",
            "phone",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="operations.phone",
            ),
        )
    ]
