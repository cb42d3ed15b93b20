"""What victims hear of bail says when it ends, so that one extension is told from the next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("custody", "0010_schedule_by_its_officer")]

    operations = [
        migrations.AddField("news", "until", models.DateTimeField(null=True, blank=True, help_text="the end of bail")),
    ]
