"""Whoever was sent to a centre is found by when they were met, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operations", "0024_rows_of_a_phone_by_their_number")]

    operations = [
        migrations.RemoveIndex("found", "operations_found_sent"),
        migrations.AddIndex("found", models.Index(fields=["centre_id", "-found_at"], name="operations_found_sent")),
    ]
