"""Somebody whom nobody suspects any more stands under suspicion no longer; that they did stays, with the reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intelligence", "0006_a_tie_ends")]

    operations = [
        migrations.AddField(
            "suspectentry", "ended_at", models.DateTimeField(null=True, help_text="nobody suspects them any more")
        ),
    ]
