"""A tablet's envelopes are found by tablet and number: an index of the tablet alone was written for nothing at each."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0034_how_a_time_ended")]

    operations = [
        migrations.AlterField(
            "envelope",
            "tablet",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="envelopes",
                to="reception.tablet",
            ),
        )
    ]
