"""The sources that somebody still keeps, the longest kept first, are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("concerns", "0005_writers_have_keys")]

    operations = [
        migrations.AddIndex(
            "source",
            models.Index("controller_id", "received_at", "id", condition=models.Q(ended_at=None), name="source_kept"),
        ),
    ]
