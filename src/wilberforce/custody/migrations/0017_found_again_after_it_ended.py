"""The records of those whose detention has ended, the latest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0016_detentions_of_an_arrest"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="detention",
            index=models.Index(
                models.F("controller_id"),
                models.OrderBy(models.F("ended_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("ended_at__isnull", False)),
                name="custody_detained_before",
            ),
        ),
    ]
