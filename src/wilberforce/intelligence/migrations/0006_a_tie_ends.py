"""A tie of a person under suspicion to an item that was made in error ends, and stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intelligence", "0005_latest_in_order")]

    operations = [
        migrations.AddField("link", "ended_at", models.DateTimeField(null=True, help_text="it was made in error")),
    ]
