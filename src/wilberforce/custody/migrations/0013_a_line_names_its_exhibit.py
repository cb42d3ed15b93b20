"""A line of the schedule may say which exhibit it is: by its reference, which opens for whoever may read the exhibit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("custody", "0012_weighing_of_the_defence")]

    operations = [
        migrations.AddField("unused", "exhibit_id", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "unused",
            "exhibit",
            models.CharField(blank=True, db_default="", default="", help_text="its reference", max_length=12),
        ),
    ]
