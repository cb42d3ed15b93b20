"""Our letters go out in the language in which somebody asked for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("press", "0007_what_was_before_a_correction")]

    operations = [
        migrations.AddField(
            "subscriber",
            "language",
            models.CharField(default="en-gb", help_text="of the page where they asked", max_length=10),
        ),
    ]
