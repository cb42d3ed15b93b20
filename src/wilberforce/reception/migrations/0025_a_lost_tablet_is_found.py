"""When a tablet that was reported lost was found again: what was written on it before then waits for a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0024_somebody_keeps_asking")]

    operations = [
        migrations.AddField("tablet", "found_at", models.DateTimeField(blank=True, null=True)),
    ]
